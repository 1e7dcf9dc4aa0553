package webob

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
)

// Environ is a live map over a request, with the keys of CGI (RFC 3875) and of
// PEP 3333. It copies nothing: PATH_INFO is URL.Path, QUERY_STRING is
// URL.RawQuery, HTTP_X_A is the header X-A, wsgi.input is Body, and so on, in
// both directions. All other keys belong to the application; what is stored
// under them is shared by everybody who handles this request.
//
// As in RFC 3875 §4.1, an empty CGI variable counts as absent: Get says false,
// and All leaves it out. A header that is there but empty is there.
//
// Fields that could be mistaken for others are left out, as CGI cannot tell
// them apart: a field with an underscore in its name never shows as HTTP_..., and
// neither does the field Proxy, whose HTTP_PROXY many programs take for their
// own configuration. They stay in Request.Header.
//
// The application's keys may be used by several goroutines; those that live in
// the http.Request follow its rules. WebOb: Request.environ.
type Environ struct{ r *Request }

// Environ gives the live map. It costs nothing until something is stored.
func (r *Request) Environ() Environ { return Environ{r} }

// Request is the request that e is a map over, as WebOb's Request(environ) gives:
// for those who are handed an environ alone, as apps of PEP 3333's shape are.
func (e Environ) Request() *Request { return e.r }

// What Environ.Set refuses.
var (
	// ErrEnvironValue tells of a value that does not fit its key.
	ErrEnvironValue = errors.New("value does not fit")
	// ErrEnvironReadOnly tells of a key that states a fact about the server.
	ErrEnvironReadOnly = errors.New("read-only key")
)

// environKeys are the keys with a meaning of their own, in the order of All.
// HTTP_ ones come after them.
var environKeys = [...]string{
	"REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH",
	"SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "GATEWAY_INTERFACE", "REQUEST_URI",
	"REMOTE_ADDR", "REMOTE_PORT", "HTTPS", "SSL_PROTOCOL", "SSL_CIPHER", "SSL_TLS_SNI",
	"wsgi.version", "wsgi.url_scheme", "wsgi.input", "wsgi.errors",
	"wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once",
}

// String gives the text under a key, or "" where there is none or it is no
// text. It allocates nothing for CGI variables and single header fields. Fields
// sent several times are joined by commas, cookies by semicolons.
func (e Environ) String(key string) string {
	if strings.HasPrefix(key, "HTTP_") {
		s, _ := e.field(key)
		return s
	}
	if s, ok := e.variable(key); ok {
		return s
	}
	v, _ := e.r.x.get(key)
	s, _ := v.(string)
	return s
}

// variable gives the CGI variables and the scheme; ok tells that key is one.
func (e Environ) variable(key string) (s string, ok bool) {
	r := e.r
	switch key {
	case "REQUEST_METHOD":
		return r.method(), true
	case "SCRIPT_NAME":
		return unescapePath(r.script()), true
	case "PATH_INFO":
		return r.rawPathInfo(), true
	case "QUERY_STRING":
		return r.target().RawQuery, true
	case "CONTENT_TYPE":
		return first(r.Header["Content-Type"]), true
	case "CONTENT_LENGTH":
		return r.contentLength(), true
	case "SERVER_NAME":
		return r.serverName(), true
	case "SERVER_PORT":
		return r.serverPort(), true
	case "SERVER_PROTOCOL":
		return r.Proto, true
	case "GATEWAY_INTERFACE":
		return "CGI/1.1", true
	case "REQUEST_URI":
		return r.RequestURI, true
	case "REMOTE_ADDR":
		addr, _ := splitRemote(r.RemoteAddr)
		return addr, true
	case "REMOTE_PORT":
		_, port := splitRemote(r.RemoteAddr)
		return port, true
	case "HTTPS", "SSL_PROTOCOL", "SSL_CIPHER", "SSL_TLS_SNI":
		return tlsVariable(key, r.TLS), true
	case "wsgi.url_scheme":
		return r.Scheme(), true
	}
	return "", false
}

