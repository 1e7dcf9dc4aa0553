package gateway

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"crypto/tls"

	"github.com/gowebob/gowebob/webob"
)

// incoming is a request as a front tells it by variables.
type incoming struct {
	vars    map[string]string
	options *Options
	fastcgi bool // over FastCGI, where fronts have habits of their own
}

// errVariables is a request that a front should not have passed on.
var errVariables = errors.New("gateway: bad request variables")

func bad(key, value string) error {
	if len(value) > 60 {
		value = value[:60] + "..."
	}
	return fmt.Errorf("%w: %s is %q", errVariables, key, value)
}

// request makes the http.Request as net/http's server would have made it; its
// body is the caller's affair. A ContentLength of -1 is one that was not told.
func (in *incoming) request() (*http.Request, error) {
	r := &http.Request{Method: in.vars["REQUEST_METHOD"], Header: make(http.Header, 16), Host: in.vars["HTTP_HOST"], ContentLength: -1, Body: http.NoBody}
	if !token(r.Method) {
		return nil, bad("REQUEST_METHOD", r.Method)
	}
	if !legalHost(r.Host) {
		return nil, bad("HTTP_HOST", r.Host)
	}
	if err := in.protocol(r); err != nil {
		return nil, err
	}
	if err := in.header(r); err != nil {
		return nil, err
	}
	if err := in.target(r); err != nil {
		return nil, err
	}
	r.RemoteAddr = remoteAddr(in.vars["REMOTE_ADDR"], in.vars["REMOTE_PORT"])
	switch in.vars["HTTPS"] {
	case "on", "ON", "1":
		r.TLS = &tls.ConnectionState{HandshakeComplete: true}
	}
	return r, nil
}

func (in *incoming) protocol(r *http.Request) error {
	r.Proto = in.vars["SERVER_PROTOCOL"]
	switch r.Proto {
	case "HTTP/2", "HTTP/3":
		r.Proto += ".0"
	case "INCLUDED": // RFC 3875 §4.1.16: server-side includes
		r.Proto = "HTTP/1.0"
	}
	var ok bool
	if r.ProtoMajor, r.ProtoMinor, ok = http.ParseHTTPVersion(r.Proto); !ok {
		return bad("SERVER_PROTOCOL", r.Proto)
	}
	return nil
}

// header takes the fields that have a variable of their own, each once: fronts
// that pass all fields on name the length and the type a second time.
func (in *incoming) header(r *http.Request) error {
	for key, value := range in.vars {
		name, ok := webob.HeaderName(key)
		if !ok || key == "HTTP_HOST" || key == "HTTP_TRANSFER_ENCODING" || value == "" && key[:5] != "HTTP_" {
			continue
		}
		if strings.ContainsAny(value, "\r\n\x00") {
			return bad(key, value)
		}
		r.Header[name] = []string{value}
	}
	length := in.vars["CONTENT_LENGTH"]
	if length == "" {
		return nil
	}
	n, err := strconv.ParseUint(length, 10, 63)
	if err != nil {
		return bad("CONTENT_LENGTH", length)
	}
	r.ContentLength = int64(n)
	return nil
}

// target makes URL and RequestURI. The path is PATH_INFO; how it was written, and
// so SCRIPT_NAME, is what REQUEST_URI says as long as they agree.
func (in *incoming) target(r *http.Request) error {
	uri := in.vars["REQUEST_URI"]
	script, path, told := in.paths()
	if uri == "" {
		uri = (&url.URL{Path: script + path}).EscapedPath()
		if uri == "" {
			uri = "/"
		}
		if q := in.vars["QUERY_STRING"]; q != "" {
			uri += "?" + q
		}
	}
	u, err := url.ParseRequestURI(uri)
	if err != nil || !printable(uri) {
		return bad("REQUEST_URI", uri)
	}
	if query, ok := in.vars["QUERY_STRING"]; ok {
		if !printable(query) {
			return bad("QUERY_STRING", query)
		}
		u.RawQuery = query
	}
	r.RequestURI = uri
	r.URL = &url.URL{Path: u.Path, RawPath: u.RawPath, RawQuery: u.RawQuery}
	if told {
		setPath(r.URL, script, path)
	}
	return nil
}

