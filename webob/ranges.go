package webob

import (
	"bytes"
	"crypto/rand"
	"io"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/webob/header"
)

// ranged is the answer to a GET with a Range, RFC 9110 §14: 206 with one part or,
// as multipart/byteranges, with several, 416 where no part exists, and p itself
// where the field is bad or If-Range fails, the length is not known, or the body
// is a part already.
//
// The header package bounds the number of ranges and joins overlapping ones, so
// that no request has the same bytes sent twice.
func (p *Response) ranged(h http.Header) *Response {
	length, known := p.ContentLength()
	if !known || p.header.Has("Content-Range") {
		return p
	}
	if !p.has(streamed) && length != int64(len(p.mem)) {
		return p // sending it will say so
	}
	if holds, _ := header.IfRangeHolds(h, p.header.Get("ETag"), p.header.Get("Last-Modified")); !holds {
		return p
	}
	ranges, ok := header.Range.Get(h)
	if !ok {
		return p
	}
	spans := ranges.Spans(length)
	switch {
	case len(spans) == 0:
		q := p.refusal(http.StatusRequestedRangeNotSatisfiable)
		q.header.Set("Content-Range", header.Unsatisfied(length).String())
		return q
	case len(spans) == 1:
		return p.part(spans[0], length)
	}
	return p.parts(spans, length)
}

// part is the 206 with one part.
func (p *Response) part(s header.Span, length int64) *Response {
	q := p.derived(http.StatusPartialContent, p.header.Clone())
	q.header.Del("Content-Length")
	q.header.Set("Content-Range", s.Of(length).String())
	if p.has(streamed) {
		q.setStream(cut(p.ext.body, s), s.Len())
	} else {
		q.shareMemory(p, s.Start, s.End)
	}
	return q
}

// parts is the 206 with several, RFC 9110 §14.6. A body that can only be read
// forward is sent whole where its parts are not asked for in their order.
func (p *Response) parts(spans []header.Span, length int64) *Response {
	var source func(header.Span) io.Reader
	switch {
	case !p.has(streamed):
		memory := strings.NewReader(p.mem)
		source = func(s header.Span) io.Reader { return io.NewSectionReader(memory, s.Start, s.Len()) }
	case randomAccess(p.ext.body) != nil:
		at := randomAccess(p.ext.body)
		source = func(s header.Span) io.Reader { return io.NewSectionReader(at, s.Start, s.Len()) }
	case ascending(spans):
		source = forward(p.ext.body)
	default:
		return p
	}
	q := p.derived(http.StatusPartialContent, p.header.Clone())
	q.header.Del("Content-Length")
	boundary := rand.Text()
	q.header.Set("Content-Type", "multipart/byteranges; boundary="+boundary)
	body, n := multipartBody(spans, length, boundary, p.header.Get("Content-Type"), source)
	q.setStream(&pulled{r: body}, n)
	return q
}

// multipartBody puts the parts together, each under the type of the whole.
func multipartBody(spans []header.Span, length int64, boundary, ctype string, source func(header.Span) io.Reader) (io.Reader, int64) {
	var n int64
	readers := make([]io.Reader, 0, 2*len(spans)+1)
	text := func(s string) {
		n += int64(len(s))
		readers = append(readers, strings.NewReader(s))
	}
	lead := "--" + boundary + "\r\n"
	if ctype != "" {
		lead += "Content-Type: " + ctype + "\r\n"
	}
	for i, s := range spans {
		if i == 1 {
			lead = "\r\n" + lead
		}
		text(lead + "Content-Range: " + s.Of(length).String() + "\r\n\r\n")
		n += s.Len()
		readers = append(readers, source(s))
	}
	text("\r\n--" + boundary + "--\r\n")
	return io.MultiReader(readers...), n
}

