package static

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// Dir is an app that serves the files of a directory, by the path of the request.
// It is safe for concurrent use. WebOb: DirectoryApp.
type Dir struct {
	site
	root *os.Root // to be closed with the Dir, or nil
}

// OpenDir serves the directory at a path, and nothing outside: neither dot segments
// nor symbolic links lead there. Close it when it is not needed any more. What is no
// directory is an error.
func OpenDir(path string, o Options) (*Dir, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("static: %w", err)
	}
	d, err := NewRootDir(root, o)
	if err != nil {
		root.Close()
		return nil, err
	}
	d.root = root
	return d, nil
}

// NewRootDir serves a root that stays the caller's.
func NewRootDir(root *os.Root, o Options) (*Dir, error) {
	d := new(Dir)
	if err := d.set(rootSource{root}, o); err != nil {
		return nil, err
	}
	return d, nil
}

// NewDir serves a file system: an embed.FS, a zip file, os.DirFS. What lies outside
// it is for the file system to know; os.DirFS follows symbolic links to anywhere. Its
// top must be a directory. Files without a modification time must not change as long
// as they are served.
func NewDir(fsys fs.FS, o Options) (*Dir, error) {
	switch info, err := fs.Stat(fsys, "."); {
	case err != nil:
		return nil, fmt.Errorf("static: %w", err)
	case !info.IsDir():
		return nil, fmt.Errorf("static: %w", ErrNotDir)
	}
	d := new(Dir)
	if err := d.set(fsSource{fsys}, o); err != nil {
		return nil, err
	}
	return d, nil
}

// Close lets go of the directory that OpenDir has opened; requests are answered
// with a 500 then.
func (d *Dir) Close() error {
	if d.root == nil {
		return nil
	}
	return d.root.Close()
}

// Respond answers with a file, an index page, a redirect to a directory's URL, or an
// error of package exc.
func (d *Dir) Respond(req *webob.Request) *webob.Response {
	p, err := d.answer(req)
	if err != nil {
		return exc.Page(req, err)
	}
	return p
}

// ServeHTTP answers as Respond does.
func (d *Dir) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(d, w, r) }

func (d *Dir) answer(req *webob.Request) (*webob.Response, error) {
	asked := "/"
	if req.URL != nil {
		asked = req.URL.Path
	}
	name, err := resolve(asked, strict)
	if err != nil {
		return nil, err
	}
	if hidden(name) && !d.o.Dotfiles {
		return nil, exc.NotFound
	}
	slash := strings.HasSuffix(asked, "/")
	if d.o.HideIndex && !slash && d.o.Index != "" && path.Base(name) == d.o.Index {
		return hop(req, hideLast(req.Path()))
	}
	f, info, err := open(d.source, name)
	switch {
	case err != nil:
		return d.missing(req, name, err)
	case info.IsDir():
		defer f.Close()
		return d.directory(req, f, name, slash)
	case slash:
		f.Close()
		return nil, exc.NotFound
	}
	return d.file(req, f, info, name)
}

// directory answers for a directory: its index page, a list, or nothing.
func (d *Dir) directory(req *webob.Request, dir fs.File, name string, slash bool) (*webob.Response, error) {
	missing := error(exc.NotFound)
	if d.o.Index != "" {
		index := path.Join(name, d.o.Index)
		f, info, err := open(d.source, index)
		switch {
		case err != nil:
			missing = err
		case info.IsDir():
			f.Close()
		case !slash:
			f.Close()
			return hop(req, withSlash(req.Path()))
		default:
			return d.file(req, f, info, index)
		}
	}
	switch {
	case !d.o.List && d.o.Index == "" && name == ".":
		return nil, exc.Forbidden // it is there, and everybody knows
	case !d.o.List:
		return d.missing(req, name, missing)
	case !slash:
		return hop(req, withSlash(req.Path()))
	}
	return d.list(req, dir, name)
}

// missing answers for what is not there: with the fallback, if it would be a page.
func (d *Dir) missing(req *webob.Request, name string, err error) (*webob.Response, error) {
	if d.o.Fallback == "" || !errors.Is(err, exc.NotFound) || path.Ext(name) != "" && name != "." || allowed(req) != nil {
		return nil, err
	}
	f, info, ferr := open(d.source, d.o.Fallback)
	if ferr != nil {
		return nil, ferr
	}
	if info.IsDir() {
		f.Close()
		return nil, err
	}
	return d.file(req, f, info, d.o.Fallback)
}

// hop leads to a place relative to the last segment of the request's path, with its
// query. Being relative it stays on the site, and is right behind a proxy that has
// taken the beginning of the path away.
func hop(req *webob.Request, to string) (*webob.Response, error) {
	to = "./" + to
	if req.URL != nil && req.URL.RawQuery != "" {
		to += "?" + req.URL.RawQuery
	}
	p := webob.NewResponse(http.StatusMovedPermanently)
	if err := p.SetLocation(to); err != nil {
		return nil, exc.BadRequest.Wrap(err)
	}
	return p, nil
}

// withSlash is the last segment of an escaped path with a slash behind it.
func withSlash(escaped string) string {
	if segment := escaped[strings.LastIndexByte(escaped, '/')+1:]; segment != "" {
		return segment + "/"
	}
	return ""
}

// hideLast is the directory that the last segment of an escaped path lies in,
// relative to it: nothing, unless there are escaped slashes, which were taken for
// slashes by now.
func hideLast(escaped string) string {
	plain, err := url.PathUnescape(escaped[strings.LastIndexByte(escaped, '/')+1:])
	if err != nil {
		return ""
	}
	return (&url.URL{Path: plain[:strings.LastIndexByte(plain, '/')+1]}).EscapedPath()
}
