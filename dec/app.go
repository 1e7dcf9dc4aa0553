package dec

import (
	"fmt"
	"html/template"
	"io"
	"net/http"
	"reflect"

	"github.com/gowebob/gowebob/webob"
)

// App is a function made into an app: an http.Handler for any mux and server, and
// a webob.Responder, which filters of ours ask without a ResponseWriter. Wsgify,
// WsgifyAs and Bind make one. It does not change and is safe for concurrent use if
// its function is.
type App struct{ answer answerer }

// answerer is a function with what its result type asks for.
type answerer interface {
	// respond makes a Response, for a filter to see.
	respond(req *webob.Request) *webob.Response
	// direct answers where no filter is outside, without a Response if it can.
	direct(d webob.Direct)
}

// Wsgify makes an app of fn. T says how its results are answered; that is
// decided here, once, in this order:
//
//   - string is text/plain, template.HTML text/html, both in UTF-8; []byte is
//     application/octet-stream; a *webob.Response is itself. Only these very types:
//     a named string is data.
//   - An http.Handler answers in its place. Where no filter of ours is outside it is
//     handed the real writer, so that Flush, Hijack and sendfile work.
//   - An io.Reader is the body, closed after if it is an io.Closer.
//   - An iter.Seq[[]byte] or iter.Seq2[[]byte, error], also under another name,
//     gives the body piece by piece; each piece is sent at once.
//   - An error is answered as if it had been returned as one.
//   - Anything else is data: JSON, or what Renderers offer and the request accepts.
//
// Where T is an interface (any, http.Handler, error), each value is looked at in
// the same order. Channels and functions of other kinds are refused: Wsgify panics
// and says what T is and what to return instead, as that is a mistake in the program
// which shows when it starts. The compiler cannot refuse them: no type constraint of
// Go says "all but".
//
// A nil pointer, interface or iterator stands for req.Response(), the request's own
// response. What is returned as text, bytes, data, reader or iterator is written
// into that response where fn has touched it, and keeps the status, header and
// cookies set there; text and bytes go behind what has been written to it. A
// Response, app or error that is returned takes over its cookies alone.
//
// An error other than a typed nil is answered with exc.Page, or what Pages gives, and
// is the Err of the Response, itself and not a copy. What was returned beside
// it is closed.
//
// Arguments beside the request are closures:
//
//	mux.Handle("/", dec.Wsgify(func(req *webob.Request) (string, error) {
//		return show(req, db)
//	}))
//
// fn stays an ordinary function, to be called as one. WebOb: dec.wsgify.
func Wsgify[T any](fn func(*webob.Request) (T, error), opts ...Option) *App {
	if fn == nil {
		panic("dec: Wsgify of a nil function")
	}
	return &App{build("Wsgify", fn, newSettings[T](opts))}
}

// WsgifyAs makes an app of a function that takes a request type of its own: wrap
// makes an R of each request (a user, a parsed document, a struct round the
// request), fn answers it. An error of wrap is answered as one of fn. For the
// rest see Wsgify. WebOb: wsgify with a RequestClass.
func WsgifyAs[R, T any](wrap func(*webob.Request) (R, error), fn func(R) (T, error), opts ...Option) *App {
	if wrap == nil || fn == nil {
		panic("dec: WsgifyAs of a nil function")
	}
	return &App{build("WsgifyAs", func(req *webob.Request) (v T, err error) {
		r, err := wrap(req)
		if err != nil && !isNil(err) {
			return v, err
		}
		return fn(r)
	}, newSettings[T](opts))}
}

// ServeHTTP answers a request of a server, a mux or foreign middleware.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d, ok := webob.Enter(w, r)
	if !ok {
		webob.Serve(a, w, r)
		return
	}
	defer d.Leave()
	a.answer.direct(d)
}

// Respond answers a request of a filter of ours.
func (a *App) Respond(req *webob.Request) *webob.Response {
	if outer := req.SwapResponse(nil); outer != nil { // the function has its own
		defer req.SwapResponse(outer)
	}
	return a.answer.respond(req)
}

func (a *App) direct(d webob.Direct) { a.answer.direct(d) }

var _ webob.Responder = (*App)(nil)

var (
	handlerType = reflect.TypeFor[http.Handler]()
	readerType  = reflect.TypeFor[io.Reader]()
	errorType   = reflect.TypeFor[error]()
)

// build looks at T, once.
func build[T any](maker string, fn func(*webob.Request) (T, error), s *settings) answerer {
	switch fn := any(fn).(type) {
	case func(*webob.Request) (string, error):
		return &textApp{fn, s}
	case func(*webob.Request) ([]byte, error):
		return &bytesApp{fn, s}
	case func(*webob.Request) (template.HTML, error):
		return &htmlApp{fn, s}
	case func(*webob.Request) (*webob.Response, error):
		return &responseApp{fn, s}
	}
	t := reflect.TypeFor[T]()
	switch {
	case t.Kind() == reflect.Interface, t.Implements(handlerType), t.Implements(readerType),
		isIterator(t), t.Implements(errorType):
		return &valueApp[T]{fn, s}
	}
	if why := refusal(t); why != "" {
		panic(fmt.Sprintf("dec: %s of a function that returns %v: %s", maker, t, why))
	}
	return &dataApp[T]{fn, s, t.Kind() == reflect.Pointer}
}

// refusal says why a type cannot be answered, or "".
func refusal(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Chan:
		return "a channel is no answer; return an iter.Seq2[[]byte, error], or a webob.Stream that reads the channel"
	case reflect.Func:
		return "a function of that kind is no answer; a handler is an http.HandlerFunc, " +
			"an iterator an iter.Seq[[]byte] or iter.Seq2[[]byte, error]"
	}
	return ""
}
