package interop

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-chi/chi/v5"
	chimiddleware "github.com/go-chi/chi/v5/middleware"
	"github.com/gorilla/mux"
	"github.com/justinas/alice"
	"github.com/labstack/echo/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob"
)

// native is the smallest app of ours.
type native func(*webob.Request) *webob.Response

func (f native) Respond(r *webob.Request) *webob.Response         { return f(r) }
func (f native) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(f, w, r) }

// marked is a filter that adds a header field to every answer.
func marked(name string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return native(func(r *webob.Request) *webob.Response {
			p := r.GetResponse(next)
			p.Header().Add("X-Filter", name)
			return p
		})
	}
}

func filtered(h http.Handler) http.Handler { return marked("1")(marked("2")(marked("3")(h))) }

func handmade(t *testing.T, target string) *webob.Request {
	t.Helper()
	r := webob.NewRequest(httptest.NewRequest("GET", target, nil))
	t.Cleanup(r.Release)
	return r
}

// muxes mount a handler at /users/{id}; where they set a pattern and path values
// on the http.Request, says how the pattern reads.
var muxes = map[string]struct {
	mount   func(http.Handler) http.Handler
	pattern string
}{
	"chi": {func(h http.Handler) http.Handler {
		r := chi.NewRouter()
		r.Handle("/users/{id}", h)
		return r
	}, "/users/{id}"},
	"chi with middleware": {func(h http.Handler) http.Handler {
		r := chi.NewRouter()
		r.Use(chimiddleware.RequestID, chimiddleware.ClientIPFromRemoteAddr, chimiddleware.StripSlashes, chimiddleware.NoCache)
		r.With(chimiddleware.SetHeader("X-Chi", "1")).Handle("/users/{id}", h)
		return r
	}, "/users/{id}"},
	"chi with a sub-router": {func(h http.Handler) http.Handler {
		r := chi.NewRouter()
		r.Route("/users", func(r chi.Router) { r.Handle("/{id}", h) })
		return r
	}, "/users/{id}"},
	"chi with filters of ours": {func(h http.Handler) http.Handler {
		r := chi.NewRouter()
		r.Use(marked("in chi"))
		r.Handle("/users/{id}", h)
		return r
	}, "/users/{id}"},
	"chi under Inline": {func(h http.Handler) http.Handler {
		r := chi.NewRouter()
		r.Handle("/users/{id}", h)
		return webob.Inline(r, 0)
	}, "/users/{id}"},
	"gorilla/mux": {func(h http.Handler) http.Handler {
		r := mux.NewRouter()
		r.Handle("/users/{id}", h)
		return r
	}, ""},
	"gorilla/mux with a sub-router": {func(h http.Handler) http.Handler {
		r := mux.NewRouter()
		r.PathPrefix("/users").Subrouter().Handle("/{id}", h)
		return r
	}, ""},
	"alice": {func(h http.Handler) http.Handler {
		m := http.NewServeMux()
		m.Handle("/users/{id}", alice.New(chimiddleware.RequestID, chimiddleware.NoCache).Then(h))
		return m
	}, "/users/{id}"},
	"alice of our filters": {func(h http.Handler) http.Handler {
		m := http.NewServeMux()
		m.Handle("/users/{id}", alice.New(marked("a"), chimiddleware.NoCache, marked("b")).Then(h))
		return m
	}, "/users/{id}"},
}

var errBoom = errors.New("boom")

// spec 1.5, 5.3
func TestForeignMuxesAreTransparent(t *testing.T) {
	for name, m := range muxes {
		t.Run(name, func(t *testing.T) {
			var want *webob.Response
			app := native(func(*webob.Request) *webob.Response {
				want = webob.Failure(409, errBoom, nil)
				return want
			})
			got := handmade(t, "/users/42").GetResponse(m.mount(app))
			assert.Same(t, want, got)
			assert.True(t, got.Err() == errBoom)
			assert.Equal(t, 409, got.Status())

			missing := handmade(t, "/nowhere").GetResponse(m.mount(app))
			assert.Equal(t, 404, missing.Status())
			assert.NoError(t, missing.Err())
		})
	}
}

var account = webob.NewKey[string]("interop.account")

