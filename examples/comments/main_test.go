package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// serve has a site with comments listen on loopback.
func serve(t *testing.T, folder string) *httptest.Server {
	t.Helper()
	app, err := newApp(folder, filepath.Join(t.TempDir(), "new", "comments"))
	require.NoError(t, err)
	server := httptest.NewServer(app)
	t.Cleanup(server.Close)
	return server
}

// get reads an answer as a browser would, redirects followed.
func get(t *testing.T, address string) string {
	t.Helper()
	resp, err := http.Get(address)
	require.NoError(t, err)
	return read(t, resp)
}

func read(t *testing.T, resp *http.Response) string {
	t.Helper()
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return string(body)
}

// say sends a comment as the form does, and gives the page that comes back.
func say(t *testing.T, server *httptest.Server, page, text string) (int, string) {
	t.Helper()
	resp, err := http.PostForm(server.URL+"/.comments", url.Values{"page": {page}, "name": {"Ada"}, "text": {text}})
	require.NoError(t, err)
	return resp.StatusCode, read(t, resp)
}

const none = "Nobody has said anything yet."

func TestTheDemo(t *testing.T) {
	server := serve(t, "")
	for _, path := range []string{"/", "/second", "/slowly"} {
		assert.Contains(t, get(t, server.URL+path), none, path)
	}
	status, page := say(t, server, "/slowly", "Hello <b>you</b>")
	assert.Equal(t, 200, status, "the browser is sent back to the page")
	assert.Contains(t, page, "Piece 3.")
	assert.Contains(t, page, "Hello &lt;b&gt;you&lt;/b&gt;")
	assert.Contains(t, get(t, server.URL+"/second"), none, "a page has its own comments")
	assert.Equal(t, "tick 1\ntick 2\ntick 3\ntick 4\ntick 5\n", get(t, server.URL+"/ticks"))
	status, _ = say(t, server, "/nowhere", "x")
	assert.Equal(t, 404, status)
}

func TestAFolder(t *testing.T) {
	folder := t.TempDir()
	big := strings.Repeat("0123456789", 100_000)
	for name, content := range map[string]string{"index.html": "<body>Welcome</body>", "a.html": "<body>A</body>", "big.bin": big} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(content), 0o666))
	}
	server := serve(t, folder)
	status, page := say(t, server, "/", "first")
	assert.Equal(t, 200, status)
	assert.True(t, strings.HasPrefix(page, "<body>Welcome<section"), page)
	assert.Contains(t, page, "first")
	assert.Contains(t, get(t, server.URL+"/a.html"), none)
	assert.Equal(t, big, get(t, server.URL+"/big.bin"))

	require.NoError(t, os.WriteFile(filepath.Join(folder, "index.html"), []byte("<body>Changed</body>"), 0o666))
	page = get(t, server.URL+"/")
	assert.Contains(t, page, "Changed", "the file is read again")
	assert.Contains(t, page, "first", "and has its comments still")
}

func TestAFormOnAnotherSite(t *testing.T) {
	server := serve(t, "")
	req, err := http.NewRequest("POST", server.URL+"/.comments", strings.NewReader("page=/&name=Ada&text=x"))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "https://evil.example")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	resp.Body.Close()
	assert.Equal(t, 403, resp.StatusCode)
	assert.Contains(t, get(t, server.URL+"/"), none)
}

func TestFolders(t *testing.T) {
	folder := t.TempDir()
	_, err := newApp(filepath.Join(folder, "absent"), t.TempDir())
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = newApp(folder, filepath.Join(folder, "comments"))
	assert.ErrorContains(t, err, "would be served")
	_, err = newApp(folder, folder)
	assert.ErrorContains(t, err, "would be served")
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(folder, link))
	_, err = newApp(folder, filepath.Join(link, "comments"))
	assert.ErrorContains(t, err, "would be served", "by another name")
	_, err = newApp(folder, folder+"-comments")
	assert.NoError(t, err, "beside it")
}
