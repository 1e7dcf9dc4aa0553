package middleware

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// respond is an app of ours made of a function.
type respond func(*webob.Request) *webob.Response

func (f respond) Respond(r *webob.Request) *webob.Response         { return f(r) }
func (f respond) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(f, w, r) }

// plain is a handler that knows nothing of us.
func plain(status int, contentType, body string, fields ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		for i := 0; i < len(fields); i += 2 {
			w.Header().Add(fields[i], fields[i+1])
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	})
}

// fetch asks as a server's client would, without a network.
func fetch(h http.Handler, target string, opts ...webob.BlankOption) *http.Response {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, webob.Blank(target, opts...).Request)
	return rec.Result()
}

func body(t testing.TB, resp *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return string(b)
}

// answer is status, header and body of an app asked in process.
func answer(t testing.TB, app http.Handler, target string, opts ...webob.BlankOption) (*webob.Response, string) {
	t.Helper()
	resp := webob.Blank(target, opts...).GetResponse(app)
	text, err := resp.Text()
	require.NoError(t, err)
	return resp, text
}

var asJSON = webob.WithHeader("Accept", "application/problem+json")

func TestErrorPageOfAnyMux(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /x", func(http.ResponseWriter, *http.Request) {})
	mux.Handle("POST /ours", webob.Text("ours"))
	post := webob.WithMethod("POST")
	for _, row := range []struct {
		rule   string
		app    http.Handler
		opts   []webob.BlankOption
		target string
		status int
		allow  string
	}{
		{"ServeMux: nothing there", mux, nil, "/none", 404, ""},
		{"ServeMux: another method", mux, []webob.BlankOption{post}, "/x", 405, "GET, HEAD"},
		{"ServeMux: another method of an app of ours", mux, nil, "/ours", 405, "POST"},
		{"http.NotFound", http.NotFoundHandler(), nil, "/", 404, ""},
		{"http.FileServer", http.FileServer(http.Dir(t.TempDir())), nil, "/none", 404, ""},
		{"chi and gorilla: 405 without a word", plain(405, "", "", "Allow", "GET", "Allow", "PUT"), nil, "/", 405, "GET"},
		{"gin: 405", plain(405, "text/plain", "405 method not allowed"), nil, "/", 405, ""},
		{"httprouter: 405", plain(405, "text/plain; charset=utf-8", "Method Not Allowed\n", "Allow", "GET, OPTIONS"), nil, "/", 405, "GET, OPTIONS"},
		{"http.Error with the status alone", plain(503, "text/plain; charset=utf-8", "Service Unavailable\n"), nil, "/", 503, ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			app := ErrorPage(ErrorPageOptions{})(row.app)
			resp := fetch(app, row.target, append(row.opts, asJSON)...)
			assert.Equal(t, row.status, resp.StatusCode)
			assert.Equal(t, "application/problem+json", resp.Header.Get("Content-Type"))
			assert.Equal(t, row.allow, resp.Header.Get("Allow"))
			var problem struct{ Status int }
			require.NoError(t, json.NewDecoder(resp.Body).Decode(&problem))
			assert.Equal(t, row.status, problem.Status)

			value, _ := answer(t, app, row.target, row.opts...)
			sentinel, _ := exc.ForStatus(row.status)
			assert.ErrorIs(t, value.Err(), sentinel, "filters outside see the error")
		})
	}
}

func TestErrorPageLeavesApplicationsAlone(t *testing.T) {
	ours := errors.New("mine")
	for rule, app := range map[string]http.Handler{
		"a page of its own":     plain(404, "text/html", "<h1>Nothing</h1>"),
		"words of its own":      plain(404, "text/plain; charset=utf-8", "no such user"),
		"HTML of a known text":  plain(404, "text/html", "404 page not found"),
		"JSON":                  plain(404, "application/json", `{"message":"Not Found"}`),
		"another status's name": plain(403, "text/plain", "404 page not found"),
		"more than the text":    plain(404, "text/plain", "404 page not found"+strings.Repeat(" ", 100)+"."),
		"a coding":              plain(404, "text/plain", "Not Found", "Content-Encoding", "gzip"),
		"a status nobody knows": plain(499+100, "text/plain", ""),
		"success":               plain(200, "text/plain", "404 page not found"),
		"an error of ours":      exc.NotFound.With("no such user"),
		"a failure":             respond(func(req *webob.Request) *webob.Response { return exc.Page(req, ours) }),
	} {
		t.Run(rule, func(t *testing.T) {
			want := fetch(app, "/x")
			got := fetch(ErrorPage(ErrorPageOptions{})(app), "/x")
			assert.Equal(t, want.StatusCode, got.StatusCode)
			assert.Equal(t, body(t, want), body(t, got))
			assert.Equal(t, want.Header.Get("Content-Type"), got.Header.Get("Content-Type"))
		})
	}
	kept := ErrorPage(ErrorPageOptions{Keep: func(req *webob.Request, _ *webob.Response) bool { return req.Path() == "/raw" }})(http.NotFoundHandler())
	_, text := answer(t, kept, "/raw")
	assert.Equal(t, "404 page not found\n", text)
	_, text = answer(t, kept, "/x")
	assert.Contains(t, text, "The resource could not be found.")
}

func TestErrorPageOfOnesOwn(t *testing.T) {
	app := ErrorPage(ErrorPageOptions{Pages: exc.NewPages(exc.JSON)})
	for _, h := range []http.Handler{http.NotFoundHandler(), exc.NotFound, http.NewServeMux()} {
		resp, text := answer(t, app(h), "/x")
		assert.Equal(t, "application/json", resp.Header().Get("Content-Type"))
		assert.Contains(t, text, `"404 Not Found"`)
	}
	head := fetch(app(http.NotFoundHandler()), "/x", webob.WithMethod("HEAD"))
	assert.Equal(t, 404, head.StatusCode)
	assert.Equal(t, "application/json", head.Header.Get("Content-Type"))
	assert.Empty(t, body(t, head))
	cookies := fetch(app(plain(404, "text/plain", "Not Found", "Set-Cookie", "a=1", "Set-Cookie", "b=2", "X-Content-Type-Options", "nosniff")), "/x")
	assert.Equal(t, []string{"a=1", "b=2"}, cookies.Header.Values("Set-Cookie"), "fields of filters in between stay")
}
