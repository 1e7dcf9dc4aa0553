package header

// Classes of bytes in RFC 9110, section 5.6.2, and RFC 7235's successors.
const (
	classToken = 1 << iota // tchar
	classUpper             // A-Z
	classLower             // a-z
	classDigit             // 0-9
	class68                // token68, but "="
	classEtag              // etagc
	classText              // what a field value may hold: VCHAR, obs-text, SP, HTAB
)

// classes is the class of every byte, made once and never changed.
var classes = func() (t [256]uint8) {
	for c := range 256 {
		b := byte(c)
		if b >= 0x20 && b != 0x7f || b == '\t' {
			t[c] |= classText
		}
		if b == 0x21 || b >= 0x23 && b <= 0x7e || b >= 0x80 {
			t[c] |= classEtag
		}
	}
	for c := byte('a'); c <= 'z'; c++ {
		t[c] |= classToken | classLower | class68
		t[c-32] |= classToken | classUpper | class68
	}
	for c := byte('0'); c <= '9'; c++ {
		t[c] |= classToken | classDigit | class68
	}
	for _, c := range []byte("!#$%&'*+-.^_`|~") {
		t[c] |= classToken
	}
	for _, c := range []byte("-._~+/") {
		t[c] |= class68
	}
	return t
}()

// isToken tells whether s is a token of RFC 9110, section 5.6.2.
func isToken(s string) bool {
	return s != "" && tokenEnd(s, 0) == len(s)
}

// tokenEnd is where the run of token characters that starts at i ends.
func tokenEnd(s string, i int) int {
	for i < len(s) && classes[s[i]]&classToken != 0 {
		i++
	}
	return i
}

// skipOWS is the first byte from i on that is neither space nor tab.
func skipOWS(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i
}

// trimOWS cuts spaces and tabs off both ends.
func trimOWS(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}

// badByte is the first byte of a field value that may not be in one, or -1.
// Eight bytes are looked at in one go, as this runs for every field sent.
func badByte(s string) int {
	i := 0
	for ; len(s)-i >= 8; i += 8 {
		if suspicious(word(s, i)) {
			if j := badByteSlow(s, i, i+8); j >= 0 {
				return j
			}
		}
	}
	switch left := len(s) - i; {
	case left == 0:
		return -1
	case len(s) >= 8: // the last eight once more
		if !suspicious(word(s, len(s)-8)) {
			return -1
		}
	case left >= 4: // two halves that overlap
		if !suspicious(half(s, 0) | half(s, left-4)<<32) {
			return -1
		}
	}
	return badByteSlow(s, i, len(s))
}

// word is the eight bytes from i on, as the processor loads them.
func word(s string, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// half is word for four bytes.
func half(s string, i int) uint64 {
	s = s[i : i+4]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

// suspicious tells whether a byte of w is below 0x20 or equal to 0x7f; it may
// err on the side of yes.
func suspicious(w uint64) bool {
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	del := w ^ 0x7f*ones
	return ((w-0x20*ones)&^w|(del-ones)&^del)&highs != 0
}

// endsTag tells whether a byte of w is none of an opaque tag: below 0x21, a quote or
// 0x7f; it may err on the side of yes.
func endsTag(w uint64) bool {
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	quote, del := w^'"'*ones, w^0x7f*ones
	return ((w-0x21*ones)&^w|(quote-ones)&^quote|(del-ones)&^del)&highs != 0
}

// badByteSlow is badByte from one place to another, byte by byte.
func badByteSlow(s string, from, to int) int {
	for i := from; i < to; i++ {
		if classes[s[i]]&classText == 0 {
			return i
		}
	}
	return -1
}

// equalFold compares ASCII without case; other bytes have to be the same.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

// lower is the small letter of a capital, and any other byte as it is.
func lower(c byte) byte {
	if classes[c]&classUpper != 0 {
		return c + 32
	}
	return c
}
