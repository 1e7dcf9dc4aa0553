package cookies

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob"
)

var profileNow = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func mustProfile(t testing.TB, o Options) *Profile[string] {
	p, err := NewProfile(o, NewBase64[string]())
	require.NoError(t, err)
	return p
}

func TestProfileHeaders(t *testing.T) {
	rows := []struct {
		name string
		o    Options
		want []string
	}{
		{"safe as it is", Options{Name: "s"}, []string{"s=Ingi; Path=/; Secure; HttpOnly; SameSite=Lax"}},
		{"all that is weaker is said", Options{Name: "s", Insecure: true, Scripts: true, SameSite: http.SameSiteDefaultMode}, []string{"s=Ingi; Path=/"}},
		{"one for each domain", Options{Name: "s", Domains: []string{"a.example", "b.example"}, Path: "/x"},
			[]string{"s=Ingi; Domain=a.example; Path=/x; Secure; HttpOnly; SameSite=Lax", "s=Ingi; Domain=b.example; Path=/x; Secure; HttpOnly; SameSite=Lax"}},
		{"an age, rounded up", Options{Name: "s", MaxAge: 59*time.Second + 1},
			[]string{"s=Ingi; Max-Age=60; Path=/; Expires=Fri, 02 Jan 2026 03:05:05 GMT; Secure; HttpOnly; SameSite=Lax"}},
		{"in a frame of another site", Options{Name: "__Host-s", SameSite: http.SameSiteNoneMode, Partitioned: true},
			[]string{"__Host-s=Ingi; Path=/; Secure; HttpOnly; SameSite=None; Partitioned"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := mustProfile(t, row.o).Headers("x", profileNow)
			require.NoError(t, err)
			assert.Equal(t, row.want, got)
		})
	}
}

// What is wrong with a profile is told when it is made.
func TestProfileFaults(t *testing.T) {
	rows := map[webob.CookieRule]Options{
		webob.CookieName:         {Name: "a b"},
		webob.CookieSameSiteNone: {Name: "s", SameSite: http.SameSiteNoneMode, Insecure: true},
		webob.CookiePartitioned:  {Name: "s", Partitioned: true, Insecure: true},
		webob.CookieHostPrefix:   {Name: "__Host-s", Domains: []string{"a.example"}},
		webob.CookieDomain:       {Name: "s", Domains: []string{"a.example", ";"}},
		webob.CookiePath:         {Name: "s", Path: ";"},
	}
	for rule, o := range rows {
		_, err := NewProfile(o, NewBase64[int]())
		assert.ErrorIs(t, err, rule)
	}
	_, err := NewProfile[int](Options{Name: "s"}, nil)
	assert.Error(t, err)
	p := mustProfile(t, Options{Name: "s"})
	_, err = p.With(func(o *Options) { o.Name = "" })
	assert.ErrorIs(t, err, webob.CookieName)
}

func TestZeroProfileSaysSo(t *testing.T) {
	var p Profile[int]
	_, err := p.Lookup(webob.Blank("/"))
	assert.ErrorContains(t, err, "NewProfile")
	_, ok := p.Get(webob.Blank("/"))
	assert.False(t, ok)
	assert.Error(t, p.SetCookies(webob.Text(""), 1))
	assert.Error(t, p.DeleteCookies(webob.Text("")))
	_, err = p.With(func(*Options) {})
	assert.Error(t, err)
}

