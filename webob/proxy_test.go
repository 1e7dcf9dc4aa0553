package webob_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/http/httputil"
	"net/textproto"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// upstream is a server behind a proxy.
var upstream = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/hints":
		w.Header().Set("Link", "</a>")
		w.WriteHeader(http.StatusEarlyHints)
		io.WriteString(w, "hinted")
	case "/trailers":
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, "body")
		w.Header().Set("X-Sum", "42")
	case "/late-trailers":
		io.WriteString(w, "body")
		w.(http.Flusher).Flush()
		w.Header().Set(http.TrailerPrefix+"X-Sum", "42")
	case "/cut":
		w.Header().Set("Content-Length", "100000")
		w.Write(make([]byte, 50_000))
		panic(http.ErrAbortHandler)
	case "/cut-chunks":
		w.Write(make([]byte, 50_000))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	case "/events":
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: 1\n\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	default:
		w.Write(make([]byte, 100_000))
	}
})

func TestReverseProxyBehindFilters(t *testing.T) {
	quiet := log.New(io.Discard, "", 0)
	for label, layer := range around {
		t.Run(label, func(t *testing.T) {
			leakFree(t)
			back := listen(t, "HTTP/1.1", upstream)
			target, err := url.Parse(back.URL)
			require.NoError(t, err)
			proxy := httputil.NewSingleHostReverseProxy(target)
			proxy.ErrorLog = quiet
			front := listen(t, "HTTP/1.1", layer(proxy))

			assert.Len(t, fetch(t, front, "GET", "/big").body, 100_000)
			assert.Empty(t, fetch(t, front, "HEAD", "/big").body)

			code := 0
			hinted := fetch(t, front, "GET", "/hints", func(r *http.Request) {
				*r = *r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{
					Got1xxResponse: func(c int, _ textproto.MIMEHeader) error { code = c; return nil },
				}))
			})
			assert.Equal(t, 103, code)
			assert.Equal(t, "hinted", hinted.body)

			for _, path := range []string{"/trailers", "/late-trailers"} {
				got := fetch(t, front, "GET", path)
				assert.Equal(t, "body", got.body)
				assert.Equal(t, "42", got.Trailer.Get("X-Sum"), path)
			}
			for _, path := range []string{"/cut", "/cut-chunks"} {
				got := fetch(t, front, "GET", path)
				assert.Error(t, got.readErr, "%s: %d bytes of a cut body", path, len(got.body))
			}
			events := get(t, front, "/events")
			first := make([]byte, 9)
			_, err = io.ReadFull(events.Body, first)
			require.NoError(t, err)
			assert.Equal(t, "data: 1\n\n", string(first))
			events.Body.Close()
		})
	}
}

// spec 1.4
func TestManyClientsAtOnce(t *testing.T) {
	leakFree(t)
	mux := http.NewServeMux()
	mux.Handle("/native/{id}", native(func(r *webob.Request) *webob.Response {
		account.Set(r, r.PathValue("id"))
		return webob.Text("native " + r.PathValue("id"))
	}))
	mux.HandleFunc("/foreign/{id}", func(w http.ResponseWriter, r *http.Request) {
		account.Set(webob.NewRequest(r), r.PathValue("id"))
		io.WriteString(w, "foreign "+r.PathValue("id"))
	})
	mux.HandleFunc("/large/{id}", func(w http.ResponseWriter, r *http.Request) {
		account.Set(webob.NewRequest(r), r.PathValue("id"))
		for range 100 {
			io.WriteString(w, strings.Repeat(r.PathValue("id"), 1000))
		}
	})
	mux.Handle("/slow/{id}", http.TimeoutHandler(native(func(r *webob.Request) *webob.Response {
		account.Set(r, r.PathValue("id"))
		p := webob.NewResponse(200)
		p.SetBody(io.MultiReader(&slow{strings.NewReader("slow ")}, strings.NewReader(r.PathValue("id"))))
		return p
	}), time.Minute, ""))
	check := native(func(r *webob.Request) *webob.Response {
		p := r.GetResponse(filtered(mux))
		p.Header().Set("X-Id", account.Value(r))
		return p
	})
	srv := listen(t, "HTTP/1.1", filtered(derived(check)))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 10 {
				id := fmt.Sprint(i*100 + j)
				for path, want := range map[string]string{"native": "native " + id, "foreign": "foreign " + id, "large": strings.Repeat(id, 100_000), "slow": "slow " + id} {
					resp, err := srv.Client().Get(srv.URL + "/" + path + "/" + id)
					if !assert.NoError(t, err) {
						return
					}
					b, err := io.ReadAll(resp.Body)
					resp.Body.Close()
					assert.NoError(t, err)
					assert.Equal(t, id, resp.Header.Get("X-Id"))
					assert.True(t, want == string(b), path)
				}
			}
		})
	}
	wg.Wait()
}

// spec 2.4
func TestStreamOfAnAppThatOutlivesItsRequestIsClosedAtItsEnd(t *testing.T) {
	leakFree(t)
	source := &closeCounter{Reader: strings.NewReader("late")}
	release, ended := make(chan struct{}), make(chan struct{})
	closed := 0
	app := native(func(*webob.Request) *webob.Response {
		p := webob.NewResponse(200)
		p.SetBody(source)
		p.OnClose(func() { closed++ })
		return p
	})
	waiting := native(func(r *webob.Request) *webob.Response {
		p := r.GetResponse(app)
		<-release
		p.Header().Set("X-Late", "1")
		return p
	})
	slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		defer func() { recover() }() // the write to a handler that timed out is aborted
		waiting.ServeHTTP(w, r)
	})
	rec := httptest.NewRecorder()
	h := native(func(r *webob.Request) *webob.Response {
		return r.GetResponse(http.TimeoutHandler(slow, time.Millisecond, "too slow"))
	})
	logging(&journal{level: 100}, h).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, 503, rec.Code)
	assert.Zero(t, source.count(), "not under its reader")
	close(release)
	soon(t, ended, "the slow app")
	assert.Equal(t, 1, source.count())
	assert.Equal(t, 1, closed)
}
