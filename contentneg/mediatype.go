package contentneg

import (
	"strings"

	"github.com/gowebob/gowebob/internal/quoted"
)

// Param is a parameter of a media type or range. Its value is unquoted.
type Param struct{ Name, Value string }

// MediaType is an offer: a media type with its parameters in the order given.
// Type, subtype and the names of parameters are in lower case.
type MediaType struct {
	Type, Subtype string
	Params        []Param
}

// String puts the media type together again, without white space; values are
// quoted where they are no tokens.
func (m MediaType) String() string { return m.Type + "/" + m.Subtype + formatParams(m.Params) }

// ParseOffer reads a media type that a server offers, such as "text/html" or
// "text/html; charset=utf-8". A wildcard, a parameter named q (in a request that
// is a weight) and an empty parameter are refused with a [*SyntaxError].
// WebOb: Accept.parse_offer.
func ParseOffer(offer string) (MediaType, error) {
	r, reason := parseRange(offer)
	switch {
	case reason != "":
	case r.Type == "*" || r.Subtype == "*":
		reason = "an offer has no wildcard"
	case r.weighted:
		reason = "an offer has no parameter q"
	case r.emptyParam:
		reason = "empty parameter"
	}
	if reason != "" {
		return MediaType{}, &SyntaxError{Element: offer, Reason: reason}
	}
	return MediaType{toLower(r.Type), toLower(r.Subtype), lowerNames(r.Params)}, nil
}

// MediaRange is one element of an Accept field, spelt as it came.
type MediaRange struct {
	Type, Subtype string  // either may be "*"
	Params        []Param // those before the weight
	Q             float64 // from 0 to 1, with at most three decimals

	// Extensions follow the weight. RFC 9110 makes no difference between these
	// and other parameters, and nor does matching: they are told apart only so
	// that String can keep their place.
	Extensions []Extension
}

// Extension is what follows the weight of a media range. RFC 7231 allowed a name
// alone there (accept-ext), which is no parameter to RFC 9110: it is read, and
// has no part in matching.
type Extension struct {
	Param
	Bare bool // a name without "=" and value
}

// String returns the range with its parameters before the weight, but not the
// weight, tidied: no white space, values quoted only where they are no tokens.
func (r MediaRange) String() string { return r.Type + "/" + r.Subtype + formatParams(r.Params) }

// element returns the whole element, tidied.
func (r MediaRange) element() string {
	return withWeight(r.String(), r.Q, formatExtensions(r.Extensions))
}

// withWeight writes an element with its weight, which is left out where it is 1
// and nothing follows.
func withWeight(text string, q float64, extensions string) string {
	if q == 1 && extensions == "" {
		return text
	}
	return text + ";q=" + formatWeight(q) + extensions
}

// How closely a range names an offer, the closest last (RFC 9110 section 12.5.1).
const (
	noMatch = iota
	anyType
	anyTypeParams // */*;p=1: only offers with the same parameters
	anySubtype
	anySubtypeParams
	sameType
	sameTypeParams
)

// specificity tells how closely the range names the offer. A range with
// parameters names only offers with the same ones, in any order.
func (r *compiledRange) specificity(offer *MediaType) int {
	var closeness int
	switch {
	case r.typ == offer.Type && r.subtype == offer.Subtype:
		closeness = sameType
	case r.typ == offer.Type && r.subtype == "*":
		closeness = anySubtype
	case r.typ == "*" && r.subtype == "*":
		closeness = anyType
	default:
		return noMatch
	}
	if len(r.params) == 0 {
		return closeness
	}
	if !sameParams(r.params, offer.Params) {
		return noMatch
	}
	return closeness + 1
}

// compiledRange is a range made ready for matching.
type compiledRange struct {
	typ, subtype string
	params       []Param
	q            float64
}

// compile lowers what is compared without case and drops repeated weights, which
// no offer can have, and bare names.
func (r *MediaRange) compile() compiledRange {
	params := lowerNames(r.Params)
	for _, e := range r.Extensions {
		if name := toLower(e.Name); name != "q" && !e.Bare {
			params = append(params, Param{name, e.Value})
		}
	}
	return compiledRange{toLower(r.Type), toLower(r.Subtype), params, r.Q}
}

