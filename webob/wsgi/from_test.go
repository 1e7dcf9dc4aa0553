package wsgi_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/wsgi"
)

// call runs an application as a server would that knows nothing but the PEP.
func call(app wsgi.App, req *webob.Request) (status string, headers wsgi.Headers, parts []string, trapped, failed error) {
	seq := app(req.Environ(), func(s string, h wsgi.Headers, excInfo error) (wsgi.Write, error) {
		status, headers, trapped = s, h, excInfo
		return func(b []byte) error { parts = append(parts, string(b)); return nil }, nil
	})
	for chunk, err := range seq {
		if err != nil {
			failed = err
			break
		}
		parts = append(parts, string(chunk))
	}
	return status, headers, parts, trapped, failed
}

func TestFromHandler(t *testing.T) {
	conditional := webob.Text("text")
	conditional.Header().Set("ETag", `"1"`)
	conditional.Conditional(true)
	typed := func(more ...[2]string) wsgi.Headers {
		return append(wsgi.Headers{{"Content-Type", "text/plain; charset=utf-8"}}, more...)
	}
	for _, row := range []struct {
		name    string
		handler http.Handler
		req     *webob.Request
		status  string
		headers wsgi.Headers
		parts   []string
		trapped error
		failed  error
	}{
		{name: "a Response", handler: webob.Text("hello"), status: "200 OK", headers: typed([2]string{"Content-Length", "5"}), parts: []string{"hello"}},
		{name: "HEAD", req: webob.Blank("/", webob.WithMethod("HEAD")), handler: webob.Text("hello"), status: "200 OK", headers: typed([2]string{"Content-Length", "5"})},
		{name: "conditions are settled", req: webob.Blank("/", webob.WithHeader("If-None-Match", `"1"`)), handler: conditional, status: "304 Not Modified", headers: wsgi.Headers{{"Etag", `"1"`}}},
		{name: "ranges too", req: webob.Blank("/", webob.WithHeader("Range", `bytes=1-2`)), handler: conditional, status: "206 Partial Content",
			headers: typed([2]string{"Etag", `"1"`}, [2]string{"Content-Range", "bytes 1-2/4"}, [2]string{"Content-Length", "2"}), parts: []string{"ex"}},
		{name: "hop-by-hop fields are left out", handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			w.Header().Set("Connection", "close")
			w.Header().Set("Transfer-Encoding", "identity")
			fmt.Fprint(w, "x")
		}), status: "200 OK", headers: wsgi.Headers{{"Content-Length", "1"}}, parts: []string{"x"}},
		{name: "what is flushed is a chunk", handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			for i := range 3 {
				fmt.Fprint(w, i, "-")
				fmt.Fprint(w, i)
				w.(http.Flusher).Flush()
			}
		}), status: "200 OK", headers: wsgi.Headers{}, parts: []string{"0-0", "1-1", "2-2"}},
		{name: "a status without a phrase", handler: webob.NewResponse(299), status: "299 Unknown", headers: wsgi.Headers{{"Content-Length", "0"}}},
		{name: "an error goes to start with its page", handler: dec.Wsgify(func(*webob.Request) (string, error) { return "", exc.NotFound }),
			status: "404 Not Found", headers: typed([2]string{"Vary", "Accept"}, [2]string{"Content-Length", "52"}), parts: []string{"404 Not Found\n\nThe resource could not be found.\n\n\n"}, trapped: exc.NotFound},
		{name: "a stream that breaks", handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			webob.Stream("", func(w webob.StreamWriter) error {
				_, _ = io.WriteString(w, "x")
				_ = w.Flush()
				return errBroken
			}).ServeHTTP(w, r)
		}), status: "200 OK", headers: wsgi.Headers{}, parts: []string{"x"}, failed: http.ErrAbortHandler},
	} {
		t.Run(row.name, func(t *testing.T) {
			req := row.req
			if req == nil {
				req = webob.Blank("/")
			}
			var status string
			var headers wsgi.Headers
			var parts []string
			var trapped, failed error
			run := func() {
				status, headers, parts, trapped, failed = call(wsgi.Lint(wsgi.FromHandler(row.handler), func(v *wsgi.Violation) { t.Error(v) }), req)
			}
			if row.failed == http.ErrAbortHandler {
				assert.PanicsWithValue(t, http.ErrAbortHandler, run)
				return
			}
			run()
			assert.Equal(t, row.status, status)
			if row.trapped == nil {
				assert.ElementsMatch(t, row.headers, headers) // a foreign handler's have no order
				assert.Equal(t, row.parts, parts)
			}
			assert.ErrorIs(t, trapped, row.trapped)
			assert.NoError(t, failed)
		})
	}
}

// There and back again: what a handler answers is what the client gets.
func TestRoundTrip(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("POST /echo/{name}", dec.Wsgify(func(req *webob.Request) (string, error) {
		body, err := req.Text()
		return req.PathValue("name") + ":" + body, err
	}))
	mux.Handle("/fail", exc.Conflict)
	mux.HandleFunc("/close", func(w http.ResponseWriter, r *http.Request) { _ = r.Body.Close() })
	for mode, wrap := range modes {
		t.Run(mode, func(t *testing.T) {
			lint := wsgi.Lint(wsgi.FromHandler(mux), func(v *wsgi.Violation) { t.Error(v) })
			h := wrap(wsgi.Handler(wsgi.Lint(wsgi.FromHandler(wsgi.Handler(lint)), nil)))
			resp := webob.Blank("/echo/ada", webob.WithPost([]byte("hello"))).GetResponse(h)
			got, err := resp.Text()
			require.NoError(t, err)
			assert.Equal(t, "ada:hello", got)
			resp = webob.Blank("/fail").GetResponse(h)
			assert.ErrorIs(t, resp.Err(), exc.Conflict)
			assert.Equal(t, 409, resp.Status())
			resp = webob.Blank("/close", webob.WithPost([]byte("x"))).GetResponse(h)
			assert.Equal(t, 200, resp.Status())
		})
	}
}

func TestFromHandlerHijack(t *testing.T) {
	server := httptest.NewServer(wsgi.Handler(wsgi.FromHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if errors.Is(err, http.ErrNotSupported) {
			w.WriteHeader(501)
			return
		}
		c.Close()
	}))))
	defer server.Close()
	resp, err := http.Get(server.URL)
	if err == nil {
		resp.Body.Close()
		assert.GreaterOrEqual(t, resp.StatusCode, 500)
	}
}
