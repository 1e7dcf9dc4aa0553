package exc_test

import (
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// TestARedirectStaysHome has every way known to lead a browser elsewhere.
// spec 7.8
func TestARedirectStaysHome(t *testing.T) {
	for _, location := range []string{
		"//evil.example", "//evil.example/x", "///evil.example", "////evil.example", "//",
		`/\evil.example`, `\/evil.example`, `\\evil.example`, `/\/evil.example`, `\\/evil.example`,
		"/\t/evil.example", "\t//evil.example", "/\n/evil.example", "/\r/evil.example", "/\v/evil.example", "/\f/evil.example",
		" //evil.example", "\x00//evil.example", "\x01//evil.example", "\x1f//evil.example", "//evil.example ", "/x ", " /x",
		"\u007f//evil.example", "/x\x00", "/x\r\nSet-Cookie: a=b",
		"http://evil.example", "https://evil.example", "HTTP://evil.example", "http:evil.example", "http:/evil.example",
		"http:///evil.example", `http:\\evil.example`, `http:/\evil.example`, "http://localhost@evil.example",
		`http://localhost\@evil.example`, "http://localhost.evil.example", "http://user@localhost/", "https://localhost:80/",
		"http://localhost:81/", "http://",
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "mailto:a@b", "x:y", "vbscript:x",
		"ftp://localhost/x",
	} {
		t.Run(location, func(t *testing.T) {
			p := exc.Page(get("/a/b"), exc.Found.To(location))
			assert.Equal(t, 400, p.Status())
			assert.False(t, p.Header().Has("Location"))
			var cause *webob.LocationError
			require.ErrorAs(t, p.Err(), &cause)
			assert.Equal(t, location, cause.Location)
			assert.NotEmpty(t, cause.Reason)
			assert.ErrorIs(t, p.Err(), exc.BadRequest)
			if len(location) > 3 {
				assert.NotContains(t, body(t, p), location)
			}
		})
	}
}

func TestWhereARedirectMayLead(t *testing.T) {
	for _, row := range []struct{ name, location, want string }{
		{"a path", "/login", "/login"},
		{"a path with slashes inside", "/a//b", "/a//b"},
		{"a relative path", "x/y", "x/y"},
		{"up", "../x", "../x"},
		{"a query", "?page=2", "?page=2"},
		{"a URL in a query", "/login?next=//evil.example", "/login?next=//evil.example"},
		{"a fragment", "#top", "#top"},
		{"a colon behind a slash", "/a:b", "/a:b"},
		{"a colon in a query", "?a:b", "?a:b"},
		{"backslashes inside", `/a\b`, `/a\b`},
		{"dots before slashes stay a path", "/.//evil.example", "/.//evil.example"},
		{"escaped slashes are no slashes", "/%2fevil.example", "/%2fevil.example"},
		{"the own host", "http://localhost/x", "http://localhost/x"},
		{"the own host with its port", "http://localhost:80/x", "http://localhost:80/x"},
		{"the own host in capitals", "HTTP://LOCALHOST/x", "HTTP://LOCALHOST/x"},
		{"the own host over https", "https://localhost/x", "https://localhost/x"},
		{"a space is encoded", "/a b", "/a%20b"},
		{"what is not ASCII is encoded", "/é?ü=1", "/%C3%A9?%C3%BC=1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := exc.Page(get("/a/b"), exc.Found.To(row.location))
			require.Equal(t, 302, p.Status(), "%v", p.Err())
			assert.Equal(t, []string{row.want}, p.Header().Values("Location"))
			assert.Contains(t, body(t, p), "found at "+row.want+"; you should")
		})
	}
}

func TestTheOwnSiteHasTheSchemeOfTheRequest(t *testing.T) {
	r := httptest.NewRequest("GET", "http://example.com/", nil)
	r.TLS = &tls.ConnectionState{}
	req := webob.NewRequest(r)
	assert.Equal(t, 302, exc.Page(req, exc.Found.To("https://example.com/x")).Status())
	assert.Equal(t, 302, exc.Page(req, exc.Found.To("https://example.com:443/x")).Status())
	assert.Equal(t, 400, exc.Page(req, exc.Found.To("http://example.com/x")).Status(), "the way down to http is another site")
}

