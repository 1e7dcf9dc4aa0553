package contentneg

import "strconv"

// lower maps every tchar of RFC 9110 section 5.6.2 to itself in lower case, and
// every other byte to 0: one look tells whether a byte may stand in a token.
var lower = makeLower()

func makeLower() (table [256]byte) {
	for _, c := range []byte("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz") {
		table[c] = c
	}
	for c := byte('A'); c <= 'Z'; c++ {
		table[c] = c + 'a' - 'A'
	}
	return table
}

// tokenEnd returns the index after the token that begins at i; it is i where
// there is none.
func tokenEnd(s string, i int) int {
	for i < len(s) && lower[s[i]] != 0 {
		i++
	}
	return i
}

// isToken tells whether all of s is one token.
func isToken(s string) bool { return s != "" && tokenEnd(s, 0) == len(s) }

// skipOWS returns the index after the optional white space at i.
func skipOWS(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i
}

// quotedEnd returns the index after the quoted-string (RFC 9110 section 5.6.4)
// whose opening quote is at i, or -1 where it is malformed or never closed.
//
//	qdtext      = HTAB / SP / %x21 / %x23-5B / %x5D-7E / obs-text
//	quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text )
func quotedEnd(s string, i int) int {
	for i++; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			i++
			if i == len(s) || isControl(s[i]) {
				return -1
			}
		case isControl(c):
			return -1
		}
	}
	return -1
}

// isControl tells the bytes that no field value may hold. HTAB is not one.
func isControl(c byte) bool { return c < ' ' && c != '\t' || c == 0x7f }

// qvalue reads the weight that begins at i, in thousandths, and returns the
// index after it, or -1 where there is none. What follows is the caller's to
// check.
//
//	qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )
func qvalue(s string, i int) (thousandths, end int) {
	if i >= len(s) || s[i] != '0' && s[i] != '1' {
		return 0, -1
	}
	q := int(s[i]-'0') * 1000
	i++
	if i == len(s) || s[i] != '.' {
		return q, i
	}
	i++
	for unit := 100; unit > 0 && i < len(s) && '0' <= s[i] && s[i] <= '9'; unit /= 10 {
		q += int(s[i]-'0') * unit
		i++
	}
	if q > 1000 {
		return 0, -1
	}
	return q, i
}

// parseWeight reads a whole string as a weight.
func parseWeight(s string) (q float64, ok bool) {
	thousandths, end := qvalue(s, 0)
	return float64(thousandths) / 1000, end == len(s)
}

// formatWeight writes a weight in its shortest form.
func formatWeight(q float64) string { return strconv.FormatFloat(q, 'f', -1, 64) }

// toLower lowers ASCII letters and leaves every other byte as it is, also where
// s is no UTF-8.
func toLower(s string) string {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if 'A' <= b[i] && b[i] <= 'Z' {
					b[i] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

// foldsTo tells whether s, a token or tokens divided by slashes, is low when
// lowered. low has to be in lower case already.
func foldsTo(s, low string) bool {
	if len(s) != len(low) {
		return false
	}
	if s == low {
		return true
	}
	for i := range len(s) {
		if c := s[i]; c != low[i] && lower[c] != low[i] {
			return false
		}
	}
	return true
}
