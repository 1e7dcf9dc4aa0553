package webob

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// BlankOption changes a request that Blank makes. Options of one's own are made
// of those here, see WithAll.
//
// Whatever their order in the call, options work in this one: WithBaseURL,
// WithEnviron; then what POST data there is (WithForm, WithFormDict, WithFiles,
// WithMultipart, WithPost); then WithContentType, WithBody, WithJSON, WithMethod;
// then WithHeader and WithCookie. Among equal ones the later wins.
type BlankOption func(*blankPlan)

// blankPlan is what the options ask for.
type blankPlan struct {
	ctx       context.Context
	base      string
	environ   []environPair
	form      *MultiDict
	post      []byte
	hasPost   bool
	multipart bool
	mediaType string
	body      []byte
	hasBody   bool
	method    string
	fields    [][2]string
	cookies   []string
	sent      []byte // the body
	err       error
}

type environPair struct {
	key   string
	value any
}

// WithAll is several options as one, for options of one's own:
//
//	func WithToken(t string) webob.BlankOption {
//		return webob.WithAll(webob.WithHeader("X-Auth-Token", t), webob.WithHeader("Accept", "application/json"))
//	}
func WithAll(opts ...BlankOption) BlankOption {
	return func(p *blankPlan) {
		for _, opt := range opts {
			opt(p)
		}
	}
}

// WithContext gives the request a context.
func WithContext(ctx context.Context) BlankOption { return func(p *blankPlan) { p.ctx = ctx } }

// WithBaseURL gives scheme, host and ScriptName: "https://example.com/app". It may
// be a path alone. A query or fragment is refused.
func WithBaseURL(base string) BlankOption { return func(p *blankPlan) { p.base = base } }

// WithEnviron sets an environ key.
func WithEnviron(key string, value any) BlankOption {
	return func(p *blankPlan) { p.environ = append(p.environ, environPair{key, value}) }
}

// WithMethod sets the method. Without it the method is GET, or POST where there
// is POST data or JSON.
func WithMethod(method string) BlankOption { return func(p *blankPlan) { p.method = method } }

// WithForm posts form variables, given as keys and values in turn. It panics when
// a value is missing, as NewMultiDict does. Several add up.
func WithForm(keysAndValues ...string) BlankOption {
	return WithFormDict(NewMultiDict(keysAndValues...))
}

// WithFormDict posts form variables and uploads. The body is urlencoded, or
// multipart if there is an upload or the Content-Type says so. With any other
// Content-Type a form is refused.
func WithFormDict(form *MultiDict) BlankOption {
	return func(p *blankPlan) {
		p.needForm()
		for pair := range form.Pairs() {
			p.form.push(pair)
		}
	}
}

// WithFiles posts uploads beside the form variables. The type of a part is its
// ContentType, or is guessed from the file name where that is empty.
func WithFiles(files ...*Upload) BlankOption {
	return func(p *blankPlan) {
		p.needForm()
		for _, u := range files {
			p.form.push(Pair{Key: u.Name, Value: u.Filename, File: u})
		}
	}
}

// WithMultipart posts the form as multipart/form-data even without an upload.
func WithMultipart() BlankOption {
	return func(p *blankPlan) {
		p.needForm()
		p.multipart = true
	}
}

func (p *blankPlan) needForm() {
	p.hasPost = true
	if p.form == nil {
		p.form = new(MultiDict)
	}
}

// WithPost posts bytes as they are. Without a Content-Type they count as an
// urlencoded form.
func WithPost(body []byte) BlankOption {
	return func(p *blankPlan) { p.post, p.hasPost = body, true }
}

// WithContentType sets the Content-Type; POST data is written accordingly.
func WithContentType(t string) BlankOption { return func(p *blankPlan) { p.mediaType = t } }

// WithBody gives the request a body and its length, and changes nothing else:
// the method stays GET unless WithMethod says otherwise.
func WithBody(body []byte) BlankOption {
	return func(p *blankPlan) { p.body, p.hasBody = body, true }
}

// WithJSON posts v as JSON, with the Content-Type application/json unless another
// one is given.
func WithJSON(v any) BlankOption {
	return func(p *blankPlan) {
		b, err := json.Marshal(v)
		if err != nil {
			p.err = errors.Join(p.err, fmt.Errorf("body as JSON: %w", err))
			return
		}
		p.body, p.hasBody = b, true
		if p.mediaType == "" {
			p.mediaType = "application/json"
		}
		if p.method == "" {
			p.method = http.MethodPost
		}
	}
}

