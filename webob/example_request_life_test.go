package webob_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// Serve is the one line that makes an http.Handler of a Responder.
func ExampleServe() {
	app := respondFunc(func(req *webob.Request) *webob.Response {
		return webob.Text("hello " + req.GET().Get("name"))
	})
	rec := httptest.NewRecorder()
	webob.Serve(app, rec, httptest.NewRequest("GET", "/?name=Ada", nil))
	fmt.Println(rec.Code, rec.Body)
	// Output:
	// 200 hello Ada
}

// A request made by hand is released by whoever made it: handlers that still run end,
// temporary files are gone.
func ExampleRequest_Release() {
	endless := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for {
			if _, err := w.Write([]byte("more ")); err != nil {
				fmt.Println("handler: the end,", r.Context().Err())
				return
			}
		}
	})
	req := webob.Blank("/")
	resp := req.GetResponse(endless)
	fmt.Println(resp.Status())
	req.Release()
	// Output:
	// 200
	// handler: the end, context canceled
}

type traceKey struct{}

// WithContext and Clone keep what the request carries: the environ is the same, seen
// from both.
func ExampleRequest_WithContext() {
	user := webob.NewKey[string]("example.user")
	req := webob.Blank("/")
	inner := req.WithContext(context.WithValue(req.Context(), traceKey{}, "t-1"))
	user.Set(inner, "ada")
	name, ok := user.Get(req)
	fmt.Println(name, ok, inner.Context().Value(traceKey{}))
	// Output:
	// ada true t-1
}

// A filter that recovers finds the stack of the handler that has panicked, which its
// own does not show.
func ExampleRequest_PanicStack() {
	recovering := func(app http.Handler) webob.Responder {
		return respondFunc(func(req *webob.Request) (p *webob.Response) {
			defer func() {
				if v := recover(); v != nil {
					fmt.Println(v, strings.Contains(string(req.PanicStack()), "brokenHandler"))
					p = webob.Failure(http.StatusInternalServerError, errors.New("panic"), nil)
				}
			}()
			return req.GetResponse(app)
		})
	}
	resp := recovering(http.HandlerFunc(brokenHandler)).Respond(webob.Blank("/"))
	fmt.Println(resp.Status())
	// Output:
	// no such index true
	// 500
}

func brokenHandler(http.ResponseWriter, *http.Request) { panic("no such index") }

// What an address told by place is set by a router of that kind, and read by apps.
func ExampleRequest_URLArgs() {
	req := webob.Blank("/2026/11")
	req.SetURLArgs("2026", "11")
	fmt.Println(req.URLArgs())
	// Output:
	// [2026 11]
}

// Of a request that a script sends: anybody may say so, so that nothing that matters
// hangs on it.
func ExampleRequest_IsXHR() {
	req := webob.Blank("/", webob.WithHeader("X-Requested-With", "XMLHttpRequest"))
	fmt.Println(req.IsXHR(), webob.Blank("/").IsXHR())
	// Output:
	// true false
}
