package header_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/webob/header"
)

func TestLendTo(t *testing.T) {
	tests := []struct {
		name   string
		fields [][2]string
	}{
		{"nothing", nil},
		{"a common type alone", [][2]string{{"Content-Type", "text/html; charset=utf-8"}}},
		{"a rare type", [][2]string{{"Content-Type", "text/rare"}, {"X-A", "1"}}},
		{"distinct names", [][2]string{{"X-A", "1"}, {"X-B", "2"}, {"X-C", "3"}}},
		{"equal names are gathered by a copy", [][2]string{{"X-A", "1"}, {"X-B", "2"}, {"X-A", "3"}}},
		{"Vary and Set-Cookie add up", [][2]string{{"Vary", "Accept"}, {"Set-Cookie", "a=1"}, {"X-Old", "new"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var l header.List
			for _, f := range tt.fields {
				l.Add(f[0], f[1])
			}
			old := func() http.Header {
				return http.Header{"Vary": {"Cookie"}, "Set-Cookie": {"o=1"}, "X-Old": {"old"}}
			}
			lent, copied := old(), old()
			l.LendTo(lent)
			l.AppendTo(copied)
			assert.Equal(t, copied, lent)

			before := l.Clone()
			for name := range lent {
				lent.Add(name, "more")
			}
			assert.Equal(t, before.HTTPHeader(), l.HTTPHeader(), "an Add on the map leaves the List alone")
		})
	}
}

func TestLendPlainTo(t *testing.T) {
	tests := []struct {
		name   string
		fields [][2]string
		plain  bool
	}{
		{"a type alone", [][2]string{{"Content-Type", "text/rare"}}, true},
		{"a type and fields of one's own", [][2]string{{"Content-Type", "text/plain"}, {"X-A", "1"}, {"Age", "2"}, {"X-Other", "3"}}, true},
		{"no type", [][2]string{{"X-A", "1"}}, false},
		{"a name twice", [][2]string{{"Content-Type", "text/plain"}, {"X-A", "1"}, {"X-A", "1"}}, false},
		{"a second type", [][2]string{{"Content-Type", "text/plain"}, {"Content-Type", "text/rare"}}, false},
		{"Vary adds up", [][2]string{{"Content-Type", "text/plain"}, {"Vary", "Accept"}}, false},
		{"Set-Cookie adds up", [][2]string{{"Content-Type", "text/plain"}, {"Set-Cookie", "a=1"}}, false},
		{"a length", [][2]string{{"Content-Type", "text/plain"}, {"Content-Length", "1"}}, false},
		{"a coding", [][2]string{{"Content-Type", "text/plain"}, {"Transfer-Encoding", "chunked"}}, false},
		{"trailers", [][2]string{{"Content-Type", "text/plain"}, {"Trailer", "X-A"}}, false},
		{"a field that was refused", [][2]string{{"Content-Type", "text/plain"}, {"X-A", "1\n2"}}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var l header.List
			for _, f := range tt.fields {
				l.Add(f[0], f[1])
			}
			want, got := http.Header{"X-Old": {"old"}}, http.Header{"X-Old": {"old"}}
			assert.Equal(t, tt.plain, l.LendPlainTo(got))
			if tt.plain {
				l.LendTo(want)
			}
			assert.Equal(t, want, got)
		})
	}
}

func TestLendToAllocatesNothing(t *testing.T) {
	var l header.List
	l.Set("Content-Type", "text/rare")
	for _, name := range []string{"X-A", "X-B", "X-C", "X-D"} {
		l.Set(name, "v")
	}
	h := make(http.Header, 16)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		clear(h)
		l.LendTo(h)
	}))
}

func TestLendWithout(t *testing.T) {
	rows := []struct {
		name   string
		fields [][2]string
		want   http.Header
	}{
		{"of nothing", nil, http.Header{}},
		{"a Content-Type", [][2]string{{"Content-Type", "text/plain"}, {"Etag", "x"}}, http.Header{"Etag": {"x"}}},
		{"a Content-Length among others", [][2]string{{"Etag", "x"}, {"Content-Length", "1"}, {"Vary", "y"}}, http.Header{"Etag": {"x"}, "Vary": {"y"}}},
		{"an empty Content-Type, and another behind it", [][2]string{{"Content-Type", ""}, {"Content-Type", "a/b"}, {"Etag", "x"}}, http.Header{"Etag": {"x"}}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var l header.List
			for _, f := range row.fields {
				l.Add(f[0], f[1])
			}
			before := l.HTTPHeader()
			less := l.LendWithout("Content-Type", "Content-Length")
			assert.Equal(t, row.want, less.HTTPHeader())
			assert.Equal(t, before, l.HTTPHeader(), "the List stays as it was")
		})
	}
}

func TestLendFieldsTo(t *testing.T) {
	rows := []struct {
		name   string
		fields [][2]string
		ok     bool
		want   http.Header
	}{
		{"nothing", nil, true, http.Header{}},
		{"a type alone is left out", [][2]string{{"Content-Type", "text/plain"}}, true, http.Header{}},
		{"fields, and not the type", [][2]string{{"Content-Type", "text/rare"}, {"Etag", "x"}, {"Vary", "y"}}, true, http.Header{"Etag": {"x"}, "Vary": {"y"}}},
		{"a length", [][2]string{{"Etag", "x"}, {"Content-Length", "1"}}, false, http.Header{}},
		{"a transfer coding", [][2]string{{"Transfer-Encoding", "chunked"}}, false, http.Header{}},
		{"a name twice", [][2]string{{"Link", "<a>"}, {"Link", "<b>"}}, false, http.Header{}},
		{"a type among the fields", [][2]string{{"Content-Type", ""}, {"Content-Type", "a/b"}}, false, http.Header{}},
		{"a field that was refused", [][2]string{{"Etag", "x"}, {"X", "a\nb"}}, false, http.Header{}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var l header.List
			for _, f := range row.fields {
				l.Add(f[0], f[1])
			}
			h := http.Header{}
			assert.Equal(t, row.ok, l.LendFieldsTo(h))
			assert.Equal(t, row.want, h)
		})
	}
}

func TestLendFieldsToAllocatesNothing(t *testing.T) {
	var l header.List
	l.Set("Content-Type", "text/rare")
	l.Set("Etag", `"x"`)
	h := make(http.Header, 16)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		clear(h)
		l.LendFieldsTo(h)
	}))
}
