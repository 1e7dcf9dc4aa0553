package everyfront

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Front is one way into App.
type Front struct {
	URL    string // where App is, without a slash at the end
	Client *http.Client
	Mount  string // SCRIPT_NAME that App should see
	User   string // REMOTE_USER that the front says

	NoRawPath bool // the front does not tell how a path was escaped
	NoAbort   bool // the front cannot tell an answer that breaks off
	RunOnce   bool // each request has a process of its own
	NoPeer    bool // the client's address is not known
	Buffers   bool // the front keeps answers back
	NoHints   bool // the front takes a 1xx for the answer
}

// row is one thing that must be the same whatever is in front.
type row struct {
	name string
	run  func(*testing.T, Front)
}

// Check plays all rows.
func Check(t *testing.T, f Front) {
	if f.Client == nil {
		f.Client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{}}
	}
	f.Client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	defer f.Client.CloseIdleConnections()
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) { row.run(t, f) })
	}
}

var rows = []row{
	{"the environ", theEnviron}, {"the path as it was written", rawPath}, {"a large upload", upload}, {"an upload in chunks", uploadChunked},
	{"a large answer", download}, {"HEAD", head}, {"a stream", streams}, {"conditions", conditions}, {"an error page", page},
	{"no content", noContent}, {"a relative redirect", redirect}, {"several cookies", manyCookies}, {"a foreign handler", foreign},
	{"an answer that breaks off", breaksOff}, {"an answer that is too short", tooShort}, {"a panic", panics},
}

func (f Front) do(t *testing.T, method, path string, body io.Reader, header ...string) (*http.Response, string) {
	t.Helper()
	resp, text, err := f.try(t, method, path, body, header...)
	require.NoError(t, err)
	return resp, text
}

func (f Front) try(t *testing.T, method, path string, body io.Reader, header ...string) (*http.Response, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, f.URL+path, body)
	require.NoError(t, err)
	for i := 0; i < len(header); i += 2 {
		req.Header[header[i]] = append(req.Header[header[i]], header[i+1])
	}
	resp, err := f.Client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp, string(b), err
}

func theEnviron(t *testing.T, f Front) {
	_, text := f.do(t, "POST", "/env/a?x=1&y=%20", strings.NewReader("body"), "X-A", "1", "Content-Type", "a/b",
		"X_a", "2", "Remote_user", "eve", "Proxy", "http://evil", "Cookie", "a=1; b=2")
	var env map[string]string
	require.NoError(t, json.Unmarshal([]byte(text), &env), text)
	for key, want := range map[string]string{
		"REQUEST_METHOD": "POST", "SCRIPT_NAME": f.Mount, "PATH_INFO": "/env/a", "QUERY_STRING": "x=1&y=%20", "path": "/env/a",
		"CONTENT_TYPE": "a/b", "CONTENT_LENGTH": "4", "HTTP_X_A": "1", "HTTP_COOKIE": "a=1; b=2", "HTTP_PROXY": "",
		"REMOTE_USER": f.User, "HTTP_REMOTE_USER": "", "wsgi.url_scheme": "http", "wsgi.run_once": strconv.FormatBool(f.RunOnce),
		"HTTP_CONTENT_LENGTH": "", "GATEWAY_INTERFACE": "CGI/1.1",
	} {
		assert.Equal(t, want, env[key], key)
	}
	assert.NotEmpty(t, env["SERVER_NAME"])
	assert.NotEmpty(t, env["SERVER_PORT"])
	assert.True(t, strings.HasPrefix(env["SERVER_PROTOCOL"], "HTTP/1."), env["SERVER_PROTOCOL"])
	assert.True(t, strings.HasSuffix(env["url"], f.Mount+"/env/a?x=1&y=%20"), env["url"])
	if !f.NoPeer {
		assert.Equal(t, "127.0.0.1", env["REMOTE_ADDR"])
	}
}

func rawPath(t *testing.T, f Front) {
	_, text := f.do(t, "GET", "/env/a%20b%2Fc", nil)
	var env map[string]string
	require.NoError(t, json.Unmarshal([]byte(text), &env), text)
	assert.Equal(t, f.Mount, env["SCRIPT_NAME"])
	assert.Equal(t, "/env/a b/c", env["PATH_INFO"])
	if !f.NoRawPath {
		assert.True(t, strings.HasSuffix(env["url"], "/env/a%20b%2Fc"), env["url"])
	}
}

func sumOfLarge(t *testing.T) string {
	h := sha256.New()
	_, err := io.Copy(h, Large())
	require.NoError(t, err)
	return hex.EncodeToString(h.Sum(nil))
}

func upload(t *testing.T, f Front) {
	b, err := io.ReadAll(Large())
	require.NoError(t, err)
	_, text := f.do(t, "POST", "/sum", strings.NewReader(string(b)))
	assert.Equal(t, strconv.Itoa(Size)+" "+sumOfLarge(t), text)
}

func uploadChunked(t *testing.T, f Front) {
	_, text := f.do(t, "POST", "/sum", io.MultiReader(Large()))
	assert.Equal(t, strconv.Itoa(Size)+" "+sumOfLarge(t), text)
}

