package exc

import (
	"net/http"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// WithHeader makes a copy that sends one more header field. A field that would
// split the header is answered as a 500 that says which it is. Content-Type and
// Content-Length are the page's own and passed over; WithBody sets a type.
// WebOb: the argument headers.
func (e *Error) WithHeader(name, value string) *Error {
	return e.with(func(m *more) { m.fields = append(m.fields, field{name: name, value: value}) })
}

// setHeader makes a copy with one field of that name.
func (e *Error) setHeader(name, value string) *Error {
	return e.with(func(m *more) { m.fields = append(m.fields, field{name, value, true}) })
}

// Allow makes a copy that names the methods the resource knows, which a 405 has
// to (RFC 9110 §15.5.6). No methods is an empty field: the resource takes none.
func (e *Error) Allow(methods ...string) *Error {
	return e.setHeader("Allow", strings.Join(methods, ", "))
}

// Challenge makes a copy with a challenge such as `Basic realm="files"`, which a
// 401 has to have (RFC 9110 §11.6.1) and a 407 too; there the field is
// Proxy-Authenticate. Called twice it offers two ways.
func (e *Error) Challenge(challenge string) *Error {
	if e.kind.status == http.StatusProxyAuthRequired {
		return e.WithHeader("Proxy-Authenticate", challenge)
	}
	return e.WithHeader("WWW-Authenticate", challenge)
}

// RetryAfter makes a copy that says when to try again (RFC 9110 §10.2.3), in whole
// seconds, rounded up; less than none counts as none.
func (e *Error) RetryAfter(wait time.Duration) *Error {
	return e.setHeader("Retry-After", header.After(wait).String())
}

// RetryAt is RetryAfter for a time; the zero time is no wait.
func (e *Error) RetryAt(t time.Time) *Error {
	return e.setHeader("Retry-After", header.At(t).String())
}

// writeFields puts the fields of the error into the header of its page.
func (m *more) writeFields(h *header.List) {
	for _, f := range m.fields {
		switch {
		case strings.EqualFold(f.name, "Content-Type"), strings.EqualFold(f.name, "Content-Length"):
		case f.replace:
			h.Set(f.name, f.value)
		default:
			h.Add(f.name, f.value)
		}
	}
}
