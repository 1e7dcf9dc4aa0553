package webob

import (
	"io"
	"net/http"
	"strconv"
	"testing"
)

// benchWriter is a ResponseWriter that costs little and is used again, so that
// the toolkit is measured and not the harness.
type benchWriter struct {
	h      http.Header
	status int
	n      int
}

func (w *benchWriter) Header() http.Header { return w.h }
func (w *benchWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}
func (w *benchWriter) Write(p []byte) (int, error) {
	w.n += len(p)
	return len(p), nil
}
func (w *benchWriter) WriteString(s string) (int, error) {
	w.n += len(s)
	return len(s), nil
}

func serveLoop(b *testing.B, h http.Handler) {
	r, _ := http.NewRequest("GET", "http://example.com/x", http.NoBody)
	for i := range 8 {
		r.Header.Set("X-In-"+strconv.Itoa(i), "value-"+strconv.Itoa(i))
	}
	w := &benchWriter{h: make(http.Header, 16)}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.h)
		w.status = 0
		h.ServeHTTP(w, r)
	}
}

var (
	benchIn  = []string{"X-In-0", "X-In-1", "X-In-2", "X-In-3", "X-In-4", "X-In-5", "X-In-6", "X-In-7"}
	benchOut = []string{"X-Out-0", "X-Out-1", "X-Out-2", "X-Out-3", "X-Out-4", "X-Out-5", "X-Out-6", "X-Out-7"}
)

// rawWrap is the eight-fold filter as net/http has it: a writer that steps in.
type rawWrap struct {
	http.ResponseWriter
	key, val string
	done     bool
	fix      bool
}

func (w *rawWrap) WriteHeader(s int) {
	if !w.done {
		w.done = true
		w.Header().Set(w.key, w.val)
		if w.fix && s >= 500 {
			s = 503
		}
	}
	w.ResponseWriter.WriteHeader(s)
}

func (w *rawWrap) Write(p []byte) (int, error) {
	if !w.done {
		w.WriteHeader(200)
	}
	return w.ResponseWriter.Write(p)
}

func rawPipeline(h http.Handler) http.Handler {
	for i := 7; i >= 0; i-- {
		next := h
		h = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(&rawWrap{ResponseWriter: w, key: benchOut[i], val: r.Header.Get(benchIn[i]), fix: i == 3}, r)
		})
	}
	return h
}

func ourPipeline(h http.Handler, mid func(http.Handler) http.Handler) http.Handler {
	for i := 7; i >= 0; i-- {
		next := h
		h = respond(func(r *Request) *Response {
			v := r.Header.Get(benchIn[i])
			p := r.GetResponse(next)
			if i == 3 && p.Status() >= 500 {
				p.SetStatus(503)
			}
			p.Header().Add(benchOut[i], v)
			return p
		})
		if i == 4 && mid != nil {
			h = mid(h)
		}
	}
	return h
}

func BenchmarkRespond(b *testing.B) {
	raw := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, "hello")
	})
	native := respond(func(*Request) *Response { return Text("hello") })
	inMux := func(h http.Handler) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("/x", h)
		return mux
	}
	for _, c := range []struct {
		name string
		app  http.Handler
	}{
		{"hello/raw", raw},
		{"hello/native", native},
		{"pipeline8/raw", rawPipeline(raw)},
		{"pipeline8/native", ourPipeline(native, nil)},
		{"pipeline8/mux", ourPipeline(native, inMux)},
		{"pipeline8/inline-mux", ourPipeline(native, func(h http.Handler) http.Handler { return Inline(inMux(h), 0) })},
		{"pipeline8/foreign-inline", ourPipeline(Inline(raw, 0), nil)},
		{"pipeline8/foreign", ourPipeline(raw, nil)},
	} {
		b.Run(c.name, func(b *testing.B) { serveLoop(b, c.app) })
	}
}
