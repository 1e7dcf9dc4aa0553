package header_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob/header"
)

// FuzzParseDate: what is read is what net/http reads (which reads more), and
// comes back when written.
func FuzzParseDate(f *testing.F) {
	for _, s := range []string{
		"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
		"Sat, 31 Dec 2016 23:59:60 GMT", "Sun, 06 Nov 0000 08:49:37 GMT", "Mon", "",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := header.ParseDateAt(s, in2026)
		if err != nil {
			return
		}
		back, err := header.ParseDateAt(header.FormatDate(got), in2026)
		if got.Year() > 9999 {
			return // a leap second at the end of time
		}
		require.NoError(t, err)
		assert.Equal(t, got, back)
		if theirs, err := http.ParseTime(s); err == nil && theirs.Year() > 0 && got.Year()/100 == theirs.Year()/100 {
			assert.True(t, got.Equal(theirs), "%q", s)
		}
	})
}

// FuzzEntityTags: the quick way and the list agree, and a list that was read
// is written so that it is read again.
func FuzzEntityTags(f *testing.F) {
	for _, s := range []string{`"a", W/"b"`, `*`, `"a","b",`, `W/`, `"a" "b"`, "\"\xe9\"", `*, "a"`, ``} {
		f.Add(s, `"b"`)
	}
	f.Fuzz(func(t *testing.T, s, etag string) {
		h := http.Header{"If-Match": {s}, "If-None-Match": {s}}
		match, err1 := header.IfMatchHolds(h, etag)
		none, err2 := header.IfNoneMatchHolds(h, etag)
		tags, ok, err := header.IfMatch.Lookup(h)
		assert.Equal(t, err == nil, err1 == nil)
		assert.Equal(t, err == nil, err2 == nil)
		if !ok {
			return
		}
		if tag, err := header.ParseEntityTag(etag); err == nil {
			assert.Equal(t, tags.Strong(tag), match)
			assert.Equal(t, tags.Weak(tag), !none)
		}
		require.NoError(t, header.IfMatch.Set(h, tags))
		if again, ok := header.IfMatch.Get(h); ok {
			assert.Equal(t, tags, again)
		} else {
			assert.Empty(t, tags.Tags)
		}
	})
}

// FuzzParseRange: what is read is written and read again; spans lie inside.
func FuzzParseRange(f *testing.F) {
	for _, s := range []string{"bytes=0-499", "bytes=-5, 7-", "bytes=", "bytes=5-4", "Bytes=0-9223372036854775807"} {
		f.Add(s, int64(100))
	}
	f.Fuzz(func(t *testing.T, s string, length int64) {
		rs, err := header.ParseRange(s)
		if err != nil {
			return
		}
		again, err := header.ParseRange(rs.String())
		require.NoError(t, err)
		assert.Equal(t, rs, again)
		total := int64(0)
		for _, span := range rs.Spans(length) {
			assert.True(t, 0 <= span.Start && span.Start < span.End && span.End <= length, "%v", span)
			total += span.Len()
			require.NoError(t, header.ContentRange.Set(http.Header{}, span.Of(length)))
		}
		assert.LessOrEqual(t, total, max(length, 0))
	})
}

// FuzzParseContentRange: what is read is written and read again.
func FuzzParseContentRange(f *testing.F) {
	for _, s := range []string{"bytes 0-9/10", "bytes */10", "bytes 5-9/*", "bytes", "bytes 0-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := header.ParseContentRange(s)
		if err != nil {
			return
		}
		again, err := header.ParseContentRange(c.String())
		require.NoError(t, err)
		assert.Equal(t, c, again)
	})
}

// FuzzParseDirectives: what is read is written so that the same is read again.
func FuzzParseDirectives(f *testing.F) {
	for _, s := range []string{"max-age=60, public", `private="A, B"`, "a; b c", `x="a\"b"`, "x=,y==1", "A=1,a=2", `"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := header.ParseDirectives(s)
		if err != nil {
			return
		}
		h := http.Header{}
		if header.CacheControl.Set(h, d) != nil {
			return // a control character in a value
		}
		again, _ := header.CacheControl.Get(h)
		assert.ElementsMatch(t, d, again)
	})
}

// fuzzField: what a field has read it can write, and reads the same again.
func fuzzField[T any](f *testing.F, field header.Field[T], seeds ...string) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h := http.Header{field.Name(): {s}}
		v, ok, err := field.Lookup(h)
		assert.False(t, ok && err != nil)
		if !ok || field.Set(h, v) != nil {
			return
		}
		again, ok, err := field.Lookup(h)
		require.NoError(t, err, "%q written as %q", s, h.Get(field.Name()))
		if ok {
			assert.Equal(t, v, again, "%q written as %q", s, h.Get(field.Name()))
		}
	})
}

func FuzzContentType(f *testing.F) {
	fuzzField(f, header.ContentType, "text/html; charset=utf-8", `a/b; x="\"\\"`, "a/b;;x=1;", "a")
}

func FuzzContentDisposition(f *testing.F) {
	fuzzField(f, header.ContentDisposition, `attachment; filename="a"`, `a; filename*=UTF-8''%C3%A4`, `a; b=c; d="e`)

}

func FuzzLink(f *testing.F) {
	fuzzField(f, header.Link, `</a>; rel=next, <b>;c`, `<a>; t="x,y"`, `<>`)
}

func FuzzForwarded(f *testing.F) {
	fuzzField(f, header.Forwarded, `for=1.2.3.4;proto=http, for="[::1]:80"`, `a=b;;c=d`, `;,`)
}

func FuzzChallenges(f *testing.F) {
	fuzzField(f, header.Challenges, `Basic realm="x", Digest a=b, c="d"`, `NTLM TlRM==`, `a, b, c d`)
}

func FuzzAuthorization(f *testing.F) {
	fuzzField(f, header.Authorization, `Basic YTpi`, ` x`, `Bearer `)
}

func FuzzStructuredItem(f *testing.F) {
	fuzzField(f, header.NewItem("X"), `1;a=2`, `"a\"b"`, `:aGk=:`, `%"%c3%bc"`, `@1`, `-1.5`, `*t;x=?0`)
}

func FuzzStructuredList(f *testing.F) {
	fuzzField(f, header.NewItemList("X"), `a, (b c);d, 1.5`, `("a" ());x`, `,`)
}

func FuzzStructuredDictionary(f *testing.F) {
	fuzzField(f, header.NewDictionary("X"), `a=1, b;c, d=(1 2)`, `a, a=?0`, `a=`)
}
