package dec_test

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

func text(t *testing.T, p *webob.Response) string {
	t.Helper()
	s, err := p.Text()
	require.NoError(t, err)
	return s
}

// spec 8.1, 8.2, 8.3
func TestResultsAreAnsweredByTheirType(t *testing.T) {
	all := apps()
	for _, row := range []struct {
		app    string
		status int
		ctype  string
		body   string
	}{
		{"string", 200, "text/plain; charset=utf-8", "hello"},
		{"bytes", 200, "application/octet-stream", "\x00\xff"},
		{"html", 200, "text/html; charset=utf-8", "<p>"},
		{"response", 200, "text/plain; charset=utf-8", "r"},
		{"nil response", 200, "", ""},
		{"handler", 203, "", "GET /"},
		{"nil handler func", 200, "", ""},
		{"app in an app", 200, "text/plain; charset=utf-8", "deep"},
		{"sentinel", 404, "", "404 Not Found"},
		{"sentinel as an error", 404, "", "404 Not Found"},
		{"plain error", 500, "", "500 Internal Server Error"},
		{"nil sentinel", 200, "", ""},
		{"reader", 200, "application/octet-stream", "abc"},
		{"concrete reader", 200, "application/octet-stream", "abc"},
		{"nil reader", 200, "", ""},
		{"seq", 200, "application/octet-stream", "ab"},
		{"named seq2", 200, "application/octet-stream", "ab"},
		{"plain func as a seq", 200, "application/octet-stream", "ab"},
		{"struct", 200, "application/json", `{"X":1,"Y":2}`},
		{"struct with HTML in it", 200, "application/json", `{"a":"\u003c\u0026\u003e"}`},
		{"nil pointer", 200, "", ""},
		{"nil map", 200, "application/json", "null"},
		{"named string", 200, "application/json", `"n"`},
		{"number", 200, "application/json", "7"},
		{"raw message", 200, "application/json", `{"a":1}`},
		{"value that cannot be shown", 500, "", "500 Internal Server Error"},
		{"any string", 200, "text/plain; charset=utf-8", "s"},
		{"any named string", 200, "application/json", `"n"`},
		{"any struct", 200, "application/json", `{"X":3,"Y":4}`},
		{"any nil", 200, "", ""},
		{"any error", 500, "", "500 Internal Server Error"},
		{"any channel", 500, "", "500 Internal Server Error"},
		{"any func", 500, "", "500 Internal Server Error"},
		{"own, string", 201, "text/plain; charset=utf-8", "s"},
		{"own, nil", 201, "", ""},
		{"own, written, string", 200, "text/plain; charset=utf-8", "first more"},
		{"own, written, struct", 200, "application/json", `{"X":0,"Y":0}`},
		{"own, type, string", 200, "text/csv", "a,b"},
		{"own, type, struct", 200, "application/x+json", `{"X":0,"Y":0}`},
		{"own, streamed, string", 200, "text/plain; charset=utf-8", "a,bmore"},
		{"own, streamed badly, string", 503, "", "503 Service Unavailable"},
		{"negotiated, string", 200, "text/plain; charset=utf-8", "text/plain"},
		{"typed nil error", 200, "text/plain; charset=utf-8", "beside"},
		{"input error", 422, "", "422 Unprocessable"},
	} {
		t.Run(row.app, func(t *testing.T) {
			rec := httptest.NewRecorder()
			all[row.app].ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
			assert.Equal(t, row.status, rec.Code)
			if row.status < 400 {
				assert.Equal(t, row.ctype, rec.Header().Get("Content-Type"))
			}
			assert.True(t, strings.HasPrefix(rec.Body.String(), row.body), "%q", rec.Body)
			assert.NotContains(t, rec.Body.String(), "private")
		})
	}
}

// spec 8.4
func TestOwnResponseGivesCookiesAlone(t *testing.T) {
	for _, name := range []string{"own, response", "own, sentinel", "own, handler", "own, error"} {
		t.Run(name, func(t *testing.T) {
			p := apps()[name].(*dec.App).Get("/")
			assert.Equal(t, "a=1", p.Header().Get("Set-Cookie"))
			assert.False(t, p.Header().Has("X-Own"))
			assert.NotEqual(t, 201, p.Status())
		})
	}
}

