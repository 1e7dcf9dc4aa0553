package wsgi_test

import (
	"fmt"
	"iter"
	"log/slog"
	"net/http"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/wsgi"
)

// hello is an application of PEP 3333's shape.
func hello(env webob.Environ, start wsgi.StartResponse) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		if _, err := start("200 OK", wsgi.Headers{{"Content-Type", "text/plain"}}, nil); err != nil {
			yield(nil, err)
			return
		}
		if yield([]byte("Hello "), nil) {
			yield([]byte(env.String("REMOTE_USER")), nil)
		}
	}
}

func ExampleHandler() {
	resp := webob.Blank("/", webob.WithEnviron("REMOTE_USER", "Ada")).GetResponse(wsgi.Handler(hello))
	text, err := resp.Text()
	fmt.Println(resp.StatusText(), text, err)
	// Output: 200 OK Hello Ada <nil>
}

func ExampleFromHandler() {
	app := wsgi.FromHandler(http.NotFoundHandler())
	start := func(status string, headers wsgi.Headers, excInfo error) (wsgi.Write, error) {
		fmt.Println(status, headers[0], excInfo)
		return nil, nil
	}
	for chunk, err := range app(webob.Blank("/").Environ(), start) {
		fmt.Printf("%q %v\n", chunk, err)
	}
	// Output:
	// 404 Not Found [Content-Type text/plain; charset=utf-8] <nil>
	// "404 page not found\n" <nil>
}

func ExampleLint() {
	sloppy := func(_ webob.Environ, start wsgi.StartResponse) iter.Seq2[[]byte, error] {
		_, err := start("200", wsgi.Headers{{"Connection", "close"}}, nil)
		return func(yield func([]byte, error) bool) { yield(nil, err) }
	}
	req := webob.Blank("/")
	webob.Logger.Set(req, slog.New(slog.DiscardHandler))
	app := wsgi.Lint(sloppy, func(v *wsgi.Violation) { fmt.Println(v) })
	fmt.Println(req.GetResponse(wsgi.Handler(app)).Status())
	// Output:
	// wsgi: PEP 3333, "The start_response() Callable": the status is three digits, a space and a reason: "200"
	// wsgi: PEP 3333, "Other HTTP Features": hop-by-hop fields are the server's: Connection
	// 500
}

func ExampleRule_Section() {
	fmt.Println(wsgi.HopByHop.Section())
	fmt.Println(wsgi.HopByHop)
	// Output:
	// Other HTTP Features
	// hop-by-hop fields are the server's
}
