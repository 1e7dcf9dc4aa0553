package main

import (
	"bytes"
	"embed"
	"html/template"
	"strings"
	"time"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// The templates and the stylesheet are part of the program.
var (
	//go:embed templates
	templateFiles embed.FS
	//go:embed style.css
	stylesheet []byte
	//go:embed welcome.txt
	welcome string
)

// templates has every page inside of the layout.
var templates = map[string]*template.Template{
	"view":    inLayout("view"),
	"edit":    inLayout("edit"),
	"history": inLayout("history"),
	"index":   inLayout("index"),
	"error":   inLayout("error"),
}

// helpers are what templates can call.
var helpers = template.FuncMap{
	"at":    func(prefix string, t Title) string { return t.at(prefix) },
	"when":  func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") },
	"stamp": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
}

func inLayout(name string) *template.Template {
	files := []string{"templates/layout.html", "templates/" + name + ".html"}
	return template.Must(template.New("layout.html").Funcs(helpers).ParseFS(templateFiles, files...))
}

// page answers with a template, which escapes what it is given. The Response can
// still be changed: by its caller, and by the filters outside.
func page(name string, data any) (*webob.Response, error) {
	var html strings.Builder
	if err := templates[name].Execute(&html, data); err != nil {
		return nil, err
	}
	resp := webob.HTML(template.HTML(html.String()))
	resp.Header().Set("Cache-Control", "no-cache") // keep it, but ask whether it is still good
	return resp, tag(resp)
}

// tag gives a Response an ETag made of its body, and has it answer 304 to a browser
// that has this very body. Whether it does is decided when the Response is sent,
// after all filters: one that changes the body has only to call MD5ETag again.
func tag(resp *webob.Response) error {
	resp.Conditional(true)
	return resp.MD5ETag()
}

// style is the stylesheet. A Response is an app: it can be put on a mux as it is and
// answers every request with a copy of itself.
func style() *webob.Response {
	resp := webob.Bytes("text/css; charset=utf-8", stylesheet)
	resp.Header().Set("Cache-Control", "public, max-age=600")
	if err := tag(resp); err != nil {
		panic(err) // of bytes in memory
	}
	return resp
}

// createAt is what the 404 of a page says beside its text: where to create it. A
// program reads it as a member of the JSON, a person gets a link.
var createAt = exc.NewMember[string]("create")

// errorPages are the pages of all errors. Who asks for HTML gets the wiki's own;
// plain text, JSON and application/problem+json are those of package exc.
var errorPages = exc.NewPages(exc.NewFormat("text/html; charset=utf-8", errorHTML), exc.Text, exc.JSON, exc.Problem)

func errorHTML(c *exc.Content) ([]byte, error) {
	data := struct {
		*exc.Content
		Create string
	}{Content: c}
	data.Create, _ = createAt.From(c)
	var b bytes.Buffer
	err := templates["error"].Execute(&b, data)
	return b.Bytes(), err
}
