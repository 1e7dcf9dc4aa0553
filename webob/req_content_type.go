package webob

import "strings"

// ContentType is the media type of the body without parameters, as the client
// wrote it. WebOb: Request.content_type.
func (r *Request) ContentType() string {
	t, _, _ := strings.Cut(first(r.Header["Content-Type"]), ";")
	return t
}

// SetContentType changes the media type. Parameters that were there stay if t has
// none of its own; "" removes the field. A value with CR, LF or NUL is an error.
func (r *Request) SetContentType(t string) error {
	if t == "" {
		r.Environ().Delete("CONTENT_TYPE")
		return nil
	}
	if !strings.Contains(t, ";") {
		if _, params, ok := strings.Cut(first(r.Header["Content-Type"]), ";"); ok {
			t += ";" + params
		}
	}
	return r.Environ().Set("CONTENT_TYPE", t)
}
