package webob

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// coded is text in a content coding; "bare" is deflate without zlib's wrapping.
func coded(coding, text string) string {
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "bare":
		w, _ = flate.NewWriter(&b, 6)
	}
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

func codedPost(coding, body string) *Request {
	req := post("application/json", body)
	req.Header.Set("Content-Encoding", coding)
	req.Header.Set("Content-Length", fmt.Sprint(len(body)))
	return req
}

func rot13(r io.Reader) (io.Reader, error) {
	b, err := io.ReadAll(r)
	return strings.NewReader(strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' {
			return 'a' + (c-'a'+13)%26
		}
		return c
	}, string(b))), err
}

func TestDecodeBody(t *testing.T) {
	const text = `{"id": 7}`
	for _, tt := range []struct{ name, coding, body string }{
		{"gzip", "gzip", coded("gzip", text)},
		{"gzip in several members", "gzip", coded("gzip", text[:4]) + coded("gzip", text[4:])},
		{"its old name, in capitals", "X-GZIP", coded("gzip", text)},
		{"deflate as zlib wraps it", "deflate", coded("deflate", text)},
		{"deflate bare", "deflate", coded("bare", text)},
		{"two, the last undone first", "deflate, gzip", coded("gzip", coded("deflate", text))},
		{"identity and empty elements do not count", "identity, , gzip", coded("gzip", text)},
		{"none", "identity", text},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := codedPost(tt.coding, tt.body)
			req.Body = io.NopCloser(iotest.OneByteReader(strings.NewReader(tt.body)))
			require.NoError(t, req.DecodeBody(BodyDecoding{}))
			if tt.name != "none" {
				assert.Empty(t, req.Header.Values("Content-Encoding"))
				assert.Empty(t, req.Header.Values("Content-Length"))
				assert.EqualValues(t, -1, req.ContentLength)
			}
			for range 2 {
				b, err := req.Bytes()
				require.NoError(t, err)
				assert.Equal(t, text, string(b))
			}
			assert.EqualValues(t, len(text), req.ContentLength, "known once it has been read")
		})
	}
}

func TestDecodeBodySaysSoInTheHeader(t *testing.T) {
	req := codedPost("gzip", coded("gzip", "{}"))
	outer := req.Header
	for _, name := range []string{"Content-MD5", "Content-Digest", "Repr-Digest", "Digest"} {
		req.Header.Set(name, "x")
	}
	req.Header.Set("ETag", `"a"`)
	req.Header.Set("X-Other", "stays")
	require.NoError(t, req.DecodeBody(BodyDecoding{}))
	assert.Equal(t, http.Header{"Content-Type": {"application/json"}, "Etag": {`W/"a"`}, "X-Other": {"stays"}}, req.Header)
	assert.Equal(t, "gzip", outer.Get("Content-Encoding"), "a view that still has the coded body still says so")
}

