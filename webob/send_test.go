package webob_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// around is what stands before a foreign handler in the table of what must not be
// lost; bare is the handler by itself, whose behaviour the others must show too.
var around = map[string]func(http.Handler) http.Handler{
	"bare":                   func(h http.Handler) http.Handler { return h },
	"three filters":          filtered,
	"filters on both sides":  func(h http.Handler) http.Handler { return filtered(derived(filtered(h))) },
	"filters round a mux":    func(h http.Handler) http.Handler { return filtered(muxed(h)) },
	"passed on by an app":    passedOn,
	"a mux round the filter": func(h http.Handler) http.Handler { return muxed(filtered(h)) },
}

// passedOn is an app that has another handler answer in its place.
func passedOn(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d, ok := webob.Enter(w, r)
		if !ok {
			panic("not at the outermost place")
		}
		defer d.Leave()
		account.Set(d.Request(), "passed on")
		d.Pass(h)
	})
}

// kept is a thing that looking at the answer must not lose.
type kept struct {
	name     string
	protocol string // "" for all
	handler  http.HandlerFunc
	check    func(t *testing.T, srv *httptest.Server)
}

// spec 5.7
func TestNothingIsLostByLooking(t *testing.T) {
	for _, row := range append(keptStreaming(t), append(keptInforming(), keptConnection()...)...) {
		for layers, layer := range around {
			for _, protocol := range protocols {
				if row.protocol != "" && row.protocol != protocol {
					continue
				}
				t.Run(row.name+", "+layers+", "+protocol, func(t *testing.T) {
					leakFree(t)
					row.check(t, listen(t, protocol, layer(row.handler)))
				})
			}
		}
	}
}

// turns lets the test say when the handler goes on.
var turns = struct {
	mu sync.Mutex
	m  map[string]chan struct{}
}{m: map[string]chan struct{}{}}

func turn(t *testing.T) (name string, c chan struct{}) {
	c = make(chan struct{})
	turns.mu.Lock()
	defer turns.mu.Unlock()
	turns.m[t.Name()] = c
	return t.Name(), c
}

func turnOf(r *http.Request) chan struct{} {
	turns.mu.Lock()
	defer turns.mu.Unlock()
	return turns.m[r.Header.Get("X-Turn")]
}

func get(t *testing.T, srv *httptest.Server, path string, change ...func(*http.Request)) *http.Response {
	t.Helper()
	req, err := http.NewRequest("GET", srv.URL+path, nil)
	require.NoError(t, err)
	for _, c := range change {
		c(req)
	}
	resp, err := srv.Client().Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

func withHeader(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func keptStreaming(t *testing.T) []kept {
	dir := t.TempDir()
	content := strings.Repeat("0123456789", 100_000)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "big.txt"), []byte(content), 0o600))
	files := http.FileServer(http.Dir(dir))
	return []kept{
		{"a flushed piece arrives while the handler still runs", "", func(w http.ResponseWriter, r *http.Request) {
			c := turnOf(r)
			io.WriteString(w, "first ")
			if err := http.NewResponseController(w).Flush(); err != nil {
				panic(err)
			}
			<-c
			io.WriteString(w, "second")
		}, func(t *testing.T, srv *httptest.Server) {
			name, c := turn(t)
			resp := get(t, srv, "/", withHeader("X-Turn", name))
			first := make([]byte, 6)
			_, err := io.ReadFull(resp.Body, first)
			require.NoError(t, err)
			assert.Equal(t, "first ", string(first))
			close(c)
			rest, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Equal(t, "second", string(rest))
		}},
		{"a flushed head arrives before any body", "", func(w http.ResponseWriter, r *http.Request) {
			c := turnOf(r)
			w.Header().Set("X-Early", "1")
			w.(http.Flusher).Flush()
			<-c
		}, func(t *testing.T, srv *httptest.Server) {
			name, c := turn(t)
			resp := get(t, srv, "/", withHeader("X-Turn", name))
			assert.Equal(t, "1", resp.Header.Get("X-Early"))
			close(c)
			rest, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Empty(t, rest)
		}},
		{"a file is served whole", "", files.ServeHTTP, func(t *testing.T, srv *httptest.Server) {
			got := fetch(t, srv, "GET", "/big.txt")
			require.NoError(t, got.readErr)
			assert.Equal(t, int64(len(content)), got.ContentLength)
			assert.Equal(t, []string{"1000000"}, got.Header["Content-Length"])
			assert.True(t, got.body == content)
		}},
		{"a range of a file", "", files.ServeHTTP, func(t *testing.T, srv *httptest.Server) {
			got := fetch(t, srv, "GET", "/big.txt", withHeader("Range", "bytes=500000-899999"))
			require.NoError(t, got.readErr)
			assert.Equal(t, 206, got.StatusCode)
			assert.Equal(t, "bytes 500000-899999/1000000", got.Header.Get("Content-Range"))
			assert.True(t, got.body == content[500_000:900_000])
			small := fetch(t, srv, "GET", "/big.txt", withHeader("Range", "bytes=-3"))
			assert.Equal(t, "789", small.body)
			bad := fetch(t, srv, "GET", "/big.txt", withHeader("Range", "bytes=2000000-"))
			assert.Equal(t, 416, bad.StatusCode)
		}},
		{"a file asked for by HEAD", "", files.ServeHTTP, func(t *testing.T, srv *httptest.Server) {
			got := fetch(t, srv, "HEAD", "/big.txt")
			assert.Equal(t, []string{"1000000"}, got.Header["Content-Length"])
			assert.Empty(t, got.body)
		}},
		{"a file not modified", "", files.ServeHTTP, func(t *testing.T, srv *httptest.Server) {
			got := fetch(t, srv, "GET", "/big.txt", withHeader("If-Modified-Since", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)))
			assert.Equal(t, 304, got.StatusCode)
			assert.NotContains(t, got.Header, "Content-Length")
		}},
		{"the request body is echoed", "", func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) }, func(t *testing.T, srv *httptest.Server) {
			got := fetch(t, srv, "POST", "/", func(r *http.Request) {
				r.Body, r.ContentLength = io.NopCloser(strings.NewReader(content)), int64(len(content))
			}, func(r *http.Request) {
				if srv.TLS == nil {
					r.Header.Set("X-Small", "1")
					r.Body, r.ContentLength = io.NopCloser(strings.NewReader(content[:1000])), 1000 // HTTP/1.1 is half duplex
				}
			})
			require.NoError(t, got.readErr)
			assert.True(t, strings.HasPrefix(content, got.body))
			assert.NotEmpty(t, got.body)
		}},
	}
}

