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

	mu        sync.Mutex
	varied    atomic.Bool // vary is not empty: spares the lock
	running   int16       // apps behind foreign wrappers,
	abandoned bool        // and one of them outlived the request
	released  bool
	env       map[string]any

	in       *input // body and variables, once read
	response atomic.Pointer[Response]

	inner   atomic.Pointer[http.Request] // the request as the innermost mux handed it on,
	pattern string                       // and what it had matched by then

	*seldom // nil until needed, see rare
}

// seldom is what few requests need of their exchange. It is apart because every
// crossing into foreign code makes an exchange.
type seldom struct {
	closers []io.Closer
	stopCtx func() bool // undoes the release bound to a made-up request's context
	vary    []string
	page    func(*Request, error) *Response

	matched    Variables // what a mapper has matched, see SetVariables,
	matchedKey string    // and the key it is found under

	paths []viewPath
	stack []byte // where the last panic that crossed a hand-over began
	said  uint8  // which warnings the log has had, see once
}

// rare gives what few need, made on first use. Called under mu.
func (x *exchange) rare() *seldom {
	if x.seldom == nil {
		x.seldom = new(seldom)
	}
	return x.seldom
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
	if !ok && x.mapped() {
		return x.ofMatch(key)
	}
	return v, ok
}

func (x *exchange) set(key string, v any) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.put(key, v)
}

// put is set, called under mu.
func (x *exchange) put(key string, v any) {
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
	if x.mapped() {
		x.settleMatch()
	}
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
	if x.mapped() {
		x.settleMatch()
	}
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
	x.pattern = r.Pattern
	x.inner.Store(r)
}

func (x *exchange) noted() (*http.Request, string) {
	if x == nil || x.inner.Load() == nil {
		return nil, ""
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.inner.Load(), x.pattern
}

// failurePage is what OnFailure has been given, or nil.
func (x *exchange) failurePage() func(*Request, error) *Response {
	if x == nil {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.seldom == nil {
		return nil
	}
	return x.page
}

// addVary records a field that the answer was chosen by.
func (x *exchange) addVary(field string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if s := x.rare(); !slices.Contains(s.vary, field) {
		s.vary = append(s.vary, field)
		x.varied.Store(true)
	}
}

// own has c closed when the request ends. For a request that no server will
// end, the end of its context does.
func (r *Request) own(c io.Closer) {
	x := r.ex()
	x.mu.Lock()
	defer x.mu.Unlock()
	if _, held := c.(*Response); x.released && x.running == 0 && !held {
		// Late by a handler that outlived its request: nobody else will close it.
		go c.Close()
		return
	}
	s := x.rare()
	s.closers = append(s.closers, c)
	if r.w == nil && s.stopCtx == nil {
		ctx := r.Context()
		if ctx.Value(callKey{}) != nil {
			ctx = x.root.Context() // this one ends with a handler
		}
		if ctx.Done() != nil {
			s.stopCtx = context.AfterFunc(ctx, x.cutShort)
		}
	}
}

// keep has the body of an answer closed with the request at the latest, if a
// filter drops it.
func (r *Request) keep(p *Response) *Response {
	e := p.ext
	if e == nil || e.keeper != nil || !p.has(streamed) && e.onClose == nil {
		return p
	}
	r.own(p)
	if b, ok := e.body.(*pushed); ok && r.w == nil {
		r.own(b) // its goroutine has to end with the context, see cutShort
	}
	e.keeper = r.x
	return p
}

// enter begins the run of an app of ours behind a foreign wrapper. The wrapper
// may give up waiting for it, as http.TimeoutHandler does.
func (x *exchange) enter() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.running++
}

// leave closes what the end of the request could not close under a running app.
func (x *exchange) leave() {
	x.mu.Lock()
	x.running--
	last := x.running == 0 && x.abandoned
	x.mu.Unlock()
	if last {
		x.closeAll()
	}
}

// disown forgets a closer that has been closed already.
func (x *exchange) disown(c io.Closer) {
	if x == nil {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.seldom == nil {
		return
	}
	if i := slices.Index(x.closers, c); i >= 0 {
		x.closers = slices.Delete(x.closers, i, i+1)
	}
}

// release closes what is still open, the last opened first: handlers and other
// sources at once, Responses if nobody can be using them any more.
func (x *exchange) release() {
	if x == nil || x.ended() {
		return
	}
	x.cutShort()
	x.mu.Lock()
	idle := x.running == 0
	x.abandoned = !idle
	x.mu.Unlock()
	if idle {
		x.closeAll()
	}
}

// ended is the daily case of release: nothing is open and nobody is running.
func (x *exchange) ended() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if s := x.seldom; x.running > 0 || s != nil && (len(s.closers) > 0 || s.stopCtx != nil) {
		return false
	}
	x.released, x.abandoned = true, false
	return true
}

// cutShort closes what may be closed while the request is still looked at. A
// Response is not among that: it is not safe for concurrent use.
func (x *exchange) cutShort() {
	x.mu.Lock()
	var now, later []io.Closer
	var copies []*exchange
	s := x.rare()
	for _, c := range s.closers {
		switch c := c.(type) {
		case *Response:
			later = append(later, c)
		case releaser:
			later = append(later, c)
			copies = append(copies, c.x)
		default:
			now = append(now, c)
		}
	}
	x.released = true
	stop := s.stopCtx
	s.closers, s.stopCtx = later, nil
	x.mu.Unlock()
	if stop != nil {
		stop()
	}
	for _, c := range copies {
		c.cutShort()
	}
	closeEach(now)
}

func (x *exchange) closeAll() {
	x.mu.Lock()
	s := x.rare()
	closers := s.closers
	s.closers = nil
	x.mu.Unlock()
	closeEach(closers)
}

func closeEach(closers []io.Closer) {
	for _, c := range slices.Backward(closers) {
		c.Close()
	}
}