func TestEnvironKeysPatternAndPathValuesAreSeenOutward(t *testing.T) {
	for name, m := range muxes {
		t.Run(name, func(t *testing.T) {
			app := native(func(r *webob.Request) *webob.Response {
				assert.Equal(t, "outer", account.Value(r))
				account.Set(r, "inner")
				return webob.Text("x")
			})
			r := handmade(t, "/users/42")
			account.Set(r, "outer")
			r.GetResponse(m.mount(app)).Close()
			assert.Equal(t, "inner", account.Value(r))
			if m.pattern != "" {
				assert.Equal(t, m.pattern, r.Pattern)
				assert.Equal(t, "42", r.PathValue("id"))
			}
		})
	}
}

func TestForeignLeavesSeeTheEnviron(t *testing.T) {
	for name, m := range muxes {
		t.Run(name, func(t *testing.T) {
			leaf := http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
				r := webob.NewRequest(hr)
				assert.Equal(t, "outer", account.Value(r))
				account.Set(r, "inner")
				io.WriteString(w, "leaf")
			})
			r := handmade(t, "/users/42")
			account.Set(r, "outer")
			text, err := r.GetResponse(m.mount(leaf)).Text()
			require.NoError(t, err)
			assert.Equal(t, "leaf", text)
			assert.Equal(t, "inner", account.Value(r))
		})
	}
}

func TestHeaderOfChiMiddlewareIsJoined(t *testing.T) {
	app := native(func(*webob.Request) *webob.Response {
		p := webob.Text("x")
		p.Header().Set("Cache-Control", "max-age=60")
		return p
	})
	p := handmade(t, "/users/42").GetResponse(muxes["chi with middleware"].mount(app))
	assert.Equal(t, "1", p.Header().Get("X-Chi"))
	assert.Equal(t, []string{"max-age=60"}, p.Header().Values("Cache-Control"), "the Response's own wins")
	assert.NotEmpty(t, p.Header().Get("Expires"), "NoCache between has set it")
}

// compressing is chi's Compress round h.
func compressing(h http.Handler) http.Handler { return chimiddleware.Compress(5, "text/plain")(h) }

func TestBehindCompressTheAnswerIsCompressed(t *testing.T) {
	long := make([]byte, 100_000)
	for i := range long {
		long[i] = "abcd"[i%4]
	}
	for name, app := range map[string]http.Handler{
		"text": native(func(*webob.Request) *webob.Response {
			p := webob.Text(string(long))
			p.SetErr(errBoom)
			p.SetStatus(503)
			return p
		}),
		"stream": native(func(*webob.Request) *webob.Response {
			p := webob.Stream("text/plain", func(w webob.StreamWriter) error { _, err := w.Write(long); return err })
			p.SetErr(errBoom)
			p.SetStatus(503)
			return p
		}),
	} {
		t.Run(name, func(t *testing.T) {
			var seen error
			look := native(func(r *webob.Request) *webob.Response {
				webob.Logger.Set(r, slog.New(slog.DiscardHandler))
				p := r.GetResponse(compressing(marked("in")(app)))
				seen = p.Err()
				return p
			})
			srv := httptest.NewServer(filtered(look))
			defer srv.Close()
			req, err := http.NewRequest("GET", srv.URL, nil)
			require.NoError(t, err)
			req.Header.Set("Accept-Encoding", "gzip")
			resp, err := (&http.Transport{DisableCompression: true}).RoundTrip(req)
			require.NoError(t, err)
			defer resp.Body.Close()
			b, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Equal(t, "gzip", resp.Header.Get("Content-Encoding"))
			assert.Less(t, len(b), 10_000)
			assert.Equal(t, 503, resp.StatusCode)
			assert.Equal(t, "in", resp.Header["X-Filter"][0])
			assert.True(t, seen == errBoom, "the error alone travels beside")

			plain, err := http.NewRequest("GET", srv.URL, nil)
			require.NoError(t, err)
			resp, err = srv.Client().Do(plain)
			require.NoError(t, err)
			defer resp.Body.Close()
			b, err = io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Equal(t, string(long), string(b))
		})
	}
}