func keptInforming() []kept {
	hinting := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.Header().Del("Link")
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, "made")
	}
	trailing := func(prefix string, announce bool) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if announce {
				w.Header().Set("Trailer", "X-Sum, X-Unset")
			}
			io.WriteString(w, "body")
			w.(http.Flusher).Flush()
			io.WriteString(w, "more")
			w.Header().Set(prefix+"X-Sum", "42")
		}
	}
	trailed := func(t *testing.T, srv *httptest.Server) {
		got := fetch(t, srv, "GET", "/")
		require.NoError(t, got.readErr)
		assert.Equal(t, "bodymore", got.body)
		assert.Equal(t, "42", got.Trailer.Get("X-Sum"))
		assert.NotContains(t, got.Header, "X-Sum")
		assert.NotContains(t, got.Header, http.TrailerPrefix+"X-Sum")
	}
	return []kept{
		{"103 before the answer", "", hinting, func(t *testing.T, srv *httptest.Server) {
			var codes []int
			var link string
			trace := &httptrace.ClientTrace{Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
				codes, link = append(codes, code), h.Get("Link")
				return nil
			}}
			got := fetch(t, srv, "GET", "/", func(r *http.Request) {
				*r = *r.WithContext(httptrace.WithClientTrace(r.Context(), trace))
			})
			assert.Equal(t, []int{103}, codes)
			assert.Equal(t, "</style.css>; rel=preload", link)
			assert.Equal(t, 201, got.StatusCode)
			assert.Equal(t, "made", got.body)
			assert.NotContains(t, got.Header, "Link")
		}},
		{"trailers that were announced", "", trailing("", true), trailed},
		{"trailers by http.TrailerPrefix", "", trailing(http.TrailerPrefix, false), trailed},
		{"a trailer in the place of a field", "", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Head", "1")
			io.WriteString(w, "body")
			w.(http.Flusher).Flush()
			w.Header().Del("X-Head")
			w.Header().Set(http.TrailerPrefix+"X-Sum", "42")
		}, func(t *testing.T, srv *httptest.Server) {
			got := fetch(t, srv, "GET", "/")
			assert.Equal(t, "1", got.Header.Get("X-Head"))
			assert.Equal(t, "42", got.Trailer.Get("X-Sum"))
		}},
		{"trailers of a short answer", "", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Trailer", "X-Sum")
			io.WriteString(w, "short")
			w.Header().Set("X-Sum", "42")
		}, func(t *testing.T, srv *httptest.Server) {
			got := fetch(t, srv, "GET", "/")
			assert.Equal(t, "short", got.body)
			assert.Equal(t, "42", got.Trailer.Get("X-Sum"))
		}},
		{"100 when the body is read", "", func(w http.ResponseWriter, r *http.Request) {
			b, _ := io.ReadAll(r.Body)
			w.Write(b)
		}, func(t *testing.T, srv *httptest.Server) {
			got, continued := expecting(t, srv)
			assert.Equal(t, "please", got.body)
			assert.True(t, continued)
		}},
		{"no 100 when it is not", "", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(417) }, func(t *testing.T, srv *httptest.Server) {
			got, continued := expecting(t, srv)
			assert.Equal(t, 417, got.StatusCode)
			assert.False(t, continued)
		}},
	}
}

