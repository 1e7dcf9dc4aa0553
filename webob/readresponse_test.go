package webob

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadResponse(t *testing.T) {
	rows := []struct {
		name, text string
		status     int // 0 for a refusal
		body, rest string
		header     http.Header
	}{
		{"HTTP/1.1", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntestmore", 200, "test", "more", nil},
		{"WebOb's spelling", "200 OK\nContent-Length: 4\n\ntestmore", 200, "test", "more", nil},
		{"another version", "HTTP/2 204 No Content\r\n\r\n", 204, "", "", nil},
		{"an own reason", "404 Custom Reason Here\r\n\r\n", 404, "", "", nil},
		{"no reason, RFC 9112 §4", "HTTP/1.1 404\r\n\r\n", 404, "", "", nil},
		{"an empty reason", "HTTP/1.1 404 \r\n\r\n", 404, "", "", nil},
		{"no body without a length", "200 OK\r\n\r\nrest", 200, "", "rest", nil},
		{"a body cut off is what there is", "200 OK\r\nContent-Length: 10\r\n\r\nabc", 200, "abc", "", nil},
		{"lengths that agree", "200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nab", 200, "a", "b", nil},
		{"the end instead of an empty line", "200 OK\r\nX: y", 200, "", "", http.Header{"X": {"y"}}},
		{"nothing but a status", "200 OK", 200, "", "", nil},
		{"fields of one name", "200 OK\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\n", 200, "", "", http.Header{"Set-Cookie": {"a=1", "b=2"}}},
		{"space around name and value", "200 OK\r\nX :  y \r\n\r\n", 200, "", "", http.Header{"X": {"y"}}},
		{"space before the first field", "200 OK\r\n\tX: y\r\n\r\n", 200, "", "", http.Header{"X": {"y"}}},
		{"a folded field", "200 OK\r\nX: a\r\n  b: c\r\nY: d\r\n\r\n", 200, "", "", http.Header{"X": {"a b: c"}, "Y": {"d"}}},
		{"an empty value", "200 OK\r\nX:\r\n\r\n", 200, "", "", http.Header{"X": {""}}},
		{"chunks", "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\nrest", 200, "abcde", "rest", nil},
		{"chunks with trailers", "200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\nrest", 200, "a", "rest", nil},
		{"a 304 has no content whatever it says", "304 Not Modified\r\nContent-Length: 3\r\n\r\nabc", 304, "", "abc", nil},

		{name: "nothing"},
		{name: "no status", text: "nonsense\r\n\r\n"},
		{name: "a version alone", text: "HTTP/1.1\r\n\r\n"},
		{name: "a status of two digits", text: "20 OK\r\n\r\n"},
		{name: "a status of other digits", text: "٢٠٠ OK\r\n\r\n"},
		{name: "a status beyond 599", text: "600 X\r\n\r\n"},
		{name: "a status with a sign", text: "+20 X\r\n\r\n"},
		{name: "CR in the reason", text: "200 O\rK\r\n\r\n"},
		{name: "NUL in the reason", text: "200 \x00\r\n\r\n"},
		{name: "a line without a colon", text: "200 OK\r\nBad Header\r\n\r\n"},
		{name: "no name", text: "200 OK\r\n: v\r\n\r\n"},
		{name: "a name that is no token", text: "200 OK\r\na b: v\r\n\r\n"},
		{name: "CR in a value", text: "200 OK\r\nX: a\rb\r\n\r\n"},
		{name: "a length that is none", text: "200 OK\r\nContent-Length: x\r\n\r\nabc"},
		{name: "a length with a sign", text: "200 OK\r\nContent-Length: +3\r\n\r\nabc"},
		{name: "an empty length", text: "200 OK\r\nContent-Length:\r\n\r\nabc"},
		{name: "a length beyond 63 bits", text: "200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nabc"},
		{name: "lengths that disagree", text: "200 OK\r\nContent-Length: 3\r\nContent-Length: 2\r\n\r\nabc"},
		{name: "a list of lengths", text: "200 OK\r\nContent-Length: 3, 3\r\n\r\nabc"},
		{name: "chunks and a length", text: "200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
		{name: "another transfer coding", text: "200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
		{name: "chunks that are none", text: "200 OK\r\nTransfer-Encoding: chunked\r\n\r\nabc"},
		{name: "chunks cut off", text: "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := bufio.NewReader(strings.NewReader(row.text))
			p, err := ReadResponse(r, 0)
			if row.status == 0 {
				require.Error(t, err)
				if row.text != "" {
					assert.ErrorIs(t, err, ErrResponseText)
				}
				return
			}
			require.NoError(t, err)
			assert.Equal(t, row.status, p.Status())
			b, err := p.Bytes()
			require.NoError(t, err)
			assert.Equal(t, row.body, string(b))
			rest, _ := io.ReadAll(r)
			assert.Equal(t, row.rest, string(rest))
			for name, values := range row.header {
				assert.Equal(t, values, p.Header().Values(name), name)
			}
			assert.False(t, p.Header().Has("Transfer-Encoding"), "what was undone is not said any more")
		})
	}
}

func TestReadResponseIsBounded(t *testing.T) {
	read := func(text string, limit int64) error {
		_, err := ReadResponse(bufio.NewReader(strings.NewReader(text)), limit)
		return err
	}
	long := strings.Repeat("x", 1<<16)
	assert.ErrorIs(t, read("200 OK\r\nContent-Length: 10\r\n\r\n0123456789", 9), ErrTooLarge)
	assert.NoError(t, read("200 OK\r\nContent-Length: 10\r\n\r\n0123456789", 10))
	assert.NoError(t, read("200 OK\r\nContent-Length: 10\r\n\r\n0123456789", -1))
	assert.ErrorIs(t, read("200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n", 5), ErrTooLarge)
	assert.ErrorIs(t, read("200 OK\r\n"+strings.Repeat("X: "+long+"\r\n", 17), 0), ErrTooLarge, "of header")
	assert.ErrorIs(t, read("200 "+strings.Repeat(long, 17), 0), ErrTooLarge, "of status line")
	assert.ErrorIs(t, read("200 OK\r\n"+strings.Repeat("X: y\r\n", 2000)+"\r\n", 0), ErrResponseText, "too many fields")
	// A length that is a lie costs nothing.
	assert.NoError(t, read("200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nabc", -1))
}

func TestAsText(t *testing.T) {
	p := Text("é")
	p.Header().Add("Set-Cookie", "a=1")
	p.Header().Add("Set-Cookie", "b=2")
	text, err := p.AsText(false)
	require.NoError(t, err)
	assert.Equal(t, "200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\né", text)
	text, err = p.AsText(true)
	require.NoError(t, err)
	assert.True(t, strings.HasSuffix(text, "Content-Length: 2"), text)

	q := NewResponse(204)
	text, err = q.AsText(false)
	require.NoError(t, err)
	assert.Equal(t, "204 No Content", text)

	q = NewResponse(200)
	q.SetChunks(pieces("a", "", "b"))
	text, err = q.AsText(true)
	require.NoError(t, err)
	assert.Equal(t, "200 OK", text, "a stream is not read for its head")
	text, err = q.AsText(false)
	require.NoError(t, err)
	assert.Equal(t, "200 OK\r\nContent-Length: 2\r\n\r\nab", text)
}

func TestWriteToIsReadByNetHTTP(t *testing.T) {
	p := Text("hello\r\n\r\nworld")
	p.SetStatus(404)
	p.Header().Set("X", "y")
	var buf bytes.Buffer
	n, err := p.WriteTo(&buf)
	require.NoError(t, err)
	assert.EqualValues(t, buf.Len(), n)
	resp, err := http.ReadResponse(bufio.NewReader(&buf), nil)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "hello\r\n\r\nworld", string(body))
	assert.Equal(t, "404 Not Found", resp.Status)
	assert.Equal(t, "y", resp.Header.Get("X"))
}

func TestWriteToRefusesWhatCannotBeSent(t *testing.T) {
	for _, p := range []*Response{NewResponse(100), NewResponse(700)} {
		n, err := p.WriteTo(io.Discard)
		assert.Error(t, err)
		assert.Zero(t, n)
	}
}

func TestSetStatusText(t *testing.T) {
	p := NewResponse(200)
	for text, want := range map[string]int{"404": 404, "404 Not Found": 404, "299 Any\tthing": 299, "599 \xe9": 599, "100 Continue": 100} {
		require.NoError(t, p.SetStatusText(text))
		assert.Equal(t, want, p.Status(), text)
	}
	for _, text := range []string{"", "OK", "2 OK", "0200", "99", "600", "-1", "2e2", "200.0 OK", " 200", "200 a\r\nb", "200 \x7f"} {
		assert.Error(t, p.SetStatusText(text), text)
	}
}

func FuzzReadResponse(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntest", "200 OK\nX: a\n b\n\n", "304 X\r\n\r\n", "200 OK",
		"200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "200 OK\r\nContent-Length: +3\r\n\r\nabc",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ReadResponse(bufio.NewReader(strings.NewReader(text)), 1<<16)
		if err != nil || p.Status() < 200 {
			return
		}
		var buf bytes.Buffer
		if _, err := p.WriteTo(&buf); err != nil {
			t.Fatalf("read, but not to be sent: %v", err)
		}
		written := buf.String()
		q, err := ReadResponse(bufio.NewReader(&buf), 1<<16)
		if err != nil {
			t.Fatalf("%q: %v", written, err)
		}
		a, _ := p.AsText(false)
		if b, _ := q.AsText(false); a != b {
			t.Fatalf("%q became %q", a, b)
		}
	})
}

func BenchmarkReadResponse(b *testing.B) {
	text := "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 4\r\nX-Id: 1\r\n\r\ntest"
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadResponse(bufio.NewReaderSize(strings.NewReader(text), 256), 0); err != nil {
			b.Fatal(err)
		}
	}
}
