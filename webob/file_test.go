package webob

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gowebob/gowebob/webob/header"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFile(t *testing.T) {
	path := tenBytesFile(t)
	require.NoError(t, os.Chtimes(path, time.Time{}, time.Unix(1300000000, 5e8)))
	p, err := File(path)
	require.NoError(t, err)
	resp, body := conditionally(p, asking("GET", ""))
	assert.Equal(t, 200, resp.StatusCode)
	assert.Equal(t, tenBytes, body)
	assert.Equal(t, "10", resp.Header.Get("Content-Length"))
	assert.Equal(t, moment, resp.Header.Get("Last-Modified"))
	assert.Equal(t, "bytes", resp.Header.Get("Accept-Ranges"))
	assert.True(t, strings.HasPrefix(resp.Header.Get("Content-Type"), "text/plain"))
	_, err = p.ext.body.(*fileBody).f.Stat()
	assert.ErrorIs(t, err, os.ErrClosed, "closed with the Response")

	for in, want := range map[string]int{
		"If-Modified-Since: " + moment: 304, "If-Unmodified-Since: " + before: 412, "Range: bytes=2-4": 206, "Range: bytes=10-": 416,
	} {
		p, err := File(path)
		require.NoError(t, err)
		resp, _ := conditionally(p, asking("GET", in))
		assert.Equal(t, want, resp.StatusCode, in)
		_, err = p.ext.body.(*fileBody).f.Stat()
		assert.ErrorIs(t, err, os.ErrClosed, in)
	}
	p, err = File(path)
	require.NoError(t, err)
	resp, body = conditionally(p, asking("HEAD", ""))
	assert.Equal(t, "10", resp.Header.Get("Content-Length"))
	assert.Empty(t, body)
}

func TestFileTypes(t *testing.T) {
	for name, want := range map[string]string{
		"x.html": "text/html; charset=utf-8", "x.unheard-of": "application/octet-stream", "x": "application/octet-stream",
		"x.CSV": "text/csv; charset=utf-8", "x.js": "text/javascript; charset=utf-8", "x.woff2": "font/woff2", // not what /etc/mime.types says
	} {
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		p, err := File(path)
		require.NoError(t, err)
		assert.Equal(t, want, p.Header().Get("Content-Type"), name)
		p.Close()
	}
}

// A compressed file is what is in it, in a coding, as in package static.
func TestFileCodings(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.svg.gz")
	require.NoError(t, os.WriteFile(path, codedBytes("gzip", "<svg/>"), 0o600))
	p, err := File(path)
	require.NoError(t, err)
	assert.Equal(t, "image/svg+xml; charset=utf-8", p.Header().Get("Content-Type"))
	assert.Equal(t, "gzip", p.Header().Get("Content-Encoding"))
	require.NoError(t, p.DecodeContent(BodyDecoding{}))
	text, err := p.Text()
	require.NoError(t, err)
	assert.Equal(t, "<svg/>", text)
}

func TestWhatIsNoFile(t *testing.T) {
	_, err := File(filepath.Join(t.TempDir(), "none"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
	dir := t.TempDir()
	_, err = File(dir)
	assert.ErrorIs(t, err, ErrNotRegular)
	assert.ErrorContains(t, err, dir)
	f, err := os.Open(dir)
	require.NoError(t, err)
	require.Error(t, NewResponse(200).SetFile(f))
	assert.ErrorIs(t, f.Close(), os.ErrClosed, "a refused one is closed too")
}

// One File Response answers many, each from the start.
func TestFileIsAnApp(t *testing.T) {
	p, err := File(tenBytesFile(t))
	require.NoError(t, err)
	srv := httptest.NewServer(p)
	defer srv.Close()
	for range 3 {
		resp, err := srv.Client().Get(srv.URL)
		require.NoError(t, err)
		b, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		require.NoError(t, err)
		assert.Equal(t, tenBytes, string(b))
	}
}

func TestAFileThatChangesIsNoCopy(t *testing.T) {
	rows := map[string]func(path string) error{
		"longer":  func(path string) error { return os.WriteFile(path, []byte(tenBytes+"x"), 0o600) },
		"touched": func(path string) error { return os.Chtimes(path, time.Time{}, time.Unix(1, 0)) },
		"replaced": func(path string) error {
			return errors.Join(os.Remove(path), os.WriteFile(path, []byte(tenBytes), 0o600))
		},
		"gone":      os.Remove,
		"shortened": func(path string) error { return os.Truncate(path, 3) },
	}
	for name, change := range rows {
		t.Run(name, func(t *testing.T) {
			path := tenBytesFile(t)
			p, err := File(path)
			require.NoError(t, err)
			defer p.Close()
			require.NoError(t, change(path))
			q := p.Copy()
			resp, _ := conditionally(q, asking("GET", ""))
			assert.Equal(t, 500, resp.StatusCode, "and no byte of it")
		})
	}
}

// A file cut off while it is sent must not look whole.
func TestAFileThatShrinks(t *testing.T) {
	path := tenBytesFile(t)
	p, err := File(path)
	require.NoError(t, err)
	require.NoError(t, os.Truncate(path, 3))
	_, err = p.Bytes()
	require.Error(t, err)

	q, err := File(path)
	require.NoError(t, err)
	require.NoError(t, os.Truncate(path, 0))
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() { conditionally(q, asking("GET", "")) })
}

func TestFileInOtherHands(t *testing.T) {
	path := tenBytesFile(t)
	p, err := File(path)
	require.NoError(t, err)
	b, err := io.ReadAll(p.Copy().Body())
	require.NoError(t, err)
	assert.Equal(t, tenBytes, string(b), "pulled")
	require.NoError(t, p.EncodeContent("gzip"))
	q := p.Copy()
	require.NoError(t, q.DecodeContent(BodyDecoding{}))
	text, err := q.Text()
	require.NoError(t, err)
	assert.Equal(t, tenBytes, text, "coded, copied, decoded")
}

func TestETagAndExpiry(t *testing.T) {
	p := Text("a body")
	require.NoError(t, p.MD5ETag())
	assert.Equal(t, `"df2YmYFQmVh3fN/Nxm4htQ"`, p.Header().Get("ETag"))
	broken := NewResponse(200)
	broken.SetStream(func(StreamWriter) error { return io.ErrUnexpectedEOF })
	assert.ErrorIs(t, broken.MD5ETag(), io.ErrUnexpectedEOF)

	require.NoError(t, p.CacheExpires(time.Hour, header.Directive{Name: "private"}))
	assert.Equal(t, "max-age=3600, private", p.Header().Get("Cache-Control"))
	expires, ok := header.Expires.Get(p.Header())
	require.True(t, ok)
	assert.WithinDuration(t, time.Now().Add(time.Hour), expires, 10*time.Second)
	require.NoError(t, p.CacheExpires(0))
	d, _ := header.CacheControl.Get(p.Header())
	assert.True(t, d.Has("no-store"))
}

func BenchmarkFile(b *testing.B) {
	path := tenBytesFile(b)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	b.ReportAllocs()
	for b.Loop() {
		p, err := File(path)
		if err != nil {
			b.Fatal(err)
		}
		Serve(respond(func(*Request) *Response { return p }), httptest.NewRecorder(), r)
	}
}
