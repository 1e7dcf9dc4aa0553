package webob

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadRequestLeavesTheNext(t *testing.T) {
	r := bufio.NewReader(iotest.OneByteReader(strings.NewReader(
		"POST /a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" +
			"PUT /c HTTP/1.1\nHost: h\nTransfer-Encoding: chunked\n\n2\r\nde\r\n1\r\nf\r\n0\r\nTrailer: x\r\n\r\n" +
			"GET / HTTP/1.0\r\n\r\n")))
	for _, want := range []struct{ method, url, body string }{{"POST", "/a?b", "abc"}, {"PUT", "/c", "def"}, {"GET", "/", ""}} {
		req, err := ReadRequest(r, Limits{})
		require.NoError(t, err)
		assert.Equal(t, want.method, req.Method)
		assert.Equal(t, want.url, req.URL.String())
		for range 2 {
			b, err := req.Bytes()
			require.NoError(t, err)
			assert.Equal(t, want.body, string(b))
		}
		assert.Empty(t, req.Header.Values("Transfer-Encoding"))
	}
	_, err := ReadRequest(r, Limits{})
	wantInput(t, err, 400)
}

func TestReadRequestRefuses(t *testing.T) {
	const host = "Host: h\r\n"
	for _, tt := range []struct {
		name, text string
		status     int
	}{
		{"nothing", "", 400},
		{"two spaces", "GET  / HTTP/1.1\r\n\r\n", 400},
		{"a method that is no token", "G(T / HTTP/1.1\r\n\r\n", 400},
		{"a version in small letters", "GET / http/1.1\r\n\r\n", 400},
		{"a version of three parts", "GET / HTTP/1.1.1\r\n\r\n", 400},
		{"a control character in the target", "GET /\x00 HTTP/1.1\r\n\r\n", 400},
		{"a target without its slash", "GET x HTTP/1.1\r\n\r\n", 400},
		{"another scheme", "GET ftp://x/ HTTP/1.1\r\n\r\n", 400},
		{"a tunnel", "CONNECT h:443 HTTP/1.1\r\n\r\n", 400},
		{"an asterisk that is not OPTIONS'", "GET * HTTP/1.1\r\n\r\n", 400},
		{"a folded line", "GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n", 400},
		{"a space before the colon", "GET / HTTP/1.1\r\nX : a\r\n\r\n", 400},
		{"CR in a value", "GET / HTTP/1.1\r\nX: a\rb\r\n\r\n", 400},
		{"two Hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400},
		{"a Host that is none", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
		{"lengths that differ", "PUT / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
		{"a sign", "PUT / HTTP/1.1\r\nContent-Length: +1\r\n\r\na", 400},
		{"length and chunks", "PUT / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
		{"another coding", "PUT / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
		{"chunks cut short", "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", 400},
		{"a body cut short", "PUT / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab", 400},
		{"a body beyond the limit, by its length", "PUT / HTTP/1.1\r\nContent-Length: 11\r\n\r\n", 413},
		{"a body beyond the limit", "PUT / HTTP/1.1\r\n\r\n12345678901", 413},
		{"a head without end", "GET / HTTP/1.1\r\nX: " + strings.Repeat("x", 2<<20), 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ReadRequest(bufio.NewReader(strings.NewReader(tt.text)), Limits{Body: 10})
			wantInput(t, err, tt.status)
		})
	}
	_, err := FromBytes([]byte("PUT / HTTP/1.1\r\nContent-Length: 1\r\n\r\nab"))
	wantInput(t, err, 400)
	require.ErrorIs(t, err, ErrRequestText)
	broken := errors.New("disk")
	_, err = ReadRequest(bufio.NewReader(iotest.ErrReader(broken)), Limits{})
	require.ErrorIs(t, err, broken)
	var in *InputError
	assert.False(t, errors.As(err, &in), "not the client's fault")
}

func TestReadRequestLargeBodyGoesToAFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	text := "PUT / HTTP/1.1\r\nHost: h\r\n\r\n" + strings.Repeat("x", 5000)
	req, err := ReadRequest(bufio.NewReader(strings.NewReader(text)), Limits{Memory: 1000})
	require.NoError(t, err)
	assert.NotNil(t, req.Body.(*replay).s.at)
	req.Release()
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestWriteRequest(t *testing.T) {
	req := post("text/plain", "hello")
	req.Host, req.URL.RawQuery = "example.com:81", "a b&\xff"
	req.Header.Add("X-A", "1")
	req.Header.Add("X-A", "2")
	req.Header["Cookie"] = []string{"a=b", "c=d"}
	const head = "POST /?a%20b&%FF HTTP/1.1\r\nContent-Length: 5\r\nContent-Type: text/plain\r\nCookie: a=b; c=d\r\nHost: example.com:81\r\nX-A: 1, 2"
	b, err := req.AsBytes()
	require.NoError(t, err)
	assert.Equal(t, head+"\r\n\r\nhello", string(b))
	text, err := req.AsText(true)
	require.NoError(t, err)
	assert.Equal(t, head, text)
	text, err = req.AsTextUpTo(4)
	require.NoError(t, err)
	assert.Equal(t, head+"\r\n\r\n<body skipped (len=5)>", text)
	var w bytes.Buffer
	n, err := req.WriteTo(&w)
	require.NoError(t, err)
	assert.Equal(t, head+"\r\n\r\nhello", w.String())
	assert.EqualValues(t, w.Len(), n)
	again, err := http.ReadRequest(bufio.NewReader(&w))
	require.NoError(t, err)
	body, err := io.ReadAll(again.Body)
	require.NoError(t, err)
	assert.Equal(t, "hello", string(body), "net/http reads it too")

	bare := NewRequest(&http.Request{})
	w.Reset()
	_, err = bare.WriteTo(&w)
	require.NoError(t, err)
	assert.Equal(t, "GET / HTTP/1.1\r\nHost: localhost:80\r\n\r\n", w.String())
}

func TestWriteRequestRefusesWhatWouldBeTwo(t *testing.T) {
	for name, spoil := range map[string]func(*Request){
		"method":       func(r *Request) { r.Method = "GET / HTTP/1.1\r\nX:" },
		"target":       func(r *Request) { r.URL.RawQuery = "a\r\nb" },
		"version":      func(r *Request) { r.Proto = "HTTP/1.1\r\nX: y" },
		"Host":         func(r *Request) { r.Host = "a\r\nb" },
		"header value": func(r *Request) { r.Header["X"] = []string{"a\nb"} },
		"header name":  func(r *Request) { r.Header["X: y\r\nZ"] = []string{"a"} },
	} {
		req := post("", "x")
		spoil(req)
		_, err := req.AsBytes()
		require.ErrorIs(t, err, ErrNotSendable, name)
		if name != "version" {
			var w bytes.Buffer
			n, err := req.WriteTo(&w)
			require.ErrorIs(t, err, ErrNotSendable, name)
			assert.Zero(t, n+int64(w.Len()), name)
		}
	}
}

// FuzzReadRequest: what is read can be written, and reads as the same again.
func FuzzReadRequest(f *testing.F) {
	f.Add([]byte("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"))
	f.Add([]byte("POST /a%2Fb?c=d HTTP/1.0\nHost: [::1]:81\nContent-Length: 3\nX: \xff\n\nabc"))
	f.Add([]byte("GET http://other.example:8080/x?#f HTTP/2\r\nCookie: a\r\nCookie: b\r\n\r\nbody"))
	f.Add([]byte("OPTIONS * HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"))
	f.Add([]byte("GET //x/%zz%00 HTTP/1.1\r\n\r\n"))
	f.Add([]byte("GET http://other.example HTTP/1.1\r\n\r\n")) // no path
	f.Add([]byte("GET / HTTP/1.1\nX: 7\nX:"))                  // an empty value behind a comma and a space
	f.Fuzz(func(t *testing.T, text []byte) {
		req, err := FromBytes(text)
		if err != nil {
			var in *InputError
			if !errors.As(err, &in) {
				t.Fatal(err)
			}
			return
		}
		once, err := req.AsBytes()
		if err != nil {
			t.Fatalf("%q cannot be written: %v", text, err)
		}
		again, err := FromBytes(once)
		if err != nil {
			t.Fatalf("%q of %q cannot be read: %v", once, text, err)
		}
		twice, err := again.AsBytes()
		if err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%q became %q (%v)", once, twice, err)
		}
		if again.Method != req.Method || again.Host != req.Host || again.PathInfo() != req.PathInfo() || again.URL.RawQuery != req.URL.RawQuery {
			t.Fatalf("%q reads as another request than %q", once, text)
		}
		a, _ := req.Bytes()
		b, _ := again.Bytes()
		if !bytes.Equal(a, b) {
			t.Fatalf("body %q became %q", a, b)
		}
		var w bytes.Buffer
		if _, err := req.WriteTo(&w); err != nil {
			t.Fatal(err)
		}
		if sent, err := http.ReadRequest(bufio.NewReader(&w)); err == nil && sent.Method != req.Method {
			t.Fatalf("net/http reads %s", sent.Method)
		}
	})
}

func BenchmarkReadRequest(b *testing.B) {
	text := []byte("POST /a/b?c=d HTTP/1.1\r\nHost: example.com\r\nAccept: */*\r\nContent-Length: 3\r\n\r\nabc")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := FromBytes(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteRequest(b *testing.B) {
	req, _ := FromBytes([]byte("POST /a/b?c=d HTTP/1.1\r\nHost: example.com\r\nAccept: */*\r\nContent-Length: 3\r\n\r\nabc"))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := req.WriteTo(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
