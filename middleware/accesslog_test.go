package middleware

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// entries keeps what was logged.
type entries struct {
	mu  sync.Mutex
	all []AccessEntry
	one chan struct{}
}

func newEntries() *entries { return &entries{one: make(chan struct{}, 100)} }

func (s *entries) filter() func(http.Handler) http.Handler {
	return AccessLog(AccessLogOptions{Log: func(e *AccessEntry) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all = append(s.all, *e)
		s.one <- struct{}{}
	}})
}

func (s *entries) next(t *testing.T) AccessEntry {
	t.Helper()
	select {
	case <-s.one:
	case <-time.After(5 * time.Second):
		t.Fatal("nothing was logged")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.all[0]
	s.all = s.all[1:]
	return e
}

func TestAccessLogTellsWhatWasSent(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f.txt")
	require.NoError(t, os.WriteFile(file, []byte(strings.Repeat("x", 100_000)), 0o600))
	bug := errors.New("a bug")
	tagged := respond(func(*webob.Request) *webob.Response {
		p := webob.Text("tagged")
		p.Header().Set("Etag", `"x"`)
		p.Conditional(true)
		return p
	})
	mux := http.NewServeMux()
	mux.Handle("GET /u/{id}", webob.Text("user"))
	for _, row := range []struct {
		rule, method, target string
		app                  http.Handler
		status               int
		bytes                int64
		err                  error
	}{
		{"an app of ours", "GET", "/", webob.Text("12345"), 200, 5, nil},
		{"a handler", "GET", "/", plain(201, "", "123"), 201, 3, nil},
		{"a handler that says nothing", "GET", "/", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), 200, 0, nil},
		{"a file, by sendfile", "GET", "/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, file) }), 200, 100_000, nil},
		{"HEAD has no body", "HEAD", "/", webob.Text("12345"), 200, 0, nil},
		{"nor has that of a handler", "HEAD", "/", plain(200, "", "123"), 200, 0, nil},
		{"a condition is seen to last", "GET", "/", tagged, 304, 0, nil},
		{"an error and its cause", "GET", "/", exc.BadGateway.Wrap(bug), 502, -1, bug},
		{"an error of ours behind a mux", "GET", "/none", mux, 404, 19, nil},
		{"what a mux has matched", "GET", "/u/7", mux, 200, 4, nil},
		{"an informational answer is none", "GET", "/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(103)
			w.WriteHeader(202)
		}), 202, 0, nil},
	} {
		t.Run(row.rule, func(t *testing.T) {
			log := newEntries()
			server := httptest.NewServer(log.filter()(row.app))
			defer server.Close()
			r, err := http.NewRequest(row.method, server.URL+row.target+"?q=1", nil)
			require.NoError(t, err)
			r.Header.Set("Referer", "/from")
			r.Header.Set("If-None-Match", `"x"`)
			resp, err := server.Client().Do(r)
			require.NoError(t, err)
			n, err := io.Copy(io.Discard, resp.Body)
			require.NoError(t, err)
			e := log.next(t)
			assert.Equal(t, row.status, e.Status)
			assert.Equal(t, resp.StatusCode, e.Status)
			assert.Equal(t, n, e.Bytes)
			if row.bytes >= 0 {
				assert.Equal(t, row.bytes, e.Bytes)
			}
			if row.err != nil {
				assert.ErrorIs(t, e.Err, row.err)
			} else {
				assert.NoError(t, e.Err)
			}
			assert.Equal(t, row.target+"?q=1", e.URL)
			assert.Equal(t, "/from", e.Referer)
			assert.Equal(t, "127.0.0.1", e.Client)
			assert.Positive(t, e.Duration)
			if row.target == "/u/7" {
				assert.Equal(t, "GET /u/{id}", e.Pattern)
			}
			assert.Empty(t, log.all, "once")
		})
	}
}

