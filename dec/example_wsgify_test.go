package dec_test

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"iter"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// show prints what a client would get.
func show(p *webob.Response) {
	body, _ := p.Text()
	fmt.Println(p.Status(), p.Header().Get("Content-Type"), strings.TrimSpace(body))
}

// A function that returns text, and a call of it in a test.
func ExampleWsgify() {
	hello := dec.Wsgify(func(req *webob.Request) (string, error) {
		name := req.GET().Get("name")
		if name == "" {
			return "", exc.BadRequest.With("Who are you?")
		}
		return "Hello " + name, nil
	})

	http.Handle("/hello", hello) // it is a handler like any other

	show(hello.Get("/hello?name=Ada"))
	fmt.Println(hello.Get("/hello").Err())
	// Output:
	// 200 text/plain; charset=utf-8 Hello Ada
	// 400 Bad Request: Who are you?
}

// The result type says how a result is answered.
func ExampleWsgify_results() {
	type point struct{ X, Y int }

	show(dec.Wsgify(func(*webob.Request) (template.HTML, error) { return "<p>safe</p>", nil }).Get("/"))
	show(dec.Wsgify(func(*webob.Request) (point, error) { return point{1, 2}, nil }).Get("/"))
	show(dec.Wsgify(func(*webob.Request) (io.Reader, error) { return strings.NewReader("a file"), nil }).Get("/"))
	show(dec.Wsgify(func(*webob.Request) (iter.Seq[[]byte], error) {
		return func(yield func([]byte) bool) {
			_ = yield([]byte("sent at once, ")) && yield([]byte("piece by piece"))
		}, nil
	}).Get("/"))
	show(dec.Wsgify(func(*webob.Request) (http.Handler, error) {
		return http.RedirectHandler("/there", http.StatusFound), nil
	}).Get("/"))
	show(dec.Wsgify(func(*webob.Request) (any, error) { return nil, errors.New("disk on fire") }).Get("/"))
	// Output:
	// 200 text/html; charset=utf-8 <p>safe</p>
	// 200 application/json {"X":1,"Y":2}
	// 200 application/octet-stream a file
	// 200 application/octet-stream sent at once, piece by piece
	// 302 text/html; charset=utf-8 <a href="/there">Found</a>.
	// 500 text/plain; charset=utf-8 500 Internal Server Error
	//
	// The server has either erred or is incapable of performing the requested operation.
}

// Status, header and cookies of an answer that is returned as text.
func ExampleWsgify_ownResponse() {
	app := dec.Wsgify(func(req *webob.Request) (string, error) {
		req.Response().SetStatus(http.StatusCreated)
		req.Response().Header().Set("Location", "/servers/7")
		return "started\n", nil
	})
	resp := app.Post("/servers", nil)
	fmt.Println(resp.Status(), resp.Header().Get("Location"))
	// Output: 201 /servers/7
}

// A request type of one's own, made for each request.
func ExampleWsgifyAs() {
	type session struct {
		*webob.Request
		user string
	}
	login := func(req *webob.Request) (*session, error) {
		user, _, ok := req.BasicAuth()
		if !ok {
			return nil, exc.Unauthorized.Challenge(`Basic realm="here"`)
		}
		return &session{req, user}, nil
	}
	app := dec.WsgifyAs(login, func(s *session) (string, error) { return s.user + " asks for " + s.URL.Path, nil })

	show(app.Get("/mail", webob.WithHeader("Authorization", "Basic YWRhOng=")))
	fmt.Println(app.Get("/mail").Status())
	// Output:
	// 200 text/plain; charset=utf-8 ada asks for /mail
	// 401
}

// Post and Request make the requests that tests need.
func ExampleApp_Post() {
	app := dec.Wsgify(func(req *webob.Request) (string, error) {
		return req.Method + " " + req.POST().Get("name"), nil
	})
	show(app.Post("/", webob.NewMultiDict("name", "web-1")))
	show(app.Request("/", webob.WithMethod("PUT"), webob.WithForm("name", "web-2")))
	// Output:
	// 200 text/plain; charset=utf-8 POST web-1
	// 200 text/plain; charset=utf-8 PUT web-2
}

// An App is also asked like any other app.
func ExampleApp_Respond() {
	app := dec.Wsgify(func(req *webob.Request) (string, error) { return req.URL.Path, nil })
	show(webob.Blank("/x").GetResponse(app))
	// Output: 200 text/plain; charset=utf-8 /x
}
