package webob_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var errBoom = errors.New("boom")

// failing answers with a failure whose error keeps its identity.
var failing = native(func(*webob.Request) *webob.Response { return webob.Failure(503, errBoom, nil) })

// spec 5.2
func TestNativeAppGivesItsResponseByPointer(t *testing.T) {
	want := webob.Text("x")
	r := handmade(t, "GET", "/")
	app := native(func(got *webob.Request) *webob.Response {
		assert.Same(t, r, got, "the very same request goes in")
		return want
	})
	assert.Same(t, want, r.GetResponse(app))
	assert.Equal(t, []string{"3", "2", "1"}, handmade(t, "GET", "/").GetResponse(filtered(failing)).Header().Values("X-Filter"))
}

// spec 1.3, 5.1
func TestGetResponseIsNeverNil(t *testing.T) {
	for name, app := range map[string]http.Handler{
		"nil handler":                nil,
		"app that answers nil":       native(func(*webob.Request) *webob.Response { return nil }),
		"nil through a mux":          muxed(native(func(*webob.Request) *webob.Response { return nil })),
		"nil through a foreign func": passing(native(func(*webob.Request) *webob.Response { return nil })),
	} {
		t.Run(name, func(t *testing.T) {
			p := handmade(t, "GET", "/").GetResponse(app)
			require.NotNil(t, p)
			assert.Equal(t, 500, p.Status())
			require.Error(t, p.Err())
			assert.Contains(t, p.Err().Error(), "nil")
		})
	}
}

func muxed(h http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", h)
	return mux
}

// passing is a foreign middleware that leaves writer and request alone.
func passing(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) })
}

type ctxKey struct{}

// derived is a foreign middleware that hands on a copy of the request.
func derived(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), ctxKey{}, "v")))
	})
}

// shouting is a foreign middleware that wraps the writer to see what is written.
func shouting(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(&shout{w}, r) })
}

type shout struct{ http.ResponseWriter }

func (s *shout) Unwrap() http.ResponseWriter { return s.ResponseWriter }
func (s *shout) WriteHeader(code int) {
	s.Header().Del("Content-Length")
	s.ResponseWriter.WriteHeader(code)
}
func (s *shout) Write(p []byte) (int, error) {
	if _, err := io.WriteString(s.ResponseWriter, strings.ToUpper(string(p))+"!"); err != nil {
		return 0, err
	}
	return len(p), nil
}

// between are the foreign layers that leave the writer as it is.
var between = map[string]func(http.Handler) http.Handler{
	"ServeMux":                          muxed,
	"ServeMux in a ServeMux":            func(h http.Handler) http.Handler { return muxed(muxed(h)) },
	"StripPrefix":                       func(h http.Handler) http.Handler { return http.StripPrefix("/a", h) },
	"StripPrefix between two ServeMux":  func(h http.Handler) http.Handler { return muxed(http.StripPrefix("/a", muxed(h))) },
	"middleware":                        passing,
	"middleware with a context":         derived,
	"MaxBytesHandler":                   func(h http.Handler) http.Handler { return http.MaxBytesHandler(h, 100) },
	"ServeMux marked Inline":            func(h http.Handler) http.Handler { return webob.Inline(muxed(h), 0) },
	"middleware marked Inline":          func(h http.Handler) http.Handler { return webob.Inline(derived(h), 0) },
	"filters of ours on both sides":     func(h http.Handler) http.Handler { return filtered(muxed(filtered(derived(filtered(h))))) },
	"a foreign layer within another":    func(h http.Handler) http.Handler { return passing(derived(passing(h))) },
	"Inline round a filter round a mux": func(h http.Handler) http.Handler { return webob.Inline(passing(marked("x", muxed(h))), 10) },
}

// spec 1.5, 5.3
func TestForeignMuxIsTransparent(t *testing.T) {
	for name, layer := range between {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			var want *webob.Response
			app := native(func(*webob.Request) *webob.Response {
				want = webob.Failure(503, errBoom, nil)
				return want
			})
			got := handmade(t, "GET", "/a/b").GetResponse(layer(app))
			assert.Same(t, want, got)
			assert.True(t, got.Err() == errBoom, "the error keeps its identity")
			assert.Equal(t, 503, got.Status())
		})
	}
}