func expecting(t *testing.T, srv *httptest.Server) (got fetched, continued bool) {
	srv.Client().Transport.(*http.Transport).ExpectContinueTimeout = 10 * time.Second
	trace := &httptrace.ClientTrace{Got100Continue: func() { continued = true }}
	got = fetch(t, srv, "POST", "/", withHeader("Expect", "100-continue"), func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader("please")), 6
		*r = *r.WithContext(httptrace.WithClientTrace(r.Context(), trace))
	})
	return got, continued
}

// upgrade asks for another protocol, and gives the connection behind the 101.
func upgrade(t *testing.T, srv *httptest.Server) (net.Conn, *bufio.Reader, *http.Response) {
	t.Helper()
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
	br := bufio.NewReader(conn)
	resp, err := http.ReadResponse(br, nil)
	require.NoError(t, err)
	assert.Equal(t, 101, resp.StatusCode)
	return conn, br, resp
}

func keptConnection() []kept {
	told := func(t *testing.T, srv *httptest.Server) {
		got := fetch(t, srv, "GET", "/")
		assert.Equal(t, "not supported", got.body)
	}
	say := func(w http.ResponseWriter, err error) {
		if errors.Is(err, http.ErrNotSupported) && errors.Is(err, errors.ErrUnsupported) {
			io.WriteString(w, "not supported")
			return
		}
		fmt.Fprintf(w, "%v", err)
	}
	return []kept{
		{"Hijack", "HTTP/1.1", func(w http.ResponseWriter, _ *http.Request) {
			conn, rw, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			defer conn.Close()
			rw.WriteString("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
			rw.Flush()
			line, _ := rw.ReadString('\n')
			rw.WriteString(strings.ToUpper(line))
			rw.Flush()
		}, func(t *testing.T, srv *httptest.Server) {
			conn, br, _ := upgrade(t, srv)
			io.WriteString(conn, "hello\n")
			all, err := io.ReadAll(br)
			require.NoError(t, err)
			assert.Equal(t, "HELLO\n", string(all), "nothing but what the handler wrote")
		}},
		{"a status written before Hijack", "HTTP/1.1", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "Upgrade")
			w.Header().Set("Upgrade", "echo")
			w.Header().Set("X-Own", "1")
			w.WriteHeader(http.StatusSwitchingProtocols)
			conn, rw, err := http.NewResponseController(w).Hijack()
			if err != nil {
				panic(err)
			}
			defer conn.Close()
			rw.WriteString("raw")
			rw.Flush()
		}, func(t *testing.T, srv *httptest.Server) {
			_, br, resp := upgrade(t, srv)
			assert.Equal(t, "echo", resp.Header.Get("Upgrade"))
			assert.Equal(t, "1", resp.Header.Get("X-Own"))
			all, err := io.ReadAll(br)
			require.NoError(t, err)
			assert.Equal(t, "raw", string(all))
		}},
		{"Hijack is not supported over HTTP/2", "HTTP/2.0", func(w http.ResponseWriter, _ *http.Request) {
			_, _, err := http.NewResponseController(w).Hijack()
			say(w, err)
		}, told},
		{"a write deadline in the past fails the write", "", func(w http.ResponseWriter, r *http.Request) {
			c := turnOf(r)
			defer close(c)
			rc := http.NewResponseController(w)
			if err := rc.SetWriteDeadline(time.Now().Add(-time.Second)); err != nil {
				panic(err)
			}
			for {
				if _, err := w.Write(make([]byte, 10_000)); err != nil {
					return
				}
			}
		}, func(t *testing.T, srv *httptest.Server) {
			name, c := turn(t)
			req, err := http.NewRequest("GET", srv.URL, nil)
			require.NoError(t, err)
			req.Header.Set("X-Turn", name)
			resp, err := srv.Client().Do(req)
			if err == nil {
				_, err = io.ReadAll(resp.Body)
				resp.Body.Close()
			}
			assert.Error(t, err, "the client gets no whole answer")
			soon(t, c, "the failing write")
		}},
		{"a read deadline in the past fails the read", "", func(w http.ResponseWriter, r *http.Request) {
			if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(-time.Second)); err != nil {
				panic(err)
			}
			_, err := io.ReadAll(r.Body)
			fmt.Fprintf(w, "%v", errors.Is(err, os.ErrDeadlineExceeded))
		}, func(t *testing.T, srv *httptest.Server) {
			pr, pw := io.Pipe()
			defer pw.Close()
			got := fetch(t, srv, "POST", "/", func(r *http.Request) { r.Body = pr })
			assert.Equal(t, "true", got.body)
		}},
		{"full duplex", "", func(w http.ResponseWriter, r *http.Request) {
			if err := http.NewResponseController(w).EnableFullDuplex(); err != nil && r.ProtoMajor == 1 {
				panic(err)
			}
			w.(http.Flusher).Flush()
			buf := make([]byte, 4)
			for {
				if _, err := io.ReadFull(r.Body, buf); err != nil {
					return
				}
				w.Write(bytes.ToUpper(buf))
				w.(http.Flusher).Flush()
			}
		}, func(t *testing.T, srv *httptest.Server) {
			pr, pw := io.Pipe()
			req, err := http.NewRequest("POST", srv.URL, pr)
			require.NoError(t, err)
			resp, err := srv.Client().Do(req)
			require.NoError(t, err)
			defer resp.Body.Close()
			for range 3 {
				_, err := io.WriteString(pw, "ping")
				require.NoError(t, err)
				buf := make([]byte, 4)
				_, err = io.ReadFull(resp.Body, buf)
				require.NoError(t, err)
				assert.Equal(t, "PING", string(buf))
			}
			pw.Close()
			_, err = io.ReadAll(resp.Body)
			assert.NoError(t, err)
		}},
		{"a client that leaves ends the handler", "", func(w http.ResponseWriter, r *http.Request) {
			c := turnOf(r)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			close(c)
		}, func(t *testing.T, srv *httptest.Server) {
			name, c := turn(t)
			ctx, cancel := context.WithCancel(t.Context())
			get(t, srv, "/", withHeader("X-Turn", name), func(r *http.Request) { *r = *r.WithContext(ctx) })
			cancel()
			soon(t, c, "the end of the handler")
		}},
	}
}

