package benchmarks

import (
	"io"
	"net/http"
)

// Writer is a minimal http.ResponseWriter which is used again and again. It has
// those optional interfaces of net/http's own that matter here: http.Flusher,
// io.StringWriter and io.ReaderFrom.
type Writer struct {
	H      http.Header
	Status int    // 0 until the answer has begun
	N      int64  // bytes of body
	Body   []byte // the body, where it is kept
	keep   bool
	buf    [4096]byte
}

// NewWriter makes a Writer that counts the body's bytes; with keep it also
// keeps them.
func NewWriter(keep bool) *Writer { return &Writer{H: make(http.Header, 16), keep: keep} }

// Reset makes the Writer new, with the header map it had.
func (w *Writer) Reset() {
	clear(w.H)
	w.Status, w.N, w.Body = 0, 0, w.Body[:0]
}

// Header gives the header map.
func (w *Writer) Header() http.Header { return w.H }

// WriteHeader keeps the first status it is told.
func (w *Writer) WriteHeader(code int) {
	if w.Status == 0 {
		w.Status = code
	}
}

// Write counts p, and keeps it where the Writer was made to.
func (w *Writer) Write(p []byte) (int, error) {
	if w.Status == 0 {
		w.Status = 200
	}
	w.N += int64(len(p))
	if w.keep {
		w.Body = append(w.Body, p...)
	}
	return len(p), nil
}

// WriteString is Write without the conversion.
func (w *Writer) WriteString(s string) (int, error) {
	if w.Status == 0 {
		w.Status = 200
	}
	w.N += int64(len(s))
	if w.keep {
		w.Body = append(w.Body, s...)
	}
	return len(s), nil
}

// ReadFrom is there because net/http's ResponseWriter has it.
func (w *Writer) ReadFrom(r io.Reader) (n int64, err error) {
	for {
		m, err := r.Read(w.buf[:])
		w.Write(w.buf[:m])
		n += int64(m)
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

// Flush does nothing.
func (w *Writer) Flush() {}
