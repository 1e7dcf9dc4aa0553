package webob_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestScriptPathAndRestPath(t *testing.T) {
	for _, row := range []struct{ name, base, target, script, rest string }{
		{"nothing mounted", "", "/a/b", "", "/a/b"},
		{"mounted", "/app", "/a/b", "/app", "/a/b"},
		{"escapes are kept", "/a%2Fpp%20x", "/%2F%20b", "/a%2Fpp%20x", "/%2F%20b"},
		{"what needs an escape", "/ä", "/ü?q=1", "/%C3%A4", "/%C3%BC"},
	} {
		t.Run(row.name, func(t *testing.T) {
			req := webob.Blank(row.target, webob.WithBaseURL(row.base))
			assert.Equal(t, row.script, req.ScriptPath())
			assert.Equal(t, row.rest, req.RestPath())
			assert.Equal(t, req.Path(), req.ScriptPath()+req.RestPath())
		})
	}
	req := webob.Blank("/one/t%20wo/three")
	req.PathInfoPop()
	req.PathInfoPop()
	assert.Equal(t, "/one/t%20wo", req.ScriptPath())
	assert.Equal(t, "/three", req.RestPath())
}

func TestSubrequest(t *testing.T) {
	outer := func(opts ...webob.BlankOption) *webob.Request {
		return webob.Blank("/filter?x=1", webob.WithAll(opts...), webob.WithBaseURL("https://example.com:8443/app"),
			webob.WithForm("a", "b"), webob.WithCookie("sid", "1"), webob.WithHeader("Authorization", "Basic eDp5"),
			webob.WithHeader("Accept", "text/html"), webob.WithHeader("Accept-Language", "de"),
			webob.WithHeader("If-None-Match", `"x"`), webob.WithHeader("Range", "bytes=0-1"), webob.WithHeader("X-Other", "1"),
			webob.WithEnviron("REMOTE_USER", "ada"), webob.WithEnviron("myapp.key", 1))
	}
	req := outer()
	req.RemoteAddr = "192.0.2.1:1234"
	req.Proto, req.ProtoMajor, req.ProtoMinor = "HTTP/2.0", 2, 0
	req.TLS = &tls.ConnectionState{ServerName: "mine"}
	sub, err := req.Subrequest("/page?q=a%20b")
	require.NoError(t, err)
	assert.Equal(t, "https://example.com:8443/app/page?q=a%20b", sub.FullURL())
	assert.Equal(t, "/app", sub.ScriptName())
	assert.Equal(t, "/page", sub.PathInfo())
	assert.Equal(t, "a b", sub.GET().Get("q"))
	assert.Equal(t, "GET", sub.Method)
	assert.Equal(t, http.Header{
		"Accept": {"text/html"}, "Accept-Language": {"de"}, "Authorization": {"Basic eDp5"}, "Cookie": {"sid=1"},
	}, sub.Header, "who asks, and nothing of what was asked")
	b, err := sub.Bytes()
	assert.Empty(t, b)
	assert.NoError(t, err)
	assert.Equal(t, req.RemoteAddr, sub.RemoteAddr)
	assert.Equal(t, "HTTP/2.0", sub.Proto)
	assert.Same(t, req.TLS, sub.TLS)
	for _, key := range []string{"REMOTE_USER", "myapp.key"} {
		_, ok := sub.Environ().Get(key)
		assert.False(t, ok, key)
	}
	require.NoError(t, sub.Environ().Set("myapp.sub", 1))
	_, ok := req.Environ().Get("myapp.sub")
	assert.False(t, ok, "nothing comes back")
	sub.Header.Set("Accept", "text/plain")
	assert.Equal(t, "text/html", req.Header.Get("Accept"))

	sub, err = outer().Subrequest("/x", webob.WithMethod("HEAD"), webob.WithHeader("Accept", "a/b"), webob.WithCookie("sid", "2"),
		webob.WithBaseURL("http://evil.example/"), webob.WithHeader("Host", "evil.example"), webob.WithHeader("X-New", "1"))
	require.NoError(t, err)
	assert.Equal(t, "HEAD", sub.Method)
	assert.Equal(t, "https://example.com:8443/app/x", sub.FullURL(), "never another host")
	assert.Equal(t, "a/b", sub.Header.Get("Accept"))
	assert.Equal(t, "sid=2", sub.Header.Get("Cookie"))
	assert.Equal(t, "1", sub.Header.Get("X-New"))
}

