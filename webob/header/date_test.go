package header_test

import (
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob/header"
)

// in2026 is the moment these tests are played at.
var in2026 = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestParseDate(t *testing.T) {
	nov94 := "1994-11-06T08:49:37Z"
	tests := []struct{ name, in, want string }{
		{"IMF-fixdate", "Sun, 06 Nov 1994 08:49:37 GMT", nov94},
		{"rfc850-date", "Sunday, 06-Nov-94 08:49:37 GMT", nov94},
		{"asctime-date", "Sun Nov  6 08:49:37 1994", nov94},
		{"asctime-date, two digits", "Wed Nov 16 08:49:37 1994", "1994-11-16T08:49:37Z"},
		{"a wrong day of the week passes", "Mon, 06 Nov 1994 08:49:37 GMT", nov94},
		{"a leap second", "Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00Z"},
		{"29 February of a leap year", "Tue, 29 Feb 2000 00:00:00 GMT", "2000-02-29T00:00:00Z"},
		{"the first year", "Sat, 06 Nov 0001 08:49:37 GMT", "0001-11-06T08:49:37Z"},
		{"no year 0", "Fri, 09 Nov 0000 01:08:47 GMT", "2000-11-09T01:08:47Z"},
		{"the last second", "Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31T23:59:59Z"},
		{"two digits: nearly 50 years ahead", "Saturday, 02-Jan-76 03:04:05 GMT", "2076-01-02T03:04:05Z"},
		{"two digits: more than 50 years ahead is past", "Saturday, 02-Jan-76 03:04:06 GMT", "1976-01-02T03:04:06Z"},
		{"two digits: 99", "Friday, 31-Dec-99 00:00:00 GMT", "1999-12-31T00:00:00Z"},
		{"two digits: 00", "Saturday, 01-Jan-00 00:00:00 GMT", "2000-01-01T00:00:00Z"},

		{"empty", "", ""},
		{"31 February", "Sun, 31 Feb 1994 08:49:37 GMT", ""},
		{"29 February of a common year", "Tue, 29 Feb 1900 00:00:00 GMT", ""},
		{"day 0", "Sun, 00 Nov 1994 08:49:37 GMT", ""},
		{"31 November", "Sun, 31 Nov 1994 08:49:37 GMT", ""},
		{"24 o'clock", "Sun, 06 Nov 1994 24:00:00 GMT", ""},
		{"minute 60", "Sun, 06 Nov 1994 08:60:00 GMT", ""},
		{"second 60 in daytime", "Sun, 06 Nov 1994 08:49:60 GMT", ""},
		{"second 61", "Sun, 06 Nov 1994 23:59:61 GMT", ""},
		{"another zone", "Sun, 06 Nov 1994 08:49:37 EST", ""},
		{"another zone in the rfc850-date, where gddo and net/http read GMT", "Sunday, 06-Nov-94 08:49:37 EST", ""},
		{"an offset", "Sun, 06 Nov 1994 08:49:37 +0000", ""},
		{"small letters", "sun, 06 nov 1994 08:49:37 gmt", ""},
		{"no day of the week", "06 Nov 1994 08:49:37 GMT", ""},
		{"an unknown day", "Xyz, 06 Nov 1994 08:49:37 GMT", ""},
		{"an unknown month", "Sun, 06 Foo 1994 08:49:37 GMT", ""},
		{"a day of one digit", "Sun, 6 Nov 1994 08:49:37 GMT", ""},
		{"five digits of a year", "Sun, 06 Nov 99999 08:49:37 GMT", ""},
		{"four digits in the rfc850-date", "Sunday, 06-Nov-1994 08:49:37 GMT", ""},
		{"something behind", "Sun, 06 Nov 1994 08:49:37 GMT ", ""},
		{"something in front", " Sun, 06 Nov 1994 08:49:37 GMT", ""},
		{"cut off", "Sun, 06 Nov 1994 08:49", ""},
		{"asctime with a zone", "Sun Nov  6 08:49:37 1994 GMT", ""},
		{"asctime day of one digit", "Sun Nov 6 08:49:37 1994", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := header.ParseDateAt(tt.in, in2026)
			if tt.want == "" {
				assert.Error(t, err)
				assert.True(t, got.IsZero())
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, got.Format(time.RFC3339))
		})
	}
}