// spec 7.1
func TestErrKeepsItsIdentity(t *testing.T) {
	plain, http404 := errors.New("plain"), exc.NotFound.With("x")
	wrapped := fmt.Errorf("reading: %w", http404)
	for _, err := range []error{plain, http404, wrapped, exc.Gone, &webob.InputError{Status: 400}, exc.Found.To("/")} {
		app := dec.Wsgify(func(*webob.Request) (point, error) { return point{}, err })
		assert.Same(t, err, app.Get("/").Err())
		assert.Same(t, err, webob.Blank("/").GetResponse(eight(app)).Err())
		assert.Same(t, err, dec.Wsgify(func(*webob.Request) (any, error) { return nil, err }).Get("/").Err())
	}
}

// spec 8.5
func TestNilsOfEveryKindAreNoError(t *testing.T) {
	var none *exc.Error
	app := dec.Wsgify(func(*webob.Request) (*webob.Response, error) { return webob.Text("x"), none })
	p := app.Get("/")
	assert.NoError(t, p.Err())
	assert.Equal(t, "x", text(t, p))
}

// closer counts how often it is closed.
type closer struct {
	io.Reader
	closed int
}

func (c *closer) Close() error { c.closed++; return nil }

// spec 8.1
func TestReadersAreClosed(t *testing.T) {
	dropping := dec.Middleware(func(req *webob.Request, app http.Handler) (string, error) {
		req.GetResponse(app)
		return "instead", nil
	})
	for _, row := range []struct {
		name   string
		method string
		err    error
		around func(http.Handler) http.Handler
	}{
		{"when sent", "GET", nil, nil},
		{"when only the head is sent", "HEAD", nil, nil},
		{"when an error stands beside", "GET", errors.New("x"), nil},
		{"when a filter sends something else", "GET", nil, dropping},
		{"when a filter passes it on", "GET", nil, eight},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := &closer{Reader: strings.NewReader("abc")}
			var app http.Handler = dec.Wsgify(func(*webob.Request) (io.Reader, error) { return r, row.err })
			if row.around != nil {
				app = row.around(app)
			}
			app.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(row.method, "/", nil))
			assert.Equal(t, 1, r.closed)
		})
	}
	t.Run("a Response beside an error", func(t *testing.T) {
		r := &closer{Reader: strings.NewReader("abc")}
		dec.Wsgify(func(*webob.Request) (*webob.Response, error) {
			p := webob.NewResponse(200)
			p.SetBody(r)
			return p, exc.Gone
		}).Get("/")
		assert.Equal(t, 1, r.closed)
	})
}

func TestPiecesAreSentAtOnce(t *testing.T) {
	seen := make(chan struct{})
	app := dec.Wsgify(func(*webob.Request) (iter.Seq[[]byte], error) {
		return func(yield func([]byte) bool) {
			yield([]byte("first\n"))
			<-seen // the client has the first piece while the second is not yet there
			yield([]byte("second\n"))
		}, nil
	})
	for name, app := range map[string]http.Handler{"outermost": app, "within filters": eight(app)} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(app)
			defer s.Close()
			resp, err := http.Get(s.URL)
			require.NoError(t, err)
			defer resp.Body.Close()
			b := make([]byte, 6)
			_, err = io.ReadFull(resp.Body, b)
			require.NoError(t, err)
			assert.Equal(t, "first\n", string(b))
			seen <- struct{}{}
			rest, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Equal(t, "second\n", string(rest))
		})
	}
}

func TestAStreamThatFailsAtOnceIsANegotiatedPage(t *testing.T) {
	app := of(iter.Seq2[[]byte, error](func(yield func([]byte, error) bool) { yield(nil, exc.BadGateway.With("upstream")) }))
	got := asker(t, app)("GET", "application/json")
	assert.Equal(t, 502, got.Status)
	assert.Equal(t, "application/json", got.Header.Get("Content-Type"))
	assert.Contains(t, got.Body, "upstream")
}

func TestRequestsOwnFailurePageWins(t *testing.T) {
	mine := dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
		req.OnFailure(func(*webob.Request, error) *webob.Response { return webob.Text("mine") })
		return app, nil
	})
	got := asker(t, mine(of(iter.Seq2[[]byte, error](failAt(0)))))("GET", "")
	assert.Equal(t, "mine", got.Body)
}

func TestResponseOfAnotherRequestIsLeftAlone(t *testing.T) {
	shared := webob.Text("one for all")
	app := dec.Wsgify(func(req *webob.Request) (*webob.Response, error) {
		req.Response().Header().Add("Set-Cookie", "user="+req.URL.Path[1:])
		return shared, nil
	})
	first, second := app.Get("/a"), app.Get("/b")
	assert.NoError(t, first.Err())
	assert.Equal(t, []string{"user=a"}, first.Header().Values("Set-Cookie"))
	assert.ErrorIs(t, second.Err(), webob.ErrClaimed)
}

