package client

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// backend is a server for the time of a test.
func backend(t testing.TB, h http.HandlerFunc) *httptest.Server {
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv
}

// raw is a server that answers every connection with the same bytes, once it has seen
// the end of a header, and closes it.
func raw(t *testing.T, reply string) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				conn.SetDeadline(time.Now().Add(10 * time.Second))
				var seen []byte
				buf := make([]byte, 4096)
				for !bytes.Contains(seen, []byte("\r\n\r\n")) {
					n, err := conn.Read(buf)
					seen = append(seen, buf[:n]...)
					if err != nil {
						return
					}
				}
				io.WriteString(conn, reply)
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

func app(t testing.TB, target string, o Options) *App {
	a, err := New(target, o)
	require.NoError(t, err)
	t.Cleanup(func() { a.Close() })
	return a
}

// front is a server of ours before a backend.
func front(t testing.TB, target string, o Options) *httptest.Server {
	srv := httptest.NewServer(app(t, target, o))
	t.Cleanup(srv.Close)
	return srv
}

func TestNewRefuses(t *testing.T) {
	for _, target := range []string{"", "x", "ftp://h/", "http://", "//h/", "http://u:p@h/", "http://h/?q", "http://h/?", "http://h/#f", "http://h:port/", "http://h/%zz"} {
		_, err := New(target, Options{})
		assert.Error(t, err, target)
		if err != nil {
			assert.NotContains(t, err.Error(), "u:p@", "no password in an error")
		}
	}
}

// What a request asks for is put behind the target, and as it came.
func TestTarget(t *testing.T) {
	var seen, host string
	srv := backend(t, func(w http.ResponseWriter, r *http.Request) { seen, host = r.RequestURI, r.Host })
	for _, row := range []struct {
		name, base, path, want string
		status                 int
	}{
		{"nothing", "", "/", "/", 200},
		{"path and query", "", "/a/b?x=1&y=%20", "/a/b?x=1&y=%20", 200},
		{"a base path", "/v1", "/a", "/v1/a", 200},
		{"a base path with a slash", "/v1/", "/a", "/v1/a", 200},
		{"an escaped slash stays", "/v1", "/a%2fb", "/v1/a%2fb", 200},
		{"an escape that is not needed stays", "", "/%61", "/%61", 200},
		{"a base with an escape", "/v%201", "/a%2Fb", "/v%201/a%2Fb", 200},
		{"slashes stay", "", "//h/a", "//h/a", 200},
		{"dots that stay inside", "/v1", "/a/../b", "/v1/a/../b", 200},
		{"dots without a base are the server's affair", "", "/../a", "/../a", 200},
		{"dots do not climb out of the base", "/v1", "/../admin", "", 400},
		{"nor deep ones", "/v1", "/a/../../admin", "", 400},
		{"nor escaped ones", "/v1", "/%2e%2e/admin", "", 400},
		{"nor with an escaped slash", "/v1", "/..%2fadmin", "", 400},
		{"nor with a backslash", "/v1", "/..%5cadmin", "", 400},
		{"nor escaped twice", "/v1", "/%252e%252e/admin", "", 400},
		{"nor with a parameter", "/v1", "/..;x/admin", "", 400},
		{"a semicolon in the query", "", "/?a=b;c", "/?a=b;c", 200},
	} {
		t.Run(row.name, func(t *testing.T) {
			seen = ""
			r := httptest.NewRequest("GET", row.path, nil)
			r.Host = "evil.example"
			resp := webob.NewRequest(r).GetResponse(app(t, srv.URL+row.base, Options{}))
			assert.Equal(t, row.status, resp.Status())
			assert.Equal(t, row.want, seen)
			if row.status == 200 {
				assert.Equal(t, strings.TrimPrefix(srv.URL, "http://"), host, "the Host is the target's")
			}
		})
	}
}