// spec 7.8
func TestToExternalLeavesTheSite(t *testing.T) {
	for location, status := range map[string]int{
		"https://other.example/x?y#z":    302,
		"http://other.example":           302,
		"//other.example/x":              302,
		"/home":                          302,
		"http://u@other.example/":        302,
		`/\other.example`:                400,
		"///other.example":               400,
		"http:other.example":             400,
		`https://a.example\@b.example`:   400,
		"https://other.example/\r\nX: y": 400,
		" https://other.example":         400,
		"javascript:alert(1)":            400,
		"data:text/html,x":               400,
		"":                               500,
	} {
		assert.Equal(t, status, exc.Page(get("/"), exc.Found.ToExternal(location)).Status(), "%q", location)
	}
}

func TestARedirectNeedsALocation(t *testing.T) {
	for _, err := range []error{exc.Found, exc.Found.To(""), exc.Found.With("d"), exc.SeeOther.ToExternal("")} {
		p := exc.Page(get("/"), err)
		assert.Equal(t, 500, p.Status())
		assert.ErrorIs(t, p.Err(), exc.ErrNoLocation)
	}
	p := exc.Page(get("/"), exc.NotFound.To("/x"))
	assert.Equal(t, 500, p.Status())
	assert.ErrorContains(t, p.Err(), "404 Not Found is no redirection")
}

func TestAddSlash(t *testing.T) {
	for _, row := range []struct{ target, want, leads string }{
		{"/a/b", "./b/", "/a/b/"},
		{"/a/b?x=y&z", "./b/?x=y&z", "/a/b/?x=y&z"},
		{"/a%20b", "./a%20b/", "/a%20b/"},
		{"/a%2fb", "./a%2fb/", "/a%2fb/"},
		{"//evil.example", "./evil.example/", "//evil.example/"},
		{"/x:y", "./x:y/", "/x:y/"},
	} {
		req := get("")
		u, err := req.URL.Parse("http://localhost" + row.target)
		require.NoError(t, err)
		req.URL = u
		p := exc.MovedPermanently.AddSlash().Respond(req)
		assert.Equal(t, row.want, p.Header().Get("Location"))
		to, err := u.Parse(p.Header().Get("Location"))
		require.NoError(t, err)
		assert.Equal(t, "http://localhost"+row.leads, to.String())
	}
}

func TestServingDoesNotChangeARedirect(t *testing.T) {
	to := exc.Found.To("x")
	for _, target := range []string{"/one/", "/two/"} {
		assert.Equal(t, "x", to.Respond(get(target)).Header().Get("Location"))
	}
	assert.Equal(t, "x", to.Location())
}

func TestRedirectsAreCopiedToo(t *testing.T) {
	cause := errors.New("why")
	to := exc.SeeOther.To("/x").Withf("after %d", 1).Wrap(cause).WithHeader("X-A", "1")
	assert.Equal(t, 303, to.Status())
	assert.ErrorIs(t, to, cause)
	assert.EqualError(t, to, "303 See Other: after 1: why: to /x")
	p := exc.Page(get("/"), to)
	assert.Equal(t, "1", p.Header().Get("X-A"))
	assert.Contains(t, body(t, p), "after 1")
	assert.NotContains(t, body(t, p), "why")
	assert.Contains(t, exc.Found.AddSlash().Error(), "slash")
}

func TestALocationIsEscapedInThePage(t *testing.T) {
	p := exc.Page(get("/", "Accept", "text/html"), exc.Found.To(`/x?"><script>alert(1)</script>`))
	assert.NotContains(t, body(t, p), "<script>")
	assert.Equal(t, http.StatusFound, p.Status())
}
