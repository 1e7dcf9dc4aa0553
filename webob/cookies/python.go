package cookies

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// appendPython writes valid JSON as Python's json.dumps would write its value.
func appendPython(dst, src []byte) []byte {
	for i := 0; i < len(src); {
		switch c := src[i]; {
		case c == '"':
			dst, i = appendPythonString(dst, src, i+1)
		case c == ',' || c == ':':
			dst = append(dst, c, ' ')
			i++
		case c == '-' || '0' <= c && c <= '9':
			end := i + 1
			for end < len(src) && isNumberByte(src[end]) {
				end++
			}
			dst = appendPythonNumber(dst, src[i:end])
			i = end
		default:
			if c > ' ' {
				dst = append(dst, c)
			}
			i++
		}
	}
	return dst
}

func isNumberByte(c byte) bool {
	return '0' <= c && c <= '9' || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-'
}

// appendPythonNumber writes whole numbers as they are, others as Python's repr
// does: with an exponent below 1e-4 and from 1e16 on, and never without a dot else.
func appendPythonNumber(dst, number []byte) []byte {
	if !bytes.ContainsAny(number, ".eE") {
		return append(dst, number...)
	}
	f, err := strconv.ParseFloat(string(number), 64)
	if err != nil { // more than a float64: Python has infinity, JSON has not
		return append(dst, number...)
	}
	if size := max(f, -f); size != 0 && (size < 1e-4 || size >= 1e16) {
		return strconv.AppendFloat(dst, f, 'e', -1, 64)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'f', -1, 64)
	if bytes.IndexByte(dst[start:], '.') < 0 {
		dst = append(dst, ".0"...)
	}
	return dst
}

// appendPythonString writes a string from behind its opening quote on, and tells
// where it ends in src.
func appendPythonString(dst, src []byte, i int) ([]byte, int) {
	dst = append(dst, '"')
	for i < len(src) && src[i] != '"' {
		switch c := src[i]; {
		case c == '\\':
			var r rune
			r, i = unescape(src, i)
			dst = appendPythonRune(dst, r)
		case c >= utf8.RuneSelf:
			r, n := utf8.DecodeRune(src[i:])
			dst = appendPythonRune(dst, r)
			i += n
		default:
			dst = appendPythonRune(dst, rune(c))
			i++
		}
	}
	return append(dst, '"'), i + 1
}

// unescape reads the escape at i, and tells where it ends. Half of a surrogate pair
// is itself, as Python has it.
func unescape(src []byte, i int) (rune, int) {
	c := src[i+1]
	if c != 'u' {
		if k := bytes.IndexByte([]byte("btnfr"), c); k >= 0 {
			return rune("\b\t\n\f\r"[k]), i + 2
		}
		return rune(c), i + 2
	}
	r := hex4(src[i+2:])
	if next := i + 6; utf16.IsSurrogate(r) && next+6 <= len(src) && src[next] == '\\' && src[next+1] == 'u' {
		if pair := utf16.DecodeRune(r, hex4(src[next+2:])); pair != utf8.RuneError {
			return pair, next + 6
		}
	}
	return r, i + 6
}

func hex4(src []byte) rune {
	n, _ := strconv.ParseUint(string(src[:4]), 16, 32) // valid JSON has four digits
	return rune(n)
}

const hexDigits = "0123456789abcdef"

func appendPythonRune(dst []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(dst, '\\', byte(r))
	case ' ' <= r && r <= '~':
		return append(dst, byte(r))
	case r > 0xffff:
		high, low := utf16.EncodeRune(r)
		return appendPythonRune(appendPythonRune(dst, high), low)
	}
	switch r {
	case '\b':
		return append(dst, `\b`...)
	case '\t':
		return append(dst, `\t`...)
	case '\n':
		return append(dst, `\n`...)
	case '\f':
		return append(dst, `\f`...)
	case '\r':
		return append(dst, `\r`...)
	}
	return append(dst, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}