// randomAccess is a body that can be read at any place, or nil. Only a reader
// that nobody has read from is one: its place 0 must be the body's start.
func randomAccess(s stream) io.ReaderAt {
	switch s := s.(type) {
	case *fileBody:
		return io.NewSectionReader(s.f, s.from, s.length)
	case *pulled:
		if r, ok := s.r.(*bytes.Reader); ok && int64(r.Len()) == r.Size() {
			return r
		}
		if r, ok := s.r.(*strings.Reader); ok && int64(r.Len()) == r.Size() {
			return r
		}
		if r, ok := s.r.(*io.SectionReader); ok && sectionLeft(r) == r.Size() {
			return r
		}
	}
	return nil
}

func ascending(spans []header.Span) bool {
	for i := 1; i < len(spans); i++ {
		if spans[i].Start < spans[i-1].End {
			return false
		}
	}
	return true
}

// forward gives parts of a stream that is read once, from front to end.
func forward(s stream) func(header.Span) io.Reader {
	var at int64
	return func(span header.Span) io.Reader {
		skip := span.Start - at
		at = span.End
		return windowReader{&window{stream: s, skip: skip, left: span.Len()}}
	}
}

// cut is a part of a stream's body.
func cut(s stream, span header.Span) stream {
	if f, ok := s.(*fileBody); ok {
		return f.section(span)
	}
	return &window{stream: s, from: span.Start, length: span.Len(), skip: span.Start, left: span.Len()}
}

// window shows a part of another stream: it drops skip bytes, then gives left.
type window struct {
	stream
	from, length int64 // as it was made
	skip, left   int64 // what remains to be done
}

// read takes no byte behind the window, for others may follow it.
func (w *window) read(p []byte) (int, error) {
	if w.skip > 0 {
		n, err := io.CopyN(io.Discard, bodyReader{w.stream}, w.skip)
		if w.skip -= n; err != nil {
			return 0, short(err)
		}
	}
	if w.left == 0 {
		return 0, io.EOF
	}
	n, err := w.stream.read(p[:min(int64(len(p)), w.left)])
	w.left -= int64(n)
	if err == io.EOF && w.left > 0 {
		err = errShort
	}
	return n, err
}

// short is the error of a body that ends where more was announced.
func short(err error) error {
	if err == io.EOF {
		return errShort
	}
	return err
}

// trim takes from a piece of the whole what lies in the window.
func (w *window) trim(piece []byte) []byte {
	drop := min(w.skip, int64(len(piece)))
	w.skip -= drop
	piece = piece[drop:]
	piece = piece[:min(w.left, int64(len(piece)))]
	w.left -= int64(len(piece))
	return piece
}

func (w *window) each(fn func([]byte) bool) error {
	stopped := w.left == 0
	if stopped {
		return nil
	}
	err := w.stream.each(func(piece []byte) bool {
		piece = w.trim(piece)
		stopped = len(piece) > 0 && !fn(piece) || w.left == 0
		return !stopped
	})
	if err == nil && !stopped {
		return errShort
	}
	return err
}

// writeTo skips in a reader that can, and hands the part over as a reader, so
// that sendfile survives; of other streams it passes the pieces on.
func (w *window) writeTo(s *sink) error {
	if b, ok := w.stream.(*pulled); ok && !b.closed {
		if err := b.discard(w.skip); err != nil {
			return err
		}
		w.skip = 0
		n, err := s.ReadFrom(io.LimitReader(b.r, w.left))
		w.left -= n
		return err
	}
	var failed error
	err := w.each(func(piece []byte) bool {
		_, failed = s.Write(piece)
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	return err
}

// discard drops n bytes of the reader, by seeking where it can.
func (b *pulled) discard(n int64) error {
	if f, ok := b.r.(io.Seeker); ok {
		if _, err := f.Seek(n, io.SeekCurrent); err == nil {
			return nil
		}
	}
	_, err := io.CopyN(io.Discard, b.r, n)
	return short(err)
}

func (w *window) again() (stream, bool) {
	s, ok := w.stream.again()
	if !ok {
		return nil, false
	}
	return &window{stream: s, from: w.from, length: w.length, skip: w.from, left: w.length}, true
}

type windowReader struct{ *window }

func (r windowReader) Read(p []byte) (int, error) { return r.read(p) }
