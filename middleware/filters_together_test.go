package middleware

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// What HEAD gets has the header that GET gets, though there is no text to go by.
func TestErrorPageOfHEAD(t *testing.T) {
	for rule, app := range map[string]http.Handler{
		"a page of its own, length told": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			w.Header().Set("Content-Length", "14")
			w.WriteHeader(404)
			if r.Method != http.MethodHead {
				io.WriteString(w, "my own message")
			}
		}),
		"a mux's page":            http.NotFoundHandler(),
		"a mux's without a word":  plain(405, "", "", "Allow", "GET"),
		"a page of its own, sent": plain(404, "text/plain", "my own message"),
	} {
		filtered := ErrorPage(ErrorPageOptions{})(app)
		get, head := fetch(filtered, "/"), fetch(filtered, "/", webob.WithMethod("HEAD"))
		assert.Equal(t, get.StatusCode, head.StatusCode, rule)
		assert.Equal(t, get.Header.Get("Content-Type"), head.Header.Get("Content-Type"), rule)
		assert.Equal(t, get.Header.Get("Vary"), head.Header.Get("Vary"), rule)
	}
}

func TestPrintDebugOfACompressedFailure(t *testing.T) {
	failing := dec.Wsgify(func(*webob.Request) (any, error) { return nil, errors.New("boom") })
	app := PrintDebug(PrintDebugOptions{})(Gzip(GzipOptions{MinSize: -1})(failing))
	resp := fetch(app, "http://localhost/", wantsGzip, webob.WithEnviron("REMOTE_ADDR", "127.0.0.1"))
	assert.Equal(t, 500, resp.StatusCode)
	assert.Empty(t, resp.Header.Get("Content-Encoding"), "the report is text")
	assert.Contains(t, body(t, resp), "boom")
}

func TestErrorDocumentVariesOnce(t *testing.T) {
	app := ErrorDocument(ErrorDocumentOptions{Paths: map[int]string{404: "/e"}})(exc.NotFound)
	assert.Equal(t, []string{"Accept"}, fetch(app, "/x").Header.Values("Vary"))
}

// A connection taken over behind another filter is told as one, not as a 200.
func TestAccessLogOfAHijackedConnection(t *testing.T) {
	take := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, rw, err := http.NewResponseController(w).Hijack()
		if assert.NoError(t, err) {
			_, _ = rw.WriteString("HTTP/1.1 101 Switching Protocols\r\n\r\n")
			_ = rw.Flush()
			conn.Close()
		}
	})
	for rule, app := range map[string]http.Handler{"alone": take, "behind a filter": Gzip(GzipOptions{})(take)} {
		entries := make(chan AccessEntry, 1)
		server := httptest.NewServer(AccessLog(AccessLogOptions{Log: func(e *AccessEntry) { entries <- *e }})(app))
		resp, err := server.Client().Get(server.URL)
		require.NoError(t, err, rule)
		resp.Body.Close()
		assert.Zero(t, (<-entries).Status, rule)
		server.Close()
	}
}