func TestParseDateSaysWhere(t *testing.T) {
	_, err := header.ParseDate("Sun, 06 Nov 1994 8:49:37 GMT")
	require.ErrorIs(t, err, header.ErrSyntax)
	assert.Equal(t, `header: "Sun, 06 Nov 1994 8:49:37 GMT" at byte 17: malformed: hour of an HTTP-date expected`, err.Error())
	_, err = header.ParseDate("Sun, 31 Feb 1994 08:49:37 GMT")
	require.ErrorIs(t, err, header.ErrRange)
}

func TestFormatDate(t *testing.T) {
	for _, d := range []time.Time{in2026, {}, time.Unix(0, 0), time.Date(1999, 12, 31, 23, 59, 59, 999, time.FixedZone("", 7200)), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)} {
		assert.Equal(t, d.UTC().Format(http.TimeFormat), header.FormatDate(d))
	}
	for day := range 800 { // every day of the week, month and leap year
		d := in2026.AddDate(0, 0, day)
		s := header.FormatDate(d)
		assert.Equal(t, d.Format(http.TimeFormat), s)
		back, err := header.ParseDate(s)
		require.NoError(t, err)
		assert.Equal(t, d, back)
	}
}

func TestDateField(t *testing.T) {
	eachMap(t, func(t *testing.T, h header.Map) {
		require.NoError(t, header.LastModified.Set(h, in2026.In(time.FixedZone("", -5*3600))))
		assert.Equal(t, "Fri, 02 Jan 2026 03:04:05 GMT", h.Get("Last-Modified"))
		got, ok := header.LastModified.Get(h)
		assert.True(t, ok)
		assert.Equal(t, in2026, got)
		require.NoError(t, header.LastModified.Set(h, time.Time{}))
		assert.Empty(t, h.Values("Last-Modified"), "the zero time is none")
		require.ErrorIs(t, header.LastModified.Set(h, in2026.AddDate(9000, 0, 0)), header.ErrRange)

		h.Add("Date", " "+header.FormatDate(in2026)+"\t")
		h.Add("Date", "whatever")
		got, ok = header.Date.Get(h)
		assert.True(t, ok, "the first counts, white space around it is none of it")
		assert.Equal(t, in2026, got)
		h.Set("Expires", "0")
		_, ok, err := header.Expires.Lookup(h)
		assert.False(t, ok)
		require.ErrorIs(t, err, header.ErrSyntax)
		h.Set("Expires", " ")
		_, ok, err = header.Expires.Lookup(h)
		assert.False(t, ok)
		require.NoError(t, err)
	})
}

func TestDelay(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"seconds", "120", "2026-01-02T03:06:05Z"},
		{"leading zeros", "007", "2026-01-02T03:04:12Z"},
		{"none", "0", "2026-01-02T03:04:05Z"},
		{"a date", "Fri, 31 Dec 1999 23:59:59 GMT", "1999-12-31T23:59:59Z"},
		{"a long delay ends with the year 9999", "253402300799", "9999-12-31T23:59:59Z"},
		{"a delay beyond all dates", "253402300800", ""},
		{"more than 63 bits", "9999999999999999999", ""},
		{"a sign", "+5", ""},
		{"negative", "-5", ""},
		{"a fraction", "1.5", ""},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, ok := header.RetryAfter.Get(http.Header{"Retry-After": {tt.in}})
			assert.Equal(t, tt.want != "", ok)
			if ok {
				assert.Equal(t, tt.want, d.Time(in2026).Format(time.RFC3339))
				s := d.String()
				again, err := header.ParseDelay(s)
				require.NoError(t, err)
				assert.Equal(t, d, again)
			}
		})
	}
	h := http.Header{}
	require.NoError(t, header.RetryAfter.Set(h, header.After(1500*time.Millisecond)))
	assert.Equal(t, "2", h.Get("Retry-After"), "rounded up: one second would be too early")
	require.NoError(t, header.RetryAfter.Set(h, header.After(-time.Hour)))
	assert.Equal(t, "0", h.Get("Retry-After"))
	require.NoError(t, header.RetryAfter.Set(h, header.After(math.MaxInt64)))
	assert.Equal(t, "9223372037", h.Get("Retry-After"), "the longest wait is not none")
	require.NoError(t, header.RetryAfter.Set(h, header.At(in2026)))
	assert.Equal(t, "Fri, 02 Jan 2026 03:04:05 GMT", h.Get("Retry-After"))
	require.ErrorIs(t, header.RetryAfter.Set(h, header.Delay{Seconds: -1}), header.ErrRange)
}

