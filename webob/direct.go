package webob

import (
	"context"
	"io"
	"net/http"
)

// This file is for those who turn functions into apps, as package dec does:
// what such an app needs beyond Serve, to answer without a Response where no
// filter is there to see one.

// Direct is the place of an app that no filter of ours is around: what it writes
// goes to the client as it is. Enter gives it.
//
//	func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
//		d, ok := webob.Enter(w, r)
//		if !ok {
//			webob.Serve(a, w, r)
//			return
//		}
//		defer d.Leave()
//		...
//	}
type Direct struct{ req *Request }

// Enter begins the answer of r at the outermost place; ok is false where a filter
// of ours is outside, which has to be given a Response: Serve does.
func Enter(w http.ResponseWriter, r *http.Request) (d Direct, ok bool) {
	if _, within := w.(*call); within || r.Context().Value(callKey{}) != nil {
		return Direct{}, false
	}
	return Direct{&Request{Request: r, w: w}}, true
}

// Leave closes all that the request has opened. It has to be deferred.
func (d Direct) Leave() { d.req.end() }

// Writer is what the answer goes to.
func (d Direct) Writer() http.ResponseWriter { return d.req.w }

// Request is the request to be answered.
func (d Direct) Request() *Request { return d.req }

// Plain says whether an answer is nothing but its body: the function has not
// touched the request's own response and nothing was negotiated. Where it is
// false, Text and Bytes would lose what was said there.
func (d Direct) Plain() bool {
	return d.req.x == nil || d.req.x.plain()
}

func (x *exchange) plain() bool {
	return x.response.Load() == nil && !x.varied.Load()
}

// Text answers 200 with s. contentType is one value; the slice is shared by all
// answers and must never be changed. The bytes on the wire are those of a Response.
func (d Direct) Text(contentType []string, s string) {
	if d.head(contentType, len(s)) {
		d.wrote(io.WriteString(d.req.w, s))
	}
}

// Bytes is Text for bytes.
func (d Direct) Bytes(contentType []string, b []byte) {
	if d.head(contentType, len(b)) {
		d.wrote(d.req.w.Write(b))
	}
}

// Vary adds to the Vary field of the answer that Text or Bytes will write.
func (d Direct) Vary(fields []string) {
	h := d.req.w.Header()
	if prev := h["Vary"]; len(prev) > 0 {
		fields = append(prev[:len(prev):len(prev)], fields...)
	}
	h["Vary"] = fields
}

// head sets the fields, and says whether a body is to be written. The first byte of one
// sends the status 200 by itself, and so a call is spared.
func (d Direct) head(contentType []string, length int) (body bool) {
	h := d.req.w.Header()
	h["Content-Type"] = contentType
	h["Content-Length"] = lengthValue(int64(length))
	if length > 0 && d.req.Method != http.MethodHead {
		return true
	}
	d.req.w.WriteHeader(http.StatusOK)
	return false
}

// wrote breaks the connection after a write that failed: a cut body never looks
// whole.
func (d Direct) wrote(_ int, err error) {
	if err != nil {
		(&transmission{w: d.req.w, r: d.req}).abort(err, err)
	}
}

// Send answers with p, as Serve does.
func (d Direct) Send(p *Response) {
	r := d.req
	if p != nil && r.x == nil && p.owner.CompareAndSwap(0, r.id()) && p.sendPlain(r.w, r, nil) {
		return // as adopt and send would, in one piece
	}
	r.send(r.adopt(p), r.w)
}

// Pass has app answer, with the writer of this place: Flush, Hijack and sendfile
// work as if nobody was here. What the request carries is seen by apps of ours
// behind app.
func (d Direct) Pass(app http.Handler) {
	if d.req.x == nil {
		app.ServeHTTP(d.req.w, d.req.Request)
		return
	}
	d.Passage().Serve(app, d.req.w)
}

// Passage is a way through foreign code on which nobody waits for a Response.
type Passage struct {
	via *passage
	in  *http.Request
}

// Passage prepares the way for a wrapper of the writer that wants to know of the
// apps of ours behind it. It costs a copy of the http.Request.
func (d Direct) Passage() Passage {
	x := d.req.ex()
	via := &passage{Context: d.req.Context(), req: d.req}
	in := d.req.Request.WithContext(via)
	x.note(in)
	return Passage{via, in}
}