// Get gives the value under a key and whether there is one. CGI variables are
// strings; wsgi.version is a [2]int, wsgi.input an io.ReadCloser, wsgi.errors an
// io.Writer whose lines go to the request's log, the wsgi flags are bools.
func (e Environ) Get(key string) (any, bool) {
	if strings.HasPrefix(key, "HTTP_") {
		s, ok := e.field(key)
		if !ok {
			return nil, false
		}
		return s, true
	}
	if s, ok := e.variable(key); ok {
		if s == "" {
			return nil, false
		}
		return s, true
	}
	if v, ok := e.r.x.get(key); ok {
		return v, true
	}
	switch key {
	case "wsgi.version":
		return [2]int{1, 0}, true
	case "wsgi.input":
		return e.input(), true
	case "wsgi.errors":
		return errorLog(e), true
	case "wsgi.multithread":
		return true, true
	case "wsgi.multiprocess", "wsgi.run_once":
		return false, true
	}
	return nil, false
}

func (e Environ) input() io.ReadCloser {
	if e.r.Body == nil {
		return http.NoBody
	}
	return e.r.Body
}

// Has tells whether there is a value under a key.
func (e Environ) Has(key string) bool {
	_, ok := e.Get(key)
	return ok
}

// Set stores a value; nil deletes, and so does "" for a CGI variable that is no
// header field. They take strings (CONTENT_LENGTH and
// SERVER_PORT an int as well) and change the http.Request itself: the header in
// place, the URL in a copy of its own, so that whoever holds the old URL keeps
// it. ErrEnvironValue tells of a wrong type and of text that cannot stand there:
// CR, LF or NUL in a header field, a port that is no number. ErrEnvironReadOnly tells
// of keys that are facts: wsgi.version, GATEWAY_INTERFACE, HTTPS, SSL_*.
//
// Setting wsgi.input leaves CONTENT_LENGTH as it is, as both are keys of their own.
func (e Environ) Set(key string, v any) error {
	if v == nil {
		e.Delete(key)
		return nil
	}
	if err := e.set(key, v); err != nil {
		return fmt.Errorf("webob: environ %s: %w", key, err)
	}
	return nil
}

func (e Environ) set(key string, v any) error {
	switch key {
	case "wsgi.input":
		return e.setInput(v)
	case "wsgi.errors":
		return storeAs[io.Writer](e, key, v)
	case "wsgi.multithread", "wsgi.multiprocess", "wsgi.run_once":
		return storeAs[bool](e, key, v)
	case "wsgiorg.routing_args":
		return storeAs[RoutingArgs](e, key, v)
	case "paste.urlvars":
		return storeAs[map[string]string](e, key, v)
	case "wsgi.version", "GATEWAY_INTERFACE", "HTTPS", "SSL_PROTOCOL", "SSL_CIPHER", "SSL_TLS_SNI":
		return ErrEnvironReadOnly
	case "CONTENT_LENGTH", "SERVER_PORT":
		if n, ok := v.(int); ok {
			v = strconv.Itoa(n)
		}
	}
	if !isVariable(key) {
		e.r.ex().set(key, v)
		return nil
	}
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("%w: %T, not a string", ErrEnvironValue, v)
	}
	switch {
	case strings.HasPrefix(key, "HTTP_"):
		return e.setField(key, s)
	case s == "":
		e.Delete(key)
		return nil
	}
	return e.setVariable(key, s)
}

// isVariable tells the keys that hold text alone.
func isVariable(key string) bool {
	switch key {
	case "REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH",
		"SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "REQUEST_URI", "REMOTE_ADDR", "REMOTE_PORT",
		"REMOTE_HOST", "REMOTE_USER", "REMOTE_IDENT", "AUTH_TYPE", "PATH_TRANSLATED", "SERVER_SOFTWARE",
		"wsgi.url_scheme":
		return true
	}
	return strings.HasPrefix(key, "HTTP_")
}

