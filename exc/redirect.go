package exc

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// Redirect is a redirection with its location: error, value and app as Error is,
// and as little changed by answering. To, ToExternal and AddSlash make one. What it
// has no method for is said before: exc.Found.RetryAfter(wait).To("/").
type Redirect struct {
	err      *Error
	location string
	external bool // may leave the site
	slash    bool // the request's own URL with a slash
}

// To makes a redirect to a place on this site: a path, a path relative to the
// request's, a query alone, or a URL of the request's own scheme and host, or of that
// host over https. The
// location is not made absolute; spaces and what is not ASCII are percent-encoded,
// all else is sent as it is given.
//
// A location that a browser would read as another site is answered 400 with a
// *webob.LocationError as cause, and an empty one 500 with ErrNoLocation. So a
// location that a user has sent may be given.
// WebOb: the argument location.
func (e *Error) To(location string) *Redirect { return &Redirect{err: e, location: location} }

// ToExternal makes a redirect that may leave the site. What runs in the page
// (javascript, data ...), a URL without a host and control characters are answered
// as To does. Never give it what a client has sent.
func (e *Error) ToExternal(url string) *Redirect {
	return &Redirect{err: e, location: url, external: true}
}

// AddSlash makes a redirect to the request's own URL with a slash at the end of
// its path, the query kept. WebOb: the argument add_slash.
func (e *Error) AddSlash() *Redirect { return &Redirect{err: e, slash: true} }

// copyWith is a copy over another Error.
func (r *Redirect) copyWith(e *Error) *Redirect {
	c := *r
	c.err = e
	return &c
}

// With is Error.With.
func (r *Redirect) With(public string) *Redirect { return r.copyWith(r.err.With(public)) }

// Withf is Error.Withf.
func (r *Redirect) Withf(format string, args ...any) *Redirect {
	return r.With(fmt.Sprintf(format, args...))
}

// Wrap is Error.Wrap.
func (r *Redirect) Wrap(err error) *Redirect { return r.copyWith(r.err.Wrap(err)) }

// WithHeader is Error.WithHeader.
func (r *Redirect) WithHeader(name, value string) *Redirect {
	return r.copyWith(r.err.WithHeader(name, value))
}

// Status is the status code.
func (r *Redirect) Status() int { return r.err.Status() }

// Location is the location as it was given; "" where the request decides.
func (r *Redirect) Location() string { return r.location }

// Error gives status, location, detail and cause, for the log.
func (r *Redirect) Error() string {
	if r == nil {
		return "exc: nil *Redirect"
	}
	to := r.location
	if r.slash {
		to = "the same with a slash"
	}
	return r.err.Error() + ": to " + to
}

// Unwrap is the cause, or nil.
func (r *Redirect) Unwrap() error {
	if r == nil {
		return nil
	}
	return r.err.cause
}

// Is matches the sentinel of the same status and the class Redirection.
func (r *Redirect) Is(target error) bool { return r != nil && r.err.Is(target) }

// Respond answers any request. The Err of the Response is nil unless the location
// was refused: a redirect used as an app or a value is an answer like any other.
func (r *Redirect) Respond(req *webob.Request) *webob.Response {
	p := standard.Page(req, r)
	if r != nil && r.err.isAnswer() && p.Err() == error(r) {
		p.SetErr(nil)
	}
	return p
}

// ServeHTTP answers with the redirect.
func (r *Redirect) ServeHTTP(w http.ResponseWriter, q *http.Request) { webob.Serve(r, w, q) }

var _ webob.Responder = (*Redirect)(nil)

// target is the location for a request, or what is to be answered instead.
func (r *Redirect) target(req *webob.Request) (location string, instead *Error) {
	switch {
	case !r.err.takesLocation():
		return "", InternalServerError.Wrap(fmt.Errorf("exc: %d %s is no redirection", r.Status(), r.err.Title()))
	case r.slash:
		return withSlash(req), nil
	case r.location == "":
		return "", InternalServerError.Wrap(ErrNoLocation)
	}
	if err := guard(req, r.location, r.external); err != nil {
		return "", BadRequest.Wrap(err)
	}
	return asciiOnly(r.location), nil
}

// asciiOnly percent-encodes what no URI may have but browsers take: spaces and
// bytes beyond ASCII.
func asciiOnly(location string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(location) {
		if c := location[i]; c == ' ' || c >= 0x80 {
			b.WriteString(string([]byte{'%', hex[c>>4], hex[c&15]}))
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// takesLocation says whether the status leads elsewhere.
func (e *Error) takesLocation() bool { return e.kind.template == moveTemplate }

// withSlash is the last segment of the request's path with a slash, relative to
// that path: so it can name no other host, and is right behind a proxy that has
// taken away the beginning of the path.
func withSlash(req *webob.Request) string {
	path := req.URL.EscapedPath()
	to := "./" + path[strings.LastIndexByte(path, '/')+1:] + "/"
	if req.URL.RawQuery != "" {
		to += "?" + req.URL.RawQuery
	}
	return to
}
