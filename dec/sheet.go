package dec

import (
	"bytes"
	"encoding/json"
	"io"
	"sync"
)

// sheet is what data is written on before it is sent: a buffer with an encoder
// bound to it, used again and again. It never leaves this package.
type sheet struct {
	buf  bytes.Buffer
	json *json.Encoder
}

var sheets = sync.Pool{New: func() any {
	s := new(sheet)
	s.json = json.NewEncoder(&s.buf)
	return s
}}

// maxSheet is the largest buffer that is kept.
const maxSheet = 64 << 10

func newSheet() *sheet { return sheets.Get().(*sheet) }

// free gives the sheet back. One on which something went wrong must not be: an
// Encoder remembers its error for ever.
func (s *sheet) free() {
	if s.buf.Cap() > maxSheet {
		return
	}
	s.buf.Reset()
	sheets.Put(s)
}

// writeJSON is v as json.Marshal has it.
func (s *sheet) writeJSON(v any) error {
	if err := s.json.Encode(v); err != nil {
		return err
	}
	s.buf.Truncate(s.buf.Len() - 1) // the newline
	return nil
}

// pen is the writer a renderer is given: one that keeps it cannot spoil the sheet
// of another answer.
type pen struct{ buf *bytes.Buffer }

func (w *pen) drop() { w.buf = nil }

// Write appends to the answer.
func (w *pen) Write(b []byte) (int, error) {
	if w.buf == nil {
		return 0, io.ErrClosedPipe
	}
	return w.buf.Write(b)
}

// WriteString appends to the answer.
func (w *pen) WriteString(s string) (int, error) {
	if w.buf == nil {
		return 0, io.ErrClosedPipe
	}
	return w.buf.WriteString(s)
}