// spec 6.3, 7.5
func TestThreeFiltersSeeTheSameError(t *testing.T) {
	for name, layer := range between {
		t.Run(name, func(t *testing.T) {
			var seen []error
			look := func(next http.Handler) http.Handler {
				return native(func(r *webob.Request) *webob.Response {
					p := r.GetResponse(next)
					seen = append(seen, p.Err())
					return p
				})
			}
			j := &journal{}
			rec := httptest.NewRecorder()
			logging(j, look(layer(look(layer(look(failing)))))).ServeHTTP(rec, httptest.NewRequest("GET", "/a/a/b", nil))
			assert.Equal(t, []error{errBoom, errBoom, errBoom}, seen)
			assert.Equal(t, 503, rec.Code)
			assert.Equal(t, []string{"ERROR request failed method=GET path=/a/a/b status=503 err=boom"}, j.all(), "logged once")
		})
	}
}

// spec 5.3
func TestHeaderOfAMiddlewareBetweenIsJoined(t *testing.T) {
	setting := func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Between", "b")
			w.Header().Set("Content-Type", "text/between")
			w.Header().Set("Content-Length", "99")
			w.Header().Add("Set-Cookie", "between=1")
			w.Header().Add("Vary", "Origin")
			h.ServeHTTP(w, r)
		})
	}
	app := native(func(*webob.Request) *webob.Response {
		p := webob.Text("text")
		p.Header().Add("Set-Cookie", "app=1")
		p.Header().Set("Vary", "Accept")
		return p
	})
	layers := map[string]http.Handler{
		"by reference":          setting(app),
		"below a mux":           muxed(setting(muxed(app))),
		"Inline":                webob.Inline(setting(app), 0),
		"through a wrapper":     setting(derived(unwrapping(app))),
		"round a streamed body": setting(muxed(streaming(app))),
	}
	for name, h := range layers {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			for _, outer := range []http.Handler{filtered(h), h} {
				rec := httptest.NewRecorder()
				outer.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
				assert.Equal(t, "text", rec.Body.String())
				assert.Equal(t, "b", rec.Header().Get("X-Between"))
				assert.Equal(t, []string{"text/plain; charset=utf-8"}, rec.Header()["Content-Type"], "the Response's own wins")
				assert.ElementsMatch(t, []string{"between=1", "app=1"}, rec.Header()["Set-Cookie"], "cookies add up")
				assert.ElementsMatch(t, []string{"Origin", "Accept"}, rec.Header()["Vary"], "Vary adds up")
				assert.NotContains(t, rec.Header()["Content-Length"], "99")
			}
		})
	}
}

// unwrapping is a foreign wrapper that changes nothing.
func unwrapping(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(struct{ http.ResponseWriter }{w}, r)
	})
}

// streaming makes an app's body one that is pulled from a reader.
func streaming(next http.Handler) http.Handler {
	return native(func(r *webob.Request) *webob.Response {
		p := r.GetResponse(next)
		b, err := p.Bytes()
		if err != nil {
			return webob.Failure(500, err, nil)
		}
		p.SetStream(func(w webob.StreamWriter) error {
			_, err := w.Write(b)
			return err
		})
		return p
	})
}

// spec 5.4
func TestWrapperBetweenIsNotCheated(t *testing.T) {
	leakFree(t)
	ok := native(func(*webob.Request) *webob.Response { return webob.Text("quiet") })
	p := handmade(t, "GET", "/").GetResponse(shouting(ok))
	assert.Equal(t, "QUIET!", bodyOf(t, p), "written through the wrapper")
	assert.NoError(t, p.Err())

	failed := native(func(*webob.Request) *webob.Response {
		p := webob.NewResponse(404)
		p.SetText("none")
		p.SetErr(errBoom)
		return p
	})
	p = handmade(t, "GET", "/").GetResponse(shouting(marked("in", failed)))
	assert.Equal(t, "NONE!", bodyOf(t, p))
	assert.Equal(t, 404, p.Status())
	assert.True(t, p.Err() == errBoom, "only the error travels beside")
	assert.Equal(t, "in", p.Header().Get("X-Filter"))
}

// spec 5.4
func TestWrapperThatMadesAFailureGoodDropsTheError(t *testing.T) {
	mended := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		failing.ServeHTTP(rec, r)
		io.WriteString(w, "from the cache")
	})
	p := handmade(t, "GET", "/").GetResponse(mended)
	assert.Equal(t, 200, p.Status())
	assert.NoError(t, p.Err())
}

