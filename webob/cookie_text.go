package webob

import "strings"

// cookieOctets are the bytes that a value holds as they are, RFC 6265bis §4.1.1.
var cookieOctets = func() (set [256]bool) {
	for c := '!'; c <= '~'; c++ {
		set[c] = !strings.ContainsRune("\",;\\", c)
	}
	return set
}()

// appendCookieValue writes a value as WebOb does: as it is if a cookie can hold
// it, else in quotes, with a backslash and three octal digits for each odd byte.
func appendCookieValue(b []byte, v string) []byte {
	plain := true
	for i := 0; i < len(v) && plain; i++ {
		plain = cookieOctets[v[i]]
	}
	if plain {
		return append(b, v...)
	}
	b = append(b, '"')
	for i := range len(v) {
		if c := v[i]; c == ' ' || cookieOctets[c] {
			b = append(b, c)
		} else {
			b = append(b, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7)
		}
	}
	return append(b, '"')
}

// unquoteCookie undoes what appendCookieValue does, and what others do alike: a
// value in quotes loses them; \ooo is that byte and \x is x, in quotes or not. A
// value without any of it is returned as it is.
func unquoteCookie(v string) string {
	if isQuoted(v) {
		v = v[1 : len(v)-1]
	}
	if strings.IndexByte(v, '\\') < 0 {
		return v
	}
	b := make([]byte, 0, len(v))
	for i := 0; i < len(v); i++ {
		c := v[i]
		switch {
		case c != '\\' || i+1 == len(v):
		case isOctal(v[i+1:]):
			c = (v[i+1]-'0')<<6 | (v[i+2]-'0')<<3 | (v[i+3] - '0')
			i += 3
		default:
			i++
			c = v[i]
		}
		b = append(b, c)
	}
	return string(b)
}

// isQuoted tells whether v is one quoted string, and not several with something
// between them.
func isQuoted(v string) bool {
	if len(v) < 2 || v[0] != '"' || v[len(v)-1] != '"' {
		return false
	}
	for i := 1; i < len(v)-1; i++ {
		switch v[i] {
		case '"':
			return false
		case '\\':
			i++
		}
	}
	return true
}

// isOctal tells whether s begins with the three digits of a byte.
func isOctal(s string) bool {
	return len(s) >= 3 && '0' <= s[0] && s[0] <= '3' && '0' <= s[1] && s[1] <= '7' && '0' <= s[2] && s[2] <= '7'
}

// nextCookie cuts the first piece off a Cookie field. Pieces are divided at
// semicolons alone, whatever quotes there are, so that no value can reach into the
// next cookie. ok is false for what is no cookie: without =, with a name that is
// none, with a control character inside.
func nextCookie(field string) (name, value, rest string, ok bool) {
	piece, rest := cutByte(field, ';')
	name, value, found := cutFound(piece, '=')
	name, value = trimBlank(name), trimBlank(value)
	return name, value, rest, found && isCookieName(name) && !hasControl(value)
}

// pieceName is the name in a piece, or in a Set-Cookie field.
func pieceName(piece string) string {
	pair, _ := cutByte(piece, ';')
	name, _ := cutByte(pair, '=')
	return trimBlank(name)
}

func cutByte(s string, sep byte) (before, after string) {
	before, after, _ = cutFound(s, sep)
	return before, after
}

func cutFound(s string, sep byte) (before, after string, found bool) {
	if i := strings.IndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// trimBlank takes spaces and tabs off both ends.
func trimBlank(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}
