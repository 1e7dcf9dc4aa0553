package webob

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// post is a request made by hand, its body a stream that can be read once.
func post(contentType, body string) *Request {
	r := httptest.NewRequest("POST", "/", io.NopCloser(strings.NewReader(body)))
	r.ContentLength = int64(len(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	return NewRequest(r)
}

// wantInput checks that err is the client's fault with that status.
func wantInput(t *testing.T, err error, status int) *InputError {
	t.Helper()
	var in *InputError
	require.ErrorAs(t, err, &in)
	assert.Equal(t, status, in.Status, "%v", err)
	assert.NotEmpty(t, in.Public)
	return in
}

// spec 2.5
func TestBodyIsReadOnceAndStaysReadable(t *testing.T) {
	req := post("text/plain", "hello")
	for range 2 {
		b, err := req.Bytes()
		require.NoError(t, err)
		assert.Equal(t, "hello", string(b))
		rest, err := io.ReadAll(req.Body)
		require.NoError(t, err)
		assert.Equal(t, "hello", string(rest), "net/http's Body stands at the start")
	}
	_, err := req.Bytes()
	require.NoError(t, err)
	_, err = io.ReadFull(req.Body, make([]byte, 2))
	require.NoError(t, err)
	text, err := req.Text()
	require.NoError(t, err)
	assert.Equal(t, "hello", text, "what somebody has read of the replay is not lost")
}

func TestBodyCopiesOfTheRequestSeeIt(t *testing.T) {
	req := post("text/plain", "hello")
	inner := req.WithContext(t.Context())
	b, err := inner.Bytes()
	require.NoError(t, err)
	assert.Equal(t, "hello", string(b))
	b, err = req.Bytes()
	require.NoError(t, err, "the outer view still holds the body that the inner one has read")
	assert.Equal(t, "hello", string(b))
}

func TestBodyReplacedIsReadAnew(t *testing.T) {
	req := post("text/plain", "hello")
	_, err := req.Bytes()
	require.NoError(t, err)
	req.Body, req.ContentLength = io.NopCloser(strings.NewReader("world!")), -1
	b, err := req.Bytes()
	require.NoError(t, err)
	assert.Equal(t, "world!", string(b))
}

// untouchable is a body that nobody may read.
type untouchable struct{ t *testing.T }

func (u untouchable) Read([]byte) (int, error) { u.t.Error("the body was read"); return 0, io.EOF }
func (u untouchable) Close() error             { return nil }

// spec 2.5
func TestBodyNotReadUntilAsked(t *testing.T) {
	r := httptest.NewRequest("POST", "/?a=1", untouchable{t})
	r.ContentLength = 100
	r.Header.Set("Content-Type", "application/json")
	req := NewRequest(r)
	req.GET()
	req.POST() // no form
	req.Accept()
	req.SetLimits(Limits{Body: 10})
	_, err := req.Bytes()
	wantInput(t, err, 413)
	req.SetLimits(Limits{Body: 100})
	assert.Equal(t, untouchable{t}, req.Body, "refused by its length alone")
}

// seeker is a seekable body that counts what is read.
type seeker struct {
	*bytes.Reader
	read int
}

func (s *seeker) Read(p []byte) (int, error) { s.read++; return s.Reader.Read(p) }
func (s *seeker) Close() error               { return nil }

func TestBodySeekableIsNotCopied(t *testing.T) {
	body := &seeker{Reader: bytes.NewReader([]byte("hello"))}
	req := NewRequest(httptest.NewRequest("POST", "/", body))
	require.NoError(t, req.MakeBodySeekable())
	assert.Same(t, body, req.Body, "it is seekable already")
	assert.Zero(t, body.read)
	_, err := io.ReadAll(req.Body)
	require.NoError(t, err)
	b, err := req.Bytes()
	require.NoError(t, err)
	assert.Equal(t, "hello", string(b))
	again, err := io.ReadAll(req.Body)
	require.NoError(t, err)
	assert.Equal(t, "hello", string(again), "it is rewound")
}

// spec 2.6
func TestBodyLimits(t *testing.T) {
	for _, tt := range []struct {
		name   string
		length int64
		body   string
		status int
	}{
		{"told by Content-Length", 6, "123456", 413},
		{"exactly the limit", 5, "12345", 0},
		{"chunked, beyond", -1, "123456", 413},
		{"chunked, exactly", -1, "12345", 0},
		{"cut short", 5, "1234", 400},
		{"more than Content-Length is not ours", 3, "12345", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := post("", tt.body)
			req.ContentLength = tt.length
			req.SetLimits(Limits{Body: 5})
			b, err := req.Bytes()
			if tt.status != 0 {
				wantInput(t, err, tt.status)
				_, again := req.Bytes()
				wantInput(t, again, tt.status)
				return
			}
			require.NoError(t, err)
			if tt.length >= 0 {
				assert.Len(t, b, int(tt.length))
			}
		})
	}
}

// spec 2.6
func TestBodyErrorsGetTheirStatus(t *testing.T) {
	for _, tt := range []struct {
		name   string
		err    error
		status int
	}{
		{"a limit of somebody else's", &http.MaxBytesError{Limit: 3}, 413},
		{"a cut connection", io.ErrUnexpectedEOF, 400},
		{"a read deadline", os.ErrDeadlineExceeded, 408},
		{"a bad chunk", errors.New("malformed chunked encoding"), 400},
		{"a filter's own", &InputError{Status: 415, Public: "coding"}, 415},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader("ab"), failing{tt.err}))
			_, err := NewRequest(r).Bytes()
			wantInput(t, err, tt.status)
		})
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestBodyNone(t *testing.T) {
	for name, body := range map[string]io.ReadCloser{"nil": nil, "NoBody": http.NoBody} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.Body = body
			req := NewRequest(r)
			b, err := req.Bytes()
			require.NoError(t, err)
			assert.Empty(t, b)
			assert.Equal(t, body, req.Body)
			require.NoError(t, req.MakeBodySeekable())
		})
	}
}

