package dec_test

import (
	"encoding/csv"
	"fmt"
	"html/template"
	"io"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// Data in the format that the request accepts best.
func ExampleRenderers() {
	type server struct {
		Name string `json:"name" xml:"name"`
	}
	page := template.Must(template.New("").Parse("<h1>{{.Name}}</h1>"))
	app := dec.Wsgify(
		func(*webob.Request) (*server, error) { return &server{"web-1 & co"}, nil },
		dec.Renderers(
			dec.JSON,
			dec.XML,
			dec.HTML(func(w io.Writer, s *server) error { return page.Execute(w, s) }),
		))

	for _, accept := range []string{"*/*", "text/html", "application/xml", "image/png"} {
		resp := app.Get("/", webob.WithHeader("Accept", accept))
		body, _ := resp.Bytes()
		fmt.Printf("%d %.38q\n", resp.Status(), body)
	}
	// Output:
	// 200 "{\"name\":\"web-1 \\u0026 co\"}"
	// 200 "<h1>web-1 &amp; co</h1>"
	// 200 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
	// 406 "406 Not Acceptable\n\nThe resource could"
}

// A format of one's own.
func ExampleNewRenderer() {
	table := dec.NewRenderer("text/csv; charset=utf-8", func(w io.Writer, rows [][]string) error {
		return csv.NewWriter(w).WriteAll(rows)
	})
	app := dec.Wsgify(func(*webob.Request) ([][]string, error) {
		return [][]string{{"a", "b"}, {"1", "2"}}, nil
	}, dec.Renderers(table))
	show(app.Get("/"))
	// Output:
	// 200 text/csv; charset=utf-8 a,b
	// 1,2
}

// Error pages in the formats of an API.
func ExamplePages() {
	pages := exc.NewPages(exc.Problem, exc.HTML)
	app := dec.Wsgify(func(*webob.Request) (string, error) { return "", exc.NotFound }, dec.Pages(pages))
	fmt.Println(app.Get("/").Header().Get("Content-Type"))
	// Output: application/problem+json
}
