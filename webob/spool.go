package webob

import (
	"errors"
	"io"
	"os"
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

// readSpool reads all of src. Beyond memory bytes they go to a temporary file,
// for which own is called. hint is the length expected, or -1.
func readSpool(src io.Reader, hint, memory int64, own func(io.Closer)) (*spool, error) {
	first := int64(512)
	if hint >= 0 {
		first = min(hint+1, firstRead)
	}
	buf := make([]byte, 0, first)
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := src.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return &spool{size: int64(len(buf)), mem: buf}, nil
		}
		if err != nil {
			return nil, sourceError{err}
		}
		if int64(len(buf)) > memory {
			return spill(buf, src, own)
		}
	}
}

// spill writes what has been read, and the rest, to a temporary file.
func spill(buf []byte, src io.Reader, own func(io.Closer)) (*spool, error) {
	f, err := newTempFile()
	if err != nil {
		return nil, err
	}
	own(f)
	size := int64(0)
	chunk := buf
	buf = make([]byte, firstRead)
	for {
		n, err := f.Write(chunk)
		size += int64(n)
		if err != nil {
			return nil, err
		}
		n, err = src.Read(buf)
		chunk = buf[:n]
		if n == 0 && err == io.EOF {
			return &spool{size: size, at: f}, nil
		}
		if err != nil && err != io.EOF {
			return nil, sourceError{err}
		}
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
