package webob

import (
	"fmt"
	"maps"
	"net/http"

	"github.com/gowebob/gowebob/webob/header"
)

// Inform sends an informational answer at once, before the Response that follows:
// 103 with Link fields tells a browser what to fetch while the app still works (RFC
// 8297), 102 that it does. What is in h is sent with it and not kept.
//
// It is a service to the client: where nobody can hear it (a request made by hand,
// HTTP/1.0, whose clients would take it for the answer) nothing is sent and nothing
// is wrong. An error is a status that is none of 102 to 199, or a field that cannot
// be sent. Informational answers after the first byte of the Response are dropped
// by net/http.
func (r *Request) Inform(status int, h http.Header) error {
	if status < 102 || status > 199 {
		return fmt.Errorf("webob: inform: status %d is none of 102 to 199", status)
	}
	fields := header.FromHeader(h)
	if err := fields.Err(); err != nil {
		return fmt.Errorf("webob: inform: %w", err)
	}
	if r.w == nil || !r.ProtoAtLeast(1, 1) {
		return nil
	}
	sent := r.w.Header()
	before := maps.Clone(sent)
	fields.AppendTo(sent)
	r.w.WriteHeader(status)
	clear(sent)
	maps.Copy(sent, before)
	return nil
}

// EarlyHints tells a browser what to fetch while the app still works, in a 103 with these
// Link fields (RFC 8297). It is sent at once, and several may be:
//
//	req.EarlyHints(header.LinkValue{Target: "/style.css",
//		Params: header.Params{{Name: "rel", Value: "preload"}, {Name: "as", Value: "style"}}})
//
// What the answer itself should say of links is said there again. Hint only at what any
// answer will need, also an error page. Where nobody can hear it nothing is sent, see
// Inform; browsers heed hints over HTTP/2 alone. An error is a link that cannot be
// written; no links are none.
func (r *Request) EarlyHints(links ...header.LinkValue) error {
	if len(links) == 0 {
		return nil
	}
	h := make(http.Header, 1)
	if err := header.Link.Set(h, links); err != nil {
		return fmt.Errorf("webob: early hints: %w", err)
	}
	return r.Inform(http.StatusEarlyHints, h)
}
