package header_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob/header"
)

func TestParseRange(t *testing.T) {
	tests := []struct {
		name, in string
		want     header.ByteRanges
		text     string
	}{
		{"from to", "bytes=0-499", header.ByteRanges{header.FromTo(0, 499)}, ""},
		{"one byte", "bytes=4-4", header.ByteRanges{header.FromTo(4, 4)}, ""},
		{"open", "bytes=500-", header.ByteRanges{header.From(500)}, ""},
		{"suffix", "bytes=-500", header.ByteRanges{header.LastBytes(500)}, ""},
		{"a suffix of nothing", "bytes=-0", header.ByteRanges{header.LastBytes(0)}, ""},
		{"several", "bytes=0-0,-1", header.ByteRanges{header.FromTo(0, 0), header.LastBytes(1)}, ""},
		{"spaces and empty elements", "bytes= 0-0 ,,\t5- ,", header.ByteRanges{header.FromTo(0, 0), header.From(5)}, "bytes=0-0,5-"},
		{"the unit without case", "BYTES=0-1", header.ByteRanges{header.FromTo(0, 1)}, "bytes=0-1"},
		{"leading zeros", "bytes=00-05", header.ByteRanges{header.FromTo(0, 5)}, "bytes=0-5"},
		{"63 bits", "bytes=9223372036854775807-", header.ByteRanges{header.From(1<<63 - 1)}, ""},
		{"64 bits", "bytes=9223372036854775808-", nil, ""},
		{"64 bits at the end", "bytes=0-9223372036854775808", nil, ""},
		{"64 bits of suffix", "bytes=-9223372036854775808", nil, ""},
		{"an end before its start", "bytes=5-4", nil, ""},
		{"an end before its start, second", "bytes=4-, 5-1", nil, ""},
		{"nothing", "bytes=", nil, ""},
		{"commas alone", "bytes=,,", nil, ""},
		{"a hyphen alone", "bytes=-", nil, ""},
		{"two hyphens", "bytes=--5", nil, ""},
		{"three numbers", "bytes=5-10-15", nil, ""},
		{"another unit", "lines=0-5", nil, ""},
		{"no unit", "0-5", nil, ""},
		{"a space before =", "bytes =0-5", nil, ""},
		{"a space inside", "bytes=0 -5", nil, ""},
		{"a space in front", " bytes=0-5", nil, ""},
		{"no hyphen", "bytes=5", nil, ""},
		{"something behind", "bytes=0-5;q=1", nil, ""},
		{"a sign", "bytes=+0-5", nil, ""},
		{"letters", "bytes=a-b", nil, ""},
		{"empty", "", nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := header.ParseRange(tt.in)
			assert.Equal(t, tt.want == nil, err != nil)
			assert.Equal(t, tt.want, got)
			if err == nil {
				if tt.text == "" {
					tt.text = tt.in
				}
				assert.Equal(t, tt.text, got.String())
			}
		})
	}
	_, err := header.ParseRange("bytes=" + strings.Repeat("0-0,", 100) + "1-1")
	require.ErrorIs(t, err, header.ErrTooMany)
	_, err = header.ParseRange("bytes=0-0, 7-x")
	assert.EqualError(t, err, `header: "bytes=0-0, 7-x" at byte 13: malformed: digit expected`)
}

func TestRangeField(t *testing.T) {
	h := http.Header{}
	require.NoError(t, header.Range.Set(h, header.ByteRanges{header.FromTo(0, 9), header.LastBytes(5)}))
	assert.Equal(t, "bytes=0-9,-5", h.Get("Range"))
	for _, r := range []header.ByteRange{{5, 4}, {-2, 4}, {-1, -1}, {0, -2}} {
		require.ErrorIs(t, header.Range.Set(h, header.ByteRanges{r}), header.ErrRange, "%v", r)
	}
	require.NoError(t, header.Range.Set(h, nil))
	assert.Empty(t, h)
	h.Set("Range", "")
	_, ok, err := header.Range.Lookup(h)
	assert.False(t, ok)
	require.NoError(t, err)
}

func TestByteRangeSpan(t *testing.T) {
	tests := []struct {
		name   string
		r      header.ByteRange
		length int64
		want   header.Span
		ok     bool
	}{
		{"inside", header.FromTo(1, 3), 10, header.Span{Start: 1, End: 4}, true},
		{"cut at the end", header.FromTo(1, 30), 10, header.Span{Start: 1, End: 10}, true},
		{"cut at the end, 63 bits", header.FromTo(1, 1<<63-1), 10, header.Span{Start: 1, End: 10}, true},
		{"open", header.From(9), 10, header.Span{Start: 9, End: 10}, true},
		{"at the end", header.From(10), 10, header.Span{}, false},
		{"suffix", header.LastBytes(4), 10, header.Span{Start: 6, End: 10}, true},
		{"a suffix longer than all is all", header.LastBytes(40), 10, header.Span{Start: 0, End: 10}, true},
		{"a suffix of nothing", header.LastBytes(0), 10, header.Span{Start: 10, End: 10}, false},
		{"nothing there", header.From(0), 0, header.Span{}, false},
		{"a suffix of nothing there", header.LastBytes(5), 0, header.Span{}, false},
		{"unknown length", header.From(0), -1, header.Span{}, false},
		{"a negative end", header.FromTo(0, -2), 10, header.Span{}, false},
		{"an end before its start", header.FromTo(5, 4), 10, header.Span{Start: 5, End: 5}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := tt.r.Span(tt.length)
			assert.Equal(t, tt.ok, ok)
			if ok {
				assert.Equal(t, tt.want, got)
			}
		})
	}
}

