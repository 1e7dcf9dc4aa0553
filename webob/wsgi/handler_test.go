package wsgi_test

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/wsgi"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

type chunks = iter.Seq2[[]byte, error]

var text = wsgi.Headers{{"Content-Type", "text/plain"}}

// app yields parts after start; a part "!" is an error.
func app(status string, headers wsgi.Headers, parts ...string) wsgi.App {
	return func(_ webob.Environ, start wsgi.StartResponse) chunks {
		return func(yield func([]byte, error) bool) {
			if _, err := start(status, headers, nil); err != nil {
				yield(nil, err)
				return
			}
			play(yield, parts...)
		}
	}
}

var errBroken = errors.New("the source broke")

func play(yield func([]byte, error) bool, parts ...string) {
	for _, part := range parts {
		var err error
		if part == "!" {
			err = errBroken
		} else if part == "404" {
			err = exc.NotFound.With("no such thing")
		}
		if !yield([]byte(part), err) {
			return
		}
	}
}

func none(func([]byte, error) bool) {}

// modes are the ways an app is called: by a server, by a filter of ours, and
// through a foreign middleware.
var modes = map[string]func(http.Handler) http.Handler{
	"alone": func(h http.Handler) http.Handler { return h },
	"filter": dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		resp := req.GetResponse(app)
		resp.Header().Set("X-Filter", "1")
		return resp, nil
	}),
	"foreign": func(h http.Handler) http.Handler {
		return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
			return req.GetResponse(app), nil
		})(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h.ServeHTTP(foreign{w}, r)
		}))
	},
}

// foreign is the writer of a middleware that keeps what http.ResponseController asks for.
type foreign struct{ http.ResponseWriter }

func (f foreign) Unwrap() http.ResponseWriter { return f.ResponseWriter }

type row struct {
	name, method string
	app          wsgi.App
	status       int
	body         string
	header       http.Header
	aborted      bool
	log          string
}

