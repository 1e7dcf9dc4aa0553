package webob

import (
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
)

// spool is a body that has been read: in memory, in a temporary file, or still in
// the seekable body that the request came with. Its bytes never change, so that
// any number of readers may stand over it.
type spool struct {
	size int64
	mem  []byte      // the whole body if at is nil
	at   io.ReaderAt // where it lies otherwise
	own  bool        // at is the body the request came with
	once sync.Once   // reads a file into mem
	err  error
}

// ReadAt is io.ReaderAt.
func (s *spool) ReadAt(p []byte, off int64) (int, error) {
	if s.at != nil {
		return s.at.ReadAt(p, off)
	}
	if off >= int64(len(s.mem)) {
		return 0, io.EOF
	}
	n := copy(p, s.mem[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// bytes is the whole body in memory.
func (s *spool) bytes() ([]byte, error) {
	if s.at != nil {
		s.once.Do(func() {
			mem := make([]byte, s.size)
			if n, err := s.at.ReadAt(mem, 0); n < len(mem) {
				s.err = err
				return
			}
			s.mem = mem
		})
	}
	return s.mem[:len(s.mem):len(s.mem)], s.err
}

// replay is a Body over a spool. Closing it does nothing: the spool ends with the
// request, and those further out may want to read it again.
type replay struct {
	s   *spool
	off int64
}

func (b *replay) Read(p []byte) (int, error) {
	if b.off >= b.s.size {
		return 0, io.EOF
	}
	if int64(len(p)) > b.s.size-b.off {
		p = p[:b.s.size-b.off]
	}
	n, err := b.s.ReadAt(p, b.off)
	b.off += int64(n)
	if n > 0 && err == io.EOF {
		err = nil
	}
	return n, err
}

var errSeek = errors.New("webob: seek before the start of the body")

func (b *replay) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += b.off
	case io.SeekEnd:
		offset += b.s.size
	}
	if offset < 0 || whence < io.SeekStart || whence > io.SeekEnd {
		return 0, errSeek
	}
	b.off = offset
	return offset, nil
}

func (b *replay) ReadAt(p []byte, off int64) (int, error) { return b.s.ReadAt(p, off) }

func (b *replay) Close() error { return nil }

// sourceError is an error of the reader that a spool is filled from, to be told
// from those of the temporary file.
type sourceError struct{ error }

func (e sourceError) Unwrap() error { return e.error }

// firstRead is how much memory is taken before a byte has come, whatever
// Content-Length promises.
const firstRead = 32 << 10

// spooling says how a body is read.
type spooling struct {
	src    io.Reader
	length int64    // expected, or -1
	exact  bool     // read no more than length
	memory int64    // beyond that it goes to a temporary file
	limit  int64    // beyond that it is an *http.MaxBytesError
	owner  *Request // takes the temporary file
}

// read fills s with all there is to be read.
func (p *spooling) read(s *spool) error {
	first := int64(512)
	if p.length >= 0 {
		first = min(p.length+1, firstRead)
	}
	buf := make([]byte, 0, first)
	for {
		if len(buf) == cap(buf) {
			buf = p.grow(buf)
		}
		n, err := p.next(buf[len(buf):cap(buf)], int64(len(buf)))
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			s.size, s.mem = int64(len(buf)), buf
			return nil
		}
		if err != nil {
			return err
		}
		if int64(len(buf)) > p.memory {
			return p.spill(s, buf)
		}
	}
}

// grow makes room, at once for all that is expected when a part of it has come.
func (p *spooling) grow(buf []byte) []byte {
	more := len(buf)
	if rest := p.length + 1 - int64(len(buf)); rest > 0 {
		more = int(min(rest, 3*int64(len(buf))))
	}
	return slices.Grow(buf, more)
}

// next reads once into room, read bytes having come before.
func (p *spooling) next(room []byte, read int64) (int, error) {
	if p.exact && int64(len(room)) > p.length-read {
		if room = room[:p.length-read]; len(room) == 0 {
			return 0, io.EOF
		}
	}
	n, err := p.src.Read(room)
	switch {
	case read+int64(n) > p.limit:
		return n, sourceError{&http.MaxBytesError{Limit: p.limit}}
	case err != nil && err != io.EOF:
		return n, sourceError{err}
	}
	return n, err
}

// spill writes what has been read, and the rest, to a temporary file.
func (p *spooling) spill(s *spool, buf []byte) error {
	f, err := newTempFile()
	if err != nil {
		return err
	}
	p.owner.own(f)
	s.at = f
	chunk := buf
	buf = make([]byte, firstRead)
	for ended := false; ; {
		n, err := f.Write(chunk)
		s.size += int64(n)
		if err != nil || ended {
			return err
		}
		n, err = p.next(buf, s.size)
		if err != nil && err != io.EOF {
			return err
		}
		chunk, ended = buf[:n], err == io.EOF
	}
}

// tempFile is a file that is gone with its last reader. Where the system does
// not let go of the name of an open file it is removed when closed.
type tempFile struct {
	*os.File
	named bool
}

func newTempFile() (*tempFile, error) {
	f, err := os.CreateTemp("", "gowebob-")
	if err != nil {
		return nil, err
	}
	return &tempFile{f, os.Remove(f.Name()) != nil}, nil
}

// Close closes the file and removes it where that has not been done.
func (f *tempFile) Close() error {
	err := f.File.Close()
	if f.named {
		err = errors.Join(err, os.Remove(f.Name()))
	}
	return err
}
