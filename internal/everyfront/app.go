// Package everyfront is one app and one table of rows, by which every way into a
// program is tested alike: net/http, a Unix socket, CGI, FastCGI, behind real web
// servers and behind our own.
package everyfront

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// Size is the length of large bodies: more than any buffer on the way.
const Size = 8 << 20

// App is the app. It knows nothing of what is in front of it.
func App() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/env/", dec.Wsgify(environ))
	mux.Handle("/sum", dec.Wsgify(sum))
	mux.Handle("/large", dec.Wsgify(large))
	mux.Handle("/stream", dec.Wsgify(stream))
	mux.Handle("/cut", dec.Wsgify(cut))
	mux.Handle("/tagged", dec.Wsgify(tagged))
	mux.Handle("/cookies", dec.Wsgify(cookies))
	mux.Handle("/see", exc.SeeOther.To("/env/other"))
	mux.Handle("/missing", exc.NotFound)
	mux.Handle("/nothing", webob.NewResponse(http.StatusNoContent))
	mux.HandleFunc("/foreign", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "hints" {
			w.Header().Set("Link", "</x>")
			w.WriteHeader(http.StatusEarlyHints)
		}
		w.Header().Set("Status", "500 Injected")
		w.Header().Set("Trailer", "X-T")
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "<p>text</p>")
	})
	mux.HandleFunc("/short", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		_, _ = io.WriteString(w, "short")
	})
	mux.HandleFunc("/panic", func(http.ResponseWriter, *http.Request) { panic("of a row") })
	return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		resp := req.GetResponse(app)
		resp.Header().Set("X-Filter", "1")
		return resp, nil
	})(mux)
}

// environ gives what text the environ has.
func environ(req *webob.Request) (map[string]string, error) {
	text := map[string]string{"url": req.FullURL(), "path": req.URL.Path}
	for key, value := range req.Environ().All() {
		switch v := value.(type) {
		case string:
			text[key] = v
		case bool:
			text[key] = strconv.FormatBool(v)
		}
	}
	return text, nil
}

func sum(req *webob.Request) (string, error) {
	h := sha256.New()
	n, err := io.Copy(h, req.Body)
	return strconv.FormatInt(n, 10) + " " + hex.EncodeToString(h.Sum(nil)), err
}

func large(*webob.Request) (io.Reader, error) { return Large(), nil }

// Large gives Size bytes that do not repeat soon.
func Large() io.Reader { return io.LimitReader(&numbers{}, Size) }

// numbers counts in steps that look like none.
type numbers struct {
	n    uint64
	left []byte
	buf  [20]byte
}

func (s *numbers) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(s.left) == 0 {
			s.n += 0x9E3779B97F4A7C15
			s.left = strconv.AppendUint(s.buf[:0], s.n, 36)
		}
		m := copy(p[n:], s.left)
		s.left = s.left[m:]
		n += m
	}
	return n, nil
}

// stream sends one piece, and the next when the gate has been passed. The gate is an
// address, so that it may be in another process.
func stream(req *webob.Request) (*webob.Response, error) {
	gate := req.GET().Get("gate")
	return webob.Stream("text/plain", func(w webob.StreamWriter) error {
		for _, piece := range []string{"one", "two"} {
			if _, err := io.WriteString(w, piece); err != nil {
				return err
			}
			if err := w.Flush(); err != nil {
				return err
			}
			if err := pass(gate); err != nil {
				return err
			}
		}
		return nil
	}), nil
}

func pass(gate string) error {
	if !strings.HasPrefix(gate, "http://127.0.0.1:") {
		return exc.BadRequest
	}
	client := http.Client{Timeout: 20 * time.Second}
	resp, err := client.Get(gate)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

var errCut = errors.New("the source broke")

func cut(*webob.Request) (*webob.Response, error) {
	return webob.Stream("text/plain", func(w webob.StreamWriter) error {
		_, _ = io.WriteString(w, strings.Repeat("x", 100<<10))
		_ = w.Flush()
		time.Sleep(50 * time.Millisecond)
		return errCut
	}), nil
}

func tagged(*webob.Request) (*webob.Response, error) {
	resp := webob.Text("tagged")
	resp.Header().Set("ETag", `"1"`)
	resp.Conditional(true)
	return resp, nil
}

func cookies(*webob.Request) (*webob.Response, error) {
	resp := webob.Text("")
	resp.Header().Add("Set-Cookie", "a=1")
	resp.Header().Add("Set-Cookie", "b=2")
	return resp, nil
}
