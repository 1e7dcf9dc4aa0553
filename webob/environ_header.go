package webob

import (
	"iter"
	"log/slog"
	"net/http"
	"strings"
)

// keyBuffer holds the header name of an HTTP_ key on the stack. Longer names
// cost an allocation.
const keyBuffer = 64

// EnvironKey is the environ key of a header field, in any spelling: HTTP_X_A for
// x-a, and CONTENT_TYPE and CONTENT_LENGTH for the two that CGI names without a
// prefix. WebOb: the keys behind Request.headers.
func EnvironKey(field string) string {
	key := strings.ToUpper(strings.ReplaceAll(field, "-", "_"))
	if key == "CONTENT_TYPE" || key == "CONTENT_LENGTH" {
		return key
	}
	return "HTTP_" + key
}

// HeaderName is the way back: the header field that an environ key stands for,
// in canonical spelling, and whether it stands for one.
func HeaderName(key string) (field string, ok bool) {
	switch key {
	case "CONTENT_TYPE":
		return "Content-Type", true
	case "CONTENT_LENGTH":
		return "Content-Length", true
	}
	var buf [keyBuffer]byte
	name, ok := fieldName(buf[:0], key)
	return string(name), ok
}

// fieldName appends the canonical field name of an HTTP_ key. Keys that no
// single field corresponds to have none: those with letters in lower case, a
// hyphen, or characters no token has; the two fields that CGI names otherwise;
// and HTTP_PROXY.
func fieldName(buf []byte, key string) ([]byte, bool) {
	if len(key) <= len("HTTP_") || key[:5] != "HTTP_" {
		return nil, false
	}
	switch key {
	case "HTTP_PROXY", "HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH":
		return nil, false
	}
	capital := true // the first letter, and those after a hyphen
	for i := len("HTTP_"); i < len(key); i++ {
		c := fieldBytes[key[i]]
		if c == 0 {
			return nil, false
		}
		if capital {
			c = key[i]
			if c == '_' {
				c = '-'
			}
		}
		capital = c == '-'
		buf = append(buf, c)
	}
	return buf, true
}

// fieldBytes gives, for each character of an HTTP_ key, that of a field name amid
// a word, or 0 for those that no key has.
var fieldBytes = func() (set [256]byte) {
	for i := range set {
		switch c := byte(i); {
		case 'A' <= c && c <= 'Z':
			set[c] = c | 0x20
		case c == '_':
			set[c] = '-'
		case c != '-' && (c < 'a' || c > 'z') && tokenOctets[c]:
			set[c] = c
		}
	}
	return set
}()

// tokenOctets are the characters of a token, RFC 9110 §5.6.2.
var tokenOctets = func() (set [256]bool) {
	for c := '0'; c <= 'z'; c++ {
		set[c] = c <= '9' || c >= 'a' || 'A' <= c && c <= 'Z'
	}
	for _, c := range "!#$%&'*+-.^_`|~" {
		set[c] = true
	}
	return set
}()

func isToken(s string) bool {
	for i := range len(s) {
		if !tokenOctets[s[i]] {
			return false
		}
	}
	return s != ""
}

// field gives the header field of an HTTP_ key.
func (e Environ) field(key string) (string, bool) {
	if key == "HTTP_HOST" {
		return e.r.Host, e.r.Host != ""
	}
	var buf [keyBuffer]byte
	name, ok := fieldName(buf[:0], key)
	if !ok {
		if key == "HTTP_PROXY" {
			e.warnProxy()
		}
		return "", false
	}
	values := e.r.Header[string(name)]
	switch len(values) {
	case 1:
		return values[0], true
	case 0:
		if strings.IndexByte(key[len("HTTP_"):], '_') >= 0 {
			e.warnUnderscore(key)
		}
		return "", false
	}
	return joinField(key, values), true
}

// joinField makes one value of several field lines, RFC 9110 §5.3; the pairs of
// Cookie are divided otherwise (RFC 9113 §8.2.3).
func joinField(key string, values []string) string {
	if key == "HTTP_COOKIE" {
		return strings.Join(values, "; ")
	}
	return strings.Join(values, ", ")
}

func (e Environ) setField(key, s string) error {
	if key == "HTTP_HOST" {
		if err := clean(s); err != nil {
			return err
		}
		e.r.Host = s
		return nil
	}
	name, ok := HeaderName(key)
	if !ok {
		return badText(key, "the key of a header field")
	}
	return e.setHeader(name, s)
}

func (e Environ) setHeader(name, s string) error {
	if err := clean(s); err != nil {
		return err
	}
	if e.r.Header == nil {
		e.r.Header = make(http.Header)
	}
	e.r.Header[name] = []string{s}
	return nil
}

func (e Environ) deleteField(key string) {
	if key == "HTTP_HOST" {
		e.r.Host = ""
		return
	}
	if name, ok := HeaderName(key); ok {
		delete(e.r.Header, name)
	}
}

// fields ranges over the header as HTTP_ keys.
func (e Environ) fields() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		if e.r.Host != "" && !yield("HTTP_HOST", e.r.Host) {
			return
		}
		for name, values := range e.r.Header {
			switch {
			case name == "Content-Type" || name == "Content-Length" || name == "Host" || len(values) == 0:
			case name == "Proxy":
				e.warnProxy()
			case strings.IndexByte(name, '_') >= 0:
				e.warnField(name)
			default:
				key := EnvironKey(name)
				var buf [keyBuffer]byte
				if back, ok := fieldName(buf[:0], key); !ok || string(back) != name {
					continue // no canonical name: Get could not find it
				}
				if !yield(key, joinField(key, values)) {
					return
				}
			}
		}
	}
}

// What has been said already of this request.
const (
	saidProxy = 1 << iota
	saidUnderscore
)

// once tells whether something is said for the first time.
func (x *exchange) once(what uint8) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	s := x.rare()
	fresh := s.said&what == 0
	s.said |= what
	return fresh
}

// warnProxy tells once of a field Proxy, which nobody sends for a good reason
// (CVE-2016-5385 and its kin).
func (e Environ) warnProxy() {
	if e.r.Header["Proxy"] == nil || !e.r.ex().once(saidProxy) {
		return
	}
	e.r.logger().LogAttrs(e.r.Context(), slog.LevelWarn, "header field Proxy is kept out of the environ",
		slog.String("remote", e.r.RemoteAddr))
}

// warnUnderscore looks, where a field is missed, for its spelling with underscores.
func (e Environ) warnUnderscore(key string) {
	if len(e.r.Header) == 0 || len(key) > keyBuffer || !e.r.logger().Enabled(e.r.Context(), slog.LevelDebug) {
		return // nobody would read it
	}
	var buf [keyBuffer]byte
	name := append(buf[:0], key[len("HTTP_"):]...)
	for i := 1; i < len(name); i++ {
		if 'A' <= name[i] && name[i] <= 'Z' {
			name[i] |= 0x20
		}
	}
	if e.r.Header[string(name)] != nil {
		e.warnField(string(name))
	}
}

// warnField names, once a request and in the debug log, a field with underscores.
func (e Environ) warnField(name string) {
	if e.r.ex().once(saidUnderscore) {
		e.r.logger().LogAttrs(e.r.Context(), slog.LevelDebug,
			"header field with an underscore is kept out of the environ", slog.String("field", name))
	}
}
