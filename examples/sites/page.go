package main

import (
	"embed"
	"html/template"
	"regexp"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

//go:embed templates
var files embed.FS

var templates = template.Must(template.ParseFS(files, "templates/*.html"))

// page answers with a template. What it is given is .Data, and .Root is where the app
// is: links begin with it, and so are right below any prefix.
func page(req *webob.Request, name string, data any) (*webob.Response, error) {
	var html strings.Builder
	err := templates.ExecuteTemplate(&html, name, map[string]any{"Root": req.ScriptPath(), "Data": data})
	return webob.HTML(template.HTML(html.String())), err
}

var name = regexp.MustCompile(`^[\pL\pN][\pL\pN-]{0,79}$`)

// isName tells what may be a file's name.
func isName(s string) bool { return name.MatchString(s) }
