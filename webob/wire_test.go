package webob_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/stretchr/testify/require"
)

// native is the smallest app of ours: package dec makes better ones.
type native func(*webob.Request) *webob.Response

func (f native) Respond(r *webob.Request) *webob.Response         { return f(r) }
func (f native) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(f, w, r) }

// marked is a filter that adds a header field to every answer.
func marked(name string, next http.Handler) http.Handler {
	return native(func(r *webob.Request) *webob.Response {
		p := r.GetResponse(next)
		p.Header().Add("X-Filter", name)
		return p
	})
}

// filtered puts three filters of ours round a handler.
func filtered(h http.Handler) http.Handler { return marked("1", marked("2", marked("3", h))) }

// handmade is a request made by hand, released with the test.
func handmade(t testing.TB, method, target string) *webob.Request {
	t.Helper()
	r := webob.NewRequest(httptest.NewRequest(method, target, nil))
	t.Cleanup(r.Release)
	return r
}

// made is like handmade, with a context that ends with the test, as a server's
// does.
func made(t testing.TB, target string) (*webob.Request, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	return webob.NewRequest(httptest.NewRequest("GET", target, nil).WithContext(ctx)), cancel
}

func bodyOf(t testing.TB, p *webob.Response) string {
	t.Helper()
	s, err := p.Text()
	require.NoError(t, err)
	return s
}

// journal records what is logged.
type journal struct {
	mu    sync.Mutex
	lines []string
	level slog.Level
}

func (j *journal) Enabled(_ context.Context, l slog.Level) bool { return l >= j.level }
func (j *journal) WithAttrs([]slog.Attr) slog.Handler           { return j }
func (j *journal) WithGroup(string) slog.Handler                { return j }
func (j *journal) Handle(_ context.Context, rec slog.Record) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", rec.Level, rec.Message)
	rec.Attrs(func(a slog.Attr) bool {
		fmt.Fprintf(&b, " %s=%v", a.Key, a.Value)
		return true
	})
	j.mu.Lock()
	defer j.mu.Unlock()
	j.lines = append(j.lines, b.String())
	return nil
}

func (j *journal) all() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]string(nil), j.lines...)
}

// logging has what the requests of h log written into j.
func logging(j *journal, h http.Handler) http.Handler {
	return native(func(r *webob.Request) *webob.Response {
		webob.Logger.Set(r, slog.New(j))
		return r.GetResponse(h)
	})
}

// protocols are what a socket test runs over.
var protocols = []string{"HTTP/1.1", "HTTP/2.0"}

// listen serves h on a loopback socket. The client speaks that protocol.
func listen(t testing.TB, protocol string, h http.Handler) *httptest.Server {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	if protocol == "HTTP/2.0" {
		srv.EnableHTTP2 = true
		srv.StartTLS()
	} else {
		srv.Start()
	}
	srv.Client().Timeout = 20 * time.Second
	t.Cleanup(srv.Close)
	return srv
}

// fetched is an answer as a client has it: readErr is what it met in the body.
type fetched struct {
	*http.Response
	body    string
	readErr error
}

func fetch(t testing.TB, srv *httptest.Server, method, path string, change ...func(*http.Request)) fetched {
	t.Helper()
	req, err := http.NewRequest(method, srv.URL+path, nil)
	require.NoError(t, err)
	for _, c := range change {
		c(req)
	}
	resp, err := srv.Client().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return fetched{resp, string(b), err}
}

// producers counts the goroutines on which handlers and streams run.
func producers() int {
	buf := make([]byte, 1<<20)
	return strings.Count(string(buf[:runtime.Stack(buf, true)]), "webob.(*outlet).run(")
}

// leakFree fails the test if a handler is still parked when it is over. It must
// come before what the test has cleaned up.
func leakFree(t testing.TB) {
	t.Helper()
	t.Cleanup(func() {
		deadline := time.Now().Add(5 * time.Second)
		for producers() > 0 {
			if time.Now().After(deadline) {
				buf := make([]byte, 1<<20)
				t.Fatalf("handlers left behind:\n%s", buf[:runtime.Stack(buf, true)])
			}
			time.Sleep(time.Millisecond)
		}
	})
}

// soon waits for a channel, and fails instead of hanging.
func soon[T any](t testing.TB, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(10 * time.Second):
		t.Fatalf("waited in vain: %s", what)
		panic("unreachable")
	}
}
