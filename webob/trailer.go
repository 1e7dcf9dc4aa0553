package webob

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/webob/header"
)

// SetTrailer has fields sent after the body (RFC 9110 §6.5), for what is known only
// then: a checksum, a count, how it went. trailer is called when the body has been
// written; nil takes it back. The names given are announced in the field Trailer;
// fields that have not been announced are sent all the same.
//
// Trailers need a body without a Content-Length, so that none is sent any more, over
// HTTP/1.1 or 2; HTTP/1.0 and answers without a body have none. Many clients and
// proxies drop them: send nothing there that is needed. Fields that steer a message or
// how it is read (Content-Type, Content-Length, Set-Cookie and so on, §6.5.1) and
// values that would split the header are left out, and the log says so.
func (p *Response) SetTrailer(trailer func() http.Header, names ...string) {
	p.extra().trailer = trailer
	for _, name := range names {
		if announced := p.announced(); !announced[http.CanonicalHeaderKey(name)] {
			p.header.Set("Trailer", strings.Join(append(p.header.Values("Trailer"), name), ", "))
		}
	}
}

// Trailer are the fields after the body, also those of a foreign handler, without
// http.TrailerPrefix. Ask when the body has been read (by Bytes, Wait, Body or Chunks);
// before, those of a handler are not there. The map is the caller's.
func (p *Response) Trailer() http.Header {
	fields := http.Header{}
	for name, vals := range p.trailerFields() {
		name = http.CanonicalHeaderKey(strings.TrimPrefix(name, http.TrailerPrefix))
		fields[name] = append(fields[name], vals...)
	}
	return fields
}

func (p *Response) trailerFields() http.Header {
	switch {
	case p.ext == nil:
		return nil
	case p.ext.trailer != nil:
		return p.ext.trailer()
	case p.has(streamed):
		return trailersOf(p.ext.body)
	}
	return nil
}

// trailersOf are the trailers of the foreign handler that a body comes from, once it
// has ended. What they say of bytes is not true of bytes that have been coded since.
func trailersOf(s stream) http.Header {
	var fields http.Header
	switch s := s.(type) {
	case callBody:
		if s.c.ended {
			return s.c.trailerFields()
		}
		return nil
	case *peeked:
		return trailersOf(s.stream)
	case *encoded:
		fields = trailersOf(s.src)
	case *decoded:
		fields = trailersOf(s.src)
	}
	if fields == nil {
		return nil
	}
	fields = fields.Clone()
	for _, name := range digests {
		delete(fields, name)
		delete(fields, http.TrailerPrefix+name)
	}
	return fields
}

// announced are the names in Trailer.
func (p *Response) announced() map[string]bool {
	names := make(map[string]bool)
	for _, line := range p.header.Values("Trailer") {
		for name := range strings.SplitSeq(line, ",") {
			names[http.CanonicalHeaderKey(strings.TrimSpace(name))] = true
		}
	}
	return names
}

// trailers sends what may only be known after the body.
func (t *transmission) trailers() {
	p := t.p
	if p.ext == nil {
		return
	}
	fields := p.trailerFields()
	if len(fields) == 0 {
		return
	}
	announced := p.announced()
	if len(announced) == 0 && t.r.ProtoMajor == 1 {
		// Else net/http finds a length for a short body, and sends no chunks.
		http.NewResponseController(t.w).Flush()
	}
	h := t.w.Header()
	for name, vals := range fields {
		plain := http.CanonicalHeaderKey(strings.TrimPrefix(name, http.TrailerPrefix))
		if err := trailerFault(plain, vals); err != nil {
			t.r.logFailure("trailer left out", http.StatusInternalServerError, err)
			continue
		}
		if !announced[plain] {
			plain = http.TrailerPrefix + plain
		}
		h[plain] = vals
	}
}

// trailerFault says why a field cannot be sent behind the body.
func trailerFault(name string, vals []string) error {
	if steers(name) {
		return fmt.Errorf("webob: %s cannot be a trailer", name)
	}
	field := header.FromHeader(http.Header{name: vals})
	if err := field.Err(); err != nil {
		return fmt.Errorf("webob: trailer: %w", err)
	}
	return nil
}

// steers tells the fields that must not come after the body, RFC 9110 §6.5.1: they
// frame or route the message, control, authenticate, or say how to read it.
func steers(name string) bool {
	switch name {
	case "Age", "Allow", "Authorization", "Cache-Control", "Connection", "Content-Encoding", "Content-Length",
		"Content-Range", "Content-Type", "Date", "Expect", "Expires", "Host", "Keep-Alive", "Location",
		"Max-Forwards", "Pragma", "Range", "Retry-After", "Set-Cookie", "Te", "Trailer",
		"Transfer-Encoding", "Upgrade", "Vary", "Www-Authenticate":
		return true
	}
	return strings.HasPrefix(name, "If-") || strings.HasPrefix(name, "Proxy-")
}
