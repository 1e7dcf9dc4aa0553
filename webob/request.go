package webob

import (
	"context"
	"net/http"
	"unsafe"
)

// Request is an *http.Request with WebOb's view of it on top. Everything that
// net/http knows keeps working through the embedded pointer; the methods here
// add what net/http has no name for. Make one with NewRequest or Blank; apps and
// filters of ours are handed one.
//
// Several Requests may stand over one *http.Request, or over copies of it made
// by a mux: they share one environ.
type Request struct {
	*http.Request
	w http.ResponseWriter // the outermost writer, nil for a request made by hand
	x *exchange           // what all views share, nil until needed
}

// NewRequest wraps r. Inside a handler that a filter of ours has called, the
// result shares the environ of that filter's request.
func NewRequest(r *http.Request) *Request {
	switch c, via := place(r); {
	case c != nil:
		return c.view(r)
	case via != nil:
		return via.req.view(r, nil)
	}
	return &Request{Request: r}
}

// WithContext is http.Request.WithContext for our Request: a shallow copy with
// that context, over the same environ.
func (r *Request) WithContext(ctx context.Context) *Request {
	return r.over(r.Request.WithContext(ctx))
}

// Clone is http.Request.Clone for our Request: a deep copy of the header, URL
// and form, over the same environ. The body is shared; Copy gives one of its own.
func (r *Request) Clone(ctx context.Context) *Request {
	return r.over(r.Request.Clone(ctx))
}

// over is the view of this request over a copy of it.
func (r *Request) over(copied *http.Request) *Request {
	x := r.ex()
	if p := r.pathState(); p != nil {
		r.keepPath(copied, p)
	}
	x.note(copied) // a mux may match it
	return &Request{Request: copied, w: r.w, x: x}
}

// PathValue is http.Request.PathValue, and also gives what a mapper has matched, and
// what a mux further in has, so that a filter outside can ask after the app has answered.
func (r *Request) PathValue(name string) string {
	if v := r.Request.PathValue(name); v != "" {
		return v
	}
	if v := r.x.matchedVar(name); v != "" {
		return v
	}
	if inner, _ := r.x.noted(); inner != nil {
		return inner.PathValue(name)
	}
	return ""
}

// Response is the request's own response: what a function that returns nil
// answers with, and the place for a status, headers and cookies of an answer
// returned as text or data. It is 200 without a type until somebody says more.
//
// It hides http.Request.Response, which is a client's affair.
// WebOb: Request.response.
func (r *Request) Response() *Response {
	x := r.ex()
	for {
		if p := x.response.Load(); p != nil {
			return p
		}
		x.response.CompareAndSwap(nil, newOwnResponse())
	}
}

// TakeResponse gives the request's own response if anybody has touched it, else
// nil, and starts a new one for whoever asks next. It is for those who turn
// functions into apps; package dec is one.
func (r *Request) TakeResponse() *Response {
	if r.x == nil || r.x.response.Load() == nil {
		return nil
	}
	return r.x.response.Swap(nil)
}

// OnFailure says who renders an error that comes up after the app has answered:
// a stream that fails before its first byte. Without one, an error that is a
// Responder answers for itself and any other is a plain text 500. Package dec
// gives exc.Page.
func (r *Request) OnFailure(page func(*Request, error) *Response) {
	x := r.ex()
	x.mu.Lock()
	defer x.mu.Unlock()
	x.rare().page = page
}

// Release closes what this request has opened: handlers still running, spooled
// bodies, streams nobody has read. The outermost ServeHTTP does it by itself; a
// request made by hand is released by this, or when its context ends.
func (r *Request) Release() { r.x.release() }

// PanicStack is the stack of the handler whose panic last crossed into this
// request's filters, for a filter that recovers; the panic's own stack there
// shows only where it was handed over. It is nil where there was none.
func (r *Request) PanicStack() []byte {
	if r.x == nil {
		return nil
	}
	r.x.mu.Lock()
	defer r.x.mu.Unlock()
	if r.x.seldom == nil {
		return nil
	}
	return r.x.stack
}

// id is what the Responses are claimed by: identity as a number, only ever compared.
func (r *Request) id() uintptr { return uintptr(unsafe.Pointer(r.identity())) }

// identity is the same for all copies of one request, and for no other request.
func (r *Request) identity() *http.Request {
	if r.x != nil {
		return r.x.root
	}
	return r.Request
}