func TestDecodeBodyRefuses(t *testing.T) {
	gz := coded("gzip", strings.Repeat("x", 1000))
	zeros := coded("gzip", strings.Repeat("\x00", 4<<20))
	empty := strings.Repeat(coded("gzip", ""), 200000)
	for _, tt := range []struct {
		name, coding, body string
		o                  BodyDecoding
		status             int
	}{
		{"an unknown coding", "br", "x", BodyDecoding{}, 415},
		{"an unknown one below", "br, gzip", gz, BodyDecoding{}, 415},
		{"one that was taken away", "gzip", gz, BodyDecoding{Codings: map[string]func(io.Reader) (io.Reader, error){"gzip": nil}}, 415},
		{"too many upon one another", "gzip, gzip, gzip, gzip", gz, BodyDecoding{}, 413},
		{"what is no gzip", "gzip", "hello, world", BodyDecoding{}, 400},
		{"nothing at all", "gzip", "", BodyDecoding{}, 400},
		{"cut short", "gzip", gz[:len(gz)-9], BodyDecoding{}, 400},
		{"a wrong checksum", "gzip", gz[:len(gz)-8] + "xxxx" + gz[len(gz)-4:], BodyDecoding{}, 400},
		{"something behind gzip", "gzip", gz + "x", BodyDecoding{}, 400},
		{"something behind deflate", "deflate", coded("deflate", "x") + "x", BodyDecoding{}, 400},
		{"more than Max", "gzip", gz, BodyDecoding{Max: 999}, 413},
		{"just Max", "gzip", gz, BodyDecoding{Max: 1000}, 0},
		{"more than a hundred for one", "gzip", zeros, BodyDecoding{}, 413},
		{"any ratio, if told", "gzip", zeros, BodyDecoding{Ratio: -1}, 0},
		{"a bomb of which nothing comes out", "gzip, gzip", coded("gzip", empty), BodyDecoding{}, 413},
		{"beyond Limits.Body", "gzip", coded("gzip", strings.Repeat("0123456789abcdef", 1<<20)), BodyDecoding{Ratio: -1}, 413},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := codedPost(tt.coding, tt.body)
			req.ContentLength = -1
			err := req.DecodeBody(tt.o)
			if err == nil {
				_, err = req.Bytes()
			}
			if tt.status == 0 {
				require.NoError(t, err)
				return
			}
			in := wantInput(t, err, tt.status)
			if tt.status == 415 {
				require.ErrorIs(t, err, ErrCoding)
				assert.Contains(t, in.Header.Get("Accept-Encoding"), "deflate")
				assert.Equal(t, tt.coding, req.Header.Get("Content-Encoding"), "an unknown coding changes nothing")
			}
		})
	}
	req := codedPost("gzip", gz)
	req.Header.Set("Content-Range", "bytes 0-1/2")
	wantInput(t, req.DecodeBody(BodyDecoding{}), 400)
}

// closeTeller tells that it was closed.
type closeTeller struct {
	io.Reader
	closed *bool
}

func (c closeTeller) Close() error { *c.closed = true; return nil }

func TestDecodeBodyMoreCodings(t *testing.T) {
	closed := false
	o := BodyDecoding{Codings: map[string]func(io.Reader) (io.Reader, error){"rot13": func(r io.Reader) (io.Reader, error) {
		r, err := rot13(r)
		return closeTeller{r, &closed}, err
	}}}
	req := codedPost("ROT13, gzip", coded("gzip", "uryyb"))
	require.NoError(t, req.DecodeBody(o))
	b, err := req.Bytes()
	require.NoError(t, err)
	assert.Equal(t, "hello", string(b))
	req.Release()
	assert.True(t, closed)
	in := wantInput(t, codedPost("br", "").DecodeBody(o), 415)
	assert.Equal(t, "rot13, gzip, deflate", in.Header.Get("Accept-Encoding"))
}

func TestDecodeRefusesWhatIsStillCoded(t *testing.T) {
	for name, read := range map[string]func(*Request) error{
		"JSON":   func(r *Request) error { return r.JSON(new(order)) },
		"Decode": func(r *Request) error { return r.Decode(new(order)) },
	} {
		in := wantInput(t, read(codedPost("gzip", coded("gzip", "{}"))), 415)
		assert.Equal(t, "identity", in.Header.Get("Accept-Encoding"), name)
	}
	b, err := codedPost("gzip", coded("gzip", "{}")).Bytes()
	require.NoError(t, err)
	assert.Equal(t, coded("gzip", "{}"), string(b), "the bytes can be had as they came")
}

// decoding is a filter.
func decoding(app http.Handler) http.Handler {
	return respond(func(req *Request) *Response {
		if err := req.DecodeBody(BodyDecoding{}); err != nil {
			return req.failure(err)
		}
		return req.GetResponse(app)
	})
}

