package header_test

import (
	"crypto/md5"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob/header"
)

func TestParseEntityTag(t *testing.T) {
	tests := []struct {
		name, in string
		want     header.EntityTag
		ok       bool
	}{
		{"strong", `"xyzzy"`, header.EntityTag{Tag: "xyzzy"}, true},
		{"weak", `W/"xyzzy"`, header.EntityTag{Tag: "xyzzy", Weak: true}, true},
		{"empty tag", `""`, header.EntityTag{}, true},
		{"weak empty tag", `W/""`, header.EntityTag{Weak: true}, true},
		{"a backslash is an ordinary character", `"a\b"`, header.EntityTag{Tag: `a\b`}, true},
		{"a comma too", `"a,b"`, header.EntityTag{Tag: `a,b`}, true},
		{"obs-text", "\"\xe9\"", header.EntityTag{Tag: "\xe9"}, true},
		{"W/ inside", `"W/x"`, header.EntityTag{Tag: "W/x"}, true},
		{"no quotes", `xyzzy`, header.EntityTag{}, false},
		{"small w", `w/"a"`, header.EntityTag{}, false},
		{"no escapes", `"a\"b"`, header.EntityTag{}, false},
		{"a space", `"a b"`, header.EntityTag{}, false},
		{"a tab", "\"a\tb\"", header.EntityTag{}, false},
		{"DEL", "\"\x7f\"", header.EntityTag{}, false},
		{"open", `"a`, header.EntityTag{}, false},
		{"two", `"a""b"`, header.EntityTag{}, false},
		{"W/ alone", `W/`, header.EntityTag{}, false},
		{"empty", ``, header.EntityTag{}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := header.ParseEntityTag(tt.in)
			assert.Equal(t, tt.ok, err == nil)
			assert.Equal(t, tt.want, got)
			if tt.ok {
				assert.Equal(t, tt.in, got.String())
			}
		})
	}
}

// Every byte at every place is looked at as if it stood alone.
func TestParseEntityTagLooksAtEveryByte(t *testing.T) {
	const tag = "0123456789abcdefghi"
	for c := range 256 {
		for at := range len(tag) {
			b := []byte(tag)
			b[at] = byte(c)
			got, err := header.ParseEntityTag(`"` + string(b) + `"`)
			if allowed := c == 0x21 || c >= 0x23 && c != 0x7f; (err == nil) != allowed || allowed && got.Tag != string(b) {
				t.Fatalf("%#02x at %d: %v", c, at, err)
			}
		}
	}
}

func TestEntityTagComparison(t *testing.T) { // RFC 9110, section 8.8.3.2
	w1, w2, s1, s2 := header.EntityTag{Tag: "1", Weak: true}, header.EntityTag{Tag: "2", Weak: true}, header.EntityTag{Tag: "1"}, header.EntityTag{Tag: "1"}
	assert.False(t, w1.StrongEqual(w1))
	assert.True(t, w1.WeakEqual(w1))
	assert.False(t, w1.StrongEqual(w2))
	assert.False(t, w1.WeakEqual(w2))
	assert.False(t, w1.StrongEqual(s1))
	assert.True(t, w1.WeakEqual(s1))
	assert.True(t, s1.StrongEqual(s2))
	assert.True(t, s1.WeakEqual(s2))
}

func TestETagField(t *testing.T) {
	eachMap(t, func(t *testing.T, h header.Map) {
		require.NoError(t, header.ETag.Set(h, header.AsEntityTag("a")))
		assert.Equal(t, `"a"`, h.Get("ETag"))
		require.NoError(t, header.ETag.Set(h, header.AsEntityTag(`W/"b"`)))
		assert.Equal(t, `W/"b"`, h.Get("ETag"))
		for _, tag := range []string{`a"b`, "a b", "a\nb", `"a`, "\x7f"} {
			require.ErrorIs(t, header.ETag.Set(h, header.EntityTag{Tag: tag}), header.ErrSyntax, "%q", tag)
		}
		got, ok := header.ETag.Get(h)
		assert.True(t, ok)
		assert.Equal(t, header.EntityTag{Tag: "b", Weak: true}, got)
		h.Set("ETag", "")
		_, ok, err := header.ETag.Lookup(h)
		assert.False(t, ok)
		require.NoError(t, err)
	})
	assert.Equal(t, `"1B2M2Y8AsgTpgAmY7PhCfg"`, header.MD5Tag(nil).String())
}