func TestKeepHost(t *testing.T) {
	srv := backend(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Host) })
	r := httptest.NewRequest("GET", "/", nil)
	r.Host = "example.com"
	text, err := webob.NewRequest(r).GetResponse(app(t, srv.URL, Options{KeepHost: true})).Text()
	require.NoError(t, err)
	assert.Equal(t, "example.com", text)
}

// RFC 9110 §7.6.1, in both directions.
func TestHopByHopFieldsStayBehind(t *testing.T) {
	var seen http.Header
	srv := backend(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header
		h := w.Header()
		h.Set("Connection", "X-Inner")
		h.Set("X-Inner", "1")
		h.Set("Keep-Alive", "timeout=5")
		h.Set("Proxy-Authenticate", "Basic")
		h.Set("X-Outer", "1")
	})
	r := httptest.NewRequest("GET", "/", nil)
	r.Header = http.Header{
		"Connection": {"close, X-Mine", "x-too"}, "X-Mine": {"1"}, "X-Too": {"1"}, "Keep-Alive": {"5"}, "Proxy-Connection": {"x"},
		"Proxy-Authorization": {"Basic x"}, "Te": {"gzip, trailers;q=0.5"}, "Upgrade": {"h2c"}, "Transfer-Encoding": {"chunked"},
		"Trailer": {"X"}, "X-Stays": {"1", "2"}, "Cookie": {"a=b"}, "Authorization": {"Basic y"},
	}
	resp := webob.NewRequest(r).GetResponse(app(t, srv.URL, Options{}))
	require.Equal(t, 200, resp.Status())
	assert.Equal(t, http.Header{"X-Stays": {"1", "2"}, "Cookie": {"a=b"}, "Authorization": {"Basic y"}, "Te": {"trailers"}}, seen,
		"and nothing is added, no User-Agent and no Accept-Encoding")
	for _, name := range []string{"Connection", "X-Inner", "Keep-Alive", "Proxy-Authenticate"} {
		assert.False(t, resp.Header().Has(name), name)
	}
	assert.Equal(t, "1", resp.Header().Get("X-Outer"))
}

func TestForwarding(t *testing.T) {
	var seen http.Header
	srv := backend(t, func(w http.ResponseWriter, r *http.Request) { seen = r.Header })
	for _, row := range []struct {
		name    string
		forward Forwarding
		remote  string
		want    http.Header
	}{
		{"nobody is believed, nothing is told", ForwardNothing, "192.0.2.1:5", http.Header{}},
		{"as it came", ForwardAsIs, "192.0.2.1:5", http.Header{"X-Forwarded-For": {"6.6.6.6"}, "X-Forwarded-Port": {"1"}, "Forwarded": {"for=6.6.6.6"}, "X-Real-Ip": {"6.6.6.6"}}},
		{"X-Forwarded set anew", ForwardX, "192.0.2.1:5", http.Header{"X-Forwarded-For": {"192.0.2.1"}, "X-Forwarded-Host": {"example.com"}, "X-Forwarded-Proto": {"http"}}},
		{"RFC 7239", ForwardRFC7239, "192.0.2.1:5", http.Header{"Forwarded": {`for=192.0.2.1;host=example.com;proto=http`}}},
		{"an address of version 6 in brackets", ForwardRFC7239, "[2001:db8::1]:5", http.Header{"Forwarded": {`for="[2001:db8::1]";host=example.com;proto=http`}}},
		{"a client without an address", ForwardRFC7239, "@", http.Header{"Forwarded": {`for=unknown;host=example.com;proto=http`}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = row.remote
			r.Header = http.Header{"X-Forwarded-For": {"6.6.6.6"}, "X-Forwarded-Port": {"1"}, "Forwarded": {"for=6.6.6.6"}, "X-Real-Ip": {"6.6.6.6"}}
			resp := webob.NewRequest(r).GetResponse(app(t, srv.URL, Options{Forward: row.forward}))
			require.Equal(t, 200, resp.Status())
			assert.Equal(t, row.want, seen)
		})
	}
}

