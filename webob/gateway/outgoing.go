package gateway

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// passedOn are the variables of a request that a program behind is told beside
// its header fields, RFC 3875 §4.1. SCRIPT_NAME and QUERY_STRING are always there.
var passedOn = [...]string{
	"REQUEST_METHOD", "PATH_INFO", "CONTENT_TYPE", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL",
	"REQUEST_URI", "REMOTE_ADDR", "REMOTE_PORT", "REMOTE_HOST", "REMOTE_USER", "REMOTE_IDENT", "AUTH_TYPE",
	"HTTPS", "SSL_PROTOCOL", "SSL_CIPHER", "SSL_TLS_SNI",
}

// variablesOf is what a program behind is told of a request. The environ leaves out
// what could be mistaken: header fields with an underscore, and Proxy. A NUL, where
// programs in C would take the text for ended, is refused.
func variablesOf(req *webob.Request) (map[string]string, error) {
	env := req.Environ()
	vars := map[string]string{
		"GATEWAY_INTERFACE": "CGI/1.1",
		"SERVER_SOFTWARE":   "gowebob",
		"SCRIPT_NAME":       env.String("SCRIPT_NAME"),
		"QUERY_STRING":      env.String("QUERY_STRING"),
		"REQUEST_SCHEME":    env.String("wsgi.url_scheme"),
	}
	for _, key := range passedOn {
		if value := env.String(key); value != "" {
			vars[key] = value
		}
	}
	if req.ContentLength > 0 {
		vars["CONTENT_LENGTH"] = fmt.Sprint(req.ContentLength)
	}
	for key, value := range env.All() {
		if text, ok := value.(string); ok && strings.HasPrefix(key, "HTTP_") {
			vars[key] = text
		}
	}
	for key, value := range vars {
		if strings.IndexByte(value, 0) >= 0 {
			return nil, exc.BadRequest.Wrap(fmt.Errorf("gateway: NUL in %s", key))
		}
	}
	return vars, nil
}

// measured gives the request a length: a body that comes in chunks is read first,
// within the limits of the request.
func measured(req *webob.Request) error {
	if req.ContentLength >= 0 {
		return nil
	}
	if err := req.MakeBodySeekable(); err != nil {
		return err
	}
	if req.ContentLength < 0 {
		req.ContentLength = 0
	}
	return nil
}

// mounted takes mount off the path, for apps on a mux that leaves it on.
func mounted(r *http.Request, mount string) (*webob.Request, error) {
	req := webob.NewRequest(r)
	mount = strings.TrimSuffix(mount, "/")
	if mount == "" {
		return req, nil
	}
	rest, ok := strings.CutPrefix(r.URL.Path, mount)
	raw, rawOK := strings.CutPrefix(r.URL.EscapedPath(), mount)
	if !ok || !rawOK || rest != "" && rest[0] != '/' {
		if strings.HasSuffix(req.ScriptName(), mount) {
			return req, nil // it was taken off by http.StripPrefix, say
		}
		return nil, exc.NotFound.Wrap(errNotMounted)
	}
	req = req.WithContext(r.Context())
	u := *r.URL
	u.Path, u.RawPath = rest, ""
	if u.EscapedPath() != raw {
		u.RawPath = raw
	}
	req.URL = &u
	return req, nil
}

var errNotMounted = errors.New("gateway: the path is not below Mount")

// clean tells a path that names what it seems to: absolute, without empty, . and ..
// segments.
func clean(p string) bool {
	return strings.HasPrefix(p, "/") && (path.Clean(p) == p || path.Clean(p)+"/" == p)
}

// duplex lets a program answer before it has read all of the body.
func duplex(w http.ResponseWriter) {
	_ = http.NewResponseController(w).EnableFullDuplex() // where there is none it is not needed
}
