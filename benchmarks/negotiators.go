package benchmarks

import (
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2/negotiation"
	"github.com/elnormous/contenttype"
	"github.com/gin-gonic/gin"
	"github.com/golang/gddo/httputil"
	"github.com/munnerz/goautoneg"
	accepts "github.com/timewasted/go-accept-headers"

	"github.com/gowebob/gowebob/contentneg"
)

// Negotiators makes every negotiator, in column order.
func Negotiators() []Negotiator {
	return []Negotiator{
		{Name: Ours, New: gowebobNegotiator},
		{Name: OursUncached, New: gowebobUncached},
		{Name: "gddo", New: gddoNegotiator},
		{Name: "contenttype", New: contenttypeNegotiator},
		{
			Name: "goautoneg", New: goautonegNegotiator,
			// A more specific range of lower q is preferred to a wildcard of higher q.
			Wrong: map[string]bool{"range": true},
		},
		{Name: "go-accept-headers", New: acceptHeadersNegotiator},
		{
			Name: "gin", New: ginNegotiator,
			// NegotiateFormat ignores q.
			Wrong: map[string]bool{"q": true},
		},
		{
			Name: "huma", New: humaNegotiator,
			// SelectQValueFast knows neither "*/*" nor "text/*".
			Wrong: map[string]bool{"any": true, "range": true},
		},
	}
}

func gowebobNegotiator(r *http.Request) func() string {
	offers := contentneg.MustTypes(FourOffers()...)
	return func() string {
		i, _ := offers.Best(r.Header)
		return offers.Value(i)
	}
}

// gowebobUncached fills the cache of fields with ones that do not come again, as
// an attacker would, until it stores no more.
func gowebobUncached(r *http.Request) func() string {
	offers := contentneg.MustTypes(FourOffers()...)
	for i := range 1 << 17 {
		offers.BestString("text/html;level=" + strconv.Itoa(i))
	}
	return func() string {
		i, _ := offers.Best(r.Header)
		return offers.Value(i)
	}
}

func gddoNegotiator(r *http.Request) func() string {
	offers := FourOffers()
	return func() string { return httputil.NegotiateContentType(r, offers, "") }
}

func contenttypeNegotiator(r *http.Request) func() string {
	var offers []contenttype.MediaType
	for _, o := range FourOffers() {
		offers = append(offers, contenttype.NewMediaType(o))
	}
	return func() string {
		m, _, err := contenttype.GetAcceptableMediaTypeFromHeader(r.Header.Get("Accept"), offers)
		if err != nil {
			return ""
		}
		return m.MIME()
	}
}

func goautonegNegotiator(r *http.Request) func() string {
	offers := FourOffers()
	return func() string { return goautoneg.Negotiate(r.Header.Get("Accept"), offers) }
}

func acceptHeadersNegotiator(r *http.Request) func() string {
	offers := FourOffers()
	return func() string {
		s, err := accepts.Negotiate(r.Header.Get("Accept"), offers...)
		if err != nil {
			return ""
		}
		return s
	}
}

func ginNegotiator(r *http.Request) func() string {
	offers := FourOffers()
	c, _ := gin.CreateTestContext(NewWriter(false))
	c.Request = r
	return func() string {
		c.Accepted = nil
		return c.NegotiateFormat(offers...)
	}
}

func humaNegotiator(r *http.Request) func() string {
	offers := FourOffers()
	return func() string { return negotiation.SelectQValueFast(r.Header.Get("Accept"), offers) }
}
