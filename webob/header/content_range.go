package header

import "strconv"

// ContentRange says which part of a representation a response holds, RFC 9110,
// section 14.4, in bytes:
//
//	Content-Range     = range-unit SP ( range-resp / unsatisfied-range )
//	range-resp        = first-pos "-" last-pos "/" ( complete-length / "*" )
//	unsatisfied-range = "*/" complete-length
//
//	Content-Range: bytes 42-1233/1234
//	Content-Range: bytes 42-1233/*
//	Content-Range: bytes */1234          ; of a 416
//
// Set refuses a part that is empty or not within the length. WebOb:
// Response.content_range.
var ContentRange = NewField("Content-Range", parseContentRangeLines, ContentSpan.format)

// AcceptRanges tells that a server knows ranges of these units ("bytes"), or
// with "none" that it knows none, RFC 9110, section 14.3. WebOb:
// Response.accept_ranges.
var AcceptRanges = NewList("Accept-Ranges")

// ContentSpan is what Content-Range holds: a part of a representation, or
// with Unsatisfied that there is no such part.
type ContentSpan struct {
	// Start is the first byte; -1, like End, where no part could be given.
	Start int64
	// End is one past the last byte.
	End int64
	// Length is the length of the whole, -1 where it is unknown.
	Length int64
}

// Of is the Content-Range of a part of a representation of length bytes, -1
// where that is unknown.
func (s Span) Of(length int64) ContentSpan { return ContentSpan{s.Start, s.End, length} }

// Unsatisfied is the Content-Range of a 416 for a representation of length bytes.
func Unsatisfied(length int64) ContentSpan { return ContentSpan{-1, -1, length} }

// String is the value as it is sent.
func (c ContentSpan) String() string {
	b := []byte("bytes ")
	if c.Start < 0 {
		b = append(b, '*')
	} else {
		b = strconv.AppendInt(b, c.Start, 10)
		b = append(b, '-')
		b = strconv.AppendInt(b, c.End-1, 10)
	}
	b = append(b, '/')
	if c.Length < 0 {
		return string(append(b, '*'))
	}
	return string(strconv.AppendInt(b, c.Length, 10))
}

// check says what cannot be, or nothing.
func (c ContentSpan) check() rangeError {
	switch {
	case c.Start == -1 && c.End == -1 && c.Length >= 0: // unsatisfied
	case c.Start < 0 || c.Length < -1:
		return "a negative number"
	case c.End <= c.Start:
		return "an end before its start"
	case c.Length >= 0 && c.End > c.Length:
		return "an end behind the length"
	}
	return ""
}

// format is String, but refuses what cannot be.
func (c ContentSpan) format() (string, error) {
	if reason := c.check(); reason != "" {
		return "", bad(c.String(), -1, reason)
	}
	return c.String(), nil
}

// ParseContentRange reads the value of a Content-Range field.
func ParseContentRange(s string) (ContentSpan, error) {
	const unit = "bytes "
	if len(s) < len(unit) || !equalFold(s[:len(unit)], unit) {
		return ContentSpan{}, bad(s, 0, syntaxError("bytes expected"))
	}
	c, i, err := parseSpan(s, len(unit))
	if err != nil {
		return ContentSpan{}, err
	}
	if i == len(s) || s[i] != '/' {
		return ContentSpan{}, bad(s, i, syntaxError("/ expected"))
	}
	if i++; s[i:] != "*" || c.Start < 0 {
		if c.Length, err = parseNumber(s[i:], s, i); err != nil {
			return ContentSpan{}, err
		}
	}
	if reason := c.check(); reason != "" {
		return ContentSpan{}, bad(s, -1, reason)
	}
	return c, nil
}

// parseSpan reads a star or first-pos "-" last-pos from i on; the length is
// left unknown.
func parseSpan(s string, i int) (c ContentSpan, end int, err error) {
	if i < len(s) && s[i] == '*' {
		return Unsatisfied(-1), i + 1, nil
	}
	first, dash := digits(s, i)
	if dash == i || dash == len(s) || s[dash] != '-' {
		return c, dash, bad(s, dash, syntaxError("position expected"))
	}
	last, end := digits(s, dash+1)
	switch {
	case end == dash+1:
		return c, end, bad(s, end, syntaxError("position expected"))
	case first < 0 || last < 0 || last == 1<<63-1:
		return c, end, bad(s, i, rangeError("more than 63 bits"))
	}
	return ContentSpan{first, last + 1, -1}, end, nil
}

// parseContentRangeLines reads the first line.
func parseContentRangeLines(lines []string) (ContentSpan, error) {
	if lines[0] == "" {
		return ContentSpan{}, ErrAbsent
	}
	return ParseContentRange(lines[0])
}