func TestPushIsNotSupported(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		err := w.(http.Pusher).Push("/style.css", nil)
		fmt.Fprint(w, errors.Is(err, http.ErrNotSupported))
	})
	assert.Equal(t, "true", fetch(t, listen(t, "HTTP/2.0", filtered(h)), "GET", "/").body)
}

// sendfile is a server's writer that notes which readers it was given.
type sendfile struct {
	http.ResponseWriter
	given *[]string
}

func (s sendfile) Unwrap() http.ResponseWriter { return s.ResponseWriter }
func (s sendfile) ReadFrom(src io.Reader) (int64, error) {
	kind := fmt.Sprintf("%T", src)
	if l, ok := src.(*io.LimitedReader); ok {
		kind = fmt.Sprintf("%T of %T", src, l.R)
	}
	*s.given = append(*s.given, kind)
	return s.ResponseWriter.(io.ReaderFrom).ReadFrom(src)
}

// spec 5.7
func TestFileReachesTheRealWritersReadFrom(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "big.bin")
	require.NoError(t, os.WriteFile(name, make([]byte, 1<<20), 0o600))
	answering := native(func(*webob.Request) *webob.Response {
		p, err := webob.File(name)
		if err != nil {
			return webob.Failure(500, err, nil)
		}
		return p
	})
	served := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, name) })
	copied := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		f, err := os.Open(name)
		if err != nil {
			panic(err)
		}
		defer f.Close()
		w.Header().Set("Content-Length", "1048576")
		io.Copy(w, f)
	})
	streamed := native(func(*webob.Request) *webob.Response {
		return webob.Stream("a/b", func(w webob.StreamWriter) error {
			f, err := os.Open(name)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = io.Copy(w, f)
			return err
		})
	})
	ranging := withHeader("Range", "bytes=100000-899999")
	for label, tc := range map[string]struct {
		h      http.Handler
		change func(*http.Request)
		size   int
	}{
		"File":                            {answering, nil, 1 << 20},
		"File behind filters":             {filtered(answering), nil, 1 << 20},
		"File behind a mux":               {filtered(muxed(answering)), nil, 1 << 20},
		"File behind a middleware":        {filtered(derived(filtered(answering))), nil, 1 << 20},
		"a range of a File":               {filtered(answering), ranging, 800_000},
		"a range behind a middleware":     {filtered(derived(answering)), ranging, 800_000},
		"ServeFile behind filters":        {filtered(served), nil, 1 << 20},
		"ServeFile behind many layers":    {filtered(derived(filtered(muxed(served)))), nil, 1 << 20},
		"a range of ServeFile":            {filtered(served), ranging, 800_000},
		"io.Copy in a foreign handler":    {filtered(copied), nil, 1 << 20},
		"io.Copy in a Stream":             {filtered(streamed), nil, 1 << 20},
		"io.Copy in a Stream, middleware": {filtered(derived(streamed)), nil, 1 << 20},
	} {
		t.Run(label, func(t *testing.T) {
			leakFree(t)
			var given []string
			srv := listen(t, "HTTP/1.1", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				tc.h.ServeHTTP(sendfile{w, &given}, r)
			}))
			change := tc.change
			if change == nil {
				change = func(*http.Request) {}
			}
			got := fetch(t, srv, "GET", "/", change)
			require.NoError(t, got.readErr)
			assert.Len(t, got.body, tc.size)
			require.NotEmpty(t, given)
			last := given[len(given)-1]
			assert.Contains(t, []string{"*os.File", "os.fileWithoutWriteTo", "*io.LimitedReader of *os.File", "*io.LimitedReader of os.fileWithoutWriteTo"}, last)
		})
	}
}