func TestReturnedHandlerGetsTheRealWriter(t *testing.T) {
	type marked struct{ http.ResponseWriter }
	var got http.ResponseWriter
	leaf := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { got = w })
	app := dec.Wsgify(func(*webob.Request) (http.Handler, error) { return leaf, nil })
	for name, app := range map[string]http.Handler{
		"of a function": app,
		"of a function of a function": dec.Wsgify(func(*webob.Request) (*dec.App, error) {
			return app, nil
		}),
		"of a filter": dec.Middleware(func(_ *webob.Request, app http.Handler) (http.Handler, error) {
			return app, nil
		})(leaf),
		"of a filter that stores something": dec.Middleware(func(req *webob.Request, app http.Handler) (any, error) {
			return app, req.Environ().Set("k", 1)
		})(leaf),
	} {
		t.Run(name, func(t *testing.T) {
			w := marked{httptest.NewRecorder()}
			app.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
			assert.Equal(t, w, got)
		})
	}
}

var user = webob.NewKey[string]("test.user")

type layerKey struct{}

func TestAppReturnedByAFilterSeesTheRequestAsChanged(t *testing.T) {
	show := dec.Wsgify(func(req *webob.Request) (string, error) {
		u, _ := user.Get(req)
		return req.URL.Path + " " + u + " " + fmt.Sprint(req.Context().Value(layerKey{})), nil
	})
	mux := http.NewServeMux()
	mux.Handle("/changed", show)
	for name, app := range map[string]http.Handler{
		"ours": show, "a mux": mux, "foreign": http.HandlerFunc(show.ServeHTTP), "filters": eight(mux),
	} {
		t.Run(name, func(t *testing.T) {
			layer := dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
				user.Set(req, "alice")
				req.URL.Path = "/changed"
				req.Request = req.Request.WithContext(context.WithValue(req.Context(), layerKey{}, "v"))
				return app, nil
			})
			want := "/changed alice v"
			assert.Equal(t, want, asker(t, layer(app))("GET", "").Body)
			assert.Equal(t, want, asker(t, eight(layer(app)))("GET", "").Body)
		})
	}
}

// spec 8.1
func TestRefusals(t *testing.T) {
	for name, row := range map[string]struct {
		make func()
		says []string
	}{
		"channel":            {func() { of(make(chan int)) }, []string{"Wsgify", "chan int", "iter.Seq2"}},
		"func":               {func() { of(func() {}) }, []string{"func()", "http.HandlerFunc"}},
		"handler by a func":  {func() { of(foreign) }, []string{"func(http.ResponseWriter, *http.Request)", "http.HandlerFunc"}},
		"iterator of ints":   {func() { of[iter.Seq[int]](nil) }, []string{"iter.Seq[int]"}},
		"nil function":       {func() { dec.Wsgify[string](nil) }, []string{"nil function"}},
		"nil wrap":           {func() { dec.WsgifyAs[int, string](nil, nil) }, []string{"nil function"}},
		"nil middleware":     {func() { dec.Middleware[string](nil) }, []string{"nil function"}},
		"nil OnHead":         {func() { dec.OnHead(nil) }, []string{"nil function"}},
		"round nothing":      {func() { dec.Middleware(tag)(nil) }, []string{"nil app"}},
		"head round nothing": {func() { dec.OnHead(func(*webob.Request, *webob.Head) error { return nil })(nil) }, []string{"nil app"}},
		"middleware of a channel": {func() {
			dec.Middleware(func(*webob.Request, http.Handler) (chan int, error) { return nil, nil })
		}, []string{"Middleware", "chan int"}},
		"renderer of another type": {func() { fresh(func() point { return point{} }, three) }, []string{"*dec_test.server", "dec_test.point"}},
		"no renderer":              {func() { dec.Renderers() }, []string{"without a renderer"}},
		"zero renderer":            {func() { dec.Renderers(dec.Renderer{}) }, []string{"NewRenderer"}},
		"renderer of no type":      {func() { dec.NewRenderer("x", func(io.Writer, any) error { return nil }) }, []string{`"x"`}},
		"nil renderer":             {func() { dec.HTML[any](nil) }, []string{"nil function"}},
		"nil pages":                {func() { dec.Pages(nil) }, []string{"nil"}},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				said := fmt.Sprint(recover())
				for _, part := range row.says {
					assert.Contains(t, said, part)
				}
			}()
			row.make()
		})
	}
}