func TestByteRangesSpans(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"one", "bytes=0-4", "0-4"},
		{"in the order asked for", "bytes=5-6,0-1", "5-6 0-1"},
		{"those that can be satisfied", "bytes=50-,0-1", "0-1"},
		{"none", "bytes=50-,60-", ""},
		{"adjacent ones stay two", "bytes=0-1,2-3", "0-1 2-3"},
		{"overlapping ones are joined, and sorted", "bytes=8-9,0-4,3-6,8-8", "0-6 8-9"},
		{"CVE-2011-3192: a hundred times all", "bytes=" + strings.Repeat("0-,", 100), "0-9"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rs, err := header.ParseRange(tt.in)
			require.NoError(t, err)
			var got []string
			for _, s := range rs.Spans(10) {
				assert.Positive(t, s.Len())
				got = append(got, strings.TrimSuffix(strings.TrimPrefix(s.Of(10).String(), "bytes "), "/10"))
			}
			assert.Equal(t, tt.want, strings.Join(got, " "))
		})
	}
}

func TestContentRange(t *testing.T) {
	tests := []struct {
		name, in string
		want     header.ContentSpan
		ok       bool
		text     string
	}{
		{"a part", "bytes 0-499/1234", header.ContentSpan{Start: 0, End: 500, Length: 1234}, true, ""},
		{"unknown length", "bytes 42-1233/*", header.ContentSpan{Start: 42, End: 1234, Length: -1}, true, ""},
		{"unsatisfied", "bytes */1234", header.Unsatisfied(1234), true, ""},
		{"unsatisfied, of nothing", "bytes */0", header.Unsatisfied(0), true, ""},
		{"the unit without case", "Bytes 0-9/10", header.ContentSpan{Start: 0, End: 10, Length: 10}, true, "bytes 0-9/10"},
		{"63 bits", "bytes 0-9223372036854775806/*", header.ContentSpan{Start: 0, End: 1<<63 - 1, Length: -1}, true, ""},
		{"an end beyond", "bytes 0-9223372036854775807/*", header.ContentSpan{}, false, ""},
		{"more than 63 bits", "bytes */9223372036854775808", header.ContentSpan{}, false, ""},
		{"an end behind the length", "bytes 0-10/10", header.ContentSpan{}, false, ""},
		{"an end before its start", "bytes 9-5/*", header.ContentSpan{}, false, ""},
		{"nothing known", "bytes */*", header.ContentSpan{}, false, ""},
		{"half a part", "bytes 0-/10", header.ContentSpan{}, false, ""},
		{"another half", "bytes -9/10", header.ContentSpan{}, false, ""},
		{"no length", "bytes 0-9", header.ContentSpan{}, false, ""},
		{"no length after /", "bytes 0-9/", header.ContentSpan{}, false, ""},
		{"as in Range", "bytes=0-9/10", header.ContentSpan{}, false, ""},
		{"another unit", "lines 0-9/10", header.ContentSpan{}, false, ""},
		{"the unit alone", "bytes ", header.ContentSpan{}, false, ""},
		{"spaces", "bytes 0-9 / 10", header.ContentSpan{}, false, ""},
		{"something behind", "bytes 0-9/10x", header.ContentSpan{}, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{"Content-Range": {tt.in}}
			got, ok, err := header.ContentRange.Lookup(h)
			assert.Equal(t, tt.ok, ok)
			assert.Equal(t, tt.ok, err == nil)
			assert.Equal(t, tt.want, got)
			if ok {
				require.NoError(t, header.ContentRange.Set(h, got))
				if tt.text == "" {
					tt.text = tt.in
				}
				assert.Equal(t, tt.text, h.Get("Content-Range"))
			}
		})
	}
	h := http.Header{}
	for _, c := range []header.ContentSpan{{}, {0, 5, 4}, {5, 5, 10}, {-1, 5, 10}, {0, -1, 10}, {0, 5, -2}, {-1, -1, -1}, {-5, 5, -1}} {
		require.ErrorIs(t, header.ContentRange.Set(h, c), header.ErrRange, "%v", c)
	}
	assert.Empty(t, h)
}

func TestListField(t *testing.T) {
	list := header.NewList("X-List")
	tests := []struct {
		name  string
		lines []string
		want  []string
		ok    bool
	}{
		{"absent", nil, nil, false},
		{"no text", []string{"", ""}, nil, false},
		{"commas alone", []string{","}, []string{}, true},
		{"one", []string{"GET"}, []string{"GET"}, true},
		{"trimmed, empty elements left out", []string{" GET ,, \tHEAD\t,"}, []string{"GET", "HEAD"}, true},
		{"several lines are one list", []string{"GET", "", "PUT,GET"}, []string{"GET", "PUT", "GET"}, true},
		{"quotes mean nothing", []string{`"a, b"`}, []string{`"a`, `b"`}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := list.Get(http.Header{"X-List": tt.lines})
			assert.Equal(t, tt.ok, ok)
			assert.Equal(t, tt.want, got)
		})
	}
	h := http.Header{}
	require.NoError(t, list.Set(h, []string{"a", "b"}))
	assert.Equal(t, http.Header{"X-List": {"a, b"}}, h)
	require.ErrorIs(t, list.Set(h, []string{"a", "b\r\n"}), header.ErrValue)
	require.NoError(t, list.Set(h, []string{}))
	assert.Equal(t, http.Header{"X-List": {""}}, h)
	require.NoError(t, list.Set(h, nil))
	assert.Empty(t, h)
}

func BenchmarkParseRange(b *testing.B) {
	for name, s := range map[string]string{"one": "bytes=0-499", "ten": "bytes=" + strings.Repeat("100-200,", 10)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = header.ParseRange(s)
			}
		})
	}
}
