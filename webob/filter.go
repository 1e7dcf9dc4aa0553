package webob

import "net/http"

// Filter is a middleware function round its app, as package dec makes them. It is a
// type of this package, and not of dec, so that GetResponse calls the function without
// anything in between: a processor foresees the returns of some sixteen calls, and a
// pipeline of eight filters has three calls each otherwise. All fields have to be set.
type Filter struct {
	// Func answers a request, mostly by asking app, which is App, and changing its answer.
	Func func(r *Request, app http.Handler) (*Response, error)
	// App is what the filter stands round.
	App http.Handler
	// Settle makes the answer of what Func has returned: of an error its page. Where Func
	// returns App's own answer and no error, there is nothing to settle and it is not called.
	Settle func(*Request, *Response, error) *Response
}

// Respond answers a request of an outer filter.
func (f *Filter) Respond(r *Request) *Response {
	if outer := r.SwapResponse(nil); outer != nil { // the function has its own
		defer r.SwapResponse(outer)
	}
	p, err := f.Func(r, f.App)
	if err == nil && r.answeredBy(p) {
		return p
	}
	return f.Settle(r, p, err)
}

// ServeHTTP answers a request of a server.
func (f *Filter) ServeHTTP(w http.ResponseWriter, r *http.Request) { Serve(f, w, r) }

var _ Responder = (*Filter)(nil)