// spec 8.1
func TestNegotiation(t *testing.T) {
	app := fresh(func() *server { return web01 }, three)
	for _, row := range []struct {
		name, accept string
		status       int
		ctype, body  string
	}{
		{"no Accept is the first", "", 200, "text/html; charset=utf-8", "<title>"},
		{"anything is the first", "*/*", 200, "text/html; charset=utf-8", "<title>"},
		{"the wanted one", "application/json", 200, "application/json", `{"id":`},
		{"the heavier one", "text/html;q=0.5, application/xml", 200, "application/xml", `<?xml version="1.0" encoding="UTF-8"?>` + "\n<server><id>"},
		{"nothing acceptable", "image/png", 406, "text/plain; charset=utf-8", "406 Not Acceptable"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := asker(t, app)("GET", row.accept)
			assert.Equal(t, row.status, got.Status)
			assert.Equal(t, row.ctype, got.Header.Get("Content-Type"))
			assert.Equal(t, []string{"Accept"}, got.Header.Values("Vary"))
			assert.True(t, strings.HasPrefix(got.Body, row.body), "%q", got.Body)
		})
	}
	t.Run("406 names the offers, and is exc.NotAcceptable", func(t *testing.T) {
		p := app.(*dec.App).Get("/", webob.WithHeader("Accept", "image/png"))
		assert.ErrorIs(t, p.Err(), exc.NotAcceptable)
		assert.Contains(t, text(t, p), "text/html, application/json, application/xml")
	})
	t.Run("one format needs no choice", func(t *testing.T) {
		got := asker(t, fresh(func() *server { return web01 }, dec.Renderers(dec.XML)))("GET", "text/html")
		assert.Equal(t, 200, got.Status)
		assert.Empty(t, got.Header.Values("Vary"))
		got = asker(t, of(point{}))("GET", "text/html")
		assert.Equal(t, 200, got.Status)
		assert.Empty(t, got.Header.Values("Vary"))
	})
	t.Run("text is not negotiated", func(t *testing.T) {
		got := asker(t, fresh(func() string { return "x" }, dec.Renderers(dec.JSON, dec.XML)))("GET", "image/png")
		assert.Equal(t, "x", got.Body)
	})
}

func TestRenderersThatFail(t *testing.T) {
	var kept io.Writer
	app := dec.Wsgify(func(*webob.Request) (any, error) { return point{}, nil }, dec.Renderers(
		dec.NewRenderer("text/plain", func(w io.Writer, _ any) error {
			io.WriteString(w, "half a page")
			kept = w
			return exc.TooManyRequests.With("later")
		}), dec.HTML(func(io.Writer, *server) error { return nil })))
	p := app.Get("/")
	assert.ErrorIs(t, p.Err(), exc.TooManyRequests)
	assert.Equal(t, 429, p.Status())
	assert.NotContains(t, text(t, p), "half")
	assert.Equal(t, 429, asker(t, app)("GET", "").Status)
	_, err := io.WriteString(kept, "more")
	assert.Error(t, err, "a writer that was kept writes nothing")
	_, err = kept.Write([]byte("more"))
	assert.Error(t, err)

	p = app.Get("/", webob.WithHeader("Accept", "text/html"))
	assert.ErrorContains(t, p.Err(), "takes *dec_test.server, not dec_test.point")

	// An encoder that has failed is not used again.
	for range 10 {
		assert.Equal(t, 500, asker(t, of(broken{}))("GET", "").Status)
		assert.Equal(t, `{"X":1,"Y":0}`, asker(t, of(point{1, 0}))("GET", "").Body)
	}
}

func TestARendererOfOnesOwnForJSON(t *testing.T) {
	mine := dec.NewRenderer("application/json", func(w io.Writer, _ any) error {
		_, err := io.WriteString(w, `"mine"`)
		return err
	})
	app := fresh(func() point { return point{} }, dec.Renderers(mine))
	assert.Equal(t, `"mine"`, asker(t, app)("GET", "").Body)
	assert.Equal(t, `"mine"`, asker(t, eight(app))("GET", "").Body)
}

func TestATypeOfTheFormatStays(t *testing.T) {
	app := touched(web01, func(p *webob.Response) { p.Header().Set("Content-Type", "application/vnd.x+json; v=1") }, three)
	for accept, want := range map[string]string{
		"application/json": "application/vnd.x+json; v=1", "application/xml": "application/xml",
	} {
		assert.Equal(t, want, asker(t, app)("GET", accept).Header.Get("Content-Type"))
	}
}