func TestNumberField(t *testing.T) {
	tests := []struct {
		name, in string
		want     int64 // -1: absent, -2: bad
	}{
		{"a number", "42", 42},
		{"leading zeros", "007", 7},
		{"the largest", "9223372036854775807", 1<<63 - 1},
		{"one more", "9223372036854775808", -2},
		{"64 bits and more", "18446744073709551616", -2},
		{"a long run of digits", strings.Repeat("9", 1000), -2},
		{"white space around", " 12\t", 12},
		{"empty is absent", "", -1},
		{"blank", " ", -2},
		{"negative", "-1", -2},
		{"a plus sign", "+5", -2},
		{"hexadecimal", "0x10", -2},
		{"a list", "5, 5", -2},
		{"an underscore", "1_000", -2},
		{"superscript two", "\xb2", -2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, ok, err := header.ContentLength.Lookup(http.Header{"Content-Length": {tt.in, "9"}})
			assert.Equal(t, tt.want >= 0, ok)
			assert.Equal(t, tt.want == -2, err != nil)
			if ok {
				assert.Equal(t, tt.want, n)
			}
		})
	}
	h := http.Header{}
	require.NoError(t, header.Age.Set(h, 1<<63-1))
	assert.Equal(t, "9223372036854775807", h.Get("Age"))
	require.ErrorIs(t, header.Age.Set(h, -1), header.ErrRange)
}

// sink keeps what a measured function makes.
var sink string

func TestDatesDoNotAllocate(t *testing.T) {
	buf := make([]byte, 0, 32)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		_, _ = header.ParseDate("Sun, 06 Nov 1994 08:49:37 GMT")
		_, _ = header.ParseDate("Sunday, 06-Nov-94 08:49:37 GMT")
		_, _ = header.ParseDate("Sun Nov  6 08:49:37 1994")
		buf = header.AppendDate(buf[:0], in2026)
	}))
	assert.EqualValues(t, 1, testing.AllocsPerRun(100, func() { sink = header.FormatDate(in2026) }))
	_ = sink
}

// Dates all over the years that can be read again, and some in those around them.
func TestAppendDateIsThatOfTheStandardLibrary(t *testing.T) {
	buf := make([]byte, 0, 32)
	at := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := 0; at.Year() < 10_000; i++ {
		want := at.Format("Mon, 02 Jan 2006 15:04:05 GMT")
		if buf = header.AppendDate(buf[:0], at); string(buf) != want { // a million: no assert for each
			require.Equal(t, want, string(buf))
		}
		at = at.Add(71*time.Hour + time.Duration(i%3)*3599*time.Second)
	}
	for _, at := range []time.Time{in2026.In(time.FixedZone("x", 3600*13)), in2026.Add(time.Second - 1), time.Unix(-1, 0), time.Unix(0, 0)} {
		assert.Equal(t, at.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"), header.FormatDate(at))
	}
	for _, year := range []int{-401, -1, 0, 10_000, 1 << 20} {
		assert.Len(t, header.FormatDate(time.Date(year, 3, 1, 0, 0, 0, 0, time.UTC)), 29, "nonsense, but no panic")
	}
}

func BenchmarkParseDate(b *testing.B) {
	for name, s := range map[string]string{
		"fixdate": "Sun, 06 Nov 1994 08:49:37 GMT", "rfc850": "Sunday, 06-Nov-94 08:49:37 GMT", "asctime": "Sun Nov  6 08:49:37 1994",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = header.ParseDate(s)
			}
		})
		b.Run(name+"/nethttp", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = http.ParseTime(s)
			}
		})
	}
}

func BenchmarkFormatDate(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = header.FormatDate(in2026)
	}
}