// paths is SCRIPT_NAME and PATH_INFO, and whether they are to be gone by.
func (in *incoming) paths() (script, path string, told bool) {
	script, path = in.vars["SCRIPT_NAME"], in.vars["PATH_INFO"]
	_, hasPath := in.vars["PATH_INFO"]
	if mount := in.options.Mount; mount != "" {
		full := script + path
		if rest, ok := strings.CutPrefix(full, strings.TrimSuffix(mount, "/")); ok && (rest == "" || rest[0] == '/') {
			return full[:len(full)-len(rest)], rest, full != ""
		}
		return "", full, full != ""
	}
	if in.fastcgi && !hasPath {
		return "", script, script != "" // the parameters that come with nginx
	}
	return script, path, script+path != ""
}

// setPath makes path what is left to the app, in the spelling that the client has used.
func setPath(u *url.URL, script, path string) {
	raw := u.EscapedPath()
	i := 0
	for n := 0; n < len(script) && i < len(raw); n++ {
		if raw[i] == '%' {
			i += 2
		}
		i++
	}
	u.Path, u.RawPath = path, ""
	if i > len(raw) {
		return
	}
	front, err1 := url.PathUnescape(raw[:i])
	back, err2 := url.PathUnescape(raw[i:])
	if err1 == nil && err2 == nil && front == script && back == path && u.EscapedPath() != raw[i:] {
		u.RawPath = raw[i:]
	}
}

// remoteAddr is as net/http would have it; "@" for a client without an address.
func remoteAddr(addr, port string) string {
	if _, err := netip.ParseAddr(addr); err != nil {
		if addr == "" || strings.HasPrefix(addr, "unix:") || !printable(addr) {
			return "@"
		}
		return addr
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		port = "0"
	}
	return net.JoinHostPort(addr, port)
}

// describe stores in the environ what an http.Request has no place for.
func (in *incoming) describe(req *webob.Request) {
	env := req.Environ()
	for key, value := range in.vars {
		if value == "" || !in.passes(key) {
			continue
		}
		_ = env.Set(key, value) // what does not fit is not the app's
	}
	if !in.fastcgi {
		_ = env.Set("wsgi.multithread", false)
		_ = env.Set("wsgi.run_once", true)
	}
	_ = env.Set("wsgi.multiprocess", true)
	script, path, told := in.paths()
	if told && (env.String("SCRIPT_NAME") != script || env.String("PATH_INFO") != path) {
		_ = env.Set("SCRIPT_NAME", script) // the front has rewritten the path
		_ = env.Set("PATH_INFO", path)
	}
}

// passes tells the variables that are not in the request already: all that a
// FastCGI front has sent, but of the environment of a CGI process the ones of a
// request only. The rest is there in os.Environ.
func (in *incoming) passes(key string) bool {
	switch key {
	case "REMOTE_USER", "AUTH_TYPE", "REMOTE_HOST", "REMOTE_IDENT", "PATH_TRANSLATED", "SERVER_NAME", "SERVER_PORT",
		"SERVER_SOFTWARE", "DOCUMENT_ROOT", "SCRIPT_FILENAME", "REQUEST_SCHEME", "UNIQUE_ID", "SERVER_ADDR":
		return true
	case "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH", "SERVER_PROTOCOL",
		"GATEWAY_INTERFACE", "REQUEST_URI", "REMOTE_ADDR", "REMOTE_PORT", "HTTPS":
		return false
	}
	if strings.HasPrefix(key, "HTTP_") || !variableName(key) {
		return false
	}
	return in.fastcgi || strings.HasPrefix(key, "SSL_") || strings.HasPrefix(key, "REDIRECT_")
}

// variableName tells names like those of CGI, in capital letters: keys with a dot
// belong to the application.
func variableName(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return s != ""
}

// token tells a token, RFC 9110 §5.6.2.
func token(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return s != ""
}

// printable tells text that can stand in a request line.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7F {
			return false
		}
	}
	return true
}

// legalHost tells what may stand in Host, RFC 3986 §3.2.2; nothing may, too.
func legalHost(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && strings.IndexByte("!$%&'()*+,-.:;=[]_~", c) < 0 {
			return false
		}
	}
	return true
}