// cut is an answer that fails after so much of its body.
type cut struct {
	name string
	at   int // bytes before the failure
	app  http.Handler
	log  string // in the one line of the log; "" for none
}

func cuts() []cut {
	writing := func(w io.Writer, n int) error {
		for n > 0 {
			m, err := w.Write(make([]byte, min(n, 1000)))
			if err != nil {
				return err
			}
			n -= m
		}
		return nil
	}
	value := func(p *webob.Response) http.Handler {
		return native(func(*webob.Request) *webob.Response { return p.Copy() })
	}
	made := func(f func() *webob.Response) http.Handler {
		return native(func(*webob.Request) *webob.Response { return f() })
	}
	stream := func(n int) http.Handler {
		return value(webob.Stream("a/b", func(w webob.StreamWriter) error {
			if err := writing(w, n); err != nil {
				return err
			}
			return errBoom
		}))
	}
	reader := func(n int) http.Handler {
		return made(func() *webob.Response {
			p := webob.NewResponse(200)
			p.SetBody(io.MultiReader(io.LimitReader(endless{}, int64(n)), failingReader{}))
			return p
		})
	}
	iterated := func(n int) http.Handler {
		return made(func() *webob.Response {
			p := webob.NewResponse(200)
			p.SetChunks(func(yield func([]byte, error) bool) {
				yield(nil, nil) // an empty piece says nothing
				if n == 0 || yield(make([]byte, n), nil) {
					yield(nil, errBoom)
				}
			})
			return p
		})
	}
	declared := func(n int) http.Handler {
		return made(func() *webob.Response {
			p := webob.NewResponse(200)
			p.SetBody(io.LimitReader(endless{}, int64(n)))
			p.Header().Set("Content-Length", "90000")
			return p
		})
	}
	short := func(n int) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "90000")
			writing(w, n)
		})
	}
	long := made(func() *webob.Response {
		p := webob.NewResponse(200)
		p.SetBody(io.LimitReader(endless{}, 50_000))
		p.Header().Set("Content-Length", "40000")
		return p
	})
	panicking := func(v any, flush bool) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if flush {
				writing(w, 1000)
				w.(http.Flusher).Flush()
			}
			panic(v)
		})
	}
	return []cut{
		{"a stream function", 0, stream(0), "boom"},
		{"a stream function", 40_000, stream(40_000), "boom"},
		{"a stream function", 10, stream(10), "boom"},
		{"a reader", 0, reader(0), "boom"},
		{"a reader", 40_000, reader(40_000), "boom"},
		{"an iterator", 0, iterated(0), "boom"},
		{"an iterator", 40_000, iterated(40_000), "boom"},
		{"a body shorter than its Content-Length", 40_000, declared(40_000), "Content-Length"},
		{"a body of nothing under a Content-Length", 0, declared(0), "Content-Length"},
		{"a body longer than its Content-Length", 1, long, "Content-Length"},
		{"a foreign handler short of its Content-Length", 0, short(0), "Content-Length"},
		{"a foreign handler a little short of its Content-Length", 0, short(1000), "Content-Length"},
		{"a foreign handler late and short of its Content-Length", 40_000, short(40_000), "Content-Length"},
		{"http.ErrAbortHandler in a foreign body", 1000, panicking(http.ErrAbortHandler, true), ""},
		{"http.ErrAbortHandler as the error of a Response", 1000, value(webob.Failure(500, http.ErrAbortHandler, nil)), ""},
		{"a foreign panic in the body", 1000, panicking("blown up", true), ""},
		{"a foreign panic before the head", 1000, panicking("blown up", false), ""},
	}
}

