package webob

import (
	"net/http"
	"net/netip"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHostsThatAreNone(t *testing.T) {
	for _, host := range []string{"a b", "user@h", "user:pw@h", "h/x", "h?x", "h#x", "h:80:80", "::1", "h:", ":80", ":", "[::1", "[]:80", "[::1]80",
		"h:abc", "h:65536", "h:+1", "a,b", "h\\@evil", "bücher", "h\r\nX: y", "[fe80::1%25eth0]", "[127.0.0.1]", "h%2f", "*"} {
		r := served("GET", "/x", func(r *http.Request) { r.Host = host })
		var in *InputError
		require.ErrorAs(t, r.CheckHost(), &in, host)
		assert.Equal(t, 400, in.Status)
		assert.Equal(t, "http://localhost/x", r.FullURL(), "no URL is built of %q", host)
		assert.Error(t, r.CheckTarget())
	}
	for _, host := range []string{"", "h", "h:80", "a_b.example.", "127.0.0.1:1", "[::1]", "[2001:db8::1]:443", "xn--bcher-kva.example", "h:0"} {
		assert.NoError(t, served("GET", "/", func(r *http.Request) { r.Host = host }).CheckHost(), host)
	}
}

func TestPortsInURLs(t *testing.T) {
	for _, row := range []struct{ scheme, host, url, port, domain string }{
		{"http", "h:80", "http://h", "80", "h"}, {"https", "h:443", "https://h", "443", "h"}, {"http", "h:443", "http://h:443", "443", "h"},
		{"https", "h:80", "https://h:80", "80", "h"}, {"https", "h", "https://h", "443", "h"}, {"http", "[::1]:81", "http://[::1]:81", "81", "[::1]"},
		{"ws", "h", "ws://h", "80", "h"},
	} {
		r := served("GET", "/", func(r *http.Request) { r.Host = row.host })
		require.NoError(t, r.Environ().Set("wsgi.url_scheme", row.scheme))
		assert.Equal(t, row.url, r.HostURL())
		assert.Equal(t, row.port, r.HostPort())
		assert.Equal(t, row.domain, r.Domain())
		assert.Equal(t, row.host, r.Authority())
	}
}

func TestServerNameStandsIn(t *testing.T) {
	r := served("GET", "/", func(r *http.Request) { r.Host = "" })
	require.NoError(t, r.Environ().Set("SERVER_NAME", "2001:db8::1"))
	require.NoError(t, r.Environ().Set("SERVER_PORT", 8080))
	assert.Equal(t, "http://[2001:db8::1]:8080", r.HostURL())
	assert.Equal(t, "[2001:db8::1]:8080", r.Authority())
}

// A client cannot claim https by an absolute target.
func TestSchemeIsTheConnections(t *testing.T) {
	r := NewRequest(&http.Request{Method: "GET", RequestURI: "https://h/x", URL: &url.URL{Scheme: "https", Host: "h", Path: "/x"}, Host: "h"})
	assert.Equal(t, "http", r.Scheme())
	assert.Equal(t, "http://h/x", r.FullURL())
}

func TestCheckPath(t *testing.T) {
	for _, row := range []struct {
		name, target, pathInfo, part string
	}{
		{"text", "/é", "/é", ""},
		{"no UTF-8", "/a%FFb", "/a\ufffdb", "path"},
		{"a NUL", "/a%00b", "/a\ufffdb", "path"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := Blank(row.target)
			assert.Equal(t, row.pathInfo, r.PathInfo())
			err := r.CheckPath()
			if row.part == "" {
				assert.NoError(t, err)
				return
			}
			var in *InputError
			require.ErrorAs(t, err, &in)
			assert.Equal(t, 400, in.Status)
			assert.Contains(t, in.Public, "The "+row.part+" of the URL")
			assert.Equal(t, "http://localhost"+row.target, r.FullURL(), "URLs keep the bytes")
		})
	}
	assert.ErrorIs(t, Blank("/%FF").CheckPath(), ErrNotUTF8)
	assert.ErrorIs(t, Blank("/", WithBaseURL("/%FF")).CheckPath(), ErrNotUTF8)
	broken := NewRequest(&http.Request{RequestURI: "/%zz", URL: &url.URL{Path: "/%zz"}})
	assert.ErrorContains(t, broken.CheckPath(), "two hex digits")
	assert.ErrorContains(t, Blank("/?a=%FF").CheckTarget(), "query")
	assert.NoError(t, Blank("/?a=%zz").CheckTarget(), "a bad escape in a query stays as it is")
}