// sameParams compares two lists of parameters without regard to their order.
func sameParams(a, b []Param) bool {
	if len(a) != len(b) {
		return false
	}
	for _, p := range a {
		if count(a, p) != count(b, p) {
			return false
		}
	}
	return true
}

func count(params []Param, p Param) (n int) {
	for _, other := range params {
		if other == p {
			n++
		}
	}
	return n
}

func lowerNames(params []Param) []Param {
	if len(params) == 0 {
		return nil
	}
	lowered := make([]Param, len(params))
	for i, p := range params {
		lowered[i] = Param{toLower(p.Name), p.Value}
	}
	return lowered
}

// parsedRange is a range with what only the reader needs to know.
type parsedRange struct {
	MediaRange
	weighted   bool // it has a weight
	emptyParam bool // and an empty parameter, as in "text/html;"
	bare       bool // and an extension that is a name alone
}

// parseRange reads one element of an Accept field; reason is empty if it is one.
//
//	media-range = ( "*/*" / ( type "/*" ) / ( type "/" subtype ) ) parameters
//	parameters  = *( OWS ";" OWS [ parameter ] )
//	parameter   = token "=" ( token / quoted-string )
//
// The first parameter named q is the weight, wherever it stands (RFC 9110
// section 12.5.1 asks to take any so). After it a bare token passes too.
func parseRange(s string) (r parsedRange, reason string) {
	slash := tokenEnd(s, 0)
	if slash == 0 || slash == len(s) || s[slash] != '/' {
		return r, "not a type and a subtype"
	}
	i := tokenEnd(s, slash+1)
	if i == slash+1 {
		return r, "not a type and a subtype"
	}
	r.Type, r.Subtype, r.Q = s[:slash], s[slash+1:i], 1
	for i < len(s) {
		semicolon := skipOWS(s, i)
		if semicolon == len(s) || s[semicolon] != ';' {
			return r, "a semicolon is missing before a parameter"
		}
		i = skipOWS(s, semicolon+1)
		if i == len(s) || s[i] == ';' {
			r.emptyParam = true
			continue
		}
		if i, reason = r.param(s, i); reason != "" {
			return r, reason
		}
	}
	return r, ""
}

// param reads the parameter at i and returns the index after it.
func (r *parsedRange) param(s string, i int) (end int, reason string) {
	equals := tokenEnd(s, i)
	p := Param{Name: s[i:equals]}
	if equals == i || equals == len(s) || s[equals] != '=' {
		if equals == i || !r.weighted {
			return 0, "a parameter is a name, = and a value"
		}
		r.Extensions, r.bare = append(r.Extensions, Extension{p, true}), true
		return equals, ""
	}
	if p.Value, end = paramValue(s, equals+1); end < 0 {
		return 0, "the value of a parameter is a token or a quoted string"
	}
	switch isQ := p.Name == "q" || p.Name == "Q"; {
	case r.weighted:
		r.Extensions = append(r.Extensions, Extension{p, false})
	case isQ:
		q, ok := parseWeight(s[equals+1 : end])
		if !ok {
			return 0, badWeight
		}
		r.Q, r.weighted = q, true
	default:
		r.Params = append(r.Params, p)
	}
	return end, ""
}

const badWeight = "a weight is a number from 0 to 1 with at most three decimals"

// paramValue reads a token or a quoted string at i; end is -1 if there is none.
func paramValue(s string, i int) (value string, end int) {
	if i < len(s) && s[i] == '"' {
		end = quotedEnd(s, i)
		if end < 0 {
			return "", -1
		}
		return quoted.Unescape(s[i+1 : end-1]), end
	}
	end = tokenEnd(s, i)
	if end == i {
		return "", -1
	}
	return s[i:end], end
}

func formatParams(params []Param) string {
	var b strings.Builder
	for _, p := range params {
		p.writeTo(&b)
	}
	return b.String()
}

func formatExtensions(extensions []Extension) string {
	var b strings.Builder
	for _, e := range extensions {
		if e.Bare {
			b.WriteString(";" + e.Name)
		} else {
			e.writeTo(&b)
		}
	}
	return b.String()
}

func (p Param) writeTo(b *strings.Builder) {
	b.WriteString(";" + p.Name + "=")
	if isToken(p.Value) {
		b.WriteString(p.Value)
	} else {
		b.Write(quoted.Append(nil, p.Value))
	}
}
