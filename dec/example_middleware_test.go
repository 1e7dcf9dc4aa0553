package dec_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// A filter that changes every answer, error pages included.
func ExampleMiddleware() {
	powered := dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		resp := req.GetResponse(app)
		resp.Header().Set("X-Powered-By", "gowebob")
		return resp, nil
	})
	mux := http.NewServeMux() // any handler can be inside
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "foreign") })
	mux.Handle("/fails", dec.Wsgify(func(*webob.Request) (string, error) { return "", exc.Conflict }))

	for _, path := range []string{"/", "/fails"} {
		resp := webob.Blank(path).GetResponse(powered(mux))
		fmt.Println(resp.Status(), resp.Header().Get("X-Powered-By"), resp.Err())
	}
	// Output:
	// 200 gowebob <nil>
	// 409 gowebob 409 Conflict
}

// A commit that fails turns the answer into a 500: nothing has been sent yet.
func ExampleMiddleware_commit() {
	commit := func() error { return errors.New("serialization failure") }
	transaction := dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		resp := req.GetResponse(app)
		if resp.Err() != nil {
			return resp, nil // rolled back
		}
		if err := resp.Wait(1 << 20); err != nil { // the app has ended
			return nil, err
		}
		if err := commit(); err != nil {
			return nil, err
		}
		return resp, nil
	})
	app := transaction(dec.Wsgify(func(*webob.Request) (string, error) { return "stored", nil }))
	resp := webob.Blank("/").GetResponse(app)
	fmt.Println(resp.Status(), resp.Err())
	// Output: 500 serialization failure
}

// A filter that looks at the request only returns the app: further in nothing is
// wrapped, and at the outermost place the app has the real writer.
func ExampleMiddleware_app() {
	user := webob.NewKey[string]("example.user")
	login := dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
		name := req.Header.Get("X-User")
		if name == "" {
			return nil, exc.Unauthorized
		}
		user.Set(req, name)
		return app, nil
	})
	app := login(dec.Wsgify(func(req *webob.Request) (string, error) {
		name, _ := user.Get(req)
		return "Hello " + name, nil
	}))
	show(webob.Blank("/", webob.WithHeader("X-User", "ada")).GetResponse(app))
	fmt.Println(webob.Blank("/").GetResponse(app).Status())
	// Output:
	// 200 text/plain; charset=utf-8 Hello ada
	// 401
}

// Status and header alone, round any handler.
func ExampleOnHead() {
	secure := dec.OnHead(func(_ *webob.Request, h *webob.Head) error {
		h.Header().Set("X-Content-Type-Options", "nosniff")
		if h.Err() != nil {
			h.Header().Set("Cache-Control", "no-store")
		}
		return nil
	})
	app := secure(dec.Wsgify(func(*webob.Request) (string, error) { return "", exc.Forbidden }))
	resp := webob.Blank("/").GetResponse(app)
	fmt.Println(resp.Status(), resp.Header().Get("X-Content-Type-Options"), resp.Header().Get("Cache-Control"))
	// Output: 403 nosniff no-store
}
