package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob"
)

func served(t *testing.T) http.Handler {
	root, err := os.OpenRoot("public")
	require.NoError(t, err)
	t.Cleanup(func() { root.Close() })
	app, err := site(root)
	require.NoError(t, err)
	return app
}

func TestSteps(t *testing.T) {
	app := served(t)
	for _, row := range []struct {
		name, path, field, value string
		status                   int
		body                     string
	}{
		{"the first step answers", "/1/hello.txt", "", "", 200, "hello, world\n"},
		{"with the whole file, whatever is asked", "/1/hello.txt", "Range", "bytes=0-4", 200, "hello, world\n"},
		{"the second, too", "/2/hello.txt", "Range", "bytes=0-4", 200, "hello, world\n"},
		{"the third knows ranges", "/3/hello.txt", "Range", "bytes=0-4", 206, "hello"},
		{"and so does the fourth", "/4/hello.txt", "Range", "bytes=-7", 206, " world\n"},
		{"which has an index page", "/4/", "", "", 200, ""},
		{"a file that is not there", "/3/none.txt", "", "", 404, ""},
		{"a folder is no file", "/3/", "", "", 404, ""},
		{"nor is there anything outside", "/1/..%2fmain.go", "", "", 404, ""},
		{"by any step", "/4/..%2fmain.go", "", "", 403, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			req := webob.Blank(row.path)
			if row.field != "" {
				req.Header.Set(row.field, row.value)
			}
			rec := httptest.NewRecorder()
			app.ServeHTTP(rec, req.Request)
			assert.Equal(t, row.status, rec.Code)
			if row.body != "" {
				assert.Equal(t, row.body, rec.Body.String())
			}
			assert.NotContains(t, rec.Body.String(), "package main")
		})
	}
}

func TestNotModified(t *testing.T) {
	app := served(t)
	for _, path := range []string{"/3/hello.txt", "/4/hello.txt"} {
		first := httptest.NewRecorder()
		app.ServeHTTP(first, httptest.NewRequest("GET", path, nil))
		require.NotEmpty(t, first.Header().Get("ETag"))
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("If-None-Match", first.Header().Get("ETag"))
		again := httptest.NewRecorder()
		app.ServeHTTP(again, r)
		assert.Equal(t, http.StatusNotModified, again.Code, path)
		assert.Empty(t, again.Body.String())
	}
}

func TestOverASocket(t *testing.T) {
	server := httptest.NewServer(served(t))
	defer server.Close()
	resp, err := server.Client().Get(server.URL + "/")
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "/4/", resp.Request.URL.Path, "sent on to the last step")
	assert.Contains(t, string(body), "<title>Files</title>")
}