func TestIfMatchAndIfNoneMatch(t *testing.T) {
	tests := []struct {
		name             string
		lines            []string
		etag             string
		match, noneMatch bool // what matches
		bad              bool
		text             string // as it is written again
	}{
		{"no field", nil, `"a"`, true, false, false, ""},
		{"an empty one is none", []string{""}, `"a"`, true, false, false, ""},
		{"star", []string{" * "}, `"a"`, true, true, false, "*"},
		{"star, and no tag", []string{"*"}, "", true, true, false, "*"},
		{"one", []string{`"a"`}, `"a"`, true, true, false, `"a"`},
		{"another", []string{`"b"`}, `"a"`, false, false, false, `"b"`},
		{"no tag of the representation", []string{`""`}, "", false, false, false, `""`},
		{"a weak one in the field", []string{`W/"a"`}, `"a"`, false, true, false, `W/"a"`},
		{"a weak one of the representation", []string{`"a"`}, `W/"a"`, false, true, false, `"a"`},
		{"no space after the comma", []string{`"a","b"`}, `"b"`, true, true, false, `"a", "b"`},
		{"empty elements", []string{`,, "a" ,,"b",`}, `"b"`, true, true, false, `"a", "b"`},
		{"only a comma", []string{`,`}, `"b"`, false, false, false, ""},
		{"two lines", []string{`"a"`, `"b"`}, `"b"`, true, true, false, `"a", "b"`},
		{"a comma in a tag", []string{`"a,b"`}, `"b"`, false, false, false, `"a,b"`},
		{"case counts", []string{`"A"`}, `"a"`, false, false, false, `"A"`},
		{"a bad list matches nothing", []string{`"a", b`}, `"a"`, false, false, true, ""},
		{"a bad one in a later line", []string{`"a"`, `b`}, `"a"`, false, false, true, ""},
		{"no comma", []string{`"a" "b"`}, `"a"`, false, false, true, ""},
		{"a star stands alone", []string{`*, "a"`}, `"a"`, false, false, true, ""},
		{"two stars", []string{`*`, `*`}, `"a"`, false, false, true, ""},
		{"a bad tag of the representation", []string{`"a"`}, `a`, false, false, false, `"a"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{"If-Match": tt.lines, "If-None-Match": tt.lines}
			got, err := header.IfMatchHolds(h, tt.etag)
			assert.Equal(t, tt.match, got)
			assert.Equal(t, tt.bad, err != nil)
			got, err = header.IfNoneMatchHolds(h, tt.etag)
			assert.Equal(t, tt.noneMatch, !got)
			assert.Equal(t, tt.bad, err != nil)
			if err != nil {
				assert.Contains(t, err.Error(), "header If-None-Match: ")
			}
			tags, ok, err := header.IfMatch.Lookup(h)
			assert.Equal(t, tt.bad, err != nil)
			if ok {
				assert.Equal(t, tt.text, tags.String())
				require.NoError(t, header.IfMatch.Set(h, tags))
				if tag, err := header.ParseEntityTag(tt.etag); err == nil {
					assert.Equal(t, tt.match, tags.Strong(tag))
					assert.Equal(t, tt.noneMatch, tags.Weak(tag))
				}
			}
		})
	}
	h := http.Header{}
	require.Error(t, header.IfMatch.Set(h, header.EntityTags{Tags: []header.EntityTag{{Tag: " "}}}))
	require.Error(t, header.IfMatch.Set(h, header.EntityTags{Any: true, Tags: []header.EntityTag{{}}}))
}

func TestWalkTags(t *testing.T) {
	tests := []struct {
		name  string
		lines []string
		most  int // to be shown
		want  string
		star  bool
		bad   bool
	}{
		{"no lines", nil, 9, "", false, false},
		{"several lines in order", []string{`"a", W/"b"`, `"c"`}, 9, `"a" W/"b" "c"`, false, false},
		{"no more than is wanted", []string{`"a", "b"`, `"c"`}, 2, `"a" "b"`, false, false},
		{"a star", []string{"*"}, 9, "", true, false},
		{"bad in the end", []string{`"a", b`}, 9, `"a"`, false, true},
		{"bad behind what is wanted", []string{`"a", b`}, 1, `"a"`, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			star, err := header.WalkTags(tt.lines, func(tag header.EntityTag) bool {
				got = append(got, tag.String())
				return len(got) < tt.most
			})
			assert.Equal(t, tt.want, strings.Join(got, " "))
			assert.Equal(t, tt.star, star)
			assert.Equal(t, tt.bad, err != nil)
		})
	}
}

func TestIfRange(t *testing.T) {
	const date, later = "Fri, 09 Nov 2001 01:08:47 GMT", "Fri, 09 Nov 2001 01:08:48 GMT"
	tests := []struct {
		name, field, etag, modified string
		want, bad                   bool
	}{
		{"an empty one is none", "", "", "", true, false},
		{"the tag", `"a"`, `"a"`, "", true, false},
		{"another tag", `"b"`, `"a"`, "", false, false},
		{"weak in the field", `W/"a"`, `"a"`, "", false, false},
		{"weak in the response", `"a"`, `W/"a"`, "", false, false},
		{"weak in both", `W/"a"`, `W/"a"`, "", false, false},
		{"no tag in the response", `""`, "", date, false, false},
		{"the date", date, "", date, true, false},
		{"the date in another form", "Fri Nov  9 01:08:47 2001", "", date, true, false},
		{"a later date does not stand for it", later, "", date, false, false},
		{"an earlier date", date, "", later, false, false},
		{"no date in the response", date, `"a"`, "", false, false},
		{"no date", "nonsense GMT", "", date, false, true},
		{"a star", "*", `"a"`, date, false, true},
		{"two tags", `"a", "b"`, `"a"`, "", false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{"If-Range": {tt.field}}
			got, err := header.IfRangeHolds(h, tt.etag, tt.modified)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.bad, err != nil)
			if c, ok := header.IfRange.Get(h); ok {
				require.NoError(t, header.IfRange.Set(h, c))
				assert.Equal(t, c.String(), h.Get("If-Range"))
				again, _ := header.IfRange.Get(h)
				assert.Equal(t, c, again)
			}
		})
	}
	got, err := header.IfRangeHolds(http.Header{}, "", "")
	assert.True(t, got)
	require.NoError(t, err)
}

func TestConditionsDoNotAllocate(t *testing.T) {
	l := new(header.List)
	l.Add("If-None-Match", `"a", W/"b", "c"`)
	l.Add("If-Match", `"a", W/"b", "c"`)
	l.Add("If-Range", `"c"`)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		_, _ = header.IfNoneMatchHolds(l, `"c"`)
		_, _ = header.IfMatchHolds(l, `"c"`)
		_, _ = header.IfRangeHolds(l, `"c"`, "")
	}))
}

func BenchmarkIfNoneMatchHolds(b *testing.B) {
	for name, v := range map[string]string{"absent": "", "one": `"5d8c72a5edda8d6a"`, "ten": strings.Repeat(`"0123456789abcdef", `, 9) + `"5d8c72a5edda8d6a"`} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			h := http.Header{}
			if v != "" {
				h.Set("If-None-Match", v)
			}
			for b.Loop() {
				_, _ = header.IfNoneMatchHolds(h, `"5d8c72a5edda8d6a"`)
			}
		})
	}
}

func TestContentMD5(t *testing.T) {
	h := http.Header{}
	require.NoError(t, header.ContentMD5.Set(h, md5.Sum([]byte("hello"))))
	assert.Equal(t, http.Header{"Content-Md5": {"XUFAKrxLKna5cZ2REBfFkg=="}}, h)
	sum, ok := header.ContentMD5.Get(h)
	assert.True(t, ok)
	assert.Equal(t, md5.Sum([]byte("hello")), sum)
	for _, bad := range []string{"XUFAKrxLKna5cZ2REBfFkg", "aGVsbG8=", "!", "XUFAKrxLKna5cZ2REBfFkh=="} {
		_, ok, err := header.ContentMD5.Lookup(http.Header{"Content-Md5": {bad}})
		assert.False(t, ok)
		require.ErrorIs(t, err, header.ErrSyntax, bad)
	}
	_, ok, err := header.ContentMD5.Lookup(http.Header{"Content-Md5": {" "}})
	assert.False(t, ok)
	require.NoError(t, err)
}
