package header

import "strconv"

// Numbers of RFC 9110 are digits and nothing else:
//
//	Content-Length = 1*DIGIT      ; 0, 42, 007
//
// They are read up to 2^63-1; a larger one is bad (ErrRange).
var (
	// ContentLength is the length of the content in bytes, RFC 9110, section
	// 8.6. A request's is checked by net/http already: read req.ContentLength.
	// WebOb: Request.content_length, Response.content_length.
	ContentLength = NewNumber("Content-Length")
	// Age is for how many seconds a cache has held the response, RFC 9111,
	// section 5.1. WebOb: Response.age.
	Age = NewNumber("Age")
	// MaxForwards is over how many proxies TRACE and OPTIONS may go, RFC 9110,
	// section 7.6.2. WebOb: Request.max_forwards.
	MaxForwards = NewNumber("Max-Forwards")
)

// NewNumber makes a field that holds a number without a sign, within 63 bits.
// Of several lines the first counts; an empty one is absent. A negative number
// is refused by Set.
func NewNumber(name string) Field[int64] { return NewField(name, parseNumberLines, formatNumber) }

// parseNumberLines reads the first line; an empty one is no number at all.
func parseNumberLines(lines []string) (int64, error) {
	s := trimOWS(lines[0])
	if s == "" && lines[0] == "" {
		return 0, ErrAbsent
	}
	return parseNumber(s, lines[0], 0)
}

// formatNumber refuses a sign, which the grammar has not got.
func formatNumber(n int64) (string, error) {
	if n < 0 {
		return "", bad(strconv.FormatInt(n, 10), 0, rangeError("negative"))
	}
	return strconv.FormatInt(n, 10), nil
}

// parseNumber reads digits; line and at say where they come from.
func parseNumber(s, line string, at int) (int64, error) {
	n, i := digits(s, 0)
	switch {
	case i == 0 || i < len(s):
		return 0, bad(line, at+i, syntaxError("digit expected"))
	case n < 0:
		return 0, bad(line, at, rangeError("more than 63 bits"))
	}
	return n, nil
}

// digits reads a run of digits from i on, and tells where it ends; the number
// is -1 where it has more than 63 bits.
func digits(s string, i int) (n int64, end int) {
	for ; i < len(s) && classes[s[i]]&classDigit != 0; i++ {
		d := int64(s[i] - '0')
		if n < 0 || n > (1<<63-1-d)/10 {
			n = -1
			continue
		}
		n = 10*n + d
	}
	return n, i
}
