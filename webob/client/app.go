package client

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// App is a server somewhere else as an app. It is safe for concurrent use, and keeps
// connections open for the next request. WebOb: SendRequest.
type App struct {
	target    *url.URL // nil where the request says
	o         Options
	transport http.RoundTripper
}

// New makes an app of the server at target, an http or https URL with or without a
// path. A request's path, as URL.Path has it, is put behind that: use
// http.StripPrefix where the app is mounted deeper. A target with credentials, a query
// or a fragment is an error.
func New(target string, o Options) (*App, error) {
	u, err := url.Parse(target)
	if err != nil {
		return nil, fmt.Errorf("client: target: %w", err)
	}
	switch {
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return nil, fmt.Errorf("client: target %q is no http or https URL with a host", u.Redacted())
	case u.User != nil, u.RawQuery != "" || u.ForceQuery, u.Fragment != "":
		return nil, fmt.Errorf("client: target %q has more than scheme, host and path", u.Redacted())
	}
	return &App{target: u, o: o, transport: o.transport()}, nil
}

// NewSender makes an app that sends each request to the server it names itself: by
// SERVER_NAME and SERVER_PORT of its environ, which are those of its Host unless set,
// with the path that ScriptName and PathInfo make up. It is for requests that the
// program has made; never mount it on a server. WebOb: SendRequest.
func NewSender(o Options) *App { return &App{o: o, transport: o.transport()} }

// oneShot closes its connection after each request, so that nothing is kept.
var oneShot = func() *App {
	t := Options{}.transport().(*http.Transport)
	t.DisableKeepAlives = true
	return NewSender(Options{Transport: t})
}()

// Do sends a request that the program has made to the server it names, on a
// connection of its own, and gives the answer. Close it, or read it to its end. For
// many requests, or other options, give an App to req.GetResponse. WebOb:
// Request.send, send_request_app.
func Do(req *webob.Request) *webob.Response { return req.GetResponse(oneShot) }

// Respond sends the request and answers with what comes back. The error of a failure
// is one of package exc, with its cause.
func (a *App) Respond(req *webob.Request) *webob.Response {
	p, err := a.send(req)
	if err != nil {
		return exc.Page(req, err)
	}
	return p
}

// ServeHTTP answers with what the server answers.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(a, w, r) }

// Close closes the connections that are kept open for the next request. The app can
// still be used.
func (a *App) Close() error {
	if t, ok := a.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
	return nil
}

// ErrRequest is the cause where a request cannot be sent as it is: a scheme other than
// http and https, a path that climbs out of the target's, a query or field with
// characters that would break the message apart.
var ErrRequest = errors.New("client: the request cannot be sent")

func unsendable(format string, args ...any) error {
	return exc.BadRequest.Wrap(fmt.Errorf("%w: %s", ErrRequest, fmt.Sprintf(format, args...)))
}

// where is the URL to ask and the Host to send.
func (a *App) where(req *webob.Request) (u *url.URL, host string, err error) {
	if a.target == nil {
		return named(req)
	}
	escaped := "/"
	u = &url.URL{Scheme: a.target.Scheme, Host: a.target.Host}
	host = a.target.Host
	if a.o.KeepHost && req.Host != "" {
		host = req.Host
	}
	if req.URL != nil {
		escaped = req.URL.EscapedPath()
	}
	if escaped == "*" && req.Method == http.MethodOptions {
		u.Path = strings.TrimSuffix(a.target.Path, "/")
		if u.Path == "" {
			u.Path = "*"
		}
		return u, host, nil
	}
	if err := setPath(u, a.target.EscapedPath(), escaped); err != nil {
		return nil, "", err
	}
	u.RawQuery, err = query(req)
	return u, host, err
}

// named is where the request itself wants to go.
func named(req *webob.Request) (*url.URL, string, error) {
	env := req.Environ()
	scheme := req.Scheme()
	if scheme != "http" && scheme != "https" {
		return nil, "", unsendable("scheme %.20q", scheme)
	}
	u := &url.URL{Scheme: scheme, Host: env.String("SERVER_NAME")}
	if port := env.String("SERVER_PORT"); port != "" {
		u.Host += ":" + port
	}
	if err := setPath(u, "", req.Path()); err != nil {
		return nil, "", err
	}
	q, err := query(req)
	u.RawQuery = q
	host := req.Host
	if host == "" {
		host = u.Host
	}
	return u, host, err
}

// setPath puts an escaped path behind a base, as it came. One that would climb out of
// the base is refused, however its dots and slashes are written.
func setPath(u *url.URL, base, escaped string) error {
	base = strings.TrimSuffix(base, "/")
	if !strings.HasPrefix(escaped, "/") {
		escaped = "/" + escaped
	}
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		return unsendable("path %.80q", escaped)
	}
	if base != "" && climbs(plain) {
		return unsendable("path %.80q leaves the target", escaped)
	}
	plainBase, err := url.PathUnescape(base)
	if err != nil {
		return unsendable("target path %.80q", base)
	}
	u.Path, u.RawPath = plainBase+plain, base+escaped
	return nil
}

// climbs tells a path that leads above its start, as any server might read it: with
// backslashes for slashes, and decoded once more.
func climbs(plain string) bool {
	if again, err := url.PathUnescape(plain); err == nil && again != plain && climbs(again) {
		return true
	}
	depth := 0
	for segment := range strings.FieldsFuncSeq(plain, func(r rune) bool { return r == '/' || r == '\\' }) {
		segment, _, _ = strings.Cut(segment, ";")
		switch segment {
		case ".":
		case "..":
			if depth--; depth < 0 {
				return true
			}
		default:
			depth++
		}
	}
	return false
}

// query is the query as it came. Bytes that no URI has are escaped; spaces and control
// characters, which end a request line, are refused.
func query(req *webob.Request) (string, error) {
	if req.URL == nil {
		return "", nil
	}
	raw := req.URL.RawQuery
	wide := 0
	for i := range len(raw) {
		switch c := raw[i]; {
		case c <= ' ' || c == 0x7f:
			return "", unsendable("character %q in the query", c)
		case c >= 0x80:
			wide++
		}
	}
	if wide == 0 {
		return raw, nil
	}
	const digits = "0123456789ABCDEF"
	b := make([]byte, 0, len(raw)+2*wide)
	for i := range len(raw) {
		if c := raw[i]; c >= 0x80 {
			b = append(b, '%', digits[c>>4], digits[c&15])
		} else {
			b = append(b, c)
		}
	}
	return string(b), nil
}