// spec 4.5, 7.7
func TestCutBodyNeverLooksWhole(t *testing.T) {
	layers := map[string]func(http.Handler) http.Handler{
		"one filter":    func(h http.Handler) http.Handler { return marked("1", h) },
		"three filters": filtered,
		"a mux":         func(h http.Handler) http.Handler { return filtered(muxed(h)) },
		"a middleware":  func(h http.Handler) http.Handler { return filtered(derived(filtered(h))) },
		"a wrapper":     func(h http.Handler) http.Handler { return filtered(unwrapping(h)) },
		"gathered": func(h http.Handler) http.Handler {
			return native(func(r *webob.Request) *webob.Response {
				p := r.GetResponse(h)
				p.Wait(0)
				return p
			})
		},
		"read to pieces": func(h http.Handler) http.Handler {
			return native(func(r *webob.Request) *webob.Response {
				p := r.GetResponse(h)
				p.SetBody(p.Body())
				return p
			})
		},
	}
	for _, tc := range cuts() {
		for label, layer := range layers {
			for _, protocol := range protocols {
				t.Run(fmt.Sprintf("%s after %d bytes, %s, %s", tc.name, tc.at, label, protocol), func(t *testing.T) {
					leakFree(t)
					j := &journal{}
					srv := listen(t, protocol, logging(j, layer(tc.app)))
					req, err := http.NewRequest("GET", srv.URL, nil)
					require.NoError(t, err)
					resp, err := srv.Client().Do(req)
					whole, status := false, 0
					if err == nil {
						status = resp.StatusCode
						_, err = io.ReadAll(resp.Body)
						resp.Body.Close()
						whole = err == nil
					}
					if whole {
						assert.Equal(t, 500, status, "a whole answer is that of the error")
					}
					if tc.at == 0 {
						assert.True(t, whole, "before the first byte there is time for a proper answer: %v", err)
					}
					srv.Close() // waits for the handler, and its log
					if tc.log == "" {
						assert.Empty(t, j.all())
						return
					}
					require.Len(t, j.all(), 1, "logged exactly once")
					assert.Contains(t, j.all()[0], "ERROR")
					assert.Contains(t, j.all()[0], tc.log)
				})
			}
		}
	}
}

func TestClientThatLeavesIsNoError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "big")
	require.NoError(t, os.WriteFile(file, make([]byte, 32<<20), 0o600))
	for name, h := range map[string]http.Handler{
		"foreign": flood,
		"stream":  floodStream,
		"reader":  floodReader,
		"memory":  native(func(*webob.Request) *webob.Response { return webob.Bytes("a/b", make([]byte, 32<<20)) }),
		"file": native(func(*webob.Request) *webob.Response {
			p, _ := webob.File(file)
			return p
		}),
		"through a middleware": derived(floodStream),
		"file through one":     derived(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, file) })),
	} {
		for _, protocol := range protocols {
			t.Run(name+", "+protocol, func(t *testing.T) {
				leakFree(t)
				j := &journal{}
				srv := listen(t, protocol, logging(j, filtered(h)))
				ctx, cancel := context.WithCancel(t.Context())
				resp := get(t, srv, "/", func(r *http.Request) { *r = *r.WithContext(ctx) })
				_, err := io.ReadFull(resp.Body, make([]byte, 10))
				require.NoError(t, err)
				cancel()
				resp.Body.Close()
				srv.CloseClientConnections()
				srv.Close()
				assert.Empty(t, j.all())
			})
		}
	}
}