func TestErrorsOfEveryKindOfFunction(t *testing.T) {
	check := func(app *dec.App) {
		t.Helper()
		assert.ErrorIs(t, app.Get("/").Err(), exc.Gone)
		assert.Equal(t, 410, asker(t, app)("GET", "").Status)
	}
	check(dec.Wsgify(func(*webob.Request) (template.HTML, error) { return "", exc.Gone }))
	check(dec.Wsgify(func(*webob.Request) ([]byte, error) { return nil, exc.Gone }))
	check(dec.Wsgify(func(*webob.Request) (*webob.Response, error) { return nil, exc.Gone }))
	check(dec.Wsgify(func(*webob.Request) (io.Reader, error) { return (*closer)(nil), exc.Gone }))
	check(dec.Wsgify(func(*webob.Request) (any, error) { return webob.Text("x"), exc.Gone }))
	check(dec.Bind(func(*webob.Request, struct{}) (point, error) { return point{}, exc.Gone }))
}

func TestAFunctionKeepsItsOwnResponse(t *testing.T) {
	inner := dec.Wsgify(func(req *webob.Request) (string, error) {
		assert.False(t, req.Response().Header().Has("X-Outer"))
		req.Response().Header().Set("X-Inner", "1")
		return "inner", nil
	})
	for name, layer := range map[string]func(http.Handler) http.Handler{
		"response": dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
			dress(req.Response())
			req.Response().Header().Set("X-Outer", "1")
			return req.GetResponse(app), nil
		}),
		"any": dec.Middleware(func(req *webob.Request, app http.Handler) (any, error) {
			dress(req.Response())
			req.Response().Header().Set("X-Outer", "1")
			return app, nil
		}),
	} {
		t.Run(name, func(t *testing.T) {
			for _, app := range []http.Handler{layer(inner), layer(layer(inner)), layer(http.HandlerFunc(inner.ServeHTTP))} {
				got := asker(t, app)("GET", "")
				assert.Equal(t, 200, got.Status)
				assert.Contains(t, got.Header.Values("Set-Cookie"), "a=1")
				assert.Empty(t, got.Header.Get("X-Outer"))
				assert.Equal(t, "1", got.Header.Get("X-Inner"))
			}
		})
	}
	t.Run("text of a filter stands by itself", func(t *testing.T) {
		quote := dec.Middleware(func(req *webob.Request, app http.Handler) (string, error) {
			s, err := req.GetResponse(app).Text()
			return "said: " + s, err
		})
		assert.Equal(t, "said: inner", asker(t, quote(inner))("GET", "").Body)
	})
}

func TestPages(t *testing.T) {
	app := fresh(func() string { return "" }, dec.Pages(exc.NewPages(exc.Problem)))
	assert.Equal(t, 200, app.(*dec.App).Get("/").Status())
	failing := dec.Wsgify(func(*webob.Request) (string, error) { return "", exc.NotFound }, dec.Pages(exc.NewPages(exc.Problem)))
	assert.Equal(t, "application/problem+json", failing.Get("/").Header().Get("Content-Type"))
}

func TestWsgifyAs(t *testing.T) {
	type session struct {
		*webob.Request
		user string
	}
	wrap := func(req *webob.Request) (*session, error) {
		if u := req.Header.Get("X-User"); u != "" {
			return &session{req, u}, nil
		}
		return nil, exc.Unauthorized
	}
	app := dec.WsgifyAs(wrap, func(s *session) (string, error) { return s.user + " at " + s.URL.Path, nil })
	assert.Equal(t, "bob at /x", text(t, app.Get("/x", webob.WithHeader("X-User", "bob"))))
	assert.ErrorIs(t, app.Get("/").Err(), exc.Unauthorized)
}

func TestShortcuts(t *testing.T) {
	app := dec.Wsgify(func(req *webob.Request) (string, error) {
		return req.Method + " " + req.URL.Path + " " + req.POST().Get("a"), nil
	})
	assert.Equal(t, "GET /x ", text(t, app.Get("/x")))
	assert.Equal(t, "HEAD /x ", text(t, app.Get("/x", webob.WithMethod("HEAD"))))
	assert.Equal(t, "POST /x 1", text(t, app.Post("/x", webob.NewMultiDict("a", "1"))))
	assert.Equal(t, "POST /x ", text(t, app.Post("/x", nil)))
	assert.Equal(t, "PUT /x 2", text(t, app.Post("/x", webob.NewMultiDict("a", "2"), webob.WithMethod("PUT"))))
	assert.Equal(t, "DELETE / ", text(t, app.Request("/", webob.WithMethod("DELETE"))))
}

func TestLargeAnswersAreNotKept(t *testing.T) {
	big := strings.Repeat("x", 1<<20)
	got := asker(t, of(names{big}))("GET", "")
	assert.Equal(t, len(big)+4, len(got.Body))
	assert.Equal(t, `["y"]`, asker(t, of(names{"y"}))("GET", "").Body)
}
