package dec

import (
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// dataApp is a function whose results are rendered.
type dataApp[T any] struct {
	fn func(*webob.Request) (T, error)
	*settings
	pointer bool // T is a pointer, and may be nil
}

// isNil says whether v stands for nothing. Empty slices and maps do not: they are
// data.
func (a *dataApp[T]) isNil(v T) bool {
	var zero T
	return a.pointer && any(v) == any(zero)
}

// direct renders the data into a buffer and writes that, so that a value that
// cannot be rendered is still a proper 500.
func (a *dataApp[T]) direct(d webob.Direct) {
	v, err := a.fn(d.Request())
	if err == nil && d.Plain() && !a.isNil(v) {
		a.show(d, v)
		return
	}
	d.Send(a.answer(d.Request(), v, err))
}

func (a *dataApp[T]) respond(req *webob.Request) *webob.Response {
	v, err := a.fn(req)
	return a.answer(req, v, err)
}

func (a *dataApp[T]) answer(req *webob.Request, v T, err error) *webob.Response {
	if err != nil {
		if p := a.failed(req, err); p != nil {
			return p
		}
	}
	if a.isNil(v) {
		return a.nothing(req)
	}
	return a.data(req, v)
}

var readyVary = []string{"Accept"}[:1:1]

// show answers with data without a Response.
func (s *settings) show(d webob.Direct, v any) {
	r := s.choose(d.Request())
	if r == nil {
		d.Send(s.failed(d.Request(), s.unacceptable()))
		return
	}
	page := newSheet()
	// After an error or a panic the sheet is not used again.
	if err := r.render(page, v); err != nil {
		p := s.failed(d.Request(), r.failure(v, err))
		s.vary(p)
		d.Send(p)
		return
	}
	if s.types != nil {
		d.Vary(readyVary)
	}
	d.Bytes(r.ready, page.buf.Bytes())
	page.free()
}

// data answers with data by a Response.
func (s *settings) data(req *webob.Request, v any) *webob.Response {
	r := s.choose(req)
	if r == nil {
		return s.failed(req, s.unacceptable())
	}
	b, err := r.marshal(v)
	if err != nil {
		p := s.failed(req, r.failure(v, err))
		s.vary(p)
		return p
	}
	p := req.TakeResponse()
	if p == nil {
		p = webob.Bytes(r.contentType, b)
		s.vary(p)
		return p
	}
	// A type that the function has set is kept, unless another format was chosen.
	if t := p.Header().Get("Content-Type"); t == "" || s.types != nil && !sameFormat(t, r.offer) {
		p.Header().Set("Content-Type", r.contentType)
	}
	p.SetBytes(b)
	s.vary(p)
	return req.Settle(p, s.page)
}

// vary says that the Accept field was looked at.
func (s *settings) vary(p *webob.Response) {
	if s.types != nil {
		p.AddVary("Accept")
	}
}

// sameFormat says whether a type that the function has set is one of the format
// chosen: application/problem+json is JSON.
func sameFormat(own, offer string) bool {
	own, _, _ = strings.Cut(own, ";")
	_, format, _ := strings.Cut(offer, "/")
	return strings.HasSuffix(strings.ToLower(strings.TrimSpace(own)), format)
}
