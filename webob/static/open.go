package static

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// source opens files by names in the form of fs.FS.
type source interface {
	open(name string) (fs.File, error)
}

// rootSource never leaves its root: the kernel resolves each segment from there.
type rootSource struct{ *os.Root }

func (s rootSource) open(name string) (fs.File, error) {
	f, err := s.OpenFile(name, openFlags, 0)
	if err != nil {
		return nil, rootError(err)
	}
	return f, nil
}

// rootError is the error of a Root for which there is no file here: one that leads
// outside has no name that could be asked for.
func rootError(err error) error {
	var path *fs.PathError
	if !errors.As(err, &path) {
		return err
	}
	if _, system := errors.AsType[syscall.Errno](err); !system && !errors.Is(err, fs.ErrClosed) {
		return exc.NotFound.Wrap(err)
	}
	return err
}

// fsSource is any file system. One that may have pipes and devices is asked first:
// opening a pipe waits for whoever writes to it.
type fsSource struct{ fs.FS }

func (s fsSource) open(name string) (fs.File, error) {
	if _, ok := s.FS.(fs.StatFS); ok {
		info, err := fs.Stat(s.FS, name)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() && !info.IsDir() {
			return nil, irregular(name)
		}
	}
	return s.Open(name)
}

// pathSource is a directory of the system that the program takes files from, links
// followed.
type pathSource string

func (s pathSource) open(name string) (fs.File, error) {
	f, err := os.OpenFile(filepath.Join(string(s), name), openFlags, 0)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func irregular(name string) error {
	return &fs.PathError{Op: "open", Path: name, Err: webob.ErrNotRegular}
}

// open opens a regular file or a directory. The error is the one to answer with.
func open(s source, name string) (fs.File, fs.FileInfo, error) {
	f, err := s.open(name)
	if err != nil {
		return nil, nil, answerable(err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		err = irregular(name)
	}
	if err != nil {
		f.Close()
		return nil, nil, answerable(err)
	}
	return f, info, nil
}

// answerable gives an error of opening its status. A missing file is nobody's
// fault and has no cause to log; what is not known here stays a 500.
func answerable(err error) error {
	switch {
	case errors.Is(err, exc.NotFound):
		return err
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrInvalid), errors.Is(err, syscall.ENOTDIR),
		errors.Is(err, syscall.ENAMETOOLONG), errors.Is(err, syscall.EINVAL):
		return exc.NotFound
	case errors.Is(err, syscall.ELOOP), errors.Is(err, webob.ErrNotRegular), errors.Is(err, syscall.ENXIO):
		return exc.NotFound.Wrap(err)
	case errors.Is(err, fs.ErrPermission):
		return exc.Forbidden.Wrap(err)
	}
	return err
}
