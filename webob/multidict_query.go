package webob

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// MaxPairs is how many variables ParseQuery reads, as many as net/url does.
const MaxPairs = 10_000

// Faults of parsed variables, see MultiDict.Err.
var (
	// ErrTooManyPairs tells that there were more variables than the limit.
	ErrTooManyPairs = errors.New("too many variables")
	// ErrNotUTF8 tells that a variable had bytes that are no UTF-8.
	ErrNotUTF8 = errors.New("not UTF-8")
)

// ParseQuery reads variables in the form of a query string or an urlencoded
// form. It takes whatever comes:
//
//   - pieces are separated by & alone, empty ones are skipped;
//   - a piece without = is a key with an empty value;
//   - + is a space, a % without two hex digits behind it stays as it is;
//   - bytes that are no UTF-8 become U+FFFD, and Err is ErrNotUTF8;
//   - pieces beyond MaxPairs are not read: Err is ErrTooManyPairs, and the
//     MultiDict is read-only, as writing it back would lose the rest.
func ParseQuery(raw string) *MultiDict { return parseVars(raw, MaxPairs) }

// parseVars is ParseQuery with a limit of its own.
func parseVars(raw string, limit int) *MultiDict {
	d := new(MultiDict)
	if raw == "" {
		return d
	}
	d.grow(min(strings.Count(raw, "&")+1, (len(raw)+1)/2, limit))
	for start := 0; start < len(raw); {
		p := scanVar(raw, start)
		if p.end > start {
			if len(d.pairs) == limit {
				d.fault = fmt.Errorf("webob: %w: more than %d", ErrTooManyPairs, limit)
				return d.Freeze(d.fault.Error())
			}
			pair := Pair{Key: raw[start:p.equals]}
			if p.equals < p.end {
				pair.Value = raw[p.equals+1 : p.end]
			}
			if p.coded {
				pair.Key, pair.Value = d.decode(pair.Key), d.decode(pair.Value)
			}
			d.pairs = append(d.pairs, pair)
		}
		start = p.end + 1
	}
	return d
}

// varPiece is one piece of a query: where its first = is, or else its end,
// where it ends, and whether there is anything to decode in it.
type varPiece struct {
	equals, end int
	coded       bool
}

// scanVar looks at every byte of a piece once; pieces are too short for
// searching them by several calls of strings.IndexByte.
func scanVar(raw string, start int) varPiece {
	p := varPiece{equals: -1, end: start}
	for ; p.end < len(raw) && raw[p.end] != '&'; p.end++ {
		switch c := raw[p.end]; {
		case c == '=' && p.equals < 0:
			p.equals = p.end
		case c == '%' || c == '+' || c >= utf8.RuneSelf:
			p.coded = true
		}
	}
	if p.equals < 0 {
		p.equals = p.end
	}
	return p
}

// decode undoes escapes and mends UTF-8, noting the fault.
func (d *MultiDict) decode(s string) string {
	s = unescapeVar(s)
	if utf8.ValidString(s) {
		return s
	}
	s = mendUTF8(s)
	if d.fault == nil {
		d.fault = fmt.Errorf("webob: variable %q: %w", shortVar(s), ErrNotUTF8)
	}
	return s
}

// shortVar keeps a text of the client's small in an error.
func shortVar(s string) string {
	const most = 64
	if len(s) <= most {
		return s
	}
	return s[:most] + "..."
}

// unescapeVar undoes + and %XX; other % stay.
func unescapeVar(s string) string {
	i := 0
	for i < len(s) && s[i] != '%' && s[i] != '+' {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:i])
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case c == '+':
			b.WriteByte(' ')
		case c == '%' && i+2 < len(s) && hexDigit(s[i+1])|hexDigit(s[i+2]) < 16:
			b.WriteByte(hexDigit(s[i+1])<<4 | hexDigit(s[i+2]))
			i += 2
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// hexDigit is the value of a hex digit, or 0xff.
func hexDigit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 0xff
}

// mendUTF8 puts one U+FFFD for every longest piece that might have begun a
// character, as browsers and Python do (Unicode 15, section 3.9, "maximal
// subparts"); strings.ToValidUTF8 would put one for a whole run.
func mendUTF8(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 8)
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			n = brokenLen(s)
		}
		b.WriteRune(r)
		s = s[n:]
	}
	return b.String()
}

// brokenLen is the length of the maximal subpart that ill-formed s begins with:
// a lead byte with those continuation bytes that may follow it.
func brokenLen(s string) int {
	want, low, high := 0, byte(0x80), byte(0xbf)
	switch c := s[0]; {
	case 0xc2 <= c && c <= 0xdf:
		want = 1
	case 0xe0 <= c && c <= 0xef:
		want = 2
		switch c {
		case 0xe0:
			low = 0xa0 // no overlong forms
		case 0xed:
			high = 0x9f // no surrogates
		}
	case 0xf0 <= c && c <= 0xf4:
		want = 3
		switch c {
		case 0xf0:
			low = 0x90
		case 0xf4:
			high = 0x8f // nothing above U+10FFFF
		}
	}
	n := 1
	for ; n <= want && n < len(s) && low <= s[n] && s[n] <= high; n++ {
		low, high = 0x80, 0xbf
	}
	return n
}

// Encode writes the pairs as a query string: all but letters, digits and _.-~ is
// escaped, a space is +. Of an upload its file name is written.
func (d *MultiDict) Encode() string {
	size := 0
	for key, value := range d.All() {
		size += len(key) + len(value) + 2
	}
	if size == 0 {
		return ""
	}
	var b strings.Builder
	b.Grow(size)
	for key, value := range d.All() {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		escapeVar(&b, key)
		b.WriteByte('=')
		escapeVar(&b, value)
	}
	return b.String()
}

const varHexDigits = "0123456789ABCDEF"

func escapeVar(b *strings.Builder, s string) {
	plain := 0 // from here to i nothing needs escaping
	for i := range len(s) {
		c := s[i]
		if isPlainVar(c) {
			continue
		}
		b.WriteString(s[plain:i])
		plain = i + 1
		if c == ' ' {
			b.WriteByte('+')
		} else {
			b.Write([]byte{'%', varHexDigits[c>>4], varHexDigits[c&15]})
		}
	}
	b.WriteString(s[plain:])
}

// isPlainVar tells the characters that are never escaped, RFC 3986 section 2.3.
func isPlainVar(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		c == '_' || c == '.' || c == '-' || c == '~'
}
