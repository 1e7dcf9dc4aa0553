package webob

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func served(method, target string, edit ...func(*http.Request)) *Request {
	r := httptest.NewRequest(method, target, nil)
	for _, f := range edit {
		f(r)
	}
	return NewRequest(r)
}

// spec 3.1
func TestEnvironReadsTheRequest(t *testing.T) {
	r := served("POST", "https://h.example:8443/a%20b?q=1", func(r *http.Request) {
		r.Header = http.Header{"Content-Type": {"text/plain"}, "Content-Length": {"3"}, "X-Many": {"1", "2"}, "Cookie": {"a=1", "b=2"}, "Accept": {""}}
		r.ContentLength = 3
		r.RemoteAddr = "[2001:db8::1]:4711"
		r.TLS.Version, r.TLS.ServerName = tls.VersionTLS13, "h.example"
	})
	for key, want := range map[string]string{
		"REQUEST_METHOD": "POST", "SCRIPT_NAME": "", "PATH_INFO": "/a b", "QUERY_STRING": "q=1",
		"CONTENT_TYPE": "text/plain", "CONTENT_LENGTH": "3", "SERVER_NAME": "h.example", "SERVER_PORT": "8443",
		"SERVER_PROTOCOL": "HTTP/1.1", "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_URI": "https://h.example:8443/a%20b?q=1",
		"REMOTE_ADDR": "2001:db8::1", "REMOTE_PORT": "4711", "HTTPS": "on", "SSL_PROTOCOL": "TLSv1.3", "SSL_TLS_SNI": "h.example",
		"wsgi.url_scheme": "https", "HTTP_HOST": "h.example:8443", "HTTP_X_MANY": "1, 2", "HTTP_COOKIE": "a=1; b=2", "HTTP_ACCEPT": "",
		"HTTP_CONTENT_TYPE": "", "HTTP_CONTENT_LENGTH": "", "HTTP_x_many": "", "HTTP_X-MANY": "", "HTTP_": "", "REMOTE_USER": "", "AUTH_TYPE": "",
	} {
		assert.Equal(t, want, r.Environ().String(key), key)
	}
	_, ok := r.Environ().Get("HTTP_ACCEPT")
	assert.True(t, ok, "an empty header is there")
	_, ok = r.Environ().Get("SCRIPT_NAME")
	assert.False(t, ok, "an empty variable is absent")
	v, _ := r.Environ().Get("wsgi.version")
	assert.Equal(t, [2]int{1, 0}, v)
}

// spec 3.1
func TestEnvironWritesTheRequest(t *testing.T) {
	r := served("GET", "/a?b")
	old := r.URL
	env := r.Environ()
	for key, value := range map[string]any{
		"REQUEST_METHOD": "PUT", "PATH_INFO": "/x y", "QUERY_STRING": "z", "CONTENT_TYPE": "a/b", "CONTENT_LENGTH": 5,
		"SERVER_PROTOCOL": "HTTP/2", "REMOTE_ADDR": "10.0.0.1", "HTTP_X_A": "1", "HTTP_HOST": "k", "wsgi.url_scheme": "https",
		"SERVER_NAME": "srv", "SERVER_PORT": "81", "REMOTE_USER": "al", "wsgi.input": strings.NewReader("body"), "my.key": 7,
	} {
		require.NoError(t, env.Set(key, value), key)
	}
	assert.Equal(t, "PUT", r.Method)
	assert.Equal(t, "/x y", r.URL.Path)
	assert.Equal(t, "z", r.URL.RawQuery)
	assert.Equal(t, "a/b", r.Header.Get("Content-Type"))
	assert.EqualValues(t, 5, r.ContentLength)
	assert.Equal(t, "5", r.Header.Get("Content-Length"))
	assert.Equal(t, 2, r.ProtoMajor)
	assert.Equal(t, "10.0.0.1:1234", r.RemoteAddr)
	assert.Equal(t, "1", r.Header.Get("X-A"))
	assert.Equal(t, "k", r.Host)
	assert.Equal(t, "https://k/x%20y?z", r.FullURL())
	assert.Equal(t, "/a", old.Path, "who holds the old URL keeps it")
	b, _ := io.ReadAll(r.Body)
	assert.Equal(t, "body", string(b))
	v, _ := env.Get("my.key")
	assert.Equal(t, 7, v)
	for _, key := range []string{"SERVER_NAME", "SERVER_PORT", "REMOTE_USER", "wsgi.url_scheme", "my.key", "HTTP_X_A", "HTTP_HOST", "CONTENT_TYPE", "CONTENT_LENGTH", "wsgi.input", "QUERY_STRING", "REMOTE_PORT", "REMOTE_ADDR", "PATH_INFO"} {
		env.Delete(key)
	}
	assert.Equal(t, "http://localhost", r.FullURL())
	assert.False(t, env.Has("my.key"))
	assert.Equal(t, http.NoBody, r.Body)
}

