package header

import "strings"

// quotedEnd is where the quoted-string that starts at i ends (behind its
// closing quote); ok is false where it does not end or holds a control
// character. RFC 9110, section 5.6.4:
//
//	quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE
//	quoted-pair   = "\" ( HTAB / SP / VCHAR / obs-text )
func quotedEnd(s string, i int) (end int, ok bool) {
	for i++; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return i + 1, true
		case s[i] == '\\' && i+1 < len(s):
			i++
			if classes[s[i]]&classText == 0 {
				return i, false
			}
		case classes[s[i]]&classText == 0:
			return i, false
		}
	}
	return i, false
}

// unquote gives what a quoted-string with its quotes stands for. Without
// escapes nothing is copied.
func unquote(s string) string {
	s = s[1 : len(s)-1]
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b = append(b, s[i])
	}
	return string(b)
}

// appendQuoted writes a quoted-string, with escapes before quotes and
// backslashes.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' || s[i] == '\\' {
			b = append(b, '\\')
		}
		b = append(b, s[i])
	}
	return append(b, '"')
}

// appendTokenOrQuoted writes a token as it is and anything else in quotes.
func appendTokenOrQuoted(b []byte, s string) []byte {
	if isToken(s) {
		return append(b, s...)
	}
	return appendQuoted(b, s)
}

// toLower is s in small letters (ASCII); what is small already is not copied.
func toLower(s string) string {
	for i := 0; i < len(s); i++ {
		if classes[s[i]]&classUpper == 0 {
			continue
		}
		b := []byte(s)
		for ; i < len(b); i++ {
			b[i] = lower(b[i])
		}
		return string(b)
	}
	return s
}
