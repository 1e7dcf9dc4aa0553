package header

import (
	"strings"
	"time"
)

// IfRange says for which version of a representation Range is meant, RFC 9110,
// section 13.1.5:
//
//	If-Range = entity-tag / HTTP-date
//
//	If-Range: "xyzzy"
//	If-Range: Sat, 29 Oct 1994 19:43:31 GMT
//
// To evaluate it, ask IfRangeHolds. WebOb: Request.if_range.
var IfRange = NewField("If-Range", parseRangeCondition, RangeCondition.format)

// RangeCondition is what If-Range holds: a date, or else a tag.
type RangeCondition struct {
	// Date is the Last-Modified meant; zero where Tag counts.
	Date time.Time
	// Tag is the ETag meant. A weak one never matches.
	Tag EntityTag
}

// String is the value as it is sent.
func (c RangeCondition) String() string {
	if !c.Date.IsZero() {
		return FormatDate(c.Date)
	}
	return c.Tag.String()
}

// format is String, but refuses what is no tag or date.
func (c RangeCondition) format() (string, error) {
	if !c.Date.IsZero() {
		return formatDate(c.Date)
	}
	return c.Tag.format()
}

// parseRangeCondition tells a tag from a date by its first byte.
func parseRangeCondition(lines []string) (c RangeCondition, err error) {
	s := trimOWS(lines[0])
	switch {
	case s == "":
		return c, ErrAbsent
	case s[0] == '"' || strings.HasPrefix(s, "W/"):
		c.Tag, err = ParseEntityTag(s)
	default:
		c.Date, err = ParseDate(s)
	}
	return c, err
}

// IfRangeHolds tells whether the If-Range of a request lets its Range stand for
// a representation with this ETag and this Last-Modified (the fields' values;
// "" where there is none). Without the field it holds. Tags are compared
// strongly, and a date has to be the very Last-Modified: a part of a newer
// version must not be glued to an old one. A bad field does not hold, and the
// error says why: whoever ignores it sends the whole.
func IfRangeHolds(h Map, etag, lastModified string) (bool, error) {
	c, ok, err := IfRange.Lookup(h)
	if err != nil || !ok {
		return err == nil, err
	}
	if c.Date.IsZero() {
		t, err := ParseEntityTag(etag)
		return err == nil && t.StrongEqual(c.Tag), nil
	}
	t, err := ParseDate(trimOWS(lastModified))
	return err == nil && t.Equal(c.Date), nil
}
