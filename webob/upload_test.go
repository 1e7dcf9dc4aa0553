package webob

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// zeros is a body of that many bytes that nobody holds.
type zeros int64

func (z *zeros) Read(p []byte) (int, error) {
	if *z == 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), int64(*z))
	clear(p[:n])
	*z -= zeros(n)
	return int(n), nil
}

// A body of 100 MB comes over a socket, is read by a filter and by the app, in
// little memory, and its file is gone with the request.
func TestLargeUploadStaysOutOfMemory(t *testing.T) {
	const size = 100 << 20
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	var held, names int
	var before, after runtime.MemStats
	app := respond(func(req *Request) *Response {
		req.SetLimits(Limits{Body: size})
		runtime.ReadMemStats(&before)
		if err := req.MakeBodySeekable(); err != nil {
			return req.failure(err)
		}
		c, err := req.Copy()
		if err != nil {
			return req.failure(err)
		}
		for _, body := range []io.Reader{req.Body, c.Body} {
			n, err := io.Copy(io.Discard, struct{ io.Reader }{body})
			if err != nil || n != size {
				return Text("cut")
			}
		}
		_, err = req.Body.(io.Seeker).Seek(-1, io.SeekEnd)
		runtime.ReadMemStats(&after)
		held = int(after.TotalAlloc - before.TotalAlloc)
		files, _ := os.ReadDir(dir)
		names = len(files)
		if err != nil {
			return req.failure(err)
		}
		return Text("whole")
	})
	srv := httptest.NewServer(app)
	defer srv.Close()
	body := zeros(size)
	resp, err := http.Post(srv.URL, "application/octet-stream", &body)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "whole", string(text))
	assert.Less(t, held, 8<<20, "bytes allocated while 100 MB were read three times")
	if runtime.GOOS != "windows" {
		assert.Zero(t, names, "the file has no name from the start")
	}
	srv.Close()
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
}
