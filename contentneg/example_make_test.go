package contentneg_test

import (
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/contentneg"
)

// A client says what it takes.
func ExampleMakeAccept() {
	r, _ := http.NewRequest("GET", "http://localhost/", nil)
	accept := contentneg.MakeAccept("application/json", "text/*;q=0.5")
	fmt.Println(accept.SetIn(r.Header), r.Header.Get("Accept"))
	fmt.Println(contentneg.MakeAccept("json").Err())
	// Output:
	// <nil> application/json, text/*;q=0.5
	// contentneg: Accept: "json": not a type and a subtype
}

func ExampleByWeight() {
	languages := contentneg.ByWeight(
		contentneg.Weight{Text: "en", Q: 0.5}, contentneg.Weight{Text: "de", Q: 1}, contentneg.Weight{Text: "fr", Q: 0.5})
	fmt.Println(contentneg.MakeAcceptLanguage(languages...))
	// Output:
	// de, en;q=0.5, fr;q=0.5
}

// A proxy adds what it can unpack itself.
func ExampleAcceptEncoding_Add() {
	asked := contentneg.ParseAcceptEncoding([]string{"br"})
	fmt.Println(asked.Add(contentneg.MakeAcceptEncoding("gzip;q=0.5")))
	// Output:
	// br, gzip;q=0.5
}

// How much a request likes something, and whether it takes it at all.
func ExampleAccept_Quality() {
	accept := contentneg.ParseAccept([]string{"text/html, text/*;q=0.5"})
	for _, offer := range []string{"text/html", "text/plain", "image/png"} {
		q, ok := accept.Quality(offer)
		fmt.Println(offer, q, ok, accept.Contains(offer))
	}
	// Output:
	// text/html 1 true true
	// text/plain 0.5 true true
	// image/png 0 false false
}
