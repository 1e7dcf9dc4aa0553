package contentneg_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/gowebob/gowebob/contentneg"
)

// formats are what a page can be had in, the dearest first.
var formats = contentneg.MustTypes("text/html", "application/json", "text/plain; charset=utf-8")

// A handler chooses a format for every request, and says so with Vary whatever it
// answers.
func ExampleTypes() {
	page := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept")
		i, ok := formats.Best(r.Header)
		if !ok {
			http.Error(w, "as HTML, JSON or text only", http.StatusNotAcceptable)
			return
		}
		w.Header().Set("Content-Type", formats.Value(i))
		fmt.Fprintln(w, "...")
	}
	for _, accept := range []string{"application/json", "text/*;q=0.5, application/json;q=0.4", "image/png"} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		page(w, r)
		fmt.Println(w.Code, w.Header().Get("Content-Type"))
	}
	// Output:
	// 200 application/json
	// 200 text/html
	// 406 text/plain; charset=utf-8
}

// NewTypes is for offers that are known only when the program runs.
func ExampleNewTypes() {
	_, err := contentneg.NewTypes("text/html", "json")
	fmt.Println(err)
	// Output:
	// contentneg: offer: "json": not a type and a subtype
}

func ExampleTypes_Best() {
	several := http.Header{"Accept": {"text/html;q=0.5", "application/json"}}
	index, ok := formats.Best(several)
	fmt.Println(formats.Value(index), ok)

	index, ok = formats.Best(http.Header{}) // no preference: the first offer
	fmt.Println(formats.Value(index), ok)

	index, ok = formats.Best(http.Header{"Accept": {"image/*"}})
	fmt.Println(index, ok)
	// Output:
	// application/json true
	// text/html true
	// -1 false
}

func ExampleTypes_BestString() {
	index, _ := formats.BestString("text/plain, */*;q=0.1")
	fmt.Println(formats.Value(index))
	// Output:
	// text/plain; charset=utf-8
}

// A filter that compresses: it leaves the answer alone where the client has said
// nothing, although any coding would be acceptable then.
func ExampleEncodings() {
	codings := contentneg.MustEncodings("br", "gzip", "identity")
	for _, h := range []http.Header{
		{"Accept-Encoding": {"gzip, deflate, br, zstd"}},
		{"Accept-Encoding": {"gzip;q=0.5"}},
		{"Accept-Encoding": {"zstd"}},
		{},
	} {
		coding := "identity"
		if len(h["Accept-Encoding"]) > 0 {
			if i, ok := codings.Best(h); ok {
				coding = codings.Value(i)
			}
		}
		fmt.Println(coding)
	}
	// Output:
	// br
	// gzip
	// identity
	// identity
}

// A site in three languages: where none fits, it speaks its own.
func ExampleLanguages() {
	spoken := contentneg.MustLanguages("en", "de", "fr-CA")
	for _, field := range []string{"de-CH, fr;q=0.8", "fr, *;q=0.1", "ja"} {
		i, ok := spoken.Best(http.Header{"Accept-Language": {field}})
		if !ok {
			i = 0
		}
		fmt.Println(spoken.Value(i), ok)
	}
	// Output:
	// de true
	// en true
	// en false
}

func ExampleCharsets() {
	charsets := contentneg.MustCharsets("utf-8", "iso-8859-1")
	i, _ := charsets.Best(http.Header{"Accept-Charset": {"iso-8859-1, *;q=0.5"}})
	fmt.Println(charsets.Value(i))
	// Output:
	// iso-8859-1
}
