// Package usertext makes text of what people have typed into a form.
package usertext

import "strings"

// Clean gives text Unix line ends (browsers send CRLF) and replaces NUL and other
// control characters, which nobody means to send.
func Clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return '\uFFFD'
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
