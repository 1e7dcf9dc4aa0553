package gateway

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/gowebob/gowebob/webob"
)

// FuzzHead: a CGI head is read or refused; what is read is what net/http would send.
func FuzzHead(f *testing.F) {
	for _, seed := range []string{
		"Content-Type: text/plain\n\nbody", "Status: 404 Not Found\r\nX: 1\r\n\r\n", "Location: /x\n\n", "\n", "", "Status: 99\n\n", "Status: 200 OK\nStatus: 200\n\n",
		"A : b\n\n", "A: b\n c\n\n", "A: \x01\n\n", "Content-Length: 1\nContent-Length: 1\n\n", "Connection: close\n\n", "status: 200\n\n", "A: b\r\r\n\n", strings.Repeat("x", 5000),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		in := bufio.NewReaderSize(bytes.NewReader(b), 16)
		h, err := readHead(in, 1000)
		if err != nil {
			return
		}
		if h.status < 200 || h.status > 599 {
			t.Fatalf("status %d", h.status)
		}
		for name, values := range h.header {
			for _, value := range values {
				if !token(name) || strings.ContainsAny(value, "\r\n\x00") || name == "Status" || name == "Connection" || name == "Transfer-Encoding" {
					t.Fatalf("%q: %q", name, value)
				}
			}
		}
		rest, _ := io.ReadAll(in)
		if !bytes.HasSuffix(b, rest) || len(b)-len(rest) > 1000 {
			t.Fatalf("%d bytes were read of %d", len(b)-len(rest), len(b))
		}
	})
}

// FuzzRecords: records are read as they were written, and garbage ends in an error
// with bounded memory.
func FuzzRecords(f *testing.F) {
	f.Add(appendRecord(nil, fcgiBegin, 1, []byte{0, 1, 0, 0, 0, 0, 0, 0}))
	f.Add(appendStream(nil, fcgiParams, 1, appendPair(appendPair(nil, "A", "b"), strings.Repeat("n", 200), strings.Repeat("v", 300))))
	f.Add([]byte{1, 6, 0, 1, 0xFF, 0xFF, 0xFF, 0})
	f.Add([]byte{0, 6, 0, 1, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		rs := &records{r: bytes.NewReader(b)}
		var again []byte
		for {
			rec, err := rs.next()
			if err != nil {
				break
			}
			if cap(rs.buf) > fcgiContent+255 {
				t.Fatalf("%d bytes are held", cap(rs.buf))
			}
			again = appendRecord(again[:0], rec.kind, rec.id, rec.content)
			back, err := (&records{r: bytes.NewReader(again)}).next()
			if err != nil || back.kind != rec.kind || back.id != rec.id || !bytes.Equal(back.content, rec.content) {
				t.Fatalf("%v became %v, %v", rec, back, err)
			}
		}
		var written []byte
		whole := true
		for pair, err := range pairs(b) {
			if whole = err == nil; !whole {
				break
			}
			written = appendPair(written, pair[0], pair[1])
		}
		n := 0
		for pair, err := range pairs(written) {
			if err != nil || len(pair) != 2 {
				t.Fatal(err)
			}
			n++
		}
		if whole && n == 0 && len(b) > 0 {
			t.Fatal("pairs were lost")
		}
	})
}

// FuzzVariables: a front may say what it likes; what comes of it is a request as
// net/http would have made it, or an error.
func FuzzVariables(f *testing.F) {
	f.Add("GET", "/a/b?c", "/a", "/b", "c", "h:80", "5", "/m", true)
	f.Add("POST", "", "", "", "", "", "-1", "", false)
	f.Add("GET", "/%2F%", "/x\x00", "y\n", "a b", "h/x", "", "/", true)
	f.Add("OPTIONS", "*", "", "*", "", "", "", "", false)
	f.Fuzz(func(t *testing.T, method, uri, script, path, query, host, length, mount string, fastcgi bool) {
		in := &incoming{options: (&Options{Mount: mount}).filled(), fastcgi: fastcgi, vars: map[string]string{
			"REQUEST_METHOD": method, "REQUEST_URI": uri, "SCRIPT_NAME": script, "PATH_INFO": path, "QUERY_STRING": query,
			"HTTP_HOST": host, "CONTENT_LENGTH": length, "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_X": query, "REMOTE_ADDR": host, "REMOTE_PORT": length,
		}}
		r, err := in.request()
		if err != nil || method == "OPTIONS" && path == "*" {
			return // which has no path, whatever a front says
		}
		req := webob.NewRequest(r)
		in.describe(req)
		wantScript, wantPath, told := in.paths()
		env := req.Environ()
		if told && env.String("PATH_INFO") != wantPath {
			t.Fatalf("PATH_INFO %q became %q", wantPath, env.String("PATH_INFO"))
		}
		if told && env.String("SCRIPT_NAME") != wantScript {
			t.Fatalf("SCRIPT_NAME %q became %q", wantScript, env.String("SCRIPT_NAME"))
		}
		if strings.ContainsAny(r.RequestURI+r.URL.RawQuery+r.Host, "\r\n\x00 ") {
			t.Fatalf("%q %q %q", r.RequestURI, r.URL.RawQuery, r.Host)
		}
	})
}
