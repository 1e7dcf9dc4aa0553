package webob

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"

	"github.com/gowebob/gowebob/internal/filetype"
	"github.com/gowebob/gowebob/webob/header"
)

// File answers 200 with a regular file: its size as Content-Length, its time as
// Last-Modified, a Content-Type by its name (or else application/octet-stream), for
// a.tar.gz a Content-Encoding as well, and answers to conditions and ranges. The types of
// the Web are the same on every system, as in package static. The file is sent by
// sendfile where the system has it, and closed with the Response.
//
// The path is the program's: never make it of what a client says, package static
// is for that. A Copy opens the file again, and fails if it is no longer the
// same; for files that change, call File for each request.
//
// An error is what opening gave (errors.Is knows fs.ErrNotExist); it becomes no
// 404 by itself. WebOb: static.FileApp.
func File(path string) (*Response, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("webob: file: %w", err)
	}
	p := NewResponse(http.StatusOK)
	if err := p.SetFile(f); err != nil {
		return nil, err
	}
	p.ext.body.(*fileBody).path = path
	ctype, coding := filetype.Of(filepath.Base(path), nil)
	if ctype == "" {
		ctype = typeBin
	}
	p.header.Set("Content-Type", ctype)
	if coding != "" {
		p.header.Set("Content-Encoding", coding)
	}
	p.header.Set("Accept-Ranges", "bytes")
	p.Conditional(true)
	return p, nil
}

// ErrNotRegular is a directory, a device or a pipe given for a file.
var ErrNotRegular = errors.New("webob: not a regular file")

// SetFile makes an open file the body, from its start to the size it has now, and
// its time the Last-Modified. The Content-Type stays. The file is closed with the
// Response, and also when it is refused with an error.
func (p *Response) SetFile(f *os.File) error {
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "read", Path: f.Name(), Err: ErrNotRegular}
	}
	if err == nil {
		err = header.LastModified.Set(&p.header, info.ModTime())
	}
	if err != nil {
		f.Close()
		return fmt.Errorf("webob: file: %w", err)
	}
	p.setStream(&fileBody{f: f, info: info, length: info.Size()}, info.Size())
	return nil
}

// fileBody is the body that a file, or a section of it, gives. It reads by
// position, so that sections may share the file.
type fileBody struct {
	f            *os.File
	path         string // where it can be opened again, or ""
	info         fs.FileInfo
	from, length int64
	at           int64 // read so far
	err          error // why it cannot be read
}

func (b *fileBody) read(p []byte) (int, error) {
	switch rest := b.length - b.at; {
	case b.err != nil:
		return 0, b.err
	case rest == 0:
		return 0, io.EOF
	case int64(len(p)) > rest:
		p = p[:rest]
	}
	n, err := b.f.ReadAt(p, b.from+b.at)
	b.at += int64(n)
	if err == io.EOF && b.at < b.length {
		err = errShort // cut off since its size was told
	}
	return n, err
}

func (b *fileBody) each(fn func([]byte) bool) error { return eachRead(b.read, fn) }

func (b *fileBody) writeTo(s *sink) error {
	if b.err != nil {
		return b.err
	}
	if _, err := b.f.Seek(b.from+b.at, io.SeekStart); err != nil {
		return err
	}
	n, err := s.ReadFrom(&io.LimitedReader{R: b.f, N: b.length - b.at})
	b.at += n
	return err
}

// section is a part of the file as a body of its own.
func (b *fileBody) section(s header.Span) *fileBody {
	return &fileBody{f: b.f, path: b.path, info: b.info, from: b.from + s.Start, length: s.Len(), err: b.err}
}

// again opens the file anew. What has become of it since shows when it is read.
func (b *fileBody) again() (stream, bool) {
	if b.path == "" {
		return nil, false
	}
	c := &fileBody{path: b.path, info: b.info, from: b.from, length: b.length}
	c.f, c.err = os.Open(b.path)
	if c.err != nil {
		return c, true
	}
	info, err := c.f.Stat()
	switch {
	case err != nil:
		c.err = err
	case !os.SameFile(info, b.info) || info.Size() != b.info.Size() || !info.ModTime().Equal(b.info.ModTime()):
		c.err = &fs.PathError{Op: "reopen", Path: b.path, Err: errFileChanged}
	}
	return c, true
}

var errFileChanged = errors.New("the file has changed since its Response was made")

// Close closes the file.
func (b *fileBody) Close() error {
	if b.err == nil {
		b.err = ErrBodyClosed
	}
	if b.f == nil {
		return nil
	}
	return b.f.Close()
}