func TestSubrequestTargets(t *testing.T) {
	req := webob.Blank("/", webob.WithBaseURL("http://example.com/app"))
	for target, want := range map[string]string{
		"/":                          "/app/",
		"/a?b=c":                     "/app/a?b=c",
		"//evil.example/x":           "/app//evil.example/x",
		"/\\evil.example":            "/app/%5Cevil.example",
		"/../../etc/passwd":          "/app/../../etc/passwd",
		"/a%2Fb":                     "/app/a%2Fb",
		"http://example.com/app":     "/app/",
		"http://example.com/app?a=b": "/app/?a=b",
		"http://example.com/app/a":   "/app/a",
		"/http://evil.example":       "/app/http://evil.example",
	} {
		sub, err := req.Subrequest(target)
		require.NoError(t, err, target)
		assert.Equal(t, "http://example.com"+want, sub.FullURL(), target)
	}
	for _, target := range []string{
		"", "a", "?a", "http://evil.example/app/a", "http://example.com.evil.example/app/", "http://example.com/application",
		"http://example.com/other", "https://example.com/app/a", "http://example.com:81/app/a", "javascript:alert(1)",
		"/a\r\nX: y", "/a b", "/a#b", "/\x00", "\x7f",
	} {
		_, err := req.Subrequest(target)
		assert.ErrorIs(t, err, exc.BadRequest, "%q", target)
		var in *webob.InputError
		assert.True(t, errors.As(err, &in), "%q", target)
	}
}

// what asks for another page of an app in front of which it stands.
func embedding(app http.Handler) http.Handler {
	return native(func(req *webob.Request) *webob.Response {
		account.Set(req, "outer")
		sub, err := req.Subrequest("/part")
		if err != nil {
			return exc.Page(req, err)
		}
		part, err := sub.GetResponse(app).Text()
		if err != nil {
			return exc.Page(req, err)
		}
		p := req.GetResponse(app)
		fmt.Fprintf(p, "|%s|%s", part, strings.Join(p.Header().Values("X-Inner"), ","))
		return p
	})
}

func TestSubrequestAsksTheSameApp(t *testing.T) {
	inner := native(func(req *webob.Request) *webob.Response {
		_, seen := account.Get(req)
		_, again := account.Get(webob.NewRequest(req.Request)) // as behind a foreign mux
		assert.False(t, again && !seen, "the environ of the request outside")
		return webob.Text(fmt.Sprint(req.PathInfo(), " ", seen, " ", req.Header.Get("Cookie")))
	})
	plain := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req := webob.NewRequest(r)
		_, seen := account.Get(req)
		fmt.Fprint(w, r.URL.Path, " ", seen, " ", r.Header.Get("Cookie"))
	})
	for way, app := range map[string]http.Handler{"native": inner, "foreign": plain, "behind middleware": statusLogger(inner), "mux": muxed(inner)} {
		for out, wrap := range eventWays {
			if strings.Contains(out, "compression") {
				continue
			}
			t.Run(way+"/"+out, func(t *testing.T) {
				leakFree(t)
				got := fetch(t, listen(t, "HTTP/1.1", wrap(embedding(app))), "GET", "/whole", withHeader("Cookie", "a=b"))
				assert.Equal(t, "/whole true a=b|/part false a=b|", got.body)
			})
		}
	}
}

