package client

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
)

// The same request through our app and through net/http's proxy.
func BenchmarkGateway(b *testing.B) {
	for _, size := range []struct {
		name string
		body string
	}{{"5B", "hello"}, {"1MiB", strings.Repeat("x", 1<<20)}} {
		srv := backend(b, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, size.body) })
		target, err := url.Parse(srv.URL)
		if err != nil {
			b.Fatal(err)
		}
		for _, h := range []struct {
			name string
			http.Handler
		}{
			{"gowebob", app(b, srv.URL, Options{})},
			{"ReverseProxy", &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}},
		} {
			b.Run(size.name+"/"+h.name, func(b *testing.B) {
				b.ReportAllocs()
				b.SetBytes(int64(len(size.body)))
				for b.Loop() {
					w := &discard{header: http.Header{}}
					h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
					if w.n != len(size.body) {
						b.Fatal(w.n)
					}
				}
			})
		}
	}
}

// discard is a writer that counts.
type discard struct {
	header http.Header
	n      int
}

func (w *discard) Header() http.Header { return w.header }
func (w *discard) WriteHeader(int)     {}
func (w *discard) Write(p []byte) (int, error) {
	w.n += len(p)
	return len(p), nil
}
