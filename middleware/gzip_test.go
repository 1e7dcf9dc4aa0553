package middleware

import (
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

var longText = strings.Repeat("all work and no play makes jack a dull boy\n", 100)

func unpacked(t testing.TB, resp *http.Response) string {
	t.Helper()
	if resp.Header.Get("Content-Encoding") != "gzip" {
		return body(t, resp)
	}
	zr, err := gzip.NewReader(resp.Body)
	require.NoError(t, err)
	b, err := io.ReadAll(zr)
	require.NoError(t, err)
	return string(b)
}

func TestGzipNegotiates(t *testing.T) {
	for field, coding := range map[string]string{
		"gzip": "gzip", "GZIP": "gzip", "x-gzip": "gzip", "gzip, deflate, br": "gzip", "*": "gzip", "deflate;q=1, gzip;q=0.5": "gzip",
		"br, *;q=0.1": "gzip", "gzip;q=0": "", "*;q=0": "", "identity": "", "": "", "-": "", "br": "", "gzip;q=0, *": "", "identity, gzip;q=0.5": "",
	} {
		for name, app := range map[string]http.Handler{
			"ours": webob.Text(longText), "foreign": plain(200, "text/plain", longText),
		} {
			var opts []webob.BlankOption
			if field != "-" {
				opts = append(opts, webob.WithHeader("Accept-Encoding", field))
			}
			resp := fetch(Gzip(GzipOptions{})(app), "/", opts...)
			assert.Equal(t, coding, resp.Header.Get("Content-Encoding"), "%s %q", name, field)
			assert.Equal(t, "Accept-Encoding", resp.Header.Get("Vary"), "%s %q", name, field)
			assert.Equal(t, longText, unpacked(t, resp), "%s %q", name, field)
		}
	}
	both := Gzip(GzipOptions{Codings: []string{"deflate", "gzip"}})(webob.Text(longText))
	assert.Equal(t, "deflate", fetch(both, "/", webob.WithHeader("Accept-Encoding", "gzip, deflate")).Header.Get("Content-Encoding"))
}

var wantsGzip = webob.WithHeader("Accept-Encoding", "gzip")

func TestGzipLeavesAlone(t *testing.T) {
	for rule, row := range map[string]struct {
		app  http.Handler
		vary string
	}{
		"a short text":        {webob.Text("short"), ""},
		"a picture":           {plain(200, "image/png", longText), ""},
		"an archive":          {plain(200, "application/zip", longText), ""},
		"a document":          {plain(200, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", longText), ""},
		"a packed font":       {plain(200, "font/woff2", longText), ""},
		"a coding":            {plain(200, "text/plain", longText, "Content-Encoding", "br"), ""},
		"a part":              {plain(206, "text/plain", longText, "Content-Range", "bytes 0-1/2"), "Accept-Encoding"},
		"a hint to leave it":  {plain(200, "text/plain", longText, "Cache-Control", "max-age=1, No-Transform"), ""},
		"no content":          {plain(204, "", ""), ""},
		"nothing has changed": {plain(304, "", "", "Etag", `"x"`), "Accept-Encoding"},
	} {
		resp := fetch(Gzip(GzipOptions{})(row.app), "/", wantsGzip)
		assert.NotEqual(t, "gzip", resp.Header.Get("Content-Encoding"), rule)
		assert.Equal(t, row.vary, resp.Header.Get("Vary"), rule)
	}
	for rule, app := range map[string]http.Handler{
		"JSON": plain(200, "application/json; charset=utf-8", longText), "SVG": plain(200, "image/svg+xml", longText),
		"an error": plain(404, "Text/HTML", longText), "a font": plain(200, "font/ttf", longText),
	} {
		assert.Equal(t, "gzip", fetch(Gzip(GzipOptions{})(app), "/", wantsGzip).Header.Get("Content-Encoding"), rule)
	}
	small := Gzip(GzipOptions{MinSize: -1})
	assert.Equal(t, "gzip", fetch(small(webob.Text("x")), "/", wantsGzip).Header.Get("Content-Encoding"))
	assert.Empty(t, fetch(small(webob.Text("")), "/", wantsGzip).Header.Get("Content-Encoding"), "nothing is nothing")
	types := Gzip(GzipOptions{Types: []string{"image/png", "font/*"}})
	assert.Equal(t, "gzip", fetch(types(plain(200, "image/PNG", longText)), "/", wantsGzip).Header.Get("Content-Encoding"))
	assert.Equal(t, "gzip", fetch(types(plain(200, "font/x", longText)), "/", wantsGzip).Header.Get("Content-Encoding"))
	assert.Empty(t, fetch(types(webob.Text(longText)), "/", wantsGzip).Header.Get("Content-Encoding"))
}

func TestGzipHead(t *testing.T) {
	app := Gzip(GzipOptions{})(webob.Text(longText))
	get := fetch(app, "/", wantsGzip)
	head := fetch(app, "/", wantsGzip, webob.WithMethod("HEAD"))
	get.Header.Del("Content-Length")
	head.Header.Del("Content-Length")
	assert.Equal(t, get.Header, head.Header)
	assert.Empty(t, body(t, head))
}

func TestGzipTags(t *testing.T) {
	app := Gzip(GzipOptions{})(respond(func(*webob.Request) *webob.Response {
		p := webob.Text(longText)
		p.Header().Set("Etag", `"v1"`)
		p.Header().Set("Accept-Ranges", "bytes")
		p.Conditional(true)
		return p
	}))
	resp := fetch(app, "/", wantsGzip)
	assert.Equal(t, `"v1-gzip"`, resp.Header.Get("Etag"))
	assert.Empty(t, resp.Header.Get("Accept-Ranges"))
	assert.Equal(t, 304, fetch(app, "/", wantsGzip, webob.WithHeader("If-None-Match", `"v1-gzip"`)).StatusCode)
	ranged := fetch(app, "/", wantsGzip, webob.WithHeader("Range", "bytes=0-3"))
	whole, part := body(t, resp), body(t, ranged)
	assert.Equal(t, 206, ranged.StatusCode)
	assert.Equal(t, "gzip", ranged.Header.Get("Content-Encoding"))
	assert.Equal(t, whole[:4], part, "a range is one of the coded bytes")
	plain := fetch(app, "/", webob.WithHeader("Range", "bytes=0-3"))
	assert.Equal(t, 206, plain.StatusCode)
	assert.Equal(t, "all ", body(t, plain))
}

func TestGzipStreams(t *testing.T) {
	next := make(chan struct{})
	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "first")
		w.(http.Flusher).Flush()
		<-next
		io.WriteString(w, "second")
	})
	server := httptest.NewServer(Gzip(GzipOptions{})(app))
	defer server.Close()
	resp, err := server.Client().Get(server.URL) // the transport asks for gzip, and unpacks it
	require.NoError(t, err)
	defer resp.Body.Close()
	require.True(t, resp.Uncompressed)
	b := make([]byte, 5)
	got := make(chan error, 1)
	go func() { _, err := io.ReadFull(resp.Body, b); got <- err }()
	select {
	case err := <-got:
		require.NoError(t, err)
	case <-time.After(5 * time.Second):
		t.Error("the first piece waits for the second")
	}
	close(next)
	rest, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "first second", string(b)+" "+string(rest))
}