// reserved tells the keys that are no free slots.
func reserved(key string) bool {
	if isVariable(key) {
		return true
	}
	for _, k := range environKeys {
		if k == key {
			return true
		}
	}
	return key == "wsgiorg.routing_args" || key == "paste.urlvars"
}

func storeAs[T any](e Environ, key string, v any) error {
	t, ok := v.(T)
	if !ok {
		return fmt.Errorf("%w: %T, not %s", ErrEnvironValue, v, typeName[T]())
	}
	e.r.ex().set(key, t)
	return nil
}

func typeName[T any]() string { return strings.TrimPrefix(fmt.Sprintf("%T", (*T)(nil)), "*") }

func (e Environ) setInput(v any) error {
	body, ok := v.(io.ReadCloser)
	if !ok {
		reader, ok := v.(io.Reader)
		if !ok {
			return fmt.Errorf("%w: %T, not an io.Reader", ErrEnvironValue, v)
		}
		body = io.NopCloser(reader)
	}
	e.r.Body = body
	e.r.Form, e.r.PostForm, e.r.MultipartForm = nil, nil, nil
	return nil
}

func (e Environ) setVariable(key, s string) error {
	r := e.r
	switch key {
	case "REQUEST_METHOD":
		if !isToken(s) {
			return badText(s, "a method")
		}
		r.Method = s
	case "SCRIPT_NAME":
		r.SetScriptName(s)
	case "PATH_INFO":
		r.SetPathInfo(s)
	case "QUERY_STRING":
		r.ownURL().RawQuery, r.Form = s, nil
	case "CONTENT_TYPE":
		return e.setHeader("Content-Type", s)
	case "CONTENT_LENGTH":
		n, err := strconv.ParseUint(s, 10, 63)
		if err != nil {
			return badText(s, "a number")
		}
		r.ContentLength = int64(n)
		return e.setHeader("Content-Length", s)
	case "SERVER_PROTOCOL":
		return r.setProto(s)
	case "REQUEST_URI":
		r.RequestURI = s
	case "REMOTE_ADDR":
		_, port := splitRemote(r.RemoteAddr)
		r.RemoteAddr = joinRemote(s, port)
	case "REMOTE_PORT":
		if !isPort(s) {
			return badText(s, "a port")
		}
		addr, _ := splitRemote(r.RemoteAddr)
		r.RemoteAddr = joinRemote(addr, s)
	default:
		return e.store(key, s)
	}
	return nil
}

// store keeps what an http.Request has no field for.
func (e Environ) store(key, s string) error {
	switch key {
	case "SERVER_NAME":
		if !isServerName(s) {
			return badText(s, "a host name")
		}
	case "SERVER_PORT":
		if !isPort(s) {
			return badText(s, "a port")
		}
	case "wsgi.url_scheme":
		if !isScheme(s) {
			return badText(s, "a scheme")
		}
	}
	e.r.ex().set(key, s)
	return nil
}

func badText(s, want string) error {
	return fmt.Errorf("%w: %q is not %s", ErrEnvironValue, shortVar(s), want)
}

// clean refuses what would split a header or a request line.
func clean(s string) error {
	if strings.ContainsAny(s, "\r\n\x00") {
		return fmt.Errorf("%w: %q has CR, LF or NUL", ErrEnvironValue, shortVar(s))
	}
	return nil
}

// Delete removes what is under a key. What was set over a fact goes (SERVER_NAME,
// wsgi.url_scheme, ...), and the fact shows again; a fact stays.
func (e Environ) Delete(key string) {
	r := e.r
	switch key {
	case "REQUEST_METHOD":
		r.Method = ""
	case "SCRIPT_NAME":
		r.SetScriptName("")
	case "PATH_INFO":
		r.SetPathInfo("")
	case "QUERY_STRING":
		r.ownURL().RawQuery, r.Form = "", nil
	case "CONTENT_TYPE":
		delete(r.Header, "Content-Type")
	case "CONTENT_LENGTH":
		e.deleteLength()
	case "SERVER_PROTOCOL":
		r.Proto, r.ProtoMajor, r.ProtoMinor = "", 0, 0
	case "REQUEST_URI":
		r.RequestURI = ""
	case "REMOTE_ADDR":
		r.RemoteAddr = ""
	case "REMOTE_PORT":
		r.RemoteAddr, _ = splitRemote(r.RemoteAddr)
	case "wsgi.input":
		r.Body, r.ContentLength = http.NoBody, 0
		delete(r.Header, "Content-Length")
	default:
		if strings.HasPrefix(key, "HTTP_") {
			e.deleteField(key)
			return
		}
		r.x.delete(key)
	}
}

