package webob

import (
	"errors"
	"io"
	"io/fs"
	"iter"
	"net/http"
	"syscall"
)

// StreamWriter is what a Stream function writes its body to. Flush passes on
// what has been written at once; without it, small pieces are collected. Where a
// foreign wrapper of the writer cannot flush, it does nothing.
//
// io.Copy to it keeps sendfile where the body goes straight to a connection.
type StreamWriter interface {
	io.Writer
	Flush() error
}

// stream is a body that does not lie in memory. It is read once, by one of
// read, each and writeTo.
type stream interface {
	read(p []byte) (int, error)
	each(fn func([]byte) bool) error
	writeTo(s *sink) error
	// again gives the same body from its start, where that can be had.
	again() (stream, bool)
	io.Closer
}

// pushed is the body that a function writes.
type pushed struct {
	outlet
	fn    func(StreamWriter) error
	turns handover
}

func newPushed(fn func(StreamWriter) error) *pushed {
	b := &pushed{fn: fn}
	b.handover = &b.turns
	return b
}

// producer is the StreamWriter of a function whose body is pulled.
type producer struct{ o *outlet }

func (w producer) Write(p []byte) (int, error) {
	w.o.producing.Lock()
	defer w.o.producing.Unlock()
	return w.o.push(p)
}

func (w producer) ReadFrom(src io.Reader) (int64, error) {
	w.o.producing.Lock()
	defer w.o.producing.Unlock()
	return w.o.pushReader(src, false)
}

func (w producer) Flush() error {
	w.o.producing.Lock()
	defer w.o.producing.Unlock()
	return passOver(w.o.pushFlush())
}

// onSpot is the StreamWriter of a function whose body goes straight out.
type onSpot struct{ *sink }

func (w onSpot) Flush() error { return passOver(w.sink.Flush()) }

// passOver ignores a writer that cannot flush: what was written arrives all the
// same, and a function that returns the error would cut its body off for nothing.
func passOver(err error) error {
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}

// work writes the body for whoever pulls it.
func (b *pushed) work() error { return b.fn(producer{&b.outlet}) }

// begin starts the function for a body that is pulled.
func (b *pushed) begin() {
	b.consuming.Lock()
	defer b.consuming.Unlock()
	if !b.started && b.closed == nil {
		b.start(b)
	}
}

func (b *pushed) read(p []byte) (int, error) {
	b.begin()
	return b.outlet.read(p)
}

func (b *pushed) each(fn func([]byte) bool) error {
	b.begin()
	return b.outlet.each(fn)
}

// writeTo runs the function on the spot where nobody has begun to pull.
func (b *pushed) writeTo(s *sink) error {
	b.consuming.Lock()
	fresh := !b.started && b.closed == nil
	b.ended = b.ended || fresh
	b.started = true
	b.consuming.Unlock()
	if fresh {
		return b.fn(onSpot{s})
	}
	return b.outlet.writeTo(s)
}

func (b *pushed) again() (stream, bool) { return newPushed(b.fn), true }

func (b *pushed) Close() error {
	b.outlet.close(ErrBodyClosed)
	return nil
}

// pulled is the body that a reader gives.
type pulled struct {
	r      io.Reader
	err    error // once it has failed it stays so
	closed bool
}

func (b *pulled) read(p []byte) (int, error) {
	switch {
	case b.closed:
		return 0, ErrBodyClosed
	case b.err != nil:
		return 0, b.err
	}
	n, err := b.r.Read(p)
	if err != io.EOF {
		b.err = err
	}
	return n, err
}

func (b *pulled) each(fn func([]byte) bool) error { return eachRead(b.read, fn) }

func (b *pulled) writeTo(s *sink) error {
	switch {
	case b.closed:
		return ErrBodyClosed
	case b.err != nil:
		return b.err
	}
	_, err := s.ReadFrom(b.r)
	return err
}

func (b *pulled) again() (stream, bool) { return nil, false }

func (b *pulled) Close() error {
	if b.closed {
		return nil
	}
	b.closed = true
	if c, ok := b.r.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// brokenBody is what is left of a body that could not be read to its end.
type brokenBody struct{ err error }

func (b brokenBody) read([]byte) (int, error)     { return 0, b.err }
func (b brokenBody) each(func([]byte) bool) error { return b.err }
func (b brokenBody) writeTo(*sink) error          { return b.err }
func (b brokenBody) again() (stream, bool)        { return b, true }
func (b brokenBody) Close() error                 { return nil }

// eachRead shows what read gives, piece by piece.
func eachRead(read func([]byte) (int, error), fn func([]byte) bool) error {
	buf := make([]byte, threshold)
	for {
		n, err := read(buf)
		if n > 0 && !fn(buf[:n]) {
			return nil
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// chunked is the body that an iterator gives; every element is flushed, as PEP
// 3333 says.
func chunked(seq iter.Seq2[[]byte, error]) *pushed {
	return newPushed(func(w StreamWriter) error {
		for chunk, err := range seq {
			if err != nil {
				return err
			}
			if len(chunk) == 0 {
				continue // the head waits for something to say
			}
			if _, err := w.Write(chunk); err != nil {
				return err
			}
			if err := w.Flush(); err != nil {
				return err
			}
		}
		return nil
	})
}

// isFile says whether r ends in an *os.File, for which the first read need not
// be tried: sendfile is worth more. io.Copy shows a file in a wrapper of its own,
// so that it is told by what sendfile asks for.
func isFile(r io.Reader) bool {
	if l, ok := r.(*io.LimitedReader); ok {
		r = l.R
	}
	_, ok := r.(interface {
		fs.File
		io.Seeker
		syscall.Conn
	})
	return ok
}

// errLength is a body that has been read to its end and is not as long as announced.
var errLength = errors.New("webob: body not as long as its Content-Length")

var errShort = errors.New("webob: body shorter than its Content-Length")
