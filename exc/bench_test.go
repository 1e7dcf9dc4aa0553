package exc_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// nowhere is a client that counts.
type nowhere struct {
	h http.Header
	n int
}

func (w *nowhere) Header() http.Header { return w.h }
func (w *nowhere) WriteHeader(int)     {}
func (w *nowhere) Write(b []byte) (int, error) {
	w.n += len(b)
	return len(b), nil
}
func (w *nowhere) WriteString(s string) (int, error) {
	w.n += len(s)
	return len(s), nil
}

func benchServe(b *testing.B, app http.Handler, accept string) {
	r := httptest.NewRequest("GET", "/", nil)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	w := &nowhere{h: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		app.ServeHTTP(w, r)
	}
	if w.n == 0 {
		b.Fatal("nothing was sent")
	}
}

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

func BenchmarkSentinel(b *testing.B)        { benchServe(b, exc.NotFound, "") }
func BenchmarkSentinelBrowser(b *testing.B) { benchServe(b, exc.NotFound, browser) }
func BenchmarkSentinelProblem(b *testing.B) { benchServe(b, exc.NotFound, "application/problem+json") }

func BenchmarkSentinelThroughDec(b *testing.B) {
	app := dec.Wsgify(func(*webob.Request) (string, error) { return "", exc.NotFound })
	benchServe(b, app, "application/json")
}

func BenchmarkDetailThroughDec(b *testing.B) {
	for name, accept := range map[string]string{"text": "", "html": browser, "json": "application/json", "problem": "application/problem+json"} {
		b.Run(name, func(b *testing.B) {
			app := dec.Wsgify(func(*webob.Request) (string, error) { return "", exc.NotFound.With("no such <server>") })
			benchServe(b, app, accept)
		})
	}
}

func BenchmarkRedirectThroughDec(b *testing.B) {
	app := dec.Wsgify(func(*webob.Request) (string, error) { return "", exc.SeeOther.To("/login?next=/a") })
	benchServe(b, app, browser)
}

// BenchmarkPageUnseen is a page that a filter replaces: it is never rendered.
func BenchmarkPageUnseen(b *testing.B) {
	req := get("/", "Accept", browser)
	err := exc.NotFound.With("no such <server>")
	b.ReportAllocs()
	for b.Loop() {
		if exc.Page(req, err).Status() != 404 {
			b.Fatal()
		}
	}
}

// BenchmarkHTTPError is what net/http has for it, without a choice of formats.
func BenchmarkHTTPError(b *testing.B) {
	benchServe(b, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "Not Found", 404) }), "")
}

// TestAllocationsOfASentinel: Response, error, header block, the page is ready.
func TestAllocationsOfASentinel(t *testing.T) {
	req := get("/", "Accept", "application/json")
	exc.Page(req, exc.NotFound)
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { exc.Page(req, exc.NotFound) }), 3.0)
}
