package contentneg

import "net/http"

// AcceptCharset is an Accept-Charset field, RFC 9110 section 12.5.2, which calls
// it deprecated; browsers have stopped sending it.
//
//	Accept-Charset = #( ( token / "*" ) [ weight ] ) ; utf-8, iso-8859-1;q=0.5
//
// The zero value is a missing field. A value is never changed once made and may
// be used by several goroutines. WebOb: Request.accept_charset.
type AcceptCharset struct{ items }

// ParseAcceptCharset reads the Accept-Charset field of a request, whose lines are
// request.Header["Accept-Charset"]. No lines make a missing field. It never
// fails: Kind tells whether the field is valid, and Err what is wrong with it.
func ParseAcceptCharset(lines []string) AcceptCharset {
	return AcceptCharset{parseItems("Accept-Charset", lines, firstToken)}
}

// Add returns the field that says what a and b say, a first. What is missing,
// invalid or names nothing adds nothing; where that goes for both, the sum is missing.
func (a AcceptCharset) Add(b AcceptCharset) AcceptCharset {
	return ParseAcceptCharset(a.sum(b.items))
}

// SetIn writes the field into h in one line, as it came, or deletes it from h if it
// is missing. A value with control characters is refused with [ErrControl], and h
// left as it was.
func (a AcceptCharset) SetIn(h http.Header) error { return a.setIn(h, "Accept-Charset") }

// AcceptableOffers returns the charsets that the client accepts and the weight it
// gives each, the best first, equal ones in the order in which they were
// offered. Names are compared without case, and literally: "latin1" is not
// "iso-8859-1". Where the field is missing, invalid or empty every offer has
// weight 1.
func (a AcceptCharset) AcceptableOffers(offers ...string) []Offer {
	if len(a.list) == 0 {
		return everything(offers)
	}
	weights := a.index()
	acceptable := make([]Offer, 0, len(offers))
	for _, offer := range offers {
		if q, _ := weights.of(toLower(offer)); q > 0 {
			acceptable = append(acceptable, Offer{offer, q})
		}
	}
	sortOffers(acceptable)
	return acceptable
}
