package webob

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// seen is what an app behind a middleware finds.
type seen struct{ script, info, url string }

// behind asks target through a mount of an app of ours, with a filter of ours
// outside, and gives what the app saw; then what the filter still sees.
func behind(t *testing.T, target string, mount func(http.Handler) http.Handler, edit ...func(*Request)) (app, filter seen) {
	look := func(r *Request) seen { return seen{r.ScriptName(), r.PathInfo(), r.FullURL()} }
	inner := respond(func(r *Request) *Response {
		for _, f := range edit {
			f(r)
		}
		app = look(r)
		return Text("ok")
	})
	outer := respond(func(r *Request) *Response {
		p := r.GetResponse(mount(inner))
		filter = look(r)
		return p
	})
	w := httptest.NewRecorder()
	outer.ServeHTTP(w, httptest.NewRequest("GET", target, nil))
	require.Equal(t, 200, w.Code)
	return app, filter
}

func rewrite(to string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r2 := r.Clone(r.Context())
			r2.URL.Path, r2.URL.RawPath = to, ""
			next.ServeHTTP(w, r2)
		})
	}
}

func copied(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r.Clone(r.Context())) })
}

func strip(prefix string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler { return http.StripPrefix(prefix, next) }
}

func both(outer, inner func(http.Handler) http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler { return outer(inner(next)) }
}

func TestScriptNameIsWhatIsMissing(t *testing.T) {
	pop := func(r *Request) { r.PathInfoPop() }
	for _, row := range []struct {
		name, target string
		mount        func(http.Handler) http.Handler
		edit         []func(*Request)
		want         seen
	}{
		{"nothing is", "/a/b?q", strip(""), nil, seen{"", "/a/b", "http://example.com/a/b?q"}},
		{"StripPrefix is understood", "/app/x?q", strip("/app"), nil, seen{"/app", "/x", "http://example.com/app/x?q"}},
		{"StripPrefix of all", "/app", strip("/app"), nil, seen{"/app", "", "http://example.com/app"}},
		{"StripPrefix twice", "/a/b/c", both(strip("/a"), strip("/b")), nil, seen{"/a/b", "/c", "http://example.com/a/b/c"}},
		{"StripPrefix amid a segment", "/apps", strip("/app"), nil, seen{"/app", "s", "http://example.com/apps"}},
		{"an escaped slash survives", "/app/a%2Fb", strip("/app"), nil, seen{"/app", "/a/b", "http://example.com/app/a%2Fb"}},
		{"an escape that need not be survives", "/app/%7Ex", strip("/app"), nil, seen{"/app", "/~x", "http://example.com/app/%7Ex"}},
		{"a path cut without its RawPath", "/app/a%7Eb", rewrite("/a~b"), nil, seen{"/app", "/a~b", "http://example.com/app/a~b"}},
		{"an absolute target", "http://h/app/x", strip("/app"), nil, seen{"/app", "/x", "http://h/app/x"}},
		{"pop", "/a/b", copied, []func(*Request){pop}, seen{"/a", "/b", "http://example.com/a/b"}},
		{"pop behind StripPrefix", "/app/a/b", strip("/app"), []func(*Request){pop}, seen{"/app/a", "/b", "http://example.com/app/a/b"}},
		{"a rewrite keeps the last value", "/app/x", both(strip("/app"), rewrite("/index")), nil, seen{"", "/index", "http://example.com/index"}},
		{"a script set by hand", "/x", copied, []func(*Request){func(r *Request) { r.SetScriptName("/é") }}, seen{"/é", "/x", "http://example.com/%C3%A9/x"}},
		{"a path set by hand keeps the script", "/app/x", strip("/app"), []func(*Request){func(r *Request) { r.SetPathInfo("/app/x") }},
			seen{"/app", "/app/x", "http://example.com/app/app/x"}},
		{"an empty path set by hand", "/app/x", strip("/app"), []func(*Request){func(r *Request) { r.SetPathInfo("") }}, seen{"/app", "", "http://example.com/app"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			app, filter := behind(t, row.target, row.mount, row.edit...)
			assert.Equal(t, row.want, app)
			assert.Equal(t, "", filter.script, "the filter outside a foreign mount keeps its own")
		})
	}
}

// Between filters of ours the environ is one, as WebOb's is; across a foreign
// copy of the request what one of ours knew goes along.
func TestScriptNameCrossesForeignCode(t *testing.T) {
	var app seen
	inner := respond(func(r *Request) *Response {
		app = seen{r.ScriptName(), r.PathInfo(), r.FullURL()}
		return Text("ok")
	})
	for _, row := range []struct {
		name   string
		first  func(*Request)
		beyond func(http.Handler) http.Handler
		want   seen
	}{
		{"native", func(r *Request) { r.PathInfoPop() }, func(h http.Handler) http.Handler { return h }, seen{"/a", "/b/c", "http://example.com/a/b/c"}},
		{"pop, then StripPrefix", func(r *Request) { r.PathInfoPop() }, strip("/b"), seen{"/a/b", "/c", "http://example.com/a/b/c"}},
		{"pop, then a rewrite", func(r *Request) { r.PathInfoPop() }, rewrite("/z"), seen{"/a", "/z", "http://example.com/a/z"}},
		{"set, then StripPrefix", func(r *Request) { r.SetScriptName("/s") }, strip("/a"), seen{"/s/a", "/b/c", "http://example.com/s/a/b/c"}},
		{"set, then a rewrite", func(r *Request) { r.SetScriptName("/s") }, rewrite("/z"), seen{"/s", "/z", "http://example.com/s/z"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			outer := respond(func(r *Request) *Response {
				row.first(r)
				return r.GetResponse(row.beyond(inner))
			})
			outer.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/a/b/c", nil))
			assert.Equal(t, row.want, app)
		})
	}
}

