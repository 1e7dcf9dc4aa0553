package webob

import "net/http"

// Copy is a request of its own, with a body of its own: what is changed in one is
// not seen in the other, environ keys and header fields included. (WithContext and
// Clone give views that share the environ and the body.) The body is read for it,
// within the limits and errors of Bytes, but into a temporary file if it is large;
// both can read it. What belongs to the body ends with the original request.
// WebOb: Request.copy.
func (r *Request) Copy() (*Request, error) {
	s, err := r.load(false)
	if err != nil {
		return nil, err
	}
	c := r.twin()
	c.Body = http.NoBody
	if s != nil {
		c.Body = &replay{s: s}
	}
	return c, nil
}

// CopyGet is Copy as a GET request without a body, and so without its
// Content-Type: for asking another app something in this request's name. Other
// header fields stay. The body is not read. WebOb: Request.copy_get.
func (r *Request) CopyGet() *Request {
	c := r.twin()
	c.Method = http.MethodGet
	c.Body, c.GetBody, c.ContentLength, c.TransferEncoding = http.NoBody, nil, 0, nil
	c.Form, c.PostForm, c.MultipartForm = nil, nil, nil
	for _, name := range []string{"Content-Type", "Content-Length", "Transfer-Encoding", "Trailer"} {
		delete(c.Header, name)
	}
	return c
}

// twin copies all but the body. It answers for the same client, so Responses see
// one request in both.
func (r *Request) twin() *Request {
	c := &Request{Request: r.Request.Clone(r.Context()), w: r.w}
	c.x = &exchange{root: r.identity(), env: r.x.snapshot()}
	if p := r.pathState(); p != nil {
		c.keepPath(c.Request, p)
	}
	if r.x != nil && r.x.in != nil {
		c.input().limits.Store(r.x.in.limits.Load())
	}
	r.own(releaser{c.x})
	return c
}

// releaser ends a copy with its original.
type releaser struct{ x *exchange }

func (c releaser) Close() error { c.x.release(); return nil }