// WithHeader sets a header field, in any spelling; Host and Content-Length are
// understood (a length below that of the body cuts it, as a server would). A value with CR, LF or NUL is refused.
func WithHeader(name, value string) BlankOption {
	return func(p *blankPlan) { p.fields = append(p.fields, [2]string{name, value}) }
}

// WithCookie adds a cookie. Name and value are sent as they are; what could not
// be read back is refused.
func WithCookie(name, value string) BlankOption {
	return func(p *blankPlan) {
		if !isToken(name) || strings.ContainsAny(value, "; \t\",\\\r\n\x00") {
			p.err = errors.Join(p.err, fmt.Errorf("cookie %q=%q cannot be sent", name, value))
			return
		}
		p.cookies = append(p.cookies, name+"="+value)
	}
}

// Blank makes a request from nothing, for tests and for asking an app in process:
//
//	req := webob.Blank("/articles?page=2", webob.WithHeader("Accept", "text/html"))
//	resp := req.GetResponse(app)
//
// The target is a path as it stands in a request line (what is no escape stays as
// it is), or a URL, which gives scheme and host. Otherwise the request is
// GET for localhost:80, with HTTP/1.0 and no peer.
//
// A target or option that cannot be is a fault of the program: Blank panics, as
// httptest.NewRequest does. NewBlank returns the error. WebOb: Request.blank.
func Blank(target string, opts ...BlankOption) *Request {
	r, err := NewBlank(target, opts...)
	if err != nil {
		panic(err)
	}
	return r
}

// NewBlank is Blank for a target or options that come from somebody else.
func NewBlank(target string, opts ...BlankOption) (*Request, error) {
	p := &blankPlan{ctx: context.Background()}
	for _, opt := range opts {
		opt(p)
	}
	r, err := p.build(target)
	if err = errors.Join(p.err, err); err != nil {
		return nil, fmt.Errorf("webob: request for %q: %w", shortVar(target), err)
	}
	return r, nil
}

func (p *blankPlan) build(target string) (*Request, error) {
	at, err := parseBlank(target, p.base)
	if err != nil {
		return nil, err
	}
	r := p.bare(at)
	for _, pair := range p.environ {
		if err := r.Environ().Set(pair.key, pair.value); err != nil {
			return nil, err
		}
	}
	if p.hasPost {
		if err := p.setPost(r); err != nil {
			return nil, err
		}
	}
	if p.mediaType != "" {
		if err := r.SetContentType(p.mediaType); err != nil {
			return nil, err
		}
	}
	if p.hasBody {
		p.setBody(r, p.body)
	}
	if p.method != "" {
		if err := r.Environ().Set("REQUEST_METHOD", p.method); err != nil {
			return nil, err
		}
	}
	if err := p.setHeader(r); err != nil {
		return nil, err
	}
	if n := r.ContentLength; r.GetBody != nil && n >= 0 && n < int64(len(p.sent)) {
		p.setBody(r, p.sent[:n]) // a server gives no more than was announced
	}
	p.keepServer(r, at)
	return r, nil
}

// bare is the request that the addresses alone make.
func (p *blankPlan) bare(at blankAddress) *Request {
	script, path := escapeOnce(at.script), escapeOnce(at.path)
	uri := script + path
	if at.query != "" {
		uri += "?" + at.query
	}
	req := (&http.Request{
		Method: http.MethodGet, URL: &url.URL{RawQuery: at.query}, RequestURI: uri,
		Proto: "HTTP/1.0", ProtoMajor: 1, Header: make(http.Header), Host: at.host, Body: http.NoBody,
	}).WithContext(p.ctx)
	if at.scheme == "https" {
		req.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true, ServerName: strings.Trim(at.name, "[]")}
	}
	r := &Request{Request: req}
	if at.scheme != "https" && at.scheme != "http" {
		r.ex().set("wsgi.url_scheme", strings.ToLower(at.scheme))
	}
	r.setPaths(script, path)
	return r
}

// keepServer says which server it is, where the Host was made another one.
func (p *blankPlan) keepServer(r *Request, at blankAddress) {
	if r.overlaid("SERVER_NAME") == "" && r.serverName() != at.name {
		r.ex().set("SERVER_NAME", at.name)
	}
	if r.overlaid("SERVER_PORT") == "" && r.serverPort() != at.port {
		r.ex().set("SERVER_PORT", at.port)
	}
}