func TestMiddlewareThatWritesRoundTheApp(t *testing.T) {
	app := native(func(*webob.Request) *webob.Response {
		p := webob.Text("app ")
		p.SetErr(errBoom)
		p.SetStatus(409)
		return p
	})
	for name, tc := range map[string]struct {
		h    http.HandlerFunc
		want string
		code int
	}{
		"after":  {func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(w, r); io.WriteString(w, "after") }, "app after", 409},
		"before": {func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "before "); app.ServeHTTP(w, r) }, "before app ", 200},
		"flush after": {func(w http.ResponseWriter, r *http.Request) {
			app.ServeHTTP(w, r)
			http.NewResponseController(w).Flush()
			io.WriteString(w, "more")
		}, "app more", 409},
		"status after": {func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(w, r); w.WriteHeader(500) }, "app ", 409},
		"status before": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(202)
			app.ServeHTTP(w, r)
		}, "app ", 202},
		"two apps": {func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(w, r); app.ServeHTTP(w, r) }, "app app ", 409},
	} {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			p := handmade(t, "GET", "/").GetResponse(tc.h)
			assert.Equal(t, tc.code, p.Status())
			assert.Equal(t, tc.want, bodyOf(t, p))
			if tc.code >= 400 {
				assert.Equal(t, errBoom, p.Err())
			}
		})
	}
}

func TestFaultOfAnAppThatAMiddlewareWritesBehind(t *testing.T) {
	split := native(func(*webob.Request) *webob.Response {
		p := webob.Text("app")
		p.Header().Set("X-Split", "a\r\nb")
		return p
	})
	writingBehind := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		split.ServeHTTP(w, r)
		io.WriteString(w, "behind")
	})
	p := handmade(t, "GET", "/").GetResponse(writingBehind)
	assert.Equal(t, 500, p.Status())
	require.Error(t, p.Err())
	assert.Contains(t, p.Err().Error(), "X-Split")
}

// spec 5.5
func TestStreamedBodyIsHandedOverBehindServeMuxAlone(t *testing.T) {
	leakFree(t)
	var want *webob.Response
	runs := 0
	app := native(func(*webob.Request) *webob.Response {
		want = webob.Stream("text/plain", func(w webob.StreamWriter) error {
			runs++
			_, err := io.WriteString(w, "streamed")
			return err
		})
		return want
	})
	p := handmade(t, "GET", "/").GetResponse(muxed(muxed(app)))
	assert.Same(t, want, p)
	assert.Zero(t, runs, "nobody has looked at the body")
	assert.Equal(t, "streamed", bodyOf(t, p))

	alive := true
	holding := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		alive = true
		defer func() { alive = false }()
		app.ServeHTTP(w, r)
	})
	p = handmade(t, "GET", "/").GetResponse(holding)
	assert.NotSame(t, want, p, "what the middleware holds must live as long as the body")
	assert.False(t, alive, "a short one is played to its end")
	assert.Equal(t, "streamed", bodyOf(t, p))
	assert.Equal(t, "text/plain", p.Header().Get("Content-Type"))
}

// spec 4.2
func TestClaimedResponseHandedToAnotherRequest(t *testing.T) {
	cached := webob.Text("cached")
	app := native(func(*webob.Request) *webob.Response { return cached })
	j := &journal{}
	h := logging(j, filtered(app))

	first := httptest.NewRecorder()
	h.ServeHTTP(first, httptest.NewRequest("GET", "/one", nil))
	assert.Equal(t, 200, first.Code)

	second := httptest.NewRecorder()
	h.ServeHTTP(second, httptest.NewRequest("GET", "/two", nil))
	assert.Equal(t, 500, second.Code)
	assert.NotContains(t, second.Body.String(), "cached", "the other client's answer stays with it")
	require.Len(t, j.all(), 1)
	assert.Contains(t, j.all()[0], "return a Copy")
	assert.Contains(t, j.all()[0], "/two")

	p := handmade(t, "GET", "/three").GetResponse(app)
	assert.ErrorIs(t, p.Err(), webob.ErrClaimed)
}

