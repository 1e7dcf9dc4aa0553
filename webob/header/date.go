package header

import "time"

// Dates are HTTP-dates, RFC 9110, section 5.6.7:
//
//	HTTP-date    = IMF-fixdate / obs-date
//	IMF-fixdate  = day-name "," SP date1 SP time-of-day SP GMT
//	obs-date     = rfc850-date / asctime-date
//
//	Sun, 06 Nov 1994 08:49:37 GMT    ; IMF-fixdate: read and written
//	Sunday, 06-Nov-94 08:49:37 GMT   ; rfc850-date: read
//	Sun Nov  6 08:49:37 1994         ; asctime-date: read
//
// Set writes IMF-fixdate, in GMT whatever the zone of the time, and cuts off
// fractions of a second; the zero time takes the field away.
var (
	// Date is when the message was made, RFC 9110, section 6.6.1.
	// WebOb: Request.date, Response.date.
	Date = NewDate("Date")
	// Expires is when a response becomes stale, RFC 9111, section 5.3. Values
	// that are no dates ("0", "-1") are bad here, which for a cache means that
	// the response is stale already. WebOb: Response.expires.
	Expires = NewDate("Expires")
	// LastModified is when the resource was changed last, as far as the server
	// knows, RFC 9110, section 8.8.2. WebOb: Response.last_modified.
	LastModified = NewDate("Last-Modified")
	// IfModifiedSince is the condition of RFC 9110, section 13.1.3. A bad date
	// counts as none there. WebOb: Request.if_modified_since.
	IfModifiedSince = NewDate("If-Modified-Since")
	// IfUnmodifiedSince is the condition of RFC 9110, section 13.1.4. A bad
	// date counts as none there. WebOb: Request.if_unmodified_since.
	IfUnmodifiedSince = NewDate("If-Unmodified-Since")
)

// NewDate makes a field that holds an HTTP-date. Of several lines the first
// counts; an empty one is absent.
func NewDate(name string) Field[time.Time] { return NewField(name, parseDateLines, formatDate) }

// parseDateLines reads the first line.
func parseDateLines(lines []string) (time.Time, error) {
	s := trimOWS(lines[0])
	if s == "" {
		return time.Time{}, ErrAbsent
	}
	return ParseDate(s)
}

// formatDate refuses years that have not four digits.
func formatDate(t time.Time) (string, error) {
	if t.IsZero() {
		return "", ErrAbsent
	}
	if y := t.UTC().Year(); y < 1 || y > 9999 {
		return "", bad("", -1, rangeError("a year has four digits"))
	}
	return FormatDate(t), nil
}

const (
	dayNames   = "SunMonTueWedThuFriSat"
	monthNames = "JanFebMarAprMayJunJulAugSepOctNovDec"
)

// longDays are the names of the rfc850-date, Sunday first.
var longDays = [...]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}

// FormatDate writes an HTTP-date in the one form that may be sent, IMF-fixdate:
// "Sun, 06 Nov 1994 08:49:37 GMT". Fractions of a second are cut off. Only
// years from 1 to 9999 give a date that can be read again.
func FormatDate(t time.Time) string {
	var buf [32]byte
	return string(AppendDate(buf[:0], t))
}

// AppendDate is FormatDate into a buffer.
func AppendDate(b []byte, t time.Time) []byte {
	const day = 24 * 60 * 60
	seconds := t.Unix()
	days := seconds / day
	if seconds -= days * day; seconds < 0 { // before 1970
		days, seconds = days-1, seconds+day
	}
	weekday := ((days+4)%7 + 7) % 7 // 1970 began on a Thursday
	year, month, date := civilDay(days)
	b = append(b, dayNames[3*weekday:3*weekday+3]...)
	b = append(b, ", "...)
	b = append2(b, date)
	b = append(b, ' ')
	b = append(b, monthNames[3*month-3:3*month]...)
	b = append(b, ' ')
	b = append2(append2(b, year/100), year%100)
	b = append(b, ' ')
	b = append2(b, int(seconds/3600))
	b = append(b, ':')
	b = append2(b, int(seconds/60%60))
	b = append(b, ':')
	b = append2(b, int(seconds%60))
	return append(b, " GMT"...)
}

// civilDay is the date of a day counted from 1 January 1970, in UTC. time.Time works
// it out once for the date, once for the clock and once for the weekday. Years are
// counted from March here, so that a leap day ends one.
func civilDay(days int64) (year, month, date int) {
	const era = 146097 // days of 400 years
	days += 719468     // since 1 March of the year 0
	eras := days / era
	if days < 0 {
		eras = (days - era + 1) / era
	}
	n := days - eras*era
	y := (n - n/1460 + n/36524 - n/146096) / 365
	n -= 365*y + y/4 - y/100
	m := (5*n + 2) / 153
	date = int(n-(153*m+2)/5) + 1
	year = int(y + 400*eras)
	if m < 10 {
		return year, int(m) + 3, date
	}
	return year + 1, int(m) - 9, date
}

// append2 writes a number from 0 to 99 with two digits.
func append2(b []byte, n int) []byte { return append(b, byte('0'+n/10%10), byte('0'+n%10)) }

// ParseDate reads an HTTP-date in any of its three forms, exactly as the
// grammar has them; the result is in UTC. That the day of the week fits is not
// checked. The errors are *FieldError with ErrSyntax or ErrRange (a 31st of
// February).
//
// Two digits of a year mean this century, unless that were more than 50 years
// ahead: then the century before. There was no year 0; "0000" is read as 2000,
// as WebOb does. A leap second, 23:59:60, is the start of the next day.
func ParseDate(s string) (time.Time, error) {
	// Only the rfc850-date asks what year it is.
	if len(s) > 8 && (s[3] == ',' || s[3] == ' ') {
		return ParseDateAt(s, time.Time{})
	}
	return ParseDateAt(s, time.Now())
}

