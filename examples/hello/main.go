// Command hello is a whole program: an app that is a function, one that returns
// data, and a filter round a plain net/http mux.
//
//	go run ./examples/hello
//	curl -i 'localhost:8080/hello?name=Ada'
//	curl -i localhost:8080/hello
package main

import (
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// hello answers with text, or with an error that becomes a page.
func hello(req *webob.Request) (string, error) {
	name := req.GET().Get("name")
	if name == "" {
		return "", exc.BadRequest.With("Say who you are: /hello?name=...")
	}
	return "Hello " + name + "\n", nil
}

// clock answers with data.
func clock(*webob.Request) (map[string]time.Time, error) {
	return map[string]time.Time{"now": time.Now().UTC()}, nil
}

// timed sees every answer as a value, error pages and foreign handlers included.
func timed(req *webob.Request, app http.Handler) (*webob.Response, error) {
	start := time.Now()
	resp := req.GetResponse(app)
	ms := float64(time.Since(start).Microseconds()) / 1000
	resp.Header().Set("Server-Timing", fmt.Sprintf("app;dur=%.3f", ms))
	return resp, nil
}

// site is the whole application.
func site() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /hello", dec.Wsgify(hello))
	mux.Handle("GET /clock", dec.Wsgify(clock))
	mux.Handle("GET /old", exc.MovedPermanently.To("/hello"))
	return dec.Middleware(timed)(mux)
}

func main() {
	server := &http.Server{Addr: "localhost:8080", Handler: site(), ReadHeaderTimeout: 10 * time.Second}
	log.Println("listening on http://" + server.Addr)
	log.Fatal(server.ListenAndServe())
}
