package contentneg

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// Accept is an Accept field, RFC 9110 section 12.5.1:
//
//	Accept = #( media-range [ weight ] ) ; text/html, text/*;q=0.5, */*;q=0
//
// The zero value is a missing field. A value is never changed once made and may
// be used by several goroutines. WebOb: Request.accept.
type Accept struct {
	field
	ranges      []MediaRange
	emptyParams bool // an element has one, as in "text/html;"
}

// ParseAccept reads the Accept field of a request, whose lines are
// request.Header["Accept"]. No lines make a missing field. It never fails: Kind
// tells whether the field is valid, and Err what is wrong with it.
func ParseAccept(lines []string) Accept {
	f, elements := split("Accept", lines)
	a := Accept{field: f}
	bare := false
	for _, element := range elements {
		r, reason := parseRange(element)
		if reason != "" {
			a.fail(element, reason)
			a.ranges = nil
			return a
		}
		a.ranges = append(a.ranges, r.MediaRange)
		a.emptyParams = a.emptyParams || r.emptyParam
		bare = bare || r.bare
	}
	if bare && (a.emptyParams || !isOldList(a.raw)) {
		a.fail(a.raw, "a name alone after a weight, and an empty element or parameter")
		a.ranges = nil
	}
	return a
}

// isOldList tells whether a list is one to RFC 7230 section 7 too, which has fewer
// empty elements. A field that needs the leave RFC 7231 gives for names alone after
// the weight has to follow the rules of its time in the rest too.
func isOldList(s string) bool {
	if s[0] == ',' {
		next := skipOWS(s, 1)
		if next < len(s) && s[next] != ',' {
			return false
		}
	}
	return skipOWS(s, 0) == 0 && s[len(s)-1] != ' ' && s[len(s)-1] != '\t'
}

// Ranges returns the ranges of a valid field in the order in which they came.
func (a Accept) Ranges() []MediaRange { return slices.Clone(a.ranges) }

// Preferred returns the ranges whose weight is not 0, the heaviest first, equal
// ones in the order in which they came.
func (a Accept) Preferred() []MediaRange {
	wanted := slices.DeleteFunc(a.Ranges(), func(r MediaRange) bool { return r.Q == 0 })
	slices.SortStableFunc(wanted, func(x, y MediaRange) int { return cmp.Compare(y.Q, x.Q) })
	return wanted
}

// String returns a valid field tidied: no white space but after the commas, no
// weights of 1. It is empty for a missing or an invalid field.
func (a Accept) String() string {
	elements := make([]string, len(a.ranges))
	for i, r := range a.ranges {
		elements[i] = r.element()
	}
	return strings.Join(elements, ", ")
}

// Add returns the field that says what a and b say, a first. What is missing,
// invalid or empty adds nothing; where that goes for both, the sum is empty if
// one of them was, else missing.
func (a Accept) Add(b Accept) Accept { return ParseAccept(joined(a.field, b.field)) }

// SetIn writes the field into h in one line, as it came, or deletes it from h if it
// is missing. A value with control characters is refused with [ErrControl], and h
// left as it was.
func (a Accept) SetIn(h http.Header) error { return a.setIn(h, "Accept") }

// AcceptableOffers returns the offers that the client accepts and the weight it
// gives each, the best first, equal ones in the order in which they were
// offered. The most specific range that names an offer decides, of equal ones the
// first; weight 0 refuses. Where the field is missing or invalid every offer has
// weight 1; an empty field accepts none.
//
// Offers that are no media types (see [ParseOffer]) are passed over; one that is
// given twice in the same spelling is answered once. The result being empty
// means 406 Not Acceptable, or answering with something after all.
func (a Accept) AcceptableOffers(offers ...string) []Offer {
	ranges := make([]compiledRange, len(a.ranges))
	for i := range a.ranges {
		ranges[i] = a.ranges[i].compile()
	}
	acceptable := make([]Offer, 0, len(offers))
	for i, offer := range offers {
		media, err := ParseOffer(offer)
		if err != nil {
			continue
		}
		if a.kind != Valid {
			acceptable = append(acceptable, Offer{offer, 1})
		} else if q := weigh(ranges, &media); q > 0 && !slices.Contains(offers[:i], offer) {
			acceptable = append(acceptable, Offer{offer, q})
		}
	}
	sortOffers(acceptable)
	return acceptable
}

// weigh returns the weight of the most specific range that names the offer.
func weigh(ranges []compiledRange, offer *MediaType) (q float64) {
	closest := noMatch
	for i := range ranges {
		if s := ranges[i].specificity(offer); s > closest {
			closest, q = s, ranges[i].q
		}
	}
	return q
}

// sortOffers puts the heaviest first and keeps the order of equal ones.
func sortOffers(offers []Offer) {
	slices.SortStableFunc(offers, func(x, y Offer) int { return cmp.Compare(y.Q, x.Q) })
}

// AcceptsHTML tells whether the client accepts HTML, XHTML or XML: what a browser
// asks for and a program hardly ever. It is true where the field is missing or
// invalid, and for */*.
func (a Accept) AcceptsHTML() bool {
	return len(a.AcceptableOffers("text/html", "application/xhtml+xml", "application/xml", "text/xml")) > 0
}
