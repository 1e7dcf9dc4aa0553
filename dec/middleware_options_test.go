package dec_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

func TestOptionsOfMiddleware(t *testing.T) {
	pages := dec.Pages(exc.NewPages(exc.NewFormat("text/x-fault", func(c *exc.Content) ([]byte, error) {
		return fmt.Appendf(nil, "fault %d", c.Status), nil
	})))
	refuse := func(req *webob.Request) error {
		if req.URL.Path == "/refused" {
			return exc.Forbidden
		}
		return nil
	}
	filters := map[string]func(http.Handler) http.Handler{
		"that returns a Response": dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
			return req.GetResponse(app), refuse(req)
		}, pages),
		"that returns the app": dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
			return app, refuse(req)
		}, pages),
	}
	app := dec.Wsgify(func(req *webob.Request) (string, error) {
		if req.URL.Path == "/failed" {
			return "", exc.NotFound
		}
		return "fine", nil
	})
	for kind, filter := range filters {
		t.Run(kind, func(t *testing.T) {
			for path, want := range map[string]string{"/": "fine", "/refused": "fault 403"} {
				text, err := webob.Blank(path).GetResponse(filter(app)).Text()
				require.NoError(t, err)
				assert.Equal(t, want, text)
			}
			p := webob.Blank("/failed").GetResponse(filter(app))
			assert.Equal(t, "text/plain; charset=utf-8", p.Header().Get("Content-Type"), "the app's error is the app's to show")
		})
	}
	data := dec.Middleware(func(*webob.Request, http.Handler) (map[string]int, error) {
		return map[string]int{"a": 1}, nil
	}, dec.Renderers(dec.NewRenderer("text/x-data", func(w io.Writer, _ map[string]int) error { _, err := io.WriteString(w, "data"); return err })))
	p := webob.Blank("/").GetResponse(data(app))
	assert.Equal(t, "text/x-data", p.Header().Get("Content-Type"))
	assert.Panics(t, func() {
		dec.Middleware(func(*webob.Request, http.Handler) (map[string]int, error) { return nil, nil },
			dec.Renderers(dec.NewRenderer("text/x", func(io.Writer, []int) error { return nil })))
	}, "a renderer of another type")
}

func ExampleMiddleware_options() {
	brief := exc.NewPages(exc.NewFormat("text/plain", func(c *exc.Content) ([]byte, error) {
		return []byte(c.Detail), nil
	}))
	guard := dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
		if req.Header.Get("Authorization") == "" {
			return nil, exc.Unauthorized.Challenge("Bearer").With("Who are you?")
		}
		return app, nil
	}, dec.Pages(brief))
	resp := webob.Blank("/").GetResponse(guard(webob.Text("secret")))
	text, _ := resp.Text()
	fmt.Println(resp.Status(), text)
	// Output: 401 Who are you?
}