func TestWriterWrappersOfOthersSeeTheAnswer(t *testing.T) {
	for name, app := range map[string]http.Handler{
		"native":  native(func(*webob.Request) *webob.Response { p := webob.Text("seen"); p.SetStatus(201); return p }),
		"foreign": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(201); io.WriteString(w, "seen") }),
	} {
		t.Run(name, func(t *testing.T) {
			var status, bytes int
			logger := func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					ww := chimiddleware.NewWrapResponseWriter(w, r.ProtoMajor)
					next.ServeHTTP(ww, r)
					status, bytes = ww.Status(), ww.BytesWritten()
				})
			}
			p := handmade(t, "/").GetResponse(filtered(logger(filtered(app))))
			text, err := p.Text()
			require.NoError(t, err)
			assert.Equal(t, "seen", text)
			assert.Equal(t, 201, status)
			assert.Equal(t, 4, bytes)
			assert.Equal(t, []string{"3", "2", "1", "3", "2", "1"}, p.Header().Values("X-Filter"))
		})
	}
}

func TestChiRecovererSeesThePanicOfAnAppOfOurs(t *testing.T) {
	app := native(func(*webob.Request) *webob.Response { panic("blown up") })
	recovered := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if v := recover(); v != nil {
				assert.Equal(t, "blown up", v)
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		filtered(app).ServeHTTP(w, r)
	})
	assert.Equal(t, 500, handmade(t, "/").GetResponse(filtered(recovered)).Status())
}

func TestEchoTakesOurAppsAndFilters(t *testing.T) {
	e := echo.New()
	e.Use(echo.WrapMiddleware(marked("outer")))
	var seen error
	look := func(next http.Handler) http.Handler {
		return native(func(r *webob.Request) *webob.Response {
			webob.Logger.Set(r, slog.New(slog.DiscardHandler))
			account.Set(r, "outer")
			p := r.GetResponse(next)
			seen = p.Err()
			assert.Equal(t, "inner", account.Value(r))
			return p
		})
	}
	e.GET("/native", echo.WrapHandler(native(func(r *webob.Request) *webob.Response {
		assert.Equal(t, "outer", account.Value(r))
		account.Set(r, "inner")
		p := webob.Text("native")
		p.SetStatus(409)
		p.SetErr(errBoom)
		return p
	})), echo.WrapMiddleware(look))
	e.GET("/echo", func(c *echo.Context) error { return c.String(http.StatusAccepted, "echo") }, echo.WrapMiddleware(marked("route")))

	srv := httptest.NewServer(e)
	defer srv.Close()
	get := func(path string) (*http.Response, string) {
		resp, err := srv.Client().Get(srv.URL + path)
		require.NoError(t, err)
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp, string(b)
	}
	resp, body := get("/native")
	assert.Equal(t, 409, resp.StatusCode)
	assert.Equal(t, "native", body)
	assert.True(t, seen == errBoom)
	assert.Equal(t, []string{"outer"}, resp.Header["X-Filter"])

	resp, body = get("/echo")
	assert.Equal(t, 202, resp.StatusCode)
	assert.Equal(t, "echo", body)
	assert.Equal(t, []string{"route", "outer"}, resp.Header["X-Filter"])
}

func TestOurFiltersRoundAWholeEcho(t *testing.T) {
	e := echo.New()
	e.GET("/users/:id", func(c *echo.Context) error { return c.String(http.StatusOK, "user "+c.Param("id")) })
	p := handmade(t, "/users/42").GetResponse(filtered(e))
	text, err := p.Text()
	require.NoError(t, err)
	assert.Equal(t, "user 42", text)
	assert.Equal(t, []string{"3", "2", "1"}, p.Header().Values("X-Filter"))
}

func TestContextOfAForeignMiddlewareIsSeenInside(t *testing.T) {
	type key struct{}
	with := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, "v")))
		})
	}
	app := native(func(r *webob.Request) *webob.Response {
		assert.Equal(t, "v", r.Context().Value(key{}))
		assert.NotEmpty(t, chimiddleware.GetReqID(r.Context()))
		return webob.Text("x")
	})
	h := alice.New(marked("1"), chimiddleware.RequestID, marked("2"), with, marked("3")).Then(app)
	assert.Equal(t, 200, handmade(t, "/").GetResponse(h).Status())
}
