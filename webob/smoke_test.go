package webob

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type respond func(*Request) *Response

func (f respond) Respond(r *Request) *Response                     { return f(r) }
func (f respond) ServeHTTP(w http.ResponseWriter, r *http.Request) { Serve(f, w, r) }

func filter(next http.Handler, name string) http.Handler {
	return respond(func(r *Request) *Response {
		p := r.GetResponse(next)
		p.Header().Add("X-F", name)
		return p
	})
}

func TestSmoke(t *testing.T) {
	raw := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/small":
			io.WriteString(w, "small")
		case "/big":
			for i := 0; i < 100; i++ {
				w.Write(make([]byte, 5000))
			}
		case "/sse":
			for i := 0; ; i++ {
				if _, err := fmt.Fprintf(w, "%d\n", i); err != nil {
					return
				}
				w.(http.Flusher).Flush()
				select {
				case <-r.Context().Done():
					return
				case <-time.After(time.Millisecond):
				}
			}
		}
	})
	mux := http.NewServeMux()
	mux.Handle("/t/{x}", respond(func(r *Request) *Response { return Text("hi " + r.PathValue("x")) }))
	mux.Handle("/", raw)
	srv := httptest.NewServer(filter(filter(filter(mux, "1"), "2"), "3"))
	defer srv.Close()
	for _, path := range []string{"/small", "/big", "/t/me", "/sse"} {
		resp, err := http.Get(srv.URL + path)
		require.NoError(t, err)
		b := make([]byte, 10)
		n, _ := io.ReadAtLeast(resp.Body, b, 2)
		t.Log(path, resp.Status, resp.Header, resp.ContentLength, n, string(b))
		if path != "/sse" {
			m, err := io.Copy(io.Discard, resp.Body)
			t.Log(m, err)
		}
		resp.Body.Close()
	}
}
