package main

import (
	"errors"
	"html/template"
	"io/fs"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/examples/internal/comments"
	"github.com/gowebob/gowebob/examples/internal/usertext"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// editForm is what the form sends.
type editForm struct {
	Text string `form:"text"`
	Base int    `form:"base"` // the version that the editor has started from
	Do   string `form:"do"`   // the button: save or preview
}

// editPage is what the template edit.html shows.
type editPage struct {
	Title   Title
	Text    string
	Base    int
	MaxText int
	Preview template.HTML
	Problem string   // why nothing was saved
	Theirs  *Version // what somebody else has saved meanwhile
}

// edit shows the form, with the page as it stands or, to bring it back, with the
// version that the query names.
func (w *Wiki) edit(req titledRequest) (*webob.Response, error) {
	current, err := w.pages.Current(req.Title)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	text := current.Text
	if from := req.GET().Get("from"); from != "" {
		old, err := w.numbered(req.Title, from)
		if err != nil {
			return nil, err
		}
		text = old.Text
	}
	return w.form(req, http.StatusOK, editPage{Text: text, Base: current.Number})
}

// save stores the page, or shows what it would look like.
func (w *Wiki) save(req titledRequest) (*webob.Response, error) {
	var form editForm
	if err := req.DecodeStrict(&form); err != nil {
		return nil, err
	}
	text := usertext.Clean(form.Text)
	answer := editPage{Text: text, Base: form.Base}
	switch {
	case len(text) > maxText: // the writer gets the text back: nothing is lost
		answer.Problem = "The text is too long. Some of it could become a page of its own."
		return w.form(req, http.StatusRequestEntityTooLarge, answer)
	case form.Do == "preview":
		answer.Preview = Markup(text, w.pages.Has)
		return w.form(req, http.StatusOK, answer)
	case strings.TrimSpace(text) == "":
		answer.Problem = "A page needs some text."
		return w.form(req, http.StatusUnprocessableEntity, answer)
	}
	err := w.pages.Save(req.Title, form.Base, text)
	if errors.Is(err, ErrConflict) {
		return w.conflict(req, answer)
	}
	if err != nil {
		return nil, err
	}
	return nil, exc.SeeOther.To(req.Title.URL()) // so that a reload does not post again
}

// conflict answers the slower one of two editors: both texts, and a form that starts
// from the version that is there now. It is a 409, but not an error page: a
// Response may have any status.
func (w *Wiki) conflict(req titledRequest, answer editPage) (*webob.Response, error) {
	theirs, err := w.pages.Current(req.Title)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	answer.Problem = "Somebody else has saved this page while you were writing."
	answer.Base, answer.Theirs = theirs.Number, &theirs
	return w.form(req, http.StatusConflict, answer)
}

// form answers with the form. It is kept by nobody: the version in it goes stale.
func (w *Wiki) form(req titledRequest, status int, data editPage) (*webob.Response, error) {
	comments.Topic.Set(req.Request, "") // nothing to comment on
	data.Title, data.MaxText = req.Title, maxText
	resp, err := page("edit", data)
	if err != nil {
		return nil, err
	}
	resp.SetStatus(status)
	resp.Header().Set("Cache-Control", "no-store")
	return resp, nil
}
