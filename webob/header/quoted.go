package header

import "github.com/gowebob/gowebob/internal/quoted"

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

// unquote gives what a quoted-string with its quotes stands for.
func unquote(s string) string { return quoted.Unescape(s[1 : len(s)-1]) }

// appendTokenOrQuoted writes a token as it is and anything else in quotes.
func appendTokenOrQuoted(b []byte, s string) []byte {
	if isToken(s) {
		return append(b, s...)
	}
	return quoted.Append(b, s)
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
