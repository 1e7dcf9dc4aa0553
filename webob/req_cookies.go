package webob

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strings"
	"unicode/utf8"
)

// ErrCookieSkipped tells that a part of a Cookie field could not be read as a
// cookie. The others are not touched by it.
var ErrCookieSkipped = errors.New("not a cookie")

// CookieDict is WebOb's view of a request's cookies: a mapping of text in the order
// of the header, each name once. It stands over the Cookie field itself, so that
// what the header says is what it says, and changing it changes the field.
// Looking a cookie up scans the field, and mostly allocates nothing.
//
// Reading takes whatever comes, since other software on the same site sets cookies
// too. The field is divided at semicolons alone. A part that is no cookie is passed
// over, and hides none of the others; Err tells about it. A cookie is a token and a
// value without control characters; names of attributes (path, domain, $Version) are
// passed over as in WebOb. A value in quotes loses them, \ooo is the byte and \x is
// x, and what is no UTF-8 then becomes U+FFFD. Of a name sent twice the last
// value counts, in the place of the first.
//
// The methods of net/http stay: req.Cookie and req.Cookies give *http.Cookie, leave
// out values that RFC 6265 does not allow, and know no escapes.
//
// Make one with Request.CookieDict. It is not safe for changes from several
// goroutines, as the header is not. WebOb: Request.cookies.
type CookieDict struct{ header *http.Header }

// CookieDict is the mapping of the request's cookies. WebOb: Request.cookies.
func (r *Request) CookieDict() CookieDict { return CookieDict{&r.Request.Header} }

// ParseCookies reads a Cookie field into a list of all its cookies, those of a
// repeated name too. Values are the bytes that were meant, of whatever encoding;
// the rest is as CookieDict does it. Err of the result is ErrCookieSkipped where
// something was passed over, and ErrTooManyPairs where there were more than
// MaxPairs. WebOb: parse_cookie.
func ParseCookies(field string) *MultiDict {
	d := new(MultiDict)
	for field != "" {
		name, value, rest, ok := nextCookie(field)
		switch {
		case !ok:
			d.skip(field[:len(field)-len(rest)])
		case len(d.pairs) == MaxPairs:
			d.fault = fmt.Errorf("webob: %w: more than %d", ErrTooManyPairs, MaxPairs)
			return d.Freeze(d.fault.Error())
		default:
			d.push(Pair{Key: name, Value: unquoteCookie(value)})
		}
		field = rest
	}
	return d
}

// skip notes the first part that was no cookie; empty ones do not count.
func (d *MultiDict) skip(piece string) {
	if d.fault == nil && strings.Trim(piece, " \t;") != "" {
		d.fault = skippedCookie(piece)
	}
}

// skippedCookie tells the name of what was passed over, shortened. The value
// might be a secret.
func skippedCookie(piece string) error {
	return fmt.Errorf("webob: %w: %.32q", ErrCookieSkipped, pieceName(piece))
}

// lines are the Cookie fields; HTTP/2 may divide them (RFC 9113 §8.2.3).
func (d CookieDict) lines() []string {
	if d.header == nil {
		return nil
	}
	return (*d.header)["Cookie"]
}

// Get is the value of a cookie, or "".
func (d CookieDict) Get(name string) string {
	v, _ := d.Lookup(name)
	return v
}

// Lookup is Get, and tells whether there is such a cookie.
func (d CookieDict) Lookup(name string) (string, bool) {
	value, plain, ok := d.raw(name)
	if !plain {
		value = cookieText(value)
	}
	return value, ok
}

// Has tells whether there is a cookie of that name.
func (d CookieDict) Has(name string) bool {
	_, _, ok := d.raw(name)
	return ok
}

