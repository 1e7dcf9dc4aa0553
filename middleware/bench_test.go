package middleware

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/gowebob/gowebob/webob"
)

// nowhere is a writer that keeps nothing.
type nowhere struct{ h http.Header }

func (w nowhere) Header() http.Header         { return w.h }
func (w nowhere) WriteHeader(int)             {}
func (w nowhere) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkFilters is each filter round a foreign handler and round an app of ours.
func BenchmarkFilters(b *testing.B) {
	foreign := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "hello")
	})
	hello := webob.Text("hello")
	ours := respond(func(*webob.Request) *webob.Response { return hello.Copy() })
	none := func(app http.Handler) http.Handler { return app }
	for _, f := range []struct {
		name   string
		filter func(http.Handler) http.Handler
	}{
		{"none", none},
		{"ErrorPage", ErrorPage(ErrorPageOptions{})},
		{"HTTPExceptions", HTTPExceptions(HTTPExceptionsOptions{})},
		{"Recover", Recover(RecoverOptions{})},
		{"ErrorDocument", ErrorDocument(ErrorDocumentOptions{Paths: map[int]string{404: "/"}})},
		{"Recursive", Recursive()},
		{"Gzip", Gzip(GzipOptions{})},
		{"AccessLog", AccessLog(AccessLogOptions{Writer: io.Discard})},
		{"Config", Config(map[string]string{"a": "b"})},
		{"Forwarded", Forwarded(ForwardedOptions{Proxies: webob.TrustedProxies{Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}}})},
		{"Prefix", Prefix(PrefixOptions{Prefix: "/x"})},
		{"RequestID", RequestID(RequestIDOptions{})},
		{"PrintDebug", PrintDebug(PrintDebugOptions{})},
	} {
		for name, app := range map[string]http.Handler{"foreign": foreign, "ours": ours} {
			b.Run(f.name+"/"+name, func(b *testing.B) {
				h := f.filter(app)
				r := httptest.NewRequest("GET", "/x/y", nil)
				r.Header.Set("Forwarded", "for=1.1.1.1;proto=https")
				w := nowhere{http.Header{}}
				b.ReportAllocs()
				for b.Loop() {
					clear(w.h)
					h.ServeHTTP(w, r)
				}
			})
		}
	}
}

// BenchmarkGzipText compresses 4 KiB.
func BenchmarkGzipText(b *testing.B) {
	h := Gzip(GzipOptions{})(respond(func(*webob.Request) *webob.Response { return webob.Text(longText) }))
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	w := nowhere{http.Header{}}
	b.ReportAllocs()
	b.SetBytes(int64(len(longText)))
	for b.Loop() {
		clear(w.h)
		h.ServeHTTP(w, r)
	}
}
