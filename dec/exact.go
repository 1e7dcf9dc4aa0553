package dec

import (
	"html/template"

	"github.com/gowebob/gowebob/webob"
)

// The types that answers mostly have. Each keeps its function typed, so that a
// request meets no reflection, no boxing and no generic dictionary.

const (
	typeText  = "text/plain; charset=utf-8"
	typeHTML  = "text/html; charset=utf-8"
	typeBytes = "application/octet-stream"
)

// Header values that all answers share; nothing may change them.
var (
	readyText  = []string{typeText}[:1:1]
	readyHTML  = []string{typeHTML}[:1:1]
	readyBytes = []string{typeBytes}[:1:1]
)

// textApp is a function that returns a string.
type textApp struct {
	fn func(*webob.Request) (string, error)
	*settings
}

// direct writes the text; an error, and what the function has done to its own
// response, take the way of a Response.
func (a *textApp) direct(d webob.Direct) {
	s, err := a.fn(d.Request())
	if err == nil && d.Plain() {
		d.Text(readyText, s)
		return
	}
	d.Send(a.answer(d.Request(), s, err))
}

func (a *textApp) respond(req *webob.Request) *webob.Response {
	s, err := a.fn(req)
	return a.answer(req, s, err)
}

// answer is the Response of what the function has returned. An error that is a
// typed nil is none, and does not show before it is looked at.
func (a *textApp) answer(req *webob.Request, s string, err error) *webob.Response {
	if err != nil {
		if p := a.failed(req, err); p != nil {
			return p
		}
	}
	return a.text(req, typeText, s)
}

// htmlApp is a function that returns safe HTML.
type htmlApp struct {
	fn func(*webob.Request) (template.HTML, error)
	*settings
}

func (a *htmlApp) direct(d webob.Direct) {
	s, err := a.fn(d.Request())
	if err == nil && d.Plain() {
		d.Text(readyHTML, string(s))
		return
	}
	d.Send(a.answer(d.Request(), s, err))
}

func (a *htmlApp) respond(req *webob.Request) *webob.Response {
	s, err := a.fn(req)
	return a.answer(req, s, err)
}

func (a *htmlApp) answer(req *webob.Request, s template.HTML, err error) *webob.Response {
	if err != nil {
		if p := a.failed(req, err); p != nil {
			return p
		}
	}
	return a.text(req, typeHTML, string(s))
}

// bytesApp is a function that returns bytes of no known type.
type bytesApp struct {
	fn func(*webob.Request) ([]byte, error)
	*settings
}

func (a *bytesApp) direct(d webob.Direct) {
	b, err := a.fn(d.Request())
	if err == nil && d.Plain() {
		d.Bytes(readyBytes, b)
		return
	}
	d.Send(a.answer(d.Request(), b, err))
}

func (a *bytesApp) respond(req *webob.Request) *webob.Response {
	b, err := a.fn(req)
	return a.answer(req, b, err)
}

func (a *bytesApp) answer(req *webob.Request, b []byte, err error) *webob.Response {
	if err != nil {
		if p := a.failed(req, err); p != nil {
			return p
		}
	}
	return a.bytes(req, b)
}

// responseApp is a function that returns a Response, which may stream.
type responseApp struct {
	fn func(*webob.Request) (*webob.Response, error)
	*settings
}

func (a *responseApp) direct(d webob.Direct) {
	req := d.Request()
	p, err := a.fn(req)
	if p == nil || err != nil {
		p = a.response(req, p, err)
	} else {
		p = req.Settle(p, a.page)
	}
	d.Send(p)
}

func (a *responseApp) respond(req *webob.Request) *webob.Response {
	p, err := a.fn(req)
	return a.response(req, p, err)
}

// response is the answer of a function that has returned p and err.
func (s *settings) response(req *webob.Request, p *webob.Response, err error) *webob.Response {
	if err != nil {
		if page := s.failed(req, err); page != nil {
			if p != nil {
				p.Close()
			}
			return page
		}
	}
	if p == nil {
		return s.nothing(req)
	}
	return req.Settle(p, s.page)
}