func TestEnvironSetRefuses(t *testing.T) {
	for _, row := range []struct {
		name, key string
		value     any
		err       error
	}{
		{"a number for text", "PATH_INFO", 3, ErrEnvironValue},
		{"a number for a header", "HTTP_X", 3, ErrEnvironValue},
		{"CR in a header", "HTTP_X", "a\rb", ErrEnvironValue},
		{"LF in a header", "HTTP_X", "a\nb", ErrEnvironValue},
		{"NUL in a header", "HTTP_X", "a\x00b", ErrEnvironValue},
		{"LF in the type", "CONTENT_TYPE", "a\nb", ErrEnvironValue},
		{"LF in the host", "HTTP_HOST", "a\nb", ErrEnvironValue},
		{"a proxy", "HTTP_PROXY", "x", ErrEnvironValue},
		{"a header under a key of CGI", "HTTP_CONTENT_TYPE", "x", ErrEnvironValue},
		{"a header of no name", "HTTP_", "x", ErrEnvironValue},
		{"a header in lower case", "HTTP_x", "x", ErrEnvironValue},
		{"a negative length", "CONTENT_LENGTH", -1, ErrEnvironValue},
		{"a port beyond all", "SERVER_PORT", 65536, ErrEnvironValue},
		{"a port with a sign", "REMOTE_PORT", "+1", ErrEnvironValue},
		{"a method of two words", "REQUEST_METHOD", "GET /", ErrEnvironValue},
		{"a protocol that is none", "SERVER_PROTOCOL", "HTTP/x", ErrEnvironValue},
		{"a scheme that is none", "wsgi.url_scheme", "1a", ErrEnvironValue},
		{"a server name with a port", "SERVER_NAME", "h:1", ErrEnvironValue},
		{"a body that cannot be read", "wsgi.input", "text", ErrEnvironValue},
		{"a log that cannot be written", "wsgi.errors", "text", ErrEnvironValue},
		{"a flag that is none", "wsgi.run_once", "no", ErrEnvironValue},
		{"routing args of another type", "wsgiorg.routing_args", 1, ErrEnvironValue},
		{"variables of another type", "paste.urlvars", map[string]any{}, ErrEnvironValue},
		{"the version", "wsgi.version", [2]int{2, 0}, ErrEnvironReadOnly},
		{"TLS", "HTTPS", "on", ErrEnvironReadOnly},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := served("GET", "/")
			before := r.Environ().Map()
			err := r.Environ().Set(row.key, row.value)
			assert.ErrorIs(t, err, row.err)
			assert.ErrorContains(t, err, row.key)
			assert.Equal(t, before, r.Environ().Map(), "nothing has changed")
		})
	}
}