// raw is the last value of the name as it was sent; a plain one is its text too.
func (d CookieDict) raw(name string) (value string, plain, ok bool) {
	if name == "" {
		return "", true, false
	}
	for _, field := range d.lines() {
		for i := 0; ; { // a name has nothing in it that a piece could begin behind
			n := strings.Index(field[i:], name)
			if n < 0 {
				break
			}
			at := i + n
			i = at + len(name)
			if beginsPiece(field, at) && i < len(field) {
				if v, p, is := valueAfter(field[i:]); is {
					value, plain, ok = v, p, true
				}
			}
		}
	}
	if !ok || !isCookieName(name) {
		return "", true, false
	}
	return value, plain, true
}

// beginsPiece tells whether nothing but blanks is between i and the semicolon before.
func beginsPiece(field string, i int) bool {
	for i > 0 && (field[i-1] == ' ' || field[i-1] == '\t') {
		i--
	}
	return i == 0 || field[i-1] == ';'
}

// valueAfter is the value in a piece, of which rest is what follows its name.
// It is plain if it is all of bytes that stand for themselves.
func valueAfter(rest string) (value string, plain, ok bool) {
	if rest[0] != '=' {
		if rest = strings.TrimLeft(rest, " \t"); rest == "" || rest[0] != '=' {
			return "", true, false
		}
	}
	v := rest[1:]
	n := 0
	for n < len(v) && cookieOctets[v[n]] {
		n++
	}
	if n == len(v) || v[n] == ';' {
		return v[:n], true, true
	}
	v, _ = cutByte(v, ';')
	v = trimBlank(v)
	return v, false, !hasControl(v)
}

// cookieText is the text that a raw value stands for.
func cookieText(raw string) string {
	v := unquoteCookie(raw)
	if !utf8.ValidString(v) {
		v = mendUTF8(v)
	}
	return v
}

// Values are all values of a name, where it was sent several times.
func (d CookieDict) Values(name string) []string {
	var values []string
	for n, raw := range d.each() {
		if n == name {
			values = append(values, cookieText(raw))
		}
	}
	return values
}

// each ranges over all cookies as they were sent.
func (d CookieDict) each() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, field := range d.lines() {
			for field != "" {
				name, value, rest, ok := nextCookie(field)
				if ok && !yield(name, value) {
					return
				}
				field = rest
			}
		}
	}
}

// All ranges over names and values, each name once: its last value in the place of
// the first. Changes made inside the loop are not seen by it.
func (d CookieDict) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, c := range d.distinct() {
			if !yield(c[0], cookieText(c[1])) {
				return
			}
		}
	}
}

// Len is the number of different names.
func (d CookieDict) Len() int { return len(d.distinct()) }

// distinct are names and raw values, each name once. Up to 16 are searched one by
// one, above that through a map: a header may hold a quarter of a million.
func (d CookieDict) distinct() [][2]string {
	const few = 16
	var list [][2]string
	var index map[string]int
	find := func(name string) int {
		if len(list) > few {
			if index == nil {
				index = make(map[string]int, 2*len(list))
				for i, c := range list {
					index[c[0]] = i
				}
			}
			if i, ok := index[name]; ok {
				return i
			}
			return -1
		}
		for i, c := range list {
			if c[0] == name {
				return i
			}
		}
		return -1
	}
	for name, raw := range d.each() {
		if i := find(name); i >= 0 {
			list[i][1] = raw
			continue
		}
		if index != nil {
			index[name] = len(list)
		}
		list = append(list, [2]string{name, raw})
	}
	return list
}

// Err tells about the first part of the header that could not be read as a cookie:
// ErrCookieSkipped, with its name. Nobody need ask; a program that looks for
// cookies lost on the way may.
func (d CookieDict) Err() error {
	for _, field := range d.lines() {
		for field != "" {
			_, _, rest, ok := nextCookie(field)
			piece := field[:len(field)-len(rest)]
			if !ok && strings.Trim(piece, " \t;") != "" {
				return skippedCookie(piece)
			}
			field = rest
		}
	}
	return nil
}