// raw sends one request over a socket and gives every byte of the answer.
func raw(t *testing.T, h http.Handler, request string) string {
	t.Helper()
	srv := listen(t, "HTTP/1.1", h)
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	_, err = io.WriteString(conn, strings.ReplaceAll(request, "\n", "\r\n"))
	require.NoError(t, err)
	b, err := io.ReadAll(conn)
	require.NoError(t, err)
	return string(b)
}

// spec 4.3
func TestHeaderThatWouldSplitIsA500ThatNamesTheField(t *testing.T) {
	const ask = "GET / HTTP/1.1\nHost: x\nConnection: close\n\n"
	for _, value := range []string{"a\r\nX-Evil: 1", "a\nX-Evil: 1", "a\rX-Evil", "a\x00X-Evil"} {
		app := native(func(*webob.Request) *webob.Response {
			p := webob.Text("secret")
			p.Header().Set("X-Split", value)
			return p
		})
		foreign := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Split", value)
			io.WriteString(w, "secret")
		})
		between := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Split", value)
			native(func(*webob.Request) *webob.Response { return webob.Text("secret") }).ServeHTTP(w, r)
		})
		bad := native(func(*webob.Request) *webob.Response {
			p := webob.Text("secret")
			p.Header().Add("X-Split\r\nX-Evil", "v")
			return p
		})
		for name, h := range map[string]http.Handler{"native": app, "behind filters": filtered(app), "foreign": filtered(foreign), "joined": filtered(between),
			"behind a middleware": filtered(derived(unwrapping(app))), "a bad name": bad} {
			t.Run(fmt.Sprintf("%s %q", name, value), func(t *testing.T) {
				leakFree(t)
				j := &journal{}
				got := raw(t, logging(j, h), ask)
				assert.True(t, strings.HasPrefix(got, "HTTP/1.1 500 "), got)
				assert.NotContains(t, got, "X-Evil")
				assert.NotContains(t, got, "secret")
				require.Len(t, j.all(), 1)
				assert.Contains(t, j.all()[0], "X-Split")
			})
		}
	}
}

// spec 4.5
func TestContentLengthIsToldExactlyOnce(t *testing.T) {
	text := native(func(*webob.Request) *webob.Response { return webob.Text("hello") })
	foreign := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "5")
		io.WriteString(w, "hello")
	})
	changed := func(next http.Handler) http.Handler {
		return native(func(r *webob.Request) *webob.Response {
			p := r.GetResponse(next)
			p.SetText("other text")
			return p
		})
	}
	appended := func(next http.Handler) http.Handler {
		return native(func(r *webob.Request) *webob.Response {
			p := r.GetResponse(next)
			io.WriteString(p, "other")
			return p
		})
	}
	big := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100000")
		w.Write(make([]byte, 100_000))
	})
	for name, tc := range map[string]struct {
		h    http.Handler
		want string
	}{
		"text":                        {text, "5"},
		"text behind a middleware":    {filtered(unwrapping(text)), "5"},
		"foreign with its own":        {filtered(foreign), "5"},
		"foreign with its own, twice": {filtered(derived(filtered(foreign))), "5"},
		"foreign, body replaced":      {changed(foreign), "10"},
		"native, body replaced":       {changed(text), "10"},
		"foreign, appended":           {appended(foreign), "10"},
		"native, appended":            {appended(text), "10"},
		"streamed with its own":       {filtered(big), "100000"},
		"streamed, body replaced":     {changed(big), "10"},
		"streamed, appended":          {appended(big), "100005"},
		"empty":                       {native(func(*webob.Request) *webob.Response { return webob.NewResponse(200) }), "0"},
		"a reader of known length": {native(func(*webob.Request) *webob.Response {
			p := webob.NewResponse(200)
			p.SetBody(strings.NewReader("abc"))
			return p
		}), "3"},
		"an error page":                {native(func(*webob.Request) *webob.Response { return nil }), "22"},
		"set by a layer outside of us": {settingLength(text), "5"},
		"set by a layer between":       {filtered(settingLength(text)), "5"},
		"set rightly by the app itself": {native(func(*webob.Request) *webob.Response {
			p := webob.Text("hello")
			p.Header().Set("Content-Length", "5")
			return p
		}), "5"},
	} {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			for _, method := range []string{"GET", "HEAD"} {
				got := raw(t, logging(&journal{}, tc.h), method+" / HTTP/1.1\nHost: x\nConnection: close\n\n")
				head, rest, _ := strings.Cut(got, "\r\n\r\n")
				assert.Equal(t, 1, strings.Count(strings.ToLower(head), "content-length:"), head)
				assert.Contains(t, head, "Content-Length: "+tc.want+"\r\n")
				assert.NotContains(t, head, "chunked")
				if method == "HEAD" {
					assert.Empty(t, rest)
				} else {
					assert.Equal(t, tc.want, fmt.Sprint(len(rest)))
				}
			}
		})
	}
}

