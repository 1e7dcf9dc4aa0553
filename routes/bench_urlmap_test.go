package routes

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/contentneg"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

var languages = contentneg.MustLanguages("en", "de")

// nowhere is a writer that keeps nothing.
type nowhere struct{ h http.Header }

func (w nowhere) Header() http.Header         { return w.h }
func (w nowhere) WriteHeader(int)             {}
func (w nowhere) Write(p []byte) (int, error) { return len(p), nil }

func benchRequest(target string) *http.Request {
	u, err := url.ParseRequestURI(target)
	if err != nil {
		panic(err)
	}
	return &http.Request{Method: "GET", URL: u, RequestURI: target, Host: "example.com", Header: http.Header{}, Body: http.NoBody}
}

var benchKeys = []string{"/", "/v1", "/v2.0", "/v3", "/healthcheck", "/static", "/admin", "/blog", "/wiki/talk"}

func done(http.ResponseWriter, *http.Request) {}

func BenchmarkURLMap(b *testing.B) {
	leaf := func(string) http.Handler { return http.HandlerFunc(done) }
	mux := http.NewServeMux()
	for _, key := range benchKeys[1:] {
		mux.Handle(key+"/", http.StripPrefix(key, leaf("")))
	}
	hosts := newMap(b, leaf, append(benchKeys, "http://a.example.com/", "http://b.example.com:8080/v3")...)
	for name, bench := range map[string]struct {
		h      http.Handler
		target string
	}{
		"prefix":             {newMap(b, leaf, benchKeys...), "/v3/servers/7"},
		"root":               {newMap(b, leaf, benchKeys...), "/servers/7/volumes"},
		"hosts":              {hosts, "/v3/servers/7"},
		"slashes":            {newMap(b, leaf, benchKeys...), "//v3//servers/7"},
		"ServeMux and strip": {mux, "/v3/servers/7"},
	} {
		b.Run(name, func(b *testing.B) {
			w, r := nowhere{http.Header{}}, benchRequest(bench.target)
			b.ReportAllocs()
			for b.Loop() {
				bench.h.ServeHTTP(w, r)
			}
		})
	}
}

// BenchmarkURLMapValue is the map between a filter and an app of ours.
func BenchmarkURLMapValue(b *testing.B) {
	answer := webob.Text("x")
	m := newMap(b, func(string) http.Handler {
		return respond(func(*webob.Request) *webob.Response { return answer.Copy() })
	}, benchKeys...)
	outer := respond(func(req *webob.Request) *webob.Response { return req.GetResponse(m) })
	w, r := nowhere{http.Header{}}, benchRequest("/v3/servers/7")
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		outer.ServeHTTP(w, r)
	}
}

func BenchmarkCascade(b *testing.B) {
	c := cascade(b, nil, exc.NotFound, http.HandlerFunc(done))
	w, r := nowhere{http.Header{}}, benchRequest("/v3/servers/7")
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		c.ServeHTTP(w, r)
	}
}

func TestURLMapAllocs(t *testing.T) {
	leaf := func(string) http.Handler { return http.HandlerFunc(done) }
	m, w := newMap(t, leaf, benchKeys...), nowhere{http.Header{}}
	below, root := benchRequest("/v3/servers/7"), benchRequest("/servers/7")
	assert.Zero(t, testing.AllocsPerRun(100, func() { m.ServeHTTP(w, root) }), "the root")
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { m.ServeHTTP(w, below) }), 1.0, "the request with another path")
}
