package header

import (
	"strconv"
	"time"
)

// RetryAfter is how long a client should wait before it asks again, RFC 9110,
// section 10.2.3:
//
//	Retry-After   = HTTP-date / delay-seconds
//	delay-seconds = 1*DIGIT
//
//	Retry-After: Fri, 31 Dec 1999 23:59:59 GMT
//	Retry-After: 120
//
// WebOb: Response.retry_after.
var RetryAfter = NewField("Retry-After", parseDelayLines, Delay.format)

// maxDelay is as many seconds as an HTTP-date can be away from 1970.
const maxDelay = 253402300799

// Delay is a moment or a number of seconds from now.
type Delay struct {
	// Date is the moment; zero where Seconds counts.
	Date time.Time
	// Seconds is the delay, not negative.
	Seconds int64
}

// After is a delay of d, rounded up to whole seconds.
func After(d time.Duration) Delay {
	seconds := int64(max(d, 0) / time.Second)
	if d > 0 && d%time.Second != 0 {
		seconds++
	}
	return Delay{Seconds: seconds}
}

// At is a delay until t.
func At(t time.Time) Delay { return Delay{Date: t} }

// Time is the moment meant, for a field that has been received now. It is in
// UTC, and not later than the end of the year 9999.
func (d Delay) Time(now time.Time) time.Time {
	if !d.Date.IsZero() {
		return d.Date.UTC()
	}
	return time.Unix(min(now.Unix()+min(d.Seconds, maxDelay), maxDelay), int64(now.Nanosecond())).UTC()
}

// String is the value as it is sent.
func (d Delay) String() string {
	if !d.Date.IsZero() {
		return FormatDate(d.Date)
	}
	return strconv.FormatInt(d.Seconds, 10)
}

// format is String, but refuses what cannot be sent.
func (d Delay) format() (string, error) {
	if !d.Date.IsZero() {
		return formatDate(d.Date)
	}
	return formatNumber(d.Seconds)
}

// ParseDelay reads a date (see ParseDate) or a number of seconds. A delay that
// no date could express, beyond 8,000 years, is an error.
func ParseDelay(s string) (Delay, error) {
	if s == "" || classes[s[0]]&classDigit == 0 {
		t, err := ParseDate(s)
		return Delay{Date: t}, err
	}
	n, err := parseNumber(s, s, 0)
	if err == nil && n > maxDelay {
		err = bad(s, 0, rangeError("beyond the year 9999"))
	}
	if err != nil {
		return Delay{}, err
	}
	return Delay{Seconds: n}, nil
}

// parseDelayLines reads the first line.
func parseDelayLines(lines []string) (Delay, error) {
	s := trimOWS(lines[0])
	if s == "" {
		return Delay{}, ErrAbsent
	}
	return ParseDelay(s)
}
