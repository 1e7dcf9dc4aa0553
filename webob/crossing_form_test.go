package webob_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

// net/http removes the files of a form with the http.Request that it has made; behind a
// filter the handler has a copy of it.
func TestFilesOfAParsedFormGoWithTheRequest(t *testing.T) {
	parse := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if assert.NoError(t, r.ParseMultipartForm(1)) {
			left, _ := os.ReadDir(os.TempDir())
			assert.NotEmpty(t, left, "the form is large enough to go to a file")
		}
	})
	filter := dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		return req.GetResponse(app), nil
	})
	mux := http.NewServeMux()
	mux.Handle("/", parse)
	for rule, app := range map[string]http.Handler{
		"a goroutine of its own": filter(parse),
		"on the spot":            filter(webob.Inline(parse, 0)),
		"two filters and a mux":  filter(filter(mux)),
	} {
		t.Run(rule, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			var body bytes.Buffer
			form := multipart.NewWriter(&body)
			part, err := form.CreateFormFile("file", "large")
			require.NoError(t, err)
			_, _ = part.Write(make([]byte, 11<<20))
			require.NoError(t, form.Close())
			r := httptest.NewRequest("POST", "/", &body)
			r.Header.Set("Content-Type", form.FormDataContentType())
			app.ServeHTTP(httptest.NewRecorder(), r)
			left, err := os.ReadDir(os.TempDir())
			require.NoError(t, err)
			assert.Empty(t, left)
		})
	}
}