func TestRelativeURL(t *testing.T) {
	r := Blank("/d;p?q", WithBaseURL("http://a/b/c"))
	for ref, want := range map[string]string{ // RFC 3986 section 5.4, but for empty queries and fragments
		"g:h": "g:h", "g": "http://a/b/c/g", "./g": "http://a/b/c/g", "g/": "http://a/b/c/g/", "/g": "http://a/g", "//g": "http://g",
		"?y": "http://a/b/c/d;p?y", "g?y": "http://a/b/c/g?y", "#s": "http://a/b/c/d;p#s", "g#s": "http://a/b/c/g#s", "g?y#s": "http://a/b/c/g?y#s",
		";x": "http://a/b/c/;x", "": "http://a/b/c/d;p", ".": "http://a/b/c/", "..": "http://a/b/", "../g": "http://a/b/g", "../..": "http://a/",
		"../../g": "http://a/g", "../../../../g": "http://a/g", "/./g": "http://a/g", "/../g": "http://a/g", "g.": "http://a/b/c/g.", "..g": "http://a/b/c/..g",
		"./g/.": "http://a/b/c/g/", "g/../h": "http://a/b/c/h", "g;x=1/../y": "http://a/b/c/y", "g?y/../x": "http://a/b/c/g?y/../x", "g#s/../x": "http://a/b/c/g#s/../x",
		"http:g": "http:g", "g?": "http://a/b/c/g", "#": "http://a/b/c/d;p", "é": "http://a/b/c/é", "https://x#": "https://x#", "HTTP://x#": "http://x",
	} {
		got, err := r.RelativeURL(ref, false)
		assert.NoError(t, err, ref)
		assert.Equal(t, want, got, ref)
	}
	app, err := r.RelativeURL("x", true)
	assert.NoError(t, err)
	assert.Equal(t, "http://a/b/c/x", app)
	bare := Blank("", WithBaseURL("http://a"))
	for ref, want := range map[string]string{ // section 5.2.3: an authority and no path
		"g": "http://a/g", ".": "http://a/", "..": "http://a/", "./": "http://a/", "g;x=1/../y": "http://a/y", "": "http://a", "?q": "http://a?q",
	} {
		got, err := bare.RelativeURL(ref, false)
		assert.NoError(t, err, ref)
		assert.Equal(t, want, got, ref)
	}
	for _, ref := range []string{"/\t/evil", "\t//evil", "/\n/evil", "\x01javascript:x", " //evil", "x ", "\\\\evil", "/\\evil", "\\/evil", "//evil\\@good", "http://evil\\@good", "\x7f"} {
		_, err := r.RelativeURL(ref, false)
		assert.ErrorIs(t, err, ErrBadReference, ref)
	}
}

