package webob

import (
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
)

// exchange is what all views of one request share: the application's environ
// keys, the default response, and whatever the request has opened. It is made
// when the first of these is needed, so that a request which uses none of our
// extras pays for none.
//
// It is locked because http.TimeoutHandler leaves an inner app running beside
// the filters outside it.
type exchange struct {
	root *http.Request // identity of the request, for Response claims

	mu       sync.Mutex
	env      map[string]any
	said     uint8 // which warnings the log has had, see once
	closers  []io.Closer
	released bool
	stopCtx  func() bool // undoes the release bound to a made-up request's context

	in       *input // body and variables, once read
	response *Response
	vary     []string
	varied   atomic.Bool // vary is not empty: spares the lock
	page     func(*Request, error) *Response

	inner   *http.Request // the request as the innermost mux handed it on
	pattern string
	paths   []viewPath
	stack   []byte // where the last panic that crossed a hand-over began
}

// ex gives the exchange, made on first use.
func (r *Request) ex() *exchange {
	if r.x == nil {
		r.x = &exchange{root: r.Request}
	}
	return r.x
}

func (x *exchange) get(key string) (any, bool) {
	if x == nil {
		return nil, false
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	v, ok := x.env[key]
	return v, ok
}

func (x *exchange) set(key string, v any) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.env == nil {
		x.env = make(map[string]any, 8)
	}
	x.env[key] = v
}

func (x *exchange) delete(key string) {
	if x == nil {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.env, key)
}

// snapshot copies the application's keys, so that a caller can range over them
// while others store.
func (x *exchange) snapshot() map[string]any {
	if x == nil {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	m := make(map[string]any, len(x.env))
	for k, v := range x.env {
		m[k] = v
	}
	return m
}

// note remembers the request as a mux handed it to the app, so that filters
// outside the mux see its pattern and path values.
func (x *exchange) note(r *http.Request) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.inner, x.pattern = r, r.Pattern
}

func (x *exchange) noted() (*http.Request, string) {
	if x == nil {
		return nil, ""
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.inner, x.pattern
}

// addVary records a field that the answer was chosen by.
func (x *exchange) addVary(field string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !slices.Contains(x.vary, field) {
		x.vary = append(x.vary, field)
		x.varied.Store(true)
	}
}

// own has c closed when the request ends. For a request that no server will
// end, the end of its context does.
func (r *Request) own(c io.Closer) {
	x := r.ex()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.released {
		// Late by a handler that outlived its request: nobody else will close it.
		go c.Close()
		return
	}
	x.closers = append(x.closers, c)
	if r.w == nil && x.stopCtx == nil && r.Context().Done() != nil {
		x.stopCtx = context.AfterFunc(r.Context(), x.release)
	}
}

// disown forgets a closer that has been closed already.
func (x *exchange) disown(c io.Closer) {
	if x == nil {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if i := slices.Index(x.closers, c); i >= 0 {
		x.closers = slices.Delete(x.closers, i, i+1)
	}
}

// release closes what is still open, the last opened first.
func (x *exchange) release() {
	if x == nil {
		return
	}
	x.mu.Lock()
	closers := x.closers
	x.closers, x.released = nil, true
	stop := x.stopCtx
	x.stopCtx = nil
	x.mu.Unlock()
	if stop != nil {
		stop()
	}
	for _, c := range slices.Backward(closers) {
		c.Close()
	}
}