func TestBodiesStreamBothWays(t *testing.T) {
	srv := backend(t, func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).EnableFullDuplex()
		w.Header().Set("Content-Type", "text/plain")
		buf := make([]byte, 100)
		for {
			n, err := r.Body.Read(buf)
			w.Write(bytes.ToUpper(buf[:n]))
			http.NewResponseController(w).Flush()
			if err != nil {
				return
			}
		}
	})
	a := app(t, srv.URL, Options{})
	out, in := io.Pipe()
	r := httptest.NewRequest("POST", "/", out)
	r.ContentLength = -1
	go io.WriteString(in, "one")
	req := webob.NewRequest(r)
	defer req.Release()
	body := req.GetResponse(a).Body()
	defer body.Close()
	buf := make([]byte, 100)
	n, err := body.Read(buf)
	require.NoError(t, err)
	assert.Equal(t, "ONE", string(buf[:n]), "before the request has ended")
	go func() {
		io.WriteString(in, "two")
		in.Close()
	}()
	rest, err := io.ReadAll(body)
	require.NoError(t, err)
	assert.Equal(t, "TWO", string(rest))
}

func TestLengthsAndKinds(t *testing.T) {
	var zipped bytes.Buffer
	zw := gzip.NewWriter(&zipped)
	io.WriteString(zw, "unzipped")
	zw.Close()
	for _, row := range []struct {
		name, method, reply string
		status              int
		body                string
		header              http.Header
	}{
		{"a length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", http.Header{"Content-Length": {"2"}}},
		{"chunks", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200, "ok", http.Header{}},
		{"to the end of the connection", "GET", "HTTP/1.1 200 OK\r\n\r\nok", 200, "ok", http.Header{}},
		{"HEAD keeps the length", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n", 200, "", http.Header{"Content-Length": {"50"}}},
		{"HEAD makes no length up", "HEAD", "HTTP/1.1 200 OK\r\n\r\n", 200, "", http.Header{}},
		{"no content", "GET", "HTTP/1.1 204 No Content\r\n\r\n", 204, "", http.Header{}},
		{"not modified", "GET", "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n", 304, "", http.Header{"Etag": {`"a"`}}},
		{"redirects are the client's affair", "GET", "HTTP/1.1 302 Found\r\nLocation: http://other.example/\r\nContent-Length: 0\r\n\r\n", 302, "",
			http.Header{"Location": {"http://other.example/"}, "Content-Length": {"0"}}},
		{"cookies are passed on and not kept", "GET", "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\nContent-Length: 0\r\n\r\n", 200, "",
			http.Header{"Set-Cookie": {"a=b", "c=d"}, "Content-Length": {"0"}}},
		{"gzip stays as it is", "GET", fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", zipped.Len(), zipped.String()),
			200, zipped.String(), http.Header{"Content-Encoding": {"gzip"}, "Content-Length": {fmt.Sprint(zipped.Len())}}},
		{"an interim answer first", "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", http.Header{"Content-Length": {"2"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			srv := front(t, raw(t, row.reply), Options{})
			req, _ := http.NewRequest(row.method, srv.URL, nil)
			req.Header.Set("Accept-Encoding", "identity")
			resp, err := http.DefaultTransport.RoundTrip(req)
			require.NoError(t, err)
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			resp.Header.Del("Date")
			assert.Equal(t, row.status, resp.StatusCode)
			assert.Equal(t, row.body, string(body))
			assert.Equal(t, row.header, resp.Header)
		})
	}
}

// What is no answer, or too much of one, is a 502 whose page says nothing of the
// server.
func TestBadGateway(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	nobody := "http://" + closed.Addr().String()
	closed.Close()
	for _, row := range []struct{ name, target string }{
		{"nobody listens", nobody},
		{"nothing", raw(t, "")},
		{"no HTTP", raw(t, "SSH-2.0-OpenSSH\r\n\r\n")},
		{"half a status line", raw(t, "HTTP/1.1 200")},
		{"no status", raw(t, "HTTP/1.1 abc OK\r\n\r\n")},
		{"a status that is none", raw(t, "HTTP/1.1 999 OK\r\n\r\n")},
		{"another version", raw(t, "HTTP/2.0 200 OK\r\n\r\n")},
		{"an upgrade nobody asked for", raw(t, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")},
		{"a length that is none", raw(t, "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\nok")},
		{"a length below 0", raw(t, "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nok")},
		{"two lengths", raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok")},
		{"a field without a colon", raw(t, "HTTP/1.1 200 OK\r\nnocolon\r\n\r\n")},
		{"a header beyond the limit", raw(t, "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 9000)+"\r\nContent-Length: 0\r\n\r\n")},
		{"a body beyond the limit", raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n"+strings.Repeat("x", 2000))},
	} {
		t.Run(row.name, func(t *testing.T) {
			resp := webob.Blank("/").GetResponse(app(t, row.target, Options{MaxHeader: 4 << 10, MaxBody: 1000}))
			assert.Equal(t, 502, resp.Status())
			assert.ErrorIs(t, resp.Err(), exc.BadGateway)
			assert.Error(t, errors.Unwrap(resp.Err()), "the cause is for the log")
			text, err := resp.Text()
			require.NoError(t, err)
			assert.NotContains(t, text, "127.0.0.1")
		})
	}
}

// A body that breaks off has to break ours off.
func TestCutBodyNeverLooksWhole(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	for _, row := range []struct{ name, reply string }{
		{"shorter than its length", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"},
		{"much shorter", "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + long},
		{"within a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"},
		{"between chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"},
		{"a chunk that is none", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nzz\r\n"},
		{"beyond the limit", "HTTP/1.1 200 OK\r\n\r\n" + long},
	} {
		t.Run(row.name, func(t *testing.T) {
			o := Options{}
			if row.name == "beyond the limit" {
				o.MaxBody = 50_000
			}
			resp, err := http.Get(front(t, raw(t, row.reply), o).URL)
			if err != nil {
				return // aborted before a byte of it came
			}
			defer resp.Body.Close()
			_, err = io.ReadAll(resp.Body)
			assert.Error(t, err)
		})
	}
	t.Run("before its first byte it is a 502", func(t *testing.T) {
		resp, err := http.Get(front(t, raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX-Old: 1\r\n\r\n"), Options{}).URL)
		require.NoError(t, err)
		defer resp.Body.Close()
		assert.Equal(t, 502, resp.StatusCode)
		assert.Empty(t, resp.Header.Get("X-Old"))
	})
	t.Run("nor for who gathers it", func(t *testing.T) {
		_, err := webob.Blank("/").GetResponse(app(t, raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"), Options{})).Bytes()
		assert.ErrorIs(t, err, exc.BadGateway)
	})
}

func TestTimeouts(t *testing.T) {
	release := make(chan struct{})
	srv := backend(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/half":
			w.Header().Set("Content-Length", "10")
			io.WriteString(w, "half")
			http.NewResponseController(w).Flush()
		case "/slow":
			for range 4 {
				time.Sleep(60 * time.Millisecond)
				io.WriteString(w, "x")
				http.NewResponseController(w).Flush()
			}
			return
		case "/upload":
			io.Copy(w, r.Body)
			return
		}
		<-release
	})
	t.Cleanup(func() { close(release) })
	a := app(t, srv.URL, Options{Timeout: 150 * time.Millisecond})
	t.Run("no answer is a 504", func(t *testing.T) {
		resp := webob.Blank("/").GetResponse(a)
		assert.Equal(t, 504, resp.Status())
		assert.ErrorIs(t, resp.Err(), exc.GatewayTimeout)
	})
	t.Run("an answer that stops is cut", func(t *testing.T) {
		_, err := webob.Blank("/half").GetResponse(a).Bytes()
		assert.ErrorIs(t, err, exc.GatewayTimeout)
	})
	t.Run("a slow answer is no silent one", func(t *testing.T) {
		text, err := webob.Blank("/slow").GetResponse(a).Text()
		require.NoError(t, err)
		assert.Equal(t, "xxxx", text)
	})
	t.Run("a slow client is not the server's fault", func(t *testing.T) {
		out, in := io.Pipe()
		go func() {
			time.Sleep(300 * time.Millisecond)
			io.WriteString(in, "late")
			in.Close()
		}()
		r := httptest.NewRequest("POST", "/upload", out)
		r.ContentLength = -1
		text, err := webob.NewRequest(r).GetResponse(a).Text()
		require.NoError(t, err)
		assert.Equal(t, "late", text)
	})
	t.Run("one request may wait longer, or less", func(t *testing.T) {
		patient := app(t, srv.URL, Options{})
		req := webob.Blank("/")
		Timeout.Set(req, 50*time.Millisecond)
		assert.Equal(t, 504, req.GetResponse(patient).Status())
	})
	t.Run("a deadline of the request is a timeout too", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		resp := webob.Blank("/", webob.WithContext(ctx)).GetResponse(app(t, srv.URL, Options{}))
		assert.Equal(t, 504, resp.Status())
	})
}

// A client that leaves has the request to the server given up.
func TestCancelReachesTheServer(t *testing.T) {
	arrived, gone := make(chan struct{}), make(chan struct{})
	srv := backend(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
		close(gone)
	})
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-arrived
		cancel()
	}()
	req, _ := http.NewRequestWithContext(ctx, "GET", front(t, srv.URL, Options{}).URL, nil)
	_, err := http.DefaultTransport.RoundTrip(req)
	assert.Error(t, err)
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		t.Error("the server still works")
	}
}

// Close without reading must let go of the server.
func TestCloseReachesTheServer(t *testing.T) {
	gone := make(chan struct{})
	srv := backend(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "first")
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(gone)
	})
	resp := webob.Blank("/").GetResponse(app(t, srv.URL, Options{}))
	require.NoError(t, resp.Close())
	select {
	case <-gone:
	case <-time.After(10 * time.Second):
		t.Error("the server still works")
	}
}

func TestUnsendable(t *testing.T) {
	var calls atomic.Int32
	srv := backend(t, func(http.ResponseWriter, *http.Request) { calls.Add(1) })
	a := app(t, srv.URL, Options{})
	blank := func(change func(*http.Request)) *webob.Request {
		req := webob.Blank("/")
		change(req.Request)
		return req
	}
	for _, row := range []struct {
		name string
		req  *webob.Request
		want error
	}{
		{"a space in the query", blank(func(r *http.Request) { r.URL.RawQuery = "a b" }), exc.BadRequest},
		{"a line end in the query", blank(func(r *http.Request) { r.URL.RawQuery = "a\r\nX: y" }), exc.BadRequest},
		{"a line end in a field", blank(func(r *http.Request) { r.Header["X"] = []string{"a\r\nY: z"} }), exc.BadRequest},
		{"a name that is none", blank(func(r *http.Request) { r.Header["X Y"] = []string{"a"} }), exc.BadRequest},
		{"a method that is none", blank(func(r *http.Request) { r.Method = "GET /" }), exc.BadRequest},
		{"a tunnel", blank(func(r *http.Request) { r.Method = "CONNECT" }), exc.NotImplemented},
		{"a WebSocket", blank(func(r *http.Request) {
			r.Header = http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}}
		}), exc.NotImplemented},
		{"a body shorter than announced", blank(func(r *http.Request) {
			r.Method, r.Body, r.ContentLength = "POST", io.NopCloser(strings.NewReader("abc")), 10
		}), exc.BadRequest},
		{"a body beyond a limit", blank(func(r *http.Request) {
			r.Method, r.Body, r.ContentLength = "POST", http.MaxBytesReader(nil, io.NopCloser(strings.NewReader("abcdef")), 3), -1
		}), exc.RequestEntityTooLarge},
	} {
		t.Run(row.name, func(t *testing.T) {
			assert.ErrorIs(t, row.req.GetResponse(a).Err(), row.want)
		})
	}
	assert.LessOrEqual(t, calls.Load(), int32(2), "only where a body was under way")
}

func TestUpTheLine(t *testing.T) {
	srv := backend(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</a.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Del("Link")
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "body")
		http.NewResponseController(w).Flush()
		w.Header().Set("X-Sum", "42")
		w.Header().Set(http.TrailerPrefix+"X-More", "43")
	})
	var codes []int
	var link string
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
		Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
			codes, link = append(codes, code), h.Get("Link")
			return nil
		},
	})
	req, _ := http.NewRequestWithContext(ctx, "GET", front(t, srv.URL, Options{}).URL, nil)
	resp, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, []int{103}, codes)
	assert.Equal(t, "</a.css>; rel=preload", link)
	assert.Equal(t, "body", string(body))
	assert.Empty(t, resp.Header.Get("Link"))
	assert.Equal(t, http.Header{"X-Sum": {"42"}, "X-More": {"43"}}, resp.Trailer)
}

