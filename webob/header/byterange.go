package header

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Range asks for parts of a representation, RFC 9110, section 14.2, in bytes:
//
//	Range         = range-unit "=" range-set
//	range-set     = 1#range-spec
//	range-spec    = int-range / suffix-range
//	int-range     = first-pos "-" [ last-pos ]
//	suffix-range  = "-" suffix-length
//
//	Range: bytes=0-499         ; the first 500 bytes
//	Range: bytes=9500-         ; all from byte 9500 on
//	Range: bytes=-500          ; the last 500
//	Range: bytes=0-0,-1        ; the first and the last
//
// Another unit than bytes (compared without case), an end before its start and
// positions beyond 63 bits make it a bad field, which a server ignores; so do
// more than 100 ranges. WebOb: Request.range, which sees the first one only.
var Range = NewField("Range", parseRangeLines, ByteRanges.format)

// maxRanges is how many ranges a field may ask for.
const maxRanges = 100

// ByteRange is one part asked for, numbers as in the field: FromTo, From and
// LastBytes make them.
type ByteRange struct {
	// First is the first byte, counted from 0; -1 for the last bytes.
	First int64
	// Last is the last byte, and part of the range; -1 for all that follow.
	// Where First is -1 it is how many bytes at the end are meant.
	Last int64
}

// FromTo is the range from byte first to byte last, both included.
func FromTo(first, last int64) ByteRange { return ByteRange{first, last} }

// From is the range from byte first to the end.
func From(first int64) ByteRange { return ByteRange{first, -1} }

// LastBytes is the range of the last n bytes.
func LastBytes(n int64) ByteRange { return ByteRange{-1, n} }

// Span is what the range comes to in a representation of length bytes; ok is
// false where it cannot be satisfied: it starts at or behind the end, is a
// suffix of no bytes, or the length is unknown (negative). WebOb:
// Range.range_for_length.
func (r ByteRange) Span(length int64) (s Span, ok bool) {
	switch {
	case length <= 0:
		return Span{}, false
	case r.First < 0:
		return Span{max(length-r.Last, 0), length}, r.Last > 0
	case r.First >= length:
		return Span{}, false
	case r.Last == -1 || r.Last >= length:
		return Span{r.First, length}, true
	}
	return Span{r.First, r.Last + 1}, r.Last >= r.First
}

// valid tells whether the range can be written.
func (r ByteRange) valid() bool {
	if r.First < 0 {
		return r.First == -1 && r.Last >= 0
	}
	return r.Last == -1 || r.Last >= r.First
}

// appendTo writes range-spec.
func (r ByteRange) appendTo(b []byte) []byte {
	if r.First >= 0 {
		b = strconv.AppendInt(b, r.First, 10)
	}
	b = append(b, '-')
	if r.First < 0 || r.Last >= 0 {
		b = strconv.AppendInt(b, r.Last, 10)
	}
	return b
}

// ByteRanges is what Range holds, at least one.
type ByteRanges []ByteRange

// String is the value as it is sent.
func (rs ByteRanges) String() string {
	b := []byte("bytes=")
	for i, r := range rs {
		if i > 0 {
			b = append(b, ',')
		}
		b = r.appendTo(b)
	}
	return string(b)
}

// format is String, but refuses what is no range.
func (rs ByteRanges) format() (string, error) {
	if len(rs) == 0 {
		return "", ErrAbsent
	}
	s := rs.String()
	for _, r := range rs {
		if !r.valid() {
			return "", bad(s, -1, rangeError("an end before its start"))
		}
	}
	return s, nil
}

// Spans is what the ranges come to in a representation of length bytes: those
// that can be satisfied, in the order asked for; none means 416. Where any two
// overlap they are joined, and all sorted, so that nobody can have the same
// bytes sent a hundred times.
func (rs ByteRanges) Spans(length int64) []Span {
	var spans []Span
	for _, r := range rs {
		if s, ok := r.Span(length); ok {
			spans = append(spans, s)
		}
	}
	if len(spans) < 2 {
		return spans
	}
	sorted := slices.SortedFunc(slices.Values(spans), func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	joined := sorted[:1]
	for _, s := range sorted[1:] {
		if last := &joined[len(joined)-1]; s.Start < last.End {
			last.End = max(last.End, s.End)
		} else {
			joined = append(joined, s)
		}
	}
	if len(joined) == len(spans) {
		return spans
	}
	return joined
}

// Span is a part of a representation: the bytes from Start up to, but not
// including, End.
type Span struct {
	// Start is the first byte, counted from 0.
	Start int64
	// End is one past the last byte.
	End int64
}

// Len is the number of bytes.
func (s Span) Len() int64 { return s.End - s.Start }

// ParseRange reads the value of a Range field.
func ParseRange(s string) (ByteRanges, error) {
	set, ok := strings.CutPrefix(s, "bytes=")
	if !ok {
		unit, rest, found := strings.Cut(s, "=")
		if !found || !equalFold(unit, "bytes") {
			return nil, bad(s, 0, syntaxError("bytes= expected"))
		}
		set = rest
	}
	rs := make(ByteRanges, 0, 1)
	for at := len(s) - len(set); at <= len(s); {
		end := len(s)
		if comma := strings.IndexByte(s[at:], ','); comma >= 0 {
			end = at + comma
		}
		from := skipOWS(s[:end], at)
		if spec := trimOWS(s[from:end]); spec != "" {
			r, err := parseRangeSpec(spec, s, from)
			if err != nil {
				return nil, err
			}
			if len(rs) == maxRanges {
				return nil, bad(s, from, ErrTooMany)
			}
			rs = append(rs, r)
		}
		at = end + 1
	}
	if len(rs) == 0 {
		return nil, bad(s, len(s), syntaxError("range expected"))
	}
	return rs, nil
}

// parseRangeSpec reads one range, which lies in line at byte at.
func parseRangeSpec(spec, line string, at int) (ByteRange, error) {
	first, i := digits(spec, 0)
	suffix := i == 0
	if i == len(spec) || spec[i] != '-' {
		return ByteRange{}, bad(line, at+i, syntaxError("- expected"))
	}
	last, end := digits(spec, i+1)
	open := end == i+1
	switch {
	case end < len(spec) || suffix && open:
		return ByteRange{}, bad(line, at+end, syntaxError("digit expected"))
	case first < 0 || last < 0:
		return ByteRange{}, bad(line, at, rangeError("more than 63 bits"))
	case suffix:
		return LastBytes(last), nil
	case open:
		return From(first), nil
	case last < first:
		return ByteRange{}, bad(line, at, rangeError("an end before its start"))
	}
	return FromTo(first, last), nil
}

// parseRangeLines reads the first line; white space in front is none of a range.
func parseRangeLines(lines []string) (ByteRanges, error) {
	if lines[0] == "" {
		return nil, ErrAbsent
	}
	return ParseRange(lines[0])
}
