package dec_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

// nowhere is a ResponseWriter that is used again and again.
type nowhere struct {
	h http.Header
	n int
}

func (w *nowhere) Header() http.Header { return w.h }

func (w *nowhere) WriteHeader(int) {}

func (w *nowhere) Write(b []byte) (int, error) { w.n += len(b); return len(b), nil }

func (w *nowhere) WriteString(s string) (int, error) { w.n += len(s); return len(s), nil }

type server struct {
	ID     string   `json:"id" xml:"id"`
	Name   string   `json:"name" xml:"name"`
	VCPUs  int      `json:"vcpus" xml:"vcpus"`
	Public bool     `json:"public" xml:"public"`
	Tags   []string `json:"tags" xml:"tags"`
}

var web01 = &server{"b0f2a7c4", "web-01", 2, true, []string{"web", "prod"}}

func sayHello(*webob.Request) (string, error)             { return "hello", nil }
func sayResponse(*webob.Request) (*webob.Response, error) { return webob.Text("hello"), nil }
func sayServer(*webob.Request) (*server, error)           { return web01, nil }

func tag(req *webob.Request, app http.Handler) (*webob.Response, error) {
	p := req.GetResponse(app)
	p.Header().Add("X-Tag", "1")
	return p, nil
}

func eight(app http.Handler) http.Handler {
	for range 8 {
		app = dec.Middleware(tag)(app)
	}
	return app
}

func handWritten(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, "hello")
}

var three = dec.Renderers(dec.HTML(func(w io.Writer, s *server) error {
	_, err := io.WriteString(w, "<title>"+s.Name+"</title>")
	return err
}), dec.JSON, dec.XML)

func benchmarks() []struct {
	name   string
	app    http.Handler
	accept string
	allocs float64
} {
	return []struct {
		name   string
		app    http.Handler
		accept string
		allocs float64
	}{
		{"raw", http.HandlerFunc(handWritten), "", 1},
		{"string", dec.Wsgify(sayHello), "", 1},
		{"response", dec.Wsgify(sayResponse), "", 2},
		{"json", dec.Wsgify(sayServer), "", 1},
		{"negotiate html", dec.Wsgify(sayServer, three), "text/html,application/xhtml+xml,*/*;q=0.8", 3},
		{"negotiate json", dec.Wsgify(sayServer, three), "application/json, text/html;q=0.5", 1},
		{"any string", dec.Wsgify(func(*webob.Request) (any, error) { return "hello", nil }), "", 1},
		{"eight filters", eight(dec.Wsgify(sayHello)), "", 4},
		{"on head", dec.OnHead(func(_ *webob.Request, h *webob.Head) error {
			h.Header().Set("X-Tag", "1")
			return nil
		})(dec.Wsgify(sayHello)), "", 5},
	}
}

func BenchmarkApp(b *testing.B) {
	for _, row := range benchmarks() {
		b.Run(row.name, func(b *testing.B) {
			w, r := &nowhere{h: http.Header{}}, httptest.NewRequest("GET", "/", nil)
			if row.accept != "" {
				r.Header.Set("Accept", row.accept)
			}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.h)
				row.app.ServeHTTP(w, r)
			}
		})
	}
}

func TestAllocations(t *testing.T) {
	for _, row := range benchmarks() {
		t.Run(row.name, func(t *testing.T) {
			w, r := &nowhere{h: http.Header{}}, httptest.NewRequest("GET", "/", nil)
			if row.accept != "" {
				r.Header.Set("Accept", row.accept)
			}
			got := testing.AllocsPerRun(200, func() {
				clear(w.h)
				row.app.ServeHTTP(w, r)
			})
			if raceEnabled {
				t.Skip("pools drop at random under the race detector")
			}
			assert.LessOrEqual(t, got, row.allocs)
		})
	}
}
