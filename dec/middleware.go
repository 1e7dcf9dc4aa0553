package dec

import (
	"net/http"

	"github.com/gowebob/gowebob/webob"
)

// Middleware makes a filter of fn: a func(http.Handler) http.Handler, as chi,
// alice and everybody else take it. fn is given the request and the inner app, asks
// it by req.GetResponse(app), and returns what is to be answered:
//
//	func timed(req *webob.Request, app http.Handler) (*webob.Response, error) {
//		start := time.Now()
//		resp := req.GetResponse(app)
//		resp.Header().Set("Server-Timing", fmt.Sprintf("app;dur=%d", time.Since(start).Milliseconds()))
//		return resp, nil
//	}
//
// T is mostly *webob.Response; it may be whatever Wsgify takes. An app answers,
// with the request as changed: a filter that only looks at the request returns app,
// as an http.Handler, and costs nothing further in. To return neither an answer nor
// an error is a mistake, answered as a 500 that says so in the log.
//
// Errors do not have to be checked on the way: a failure of app is a Response whose
// Err says what it was. Settings of a filter are closures. A nil app is refused
// when the filter is put round it: that panics.
//
// Options are those of Wsgify. They are about what fn itself returns: Pages renders its
// errors, and Renderers its data, while the app's own answer is what it is.
//
//	guard := dec.Middleware(signedIn, dec.Pages(exc.NewPages(exc.Problem)))
//
// WebOb: wsgify.middleware.
func Middleware[T any](fn func(req *webob.Request, app http.Handler) (T, error), opts ...Option) func(http.Handler) http.Handler {
	if fn == nil {
		panic("dec: Middleware of a nil function")
	}
	s := newSettings[T](opts)
	s.filter = true
	if fn, ok := any(fn).(func(*webob.Request, http.Handler) (*webob.Response, error)); ok {
		return func(app http.Handler) http.Handler {
			mustApp(app)
			return &webob.Filter{Func: fn, App: app, Settle: s.response}
		}
	}
	build("Middleware", func(*webob.Request) (v T, err error) { return v, nil }, s) // T is looked at now
	return func(app http.Handler) http.Handler {
		mustApp(app)
		return &App{build("Middleware", func(req *webob.Request) (T, error) { return fn(req, app) }, s)}
	}
}

func mustApp(app http.Handler) {
	if app == nil {
		panic("dec: a filter round a nil app")
	}
}