// CVE-2016-5385 (httpoxy), and the spoofing of X-Forwarded-For by X_Forwarded_For.
// spec 3.4
func TestEnvironLeavesOutWhatIsMistaken(t *testing.T) {
	var log bytes.Buffer
	r := served("GET", "/", func(r *http.Request) {
		r.Header = http.Header{"Proxy": {"http://evil"}, "X_user": {"root"}, "X_Auth-User": {"root"}, "X.y": {"1"}, "not canonical": {"1"}}
	})
	Logger.Set(r, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	for range 2 {
		assert.Empty(t, r.Environ().String("HTTP_PROXY"))
		assert.Empty(t, r.Environ().String("HTTP_X_USER"))
		assert.Empty(t, r.Environ().String("HTTP_X_AUTH_USER"))
		assert.Equal(t, "1", r.Environ().String("HTTP_X.Y"))
		for key := range r.Environ().All() {
			assert.NotContains(t, []string{"HTTP_PROXY", "HTTP_X_USER", "HTTP_X_AUTH_USER"}, key)
		}
	}
	assert.Equal(t, 1, strings.Count(log.String(), "field Proxy"), "said once")
	assert.Equal(t, 1, strings.Count(log.String(), "underscore"), "said once")
	assert.Contains(t, log.String(), "level=WARN msg=\"header field Proxy")
	assert.Contains(t, log.String(), "field=X_user")
	assert.Equal(t, []string{"root"}, r.Header["X_user"], "the header keeps it")
}

// Get, String, Has, All and Map say the same.
func TestEnvironAgreesWithItself(t *testing.T) {
	r := served("GET", "/a?b", func(r *http.Request) { r.Header.Set("X-A", "1") })
	require.NoError(t, r.Environ().Set("my.key", 1))
	require.NoError(t, r.Environ().Set("SERVER_NAME", "srv"))
	m, n := r.Environ().Map(), 0
	for key, v := range r.Environ().All() {
		n++
		got, ok := r.Environ().Get(key)
		assert.True(t, ok, key)
		assert.True(t, r.Environ().Has(key), key)
		assert.Equal(t, v, got, key)
		assert.Equal(t, v, m[key], key)
		if s, ok := v.(string); ok {
			assert.Equal(t, s, r.Environ().String(key), key)
		}
	}
	assert.Len(t, m, n, "no key comes twice")
	for range r.Environ().All() {
		break // may stop anywhere
	}
}

func TestEnvironOfAnEmptyRequest(t *testing.T) {
	r := NewRequest(&http.Request{})
	env := r.Environ()
	assert.Equal(t, "GET", env.String("REQUEST_METHOD"))
	assert.Equal(t, "localhost", env.String("SERVER_NAME"))
	assert.Equal(t, "80", env.String("SERVER_PORT"))
	v, _ := env.Get("wsgi.input")
	assert.Equal(t, http.NoBody, v)
	assert.Equal(t, "http://localhost", r.FullURL())
	require.NoError(t, env.Set("HTTP_X", "1"))
	require.NoError(t, env.Set("PATH_INFO", "/p"))
	assert.Equal(t, "http://localhost/p", r.FullURL())
	assert.NotEmpty(t, env.Map())
}

func TestEnvironLocalAddress(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		req.Host = "not a host"
		r := NewRequest(req)
		fmt.Fprint(w, r.Environ().String("SERVER_NAME"), " ", r.Environ().String("SERVER_PORT"), " ", r.HostURL())
	}))
	defer srv.Close()
	resp, err := http.Get(srv.URL)
	require.NoError(t, err)
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	_, port, _ := net.SplitHostPort(srv.Listener.Addr().String())
	assert.Equal(t, "127.0.0.1 "+port+" "+srv.URL, string(b))
}

func TestEnvironErrorsGoToTheLog(t *testing.T) {
	var log bytes.Buffer
	r := served("GET", "/")
	Logger.Set(r, slog.New(slog.NewTextHandler(&log, nil)))
	v, _ := r.Environ().Get("wsgi.errors")
	fmt.Fprintln(v.(io.Writer), "it broke")
	assert.Contains(t, log.String(), `msg="it broke"`)
}

func TestEnvironQueryIsReadAnew(t *testing.T) {
	r := served("GET", "/?a=1")
	assert.Equal(t, "1", r.FormValue("a"))
	require.NoError(t, r.Environ().Set("QUERY_STRING", "a=2"))
	assert.Equal(t, "2", r.FormValue("a"))
}

// http.TimeoutHandler leaves the app inside running beside the filters outside.
// spec 3.5
func TestEnvironApplicationKeysAreSafe(t *testing.T) {
	r := served("GET", "/")
	require.NoError(t, r.Environ().Set("start", 0))
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 100 {
				_ = r.Environ().Set("k", i)
				r.Environ().Get("k")
				for range r.Environ().All() {
				}
				r.Environ().Delete("k")
			}
		})
	}
	wg.Wait()
}

func TestNewKeyRefusesNamesOfCGI(t *testing.T) {
	for _, name := range []string{"PATH_INFO", "HTTP_X_A", "REMOTE_USER", "wsgi.input", "wsgi.version", "HTTPS", "wsgiorg.routing_args", "paste.urlvars"} {
		assert.Panics(t, func() { NewKey[string](name) }, name)
	}
	assert.NotPanics(t, func() { NewKey[string]("MY_APP") })
}