// setHeader comes last, so that it wins.
func (p *blankPlan) setHeader(r *Request) error {
	for _, f := range p.fields {
		if !isToken(f[0]) {
			return fmt.Errorf("%q is no name of a header field", f[0])
		}
		name, value := http.CanonicalHeaderKey(f[0]), f[1]
		var err error
		switch name {
		case "Host":
			err = r.Environ().Set("HTTP_HOST", value)
		case "Content-Length":
			err = r.Environ().Set("CONTENT_LENGTH", value)
		case "Content-Type":
			if !p.hasPost || !isMultipart(value) || boundaryOf(value) != "" {
				err = r.Environ().setHeader(name, value)
			}
		default:
			err = r.Environ().setHeader(name, value)
		}
		if err != nil {
			return fmt.Errorf("header field %s: %w", name, err)
		}
	}
	for _, c := range p.cookies {
		if old := first(r.Header["Cookie"]); old != "" {
			c = old + "; " + c
		}
		r.Header.Set("Cookie", c)
	}
	return nil
}

// setBody makes b the body. Its length is said in the header too, as the server
// would find it.
func (p *blankPlan) setBody(r *Request, b []byte) {
	p.sent = b
	r.Body = io.NopCloser(bytes.NewReader(b))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
	r.ContentLength = int64(len(b))
	r.Header.Set("Content-Length", fmt.Sprint(len(b)))
}

// blankAddress is what target and base URL say.
type blankAddress struct {
	scheme, host, name, port string // host is name:port
	script, path, query      string
}

var (
	errFragment = errors.New("a fragment is never sent")
	errNoScheme = errors.New("a scheme other than http and https needs a host with a port")
	errBaseURL  = errors.New("a base URL has no query and no fragment")
)

func parseBlank(target, base string) (blankAddress, error) {
	at := blankAddress{scheme: "http", host: "localhost:80", name: "localhost", port: "80"}
	if ref := parseReference(target); ref.absolute && letters(ref.scheme) {
		if strings.Contains(target, "#") {
			return at, errFragment
		}
		if err := at.setHost(ref.scheme, ref.authority); err != nil {
			return at, err
		}
		target = ref.path + ref.query
	}
	at.path, at.query, _ = strings.Cut(target, "?")
	if base == "" {
		return at, nil
	}
	ref := parseReference(base)
	switch {
	case strings.ContainsAny(base, "?#"):
		return at, errBaseURL
	case ref.absolute && ref.hasAuthority || ref.hasAuthority && ref.authority != "":
		if err := at.setHost(ref.scheme, ref.authority); err != nil {
			return at, err
		}
	case ref.absolute:
		return at, errNoScheme
	}
	if ref.path != "" {
		at.script = ref.path
	}
	return at, nil
}

// letters tells schemes that may begin a target; "a.b:c" may be a path.
func letters(s string) bool {
	return strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz") == ""
}

// setHost takes an authority, RFC 3986 §3.2: user information is dropped, a
// missing port is that of the scheme.
func (at *blankAddress) setHost(scheme, authority string) error {
	at.scheme = strings.ToLower(scheme)
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		authority = authority[i+1:]
	}
	name, port, ok := splitHost(strings.TrimSuffix(authority, ":"))
	if authority == "" {
		ok = false
	}
	if port == "" {
		if at.scheme != "http" && at.scheme != "https" {
			return errNoScheme
		}
		port = defaultPort(at.scheme)
	}
	if !ok {
		return badTextIn("authority", authority, errBadHost)
	}
	at.name, at.port, at.host = name, port, name+":"+port
	return nil
}

// escapeOnce escapes what a path may not hold and undoes escapes that it does not
// need, but for that of a slash, which then is part of its segment. A % that begins
// no escape is escaped itself.
func escapeOnce(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if !isEscape(s, i) {
			b.WriteString(escapePath(s[i : i+1]))
			continue
		}
		c := hexDigit(s[i+1])<<4 | hexDigit(s[i+2])
		i += 2
		if c == '/' {
			b.WriteString("%2F")
		} else {
			b.WriteString(escapePath(string([]byte{c})))
		}
	}
	return b.String()
}
