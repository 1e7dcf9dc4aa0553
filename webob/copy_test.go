package webob

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCopyIsOnItsOwn(t *testing.T) {
	req := post("text/plain", "hello")
	key := NewKey[string]("test.key")
	key.Set(req, "a")
	c, err := req.Copy()
	require.NoError(t, err)
	assert.Equal(t, "a", key.Value(c))
	key.Set(c, "b")
	assert.Equal(t, "a", key.Value(req))
	c.Header.Set("X-A", "1")
	assert.Empty(t, req.Header.Get("X-A"))
	require.NoError(t, c.GET().Set("q", "1"))
	assert.Empty(t, req.URL.RawQuery)
	c.SetBytes([]byte("other"))
	for r, want := range map[*Request]string{req: "hello", c: "other"} {
		b, err := r.Bytes()
		require.NoError(t, err)
		assert.Equal(t, want, string(b))
		rest, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		assert.Equal(t, want, string(rest))
	}
}

func TestCopyReadsTheSameBody(t *testing.T) {
	req := post("text/plain", "hello")
	req.SetLimits(Limits{Memory: 1})
	c, err := req.Copy()
	require.NoError(t, err)
	half := make([]byte, 2)
	_, err = io.ReadFull(c.Body, half)
	require.NoError(t, err)
	for _, r := range []*Request{req, c} {
		text, err := r.Text()
		require.NoError(t, err)
		assert.Equal(t, "hello", text)
	}
	req.SetLimits(Limits{Body: 1})
	assert.EqualValues(t, 1, c.Limits().Memory, "limits are copied once")
	big := post("", "hello")
	big.SetLimits(Limits{Body: 1})
	_, err = big.Copy()
	wantInput(t, err, 413)
}

func TestCopyEndsWithTheOriginal(t *testing.T) {
	req := post("", "")
	c := req.CopyGet()
	closed := false
	c.own(closeFunc(func() error { closed = true; return nil }))
	req.Release()
	assert.True(t, closed)
}

type closeFunc func() error

func (f closeFunc) Close() error { return f() }

func TestCopyGet(t *testing.T) {
	req := post(formType, "a=1")
	req.Header.Set("Content-Length", "3")
	req.Header.Set("X-A", "1")
	c := req.CopyGet()
	assert.Equal(t, "GET", c.Method)
	assert.Equal(t, http.NoBody, c.Body)
	assert.Equal(t, http.Header{"X-A": {"1"}}, c.Header)
	assert.False(t, c.IsBodyReadable())
	assert.Equal(t, "1", req.POST().Get("a"), "the original is left alone")
}

func TestSetBody(t *testing.T) {
	req := post("text/plain; charset=iso-8859-1", "before")
	req.SetBytes([]byte("after"))
	b, err := req.Bytes()
	require.NoError(t, err)
	assert.Equal(t, "after", string(b))
	assert.EqualValues(t, 5, req.ContentLength)
	assert.Equal(t, "5", req.Header.Get("Content-Length"))

	require.NoError(t, req.SetText("caf\u00e9"))
	b, _ = req.Bytes()
	assert.Equal(t, "caf\xe9", string(b), "in the charset of the request")
	require.Error(t, req.SetText("\u4e2d"))
	assert.EqualValues(t, 4, req.ContentLength, "an error changes nothing")

	require.NoError(t, req.SetJSON(map[string]string{"k": "<\u00e9\U0001F600>"}))
	b, _ = req.Bytes()
	assert.Equal(t, `{"k":"<\u00e9\ud83d\ude00>"}`, string(b))
	require.Error(t, req.SetJSON(make(chan int)))

	form := post(formType, "a=1")
	form.POST()
	form.SetBytes([]byte("a=2"))
	assert.Equal(t, "2", form.POST().Get("a"), "the form is that of the new body")
}

func TestChunkedBodyHasALengthOnceRead(t *testing.T) {
	req := post("", "hello")
	req.ContentLength, req.TransferEncoding = -1, []string{"chunked"}
	_, err := req.Bytes()
	require.NoError(t, err)
	assert.EqualValues(t, 5, req.ContentLength)
	assert.Nil(t, req.TransferEncoding)
}

func TestNoURLNoHeader(t *testing.T) {
	req := NewRequest(&http.Request{})
	assert.Zero(t, req.GET().Len())
	require.NoError(t, req.GET().Add("a", "1"))
	assert.Equal(t, "a=1", req.URL.RawQuery)
	assert.Zero(t, req.POST().Len())
	assert.Zero(t, req.Params().Get("b"))
	_, err := req.Bytes()
	require.NoError(t, err)
	req.SetBytes([]byte("x"))
	_, err = req.Copy()
	require.NoError(t, err)
}
