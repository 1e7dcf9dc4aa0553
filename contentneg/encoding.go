package contentneg

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
	lines := joined(a.field, b.field, len(a.list) > 0, len(b.list) > 0)
	if lines == nil && a.kind == Valid {
		return a
	}
	if lines == nil && b.kind == Valid {
		return b
	}
	return ParseAcceptEncoding(lines)
}

// AcceptableOffers returns the content codings that the client accepts and the
// weight it gives each, the best first, equal ones in the order in which they
// were offered. Names are compared without case; x-gzip and x-compress are gzip
// and compress (RFC 9110 section 8.4.1). Where the field is missing or invalid
// every offer has weight 1.
//
// An "identity" that neither its name nor "*" mentions is acceptable. It weighs
// as little as the least of the other acceptable offers, so that it never beats
// what the client prefers; where there are none it weighs 1.
func (a AcceptEncoding) AcceptableOffers(offers ...string) []Offer {
	if a.kind != Valid {
		return everything(offers)
	}
	weights := a.index(codingName)
	least := 1.0
	for _, offer := range offers {
		if q, _ := weights.of(codingName(offer)); q > 0 {
			least = min(least, q)
		}
	}
	acceptable := make([]Offer, 0, len(offers))
	for _, offer := range offers {
		name := codingName(offer)
		q, said := weights.of(name)
		if !said && name == identity {
			q = least
		}
		if q > 0 {
			acceptable = append(acceptable, Offer{offer, q})
		}
	}
	sortOffers(acceptable)
	return acceptable
}

const identity = "identity"

// codingName returns the name by which a content coding is compared.
func codingName(s string) string {
	switch s = toLower(s); s {
	case "x-gzip":
		return "gzip"
	case "x-compress":
		return "compress"
	}
	return s
}
