package benchmarks

import (
	"fmt"
	"net/http"
	"testing"
)

// FourOffers gives the offers of the negotiation-only benchmark, in server order.
func FourOffers() []string {
	return []string{"application/json", "text/html", "application/xml", "text/plain"}
}

// A Negotiator is one library's way to choose among FourOffers.
type Negotiator struct {
	Name string
	// New prepares what the library can prepare and gives the function that is
	// timed: one choice for the Accept field of r.
	New func(r *http.Request) func() string
	// Wrong names the rows where the answer is known not to be the right one.
	Wrong map[string]bool
}

// An acceptRow is an Accept field and the right choice among FourOffers.
type acceptRow struct{ name, header, want string }

func acceptRows() []acceptRow {
	return []acceptRow{
		{"chrome", ChromeAccept, "text/html"},
		{"q", QAccept, "application/json"},
		{"any", "*/*", "application/json"},
		{"json", "application/json", "application/json"},
		{"range", "text/*;q=0.8, application/xml;q=0.5", "text/html"},
	}
}

func acceptRequest(header string) *http.Request {
	r := NewRequest(Hello).Request
	r.Header.Set("Accept", header)
	return r
}

// Check says which of the answers are wrong and not known to be, or known to be
// wrong and right.
func (n Negotiator) Check() error {
	for _, a := range acceptRows() {
		choose := n.New(acceptRequest(a.header))
		for range 2 {
			if got := choose(); (got != a.want) != n.Wrong[a.name] {
				return fmt.Errorf("%s, %s: got %q, want %q (known wrong: %v)", n.Name, a.name, got, a.want, n.Wrong[a.name])
			}
		}
	}
	return nil
}

// NegotiateCases gives every Accept field on every negotiator.
func NegotiateCases() (cs []Case) {
	for _, a := range acceptRows() {
		for _, n := range Negotiators() {
			cs = append(cs, Case{FamilyNegotiate, a.name, n.Name, func(b *testing.B) {
				choose := n.New(acceptRequest(a.header))
				b.ReportAllocs()
				for b.Loop() {
					choose()
				}
			}})
		}
	}
	return cs
}
