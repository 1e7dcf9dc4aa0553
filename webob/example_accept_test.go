package webob_test

import (
	"fmt"
	"net/http/httptest"

	"github.com/gowebob/gowebob/contentneg"
	"github.com/gowebob/gowebob/webob"
)

var formats = contentneg.MustTypes("text/html", "application/json")

func ExampleRequest_Negotiate() {
	req := webob.NewRequest(httptest.NewRequest("GET", "/", nil))
	req.Header.Set("Accept", "application/json, text/*;q=0.5")
	best, ok := req.Negotiate(formats)
	fmt.Println(formats.Value(best), ok)

	req.Header.Set("Accept", "image/png")
	_, ok = req.Negotiate(formats) // answer with 406
	fmt.Println(ok)
	// Output:
	// application/json true
	// false
}

func ExampleRequest_NegotiateLanguage() {
	languages := contentneg.MustLanguages("en", "de")
	req := webob.NewRequest(httptest.NewRequest("GET", "/", nil))
	req.Header.Set("Accept-Language", "de-CH, fr;q=0.8")
	best, _ := req.NegotiateLanguage(languages)
	fmt.Println(languages.Value(best))
	// Output:
	// de
}

func ExampleRequest_Accept() {
	req := webob.NewRequest(httptest.NewRequest("GET", "/", nil))
	req.Header.Set("Accept", "text/html;q=0.3, text/plain")
	for _, offer := range req.Accept().AcceptableOffers("text/html", "text/plain", "image/png") {
		fmt.Println(offer.Value, offer.Q)
	}
	// Output:
	// text/plain 1
	// text/html 0.3
}
