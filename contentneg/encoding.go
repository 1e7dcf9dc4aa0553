package contentneg

import "net/http"

// AcceptEncoding is an Accept-Encoding field, RFC 9110 section 12.5.3:
//
//	Accept-Encoding = #( codings [ weight ] ) ; gzip, br;q=0.9, identity;q=0
//	codings         = content-coding / "identity" / "*"
//
// The zero value is a missing field. A value is never changed once made and may
// be used by several goroutines. WebOb: Request.accept_encoding.
type AcceptEncoding struct{ items }

// ParseAcceptEncoding reads the Accept-Encoding field of a request, whose lines
// are request.Header["Accept-Encoding"]. No lines make a missing field. It never
// fails: Kind tells whether the field is valid, and Err what is wrong with it.
func ParseAcceptEncoding(lines []string) AcceptEncoding {
	return AcceptEncoding{parseItems("Accept-Encoding", lines, firstToken)}
}

// Add returns the field that says what a and b say, a first. What is missing,
// invalid or empty adds nothing; where that goes for both, the sum is empty if
// one of them was, else missing.
func (a AcceptEncoding) Add(b AcceptEncoding) AcceptEncoding {
	return ParseAcceptEncoding(joined(a.field, b.field))
}

// SetIn writes the field into h in one line, as it came, or deletes it from h if it
// is missing. A value with control characters is refused with [ErrControl], and h
// left as it was.
func (a AcceptEncoding) SetIn(h http.Header) error { return a.setIn(h, "Accept-Encoding") }

// AcceptableOffers returns the content codings that the client accepts and the
// weight it gives each, the best first, equal ones in the order in which they
// were offered. Names are compared without case. Where the field is missing or
// invalid every offer has weight 1.
//
// An entry for gzip goes for x-gzip, one for compress for x-compress, and the
// other way round (RFC 9110 section 8.4.1), where the name itself has none.
//
// An "identity" that neither its name nor "*" mentions is acceptable. It weighs
// as little as the least of the other acceptable offers, so that it never beats
// what the client prefers; where there are none it weighs 1.
func (a AcceptEncoding) AcceptableOffers(offers ...string) []Offer {
	if a.kind != Valid {
		return everything(offers)
	}
	weights := a.index()
	least := 1.0
	acceptable := make([]Offer, 0, len(offers))
	for _, offer := range offers {
		name := toLower(offer)
		q, said := weights.ofCoding(name)
		if !said && name == identity {
			q = unsaid
		}
		if q == 0 {
			continue
		}
		acceptable = append(acceptable, Offer{offer, q})
		if q != unsaid {
			least = min(least, q)
		}
	}
	for i := range acceptable {
		if acceptable[i].Q == unsaid {
			acceptable[i].Q = least
		}
	}
	sortOffers(acceptable)
	return acceptable
}

const (
	identity = "identity"
	unsaid   = -1 // the weight of an identity of which the field says nothing
)

// ofCoding is of for content codings, which may have a second name.
func (w weights) ofCoding(name string) (q float64, said bool) {
	if q, said = w.own[name]; said {
		return q, true
	}
	if alias := codingAlias(name); alias != "" && has(w.own, alias) {
		return w.own[alias], true
	}
	return w.of(name)
}

// codingAlias returns the other name of a content coding, empty if it has none.
func codingAlias(name string) string {
	switch name {
	case "gzip":
		return "x-gzip"
	case "x-gzip":
		return "gzip"
	case "compress":
		return "x-compress"
	case "x-compress":
		return "compress"
	}
	return ""
}
