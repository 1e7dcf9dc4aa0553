package webob

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"
)

// Scheme is http or https: what the connection is, not what a field or an
// absolute request target claims. Environ().Set("wsgi.url_scheme", "https") says
// otherwise, for a filter that trusts its proxy. A request made by hand, without
// a request line, takes it from its URL. WebOb: Request.scheme.
func (r *Request) Scheme() string {
	if s := r.overlaid("wsgi.url_scheme"); s != "" {
		return s
	}
	if r.TLS != nil {
		return "https"
	}
	if u := r.target(); r.RequestURI == "" && isScheme(u.Scheme) {
		return u.Scheme
	}
	return "http"
}

// Authority is the host, with the port as the client wrote it; the server's name
// and port where the client named none, or something that is no host (see
// CheckHost). http.Request.Host is what the client sent. WebOb: Request.host.
func (r *Request) Authority() string {
	name, port := r.authority()
	if port == "" {
		return name
	}
	return name + ":" + port
}

// Domain is the host without its port; IPv6 addresses keep their brackets.
// WebOb: Request.domain.
func (r *Request) Domain() string {
	name, _ := r.authority()
	return name
}

// HostPort is the port in digits, that of the scheme if the client named none.
// WebOb: Request.host_port.
func (r *Request) HostPort() string {
	if _, port := r.authority(); port != "" {
		return port
	}
	return defaultPort(r.Scheme())
}

// HostURL is scheme and host, without a port that goes without saying:
// "https://example.com". WebOb: Request.host_url.
func (r *Request) HostURL() string { return r.absolute("") }

// ApplicationURL is the URL of the application, up to ScriptName, escaped. What
// it is built of is safe to show: see CheckHost. WebOb: Request.application_url.
func (r *Request) ApplicationURL() string { return r.absolute(r.script()) }

// PathURL is the URL without the query. WebOb: Request.path_url.
func (r *Request) PathURL() string { return r.absolute(r.Path()) }

// Path is ScriptName and PathInfo, escaped as the client did. WebOb: Request.path.
func (r *Request) Path() string {
	script, path := r.paths()
	return script + path
}

// PathQS is Path with the query, if there is any. WebOb: Request.path_qs.
func (r *Request) PathQS() string { return r.withQuery(r.Path()) }

// FullURL is the URL asked for, with the query as the client sent it.
// WebOb: Request.url; http.Request.URL is the parsed target.
func (r *Request) FullURL() string { return r.withQuery(r.PathURL()) }

func (r *Request) withQuery(s string) string {
	if q := r.target().RawQuery; q != "" {
		return s + "?" + q
	}
	return s
}

// absolute puts scheme and authority before a path. A path without its slash
// would run into the host, so it gets one.
func (r *Request) absolute(path string) string {
	scheme := r.Scheme()
	name, port := r.authority()
	var b strings.Builder
	b.Grow(len(scheme) + len(name) + len(port) + len(path) + len(":///:"))
	b.WriteString(scheme)
	b.WriteString("://")
	b.WriteString(name)
	if port != "" && !(scheme == "http" && port == "80" || scheme == "https" && port == "443") {
		b.WriteByte(':')
		b.WriteString(port)
	}
	if path != "" && path[0] != '/' {
		b.WriteByte('/')
	}
	b.WriteString(path)
	return b.String()
}

var (
	errNUL       = errors.New("a NUL")
	errBadEscape = errors.New("% without two hex digits")
)

// CheckPath tells whether the path is text: UTF-8 without NUL, escaped properly.
// Otherwise it is an *InputError with status 400 that names the part; errors.Is
// finds ErrNotUTF8. ScriptName and PathInfo are lenient, and URLs keep the bytes
// as they are.
func (r *Request) CheckPath() error {
	for _, part := range [...]struct{ name, text string }{
		{"application path", unescapePath(r.script())}, {"path", r.rawPathInfo()},
	} {
		if err := checkText(part.name, part.text); err != nil {
			return err
		}
	}
	asked := r.asked()
	for i := range len(asked) {
		if asked[i] == '%' && !isEscape(asked, i) {
			return &InputError{Status: http.StatusBadRequest, Public: "The path of the URL has a broken escape.",
				Err: badTextIn("path", asked, errBadEscape)}
		}
	}
	return nil
}

// CheckTarget tells whether all of the request's address can be relied on: it
// is CheckHost and CheckPath, and refuses a query with a NUL or bytes that are no
// UTF-8.
func (r *Request) CheckTarget() error {
	if err := r.CheckHost(); err != nil {
		return err
	}
	if err := r.CheckPath(); err != nil {
		return err
	}
	return checkText("query", unescapeVar(r.target().RawQuery))
}

func checkText(part, s string) error {
	fault, public := ErrNotUTF8, " of the URL is not UTF-8."
	switch {
	case isPathText(s):
		return nil
	case utf8.ValidString(s):
		fault, public = errNUL, " of the URL has a NUL."
	}
	return &InputError{Status: http.StatusBadRequest, Public: "The " + part + public, Err: badTextIn(part, s, fault)}
}

func badTextIn(part, text string, err error) error {
	return fmt.Errorf("webob: %s %q: %w", part, shortVar(text), err)
}

// IsXHR tells whether X-Requested-With is XMLHttpRequest, as some script
// libraries say. Anybody may say so. WebOb: Request.is_xhr.
func (r *Request) IsXHR() bool {
	return first(r.Header["X-Requested-With"]) == "XMLHttpRequest"
}