// spec 2.2, 4.2
func TestCopiesOfARequestShareTheClaim(t *testing.T) {
	cached := webob.Text("x")
	app := native(func(*webob.Request) *webob.Response { return cached })
	r := handmade(t, "GET", "/")
	for name, same := range map[string]*webob.Request{
		"itself":      r,
		"WithContext": r.WithContext(context.WithValue(r.Context(), ctxKey{}, 1)),
		"Clone":       r.Clone(r.Context()),
		"again":       r,
	} {
		p := same.GetResponse(app)
		assert.Same(t, cached, p, name)
		assert.NoError(t, p.Err(), name)
	}
	assert.Same(t, cached, r.GetResponse(derived(app)), "through a foreign copy")
}

// spec 4.1
func TestResponseAsAppAnswersWithCopiesConcurrently(t *testing.T) {
	leakFree(t)
	reader := webob.NewResponse(200)
	reader.SetBody(strings.NewReader("body"))
	lazy := webob.Failure(404, errBoom, func(p *webob.Response) { p.SetText("body") })
	plain := webob.NewResponse(200)
	io.WriteString(plain, "body")
	jsonErr := webob.Text("body")
	jsonErr.SetErr(errBoom)
	for name, app := range map[string]*webob.Response{
		"text":                     webob.Text("body"),
		"written":                  plain,
		"with an error":            jsonErr,
		"a failure not rendered":   lazy,
		"stream":                   webob.Stream("text/plain", func(w webob.StreamWriter) error { _, err := io.WriteString(w, "body"); return err }),
		"a reader, read only once": reader,
	} {
		t.Run(name, func(t *testing.T) {
			app.Header().Set("X-Own", "1")
			status, err := app.Status(), app.Err()
			var wg sync.WaitGroup
			for _, h := range []http.Handler{app, filtered(app), filtered(muxed(app)), filtered(derived(app)), filtered(shoutless(app))} {
				for range 4 {
					wg.Go(func() {
						rec := httptest.NewRecorder()
						h.ServeHTTP(rec, withQuiet(httptest.NewRequest("GET", "/", nil)))
						assert.Equal(t, "body", rec.Body.String())
						assert.Equal(t, status, rec.Code)
					})
					wg.Go(func() {
						r := webob.NewRequest(httptest.NewRequest("GET", "/", nil))
						p := r.GetResponse(app)
						assert.NotSame(t, app, p)
						assert.Equal(t, err, p.Err())
						p.Header().Set("X-Own", "2")
						p.SetText("changed")
					})
				}
			}
			wg.Wait()
			assert.Equal(t, "1", app.Header().Get("X-Own"))
			assert.Empty(t, app.Header().Values("X-Filter"))
			assert.Equal(t, "body", bodyOf(t, app))
		})
	}
}

func shoutless(h http.Handler) http.Handler { return unwrapping(h) }

func withQuiet(r *http.Request) *http.Request { return r }

var account = webob.NewKey[string]("test.account")

// spec 3.2
func TestEnvironIsSeenOnBothSides(t *testing.T) {
	layers := map[string]func(http.Handler) http.Handler{
		"wrapper":              shouting,
		"TimeoutHandler":       func(h http.Handler) http.Handler { return http.TimeoutHandler(h, time.Minute, "") },
		"AllowQuerySemicolons": http.AllowQuerySemicolons,
	}
	for name, l := range between {
		layers[name] = l
	}
	for name, layer := range layers {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			inner := webob.NewKey[int]("test.inner")
			app := native(func(r *webob.Request) *webob.Response {
				assert.Equal(t, "outer", account.Value(r), "seen inward")
				account.Set(r, "replaced")
				inner.Set(r, 7)
				return webob.Text("x")
			})
			r := handmade(t, "GET", "/a/b")
			account.Set(r, "outer")
			r.GetResponse(layer(app)).Close()
			assert.Equal(t, "replaced", account.Value(r), "seen outward")
			assert.Equal(t, 7, inner.Value(r))
		})
		t.Run(name+", foreign leaf", func(t *testing.T) {
			leakFree(t)
			leaf := http.HandlerFunc(func(_ http.ResponseWriter, hr *http.Request) {
				r := webob.NewRequest(hr)
				assert.Equal(t, "outer", account.Value(r))
				account.Set(r, "replaced")
			})
			r := handmade(t, "GET", "/a/b")
			account.Set(r, "outer")
			r.GetResponse(layer(leaf)).Close()
			assert.Equal(t, "replaced", account.Value(r))
		})
	}
}