// spec 2.4
func TestBodyLargeGoesToAFileThatGoesWithTheRequest(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	req := post("", strings.Repeat("x", 5000))
	req.SetLimits(Limits{Memory: 1000})
	require.NoError(t, req.MakeBodySeekable())
	require.IsType(t, (*tempFile)(nil), req.x.in.spool.at)
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	assert.Empty(t, left, "the file has no name")
	b, err := req.Bytes()
	require.NoError(t, err)
	assert.Len(t, b, 5000)
	_, err = req.Body.(io.Seeker).Seek(-1, io.SeekEnd)
	require.NoError(t, err)
	rest, err := io.ReadAll(req.Body)
	require.NoError(t, err)
	assert.Equal(t, "x", string(rest))
	body := req.Body
	req.Release()
	body.(io.Seeker).Seek(0, io.SeekStart)
	_, err = body.Read(make([]byte, 1))
	assert.ErrorIs(t, err, os.ErrClosed)
}

func TestTextCharset(t *testing.T) {
	for _, tt := range []struct {
		name, ctype, body, want string
		status                  int
	}{
		{"UTF-8 by default", "", "caf\u00e9", "caf\u00e9", 0},
		{"by the parameter", "text/plain; charset=iso-8859-1", "caf\xe9", "caf\u00e9", 0},
		{"quoted, in capitals", `text/plain; CHARSET="Windows-1252"`, "\x80", "\u20ac", 0},
		{"no UTF-8", "text/plain", "caf\xe9", "", 400},
		{"ASCII", "text/plain; charset=us-ascii", strings.Repeat("abc", 5000), strings.Repeat("abc", 5000), 0},
		{"no ASCII", "text/plain; charset=us-ascii", "caf\u00e9", "", 400},
		{"a label with a hyphen too many", "text/plain; charset=latin-1", "caf\xe9", "caf\u00e9", 0},
		{"no Shift_JIS", "text/plain; charset=shift_jis", "\x82", "", 400},
		{"unknown", "text/plain; charset=klingon", "x", "", 415},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := post(tt.ctype, tt.body).Text()
			if tt.status != 0 {
				wantInput(t, err, tt.status)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
}

// bodyApp answers with what Bytes gives, or its error.
var bodyApp = respond(func(r *Request) *Response {
	r.SetLimits(Limits{Body: 1000})
	b, err := r.Bytes()
	if err != nil {
		return r.failure(err)
	}
	return Bytes("text/plain", b)
})

// spec 2.5
func TestExpectContinueRefusedBeforeItIsSent(t *testing.T) {
	srv := httptest.NewServer(bodyApp)
	defer srv.Close()
	for _, tt := range []struct {
		name   string
		length int
		want   string
	}{
		{"too large: 413 and no 100", 1001, "HTTP/1.1 413"},
		{"small enough: 100 first", 5, "HTTP/1.1 100"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := net.Dial("tcp", srv.Listener.Addr().String())
			require.NoError(t, err)
			defer c.Close()
			fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n", tt.length)
			line, err := bufio.NewReader(c).ReadString('\n')
			require.NoError(t, err)
			assert.True(t, strings.HasPrefix(line, tt.want), line)
		})
	}
}

// An app that http.TimeoutHandler has given up may still wait for the body; a filter
// outside that asks for the query must not wait with it.
func TestQueryDoesNotWaitForTheBody(t *testing.T) {
	body, client := io.Pipe()
	r := httptest.NewRequest("POST", "/?a=1", body)
	r.Header.Set("Content-Type", formType)
	req := NewRequest(r)
	req.GET()
	read := make(chan error)
	inner := req.WithContext(t.Context())
	go func() { _, err := inner.ReadForm(); read <- err }()
	_, err := client.Write([]byte("b=")) // it is reading now
	require.NoError(t, err)
	assert.Equal(t, "1", req.GET().Get("a"))
	req.SetLimits(req.Limits())
	_, err = client.Write([]byte("2"))
	require.NoError(t, err)
	client.Close()
	require.NoError(t, <-read)
	assert.Equal(t, "2", inner.POST().Get("b"))
}

func TestBodyOverASocket(t *testing.T) {
	srv := httptest.NewServer(bodyApp)
	defer srv.Close()
	for _, tt := range []struct {
		name, head, body, want string
	}{
		{"by length", "Content-Length: 5", "hello", "HTTP/1.1 200"},
		{"cut short", "Content-Length: 50", "hello", "HTTP/1.1 400"},
		{"chunked", "Transfer-Encoding: chunked", "5\r\nhello\r\n0\r\n\r\n", "HTTP/1.1 200"},
		{"chunked, beyond the limit", "Transfer-Encoding: chunked", "7d0\r\n" + strings.Repeat("x", 2000) + "\r\n0\r\n\r\n", "HTTP/1.1 413"},
		{"chunked, malformed", "Transfer-Encoding: chunked", "zz\r\n", "HTTP/1.1 400"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := net.Dial("tcp", srv.Listener.Addr().String())
			require.NoError(t, err)
			defer c.Close()
			fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n%s", tt.head, tt.body)
			c.(*net.TCPConn).CloseWrite()
			answer, err := io.ReadAll(c)
			require.NoError(t, err)
			assert.True(t, strings.HasPrefix(string(answer), tt.want), string(answer))
		})
	}
}

func TestBodyTakenByAnotherIsAServerError(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		bodyApp.ServeHTTP(w, r)
	}))
	defer srv.Close()
	resp, err := http.Post(srv.URL, "text/plain", strings.NewReader("hello"))
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.Equal(t, 500, resp.StatusCode, "an empty body here would be a lie")
}