var rows = []row{
	{name: "the head goes with the first chunk", app: app("201 Created", wsgi.Headers{{"Content-Type", "a/b"}, {"Set-Cookie", "a=1"}, {"set-cookie", "b=2"}}, "", "one", "", "two"),
		status: 201, body: "onetwo", header: http.Header{"Content-Type": {"a/b"}, "Set-Cookie": {"a=1", "b=2"}}},
	{name: "no chunk at all", app: app("200 OK", text), status: 200, header: http.Header{"Content-Type": {"text/plain"}}},
	{name: "nothing is text/html by accident", app: app("200 OK", nil, "<html>"), status: 200, body: "<html>", header: http.Header{"Content-Type": nil}},
	{name: "HEAD has no body", method: "HEAD", app: app("200 OK", wsgi.Headers{{"Content-Length", "3"}}, "abc"), status: 200, header: http.Header{"Content-Length": {"3"}}},
	{name: "204 has no body", app: app("204 No Content", nil, "abc"), status: 204},
	{name: "start in the function, chunks from a slice", app: func(_ webob.Environ, start wsgi.StartResponse) chunks {
		start("200 OK", text, nil)
		return func(yield func([]byte, error) bool) { play(yield, "x") }
	}, status: 200, body: "x"},
	{name: "write before the iterable", app: func(_ webob.Environ, start wsgi.StartResponse) chunks {
		write, _ := start("200 OK", text, nil)
		_ = write([]byte("w1"))
		_ = write([]byte("w2"))
		return func(yield func([]byte, error) bool) { play(yield, "x") }
	}, status: 200, body: "w1w2x"},
	{name: "an error before the first chunk is a 500", app: app("200 OK", text, "", "!"), status: 500, log: "the source broke"},
	{name: "an HTTP error before the first chunk has its status", app: app("200 OK", text, "404"), status: 404, body: "404 Not Found\n\nThe resource could not be found.\n\nno such thing\n"},
	{name: "an error after it aborts", app: app("200 OK", text, "one", "!"), aborted: true, log: "the source broke"},
	{name: "start is missing", app: func(webob.Environ, wsgi.StartResponse) chunks {
		return func(yield func([]byte, error) bool) { yield([]byte("x"), nil) }
	}, status: 500, log: "start is called before the first chunk"},
	{name: "start is missing, and there is no chunk", app: func(webob.Environ, wsgi.StartResponse) chunks { return none }, status: 500, log: "not called at all"},
	{name: "no iterable", app: func(webob.Environ, wsgi.StartResponse) chunks { return nil }, status: 500, log: "returns an iterable"},
	{name: "start twice", app: func(_ webob.Environ, start wsgi.StartResponse) chunks {
		start("200 OK", text, nil)
		start("201 OK", text, nil)
		return func(yield func([]byte, error) bool) { yield([]byte("x"), nil) }
	}, status: 500, log: "start is called again only with an error"},
	{name: "hop-by-hop", app: app("200 OK", wsgi.Headers{{"Connection", "close"}}, "x"), status: 500, log: "hop-by-hop"},
	{name: "a header that would split", app: app("200 OK", wsgi.Headers{{"X", "a\r\nB: c"}}, "x"), status: 500, log: "control characters"},
	{name: "a bad status that the app ignores", app: func(_ webob.Environ, start wsgi.StartResponse) chunks {
		start("fine", text, nil)
		return func(yield func([]byte, error) bool) { yield([]byte("x"), nil) }
	}, status: 500, log: "three digits"},
	{name: "a bad head may be replaced", app: func(_ webob.Environ, start wsgi.StartResponse) chunks {
		if _, err := start("fine", text, nil); err == nil {
			return nil
		}
		start("200 Fine", text, nil)
		return func(yield func([]byte, error) bool) { yield([]byte("x"), nil) }
	}, status: 200, body: "x"},
	{name: "exc_info replaces the head, and is logged", app: func(_ webob.Environ, start wsgi.StartResponse) chunks {
		start("200 OK", wsgi.Headers{{"X-Old", "1"}}, nil)
		start("503 Busy", wsgi.Headers{{"Retry-After", "5"}}, errBroken)
		return func(yield func([]byte, error) bool) { play(yield, "come ", "back") }
	}, status: 503, body: "come back", header: http.Header{"X-Old": nil, "Retry-After": {"5"}, "Content-Length": {"9"}}, log: "the source broke"},
	{name: "exc_info after the head is returned", app: func(_ webob.Environ, start wsgi.StartResponse) chunks {
		start("200 OK", text, nil)
		return func(yield func([]byte, error) bool) {
			yield([]byte("x"), nil)
			_, err := start("500 Sorry", text, errBroken)
			yield(nil, err)
		}
	}, aborted: true, log: "the source broke"},
	{name: "an app that does not stop then is stopped", app: func(_ webob.Environ, start wsgi.StartResponse) chunks {
		start("200 OK", text, nil)
		return func(yield func([]byte, error) bool) {
			yield([]byte("x"), nil)
			start("500 Sorry", text, errBroken)
			yield([]byte("y"), nil)
		}
	}, aborted: true, log: "the source broke"},
	{name: "an own error page of any length", app: func(_ webob.Environ, start wsgi.StartResponse) chunks {
		start("500 Sorry", text, errBroken)
		return func(yield func([]byte, error) bool) {
			play(yield, strings.Repeat("a", 60<<10), strings.Repeat("b", 60<<10))
		}
	}, status: 500, body: strings.Repeat("a", 60<<10) + strings.Repeat("b", 60<<10), log: "the source broke"},
	{name: "more than Content-Length", app: app("200 OK", wsgi.Headers{{"Content-Length", "3"}}, "ab", "cd"), aborted: true, log: "not longer than Content-Length"},
	{name: "less than Content-Length", app: app("200 OK", wsgi.Headers{{"Content-Length", "3"}}, "ab"), aborted: true, log: "not shorter than Content-Length"},
	{name: "Content-Length that is none", app: app("200 OK", wsgi.Headers{{"Content-Length", "+3"}}, "ab"), status: 500, log: "one number"},
}