func TestEnvironKeyAndHeaderName(t *testing.T) {
	for _, row := range []struct{ field, key, back string }{
		{"x-a", "HTTP_X_A", "X-A"}, {"X_A", "HTTP_X_A", "X-A"}, {"content-TYPE", "CONTENT_TYPE", "Content-Type"},
		{"Content-Length", "CONTENT_LENGTH", "Content-Length"}, {"ETag", "HTTP_ETAG", "Etag"}, {"Host", "HTTP_HOST", "Host"},
		{"X--Y", "HTTP_X__Y", "X--Y"}, {strings.Repeat("a", 100), "HTTP_" + strings.Repeat("A", 100), "A" + strings.Repeat("a", 99)},
	} {
		assert.Equal(t, row.key, EnvironKey(row.field))
		back, ok := HeaderName(row.key)
		assert.True(t, ok, row.key)
		assert.Equal(t, row.back, back)
		assert.Equal(t, http.CanonicalHeaderKey(row.back), back)
	}
	for _, key := range []string{"", "HTTP_", "HTTP_PROXY", "HTTP_a", "HTTP_A-B", "PATH_INFO", "HTTP_A B", "HTTP_CONTENT_TYPE"} {
		_, ok := HeaderName(key)
		assert.False(t, ok, key)
	}
}

func TestEnvironAllocatesNothing(t *testing.T) {
	r := served("GET", "/a/b?c=d", func(r *http.Request) {
		r.Header.Set("X-In-3", "1")
		r.Header.Set("Content-Length", "1234")
		r.ContentLength = 1234
		r.Body = io.NopCloser(strings.NewReader("x"))
	})
	mounted := served("GET", "/app/x", func(r *http.Request) { r.URL = &url.URL{Path: "/x"} })
	require.Equal(t, "/app", mounted.ScriptName())
	for _, key := range []string{"REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING", "CONTENT_TYPE", "CONTENT_LENGTH", "SERVER_NAME",
		"SERVER_PORT", "SERVER_PROTOCOL", "REMOTE_ADDR", "REMOTE_PORT", "wsgi.url_scheme", "HTTP_HOST", "HTTP_X_IN_3", "HTTP_X_MISSING", "none"} {
		assert.Zero(t, testing.AllocsPerRun(100, func() { r.Environ().String(key); mounted.Environ().String(key) }), key)
	}
	assert.Zero(t, testing.AllocsPerRun(100, func() { r.Environ().Get("missing") }))
	assert.Nil(t, r.x, "an untouched environ costs nothing")
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		r.Scheme()
		r.Domain()
		r.HostPort()
		r.PathInfo()
		r.ScriptName()
		r.ClientAddr()
		r.IsXHR()
	}))
}

var sink1 string

func BenchmarkEnviron(b *testing.B) {
	r := served("GET", "/a/b?c=d", func(r *http.Request) { r.Header.Set("X-In-3", "1") })
	mounted := served("GET", "/app/x", func(r *http.Request) { r.URL = &url.URL{Path: "/x"} })
	for _, row := range []struct {
		name, key string
		r         *Request
	}{
		{"method", "REQUEST_METHOD", r}, {"pathInfo", "PATH_INFO", r}, {"scriptName", "SCRIPT_NAME", r}, {"scriptNameMounted", "SCRIPT_NAME", mounted},
		{"query", "QUERY_STRING", r}, {"scheme", "wsgi.url_scheme", r}, {"serverName", "SERVER_NAME", r}, {"remoteAddr", "REMOTE_ADDR", r},
		{"header", "HTTP_X_IN_3", r}, {"headerMiss", "HTTP_X_NONE", r}, {"applicationMiss", "my.key", r},
	} {
		b.Run("String/"+row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sink1 = row.r.Environ().String(row.key)
			}
		})
	}
	b.Run("Get/header", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			r.Environ().Get("HTTP_X_IN_3")
		}
	})
	b.Run("firstStoreAndRead", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			fresh := NewRequest(r.Request)
			_ = fresh.Environ().Set("my.key", r)
			fresh.Environ().Get("my.key")
		}
	})
	b.Run("All", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for range r.Environ().All() {
			}
		}
	})
	b.Run("FullURL", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			sink1 = r.FullURL()
		}
	})
}
