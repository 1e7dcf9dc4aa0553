// Package quoted reads and writes the inside of quoted strings, RFC 9110 section 5.6.4,
// for contentneg and webob/header alike.
package quoted

import "strings"

// Unescape takes the backslashes out of what stands between the quotes. Without any
// nothing is copied.
func Unescape(inside string) string {
	if strings.IndexByte(inside, '\\') < 0 {
		return inside
	}
	b := make([]byte, 0, len(inside))
	for i := 0; i < len(inside); i++ {
		if inside[i] == '\\' && i+1 < len(inside) {
			i++
		}
		b = append(b, inside[i])
	}
	return string(b)
}

// Append writes s in quotes, with a backslash before quotes and backslashes.
func Append(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' || s[i] == '\\' {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}