func TestHandler(t *testing.T) {
	for mode, wrap := range modes {
		for _, row := range rows {
			t.Run(mode+"/"+row.name, func(t *testing.T) { row.check(t, wrap(wsgi.Handler(row.app))) })
		}
	}
}

// TestHandlerBehindLint is the same table: Lint changes nothing of what is sent.
func TestHandlerBehindLint(t *testing.T) {
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			row.check(t, wsgi.Handler(wsgi.Lint(row.app, func(*wsgi.Violation) {})))
		})
	}
}

func (row row) check(t *testing.T, h http.Handler) {
	var log bytes.Buffer
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d, _ := webob.Enter(w, r)
		defer d.Leave()
		webob.Logger.Set(d.Request(), slog.New(slog.NewTextHandler(&log, nil)))
		d.Pass(h)
	}))
	defer server.Close()
	method := row.method
	if method == "" {
		method = "GET"
	}
	req, err := http.NewRequest(method, server.URL, nil)
	require.NoError(t, err)
	resp, err := server.Client().Do(req)
	var body []byte
	if err == nil {
		defer resp.Body.Close()
		body, err = io.ReadAll(resp.Body)
	}
	server.Close()
	if row.aborted {
		assert.Error(t, err)
	} else {
		require.NoError(t, err)
		assert.Equal(t, row.status, resp.StatusCode)
		if row.body != "" {
			assert.Equal(t, row.body, string(body))
		}
		for name, values := range row.header {
			assert.Equal(t, values, resp.Header[name], name)
		}
	}
	if row.log == "" {
		assert.Empty(t, log.String())
	} else {
		assert.Equal(t, 1, strings.Count(log.String(), row.log), log.String())
	}
}

// Every element is flushed: the client has it before the next one is made.
func TestHandlerFlushes(t *testing.T) {
	for mode, wrap := range modes {
		t.Run(mode, func(t *testing.T) {
			more := make(chan struct{})
			server := httptest.NewServer(wrap(wsgi.Handler(func(_ webob.Environ, start wsgi.StartResponse) chunks {
				write, _ := start("200 OK", text, nil)
				assert.NoError(t, write([]byte("a")))
				<-more
				return func(yield func([]byte, error) bool) {
					yield([]byte("b"), nil)
					<-more
					yield([]byte("c"), nil)
				}
			})))
			defer server.Close()
			resp, err := http.Get(server.URL)
			require.NoError(t, err)
			defer resp.Body.Close()
			var b [1]byte
			for _, want := range []string{"a", "b", "c"} {
				_, err := io.ReadFull(resp.Body, b[:])
				require.NoError(t, err)
				assert.Equal(t, want, string(b[:]))
				if want != "c" {
					more <- struct{}{}
				}
			}
		})
	}
}

// The iterable is closed (its deferred calls run) however the answer ends.
func TestHandlerCloses(t *testing.T) {
	closed := 0
	endless := wsgi.Handler(func(_ webob.Environ, start wsgi.StartResponse) chunks {
		return func(yield func([]byte, error) bool) {
			defer func() { closed++ }()
			start("200 OK", text, nil)
			for yield([]byte(strings.Repeat("x", 8<<10)), nil) {
			}
		}
	})
	req := webob.Blank("/")
	resp := req.GetResponse(endless)
	var b [10]byte
	_, err := io.ReadFull(resp.Body(), b[:])
	require.NoError(t, err)
	require.NoError(t, resp.Close())
	assert.Equal(t, 1, closed, "a filter drops the answer")
	rec := httptest.NewRecorder()
	endless.ServeHTTP(rec, httptest.NewRequest("HEAD", "/", nil))
	assert.Equal(t, 2, closed, "HEAD needs no body")
	assert.Empty(t, rec.Body.String())
}

