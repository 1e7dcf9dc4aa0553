package conformance

import (
	"encoding/json"
	"net/http"

	"github.com/gowebob/gowebob/contentneg"
)

// Accept plays contentneg.Accept.
func (adapters) Accept() Family {
	ops := acceptCommonOps(acceptKind[contentneg.Accept]{
		name: "Accept", parse: contentneg.ParseAccept, build: contentneg.MakeAccept, add: contentneg.Accept.Add,
	})
	ops["parse"] = Ask(func(in struct{ Header *string }) (any, error) {
		a := contentneg.ParseAccept(acceptLines(in.Header))
		var names []string
		for _, r := range a.Preferred() {
			names = append(names, Latin(r.String()))
		}
		return acceptParsed(a, "ranges", acceptRanges(a.Ranges()), names), nil
	})
	ops["acceptable_offers"] = acceptOffersOp(contentneg.ParseAccept, contentneg.Accept.AcceptableOffers)
	ops["parse_offer"] = Ask(func(in struct{ Offer string }) (any, error) {
		m, err := contentneg.ParseOffer(Raw(in.Offer))
		return map[string]any{
			"type": m.Type, "subtype": m.Subtype, "params": acceptParams(m.Params), "text": Latin(m.String()),
		}, err
	})
	ops["accepts_html"] = Ask(func(in struct{ Header *string }) (any, error) {
		return contentneg.ParseAccept(acceptLines(in.Header)).AcceptsHTML(), nil
	})
	return Family{Name: "accept", Ops: acceptPrefixed("accept.", ops), Rules: acceptRules(), Done: true}
}

// AcceptCharset plays contentneg.AcceptCharset.
func (adapters) AcceptCharset() Family {
	ops := acceptCommonOps(acceptKind[contentneg.AcceptCharset]{
		name: "Accept-Charset", parse: contentneg.ParseAcceptCharset, build: contentneg.MakeAcceptCharset,
		add: contentneg.AcceptCharset.Add,
	})
	ops["acceptable_offers"] = acceptOffersOp(contentneg.ParseAcceptCharset, contentneg.AcceptCharset.AcceptableOffers)
	ops["parse"] = acceptItemsOp(contentneg.ParseAcceptCharset)
	return Family{Name: "accept_charset", Ops: acceptPrefixed("accept_charset.", ops), Rules: acceptCharsetRules(), Done: true}
}

// AcceptEncoding plays contentneg.AcceptEncoding.
func (adapters) AcceptEncoding() Family {
	ops := acceptCommonOps(acceptKind[contentneg.AcceptEncoding]{
		name: "Accept-Encoding", parse: contentneg.ParseAcceptEncoding, build: contentneg.MakeAcceptEncoding,
		add: contentneg.AcceptEncoding.Add,
	})
	ops["acceptable_offers"] = acceptOffersOp(contentneg.ParseAcceptEncoding, contentneg.AcceptEncoding.AcceptableOffers)
	ops["parse"] = acceptItemsOp(contentneg.ParseAcceptEncoding)
	return Family{Name: "accept_encoding", Ops: acceptPrefixed("accept_encoding.", ops), Rules: acceptEncodingRules(), Done: true}
}

// AcceptLanguage plays contentneg.AcceptLanguage.
func (adapters) AcceptLanguage() Family {
	ops := acceptCommonOps(acceptKind[contentneg.AcceptLanguage]{
		name: "Accept-Language", parse: contentneg.ParseAcceptLanguage, build: contentneg.MakeAcceptLanguage,
		add: contentneg.AcceptLanguage.Add,
	})
	ops["parse"] = acceptItemsOp(contentneg.ParseAcceptLanguage)
	ops["basic_filtering"] = Ask(func(in struct {
		Header *string
		Tags   []string
	}) (any, error) {
		found := contentneg.ParseAcceptLanguage(acceptLines(in.Header)).BasicFiltering(acceptRaws(in.Tags)...)
		return acceptPairs(found), nil
	})
	ops["lookup"] = Ask(acceptLookup)
	return Family{Name: "accept_language", Ops: acceptPrefixed("accept_language.", ops), Rules: acceptLanguageRules(), Done: true}
}