// Serve has app answer to w, the writer of the place or a wrapper of it.
func (p Passage) Serve(app http.Handler, w http.ResponseWriter) {
	app.ServeHTTP(w, p.in)
	p.via.req.cameBack(p.in)
}

// Sync shows the pattern that a mux has matched by now to the request outside,
// and gives the error behind what an app of ours is answering, or nil.
func (p Passage) Sync() error {
	p.via.req.cameBack(p.in)
	x := p.via.req.x
	x.mu.Lock()
	defer x.mu.Unlock()
	return p.via.failed
}

// passage takes a request through foreign code in its context, as carrier does
// for a call.
type passage struct {
	context.Context
	req    *Request
	failed error // under req.x.mu
}

// Value has the passage found where a call would be.
func (p *passage) Value(key any) any {
	if key == (callKey{}) {
		return p
	}
	return p.Context.Value(key)
}

// place is the call or the passage that r is served under; both nil at the
// outermost place.
func place(r *http.Request) (*call, *passage) {
	switch v := r.Context().Value(callKey{}).(type) {
	case *call:
		return v, nil
	case *passage:
		return nil, v
	}
	return nil, nil
}

// serve is Serve within a passage.
func (p *passage) serve(app Responder, w http.ResponseWriter, r *http.Request) {
	req := p.req.view(r, nil)
	req.x.enter()
	defer req.x.leave()
	answer := req.adopt(app.Respond(req))
	req.x.mu.Lock()
	p.failed = answer.Err()
	req.x.mu.Unlock()
	req.send(answer, w)
}

// view is in, as it came out of foreign code, over the environ of r. It is made in
// room, where that is not taken yet; room may be nil.
func (r *Request) view(in *http.Request, room *Request) *Request {
	if in == r.Request {
		return r
	}
	x := r.ex()
	x.mu.Lock()
	x.pattern = in.Pattern
	x.inner.Store(in)
	moved := x.seldom != nil && len(x.paths) > 0
	if room == nil || room.Request != nil {
		room = new(Request)
	}
	room.Request = in
	x.mu.Unlock()
	room.w, room.x = r.w, x
	if moved || in.URL != r.URL || in.RequestURI != r.RequestURI {
		r.handPath(in)
	}
	return room
}

// SwapResponse makes p the request's own response, nil for a new one where
// somebody asks, and gives the one before, nil if nobody has touched it. So each of
// several functions that answer one request, one within the other, has its own.
func (r *Request) SwapResponse(p *Response) *Response {
	if p == nil && r.x == nil {
		return nil
	}
	return r.swapResponse(p)
}

// swapResponse is apart so that the usual case, nothing to swap, is inlined.
func (r *Request) swapResponse(p *Response) *Response {
	own := &r.ex().response
	if p == nil && own.Load() == nil {
		return nil // a load is cheaper than a swap
	}
	return own.Swap(p)
}

// Settle makes the answer of this request out of what a function has returned
// and what it has done to the request's own response. nil stands for that own
// response. Of any other the own one gives its cookies alone. The answer is this
// request's from here on; one that answers another request becomes a 500. A body
// that streams is closed with the request at the latest, and if it fails before its
// first byte page answers, unless OnFailure has been given one.
func (r *Request) Settle(p *Response, page func(*Request, error) *Response) *Response {
	if p != nil && r.x == nil && p.flags&streamed == 0 {
		return p
	}
	return r.settle(p, page)
}

func (r *Request) settle(p *Response, page func(*Request, error) *Response) *Response {
	if r.answeredBy(p) {
		return p
	}
	own := r.TakeResponse()
	if p == nil {
		if own == nil {
			return NewResponse(http.StatusOK)
		}
		p = own
	}
	if err := p.claim(r); err != nil { // before it is touched: it may be another client's
		return page(r, err)
	}
	if own != nil && own != p {
		own.MergeCookies(p)
		own.Close()
	}
	if p.has(streamed) {
		x := r.ex()
		r.keep(p)
		x.mu.Lock()
		if s := x.rare(); s.page == nil {
			s.page = page
		}
		x.mu.Unlock()
	}
	return p
}

// DecodeVars fills v, a pointer to a struct, from variables of any source (InPath,
// InHeader ...), by the rules and within the Limits of Decode; the tag is form.
func (r *Request) DecodeVars(d *MultiDict, v any, source string) error {
	return decodeVars(d, v, source, false, r.Limits())
}