func TestSubrequestEndsWithItsRequest(t *testing.T) {
	leakFree(t)
	ended := make(chan struct{})
	endlessly := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		for {
			if _, err := io.WriteString(w, strings.Repeat("x", 64<<10)); err != nil {
				return
			}
		}
	})
	srv := listen(t, "HTTP/1.1", native(func(req *webob.Request) *webob.Response {
		sub, err := req.Subrequest("/")
		if err != nil {
			return exc.Page(req, err)
		}
		sub.GetResponse(endlessly) // and forgotten
		return webob.Text("done")
	}))
	assert.Equal(t, "done", fetch(t, srv, "GET", "/").body)
	soon(t, ended, "the handler")

	req, cancel := made(t, "/")
	sub, err := req.Subrequest("/")
	require.NoError(t, err)
	cancel()
	assert.ErrorIs(t, sub.Context().Err(), context.Canceled)
}

func TestSubrequestsOfSubrequestsEnd(t *testing.T) {
	depth := 0
	var app native
	app = func(req *webob.Request) *webob.Response {
		depth++
		sub, err := req.Subrequest("/again")
		if err != nil {
			return exc.Page(req, err)
		}
		return webob.Text(bodyOf(t, sub.GetResponse(app)))
	}
	for way, h := range map[string]http.Handler{"native": app, "middleware": statusLogger(app)} {
		depth = 0
		p := handmade(t, "GET", "/").GetResponse(h)
		assert.Contains(t, bodyOf(t, p), "500", way)
		assert.Equal(t, 17, depth, way)
	}
}

type routeKey struct{}

func TestSubrequestSeesNoInnerRouting(t *testing.T) {
	leaf := native(func(req *webob.Request) *webob.Response {
		sub, err := req.Subrequest("/")
		require.NoError(t, err)
		return webob.Text(fmt.Sprint(req.Context().Value(routeKey{}), sub.Context().Value(routeKey{}), sub.Context().Value(http.ServerContextKey) != nil))
	})
	router := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leaf.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), routeKey{}, "routed")))
	})
	got := fetch(t, listen(t, "HTTP/1.1", filtered(router)), "GET", "/")
	assert.Equal(t, "routed<nil> true", got.body)
}

func FuzzSubrequest(f *testing.F) {
	for _, seed := range []string{"/", "//x", "http://example.com/app/", "/a?b#c", "/%", "http://example.com/app@evil"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, target string) {
		req := webob.Blank("/", webob.WithBaseURL("http://example.com/app"))
		sub, err := req.Subrequest(target)
		if err != nil {
			if !errors.Is(err, exc.BadRequest) {
				t.Fatal(err)
			}
			return
		}
		if !strings.HasPrefix(sub.FullURL(), "http://example.com/app/") || sub.Authority() != req.Authority() || sub.ScriptPath() != "/app" {
			t.Fatalf("%q leads to %q", target, sub.FullURL())
		}
	})
}

// A filter puts a page of the app into another one.
func ExampleRequest_Subrequest() {
	app := native(func(req *webob.Request) *webob.Response {
		return webob.Text(req.PathInfo() + " for " + req.Header.Get("Authorization"))
	})
	filter := native(func(req *webob.Request) *webob.Response {
		resp := req.GetResponse(app)
		if sub, err := req.Subrequest("/news?limit=3"); err == nil {
			news, _ := sub.GetResponse(app).Text()
			fmt.Fprint(resp, "; ", news)
		}
		return resp
	})
	req := webob.Blank("/home", webob.WithHeader("Authorization", "Bearer t"))
	fmt.Println(req.GetResponse(filter).Text())
	_, err := req.Subrequest("http://elsewhere.example/")
	fmt.Println(errors.Is(err, exc.BadRequest))
	// Output:
	// /home for Bearer t; /news for Bearer t <nil>
	// true
}

func ExampleRequest_ScriptPath() {
	req := webob.Blank("/notes/7", webob.WithBaseURL("http://localhost/my%20app"))
	fmt.Println(req.ScriptPath(), req.RestPath())
	fmt.Println(req.ScriptPath() + "/notes/8")
	// Output:
	// /my%20app /notes/7
	// /my%20app/notes/8
}
