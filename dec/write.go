package dec

import (
	"io"
	"iter"

	"github.com/gowebob/gowebob/webob"
)

// These write what a function has returned as data into the request's own
// response, or into a new one where the function has not touched that.

// text answers with s under that type, unless the own response has one.
func (s *settings) text(req *webob.Request, contentType, text string) *webob.Response {
	p := req.TakeResponse()
	if p == nil && contentType == typeText {
		return webob.Text(text)
	}
	if p = typed(p, contentType); bodiless(p) {
		p.SetText(text)
		return req.Settle(p, s.page)
	}
	_, err := p.WriteString(text)
	return s.written(req, p, err)
}

// bytes answers with b.
func (s *settings) bytes(req *webob.Request, b []byte) *webob.Response {
	p := req.TakeResponse()
	if p == nil {
		return webob.Bytes(typeBytes, b)
	}
	if p = typed(p, typeBytes); bodiless(p) {
		p.SetBytes(b)
		return req.Settle(p, s.page)
	}
	_, err := p.Write(b)
	return s.written(req, p, err)
}

// written is p after more has been written to it.
func (s *settings) written(req *webob.Request, p *webob.Response, err error) *webob.Response {
	if err != nil {
		p.Close()
		return s.failed(req, err)
	}
	return req.Settle(p, s.page)
}

// reader answers with what r gives.
func (s *settings) reader(req *webob.Request, r io.Reader) *webob.Response {
	p := typed(req.TakeResponse(), typeBytes)
	p.SetBody(r)
	return req.Settle(p, s.page)
}

// chunks answers with the pieces of seq.
func (s *settings) chunks(req *webob.Request, seq iter.Seq2[[]byte, error]) *webob.Response {
	p := typed(req.TakeResponse(), typeBytes)
	p.SetChunks(seq)
	return req.Settle(p, s.page)
}

// typed is p, or a new Response, with a type.
func typed(p *webob.Response, contentType string) *webob.Response {
	if p == nil {
		p = webob.NewResponse(200)
	}
	if p.Header().ContentType() == "" {
		p.Header().SetContentType(contentType)
	}
	return p
}

// bodiless says whether nothing has been written to p yet.
func bodiless(p *webob.Response) bool {
	n, known := p.ContentLength()
	return known && n == 0
}
