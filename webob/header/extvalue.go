package header

import (
	"strings"
	"unicode/utf8"
)

// Extended values carry any text in a parameter whose name ends in a star, RFC
// 8187:
//
//	ext-value   = charset "'" [ language ] "'" value-chars
//	value-chars = *( pct-encoded / attr-char )
//
//	filename*=UTF-8''na%C3%AFve%20plan.txt

// encodeExt writes an extended value, in UTF-8.
func encodeExt(s string) string {
	const hex = "0123456789ABCDEF"
	b := []byte("UTF-8''")
	for i := 0; i < len(s); i++ {
		if c := s[i]; attrChar(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', hex[c>>4], hex[c&15])
		}
	}
	return string(b)
}

// attrChar tells what stands for itself in an extended value.
func attrChar(c byte) bool {
	return classes[c]&classToken != 0 && c != '*' && c != '\'' && c != '%'
}

// decodeExt reads an extended value in UTF-8 or ISO-8859-1; ok is false where
// it is none, or is in another charset.
func decodeExt(s string) (text string, ok bool) {
	charset, rest, found := strings.Cut(s, "'")
	_, chars, found2 := strings.Cut(rest, "'")
	if !found || !found2 {
		return "", false
	}
	b := make([]byte, 0, len(chars))
	for i := 0; i < len(chars); i++ {
		switch c := chars[i]; {
		case c == '%' && i+2 < len(chars) && unhex(chars[i+1]) >= 0 && unhex(chars[i+2]) >= 0:
			b = append(b, byte(unhex(chars[i+1])<<4|unhex(chars[i+2])))
			i += 2
		case attrChar(c):
			b = append(b, c)
		default:
			return "", false
		}
	}
	switch toLower(charset) {
	case "utf-8":
		return string(b), utf8.Valid(b)
	case "iso-8859-1":
		return latin1(string(b)), true
	}
	return "", false
}

// unhex is the value of a hexadecimal digit, or -1.
func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// latin1 reads each byte as a character.
func latin1(s string) string {
	r := make([]rune, len(s))
	for i := range len(s) {
		r[i] = rune(s[i])
	}
	return string(r)
}
