package header_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob/header"
)

func TestParseDirectives(t *testing.T) {
	tests := []struct {
		name, in string
		want     header.Directives
		text     string
	}{
		{"a flag", "no-store", header.Directives{{"no-store", ""}}, "no-store"},
		{"a number", "max-age=60", header.Directives{{"max-age", "60"}}, "max-age=60"},
		{"a quoted number", `max-age="60"`, header.Directives{{"max-age", "60"}}, "max-age=60"},
		{"quoted names", `private="A, B", public`, header.Directives{{"private", "A, B"}, {"public", ""}}, `private="A, B", public`},
		{"names without case", "Max-Age=5, PUBLIC", header.Directives{{"max-age", "5"}, {"public", ""}}, "max-age=5, public"},
		{"written in order", "b=1, a", header.Directives{{"b", "1"}, {"a", ""}}, "a, b=1"},
		{"the last counts, in the place of the first", "a=1, b, A=2", header.Directives{{"a", "2"}, {"b", ""}}, "a=2, b"},
		{"an empty value is none", `a="", b=`, header.Directives{{"a", ""}, {"b", ""}}, "a, b"},
		{"escapes", `a="x\"y\\"`, header.Directives{{"a", `x"y\`}}, `a="x\"y\\"`},
		{"any token is a name", "x1=2, _y, 9z", header.Directives{{"x1", "2"}, {"_y", ""}, {"9z", ""}}, "9z, _y, x1=2"},
		{"semicolons and spaces divide", "a; b=1 c", header.Directives{{"a", ""}, {"b", "1"}, {"c", ""}}, "a, b=1, c"},
		{"spaces before =", "a =1", header.Directives{{"a", "1"}}, "a=1"},
		{"an open quote", `a="b, c`, header.Directives{{"a", ""}, {"b", ""}, {"c", ""}}, "a, b, c"},
		{"numbers without leading zeros", "a=007, b=000, c=0x1", header.Directives{{"a", "7"}, {"b", "0"}, {"c", "0x1"}}, "a=7, b=0, c=0x1"},
		{"nothing but commas", " ,, ", header.Directives{}, ""},
		{"nothing of use", "\xe9 == \"\"", header.Directives{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := header.ParseDirectives(tt.in)
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.text, got.String())
		})
	}
	many := make([]string, 101)
	for i := range many {
		many[i] = "x" + strconv.Itoa(i)
	}
	_, err := header.ParseDirectives(strings.Join(many, ","))
	require.ErrorIs(t, err, header.ErrTooMany)
}

func TestDirectives(t *testing.T) {
	var d header.Directives
	d.SetSeconds("Max-Age", 60)
	d.Set("public", "")
	d.Set("Private", "a b")
	assert.True(t, d.Has("PUBLIC"))
	assert.False(t, d.Has("x"))
	v, ok := d.Value("private")
	assert.True(t, ok)
	assert.Equal(t, "a b", v)
	_, ok = d.Value("x")
	assert.False(t, ok)
	n, ok := d.Seconds("max-age")
	assert.True(t, ok)
	assert.EqualValues(t, 60, n)
	for _, v := range []string{"", "-1", "1.5", "1s", "x"} {
		d.Set("max-age", v)
		_, ok = d.Seconds("max-age")
		assert.False(t, ok, v)
	}
	d.Set("max-age", "99999999999999999999")
	n, ok = d.Seconds("max-age")
	assert.True(t, ok)
	assert.EqualValues(t, 1<<63-1, n, "RFC 9111, section 1.2.2")
	d.Del("MAX-AGE")
	d.Del("nothing")
	assert.Equal(t, `private="a b", public`, d.String())

	require.ErrorIs(t, d.SetRequest("S-MaxAge", "5"), header.ErrSyntax)
	require.NoError(t, d.SetRequest("max-stale", ""))
	require.ErrorIs(t, d.SetResponse("Min-Fresh", "5"), header.ErrSyntax)
	require.NoError(t, d.SetResponse("s-maxage", "5"))
	assert.Equal(t, `max-stale, private="a b", public, s-maxage=5`, d.String())
}

func TestCacheControlField(t *testing.T) {
	h := http.Header{"Cache-Control": {"a", "b=1"}}
	d, ok := header.CacheControl.Get(h)
	assert.True(t, ok)
	assert.Equal(t, "a, b=1", d.String(), "two lines are one list")
	d.Set("c", "x\ny")
	require.ErrorIs(t, header.CacheControl.Set(h, d), header.ErrValue)
	d.Set("c d", "")
	require.ErrorIs(t, header.CacheControl.Set(h, d), header.ErrSyntax)
	require.NoError(t, header.RequestCacheControl.Set(h, header.Directives{}))
	assert.Equal(t, http.Header{"Cache-Control": {""}}, h)
	_, ok, err := header.CacheControl.Lookup(h)
	assert.False(t, ok)
	require.NoError(t, err)
	require.NoError(t, header.CacheControl.Set(h, header.Directives{}))
	assert.Empty(t, h)
}

func TestCacheExpires(t *testing.T) {
	tests := []struct {
		name    string
		d       time.Duration
		further []header.Directive
		want    string
	}{
		{"an hour", time.Hour, nil, "Cache-Control: max-age=3600\nExpires: Fri, 02 Jan 2026 04:04:05 GMT\n"},
		{"whole seconds", 1500 * time.Millisecond, []header.Directive{{"private", ""}}, "Cache-Control: max-age=1, private\nExpires: Fri, 02 Jan 2026 03:04:06 GMT\n"},
		{"never", 0, nil, "Cache-Control: community=UCI, max-age=0, must-revalidate, no-cache, no-store\nExpires: Fri, 02 Jan 2026 03:04:05 GMT\n" +
			"Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT\nPragma: no-cache\n"},
		{"further directives come last", 0, []header.Directive{{"max-age", "7"}}, "Cache-Control: community=UCI, max-age=7, must-revalidate, no-cache, no-store\nExpires: Fri, 02 Jan 2026 03:04:05 GMT\n" +
			"Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT\nPragma: no-cache\n"},
		{"half a second is never", time.Second / 2, nil, "Cache-Control: community=UCI, max-age=0, must-revalidate, no-cache, no-store\nExpires: Fri, 02 Jan 2026 03:04:05 GMT\n" +
			"Last-Modified: Fri, 02 Jan 2026 03:04:05 GMT\nPragma: no-cache\n"},
		{"expired", -time.Second, nil, "Cache-Control: max-age=-1\nExpires: Fri, 02 Jan 2026 03:04:04 GMT\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var l header.List
			l.Add("Cache-Control", "community=UCI")
			l.Add("Pragma", "x")
			require.NoError(t, header.CacheExpires(&l, tt.d, in2026, tt.further...))
			assert.Equal(t, tt.want, dump(&l))
		})
	}
	var l header.List
	require.Error(t, header.CacheExpires(&l, 1, in2026, header.Directive{Name: "a b"}))
	require.Error(t, header.CacheExpires(&l, time.Hour, in2026.AddDate(9000, 0, 0)))
}

func BenchmarkCacheControlGet(b *testing.B) {
	b.ReportAllocs()
	h := http.Header{"Cache-Control": {"max-age=31536000, public, immutable"}}
	for b.Loop() {
		_, _ = header.CacheControl.Get(h)
	}
}