// acceptLookupQuestion is the input of accept_language.lookup.
type acceptLookupQuestion struct {
	Header       *string
	Tags         []string
	DefaultRange *string `json:"default_range"`
	DefaultTag   *string `json:"default_tag"`
	Default      any
}

// acceptLookup stands in for a default that is any JSON value by a text that no
// tag can be.
func acceptLookup(in acceptLookupQuestion) (any, error) {
	const standIn = "\x00default"
	var options []contentneg.LookupOption
	if in.DefaultRange != nil {
		options = append(options, contentneg.DefaultRange(Raw(*in.DefaultRange)))
	}
	if in.DefaultTag != nil {
		options = append(options, contentneg.DefaultTag(Raw(*in.DefaultTag)))
	}
	if in.Default != nil || in.DefaultTag != nil {
		options = append(options, contentneg.Default(standIn))
	}
	tag, err := contentneg.ParseAcceptLanguage(acceptLines(in.Header)).Lookup(acceptRaws(in.Tags), options...)
	if tag == standIn {
		return in.Default, err
	}
	return Latin(tag), err
}

// acceptField is what the four kinds of fields have in common.
type acceptField interface {
	Kind() contentneg.Kind
	Field() (string, bool)
	String() string
	SetIn(http.Header) error
	BestMatch(...contentneg.Offer) (string, bool)
	Contains(string) bool
	Quality(string) (float64, bool)
}

type acceptKind[F acceptField] struct {
	name  string
	parse func([]string) F
	build func(...string) F
	add   func(F, F) F
}

// acceptCommonOps are the operations that all four families have.
func acceptCommonOps[F acceptField](k acceptKind[F]) map[string]Op {
	return map[string]Op{
		"add": Ask(func(in struct{ Left, Right acceptOperand }) (any, error) {
			sum := k.add(k.operand(in.Left), k.operand(in.Right))
			return map[string]any{"kind": sum.Kind().String(), "header": acceptRaw(sum), "normal": acceptNormal(sum)}, nil
		}),
		"set": Ask(func(in struct{ Value acceptOperand }) (any, error) {
			h := http.Header{}
			err := k.operand(in.Value).SetIn(h)
			return map[string]any{"header": acceptRaw(k.parse(h[k.name]))}, err
		}),
		"best_match": Ask(func(in struct {
			Header  *string
			Offers  []acceptWeighted
			Default any
		}) (any, error) {
			var offers []contentneg.Offer
			for _, o := range in.Offers {
				offers = append(offers, contentneg.Offer{Value: o.Text, Q: o.Q})
			}
			if best, ok := k.parse(acceptLines(in.Header)).BestMatch(offers...); ok {
				return Latin(best), nil
			}
			return in.Default, nil
		}),
		"contains": Ask(func(in struct {
			Header *string
			Offer  string
		}) (any, error) {
			return k.parse(acceptLines(in.Header)).Contains(Raw(in.Offer)), nil
		}),
		"quality": Ask(func(in struct {
			Header *string
			Offer  string
		}) (any, error) {
			if q, ok := k.parse(acceptLines(in.Header)).Quality(Raw(in.Offer)); ok {
				return q, nil
			}
			return nil, nil
		}),
	}
}

// acceptOperand is one side of a sum, or what is assigned.
type acceptOperand struct {
	Header  acceptHeader
	Text    *string
	List    *[]acceptWeighted
	Mapping *[]acceptWeighted
	None    bool
}

// acceptHeader tells {"header": null} from no member at all.
type acceptHeader struct {
	given bool
	value *string
}

func (h *acceptHeader) UnmarshalJSON(raw []byte) error {
	h.given = true
	return json.Unmarshal(raw, &h.value)
}

func (k acceptKind[F]) operand(o acceptOperand) F {
	switch {
	case o.Header.given:
		return k.parse(acceptLines(o.Header.value))
	case o.Text != nil:
		return k.parse(acceptLines(o.Text))
	case o.List != nil:
		var elements []string
		for _, w := range *o.List {
			elements = append(elements, w.String())
		}
		return k.build(elements...)
	case o.Mapping != nil:
		var weights []contentneg.Weight
		for _, w := range *o.Mapping {
			weights = append(weights, w.Weight)
		}
		return k.build(contentneg.ByWeight(weights...)...)
	case o.None:
		return k.parse(nil)
	}
	panic("no such operand")
}

