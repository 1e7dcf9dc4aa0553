package webob_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/http/httptest"

	"github.com/gowebob/gowebob/webob"
)

// A Response is built, changed and returned.
func ExampleNewResponse() {
	resp := webob.NewResponse(http.StatusCreated)
	resp.Header().Set("Location", "/items/7")
	resp.SetText("made")
	fmt.Println(resp.StatusText())
	fmt.Println(resp.HTTPHeader())
	// Output:
	// 201 Created
	// map[Content-Length:[4] Content-Type:[text/plain; charset=utf-8] Location:[/items/7]]
}

// The constructors say the type; nothing is HTML by accident.
func ExampleText() {
	object, _ := webob.JSON(map[string]int{"n": 1})
	for _, resp := range []*webob.Response{
		webob.Text("<b>"),
		webob.HTML(template.HTML("<b>")),
		webob.Bytes("image/png", []byte("\x89PNG")),
		object,
		webob.NewResponse(200),
	} {
		fmt.Printf("%q\n", resp.Header().Get("Content-Type"))
	}
	// Output:
	// "text/plain; charset=utf-8"
	// "text/html; charset=utf-8"
	// "image/png"
	// "application/json"
	// ""
}

// A Response is an io.Writer that appends to its body.
func ExampleResponse_Write() {
	resp := webob.Text("list:\n")
	fmt.Fprintf(resp, "%d\n", 1)
	json.NewEncoder(resp).Encode([]string{"a"})
	fmt.Println(resp.Text())
	// Output:
	// list:
	// 1
	// ["a"]
	//  <nil>
}

// A Response is an app: it answers every request with a copy of itself.
func ExampleResponse_ServeHTTP() {
	mux := http.NewServeMux()
	mux.Handle("/healthz", webob.Text("fine"))
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequest("GET", "/healthz", nil))
	fmt.Println(rec.Code, rec.Body)
	// Output:
	// 200 fine
}

// A Response that is kept for many requests is returned as a Copy.
func ExampleResponse_Copy() {
	cached := webob.Text("expensive")
	resp := cached.Copy()
	resp.Header().Set("X-Request-Id", "7")
	fmt.Println(resp.Header().Has("X-Request-Id"), cached.Header().Has("X-Request-Id"))
	// Output:
	// true false
}

// A failure is a Response that knows why.
func ExampleFailure() {
	cause := errors.New("pool exhausted")
	resp := webob.Failure(http.StatusServiceUnavailable, cause, func(p *webob.Response) {
		p.SetText("Try again later.\n")
	})
	resp.Header().Set("Retry-After", "30")
	fmt.Println(resp.Status(), resp.Err() == cause)
	text, _ := resp.Text()
	fmt.Print(text)
	// Output:
	// 503 true
	// Try again later.
}