// deleteLength forgets the length: unknown if there may be a body.
func (e Environ) deleteLength() {
	delete(e.r.Header, "Content-Length")
	e.r.ContentLength = 0
	if e.r.Body != nil && e.r.Body != http.NoBody {
		e.r.ContentLength = -1
	}
}

// All ranges over every key with its value: CGI and wsgi keys first, then the
// header fields, then the application's keys, in no order among themselves.
func (e Environ) All() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		app := e.r.x.snapshot()
		for _, key := range environKeys {
			v, ok := e.Get(key)
			if ok && !yield(key, v) {
				return
			}
			delete(app, key)
		}
		for key, s := range e.fields() {
			if !yield(key, s) {
				return
			}
		}
		for key, v := range app {
			if !yield(key, v) {
				return
			}
		}
	}
}

// Map copies everything into a map, as All lists it.
func (e Environ) Map() map[string]any {
	m := make(map[string]any, 24+len(e.r.Header))
	for key, v := range e.All() {
		m[key] = v
	}
	return m
}

func (r *Request) method() string {
	if r.Method == "" {
		return http.MethodGet
	}
	return r.Method
}

// contentLength is the length of the body in digits, or "" where it is unknown
// or nothing was said of a body.
func (r *Request) contentLength() string {
	if said := first(r.Header["Content-Length"]); said != "" {
		if n, err := strconv.ParseUint(said, 10, 63); err == nil && int64(n) == r.ContentLength {
			return said
		}
	}
	if r.ContentLength <= 0 {
		return ""
	}
	return strconv.FormatInt(r.ContentLength, 10)
}

// setProto takes HTTP/1.1 and the shorter HTTP/2.
func (r *Request) setProto(s string) error {
	version, ok := strings.CutPrefix(s, "HTTP/")
	digits, minor, dotted := strings.Cut(version, ".")
	major, err := strconv.ParseUint(digits, 10, 8)
	if !ok || err != nil {
		return badText(s, "a protocol")
	}
	n, err := strconv.ParseUint(minor, 10, 8)
	if dotted && err != nil {
		return badText(s, "a protocol")
	}
	r.Proto, r.ProtoMajor, r.ProtoMinor = s, int(major), int(n)
	return nil
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// tlsVariable gives the variables of Apache's mod_ssl that PEP 3333 asks for.
func tlsVariable(key string, state *tls.ConnectionState) string {
	if state == nil {
		return ""
	}
	switch key {
	case "HTTPS":
		return "on"
	case "SSL_CIPHER":
		if state.CipherSuite == 0 {
			return ""
		}
		return tls.CipherSuiteName(state.CipherSuite)
	case "SSL_TLS_SNI":
		return state.ServerName
	}
	switch state.Version {
	case tls.VersionTLS12:
		return "TLSv1.2"
	case tls.VersionTLS13:
		return "TLSv1.3"
	case tls.VersionTLS11:
		return "TLSv1.1"
	case tls.VersionTLS10:
		return "TLSv1"
	}
	return ""
}

// errorLog is wsgi.errors: each write is a line of the log.
type errorLog struct{ r *Request }

func (l errorLog) Write(p []byte) (int, error) {
	if line := strings.TrimRight(string(p), "\r\n"); line != "" {
		l.r.logger().LogAttrs(l.r.Context(), slog.LevelError, line, slog.String("from", "wsgi.errors"))
	}
	return len(p), nil
}
