package header_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob/header"
)

func TestContentType(t *testing.T) {
	tests := []struct {
		name, in string
		want     header.MediaType
		ok       bool
		text     string
	}{
		{"plain", "text/html", header.MediaType{Type: "text/html"}, true, ""},
		{"small letters", "TEXT/HTML; Charset=UTF-8", header.MediaType{Type: "text/html", Params: header.Params{{"charset", "UTF-8"}}}, true, "text/html; charset=UTF-8"},
		{"a quoted value", `multipart/form-data; boundary="a b"`, header.MediaType{Type: "multipart/form-data", Params: header.Params{{"boundary", "a b"}}}, true, ""},
		{"needless quotes", `text/html;charset="utf-8"`, header.MediaType{Type: "text/html", Params: header.Params{{"charset", "utf-8"}}}, true, "text/html; charset=utf-8"},
		{"escapes", `a/b; x="\"\\"`, header.MediaType{Type: "a/b", Params: header.Params{{"x", `"\`}}}, true, ""},
		{"an empty value", `a/b; x=""`, header.MediaType{Type: "a/b", Params: header.Params{{"x", ""}}}, true, ""},
		{"white space and empty parameters", " a/b ;\t; x=1 ;", header.MediaType{Type: "a/b", Params: header.Params{{"x", "1"}}}, true, "a/b; x=1"},
		{"a semicolon and a comma in quotes", `a/b; x=";,"; y=z`, header.MediaType{Type: "a/b", Params: header.Params{{"x", ";,"}, {"y", "z"}}}, true, ""},
		{"no subtype", "text", header.MediaType{}, false, ""},
		{"an empty subtype", "text/", header.MediaType{}, false, ""},
		{"an empty type", "/html", header.MediaType{}, false, ""},
		{"two slashes", "a/b/c", header.MediaType{}, false, ""},
		{"spaces around =", "a/b; x =1", header.MediaType{}, false, ""},
		{"no value", "a/b; x", header.MediaType{}, false, ""},
		{"a missing value", "a/b; x=", header.MediaType{}, false, ""},
		{"an open quote", `a/b; x="1`, header.MediaType{}, false, ""},
		{"a comma", `a/b, c/d`, header.MediaType{}, false, ""},
		{"a value beyond ASCII", "a/b; x=\xe9", header.MediaType{}, false, ""},
		{"a control character in quotes", "a/b; x=\"\x01\"", header.MediaType{}, false, ""},
		{"an escaped one", "a/b; x=\"\\\x01\"", header.MediaType{}, false, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{"Content-Type": {tt.in, "x/y"}}
			got, ok, err := header.ContentType.Lookup(h)
			assert.Equal(t, tt.ok, ok)
			assert.Equal(t, tt.ok, err == nil)
			assert.Equal(t, tt.want, got)
			if ok {
				require.NoError(t, header.ContentType.Set(h, got))
				if tt.text == "" {
					tt.text = tt.in
				}
				assert.Equal(t, tt.text, h.Get("Content-Type"))
			}
		})
	}
	m, err := header.ParseMediaType(`Text/HTML; Charset=UTF-8; charset=x`)
	require.NoError(t, err)
	assert.Equal(t, "utf-8", m.Charset())
	assert.True(t, m.Is("text/HTML"))
	a, b := m.Split()
	assert.Equal(t, "text html", a+" "+b)
	m.Params.Del("CHARSET")
	assert.Equal(t, "text/html", m.String())
	m.Params.Set("Charset", "a")
	m.Params.Set("charset", "b")
	assert.Equal(t, "text/html; charset=b", m.String())

	h := http.Header{}
	require.ErrorIs(t, header.ContentType.Set(h, header.MediaType{Type: "text"}), header.ErrSyntax)
	require.ErrorIs(t, header.ContentType.Set(h, header.MediaType{Type: "a/b;c=d"}), header.ErrSyntax)
	require.ErrorIs(t, header.ContentType.Set(h, header.MediaType{Type: "a/b", Params: header.Params{{"x y", "z"}}}), header.ErrSyntax)
	require.ErrorIs(t, header.ContentType.Set(h, header.MediaType{Type: "a/b", Params: header.Params{{"x", "\r\n"}}}), header.ErrValue)
	_, err = header.ParseMediaType("a/b" + strings.Repeat(";a=b", 101))
	require.ErrorIs(t, err, header.ErrTooMany)
	assert.Zero(t, testing.AllocsPerRun(100, func() { _, _ = header.ParseMediaType("application/json") }))
}

func TestContentDisposition(t *testing.T) {
	reading := []struct{ name, in, kind, filename string }{
		{"a token", "attachment; filename=plan.txt", "attachment", "plan.txt"},
		{"quotes", `Attachment; FileName="a \"b\".txt"`, "attachment", `a "b".txt`},
		{"no name", "inline", "inline", ""},
		{"the extended name wins", `attachment; filename="x.txt"; filename*=UTF-8''na%C3%AFve%20plan.txt`, "attachment", "naïve plan.txt"},
		{"wherever it stands", `attachment; filename*=iso-8859-1'en'%A3; filename=x`, "attachment", "£"},
		{"one that cannot be read does not", `attachment; filename="x.txt"; filename*=UTF-8''%ff`, "attachment", "x.txt"},
		{"nor one in another charset", `attachment; filename="x.txt"; filename*=koi8-r''a`, "attachment", "x.txt"},
		{"nor half an escape", `attachment; filename=x; filename*=UTF-8''a%4`, "attachment", "x"},
		{"UTF-8 as it is", "attachment; filename=\"\xc3\xa4.txt\"", "attachment", "ä.txt"},
		{"latin-1 as it is", "attachment; filename=\"\xe4.txt\"", "attachment", "ä.txt"},
		{"no paths", `attachment; filename="../../etc/passwd"`, "attachment", "passwd"},
		{"no paths of Windows", `attachment; filename="C:\\boot.ini"`, "attachment", "boot.ini"},
		{"no directory", `attachment; filename=".."`, "attachment", ""},
		{"no control characters", `attachment; filename*=UTF-8''a%00b%0A`, "attachment", "ab"},
	}
	for _, tt := range reading {
		t.Run(tt.name, func(t *testing.T) {
			d, ok, err := header.ContentDisposition.Lookup(http.Header{"Content-Disposition": {tt.in}})
			require.NoError(t, err)
			require.True(t, ok)
			assert.Equal(t, tt.kind, d.Type)
			assert.Equal(t, tt.filename, d.Filename())
			again, err := header.ParseDisposition(d.String())
			require.NoError(t, err)
			assert.Equal(t, d, again)
		})
	}
	for _, in := range []string{"=", "a b", "a; b", "a; b=", `a; b="`, "a,b"} {
		_, err := header.ParseDisposition(in)
		require.ErrorIs(t, err, header.ErrSyntax, in)
	}
	writing := []struct{ name, filename, want string }{
		{"no name", "", "attachment"},
		{"quotes always", "plan.txt", `attachment; filename="plan.txt"`},
		{"beyond ASCII", "naïve.txt", `attachment; filename="na_ve.txt"; filename*=UTF-8''na%C3%AFve.txt`},
		{"percent", "100%.txt", `attachment; filename="100_.txt"; filename*=UTF-8''100%25.txt`},
		{"a quote", `a"b`, `attachment; filename="a_b"; filename*=UTF-8''a%22b`},
		{"line ends cannot split", "a\r\nb", `attachment; filename="a__b"; filename*=UTF-8''a%0D%0Ab`},
		{"no UTF-8", "\xff", `attachment; filename="_"; filename*=UTF-8''%EF%BF%BD`},
	}
	for _, tt := range writing {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{}
			require.NoError(t, header.ContentDisposition.Set(h, header.Attachment(tt.filename)))
			assert.Equal(t, tt.want, h.Get("Content-Disposition"))
		})
	}
	assert.Equal(t, `inline; filename="x"`, header.Inline("x").String())
	require.Error(t, header.ContentDisposition.Set(http.Header{}, header.Disposition{}))
	require.Error(t, header.ContentDisposition.Set(http.Header{}, header.Disposition{Type: "a", Params: header.Params{{"", ""}}}))
}

func TestLink(t *testing.T) {
	h := http.Header{"Link": {`</page/2>; rel=next , <http://example.com/>;rel="Start http://Example.net/Rel" ; crossorigin; title="a, b"`, `<>; title*=UTF-8'de'n%c3%a4chstes;rel=a;rel=b`}}
	links, ok, err := header.Link.Lookup(h)
	require.NoError(t, err)
	require.True(t, ok)
	require.Len(t, links, 3)
	assert.Equal(t, "/page/2", links[0].Target)
	assert.Equal(t, []string{"next"}, links[0].Rel())
	assert.Equal(t, []string{"start", "http://Example.net/Rel"}, links[1].Rel())
	assert.Equal(t, "a, b", links[1].Title())
	assert.Equal(t, "nächstes", links[2].Title())
	assert.Equal(t, []string{"a"}, links[2].Rel())
	require.NoError(t, header.Link.Set(h, links))
	again, _ := header.Link.Get(h)
	assert.Equal(t, links, again)
	assert.Equal(t, `</page/2>; rel=next, <http://example.com/>; rel="Start http://Example.net/Rel"; crossorigin; title="a, b", <>; title*=UTF-8'de'n%c3%a4chstes; rel=a; rel=b`, h.Get("Link"))
	for _, in := range []string{"a", "<a", "<a> b", "<a b>", `<a>; x="`, "<a>; =b", "<a>; x=\x01", "<a<b>"} {
		_, ok, err := header.Link.Lookup(http.Header{"Link": {in}})
		assert.False(t, ok, in)
		require.ErrorIs(t, err, header.ErrSyntax, in)
	}
	require.Error(t, header.Link.Set(h, []header.LinkValue{{Target: "a> b"}}))
	require.Error(t, header.Link.Set(h, []header.LinkValue{{Target: "a", Params: header.Params{{"", ""}}}}))
	require.ErrorIs(t, header.Link.Set(h, []header.LinkValue{{Target: "a\r\n"}}), header.ErrValue)
	require.NoError(t, header.Link.Set(h, nil))
	assert.Empty(t, h)
	_, _, err = header.Link.Lookup(http.Header{"Link": {strings.Repeat("<a>,", 1001)}})
	require.ErrorIs(t, err, header.ErrTooMany)
}

func TestForwarded(t *testing.T) {
	h := http.Header{"Forwarded": {`for=192.0.2.43, For="[2001:db8:cafe::17]:4711"; Proto=HTTPS;by=203.0.113.43;host=example.com`, `for=unknown;x="a;b",for=_hidden`}}
	es, ok, err := header.Forwarded.Lookup(h)
	require.NoError(t, err)
	require.True(t, ok)
	assert.Equal(t, []header.ForwardedElement{
		{For: "192.0.2.43"},
		{For: "[2001:db8:cafe::17]:4711", By: "203.0.113.43", Host: "example.com", Proto: "https"},
		{For: "unknown", Other: header.Params{{"x", "a;b"}}},
		{For: "_hidden"},
	}, es)
	addr, ok := es[1].ForAddr()
	assert.True(t, ok)
	assert.Equal(t, "2001:db8:cafe::17", addr.String())
	addr, ok = es[1].ByAddr()
	assert.True(t, ok)
	assert.Equal(t, "203.0.113.43", addr.String())
	require.NoError(t, header.Forwarded.Set(h, es))
	assert.Equal(t, `for=192.0.2.43, for="[2001:db8:cafe::17]:4711";by=203.0.113.43;host=example.com;proto=https, for=unknown;x="a;b", for=_hidden`, h.Get("Forwarded"))

	for node, want := range map[string]bool{
		"1.2.3.4": true, "1.2.3.4:80": true, "1.2.3.4:_x": true, "[::1]": true, "[::1]:1": true,
		"": false, "unknown": false, "_x": false, "::1": false, "[1.2.3.4]": false, "[::1": false, "[::1]x": false, "[fe80::1%eth0]": false, "1.2.3.4:": false, "1.2.3": false,
	} {
		_, ok := header.ForwardedElement{For: node}.ForAddr()
		assert.Equal(t, want, ok, node)
	}
	for _, in := range []string{"for", "for=", "for =a", "for=a b=c", `for="a`, "for=a;for=b", "for=[::1]", `for=""`} {
		_, ok, err := header.Forwarded.Lookup(http.Header{"Forwarded": {in}})
		assert.False(t, ok, in)
		require.ErrorIs(t, err, header.ErrSyntax, in)
	}
	require.Error(t, header.Forwarded.Set(h, []header.ForwardedElement{{Other: header.Params{{"a b", ""}}}}))
	require.NoError(t, header.Forwarded.Set(h, nil))
	assert.Empty(t, h)
	_, _, err = header.Forwarded.Lookup(http.Header{"Forwarded": {strings.Repeat("for=a,", 101)}})
	require.ErrorIs(t, err, header.ErrTooMany)
}

func BenchmarkParseMediaType(b *testing.B) {
	for name, s := range map[string]string{"json": "application/json", "charset": "text/html; charset=utf-8", "boundary": `multipart/form-data; boundary="----WebKitFormBoundary7MA4YWxkTrZu0gW"`} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = header.ParseMediaType(s)
			}
		})
	}
}

func BenchmarkForwarded(b *testing.B) {
	b.ReportAllocs()
	h := http.Header{"Forwarded": {`for=192.0.2.43, for="[2001:db8:cafe::17]:4711";proto=https`}}
	for b.Loop() {
		_, _ = header.Forwarded.Get(h)
	}
}

func BenchmarkLink(b *testing.B) {
	b.ReportAllocs()
	h := http.Header{"Link": {`</page/2>; rel=next, </style.css>; rel=preload; as=style`}}
	for b.Loop() {
		_, _ = header.Link.Get(h)
	}
}
