package webob

import (
	"errors"
	"net/http"
	"strings"
)

// Responder is an app that answers with a value. It is the one optional
// interface of ours: an http.Handler that has it is called without a
// ResponseWriter, and the same *Response travels through the whole pipeline.
// Its ServeHTTP is one line, Serve(app, w, r).
type Responder interface {
	http.Handler
	// Respond answers. A failure is a Response whose Err is not nil. The result
	// belongs to the caller; nil is a fault of the app, answered as a 500.
	Respond(*Request) *Response
}

var errNilResponse = errors.New("webob: the app answered with a nil Response")

// GetResponse runs app on this request and gives its answer, never nil. What
// app does decides how:
//
//   - A Responder is asked directly, with nothing in between.
//   - An *http.ServeMux whose handler for this request is a Responder is
//     transparent: the same *Response comes through it.
//   - What Inline marks is run on the spot and its answer collected.
//   - Any other handler runs on a goroutine of its own, strictly in turn with
//     the reader of the Response's body, so that a body of any size streams in
//     bounded memory and a Flush arrives at once. Apps of ours behind it hand
//     their Response through, error and all, if nothing in between wraps the
//     writer.
//
// A handler's panic comes out of GetResponse, or out of the read of the body
// that it happened under. The handler's context ends with the Response's Close.
//
// WebOb: Request.get_response, Request.send.
func (r *Request) GetResponse(app http.Handler) *Response {
	switch h := app.(type) {
	case *Filter:
		if r.x == nil || r.x.response.Load() == nil { // Respond, a call less deep
			p, err := h.Func(r, h.App)
			if err == nil && r.answeredBy(p) {
				return p
			}
			return r.keep(r.adopt(h.Settle(r, p, err)))
		}
		return r.keep(r.adopt(h.Respond(r)))
	case *inline:
		return r.keep(r.adopt(r.onSpot(h.Handler, h.limit)))
	case Responder:
		p := h.Respond(r)
		if r.answeredBy(p) {
			return p
		}
		return r.keep(r.adopt(p))
	case *http.ServeMux:
		switch app, static := r.behind(h); {
		case static:
			return r.keep(r.adopt(app.Respond(r)))
		case app != nil:
			return r.keep(r.adopt(r.through(h)))
		}
	case nil:
		return r.failure(errors.New("webob: GetResponse of a nil handler"))
	}
	return r.keep(r.adopt(r.onOwn(app)))
}

// behind is what mux would run for this request, if that is a Responder. A mux
// within a mux is looked through. static says that the match leaves nothing but
// the pattern behind, which is noted here: there is no need to go through the mux.
func (r *Request) behind(mux *http.ServeMux) (app Responder, static bool) {
	for range 8 {
		h, pattern := mux.Handler(r.Request)
		if pattern == "" {
			return nil, false
		}
		switch h := h.(type) {
		case Responder:
			if strings.IndexByte(pattern, '{') >= 0 {
				return h, false
			}
			r.Request.Pattern = pattern
			return h, true
		case *http.ServeMux:
			mux = h
		default:
			return nil, false
		}
	}
	return nil, false
}

// answeredBy says that p is an answer in memory that a filter further in has made
// this request's own, and that there is nothing to add: the daily case.
func (r *Request) answeredBy(p *Response) bool {
	return p != nil && p.ext == nil && p.owner.Load() == r.id() && (r.x == nil || r.x.plain())
}

// adopt makes an answer this request's own.
func (r *Request) adopt(p *Response) *Response {
	if p == nil {
		return r.failure(errNilResponse)
	}
	if err := p.claim(r); err != nil {
		return r.failure(err)
	}
	if r.x != nil && r.x.varied.Load() {
		r.recordVary(p)
	}
	return p
}

// recordVary puts down by which fields the answer was chosen.
func (r *Request) recordVary(p *Response) {
	r.x.mu.Lock()
	defer r.x.mu.Unlock()
	for _, field := range r.x.vary {
		p.addVary(field)
	}
}