// One GiB of zeros in one MB: the bomb must be met early, with little memory.
func TestDecodeBodyBomb(t *testing.T) {
	member := coded("gzip", strings.Repeat("\x00", 16<<20))
	bomb := strings.Repeat(member, 64)
	req := codedPost("gzip", bomb)
	src := strings.NewReader(bomb)
	req.Body = io.NopCloser(src)
	require.NoError(t, req.DecodeBody(BodyDecoding{Max: -1}))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n, err := io.Copy(io.Discard, req.Body)
	runtime.ReadMemStats(&after)
	wantInput(t, err, 413)
	assert.Less(t, n, int64(4<<20), "what came out")
	assert.Less(t, len(bomb)-src.Len(), 64<<10, "what was read of it")
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<20))
	_, again := req.Body.Read(make([]byte, 1))
	assert.Equal(t, err, again, "it stays an error")
}

// A client that expects 100-continue is invited when the body is read, and not
// for a coding that is not known.
func TestDecodeBodyWaitsForTheReader(t *testing.T) {
	srv := httptest.NewServer(decoding(respond(func(req *Request) *Response {
		if req.URL.Path == "/unread" {
			return NewResponse(http.StatusConflict)
		}
		b, err := req.Bytes()
		if err != nil {
			return req.failure(err)
		}
		return Text(string(b))
	})))
	defer srv.Close()
	body := coded("gzip", "hello")
	for _, tt := range []struct{ path, coding, first string }{
		{"/", "gzip", "HTTP/1.1 100 Continue"},
		{"/unread", "gzip", "HTTP/1.1 409 Conflict"},
		{"/", "br", "HTTP/1.1 415 Unsupported Media Type"},
	} {
		conn, err := net.Dial("tcp", srv.Listener.Addr().String())
		require.NoError(t, err)
		defer conn.Close()
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n",
			tt.path, tt.coding, len(body))
		head := make([]byte, len(tt.first))
		_, err = io.ReadFull(conn, head)
		require.NoError(t, err)
		require.Equal(t, tt.first, string(head))
		if tt.coding == "br" {
			rest, err := io.ReadAll(conn)
			require.NoError(t, err)
			assert.Contains(t, string(rest), "Accept-Encoding: gzip, deflate\r\n")
			continue
		}
		if tt.path == "/" {
			io.WriteString(conn, body)
			rest, err := io.ReadAll(conn)
			require.NoError(t, err)
			assert.True(t, strings.HasSuffix(string(rest), "\r\n\r\nhello"), "%q", rest)
		}
	}
}

// FuzzDecodeBody: whatever is sent, an error is the client's, and what comes out is
// bounded.
func FuzzDecodeBody(f *testing.F) {
	f.Add("gzip", coded("gzip", "hello"))
	f.Add("deflate", coded("bare", "hello"))
	f.Add("deflate,gzip", coded("gzip", coded("deflate", "hello")))
	f.Add("gzip, gzip", coded("gzip", coded("gzip", "")))
	f.Add("x-gzip,,identity", "")
	f.Fuzz(func(t *testing.T, coding, body string) {
		req := codedPost(coding, body)
		err := req.DecodeBody(BodyDecoding{Max: 1000})
		var b []byte
		if err == nil {
			b, err = req.Bytes()
		}
		var in *InputError
		if err != nil && !errors.As(err, &in) {
			t.Fatal(err)
		}
		if len(b) > max(1000, len(body)) {
			t.Fatalf("%d bytes", len(b))
		}
	})
}

func BenchmarkDecodeBody(b *testing.B) {
	body := coded("gzip", strings.Repeat(`{"name": "Ada", "price": 1.5}`, 100))
	req := codedPost("gzip", body)
	b.ReportAllocs()
	h := req.Header
	for b.Loop() {
		req.Header, req.Body, req.ContentLength = h, io.NopCloser(strings.NewReader(body)), int64(len(body))
		if err := req.DecodeBody(BodyDecoding{}); err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			b.Fatal(err)
		}
	}
}
