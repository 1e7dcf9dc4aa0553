package webob

import (
	"testing"

	"github.com/gowebob/gowebob/webob/header"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSetContentType(t *testing.T) {
	rows := []struct{ name, before, set, want string }{
		{"text gets a charset", "", "text/plain", "text/plain; charset=utf-8"},
		{"XML gets one", "", "application/xml", "application/xml; charset=utf-8"},
		{"so do XML dialects", "", "application/atom+xml", "application/atom+xml; charset=utf-8"},
		{"and pictures in XML", "", "image/svg+xml", "image/svg+xml; charset=utf-8"},
		{"in capitals too", "", "TEXT/HTML", "TEXT/HTML; charset=utf-8"},
		{"JSON has none", "", "application/json", "application/json"},
		{"pictures have none", "", "image/png", "image/png"},
		{"a charset given stays", "", "text/html; charset=latin-1", "text/html; charset=latin-1"},
		{"a charset in quotes stays", "", `text/html; charset="utf-8"`, `text/html; charset="utf-8"`},
		{"charset in a quoted value is none", "", `text/html; a="; charset=x"`, `text/html; a="; charset=x"; charset=utf-8`},
		{"the old parameters go", "text/html; charset=latin-1; level=1", "text/css", "text/css; charset=utf-8"},
		{"a semicolon at the end", "", "text/css;", "text/css; charset=utf-8"},
		{"space around it", "", " image/png\t", "image/png"},
		{"nothing takes the field away", "text/html", "", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := NewResponse(200)
			if row.before != "" {
				p.Header().Set("Content-Type", row.before)
			}
			require.NoError(t, p.SetContentType(row.set))
			assert.Equal(t, row.want, p.Header().Get("Content-Type"))
			assert.Equal(t, row.want != "", p.Header().Has("Content-Type"))
		})
	}
}

func TestWhatIsNoMediaTypeIsRefused(t *testing.T) {
	for _, bad := range []string{"text", "bogus", "text/", "/html", "text/html\r\nX: y", "text/html; a", "text/html; a b=c", "a b/c", "text/html, text/css"} {
		p := NewResponse(200)
		p.Header().Set("Content-Type", "a/b")
		assert.Error(t, p.SetContentType(bad), bad)
		assert.Equal(t, "a/b", p.Header().Get("Content-Type"), "nothing has changed")
		require.NoError(t, p.Header().Err())
	}
}

func TestSetCharset(t *testing.T) {
	p := NewResponse(200)
	assert.ErrorIs(t, p.SetCharset("utf-8"), ErrNoContentType)
	assert.NoError(t, p.SetCharset(""), "there is none to take away")
	p.Header().Set("Content-Type", "text/html; charset=latin-1; level=1")
	require.NoError(t, p.SetCharset("utf-8"))
	assert.Equal(t, "text/html; level=1; charset=utf-8", p.Header().Get("Content-Type"))
	assert.Equal(t, "utf-8", p.Charset())
	require.NoError(t, p.SetCharset(""))
	assert.Equal(t, "text/html; level=1", p.Header().Get("Content-Type"))
	assert.Error(t, p.SetCharset("x\r\ny"))
}

func TestContentTypeParams(t *testing.T) {
	p := NewResponse(200)
	p.Header().Set("Content-Type", `a/b ; x="y; z";q=1; flag; c d=2; e=""; CHARSET=A;charset=B`)
	assert.Equal(t, "a/b", p.ContentType())
	assert.Equal(t, "A", p.Charset(), "of two the first counts")
	assert.Equal(t, header.Params{{Name: "x", Value: "y; z"}, {Name: "q", Value: "1"}, {Name: "e", Value: ""},
		{Name: "charset", Value: "A"}, {Name: "charset", Value: "B"}}, p.ContentTypeParams())
	require.NoError(t, p.SetContentTypeParams(header.Params{{Name: "d", Value: `e"f`}, {Name: "a", Value: "b c"}}))
	assert.Equal(t, `a/b; a="b c"; d="e\"f"`, p.Header().Get("Content-Type"), "sorted, quoted, charset gone")
	require.NoError(t, p.SetContentTypeParams(nil))
	assert.Equal(t, "a/b", p.Header().Get("Content-Type"))
	assert.ErrorIs(t, NewResponse(200).SetContentTypeParams(header.Params{{Name: "a", Value: "b"}}), ErrNoContentType)
}

func TestTextInItsCharset(t *testing.T) {
	rows := []struct{ name, ctype, text, body, after string }{
		{"UTF-8", "text/plain; charset=utf-8", "é", "\xc3\xa9", "text/plain; charset=utf-8"},
		{"no charset is UTF-8", "application/json", "é", "\xc3\xa9", "application/json"},
		{"no type is text/plain", "", "é", "\xc3\xa9", "text/plain; charset=utf-8"},
		{"Latin-1", "text/plain; charset=iso-8859-1", "é", "\xe9", "text/plain; charset=iso-8859-1"},
		{"Latin-1 as Python calls it", "text/plain; charset=latin-1", "é", "\xe9", "text/plain; charset=latin-1"},
		{"what the charset cannot hold", "text/plain; charset=iso-8859-1", "中", "\xe4\xb8\xad", "text/plain; charset=utf-8"},
		{"ASCII holds no more than that", "text/plain; charset=us-ascii", "é", "\xc3\xa9", "text/plain; charset=utf-8"},
		{"an unknown charset", "text/plain; charset=bogus", "é", "\xc3\xa9", "text/plain; charset=utf-8"},
		{"Shift_JIS", "text/plain; charset=shift_jis", "中", "\x92\x86", "text/plain; charset=shift_jis"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			p := NewResponse(200)
			if row.ctype != "" {
				p.Header().Set("Content-Type", row.ctype)
			}
			p.SetText(row.text)
			b, err := p.Bytes()
			require.NoError(t, err)
			assert.Equal(t, row.body, string(b))
			assert.Equal(t, row.after, p.Header().Get("Content-Type"))
			text, err := p.Text()
			require.NoError(t, err)
			assert.Equal(t, row.text, text, "and back")
		})
	}
}

func TestHasBody(t *testing.T) {
	p := NewResponse(200)
	assert.False(t, p.HasBody())
	p.SetText("x")
	assert.True(t, p.HasBody())
	p.SetChunks(pieces())
	assert.True(t, p.HasBody(), "a stream is not looked into")
}

func FuzzContentType(f *testing.F) {
	for _, seed := range []string{"text/html", "text/html; charset=utf-8", `a/b; x="y;z"`, "bogus", "text/html; a", "a/b\r\nX: y", `a/b; c="\`} {
		f.Add(seed, "utf-8")
	}
	f.Fuzz(func(t *testing.T, ctype, charset string) {
		p := NewResponse(200)
		if p.SetContentType(ctype) != nil || p.ContentType() == "" {
			return
		}
		if p.SetCharset(charset) == nil && charset != "" && p.Charset() != charset {
			t.Fatalf("%q of %q reads back as %q", charset, ctype, p.Charset())
		}
		if p.Header().Err() != nil {
			t.Fatal(p.Header().Err())
		}
		if _, err := header.ParseMediaType(p.Header().Get("Content-Type")); err != nil {
			t.Fatalf("%q and %q made %q: %v", ctype, charset, p.Header().Get("Content-Type"), err)
		}
	})
}