func TestHandlerErrorsKeepTheirIdentity(t *testing.T) {
	req := webob.Blank("/")
	resp := req.GetResponse(wsgi.Handler(app("200 OK", text, "404")))
	assert.ErrorIs(t, resp.Err(), exc.NotFound)
	resp = webob.Blank("/").GetResponse(wsgi.Handler(func(_ webob.Environ, start wsgi.StartResponse) chunks {
		start("500 Mine", text, errBroken)
		return func(yield func([]byte, error) bool) { play(yield, "page") }
	}))
	assert.Same(t, errBroken, resp.Err())
	got, err := resp.Text()
	assert.NoError(t, err)
	assert.Equal(t, "page", got)
	resp = webob.Blank("/").GetResponse(wsgi.Handler(app("200 OK", wsgi.Headers{{"TE", "x"}}, "x")))
	assert.ErrorIs(t, resp.Err(), wsgi.HopByHop)
}

// What a filter has stored is in the environ, and what the app stores is seen by
// the filter.
func TestHandlerSharesTheEnviron(t *testing.T) {
	req := webob.Blank("/a/b?c=d", webob.WithEnviron("REMOTE_USER", "ada"), webob.WithBaseURL("http://h.example/mnt"))
	resp := req.GetResponse(wsgi.Handler(func(env webob.Environ, start wsgi.StartResponse) chunks {
		assert.Equal(t, "ada", env.String("REMOTE_USER"))
		assert.Equal(t, "/mnt", env.String("SCRIPT_NAME"))
		assert.Equal(t, "/a/b", env.String("PATH_INFO"))
		assert.NoError(t, env.Set("my.key", 5))
		assert.Equal(t, "h.example:80", env.Request().Host)
		return app("200 OK", text, "x")(env, start)
	}))
	require.NoError(t, resp.Wait(0))
	v, _ := req.Environ().Get("my.key")
	assert.Equal(t, 5, v)
}

func TestStartAndWriteAfterTheEnd(t *testing.T) {
	var start wsgi.StartResponse
	var write wsgi.Write
	h := wsgi.Handler(func(env webob.Environ, s wsgi.StartResponse) chunks {
		start = s
		write, _ = s("200 OK", text, nil)
		return none
	})
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	_, err := start("200 OK", text, errBroken)
	assert.ErrorIs(t, err, wsgi.AfterEnd)
	assert.ErrorIs(t, write([]byte("x")), wsgi.AfterEnd)
}

// A panic is no error: it goes on as a panic.
func TestHandlerPanics(t *testing.T) {
	for mode, wrap := range modes {
		t.Run(mode, func(t *testing.T) {
			h := wrap(wsgi.Handler(func(webob.Environ, wsgi.StartResponse) chunks { panic("boom") }))
			assert.PanicsWithValue(t, "boom", func() {
				h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
			})
		})
	}
}

func BenchmarkHandler(b *testing.B) {
	one := []byte("Hello")
	headers := wsgi.Headers{{"Content-Type", "text/plain"}, {"Content-Length", "5"}}
	h := wsgi.Handler(func(_ webob.Environ, start wsgi.StartResponse) chunks {
		return func(yield func([]byte, error) bool) {
			if _, err := start("200 OK", headers, nil); err == nil {
				yield(one, nil)
			}
		}
	})
	r := httptest.NewRequest("GET", "/", nil)
	b.Run("alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			h.ServeHTTP(&discard{h: http.Header{}}, r)
		}
	})
	b.Run("filter", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			resp := webob.NewRequest(r).GetResponse(h)
			_ = resp.Wait(0)
			resp.Close()
		}
	})
}

type discard struct{ h http.Header }

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Flush()                      {}