// acceptWeighted is text, [text, weight], [text, weight, extension] or
// [text, [weight, extension]].
type acceptWeighted struct{ contentneg.Weight }

func (w *acceptWeighted) UnmarshalJSON(raw []byte) error {
	w.Q = 1
	var parts []any
	switch v := mustDecode(raw).(type) {
	case string:
		parts = []any{v}
	case []any:
		parts = v
		if inner, ok := v[1].([]any); ok {
			parts = append([]any{v[0]}, inner...)
		}
	}
	w.Text = Raw(parts[0].(string))
	if len(parts) > 1 {
		w.Q = number(parts[1])
	}
	if len(parts) > 2 {
		w.Params = Raw(parts[2].(string))
	}
	return nil
}

func acceptLines(header *string) []string {
	if header == nil {
		return nil
	}
	return []string{Raw(*header)}
}

func acceptRaws(texts []string) []string {
	raws := make([]string, len(texts))
	for i, text := range texts {
		raws[i] = Raw(text)
	}
	return raws
}

func acceptRaw(f acceptField) any {
	if raw, ok := f.Field(); ok {
		return Latin(raw)
	}
	return nil
}

func acceptNormal(f acceptField) any {
	if f.Kind() == contentneg.Valid {
		return Latin(f.String())
	}
	return nil
}

// acceptParsed is the answer of a parse; list is null unless the field is valid.
func acceptParsed(f acceptField, name string, list []any, preferred []string) any {
	answer := map[string]any{
		"kind": f.Kind().String(), "normal": acceptNormal(f), name: nil,
		"by_preference": append([]string{}, preferred...),
	}
	if f.Kind() == contentneg.Valid {
		answer[name] = list
	}
	return answer
}

func acceptItemsOp[F interface {
	acceptField
	Items() []contentneg.Item
	Preferred() []contentneg.Item
}](parse func([]string) F) Op {
	return Ask(func(in struct{ Header *string }) (any, error) {
		f := parse(acceptLines(in.Header))
		list, names := []any{}, []string{}
		for _, item := range f.Items() {
			list = append(list, []any{item.Name, item.Q})
		}
		for _, item := range f.Preferred() {
			names = append(names, item.Name)
		}
		return acceptParsed(f, "items", list, names), nil
	})
}

func acceptOffersOp[F any](parse func([]string) F, offers func(F, ...string) []contentneg.Offer) Op {
	return Ask(func(in struct {
		Header *string
		Offers []string
	}) (any, error) {
		return acceptPairs(offers(parse(acceptLines(in.Header)), acceptRaws(in.Offers)...)), nil
	})
}

func acceptRanges(ranges []contentneg.MediaRange) []any {
	list := []any{}
	for _, r := range ranges {
		list = append(list, map[string]any{
			"range": Latin(r.String()), "q": r.Q,
			"params": acceptParams(r.Params), "extensions": acceptExtensions(r.Extensions),
		})
	}
	return list
}

func acceptParams(params []contentneg.Param) []any {
	list := []any{}
	for _, p := range params {
		list = append(list, []any{p.Name, Latin(p.Value)})
	}
	return list
}

func acceptExtensions(extensions []contentneg.Extension) []any {
	list := []any{}
	for _, e := range extensions {
		if e.Bare {
			list = append(list, e.Name)
		} else {
			list = append(list, []any{e.Name, Latin(e.Value)})
		}
	}
	return list
}

func acceptPairs(offers []contentneg.Offer) []any {
	pairs := []any{}
	for _, o := range offers {
		pairs = append(pairs, []any{Latin(o.Value), o.Q})
	}
	return pairs
}

func acceptPrefixed(prefix string, ops map[string]Op) map[string]Op {
	prefixed := make(map[string]Op, len(ops))
	for name, op := range ops {
		prefixed[prefix+name] = op
	}
	return prefixed
}