func TestClientAddr(t *testing.T) {
	nets := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	xff := "X-Forwarded-For"
	for _, row := range []struct {
		name, peer string
		trust      *TrustedProxies
		field      string
		lines      []string
		want       string
	}{
		{"nobody is believed by default", "10.0.0.1:1", nil, xff, []string{"1.2.3.4"}, "10.0.0.1"},
		{"nor by the zero value", "10.0.0.1:1", &TrustedProxies{}, "Forwarded", []string{"for=1.2.3.4"}, "10.0.0.1"},
		{"one hop is the last entry", "10.0.0.1:1", &TrustedProxies{Hops: 1, Field: xff}, xff, []string{"6.6.6.6, 1.2.3.4"}, "1.2.3.4"},
		{"two hops", "10.0.0.1:1", &TrustedProxies{Hops: 2, Field: xff}, xff, []string{"6.6.6.6, 1.2.3.4", "10.0.0.2"}, "1.2.3.4"},
		{"fewer entries than hops", "10.0.0.1:1", &TrustedProxies{Hops: 3, Field: xff}, xff, []string{"1.2.3.4"}, "1.2.3.4"},
		{"no entry: the peer asked itself", "10.0.0.1:1", &TrustedProxies{Hops: 1, Field: xff}, xff, nil, "10.0.0.1"},
		{"networks: up to the first stranger", "10.0.0.1:1", &TrustedProxies{Networks: nets, Field: xff}, xff, []string{"6.6.6.6, 1.2.3.4, 10.9.9.9"}, "1.2.3.4"},
		{"networks: all are ours", "10.0.0.1:1", &TrustedProxies{Networks: nets, Field: xff}, xff, []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"networks: a stranger is not believed", "9.9.9.9:1", &TrustedProxies{Networks: nets, Field: xff}, xff, []string{"1.2.3.4"}, "9.9.9.9"},
		{"networks and hops: the fewer", "10.0.0.1:1", &TrustedProxies{Networks: nets, Hops: 1, Field: xff}, xff, []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.2"},
		{"an IPv4 peer in IPv6", "[::ffff:10.0.0.1]:1", &TrustedProxies{Networks: nets, Field: xff}, xff, []string{"1.2.3.4"}, "1.2.3.4"},
		{"ports and brackets go", "[::1]:1", &TrustedProxies{Networks: nets, Field: xff}, xff, []string{"[2001:db8::1]:4711"}, "2001:db8::1"},
		{"a bare IPv6 address", "[::1]:1", &TrustedProxies{Networks: nets, Field: xff}, xff, []string{"2001:db8::1"}, "2001:db8::1"},
		{"no address is nobody", "10.0.0.1:1", &TrustedProxies{Hops: 1, Field: xff}, xff, []string{"unknown"}, ""},
		{"an empty entry is nobody", "10.0.0.1:1", &TrustedProxies{Hops: 1, Field: xff}, xff, []string{"1.2.3.4,"}, ""},
		{"Forwarded", "10.0.0.1:1", &TrustedProxies{Hops: 1}, "Forwarded", []string{`for=6.6.6.6, for="[2001:db8::1]:4711";proto=https`}, "2001:db8::1"},
		{"Forwarded that does not tell", "10.0.0.1:1", &TrustedProxies{Hops: 1}, "Forwarded", []string{"for=_secret"}, ""},
		{"a malformed Forwarded is nobody, not the proxy", "10.0.0.1:1", &TrustedProxies{Networks: nets}, "Forwarded", []string{`for="`, "for=1.2.3.4"}, ""},
		{"the field of the client is not the proxies'", "10.0.0.1:1", &TrustedProxies{Hops: 1}, xff, []string{"1.2.3.4"}, "10.0.0.1"},
		{"a Unix socket by hops", "@", &TrustedProxies{Hops: 1, Field: xff}, xff, []string{"1.2.3.4"}, "1.2.3.4"},
		{"a Unix socket is in no network", "@", &TrustedProxies{Networks: nets, Field: xff}, xff, []string{"1.2.3.4"}, ""},
		{"a made-up request has no client", "", nil, xff, nil, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := served("GET", "/", func(r *http.Request) {
				r.RemoteAddr = row.peer
				r.Header[row.field] = row.lines
			})
			if row.trust != nil {
				Proxies.Set(r, row.trust)
			}
			assert.Equal(t, row.want, r.ClientAddr())
			assert.Equal(t, row.peer, r.RemoteAddr, "RemoteAddr is never changed")
		})
	}
}

func TestURLVars(t *testing.T) {
	r := Blank("/")
	assert.Empty(t, r.URLArgs())
	r.URLVars()["id"] = "7"
	assert.Equal(t, map[string]string{"id": "7"}, r.URLVars(), "it is the map itself")
	r.SetURLArgs("a", "b")
	assert.Equal(t, map[string]string{"id": "7"}, r.URLVars())
	r.DelURLVars()
	assert.Equal(t, []string{"a", "b"}, r.URLArgs())
	assert.Empty(t, r.URLVars())
	r.DelURLArgs()
	assert.False(t, r.Environ().Has("wsgiorg.routing_args"))
	require.NoError(t, r.Environ().Set("paste.urlvars", map[string]string{"old": "1"}))
	r.SetURLVars(map[string]string{"new": "2"})
	assert.Equal(t, map[string]string{"new": "2"}, r.URLVars())
	assert.False(t, r.Environ().Has("wsgiorg.routing_args"), "the older key is kept to")
	r.SetURLArgs("x")
	assert.False(t, r.Environ().Has("paste.urlvars"), "and moves where both are needed")
	assert.Equal(t, "2", r.URLVars()["new"])
}

func TestContentTypeKeepsParameters(t *testing.T) {
	r := Blank("/", WithHeader("Content-Type", "text/xml; charset=utf-8"))
	require.NoError(t, r.SetContentType("text/plain"))
	assert.Equal(t, "text/plain; charset=utf-8", r.Header.Get("Content-Type"))
	assert.Equal(t, "text/plain", r.ContentType())
	require.NoError(t, r.SetContentType("a/b;c=d"))
	assert.Equal(t, "a/b;c=d", r.Header.Get("Content-Type"))
	assert.Error(t, r.SetContentType("a\nb"))
	require.NoError(t, r.SetContentType(""))
	assert.Empty(t, r.ContentType())
}

func TestIsXHR(t *testing.T) {
	assert.True(t, Blank("/", WithHeader("X-Requested-With", "XMLHttpRequest")).IsXHR())
	assert.False(t, Blank("/", WithHeader("X-Requested-With", "xmlhttprequest")).IsXHR())
	assert.False(t, Blank("/").IsXHR())
}
