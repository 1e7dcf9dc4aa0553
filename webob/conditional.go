package webob

import (
	"net/http"

	"github.com/gowebob/gowebob/webob/header"
)

// conditioned is the answer that r's preconditions and ranges make of p, in the
// order of RFC 9110 §13.2.2: p itself, or a new Response that takes p's body
// over (closing the one closes the other). p stays as it is.
//
// Only GET and HEAD are looked at: another method has done its work by now, and a
// 412 would deny that. An app that guards a change asks Request.Precondition before.
func (p *Response) conditioned(r *http.Request) *Response { return p.decided(p.verdict(r), r) }

// verdict is what r's preconditions come to for p.
func (p *Response) verdict(r *http.Request) verdict {
	if p.status < 200 || p.status > 299 || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return verdict{}
	}
	now := selected{etag: p.header.Get("Etag"), head: &p.header}
	return now.judge(r.Header, true)
}

// decided is conditioned with the verdict known.
func (p *Response) decided(v verdict, r *http.Request) *Response {
	switch v.status {
	case http.StatusNotModified:
		return p.notModified(v)
	case http.StatusPreconditionFailed:
		return p.refusal(http.StatusPreconditionFailed)
	}
	if r.Method == http.MethodGet && p.status == http.StatusOK && len(r.Header["Range"]) > 0 {
		return p.ranged(r.Header)
	}
	return p
}

// sendNotModified sends the 304 that notModified would make, where nothing has to be
// made for it; false says that this is another case: 10 % of an answer with a tag.
func (p *Response) sendNotModified(w http.ResponseWriter, v verdict) bool {
	h := w.Header()
	blank := len(h) == 0
	if v.tag != "" || p.ext != nil || !p.header.LendFieldsTo(h) {
		return false
	}
	if !blank {
		delete(h, "Content-Length")
	}
	w.WriteHeader(http.StatusNotModified)
	return true
}

// given says whether h has a field with anything in it.
func given(h http.Header, name string) bool { return anything(h[name]) }

// anything says whether there is anything in the lines of a field.
func anything(lines []string) bool {
	for _, line := range lines {
		if line != "" {
			return true
		}
	}
	return false
}

// derived is a Response with that header that owns p's body without showing it.
func (p *Response) derived(status int, fields header.List) *Response {
	q := &Response{header: fields, status: int32(status), flags: settled}
	if p.ext != nil {
		q.extra().onClose = []func(){func() { p.Close() }}
	}
	return q
}

// notModified is the 304: everything but the body and what describes its bytes.
func (p *Response) notModified(v verdict) *Response {
	q := p.derived(http.StatusNotModified, p.header.LendWithout("Content-Type", "Content-Length"))
	if v.tag != "" { // the client has it in a coding
		q.header = q.header.Clone()
		q.header.Set("ETag", v.tag)
		q.addVary("Accept-Encoding")
	}
	return q
}

// refusal is a 412 or 416. It keeps what concerns the resource and the client
// (ETag, Last-Modified, Vary, cookies, security fields) and loses what described
// the body, and how long that may be cached.
func (p *Response) refusal(status int) *Response {
	q := p.derived(status, p.header.Clone())
	q.header.DeleteFunc(func(name, _ string) bool { return describesBody(name) })
	q.SetText(http.StatusText(status) + "\n")
	return q
}

// describesBody tells the fields that an error must not take over from the
// success it replaces.
func describesBody(name string) bool {
	switch name {
	case "Content-Type", "Content-Length", "Content-Encoding", "Content-Language", "Content-Location",
		"Content-Range", "Content-Md5", "Content-Digest", "Repr-Digest", "Content-Disposition",
		"Cache-Control", "Expires", "Age", "Pragma", "Trailer", "Transfer-Encoding":
		return true
	}
	return false
}
