package webob

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// How SCRIPT_NAME is known. Nobody counts segments: the path asked for stands in
// the request line, and PATH_INFO is URL.Path, so SCRIPT_NAME is what is missing
// in front. That holds after PathInfoPop, behind http.StripPrefix and behind any
// mux that mounts an app by shortening URL.Path, for each copy of the request on
// its own. Both are compared as they were escaped, so that %2F survives.
//
// Only where that does not tell (a rewritten path, a SCRIPT_NAME set by hand, a
// request without a request line) a pathState remembers it.
type pathState struct {
	asked  string // SCRIPT_NAME and PATH_INFO, escaped, when this was made
	script string // SCRIPT_NAME, escaped, for a PATH_INFO that is no suffix of asked
}

var noURL url.URL

// target is URL, never nil, to be read only.
func (r *Request) target() *url.URL {
	if r.URL == nil {
		return &noURL
	}
	return r.URL
}

// ownURL gives the request a copy of its URL that may be changed: whoever else
// holds the old one, a log for example, keeps what was asked for.
func (r *Request) ownURL() *url.URL {
	u := *r.target()
	r.Request.URL = &u
	return &u
}

// rawPathInfo is URL.Path, but for "OPTIONS *", whose target has no path
// (RFC 9112 §3.2.4). CONNECT has none either.
func (r *Request) rawPathInfo() string {
	path := r.target().Path
	if path == "*" && r.Method == http.MethodOptions {
		return ""
	}
	return path
}

// escapedPath is the path as it stood in the request line, where that is known.
func (r *Request) escapedPath() string {
	u := r.target()
	if u.RawPath != "" && u.EscapedPath() == u.RawPath {
		return u.RawPath
	}
	return escapePath(r.rawPathInfo())
}

// asked is the path asked for, escaped; "" where there was no request line.
func (r *Request) asked() string {
	if p := r.pathState(); p != nil {
		return p.asked
	}
	uri := r.RequestURI
	if uri == "" {
		return ""
	}
	if uri[0] != '/' {
		return askedAbsolute(uri)
	}
	if i := strings.IndexByte(uri, '?'); i >= 0 {
		return uri[:i]
	}
	return uri
}

// askedAbsolute is the path of a target in absolute form, RFC 9112 §3.2.2; the
// other forms have none.
func askedAbsolute(uri string) string {
	_, rest, ok := strings.Cut(uri, "://")
	if !ok {
		return ""
	}
	rest, _, _ = strings.Cut(rest, "?")
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return rest[i:]
	}
	return ""
}

// script is SCRIPT_NAME, escaped. Mostly the path is all that was asked for.
func (r *Request) script() string {
	if r.URL != nil && r.pathState() == nil {
		path := r.URL.RawPath
		if path == "" {
			path = r.URL.Path
		}
		rest, ok := strings.CutPrefix(r.RequestURI, path)
		if ok && path != "" && path[0] == '/' && (rest == "" || rest[0] == '?') {
			return ""
		}
	}
	script, _ := r.paths()
	return script
}

// paths is SCRIPT_NAME and PATH_INFO, escaped.
func (r *Request) paths() (script, path string) {
	path = r.escapedPath()
	asked := r.asked()
	if script, ok := cutPathSuffix(asked, path); ok {
		return script, path
	}
	if p := r.pathState(); p != nil {
		return p.script, path
	}
	return "", path
}

// cutPathSuffix takes path off the end of asked. Where a middleware has put
// another spelling of the same path, what they mean is compared.
func cutPathSuffix(asked, path string) (string, bool) {
	if script, ok := strings.CutSuffix(asked, path); ok {
		return script, true
	}
	plain := unescapePath(asked)
	rest, ok := strings.CutSuffix(plain, unescapePath(path))
	if !ok {
		return "", false
	}
	i := 0
	for range len(rest) {
		if isEscape(asked, i) {
			i += 2
		}
		i++
	}
	return asked[:i], true
}

// setPaths changes SCRIPT_NAME and PATH_INFO, both escaped.
func (r *Request) setPaths(script, path string) {
	u := r.ownURL()
	u.Path, u.RawPath = unescapePath(path), ""
	if u.EscapedPath() != path {
		u.RawPath = path
	}
	if s, _ := r.paths(); s != script {
		r.keepPath(r.Request, &pathState{asked: script + r.escapedPath(), script: script})
	}
}

// handPath gives a copy of this request that came back to us behind foreign code
// the pathState it needs.
func (r *Request) handPath(inner *http.Request) {
	known := r.pathState()
	if inner.URL == r.URL && inner.RequestURI == r.RequestURI {
		if known != nil {
			r.keepPath(inner, known)
		}
		return
	}
	script, path := r.paths()
	switch {
	case known == nil && script == "" && r.RequestURI != "": // the request line tells
	case known != nil && known.script == script && strings.HasSuffix(known.asked, path):
		r.keepPath(inner, known)
	default:
		r.keepPath(inner, &pathState{asked: script + path, script: script})
	}
}

// pathState is what is remembered for this view, mostly nil. It lies in the
// exchange, by the *http.Request it holds for, to keep the Request small.
func (r *Request) pathState() *pathState {
	if r.x == nil {
		return nil
	}
	r.x.mu.Lock()
	defer r.x.mu.Unlock()
	if r.x.seldom == nil {
		return nil
	}
	for i := range r.x.paths {
		if r.x.paths[i].of == r.Request {
			return r.x.paths[i].state
		}
	}
	return nil
}