func TestAccessLogOfWhatWentWrong(t *testing.T) {
	serve := func(app http.Handler) (e AccessEntry, got error) {
		log := newEntries()
		server := httptest.NewUnstartedServer(log.filter()(app))
		server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
		server.Start()
		defer server.Close()
		resp, err := server.Client().Get(server.URL)
		if err == nil {
			_, err = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		return log.next(t), err
	}
	e, err := serve(throws("oh"))
	assert.Error(t, err)
	assert.Equal(t, 500, e.Status)
	assert.ErrorContains(t, e.Err, "oh")

	bug := errors.New("cut")
	e, err = serve(respond(func(*webob.Request) *webob.Response {
		return webob.Stream("text/plain", func(w webob.StreamWriter) error {
			io.WriteString(w, "12345")
			w.Flush()
			return bug
		})
	}))
	assert.Error(t, err)
	assert.Equal(t, 200, e.Status, "that is what was sent")
	assert.Equal(t, int64(5), e.Bytes)
	assert.ErrorIs(t, e.Err, http.ErrAbortHandler)

	e, _ = serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		require.NoError(t, err)
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		conn.Close()
	}))
	assert.Zero(t, e.Status, "nobody knows")
}

func TestAccessLogWithin(t *testing.T) {
	log := newEntries()
	app := log.filter()(webob.Text("12345"))
	outer := respond(func(req *webob.Request) *webob.Response { return req.GetResponse(app) })
	assert.Equal(t, "12345", body(t, fetch(outer, "/x")))
	e := log.next(t)
	assert.Equal(t, 200, e.Status)
	assert.Equal(t, int64(5), e.Bytes)
	assert.Panics(t, func() { webob.Blank("/").GetResponse(log.filter()(throws("oh"))) })
	assert.Equal(t, 500, log.next(t).Status)
	assert.Panics(t, func() { log.filter()(nil) })
}

func TestAccessLogLines(t *testing.T) {
	var out bytes.Buffer
	app := AccessLog(AccessLogOptions{Writer: &out})(respond(func(req *webob.Request) *webob.Response {
		req.Environ().Set("REMOTE_USER", "bob b")
		return webob.Text("12345")
	}))
	fetch(app, "/a%20b?c=%22", webob.WithEnviron("REMOTE_ADDR", "192.0.2.1"), webob.WithHeader("User-Agent", "x\" 200 1 \"\\\xff"))
	assert.Regexp(t, `^192\.0\.2\.1 - bob\\x20b \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] `+
		`"GET /a%20b\?c=%22 HTTP/1\.0" 200 5 "-" "x\\" 200 1 \\"\\\\\\xff"`+"\n$", out.String())

	out.Reset()
	logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "duration" {
			return slog.Attr{}
		}
		return a
	}}))
	fetch(AccessLog(AccessLogOptions{Logger: logger})(exc.Gone.With("x").WithBody("text/plain", []byte("gone"))), "/x", webob.WithHeader("User-Agent", "me"))
	assert.Contains(t, out.String(), `level=INFO msg=request method=GET url=/x status=410 bytes=4 agent=me err="410 Gone`)
	out.Reset()
	format, err := ParseAccessFormat("%(REQUEST_METHOD)s 100%% %(seconds)s %(error)s %(pattern)s")
	require.NoError(t, err)
	fetch(AccessLog(AccessLogOptions{Logger: logger, Format: format, Level: slog.LevelWarn})(webob.Text("")), "/x")
	assert.Regexp(t, `^level=WARN msg="GET 100% 0\.\d{6} - -"\n$`, out.String())
	out.Reset()
	fetch(AccessLog(AccessLogOptions{Logger: logger, Level: slog.LevelDebug})(webob.Text("")), "/x")
	assert.Empty(t, out.String())
}

func TestParseAccessFormat(t *testing.T) {
	for _, bad := range []string{"%(nothing)s", "%s", "%", "%(status", "%(status)d"} {
		_, err := ParseAccessFormat(bad)
		assert.ErrorIs(t, err, ErrAccessFormat, bad)
	}
	_, err := ParseAccessFormat("%(nothing)s")
	assert.ErrorContains(t, err, "REMOTE_ADDR, ", "the names that there are")
	empty := &AccessEntry{Bytes: -1}
	for in, want := range map[string]string{
		"":                  "",
		"100%%":             "100%",
		"%(status)s":        "-",
		"%(bytes)s":         "-",
		`"%(REMOTE_USER)s"`: `"-"`,
		"%(seconds)s":       "0.000000",
	} {
		f, err := ParseAccessFormat(in)
		require.NoError(t, err, in)
		assert.Equal(t, want, f.String(empty), in)
	}
}