// onSpot runs a handler known to be quick, on this goroutine.
func (r *Request) onSpot(h http.Handler, limit int) *Response {
	run := new(crossing)
	c := run.begin(r, limit)
	in := run.carry((*carrier)(run))
	h.ServeHTTP(c, in)
	run.keepForm()
	return r.finish(c, in)
}

// through runs a mux that is known to lead to an app of ours. It passes request
// and writer on as they are: there is nothing to carry.
func (r *Request) through(mux *http.ServeMux) *Response {
	c := &call{req: r, limit: threshold, muxed: true}
	mux.ServeHTTP(c, r.Request)
	return r.finish(c, r.Request)
}

func (r *Request) finish(c *call, in *http.Request) *Response {
	r.cameBack(in)
	c.producing.Lock() // http.TimeoutHandler leaves an app running beside us
	defer c.producing.Unlock()
	c.failure = c.missing()
	c.ended = true
	return c.answer()
}

// onOwn runs a handler on a goroutine of its own.
func (r *Request) onOwn(h http.Handler) *Response {
	a := &aside{handler: h}
	c := a.begin(r, 0)
	c.handover = &a.turns
	a.turns.own = &a.ends
	c.made = &a.made
	a.ends.carrier = (*carrier)(&a.crossing)
	in := a.carry(&a.ends)
	r.x.note(in)
	c.start(a)
	if c.panicked != nil {
		r.keepStack(c.stack)
	}
	if c.ended {
		c.end() // a panic comes out here
	}
	r.cameBack(in)
	if c.ended {
		c.producing.Lock()
		defer c.producing.Unlock()
	}
	return c.answer()
}

// cameBack shows the matched pattern to the filters outside the mux.
func (r *Request) cameBack(in *http.Request) {
	if in == r.Request {
		return
	}
	pattern := in.Pattern
	if pattern == "" && r.x != nil && r.x.inner.Load() != in {
		_, pattern = r.x.noted()
	}
	if pattern != "" {
		r.Request.Pattern = pattern
	}
}

func (r *Request) keepStack(stack []byte) {
	r.x.mu.Lock()
	defer r.x.mu.Unlock()
	r.x.rare().stack = stack
}

// Serve is the ServeHTTP of a Responder: it answers r with what app responds.
//
// Called by a server, a mux or foreign middleware it sends the Response to w,
// logs what went wrong, and closes all that the request has opened. Called
// within GetResponse of an outer filter it hands the Response over to that
// filter by reference, or, where a foreign wrapper stands before the writer,
// writes it through the wrapper and lets the error alone travel beside.
func Serve(app Responder, w http.ResponseWriter, r *http.Request) {
	if c, ok := w.(*call); ok {
		req := c.view(r)
		p := app.Respond(req)
		if !req.answeredBy(p) {
			p = req.adopt(p)
		}
		if !c.take(p) {
			c.play(p, w, req)
		}
		return
	}
	switch c, via := place(r); {
	case c != nil:
		req := c.view(r)
		req.ex().enter()
		defer req.x.leave()
		c.play(req.adopt(app.Respond(req)), w, req)
		return
	case via != nil:
		via.serve(app, w, r)
		return
	}
	req := &Request{Request: r, w: w}
	defer req.end()
	req.send(req.adopt(app.Respond(req)), w)
}

// Outermost says whether no filter of ours is outside: what is written to w
// then goes to the client as it is. Package dec writes plain text and data
// without making a Response in that case.
func Outermost(w http.ResponseWriter, r *http.Request) bool {
	if _, ok := w.(*call); ok {
		return false
	}
	return r.Context().Value(callKey{}) == nil
}

// play writes p through a foreign wrapper; only the error travels beside.
func (c *call) play(p *Response, w http.ResponseWriter, req *Request) {
	if err := p.Err(); err != nil {
		c.failBeside(err)
	}
	p.transmit(w, req, c)
}

// end closes what the request opened, whatever way ServeHTTP is left.
func (r *Request) end() {
	if r.x != nil {
		r.x.release()
	}
}
