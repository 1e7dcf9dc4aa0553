package benchmarks

import (
	"bytes"
	"maps"
	"net/http"
	"sync"
)

// recorderPeer buffers: every middleware records the whole inner answer and may
// change all of it, the body too. It is what gives a net/http middleware the
// power of a WebOb one. The buffers are pooled.
func recorderPeer() *Peer {
	pool := &sync.Pool{New: func() any { return &recorder{h: make(http.Header)} }}
	mw := func(i int, next http.Handler) http.Handler { return recorderMW(pool, i, next) }
	return &Peer{Name: "recorder", Apps: map[string]http.Handler{
		Pipeline8:    pipeline(mw, http.HandlerFunc(rawHello)),
		Pipeline8Err: pipeline(mw, http.HandlerFunc(rawBoom)),
	}}
}

type recorder struct {
	h      http.Header
	status int
	buf    bytes.Buffer
}

func (r *recorder) reset() {
	clear(r.h)
	r.status = 0
	r.buf.Reset()
}

func (r *recorder) Header() http.Header { return r.h }

func (r *recorder) WriteHeader(code int) {
	if r.status == 0 {
		r.status = code
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(200)
	return r.buf.Write(p)
}

func (r *recorder) WriteString(s string) (int, error) {
	r.WriteHeader(200)
	return r.buf.WriteString(s)
}

func recorderMW(pool *sync.Pool, i int, next http.Handler) http.Handler {
	in, out := InKey(i), OutKey(i)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := pool.Get().(*recorder)
		rec.reset()
		next.ServeHTTP(rec, r)
		rec.WriteHeader(200)
		rec.h.Add(out, r.Header.Get(in))
		if i == ErrorMW && rec.status >= 500 {
			rec.status = 503
		}
		maps.Copy(w.Header(), rec.h)
		w.WriteHeader(rec.status)
		w.Write(rec.buf.Bytes())
		pool.Put(rec)
	})
}
