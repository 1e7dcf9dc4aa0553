package dec_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

// Sentences of docs/spec.md that no other test shows by the way.

// written counts how often an answer is begun.
type written struct {
	*httptest.ResponseRecorder
	heads int
}

func (w *written) WriteHeader(status int) { w.heads++; w.ResponseRecorder.WriteHeader(status) }

// spec 6.1
func TestAFilterOfOursIsANativeApp(t *testing.T) {
	var seen []*webob.Response
	look := dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		p := req.GetResponse(app)
		seen = append(seen, p)
		return p, nil
	})
	app := dec.Wsgify(func(*webob.Request) (*webob.Response, error) { return webob.Text("x"), nil })
	filters := look(look(look(app)))
	assert.Implements(t, (*webob.Responder)(nil), filters)

	w := &written{ResponseRecorder: httptest.NewRecorder()}
	filters.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, "x", w.Body.String())
	assert.Equal(t, 1, w.heads, "it is written once")
	if assert.Len(t, seen, 3) {
		assert.Same(t, seen[0], seen[1])
		assert.Same(t, seen[0], seen[2], "the same Response travels through all of them")
	}
}

// spec 6.2
func TestAFilterMayChangeOrReplaceTheAnswer(t *testing.T) {
	change := dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		p := req.GetResponse(app)
		if req.URL.Path == "/replaced" {
			p.Close()
			return webob.Text("another"), nil
		}
		p.SetStatus(203)
		p.Header().Set("X-Changed", "1")
		p.SetText("changed")
		return p, nil
	})
	for name, app := range map[string]http.Handler{
		"ours":           of("inner"),
		"foreign":        writes(200, "inner"),
		"ours, in a mux": func() http.Handler { mux := http.NewServeMux(); mux.Handle("/", of("inner")); return mux }(),
	} {
		t.Run(name, func(t *testing.T) {
			p := webob.Blank("/").GetResponse(change(app))
			assert.Equal(t, 203, p.Status())
			assert.Equal(t, "1", p.Header().Get("X-Changed"))
			assert.Equal(t, "changed", text(t, p))
			assert.Equal(t, "another", text(t, webob.Blank("/replaced").GetResponse(change(app))))
		})
	}
}