// keepPath remembers a pathState for a view of this request.
func (r *Request) keepPath(of *http.Request, state *pathState) {
	x := r.ex()
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.rare()
	for i := range s.paths {
		if s.paths[i].of == of {
			s.paths[i].state = state
			return
		}
	}
	s.paths = append(s.paths, viewPath{of, state})
}

type viewPath struct {
	of    *http.Request
	state *pathState
}

// ScriptName is the path of the application, as text: what a mount, a mux or
// PathInfoPop has taken off. With PathInfo it makes up the path. NUL and bytes
// that are no UTF-8 are read as U+FFFD; CheckPath refuses them.
// WebOb: Request.script_name.
func (r *Request) ScriptName() string { return lenientPath(unescapePath(r.script())) }

// SetScriptName changes ScriptName and leaves PathInfo.
func (r *Request) SetScriptName(s string) {
	_, path := r.paths()
	r.setPaths(escapePath(s), path)
}

// PathInfo is the rest of the path, as text: what the application dispatches on.
// It is URL.Path, but empty for "OPTIONS *". NUL and bytes that are no UTF-8 are
// read as U+FFFD; CheckPath refuses them. WebOb: Request.path_info.
func (r *Request) PathInfo() string { return lenientPath(r.rawPathInfo()) }

// SetPathInfo changes PathInfo and leaves ScriptName. The URL is a new one
// afterwards, the old one stays as it was.
func (r *Request) SetPathInfo(s string) { r.setPaths(r.script(), escapePath(s)) }

// PathInfoPeek is the segment that PathInfoPop would take, with all slashes
// before it passed over: "" for a path of slashes, false for an empty path.
// WebOb: Request.path_info_peek.
func (r *Request) PathInfoPeek() (segment string, ok bool) {
	_, segment, _, ok = cutSegment(r.escapedPath())
	return lenientPath(unescapePath(segment)), ok
}

// PathInfoPop moves the next segment of PathInfo, with all slashes before it, to
// the end of ScriptName and returns it without escapes: that of /a%2Fb/c is
// "a/b". It returns false and moves nothing if the path is empty or, with a
// pattern, if none matches from the segment's start on.
// WebOb: Request.path_info_pop.
func (r *Request) PathInfoPop(pattern ...*regexp.Regexp) (segment string, ok bool) {
	script, path := r.paths()
	slashes, escaped, rest, ok := cutSegment(path)
	if !ok {
		return "", false
	}
	segment = lenientPath(unescapePath(escaped))
	if !matchesStart(pattern, segment) {
		return "", false
	}
	r.setPaths(script+slashes+escaped, rest)
	return segment, true
}

func matchesStart(patterns []*regexp.Regexp, s string) bool {
	for _, p := range patterns {
		if at := p.FindStringIndex(s); at != nil && at[0] == 0 {
			return true
		}
	}
	return len(patterns) == 0
}

func cutSegment(path string) (slashes, segment, rest string, ok bool) {
	segment = strings.TrimLeft(path, "/")
	slashes = path[:len(path)-len(segment)]
	if i := strings.IndexByte(segment, '/'); i >= 0 {
		segment, rest = segment[:i], segment[i:]
	}
	return slashes, segment, rest, path != ""
}

// lenientPath puts U+FFFD for what is no text.
func lenientPath(s string) string {
	if isPathText(s) {
		return s
	}
	return strings.ReplaceAll(mendUTF8(s), "\x00", "\ufffd")
}

func isPathText(s string) bool {
	return utf8.ValidString(s) && strings.IndexByte(s, 0) < 0
}

// plainPath are the characters of a path that are written as they are: those of
// RFC 3986 §3.3 and the slash.
var plainPath = func() (set [256]bool) {
	for c := range set {
		set[c] = isPlainVar(byte(c)) || strings.IndexByte("/!$&'()*+,;=:@", byte(c)) >= 0
	}
	return set
}()

// escapePath writes a path for a URL.
func escapePath(s string) string {
	n := 0
	for i := range len(s) {
		if !plainPath[s[i]] {
			n++
		}
	}
	if n == 0 {
		return s
	}
	b := make([]byte, 0, len(s)+2*n)
	for i := range len(s) {
		if c := s[i]; plainPath[c] {
			b = append(b, c)
		} else {
			b = append(b, '%', varHexDigits[c>>4], varHexDigits[c&15])
		}
	}
	return string(b)
}

// isEscape tells a % with two hex digits behind it.
func isEscape(s string, i int) bool {
	return s[i] == '%' && i+2 < len(s) && hexDigit(s[i+1])|hexDigit(s[i+2]) < 16
}

// unescapePath undoes %XX; other % stay.
func unescapePath(s string) string {
	if s == "" {
		return ""
	}
	i := strings.IndexByte(s, '%')
	if i < 0 {
		return s
	}
	b := append(make([]byte, 0, len(s)), s[:i]...)
	for ; i < len(s); i++ {
		c := s[i]
		if isEscape(s, i) {
			c = hexDigit(s[i+1])<<4 | hexDigit(s[i+2])
			i += 2
		}
		b = append(b, c)
	}
	return string(b)
}
