package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/webob"
)

func sites(t *testing.T) http.Handler {
	t.Helper()
	app, err := deploy.LoadApp("sites.ini", registry(), deploy.Globals(map[string]string{"data": t.TempDir()}))
	require.NoError(t, err)
	return app
}

func TestSites(t *testing.T) {
	app := sites(t)
	rows := []struct {
		name, method, path, form string
		status                   int
		want                     string // in the body, or the Location
	}{
		{"the home page is a file", "GET", "/", "", 200, "Three apps under one roof"},
		{"the blog lists its posts", "GET", "/blog/", "", 200, `<a href="/blog/2026-11-01-first">The first post</a>`},
		{"a post", "GET", "/blog/2026-11-01-first", "", 200, "This is a text file."},
		{"no such post", "GET", "/blog/nothing", "", 404, "There is no post nothing."},
		{"the wiki has a first page", "GET", "/wiki/", "", 302, "/wiki/Home"},
		{"which nobody has written yet", "GET", "/wiki/Home", "", 404, `href="/wiki/Home/edit"`},
		{"its form", "GET", "/wiki/Home/edit", "", 200, `action="/wiki/Home"`},
		{"it is saved", "POST", "/wiki/Home", "text=<b>Welcome</b>", 303, "/wiki/Home"},
		{"and shown, as text", "GET", "/wiki/Home", "", 200, "&lt;b&gt;Welcome&lt;/b&gt;"},
		{"names stay in the folder", "GET", "/wiki/..%2Fsecret", "", 404, ""},
		{"and posts in theirs", "GET", "/blog/..%2Fwiki", "", 404, ""},
		{"a page has an end", "POST", "/wiki/Home", "text=" + strings.Repeat("a", maxText+1), 413, ""},
		{"the mux's own 405 has a page like all errors", "DELETE", "/wiki/Home", "", 405, "<title>405 Method Not Allowed"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			opts := []webob.BlankOption{webob.WithMethod(row.method), webob.WithHeader("Accept", "text/html")}
			if row.form != "" {
				key, value, _ := strings.Cut(row.form, "=")
				opts = append(opts, webob.WithForm(key, value))
			}
			resp := webob.Blank(row.path, opts...).GetResponse(app)
			body, err := resp.Text()
			require.NoError(t, err)
			assert.Equal(t, row.status, resp.Status())
			assert.Contains(t, body+resp.Header().Get("Location"), row.want)
		})
	}
}

// The same app elsewhere: its links go along.
func TestAnAppDoesNotKnowWhereItIs(t *testing.T) {
	wiki, err := deploy.LoadApp("sites.ini#wiki", registry(), deploy.Globals(map[string]string{"data": t.TempDir()}))
	require.NoError(t, err)
	for prefix, want := range map[string]string{"": `action="/Home"`, "/deep/down": `action="/deep/down/Home"`} {
		req := webob.Blank("/Home/edit", webob.WithEnviron("SCRIPT_NAME", prefix))
		body, err := req.GetResponse(wiki).Text()
		require.NoError(t, err)
		assert.Contains(t, body, want)
	}
}

func TestAnotherSiteCannotWrite(t *testing.T) {
	req := webob.Blank("/wiki/Home", webob.WithMethod("POST"), webob.WithForm("text", "spam"),
		webob.WithHeader("Sec-Fetch-Site", "cross-site"))
	assert.Equal(t, http.StatusForbidden, req.GetResponse(sites(t)).Status())
}