func TestScriptNameOfCopies(t *testing.T) {
	r := Blank("/a/b")
	r.SetScriptName("/s")
	for _, c := range []*Request{r.Clone(context.Background()), r.WithContext(context.Background())} {
		assert.Equal(t, "/s", c.ScriptName())
		c.PathInfoPop()
		assert.Equal(t, "/s/a", c.ScriptName())
	}
	assert.Equal(t, "/s", r.ScriptName(), "a copy's pop is its own")
	assert.Equal(t, "/a/b", r.PathInfo())
}

func TestScriptNameWithoutRequestLine(t *testing.T) {
	req, err := http.NewRequest("GET", "https://h/a/b", nil)
	require.NoError(t, err)
	r := NewRequest(req)
	assert.Equal(t, "https://h/a/b", r.FullURL())
	r.PathInfoPop()
	assert.Equal(t, "/a", r.ScriptName())
	assert.Equal(t, "https://h/a/b", r.FullURL())
}

func TestPathInfoPop(t *testing.T) {
	for _, row := range []struct {
		name, path, pattern string
		segment             string
		ok                  bool
		script, rest        string
	}{
		{"the next segment", "/a/b", "", "a", true, "/a", "/b"},
		{"the last one", "/a", "", "a", true, "/a", ""},
		{"nothing is left", "", "", "", false, "", ""},
		{"a lone slash is an empty segment", "/", "", "", true, "/", ""},
		{"slashes before go along", "//a/b", "", "a", true, "//a", "/b"},
		{"slashes behind stay", "/a//b", "", "a", true, "/a", "//b"},
		{"an escaped slash is no border", "/a%2Fb/c", "", "a/b", true, "/a/b", "/c"},
		{"a pattern that matches", "/42/x", "[0-9]+", "42", true, "/42", "/x"},
		{"a pattern that matches the start", "/42x", "[0-9]+", "42x", true, "/42x", ""},
		{"a pattern that matches later", "/x42", "[0-9]+", "", false, "", "/x42"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := Blank(row.path)
			peek, ok := r.PathInfoPeek()
			assert.Equal(t, row.path != "", ok)
			var patterns []*regexp.Regexp
			if row.pattern != "" {
				patterns = append(patterns, regexp.MustCompile(row.pattern))
			}
			segment, ok := r.PathInfoPop(patterns...)
			assert.Equal(t, row.segment, segment)
			assert.Equal(t, row.ok, ok)
			if ok {
				assert.Equal(t, peek, segment)
			}
			assert.Equal(t, row.script, r.ScriptName())
			assert.Equal(t, row.rest, r.PathInfo())
			assert.Equal(t, row.path, r.Path(), "together they are the path, exactly")
		})
	}
}

// A mux and a filter of ours on HTTP/2, CONNECT and OPTIONS *.
func TestTargetsWithoutPath(t *testing.T) {
	star := &http.Request{Method: "OPTIONS", RequestURI: "*", URL: &url.URL{Path: "*"}, Host: "h", ProtoMajor: 1}
	tunnel := &http.Request{Method: "CONNECT", RequestURI: "h:443", URL: &url.URL{Host: "h:443"}, Host: "h:443"}
	tunnel2 := &http.Request{Method: "CONNECT", RequestURI: "h:443", URL: &url.URL{Host: "h:443"}, Host: "h:443", Proto: "HTTP/2.0", ProtoMajor: 2}
	for name, row := range map[string]struct {
		req *http.Request
		url string
	}{
		"OPTIONS *": {star, "http://h"}, "CONNECT": {tunnel, "http://h:443"}, "CONNECT on HTTP/2": {tunnel2, "http://h:443"},
	} {
		t.Run(name, func(t *testing.T) {
			r := NewRequest(row.req)
			assert.Equal(t, "", r.PathInfo())
			assert.Equal(t, "", r.ScriptName())
			assert.Equal(t, row.url, r.FullURL())
			_, ok := r.PathInfoPop()
			assert.False(t, ok)
			assert.NoError(t, r.CheckTarget())
			assert.False(t, r.Environ().Has("PATH_INFO"))
		})
	}
}

// What is said here holds for real requests of both protocols.
func TestAddressesOverHTTP2(t *testing.T) {
	var got seen
	app := respond(func(r *Request) *Response {
		got = seen{r.ScriptName(), r.PathInfo(), r.FullURL()}
		return Text(r.Environ().String("SERVER_PROTOCOL"))
	})
	for _, h2 := range []bool{false, true} {
		srv := httptest.NewUnstartedServer(strip("/app")(app))
		srv.EnableHTTP2 = h2
		srv.StartTLS()
		resp, err := srv.Client().Get(srv.URL + "/app/a%2Fb?q")
		require.NoError(t, err)
		resp.Body.Close()
		assert.Equal(t, h2, resp.ProtoMajor == 2)
		assert.Equal(t, seen{"/app", "/a/b", srv.URL + "/app/a%2Fb?q"}, got)
		srv.Close()
	}
}
