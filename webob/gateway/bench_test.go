package gateway

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gowebob/gowebob/webob"
)

func BenchmarkFastCGI(b *testing.B) {
	l, err := ListenUnix(filepath.Join(b.TempDir(), "s"), 0)
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- ServeFastCGI(ctx, l, webob.Text("Hello"), nil) }()
	defer func() { cancel(); <-ended }()
	app := &FastCGI{Network: "unix", Address: l.Addr().String(), Script: "/x"}
	r := httptest.NewRequest("GET", "/a", nil)
	b.ReportAllocs()
	for b.Loop() {
		app.ServeHTTP(&discard{h: http.Header{}}, r)
	}
}

type discard struct{ h http.Header }

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Flush()                      {}

func BenchmarkRecords(b *testing.B) {
	all := appendStream(nil, fcgiStdout, 1, bytes.Repeat([]byte("x"), 1<<20))
	rs := &records{}
	b.SetBytes(int64(len(all)))
	b.ReportAllocs()
	for b.Loop() {
		rs.r = bytes.NewReader(all)
		for {
			if _, err := rs.next(); err != nil {
				break
			}
		}
	}
}

func BenchmarkRequest(b *testing.B) {
	in := &incoming{options: (*Options)(nil).filled(), fastcgi: true, vars: map[string]string{
		"REQUEST_METHOD": "GET", "REQUEST_URI": "/a/b?c", "SCRIPT_NAME": "/a", "PATH_INFO": "/b", "QUERY_STRING": "c", "SERVER_PROTOCOL": "HTTP/1.1",
		"HTTP_HOST": "h.example", "HTTP_ACCEPT": "*/*", "HTTP_USER_AGENT": strings.Repeat("x", 40), "REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": "1",
	}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := in.request(); err != nil {
			b.Fatal(err)
		}
	}
}

var _ net.Listener = (*only)(nil)