func TestProfileReads(t *testing.T) {
	codec := mustSigned[string](t, "", secretA)
	text, err := codec.Encode("s", "x")
	require.NoError(t, err)
	p, err := NewProfile(Options{Name: "s"}, codec)
	require.NoError(t, err)
	rows := []struct {
		name, field string
		err         error
	}{
		{"its value", "s=" + text, nil},
		{"among others, one of them broken", "junk; t=\"; s=" + text + "; é=1", nil},
		{"in quotes", `s="` + text + `"`, nil},
		{"no cookies", "", http.ErrNoCookie},
		{"another name", "S=" + text, http.ErrNoCookie},
		{"forged", "s=A" + text[1:], ErrForged},
		{"not base64", "s=!", ErrMalformed},
		{"empty", "s=", ErrMalformed},
		{"too long to look at", "s=" + strings.Repeat("A", MaxValue+1), ErrTooLong},
		{"the last of two counts", "s=" + text + "; s=bad", ErrMalformed},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			req := webob.Blank("/", webob.WithHeader("Cookie", row.field))
			v, err := p.Lookup(req)
			assert.ErrorIs(t, err, row.err)
			got, ok := p.Get(req)
			assert.Equal(t, row.err == nil, ok)
			assert.Equal(t, v, got)
			bound, err := p.Bind(req).Lookup()
			assert.Equal(t, v, bound)
			assert.ErrorIs(t, err, row.err)
		})
	}
}

func TestProfileWrites(t *testing.T) {
	p := mustProfile(t, Options{Name: "s", Domains: []string{"a.example"}})
	resp := webob.Text("")
	require.NoError(t, resp.SetCookie(webob.NewCookie("other", "1")))
	require.NoError(t, p.SetCookies(resp, "x"))
	require.NoError(t, p.SetCookies(resp, "y"))
	fields := resp.Header().Values("Set-Cookie")
	require.Len(t, fields, 2, "the later value takes the place of the first")
	assert.True(t, strings.HasPrefix(fields[1], "s=Inki;"), fields[1])

	assert.ErrorIs(t, p.SetCookies(resp, strings.Repeat("x", MaxValue)), ErrTooLong)
	assert.Equal(t, fields, resp.Header().Values("Set-Cookie"), "an error changes nothing")

	require.NoError(t, p.DeleteCookies(resp))
	assert.Equal(t, "s=; Domain=a.example; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; HttpOnly; SameSite=Lax",
		resp.Header().Values("Set-Cookie")[1])
	_, err := p.Headers(strings.Repeat("x", 3067), profileNow)
	assert.NoError(t, err)
	long := mustProfile(t, Options{Name: "session"})
	_, err = long.Headers(strings.Repeat("x", 3067), profileNow)
	assert.ErrorIs(t, err, webob.CookieSize, "name and value together")
}

func TestProfileWith(t *testing.T) {
	p := mustProfile(t, Options{Name: "s", Domains: []string{"a.example"}})
	q, err := p.With(func(o *Options) { o.Domains[0], o.MaxAge = "b.example", time.Hour })
	require.NoError(t, err)
	assert.Equal(t, []string{"a.example"}, p.Options().Domains, "the first one stays as it was")
	p.Options().Domains[0] = "c.example"
	assert.Equal(t, []string{"a.example"}, p.Options().Domains)
	assert.Equal(t, []string{"b.example"}, q.Options().Domains)
}

func TestBound(t *testing.T) {
	p := mustProfile(t, Options{Name: "s"})
	req := webob.Blank("/", webob.WithCookie("s", "Ingi"))
	bound := p.Bind(req)
	v, ok := bound.Get()
	assert.True(t, ok)
	assert.Equal(t, "x", v)
	require.NoError(t, bound.Set("y"))
	assert.Len(t, req.Response().Header().Values("Set-Cookie"), 1)
	require.NoError(t, bound.Delete())
	assert.Contains(t, req.Response().Header().Get("Set-Cookie"), "Max-Age=0")
}

func BenchmarkProfile(b *testing.B) {
	p, err := NewProfile(Options{Name: "auth"}, mustSigned[login](b, "salt", secretA))
	require.NoError(b, err)
	text, _ := p.codec.Encode("auth", login{"alice", 7})
	req := webob.Blank("/", webob.WithCookie("theme", "dark"), webob.WithCookie("auth", text))
	b.ReportAllocs()
	for b.Loop() {
		v, err := p.Lookup(req)
		if err != nil {
			b.Fatal(err)
		}
		v.N++
		if err := p.SetCookies(webob.NewResponse(200), v); err != nil {
			b.Fatal(err)
		}
	}
}
