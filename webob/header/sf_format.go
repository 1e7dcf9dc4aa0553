package header

import (
	"encoding/base64"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/gowebob/gowebob/internal/quoted"
)

// Writing structured fields, RFC 9651, section 4.1. There is one way to write
// each value; what cannot be written is an error.

// format writes a field of one item.
func (x Item) format() (string, error) {
	b, err := x.appendTo(nil, false)
	return string(b), err
}

// formatItemList writes a list; an empty one is no field.
func formatItemList(list []Item) (string, error) {
	if len(list) == 0 {
		return "", ErrAbsent
	}
	var b []byte
	var err error
	for i, x := range list {
		if i > 0 {
			b = append(b, ", "...)
		}
		if b, err = x.appendTo(b, true); err != nil {
			return "", err
		}
	}
	return string(b), nil
}

// format writes a dictionary; members that are true are just named.
func (d Dictionary) format() (string, error) {
	if len(d) == 0 {
		return "", ErrAbsent
	}
	var b []byte
	var err error
	for i, e := range d {
		if i > 0 {
			b = append(b, ", "...)
		}
		if b, err = appendKey(b, e.Name); err != nil {
			return "", err
		}
		if e.Value == true {
			b, err = e.Params.appendTo(b)
		} else {
			b, err = e.appendTo(append(b, '='), true)
		}
		if err != nil {
			return "", err
		}
	}
	return string(b), nil
}

// appendTo writes an item, or a member where that may be an inner list.
func (x Item) appendTo(b []byte, member bool) ([]byte, error) {
	var err error
	if inner, ok := x.Value.(InnerList); ok && member {
		b, err = inner.appendTo(b)
	} else {
		b, err = appendBare(b, x.Value)
	}
	if err != nil {
		return nil, err
	}
	return x.Params.appendTo(b)
}

// appendTo writes the items in parentheses, with a space between.
func (l InnerList) appendTo(b []byte) ([]byte, error) {
	b = append(b, '(')
	var err error
	for i, x := range l {
		if i > 0 {
			b = append(b, ' ')
		}
		if b, err = x.appendTo(b, false); err != nil {
			return nil, err
		}
	}
	return append(b, ')'), nil
}

// appendTo writes parameters; those that are true are just named.
func (p ItemParams) appendTo(b []byte) ([]byte, error) {
	var err error
	for _, x := range p {
		if b, err = appendKey(append(b, ';'), x.Name); err != nil {
			return nil, err
		}
		if x.Value == true {
			continue
		}
		if b, err = appendBare(append(b, '='), x.Value); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// appendKey writes the name of a parameter or member.
func appendKey(b []byte, key string) ([]byte, error) {
	for i := range len(key) {
		if !sfKeyChar(key[i], i == 0) {
			return nil, bad(key, i, syntaxError("a key holds small letters, digits, _, -, . and *"))
		}
	}
	if key == "" {
		return nil, bad(key, 0, syntaxError("an empty key"))
	}
	return append(b, key...), nil
}

// appendBare writes a bare item by its type.
func appendBare(b []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case int64:
		return appendInteger(b, v)
	case int:
		return appendInteger(b, int64(v))
	case float64:
		return appendDecimal(b, v)
	case string:
		return appendString(b, v)
	case Token:
		return appendToken(b, string(v))
	case []byte:
		b = append(b, ':')
		return append(base64.StdEncoding.AppendEncode(b, v), ':'), nil
	case bool:
		if v {
			return append(b, "?1"...), nil
		}
		return append(b, "?0"...), nil
	case time.Time:
		return appendInteger(append(b, '@'), v.Unix())
	case DisplayString:
		return appendDisplay(b, string(v))
	}
	return nil, bad("", -1, errItemType)
}

// appendInteger writes up to 15 digits.
func appendInteger(b []byte, n int64) ([]byte, error) {
	if n <= -1e15 || n >= 1e15 {
		return nil, bad(strconv.FormatInt(n, 10), -1, rangeError("an integer has up to 15 digits"))
	}
	return strconv.AppendInt(b, n, 10), nil
}

// appendDecimal rounds to thousandths, halves to even.
func appendDecimal(b []byte, v float64) ([]byte, error) {
	n := math.RoundToEven(v * 1000)
	if !(math.Abs(n) < 1e15) { // NaN too
		return nil, bad(strconv.FormatFloat(v, 'g', -1, 64), -1, rangeError("a decimal has up to 12 digits before the point"))
	}
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	whole, frac := int64(n)/1000, int64(n)%1000
	b = append(strconv.AppendInt(b, whole, 10), '.')
	b = append(b, byte('0'+frac/100))
	if frac%100 != 0 {
		b = append(b, byte('0'+frac/10%10))
	}
	if frac%10 != 0 {
		b = append(b, byte('0'+frac%10))
	}
	return b, nil
}

// appendString writes printable ASCII in quotes.
func appendString(b []byte, s string) ([]byte, error) {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return nil, bad(s, i, syntaxError("a string is printable ASCII; see DisplayString"))
		}
	}
	return quoted.Append(b, s), nil
}

// appendToken writes a Token as it is.
func appendToken(b []byte, s string) ([]byte, error) {
	for i := range len(s) {
		first := i > 0 || s[i] == '*' || classes[s[i]]&(classUpper|classLower) != 0
		if !first || !sfTokenChar(s[i]) {
			return nil, bad(s, i, syntaxError("no character of a token"))
		}
	}
	if s == "" {
		return nil, bad(s, 0, syntaxError("an empty token"))
	}
	return append(b, s...), nil
}

// appendDisplay writes what is not printable ASCII as %xx, in small letters.
func appendDisplay(b []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, bad(s, -1, syntaxError("a display string is UTF-8"))
	}
	const hex = "0123456789abcdef"
	b = append(b, `%"`...)
	for i := range len(s) {
		if c := s[i]; c == '%' || c == '"' || c < 0x20 || c > 0x7e {
			b = append(b, '%', hex[c>>4], hex[c&15])
		} else {
			b = append(b, c)
		}
	}
	return append(b, '"'), nil
}
