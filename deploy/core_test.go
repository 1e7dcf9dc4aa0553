package deploy_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy"
)

func files(t testing.TB, texts ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(texts); i += 2 {
		path := filepath.Join(dir, texts[i])
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(texts[i+1]), 0o644))
	}
	return dir
}

func kit() *deploy.Registry {
	r := deploy.NewRegistry()
	r.App("egg:Kit#hello", func(c deploy.Config) (http.Handler, error) {
		opts := struct {
			Greeting string `ini:",required"`
			Name     string
		}{Name: "world"}
		if err := c.Decode(&opts); err != nil {
			return nil, err
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, opts.Greeting+", "+opts.Name+"!")
		}), nil
	})
	r.Filter("egg:Kit#tag", func(c deploy.Config) (func(http.Handler) http.Handler, error) {
		var opts struct {
			Tag string `ini:",required"`
		}
		if err := c.Decode(&opts); err != nil {
			return nil, err
		}
		return func(app http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Add("X-Tag", opts.Tag)
				app.ServeHTTP(w, r)
			})
		}, nil
	})
	return r
}

func TestPipeline(t *testing.T) {
	dir := files(t, "main.ini", "[pipeline:main]\npipeline = a b hello\n[filter:a]\nuse=egg:kit#tag\ntag=1\n[filter:b]\nuse=a\ntag=2\n[app:hello]\nuse=egg:Kit#hello\ngreeting=Hi\n")
	app, err := deploy.LoadApp("config:main.ini", kit(), deploy.RelativeTo(dir))
	require.NoError(t, err)
	rec := httptest.NewRecorder()
	app.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, "Hi, world!", rec.Body.String())
	assert.Equal(t, []string{"1", "2"}, rec.Header()["X-Tag"])
}
