package static

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/url"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// maxListed is how many entries of a directory are shown.
const maxListed = 10_000

// entry is a line of a list.
type entry struct{ Name, URL string }

var listPage = template.Must(template.New("list").Parse(`<!DOCTYPE html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{.Title}}</title></head>
<body><h1>{{.Title}}</h1>
<ul>
{{range .Entries}}<li><a href="{{.URL}}">{{.Name}}</a></li>
{{end}}</ul>{{if .More}}
<p>and more</p>{{end}}
</body></html>
`))

// list shows the entries of a directory.
func (d *Dir) list(req *webob.Request, dir fs.File, name string) (*webob.Response, error) {
	if err := allowed(req); err != nil {
		return nil, err
	}
	reader, ok := dir.(fs.ReadDirFile)
	if !ok {
		return nil, answerable(fs.ErrPermission)
	}
	found, err := reader.ReadDir(maxListed + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("static: %w", err)
	}
	more := len(found) > maxListed
	entries := make([]entry, 0, len(found))
	for _, e := range found[:min(len(found), maxListed)] {
		if e.Name()[0] == '.' && !d.o.Dotfiles && (name != "." || e.Name() != ".well-known") {
			continue
		}
		shown := e.Name()
		if e.IsDir() {
			shown += "/"
		}
		entries = append(entries, entry{shown, "./" + (&url.URL{Path: shown}).EscapedPath()})
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.Name, b.Name) })
	title := "/"
	if name != "." {
		title += name + "/"
	}
	var b strings.Builder
	err = listPage.Execute(&b, struct {
		Title   string
		Entries []entry
		More    bool
	}{title, entries, more})
	if err != nil {
		return nil, fmt.Errorf("static: %w", err)
	}
	return webob.HTML(template.HTML(b.String())), nil
}