func download(t *testing.T, f Front) {
	resp, text := f.do(t, "GET", "/large", nil)
	assert.Equal(t, "1", resp.Header.Get("X-Filter"))
	h := sha256.Sum256([]byte(text))
	assert.Equal(t, sumOfLarge(t), hex.EncodeToString(h[:]))
}

func head(t *testing.T, f Front) {
	resp, text := f.do(t, "HEAD", "/tagged", nil)
	assert.Equal(t, 200, resp.StatusCode)
	assert.Empty(t, text)
	assert.EqualValues(t, 6, resp.ContentLength)
	assert.Equal(t, "text/plain; charset=utf-8", resp.Header.Get("Content-Type"))
	_, text = f.do(t, "HEAD", "/foreign", nil)
	assert.Empty(t, text)
	_, text = f.do(t, "GET", "/tagged", nil)
	assert.Equal(t, "tagged", text, "the connection is in order")
}

// streams: each piece is there before the next one is made.
func streams(t *testing.T, f Front) {
	if f.Buffers {
		t.Skip("this front keeps answers back")
	}
	gate := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		select {
		case <-gate:
		case <-time.After(10 * time.Second):
		}
	}))
	defer server.Close()
	resp, err := f.Client.Get(f.URL + "/stream?gate=" + server.URL)
	require.NoError(t, err)
	defer resp.Body.Close()
	for _, want := range []string{"one", "two"} {
		b := make([]byte, 3)
		_, err := io.ReadFull(resp.Body, b)
		require.NoError(t, err)
		assert.Equal(t, want, string(b))
		select {
		case gate <- struct{}{}:
		case <-time.After(5 * time.Second):
			t.Fatal("the app does not wait: the piece was kept back")
		}
	}
	rest, err := io.ReadAll(resp.Body)
	assert.NoError(t, err)
	assert.Empty(t, rest)
}

func conditions(t *testing.T, f Front) {
	resp, text := f.do(t, "GET", "/tagged", nil, "If-None-Match", `"1"`)
	assert.Equal(t, 304, resp.StatusCode)
	assert.Empty(t, text)
	resp, text = f.do(t, "GET", "/tagged", nil, "Range", "bytes=1-2")
	assert.Equal(t, 206, resp.StatusCode)
	assert.Equal(t, "ag", text)
	assert.Equal(t, "bytes 1-2/6", resp.Header.Get("Content-Range"))
}

func page(t *testing.T, f Front) {
	resp, text := f.do(t, "GET", "/missing", nil, "Accept", "text/plain")
	assert.Equal(t, 404, resp.StatusCode)
	assert.Contains(t, text, "404 Not Found")
	assert.Equal(t, "text/plain; charset=utf-8", resp.Header.Get("Content-Type"))
}

func noContent(t *testing.T, f Front) {
	resp, text := f.do(t, "GET", "/nothing", nil)
	assert.Equal(t, 204, resp.StatusCode)
	assert.Empty(t, text)
	assert.Empty(t, resp.Header.Get("Content-Length"))
}

func redirect(t *testing.T, f Front) {
	resp, _ := f.do(t, "GET", "/see", nil)
	assert.Equal(t, 303, resp.StatusCode)
	assert.True(t, strings.HasSuffix(resp.Header.Get("Location"), "/env/other"), resp.Header.Get("Location"))
}

func manyCookies(t *testing.T, f Front) {
	resp, _ := f.do(t, "GET", "/cookies", nil)
	assert.Equal(t, []string{"a=1", "b=2"}, resp.Header["Set-Cookie"])
}

// foreign: a 1xx does not end the answer, and no field of a handler is the front's.
func foreign(t *testing.T, f Front) {
	path := "/foreign?hints"
	if f.NoHints {
		path = "/foreign"
	}
	resp, text := f.do(t, "GET", path, nil)
	assert.Equal(t, 202, resp.StatusCode)
	assert.Equal(t, "<p>text</p>", text)
	assert.Equal(t, "text/html; charset=utf-8", resp.Header.Get("Content-Type"), "as net/http guesses")
}

func breaksOff(t *testing.T, f Front) {
	_, text, err := f.try(t, "GET", "/cut", nil)
	if !f.NoAbort {
		assert.Error(t, err, "%d bytes look whole", len(text))
	}
	_, text = f.do(t, "GET", "/tagged", nil)
	assert.Equal(t, "tagged", text, "the next one is served")
}

func tooShort(t *testing.T, f Front) {
	resp, text, err := f.try(t, "GET", "/short", nil)
	if err == nil {
		assert.GreaterOrEqual(t, resp.StatusCode, 500, text)
	}
}

// panics: a panic ends a request and not the program.
func panics(t *testing.T, f Front) {
	resp, _, err := f.try(t, "GET", "/panic", nil)
	if err == nil {
		assert.GreaterOrEqual(t, resp.StatusCode, 500)
	}
	_, text := f.do(t, "GET", "/tagged", nil)
	assert.Equal(t, "tagged", text, "the program lives")
}
