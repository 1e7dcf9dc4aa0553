package main

import (
	"errors"
	"html/template"
	"io/fs"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/examples/internal/comments"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// Wiki is the application: functions that take a request and return a Response or
// an error.
type Wiki struct{ pages *Pages }

const (
	maxText = 256 << 10 // bytes of a page
	maxBody = 2 << 20   // bytes of a form: escaped, a text takes up to three times its length
)

// newApp puts the wiki together: apps on a mux, filters around it.
func newApp(root *os.Root) (http.Handler, error) {
	pages, err := subfolder(root, "pages")
	if err != nil {
		return nil, err
	}
	talk, err := subfolder(root, "comments")
	if err != nil {
		return nil, err
	}
	wiki := &Wiki{&Pages{pages}}
	talks := comments.NewStore(talk)

	// The mux is net/http's. What is put on it are http.Handlers: functions made
	// into apps, but also a redirect and a Response, which are apps themselves.
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", exc.Found.To(Title("Home").URL()))
	mux.Handle("GET /style.css", style())
	mux.Handle("GET /pages", dec.Wsgify(wiki.index))
	mux.Handle("GET /go", dec.Bind(wiki.find))
	mux.Handle("GET /wiki/{title}", dec.WsgifyAs(titled, wiki.view))
	mux.Handle("GET /edit/{title}", dec.WsgifyAs(titled, wiki.edit))
	mux.Handle("POST /edit/{title}", dec.WsgifyAs(titled, wiki.save))
	mux.Handle("GET /history/{title}", dec.WsgifyAs(titled, wiki.history))
	mux.Handle("GET /history/{title}/{version}", dec.WsgifyAs(titled, wiki.version))

	// The filters, from the inside out.
	var app http.Handler = mux
	for _, filter := range []func(http.Handler) http.Handler{
		talks.Filter, sameOrigin, limited, dressErrors, secure,
	} {
		app = filter(app)
	}
	return app, nil
}

// subfolder opens a folder within another one and makes it if need be.
func subfolder(root *os.Root, name string) (*os.Root, error) {
	if err := root.MkdirAll(name, 0o777); err != nil {
		return nil, err
	}
	return root.OpenRoot(name)
}

// titledRequest is a request about a page. dec.WsgifyAs hands it to the functions
// below, none of which needs to check the title any more.
type titledRequest struct {
	*webob.Request
	Title Title
}

// titled makes one. Its error is answered like one of the function itself.
func titled(req *webob.Request) (titledRequest, error) {
	if err := req.CheckPath(); err != nil {
		return titledRequest{}, err // 400: NUL, or bytes that are no text
	}
	title, err := ParseTitle(req.PathValue("title"))
	if err != nil {
		return titledRequest{}, badTitle(err)
	}
	return titledRequest{req, title}, nil
}

func badTitle(err error) error { return exc.BadRequest.Withf("That cannot be a page: %v.", err) }

// missing is the 404 of a page, with the address under which to create it.
func missing(t Title) error {
	return createAt.Set(exc.NotFound.Withf("There is no page %q yet.", string(t)), t.at("/edit/"))
}

// view shows a page.
func (w *Wiki) view(req titledRequest) (*webob.Response, error) {
	current, err := w.pages.Current(req.Title)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing(req.Title)
	}
	if err != nil {
		return nil, err // a 500 whose cause is in the log
	}
	return page("view", w.shown(req.Title, current, current))
}

// version shows a page as it was.
func (w *Wiki) version(req titledRequest) (*webob.Response, error) {
	comments.Topic.Set(req.Request, "") // comments are on the page, not on its past
	current, err := w.pages.Current(req.Title)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing(req.Title)
	}
	if err != nil {
		return nil, err
	}
	old, err := w.numbered(req.Title, req.PathValue("version"))
	if err != nil {
		return nil, err
	}
	return page("view", w.shown(req.Title, old, current))
}

// numbered is a version whose number the client has sent.
func (w *Wiki) numbered(t Title, number string) (Version, error) {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 {
		return Version{}, exc.NotFound.Withf("%q is no version of a page.", number)
	}
	v, err := w.pages.Version(t, n)
	if errors.Is(err, fs.ErrNotExist) {
		return v, exc.NotFound.Withf("There is no version %d of %q.", n, string(t))
	}
	return v, err
}

// viewPage is what the template view.html shows.
type viewPage struct {
	Title          Title
	HTML           template.HTML
	Shown, Current Version
}

func (w *Wiki) shown(t Title, v, current Version) viewPage {
	return viewPage{t, Markup(v.Text, w.pages.Has), v, current}
}

// history lists the versions of a page.
func (w *Wiki) history(req titledRequest) (*webob.Response, error) {
	comments.Topic.Set(req.Request, "")
	versions, err := w.pages.History(req.Title)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing(req.Title)
	}
	if err != nil {
		return nil, err
	}
	return page("history", map[string]any{"Title": req.Title, "Versions": versions})
}

// index lists all pages.
func (w *Wiki) index(req *webob.Request) (*webob.Response, error) {
	comments.Topic.Set(req, "")
	titles, err := w.pages.Titles()
	if err != nil {
		return nil, err
	}
	return page("index", map[string]any{"Titles": titles})
}

// search is what the field at the top of each page sends. dec.Bind fills it.
type search struct {
	Title string `query:"title"`
}

// find sends whoever has typed a title to its page.
func (w *Wiki) find(_ *webob.Request, in search) (*webob.Response, error) {
	title, err := ParseTitle(strings.TrimSpace(in.Title))
	if err != nil {
		return nil, badTitle(err)
	}
	return nil, exc.Found.To(title.URL())
}