func TestExpectContinue(t *testing.T) {
	srv := backend(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/no" {
			w.WriteHeader(http.StatusExpectationFailed)
			return
		}
		io.Copy(w, r.Body)
	})
	at := front(t, srv.URL, Options{})
	transport := &http.Transport{ExpectContinueTimeout: 5 * time.Second}
	defer transport.CloseIdleConnections()
	for path, status := range map[string]int{"/": 200, "/no": 417} {
		req, _ := http.NewRequest("POST", at.URL+path, strings.NewReader("data"))
		req.Header.Set("Expect", "100-continue")
		resp, err := transport.RoundTrip(req)
		require.NoError(t, err)
		resp.Body.Close()
		assert.Equal(t, status, resp.StatusCode)
	}
}

func TestRequestTrailers(t *testing.T) {
	srv := backend(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, r.Trailer.Get("X-Sum"))
	})
	req, _ := http.NewRequest("POST", front(t, srv.URL, Options{}).URL, io.MultiReader(strings.NewReader("data")))
	req.Trailer = http.Header{"X-Sum": {"42"}}
	resp, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	assert.Equal(t, "42", string(body))
}

func TestSenderGoesWhereTheRequestSays(t *testing.T) {
	srv := backend(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Host, " ", r.RequestURI, " ", r.Header.Get("X-Forwarded-For"))
	})
	req := webob.Blank(srv.URL+"/app/x?q=1", webob.WithHeader("X-Forwarded-For", "192.0.2.1"))
	text, err := Do(req).Text()
	require.NoError(t, err)
	assert.Equal(t, strings.TrimPrefix(srv.URL, "http://")+" /app/x?q=1 192.0.2.1", text)

	host, port, _ := net.SplitHostPort(strings.TrimPrefix(srv.URL, "http://"))
	req = webob.Blank("http://example.com/", webob.WithEnviron("SERVER_NAME", host), webob.WithEnviron("SERVER_PORT", port))
	text, err = Do(req).Text()
	require.NoError(t, err)
	assert.Equal(t, "example.com:80 / ", text, "the connection by SERVER_NAME, the Host as it is")

	req = webob.Blank("/", webob.WithEnviron("wsgi.url_scheme", "ftp"))
	assert.ErrorIs(t, Do(req).Err(), ErrRequest)
}

// Nothing of a request may be lost for the next on the same connection.
func TestConnectionsAreKept(t *testing.T) {
	var conns atomic.Int32
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.Path) }))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()
	a := app(t, srv.URL, Options{})
	for i := range 20 {
		text, err := webob.Blank(fmt.Sprintf("/%d", i)).GetResponse(a).Text()
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprintf("/%d", i), text)
	}
	assert.EqualValues(t, 1, conns.Load())
}
