package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

func TestSite(t *testing.T) {
	for _, row := range []struct {
		name, method, path string
		status             int
		body               string
	}{
		{"a name is greeted", "GET", "/hello?name=Ada", 200, "Hello Ada\n"},
		{"no name is the client's mistake", "GET", "/hello", 400, "Say who you are"},
		{"data is JSON", "GET", "/clock", 200, `{"now":"`},
		{"an old address leads on", "GET", "/old", 301, "/hello"},
		{"what is not there", "GET", "/nothing", 404, "404 page not found"},
		{"what may not be", "POST", "/hello", 405, "Method Not Allowed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			resp := webob.Blank(row.path, webob.WithMethod(row.method)).GetResponse(site())
			body, err := resp.Text()
			require.NoError(t, err)
			assert.Equal(t, row.status, resp.Status())
			assert.Contains(t, body, row.body)
			assert.NotEmpty(t, resp.Header().Get("Server-Timing"))
		})
	}
}

// The function stays a function.
func TestHelloByItself(t *testing.T) {
	text, err := hello(webob.Blank("/?name=Ada"))
	require.NoError(t, err)
	assert.Equal(t, "Hello Ada\n", text)
	_, err = hello(webob.Blank("/"))
	assert.ErrorIs(t, err, exc.BadRequest)
}

func TestOverASocket(t *testing.T) {
	server := httptest.NewServer(site())
	defer server.Close()
	resp, err := http.Get(server.URL + "/hello?name=Ada")
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "Hello Ada\n", string(body))
	assert.Equal(t, "text/plain; charset=utf-8", resp.Header.Get("Content-Type"))
}