// spec 3.3
func TestPatternAndPathValueAreSeenOutward(t *testing.T) {
	leaves := map[string]http.Handler{
		"native":  native(func(*webob.Request) *webob.Response { return webob.Text("x") }),
		"foreign": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "x") }),
	}
	for name, leaf := range leaves {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			mux := http.NewServeMux()
			mux.Handle("GET /users/{id}", leaf)
			for name, h := range map[string]http.Handler{
				"mux":                  mux,
				"mux behind a filter":  marked("m", mux),
				"mux in a mux":         muxed(mux),
				"mux behind a wrapper": shouting(mux),
				"mux behind a context": derived(mux),
			} {
				t.Run(name, func(t *testing.T) {
					r := handmade(t, "GET", "/users/42")
					r.GetResponse(h).Close()
					if name == "mux behind a context" && leaf == nil {
						return
					}
					if name != "mux behind a context" || isNative(leaf) {
						assert.Equal(t, "GET /users/{id}", r.Pattern)
						assert.Equal(t, "42", r.PathValue("id"))
					}
				})
			}
		})
	}
}

func isNative(h http.Handler) bool { _, ok := h.(native); return ok }

// spec 3.5
func TestTimeoutHandlerLeavesTheInnerAppRunning(t *testing.T) {
	leakFree(t)
	release, ended := make(chan struct{}), make(chan struct{})
	busy := webob.NewKey[int]("test.busy")
	app := native(func(r *webob.Request) *webob.Response {
		defer close(ended)
		for i := 0; ; i++ {
			busy.Set(r, i)
			select {
			case <-release:
				return webob.Failure(500, errBoom, nil)
			default:
			}
		}
	})
	h := native(func(r *webob.Request) *webob.Response {
		p := r.GetResponse(http.TimeoutHandler(marked("in", app), 5*time.Millisecond, "too slow"))
		for i := range 1000 {
			busy.Set(r, -i)
			account.Set(r, "filter")
			busy.Value(r)
		}
		return p
	})
	j := &journal{}
	rec := httptest.NewRecorder()
	logging(j, h).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, 503, rec.Code)
	assert.Equal(t, "too slow", rec.Body.String())
	close(release)
	soon(t, ended, "the app")
}

// closeCounter is a body that counts how often it is closed.
type closeCounter struct {
	io.Reader
	mu sync.Mutex
	n  int
}

func (c *closeCounter) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return nil
}

func (c *closeCounter) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// spec 2.4
func TestStreamThatAFilterReplacesIsClosed(t *testing.T) {
	for name, layer := range map[string]func(http.Handler) http.Handler{
		"native":  func(h http.Handler) http.Handler { return h },
		"mux":     muxed,
		"foreign": derived,
		"wrapper": shouting,
	} {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			source := &closeCounter{Reader: endless{}}
			closed := 0
			app := native(func(*webob.Request) *webob.Response {
				p := webob.NewResponse(200)
				p.SetBody(source)
				p.OnClose(func() { closed++ })
				return p
			})
			replacing := native(func(r *webob.Request) *webob.Response {
				r.GetResponse(layer(app))
				return webob.Text("instead")
			})
			rec := httptest.NewRecorder()
			replacing.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
			assert.Equal(t, "instead", rec.Body.String())
			assert.Equal(t, 1, source.count())
			assert.Equal(t, 1, closed)
		})
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'e'
	}
	return len(p), nil
}

// spec 2.4
func TestMadeUpRequestIsReleased(t *testing.T) {
	for name, end := range map[string]func(*webob.Request, context.CancelFunc){
		"by Release":       func(r *webob.Request, _ context.CancelFunc) { r.Release() },
		"with its context": func(_ *webob.Request, cancel context.CancelFunc) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			ended := make(chan error, 1)
			h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for {
					if _, err := w.Write(make([]byte, 1000)); err != nil {
						ended <- err
						return
					}
				}
			})
			r, cancel := made(t, "/")
			p := r.GetResponse(h)
			require.Equal(t, 200, p.Status())
			end(r, cancel)
			assert.ErrorIs(t, soon(t, ended, "the handler"), webob.ErrBodyClosed)
			_, err := p.Bytes()
			assert.Error(t, err, "the answer is gone")
		})
	}
}
