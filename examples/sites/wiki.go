package main

import (
	"errors"
	"io/fs"
	"net/http"
	"os"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// wiki keeps each page as a file. (A real one, with history and more, is
// examples/wiki.)
type wiki struct{ pages *os.Root }

// newWiki is the factory that "use = egg:Wiki" names.
func newWiki(cfg deploy.Config) (http.Handler, error) {
	var opts struct {
		Pages string `ini:"pages,required"`
	}
	if err := cfg.Decode(&opts); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(opts.Pages, 0o777); err != nil {
		return nil, cfg.Errorf("pages", "%w", err)
	}
	root, err := os.OpenRoot(opts.Pages)
	if err != nil {
		return nil, cfg.Errorf("pages", "%w", err)
	}
	w := &wiki{root}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", dec.Wsgify(home))
	mux.Handle("GET /{title}", dec.Wsgify(w.view))
	mux.Handle("GET /{title}/edit", dec.Wsgify(w.edit))
	mux.Handle("POST /{title}", dec.Bind(w.save))
	app := http.NewCrossOriginProtection().Handler(mux)
	return closing{app, root}, nil
}

// home sends to the first page. ApplicationURL is where the app is, which it need not know.
func home(req *webob.Request) (*webob.Response, error) {
	return nil, exc.Found.To(req.ScriptPath() + "/Home")
}

func (w *wiki) view(req *webob.Request) (*webob.Response, error) {
	title, text, err := w.read(req)
	if errors.Is(err, fs.ErrNotExist) {
		resp, err := page(req, "missing.html", title)
		if err == nil {
			resp.SetStatus(http.StatusNotFound)
		}
		return resp, err
	}
	if err != nil {
		return nil, err
	}
	return page(req, "view.html", map[string]string{"Title": title, "Text": text})
}

func (w *wiki) edit(req *webob.Request) (*webob.Response, error) {
	title, text, err := w.read(req)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return page(req, "edit.html", map[string]string{"Title": title, "Text": text})
}

// maxText is how long a page may be, in bytes.
const maxText = 64 << 10

func (w *wiki) save(req *webob.Request, in struct {
	Title string `path:"title"`
	Text  string `form:"text"`
}) (*webob.Response, error) {
	switch {
	case !isName(in.Title):
		return nil, exc.BadRequest.With("A title has letters, digits and hyphens.")
	case len(in.Text) > maxText:
		return nil, exc.ContentTooLarge.Withf("A page has at most %d bytes.", maxText)
	}
	if err := w.write(in.Title, in.Text); err != nil {
		return nil, err
	}
	return nil, exc.SeeOther.To(req.ScriptPath() + "/" + in.Title)
}

// write replaces the page at once: who reads sees the old text or the new one.
func (w *wiki) write(title, text string) error {
	if err := w.pages.WriteFile(title+".new", []byte(text), 0o666); err != nil {
		return err
	}
	return w.pages.Rename(title+".new", title+".txt")
}

func (w *wiki) read(req *webob.Request) (title, text string, err error) {
	title = req.PathValue("title")
	if !isName(title) {
		return "", "", exc.NotFound.With("A title has letters, digits and hyphens.")
	}
	b, err := w.pages.ReadFile(title + ".txt")
	return title, string(b), err
}
