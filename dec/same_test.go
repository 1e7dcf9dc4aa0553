package dec_test

import (
	"bytes"
	"encoding/json"
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

	"github.com/gowebob/gowebob/contentneg"
	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// wire is what a client sees.
type wire struct {
	Status int
	Header http.Header
	Body   string
	Length int64
	Cut    bool
}

// asker starts a server of app; what it returns sends one request over a socket.
func asker(t *testing.T, app http.Handler) func(method, accept string) wire {
	s := httptest.NewUnstartedServer(app)
	s.Config.ErrorLog = quiet
	s.Start()
	t.Cleanup(s.Close)
	return func(method, accept string) wire {
		t.Helper()
		req, err := http.NewRequest(method, s.URL+"/a/b?x=1", nil)
		require.NoError(t, err)
		if accept != "" {
			req.Header.Set("Accept", accept)
		}
		resp, err := s.Client().Transport.RoundTrip(req)
		if err != nil {
			return wire{Cut: true}
		}
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		resp.Header.Del("Date")
		return wire{resp.StatusCode, resp.Header, string(b), resp.ContentLength, err != nil}
	}
}

type (
	name      string
	names     []string
	namedSeq  func(func([]byte) bool)
	namedSeq2 iter.Seq2[[]byte, error]
	point     struct{ X, Y int }
	broken    struct{ Err int }
)

func (broken) MarshalJSON() ([]byte, error) { return nil, errors.New("broken") }

func of[T any](v T) http.Handler {
	return dec.Wsgify(func(*webob.Request) (T, error) { return v, nil })
}

// fresh is of for values that can be used once.
func fresh[T any](f func() T, opts ...dec.Option) http.Handler {
	return dec.Wsgify(func(*webob.Request) (T, error) { return f(), nil }, opts...)
}

// touched is of after the function has done something to its own response.
func touched[T any](v T, touch func(*webob.Response), opts ...dec.Option) http.Handler {
	return dec.Wsgify(func(req *webob.Request) (T, error) { touch(req.Response()); return v, nil }, opts...)
}

func pieces(yield func([]byte) bool) {
	_ = yield([]byte("a")) && yield([]byte("b"))
}

func pieces2(yield func([]byte, error) bool) {
	_ = yield([]byte("a"), nil) && yield([]byte("b"), nil)
}

func dress(p *webob.Response) {
	p.SetStatus(201)
	p.Header().Set("X-Own", "1")
	p.Header().Add("Set-Cookie", "a=1")
}

var formats = contentneg.MustTypes("text/plain", "text/html")

func foreign(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Foreign", "1")
	w.WriteHeader(203)
	fmt.Fprintf(w, "%s %s", r.Method, r.URL)
}

// apps has every kind of result.
func apps() map[string]http.Handler {
	var nilAny any
	return map[string]http.Handler{
		"string":                      of("hello"),
		"empty string":                of(""),
		"long string":                 of(strings.Repeat("é", 5000)),
		"bytes":                       of([]byte{0, 255}),
		"nil bytes":                   of([]byte(nil)),
		"html":                        of(template.HTML("<p>")),
		"response":                    fresh(func() *webob.Response { return webob.Text("r") }),
		"nil response":                of((*webob.Response)(nil)),
		"response 204":                fresh(func() *webob.Response { return webob.NewResponse(204) }),
		"response 304":                fresh(func() *webob.Response { return webob.NewResponse(304) }),
		"streamed response":           fresh(func() *webob.Response { return webob.Stream("text/csv", commas) }),
		"response without a type":     fresh(func() *webob.Response { return webob.NewResponse(200) }),
		"response of a bad status":    fresh(func() *webob.Response { return webob.NewResponse(700) }),
		"response of a bad header":    touched("x", func(p *webob.Response) { p.Header().Set("X", "a\nb") }),
		"handler":                     of[http.Handler](http.HandlerFunc(foreign)),
		"handler func":                of(http.HandlerFunc(foreign)),
		"nil handler func":            of(http.HandlerFunc(nil)),
		"nil handler":                 of[http.Handler](nil),
		"mux":                         of(http.NewServeMux()),
		"app":                         of(dec.Wsgify(sayHello)),
		"app in an app":               of(of(of("deep"))),
		"filter":                      of(dec.Middleware(tag)(http.HandlerFunc(foreign))),
		"filter round an app":         of(dec.Middleware(tag)(dec.Wsgify(sayServer))),
		"sentinel":                    of(exc.NotFound),
		"nil sentinel":                of((*exc.Error)(nil)),
		"redirect":                    of(exc.Found.To("/x")),
		"sentinel as an error":        of[error](exc.NotFound),
		"plain error":                 of(errors.New("private")),
		"nil error":                   of[error](nil),
		"reader":                      fresh(func() io.Reader { return strings.NewReader("abc") }),
		"reader without length":       fresh(func() io.Reader { return io.MultiReader(strings.NewReader("abc")) }),
		"concrete reader":             fresh(func() *bytes.Buffer { return bytes.NewBufferString("abc") }),
		"nil reader":                  of((*bytes.Buffer)(nil)),
		"seq":                         of(iter.Seq[[]byte](pieces)),
		"seq2":                        of(iter.Seq2[[]byte, error](pieces2)),
		"plain func as a seq":         of(pieces),
		"plain func as a seq2":        of(pieces2),
		"named seq":                   of(namedSeq(pieces)),
		"named seq2":                  of(namedSeq2(pieces2)),
		"nil seq":                     of(iter.Seq[[]byte](nil)),
		"struct":                      of(point{1, 2}),
		"struct with HTML in it":      of(map[string]string{"a": "<&>"}),
		"pointer":                     of(&point{1, 2}),
		"nil pointer":                 of((*point)(nil)),
		"pointer to a pointer":        of(ptr(&point{1, 2})),
		"map":                         of(map[string]int{"b": 1, "a": 2}),
		"nil map":                     of(map[string]int(nil)),
		"slice":                       of(names{"a", "b"}),
		"nil slice":                   of(names(nil)),
		"named string":                of(name("n")),
		"number":                      of(7),
		"bool":                        of(false),
		"raw message":                 of(json.RawMessage(`{"a": 1}`)),
		"bad raw message":             of(json.RawMessage(`{`)),
		"value that cannot be shown":  of(broken{}),
		"nothing":                     of(struct{}{}),
		"any nil":                     of(nilAny),
		"any string":                  of[any]("s"),
		"any bytes":                   of[any]([]byte("b")),
		"any html":                    of[any](template.HTML("<b>")),
		"any named string":            of[any](name("n")),
		"any struct":                  of[any](point{3, 4}),
		"any nil pointer":             of[any]((*point)(nil)),
		"any handler":                 of[any](http.HandlerFunc(foreign)),
		"any nil handler":             of[any](http.HandlerFunc(nil)),
		"any response":                fresh(func() any { return webob.Text("r") }),
		"any nil response":            of[any]((*webob.Response)(nil)),
		"any error":                   of[any](errors.New("private")),
		"any reader":                  fresh(func() any { return strings.NewReader("abc") }),
		"any seq":                     of[any](iter.Seq[[]byte](pieces)),
		"any func as a seq2":          of[any](pieces2),
		"any channel":                 of[any](make(chan int)),
		"any func":                    of[any](func() {}),
		"any number":                  of[any](1.5),
		"stringer":                    of[fmt.Stringer](dir("x")),
		"HTML of three":               fresh(func() *server { return web01 }, three),
		"own, string":                 touched("s", dress),
		"own, html":                   touched(template.HTML("<p>"), dress),
		"own, bytes":                  touched([]byte("b"), dress),
		"own, struct":                 touched(point{}, dress),
		"own, struct of three":        touched(web01, dress, three),
		"own, nil":                    touched[any](nil, dress),
		"own, reader":                 touched[io.Reader](strings.NewReader(""), dress),
		"own, seq":                    touched(pieces, dress),
		"own, response":               dec.Wsgify(func(req *webob.Request) (*webob.Response, error) { dress(req.Response()); return webob.Text("x"), nil }),
		"own, sentinel":               touched(exc.Gone, dress),
		"own, handler":                touched(http.HandlerFunc(foreign), dress),
		"own, error":                  touched[error](errors.New("private"), dress),
		"own, written, string":        touched("more", func(p *webob.Response) { p.WriteString("first ") }),
		"own, written, html":          touched(template.HTML("more"), func(p *webob.Response) { p.WriteString("first ") }),
		"own, written, bytes":         touched([]byte("more"), func(p *webob.Response) { p.WriteString("first ") }),
		"own, written, struct":        touched(point{}, func(p *webob.Response) { p.WriteString("first ") }),
		"own, type, string":           touched("a,b", func(p *webob.Response) { p.Header().Set("Content-Type", "text/csv") }),
		"own, type, struct":           touched(point{}, func(p *webob.Response) { p.Header().Set("Content-Type", "application/x+json") }),
		"own, streamed, string":       touched("more", func(p *webob.Response) { p.SetStream(commas) }),
		"own, streamed badly, string": touched("more", func(p *webob.Response) { p.SetStream(early) }),
		"own, 204, string":            touched("s", func(p *webob.Response) { p.SetStatus(204) }),
		"negotiated, string": dec.Wsgify(func(req *webob.Request) (string, error) {
			i, _ := req.Negotiate(formats)
			return formats.Value(i), nil
		}),
		"negotiated, struct": dec.Wsgify(func(req *webob.Request) (point, error) {
			req.Negotiate(formats)
			return point{}, nil
		}),
		"error":            fails(errors.New("private")),
		"HTTP error":       fails(exc.NotFound.With("no such thing")),
		"wrapped":          fails(fmt.Errorf("reading: %w", exc.Forbidden)),
		"typed nil error":  fails((*exc.Error)(nil)),
		"input error":      fails(&webob.InputError{Status: 422, Public: "bad"}),
		"moved":            fails(exc.SeeOther.To("/y")),
		"abort":            fails(http.ErrAbortHandler),
		"early failure":    of(iter.Seq2[[]byte, error](failAt(0))),
		"late failure":     of(iter.Seq2[[]byte, error](failAt(1))),
		"early HTTP error": fresh(func() *webob.Response { return webob.Stream("text/csv", early) }),
	}
}

func (d dir) String() string { return string(d) }

type dir string

func ptr[T any](v T) *T { return &v }

func commas(w webob.StreamWriter) error { _, err := io.WriteString(w, "a,b"); return err }

func early(webob.StreamWriter) error { return exc.ServiceUnavailable }

func failAt(n int) func(func([]byte, error) bool) {
	return func(yield func([]byte, error) bool) {
		for range n {
			if !yield([]byte("piece"), nil) {
				return
			}
		}
		yield(nil, errors.New("private"))
	}
}

func fails(err error) http.Handler {
	return dec.Wsgify(func(req *webob.Request) (string, error) { return "beside", err })
}

// layers do nothing, each in its own way.
var layers = map[string]func(http.Handler) http.Handler{
	"filter": dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		return req.GetResponse(app), nil
	}),
	"filter that returns the app": dec.Middleware(func(_ *webob.Request, app http.Handler) (http.Handler, error) {
		return app, nil
	}),
	"filter that stores something": dec.Middleware(func(req *webob.Request, app http.Handler) (any, error) {
		return app, req.Environ().Set("seen", true)
	}),
	"OnHead": dec.OnHead(func(*webob.Request, *webob.Head) error { return nil }),
	"mux within a filter": func(app http.Handler) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("/", app)
		return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
			return req.GetResponse(app), nil
		})(mux)
	},
	"foreign handler within OnHead": func(app http.Handler) http.Handler {
		return dec.OnHead(func(*webob.Request, *webob.Head) error { return nil })(
			http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(w, r) }))
	},
}

// What an app answers does not depend on who is asking: without a Response where
// nobody is outside, with one where a filter looks on.
// spec 1.2, 8.6
func TestSameAnswerOutermostAndWithin(t *testing.T) {
	for appName, app := range apps() {
		t.Run(appName, func(t *testing.T) {
			plain := asker(t, app)
			for layerName, layer := range layers {
				layered := asker(t, layer(app))
				for _, method := range []string{"GET", "HEAD"} {
					for _, accept := range []string{"", "application/json", "image/png"} {
						assert.Equal(t, plain(method, accept), layered(method, accept), "%s %q, %s", method, accept, layerName)
					}
				}
			}
		})
	}
}
