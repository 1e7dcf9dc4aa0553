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
// 412 would deny that. An app that guards a change asks header.IfMatchHolds before.
func (p *Response) conditioned(r *http.Request) *Response {
	if p.status < 200 || p.status > 299 || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return p
	}
	switch p.precondition(r.Header) {
	case http.StatusNotModified:
		return p.notModified()
	case http.StatusPreconditionFailed:
		return p.refusal(http.StatusPreconditionFailed)
	}
	if r.Method == http.MethodGet && p.status == http.StatusOK && len(r.Header["Range"]) > 0 {
		return p.ranged(r.Header)
	}
	return p
}

// precondition says what the conditions of h come to: 304, 412, or 0 where the
// answer is given as it is. A condition that cannot be read is handled as its
// field demands: a bad If-Match fails, bad dates and a bad If-None-Match count for
// nothing.
func (p *Response) precondition(h http.Header) int {
	etag := p.header.Get(header.ETag.Name())
	if given(h, "If-Match") {
		if holds, _ := header.IfMatchHolds(h, etag); !holds {
			return http.StatusPreconditionFailed
		}
	} else if given(h, "If-Unmodified-Since") && p.modifiedAfter(h, header.IfUnmodifiedSince.Name(), false) {
		return http.StatusPreconditionFailed
	}
	if given(h, "If-None-Match") {
		if holds, _ := header.IfNoneMatchHolds(h, etag); !holds {
			return http.StatusNotModified
		}
	} else if given(h, "If-Modified-Since") && !p.modifiedAfter(h, header.IfModifiedSince.Name(), true) {
		return http.StatusNotModified
	}
	return 0
}

// given says whether h has a field with anything in it.
func given(h http.Header, name string) bool {
	for _, line := range h[name] {
		if line != "" {
			return true
		}
	}
	return false
}

// modifiedAfter says whether Last-Modified is later than the date in the field;
// unknown is the answer where either of them is missing or bad.
func (p *Response) modifiedAfter(h http.Header, field string, unknown bool) bool {
	last, ok := header.LastModified.Get(&p.header)
	if !ok {
		return unknown
	}
	since, err := header.ParseDate(h.Get(field))
	if err != nil {
		return unknown
	}
	return last.After(since)
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
func (p *Response) notModified() *Response {
	return p.derived(http.StatusNotModified, p.header.LendWithout("Content-Type", "Content-Length"))
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