func TestGzipKeepsErrors(t *testing.T) {
	resp, _ := answer(t, Gzip(GzipOptions{MinSize: -1})(exc.NotFound), "/", wantsGzip)
	assert.ErrorIs(t, resp.Err(), exc.NotFound)
	assert.Equal(t, []string{"Accept", "Accept-Encoding"}, strings.Split(resp.Header().Get("Vary"), ", "))
	cut := respond(func(*webob.Request) *webob.Response {
		return webob.Stream("text/plain", func(w webob.StreamWriter) error {
			io.WriteString(w, longText)
			w.Flush()
			return errors.New("cut")
		})
	})
	server := httptest.NewServer(Gzip(GzipOptions{})(cut))
	server.Config.ErrorLog = nil
	defer server.Close()
	got, err := server.Client().Get(server.URL)
	require.NoError(t, err)
	defer got.Body.Close()
	_, err = io.ReadAll(got.Body)
	assert.Error(t, err, "a cut body never looks whole")
}

func TestGzipOptions(t *testing.T) {
	for rule, o := range map[string]GzipOptions{
		"level": {Level: 10}, "below": {Level: -1}, "coding": {Codings: []string{"br"}}, "type": {Types: []string{"text"}},
	} {
		assert.Error(t, o.Validate(), rule)
		assert.Panics(t, func() { Gzip(o) }, rule)
	}
	one := fetch(Gzip(GzipOptions{Level: 1})(webob.Text(longText)), "/", wantsGzip)
	assert.Equal(t, longText, unpacked(t, one))
}
