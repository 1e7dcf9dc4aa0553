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

type textApp struct {
	fn func(*webob.Request) (string, error)
	*settings
}

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

func (a *textApp) answer(req *webob.Request, s string, err error) *webob.Response {
	if err != nil {
		if p := a.failed(req, err); p != nil {
			return p
		}
	}
	return a.text(req, typeText, s)
}

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

type responseApp struct {
	fn func(*webob.Request) (*webob.Response, error)
	*settings
}

func (a *responseApp) direct(d webob.Direct) { d.Send(a.respond(d.Request())) }

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
