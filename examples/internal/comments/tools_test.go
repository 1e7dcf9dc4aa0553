package comments

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob"
)

// testRoot is a folder of a test's own.
func testRoot(t *testing.T) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(func() { root.Close() })
	return root
}

// get asks an app in process.
func get(app http.Handler, target string, opts ...webob.BlankOption) *webob.Response {
	return webob.Blank(target, opts...).GetResponse(app)
}

// post sends a form.
func post(app http.Handler, target string, keysAndValues ...string) *webob.Response {
	return get(app, target, webob.WithForm(keysAndValues...))
}

func text(t *testing.T, resp *webob.Response) string {
	t.Helper()
	s, err := resp.Text()
	require.NoError(t, err)
	return s
}

// send asks over a socket; nothing is followed and nothing unpacked.
func send(t *testing.T, server *httptest.Server, method, path string, header http.Header) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, server.URL+path, nil)
	require.NoError(t, err)
	for name, values := range header {
		req.Header[name] = values
	}
	resp, err := server.Client().Transport.RoundTrip(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp, string(body)
}
