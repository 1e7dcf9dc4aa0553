package static

import (
	"io/fs"
	"net/http"
	"path/filepath"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// File is an app that answers every request with one file, whatever its path. The
// file is opened for each request, so that it may change and be missing. WebOb:
// FileApp.
type File struct {
	site
	name string
}

// NewFile serves the file at a path of the system. The path is the program's, and
// symbolic links are followed. A sibling of Options.Precompressed lies beside it.
func NewFile(path string, o Options) (*File, error) {
	f := &File{name: filepath.Base(path)}
	return f, f.set(pathSource(filepath.Dir(path)), o)
}

// NewFSFile serves a file of fsys, by its name there.
func NewFSFile(fsys fs.FS, name string, o Options) (*File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	f := &File{name: name}
	return f, f.set(fsSource{fsys}, o)
}

// Respond answers with the file: exc.NotFound where there is none, exc.Forbidden
// where it cannot be read or is a directory, exc.MethodNotAllowed for what is neither
// GET nor HEAD.
func (f *File) Respond(req *webob.Request) *webob.Response {
	p, err := f.answer(req)
	if err != nil {
		return exc.Page(req, err)
	}
	return p
}

func (f *File) answer(req *webob.Request) (*webob.Response, error) {
	if err := allowed(req); err != nil {
		return nil, err
	}
	opened, info, err := open(f.source, f.name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		opened.Close()
		return nil, exc.Forbidden.Wrap(irregular(f.name))
	}
	return f.file(req, opened, info, f.name)
}

// ServeHTTP answers with the file.
func (f *File) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(f, w, r) }