func settingLength(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "99")
		h.ServeHTTP(w, r)
	})
}

// spec 4.6
func TestBodilessAnswers(t *testing.T) {
	answer := func(status int) http.Handler {
		return native(func(*webob.Request) *webob.Response {
			p := webob.Text("body")
			p.SetStatus(status)
			return p
		})
	}
	opened := 0
	lazy := native(func(*webob.Request) *webob.Response {
		return webob.Stream("a/b", func(w webob.StreamWriter) error {
			opened++
			_, err := io.WriteString(w, "body")
			return err
		})
	})
	silent := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodHead {
			io.WriteString(w, "body")
		}
	})
	for name, tc := range map[string]struct {
		method string
		h      http.Handler
		status string
		length string // "" for none
	}{
		"204 has neither body nor length":            {"GET", answer(204), "204", ""},
		"304 has no body":                            {"GET", answer(304), "304", ""},
		"205 has no content, and says so":            {"GET", answer(205), "205", "0"},
		"HEAD has the length of GET":                 {"HEAD", answer(200), "200", "4"},
		"HEAD of an error":                           {"HEAD", answer(404), "404", "4"},
		"HEAD of 204":                                {"HEAD", answer(204), "204", ""},
		"HEAD of 205":                                {"HEAD", answer(205), "205", "0"},
		"HEAD of a stream":                           {"HEAD", lazy, "200", ""},
		"HEAD of a foreign handler":                  {"HEAD", filtered(foreignText), "200", "4"},
		"HEAD of a handler that writes nothing then": {"HEAD", filtered(silent), "200", ""},
		"204 of a foreign handler":                   {"GET", filtered(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })), "204", ""},
		"205 of a foreign handler": {"GET", filtered(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(205)
			io.WriteString(w, "body")
		})), "205", "0"},
		"a stream under 204": {"GET", native(func(r *webob.Request) *webob.Response {
			p := r.GetResponse(lazy)
			p.SetStatus(204)
			return p
		}), "204", ""},
	} {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			got := raw(t, tc.h, tc.method+" / HTTP/1.1\nHost: x\nConnection: close\n\n")
			head, rest, _ := strings.Cut(got, "\r\n\r\n")
			assert.True(t, strings.HasPrefix(head, "HTTP/1.1 "+tc.status), head)
			assert.Empty(t, rest)
			if tc.length == "" {
				assert.NotContains(t, head, "Content-Length")
			} else {
				assert.Contains(t, head, "Content-Length: "+tc.length)
			}
			assert.Zero(t, opened, "a stream is not begun for nobody")
		})
	}
}

var foreignText = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "body") })

func TestStatusOutsideOfTheRangeIsAFault(t *testing.T) {
	for _, status := range []int{-1, 0, 99, 100, 103, 199, 600, 1000} {
		j := &journal{}
		rec := httptest.NewRecorder()
		logging(j, native(func(*webob.Request) *webob.Response { return webob.NewResponse(status) })).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
		assert.Equal(t, 500, rec.Code)
		require.Len(t, j.all(), 1)
		assert.Contains(t, j.all()[0], fmt.Sprint(status))
	}
}

// spec 4.4
func TestTypeIsNeverGuessedForOurOwnAnswers(t *testing.T) {
	app := native(func(*webob.Request) *webob.Response {
		p := webob.NewResponse(200)
		io.WriteString(p, "<html><script>")
		return p
	})
	got := fetch(t, listen(t, "HTTP/1.1", filtered(muxed(app))), "GET", "/")
	assert.NotContains(t, got.Header, "Content-Type")
}

func TestSendingDoesNotChangeTheResponse(t *testing.T) {
	p := webob.Text("text")
	p.Header().Set("ETag", `"x"`)
	p.Conditional(true)
	before := p.HTTPHeader()
	for _, ask := range []string{"", `"x"`, ""} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("If-None-Match", ask)
		p.ServeHTTP(httptest.NewRecorder(), r)
	}
	assert.Equal(t, before, p.HTTPHeader())
	assert.Equal(t, 200, p.Status())
	assert.Equal(t, "text", bodyOf(t, p))
}