// ParseDateAt is ParseDate as it would have answered at the moment now.
func ParseDateAt(s string, now time.Time) (time.Time, error) {
	p := dateParser{s: s}
	var d civil
	switch {
	case len(s) > 3 && s[3] == ',':
		d = p.fixdate()
	case len(s) > 3 && s[3] == ' ':
		d = p.asctime()
	default:
		d = p.rfc850(now)
	}
	if p.want == "" && p.i < len(s) {
		p.want = "end"
	}
	if p.want != "" {
		return time.Time{}, bad(s, p.i, syntaxError(p.want+" of an HTTP-date expected"))
	}
	if reason := d.check(); reason != "" {
		return time.Time{}, bad(s, -1, reason)
	}
	return d.time(), nil
}

// civil is a date as it is written.
type civil struct{ year, month, day, hour, minute, second int }

// time is the moment; second 60 becomes the next minute.
func (d civil) time() time.Time {
	return time.Date(d.year, time.Month(d.month), d.day, d.hour, d.minute, d.second, 0, time.UTC)
}

// check says what cannot be, or nothing.
func (d civil) check() rangeError {
	switch {
	case d.day < 1 || d.day > daysIn(d.month, d.year):
		return "no such day"
	case d.second == 60 && d.hour == 23 && d.minute == 59: // a leap second
	case d.hour > 23 || d.minute > 59 || d.second > 59:
		return "no such time of day"
	}
	return ""
}

// daysIn is the length of a month.
func daysIn(month, year int) int {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	}
	return 30 + (month+month>>3)&1
}

// dateParser walks over a date; want is what it missed first, at byte i.
type dateParser struct {
	s    string
	i    int
	want string
}

// fail keeps what was missed first.
func (p *dateParser) fail(want string) {
	if p.want == "" {
		p.want = want
	}
}

// lit takes a fixed text.
func (p *dateParser) lit(text, want string) {
	if p.want != "" {
		return
	}
	if len(p.s)-p.i < len(text) || p.s[p.i:p.i+len(text)] != text {
		p.fail(want)
		return
	}
	p.i += len(text)
}

// num takes n digits.
func (p *dateParser) num(n int, want string) int {
	if p.want != "" {
		return 0
	}
	if len(p.s)-p.i < n {
		p.fail(want)
		return 0
	}
	v := 0
	for _, c := range []byte(p.s[p.i : p.i+n]) {
		if c < '0' || c > '9' {
			p.fail(want)
			return 0
		}
		v = 10*v + int(c-'0')
	}
	p.i += n
	return v
}

// name takes one of names of three letters, and gives its number from 1 on.
func (p *dateParser) name(names, want string) int {
	if p.want != "" {
		return 0
	}
	if len(p.s)-p.i >= 3 {
		for n := 0; n < len(names); n += 3 {
			if names[n:n+3] == p.s[p.i:p.i+3] {
				p.i += 3
				return n/3 + 1
			}
		}
	}
	p.fail(want)
	return 0
}

// clock takes time-of-day.
func (p *dateParser) clock(d *civil) {
	d.hour = p.num(2, "hour")
	p.lit(":", "colon")
	d.minute = p.num(2, "minute")
	p.lit(":", "colon")
	d.second = p.num(2, "second")
}

// fixdate reads an IMF-fixdate.
func (p *dateParser) fixdate() (d civil) {
	p.name(dayNames, "day name")
	p.lit(", ", "space")
	d.day = p.num(2, "day")
	p.lit(" ", "space")
	d.month = p.name(monthNames, "month")
	p.lit(" ", "space")
	d.year = p.fullYear()
	p.lit(" ", "space")
	p.clock(&d)
	p.lit(" GMT", "GMT")
	return d
}

// fullYear takes a year of four digits.
func (p *dateParser) fullYear() int {
	if y := p.num(4, "year"); y != 0 {
		return y
	}
	return 2000
}

// asctime reads an asctime-date: the day has two digits, or a space and one.
func (p *dateParser) asctime() (d civil) {
	p.name(dayNames, "day name")
	p.lit(" ", "space")
	d.month = p.name(monthNames, "month")
	p.lit(" ", "space")
	if p.i < len(p.s) && p.s[p.i] == ' ' {
		p.lit(" ", "space")
		d.day = p.num(1, "day")
	} else {
		d.day = p.num(2, "day")
	}
	p.lit(" ", "space")
	p.clock(&d)
	p.lit(" ", "space")
	d.year = p.fullYear()
	return d
}

// rfc850 reads an rfc850-date, and finds the century.
func (p *dateParser) rfc850(now time.Time) (d civil) {
	p.longDay()
	p.lit(", ", "comma")
	d.day = p.num(2, "day")
	p.lit("-", "hyphen")
	d.month = p.name(monthNames, "month")
	p.lit("-", "hyphen")
	d.year = p.num(2, "year")
	p.lit(" ", "space")
	p.clock(&d)
	p.lit(" GMT", "GMT")
	if p.want == "" {
		d.year += now.UTC().Year() / 100 * 100
		if d.time().After(now.AddDate(50, 0, 0)) {
			d.year -= 100
		}
	}
	return d
}

// longDay takes the name of a day in full.
func (p *dateParser) longDay() {
	for _, name := range longDays {
		if len(p.s) > len(name) && p.s[:len(name)] == name {
			p.i = len(name)
			return
		}
	}
	p.fail("day name")
}
