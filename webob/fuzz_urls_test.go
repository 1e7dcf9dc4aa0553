package webob

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A target either is refused or makes a request whose URL net/url reads as the
// same host, whose paths add up, and that Blank makes again from that URL.
func FuzzBlank(f *testing.F) {
	for _, s := range []string{"/", "", "/a?b", "http://h/x", "https://[::1]:81/", "@evil/", "//x", "/%2F%zz%00", "/é", "http://u:p@h:1/", "mailto:x", "?", "*", "/a b", "HTTP://H"} {
		f.Add(s, "")
		f.Add("/x", s)
	}
	f.Fuzz(func(t *testing.T, target, base string) {
		r, err := NewBlank(target, WithBaseURL(base))
		if err != nil {
			return
		}
		require.NoError(t, r.CheckHost())
		u, err := url.Parse(r.PathURL())
		require.NoError(t, err, "%q", r.PathURL())
		assert.Equal(t, strings.TrimSuffix(r.HostURL(), "/"), u.Scheme+"://"+u.Host)
		assert.Equal(t, r.Path(), r.script()+r.escapedPath())
		assert.Equal(t, unescapePath(r.Path()), r.Environ().String("SCRIPT_NAME")+r.Environ().String("PATH_INFO"))
		again, err := NewBlank(r.FullURL())
		if err == nil && letters(u.Scheme) && // a base URL may have a scheme like "a0" that a target may not
			!strings.Contains(r.FullURL(), "#") {
			assert.Equal(t, r.PathURL(), again.PathURL())
		}
	})
}

// Popping never loses a byte of the path.
func FuzzPathInfoPop(f *testing.F) {
	for _, s := range []string{"/a/b", "//", "/a%2Fb/c", "", "x", "/é/%00", "/%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, target string) {
		r, err := NewBlank("/"+target, WithBaseURL("http://h"))
		if err != nil {
			return
		}
		path := r.Path()
		for range len(path) + 1 {
			peek, _ := r.PathInfoPeek()
			segment, ok := r.PathInfoPop()
			if !ok {
				assert.Empty(t, r.PathInfo())
				break
			}
			assert.Equal(t, peek, segment)
			assert.Equal(t, path, r.Path())
		}
		assert.Empty(t, r.PathInfo(), "it comes to an end")
	})
}

// What CheckHost lets pass, net/url takes for a host and nothing else.
func FuzzHost(f *testing.F) {
	for _, s := range []string{"h", "h:80", "[::1]:81", "a@b", "a b", "[::1", "h:", "h:999999", "::1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, host string) {
		name, port, ok := splitHost(host)
		if !ok {
			return
		}
		u, err := url.Parse("http://" + host + "/p")
		require.NoError(t, err)
		assert.Equal(t, host, u.Host)
		assert.Equal(t, "/p", u.Path)
		assert.Nil(t, u.User)
		assert.Equal(t, strings.Trim(name, "[]"), u.Hostname())
		assert.Equal(t, port, u.Port())
	})
}

// A resolved relative path stays on the host.
func FuzzRelativeURL(f *testing.F) {
	for _, s := range []string{"g", "../g", "//h", "/\\h", "http:g", "?y", "#f", "\t//h", ";x", "a:b", "/..//g", "///g"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, ref string) {
		r := Blank("/d;p?q", WithBaseURL("http://a/b/c"))
		got, err := r.RelativeURL(ref, false)
		if err != nil {
			assert.ErrorIs(t, err, ErrBadReference)
			return
		}
		if p := parseReference(ref); !p.absolute && p.authority == "" {
			assert.True(t, strings.HasPrefix(got, "http://a/") || got == "http://a", got)
		}
	})
}

// HTTP_ keys and canonical field names are one to one.
func FuzzEnvironKey(f *testing.F) {
	for _, s := range []string{"HTTP_X_A", "HTTP_", "HTTP_x", "HTTP_X__Y_", "CONTENT_TYPE", "HTTP_X.Y", "HTTP_PROXY", "HTTP_É"} {
		f.Add(s, "v")
	}
	f.Fuzz(func(t *testing.T, key, value string) {
		r := NewRequest(&http.Request{})
		if !strings.HasPrefix(key, "HTTP_") {
			return
		}
		if err := r.Environ().Set(key, value); err != nil {
			assert.False(t, r.Environ().Has(key))
			return
		}
		if key == "HTTP_HOST" && value == "" {
			return
		}
		name, ok := HeaderName(key)
		require.True(t, ok)
		assert.Equal(t, http.CanonicalHeaderKey(name), name)
		assert.Equal(t, key, EnvironKey(name))
		assert.Equal(t, value, r.Environ().Map()[key])
	})
}

// Whatever the field says, the result is an address or nobody, and never one from
// before a proxy that is not trusted.
func FuzzClientAddr(f *testing.F) {
	for _, s := range []string{"1.2.3.4", "for=1.2.3.4", `for="[::1]:80", for=_x`, "unknown", ",,", `"`, "for=\"", "1.2.3.4:99, ::1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, field string) {
		for _, name := range []string{"Forwarded", "X-Forwarded-For"} {
			r := &http.Request{RemoteAddr: "10.0.0.1:1", Header: http.Header{name: {field}}}
			for _, trust := range []TrustedProxies{{Hops: 1, Field: name}, {Networks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Field: name}} {
				if got := trust.ClientAddr(r); got != "" {
					_, err := netip.ParseAddr(got)
					assert.NoError(t, err)
				}
			}
			assert.Equal(t, "10.0.0.1", TrustedProxies{}.ClientAddr(r))
		}
	})
}
