package dec_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// seenHead is what fn saw of an answer.
type seenHead struct {
	calls  int
	status int
	err    error
	ctype  string
	where  string
}

// watch is OnHead that notes what it sees and marks the answer.
func watch(s *seenHead) func(http.Handler) http.Handler {
	return dec.OnHead(func(req *webob.Request, h *webob.Head) error {
		*s = seenHead{s.calls + 1, h.Status(), h.Err(), h.Header().Get("Content-Type"), req.Pattern + " " + req.PathValue("x")}
		h.Header().Set("X-Seen", "1")
		return nil
	})
}

func writes(status int, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		if status != 0 {
			w.WriteHeader(status)
		}
		if body != "" {
			io.WriteString(w, body)
		}
	})
}

// spec 6.4
func TestOnHeadSeesTheFinalHead(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("/m/{x}", of("mux"))
	mux.Handle("/a/{x}", dec.Wsgify(func(*webob.Request) (string, error) { return "", exc.Gone }))
	rows := []struct {
		name   string
		app    http.Handler
		status int
		err    error
	}{
		{"ours", of("x"), 200, nil},
		{"error page of ours", fails(exc.Forbidden), 403, exc.Forbidden},
		{"foreign", writes(203, "x"), 203, nil},
		{"foreign without a status", writes(0, "x"), 200, nil},
		{"foreign that writes nothing", writes(0, ""), 200, nil},
		{"foreign page", http.NotFoundHandler(), 404, nil},
		{"ours behind a mux", mux, 410, exc.Gone},
		{"ours behind foreign code", http.HandlerFunc(mux.ServeHTTP), 410, exc.Gone},
	}
	for _, row := range rows {
		for outer, around := range map[string]func(http.Handler) http.Handler{
			"outermost": func(h http.Handler) http.Handler { return h }, "within filters": eight,
		} {
			t.Run(row.name+", "+outer, func(t *testing.T) {
				var s seenHead
				app := around(watch(&s)(row.app))
				got := asker(t, app)("GET", "")
				assert.Equal(t, row.status, got.Status)
				assert.Equal(t, "1", got.Header.Get("X-Seen"))
				assert.Equal(t, 1, s.calls)
				assert.Equal(t, row.status, s.status)
				assert.Equal(t, row.err, s.err)
				if strings.Contains(row.name, "behind") {
					assert.Equal(t, "/a/{x} b", s.where)
				}
			})
		}
	}
}

func TestOnHeadChangesTheStatus(t *testing.T) {
	set := func(status int) func(http.Handler) http.Handler {
		return dec.OnHead(func(_ *webob.Request, h *webob.Head) error { h.SetStatus(status); return nil })
	}
	for name, app := range map[string]http.Handler{"ours": of("body"), "foreign": writes(200, "body")} {
		t.Run(name, func(t *testing.T) {
			got := asker(t, set(202)(app))("GET", "")
			assert.Equal(t, 202, got.Status)
			assert.Equal(t, "body", got.Body)
			got = asker(t, set(204)(app))("GET", "")
			assert.Equal(t, 204, got.Status)
			assert.False(t, got.Cut)
			assert.Empty(t, got.Body)
			for _, bad := range []int{0, 99, 100, 199, 600, -1, 1000} {
				got = asker(t, set(bad)(app))("GET", "")
				assert.Equal(t, 500, got.Status)
				assert.NotContains(t, got.Body, "body")
			}
		})
	}
}

func TestOnHeadErrorTakesTheAnswersPlace(t *testing.T) {
	refuse := dec.OnHead(func(_ *webob.Request, h *webob.Head) error {
		if h.Status() == 200 {
			return exc.Forbidden.With("not for you")
		}
		return (*exc.Error)(nil)
	})
	outer := func(app http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Outer", "1")
			app.ServeHTTP(w, r)
		})
	}
	large := strings.Repeat("secret", 20000)
	for name, app := range map[string]http.Handler{
		"ours":          of("secret"),
		"foreign":       writes(200, "secret"),
		"large":         writes(200, large),
		"copied":        http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.Copy(w, strings.NewReader(large)) }),
		"ours, foreign": http.HandlerFunc(of(large).ServeHTTP),
		"flushed": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "6")
			assert.NoError(t, http.NewResponseController(w).Flush())
			n, err := io.WriteString(w, "secret")
			assert.Equal(t, 6, n)
			assert.NoError(t, err)
			assert.NoError(t, http.NewResponseController(w).Flush())
			w.WriteHeader(200)
		}),
	} {
		t.Run(name, func(t *testing.T) {
			got := asker(t, outer(refuse(app)))("GET", "")
			assert.Equal(t, 403, got.Status)
			assert.False(t, got.Cut)
			assert.Contains(t, got.Body, "not for you")
			assert.NotContains(t, got.Body, "secret")
			assert.Equal(t, "1", got.Header.Get("X-Outer"))
		})
	}
	t.Run("a typed nil is no error", func(t *testing.T) {
		assert.Equal(t, 404, asker(t, refuse(http.NotFoundHandler()))("GET", "").Status)
	})
	t.Run("its identity reaches filters outside", func(t *testing.T) {
		p := webob.Blank("/").GetResponse(refuse(writes(200, "x")))
		assert.ErrorIs(t, p.Err(), exc.Forbidden)
	})
}

func TestOnHeadLetsInformationPass(t *testing.T) {
	var s seenHead
	app := watch(&s)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusCreated)
	}))
	srv := httptest.NewServer(app)
	defer srv.Close()
	var hints []int
	req, _ := http.NewRequest("GET", srv.URL, nil)
	req = req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
			hints = append(hints, code)
			assert.Empty(t, h.Get("X-Seen"))
			return nil
		},
	}))
	resp, err := http.DefaultTransport.RoundTrip(req)
	require.NoError(t, err)
	resp.Body.Close()
	assert.Equal(t, []int{103}, hints)
	assert.Equal(t, 201, resp.StatusCode)
	assert.Equal(t, 1, s.calls)
}

func TestOnHeadKeepsWhatTheWriterCan(t *testing.T) {
	t.Run("Flush: the client reads while the handler waits", func(t *testing.T) {
		for name, flush := range map[string]func(http.ResponseWriter){
			"controller": func(w http.ResponseWriter) { http.NewResponseController(w).Flush() },
			"assertion":  func(w http.ResponseWriter) { w.(http.Flusher).Flush() },
		} {
			t.Run(name, func(t *testing.T) {
				var s seenHead
				read := make(chan struct{})
				srv := httptest.NewServer(watch(&s)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					flush(w) // before anything else
					io.WriteString(w, "one")
					flush(w)
					<-read
				})))
				defer srv.Close()
				resp, err := http.Get(srv.URL)
				require.NoError(t, err)
				defer resp.Body.Close()
				b := make([]byte, 3)
				_, err = io.ReadFull(resp.Body, b)
				require.NoError(t, err)
				close(read)
				assert.Equal(t, "one", string(b))
				assert.Equal(t, "1", resp.Header.Get("X-Seen"))
			})
		}
	})
	t.Run("Hijack", func(t *testing.T) {
		for name, hijack := range map[string]func(http.ResponseWriter) (net.Conn, *bufio.ReadWriter, error){
			"controller": func(w http.ResponseWriter) (net.Conn, *bufio.ReadWriter, error) {
				return http.NewResponseController(w).Hijack()
			},
			"assertion": func(w http.ResponseWriter) (net.Conn, *bufio.ReadWriter, error) { return w.(http.Hijacker).Hijack() },
		} {
			t.Run(name, func(t *testing.T) {
				var s seenHead
				srv := httptest.NewServer(watch(&s)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					conn, _, err := hijack(w)
					if assert.NoError(t, err) {
						io.WriteString(conn, "HTTP/1.1 299 Mine\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
						conn.Close()
					}
				})))
				defer srv.Close()
				resp, err := http.Get(srv.URL)
				require.NoError(t, err)
				resp.Body.Close()
				assert.Equal(t, 299, resp.StatusCode)
				assert.Zero(t, s.calls)
			})
		}
	})
	t.Run("deadlines", func(t *testing.T) {
		var s seenHead
		got := asker(t, watch(&s)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			c := http.NewResponseController(w)
			assert.NoError(t, c.SetWriteDeadline(time.Now().Add(time.Minute)))
			assert.NoError(t, c.SetReadDeadline(time.Now().Add(time.Minute)))
			assert.NoError(t, c.EnableFullDuplex())
		})))("GET", "")
		assert.Equal(t, 200, got.Status)
	})
	t.Run("ReadFrom of the real writer gets the file", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "f")
		require.NoError(t, os.WriteFile(path, make([]byte, 100000), 0o600))
		w := &readerFrom{ResponseRecorder: httptest.NewRecorder()}
		var s seenHead
		watch(&s)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.ServeFile(w, r, path)
		})).ServeHTTP(w, httptest.NewRequest("GET", "/f", nil))
		assert.True(t, w.file, "sendfile needs the *os.File")
		assert.Equal(t, 1, s.calls)
		assert.Equal(t, 100000, w.Body.Len())
	})
	t.Run("a panic goes on", func(t *testing.T) {
		var s seenHead
		assert.PanicsWithValue(t, "p", func() {
			watch(&s)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("p") })).
				ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		})
		assert.Zero(t, s.calls)
	})
	t.Run("a writer without Flush or Hijack says so", func(t *testing.T) {
		var s seenHead
		watch(&s)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _, err := http.NewResponseController(w).Hijack()
			assert.ErrorIs(t, err, http.ErrNotSupported)
			assert.ErrorIs(t, http.NewResponseController(w).Flush(), http.ErrNotSupported)
		})).ServeHTTP(&nowhere{h: http.Header{}}, httptest.NewRequest("GET", "/", nil))
	})
}

// readerFrom notes whether it is handed a file.
type readerFrom struct {
	*httptest.ResponseRecorder
	file bool
}

func (w *readerFrom) ReadFrom(src io.Reader) (int64, error) {
	inner := src
	if l, ok := src.(*io.LimitedReader); ok {
		inner = l.R
	}
	_, w.file = inner.(interface{ Fd() uintptr })
	if !w.file {
		_, w.file = inner.(io.Seeker)
	}
	return io.Copy(struct{ io.Writer }{w.ResponseRecorder}, src)
}

// spec 6.3
func TestMiddleware(t *testing.T) {
	t.Run("neither answer nor error is a fault with a cause", func(t *testing.T) {
		for name, layer := range map[string]func(http.Handler) http.Handler{
			"response":  dec.Middleware(func(*webob.Request, http.Handler) (*webob.Response, error) { return nil, nil }),
			"any":       dec.Middleware(func(*webob.Request, http.Handler) (any, error) { return nil, nil }),
			"typed nil": dec.Middleware(func(*webob.Request, http.Handler) (any, error) { return (*exc.Error)(nil), nil }),
			"handler":   dec.Middleware(func(*webob.Request, http.Handler) (http.Handler, error) { return nil, nil }),
			"pointer":   dec.Middleware(func(*webob.Request, http.Handler) (*point, error) { return nil, nil }),
			"nil error": dec.Middleware(func(*webob.Request, http.Handler) (*webob.Response, error) { return nil, (*exc.Error)(nil) }),
			"own": dec.Middleware(func(req *webob.Request, _ http.Handler) (*webob.Response, error) {
				dress(req.Response())
				return nil, nil
			}),
		} {
			p := webob.Blank("/").GetResponse(layer(of("x")))
			assert.Equal(t, 500, p.Status(), name)
			assert.ErrorContains(t, p.Err(), "neither an answer nor an error", name)
			assert.Equal(t, 500, asker(t, layer(of("x")))("GET", "").Status, name)
		}
	})
	t.Run("text, data and errors are answers", func(t *testing.T) {
		short := dec.Middleware(func(*webob.Request, http.Handler) (string, error) { return "short", nil })
		assert.Equal(t, "short", asker(t, short(of("x")))("GET", "").Body)
		data := dec.Middleware(func(*webob.Request, http.Handler) (point, error) { return point{}, nil })
		assert.Equal(t, `{"X":0,"Y":0}`, asker(t, data(of("x")))("GET", "").Body)
		fail := dec.Middleware(func(*webob.Request, http.Handler) (*webob.Response, error) { return nil, exc.Conflict })
		assert.ErrorIs(t, webob.Blank("/").GetResponse(fail(of("x"))).Err(), exc.Conflict)
	})
	t.Run("an empty string is an answer", func(t *testing.T) {
		short := dec.Middleware(func(*webob.Request, http.Handler) (string, error) { return "", nil })
		assert.Equal(t, 200, asker(t, short(of("x")))("GET", "").Status)
	})
	t.Run("a failure inside is a Response with its error for every filter", func(t *testing.T) {
		var seen []error
		see := dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
			p := req.GetResponse(app)
			seen = append(seen, p.Err())
			return p, nil
		})
		mux := http.NewServeMux()
		cause := fmt.Errorf("db: %w", errors.New("gone"))
		mux.Handle("/", see(dec.Wsgify(func(*webob.Request) (point, error) { return point{}, cause })))
		assert.Equal(t, 500, asker(t, see(see(mux)))("GET", "").Status)
		assert.Equal(t, []error{cause, cause, cause}, seen)
	})
	t.Run("the commit that fails turns 200 into 500", func(t *testing.T) {
		commit := dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
			p := req.GetResponse(app)
			if p.Err() == nil {
				p.Close()
				return nil, errors.New("commit failed")
			}
			return p, nil
		})
		assert.Equal(t, 500, asker(t, commit(writes(200, "done")))("GET", "").Status)
	})
	t.Run("requests do not share anything", func(t *testing.T) {
		ask := asker(t, eight(of("x")))
		assert.Equal(t, ask("GET", ""), ask("GET", ""))
	})
}

// http.TimeoutHandler leaves the app running when its answer has long been sent.
func TestOnHeadRoundATimeout(t *testing.T) {
	release := make(chan struct{})
	ended := make(chan struct{})
	slow := dec.Wsgify(func(req *webob.Request) (string, error) {
		defer close(ended)
		<-release
		return "late", req.Environ().Set("k", 1)
	})
	var s seenHead
	got := asker(t, watch(&s)(http.TimeoutHandler(slow, time.Millisecond, "too slow")))("GET", "")
	assert.Equal(t, 503, got.Status)
	assert.Equal(t, "1", got.Header.Get("X-Seen"))
	close(release)
	<-ended
}

// What a client sees is the same over HTTP/2, where a cut answer is a reset stream.
func TestOverHTTP2(t *testing.T) {
	var s seenHead
	for name, row := range map[string]struct {
		app  http.Handler
		body string
		cut  bool
	}{
		"text":                   {of("hello"), "hello", false},
		"data":                   {of(point{}), `{"X":0,"Y":0}`, false},
		"filters":                {eight(of("hello")), "hello", false},
		"head":                   {watch(&s)(http.HandlerFunc(of("hello").ServeHTTP)), "hello", false},
		"a stream that is cut":   {apps()["late failure"], "piece", true},
		"the same behind OnHead": {watch(&s)(http.HandlerFunc(apps()["late failure"].ServeHTTP)), "piece", true},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewUnstartedServer(row.app)
			srv.Config.ErrorLog = quiet
			srv.EnableHTTP2 = true
			srv.StartTLS()
			defer srv.Close()
			resp, err := srv.Client().Get(srv.URL)
			require.NoError(t, err)
			defer resp.Body.Close()
			b, err := io.ReadAll(resp.Body)
			assert.Equal(t, 2, resp.ProtoMajor)
			assert.Equal(t, row.cut, err != nil)
			assert.Equal(t, row.body, string(b))
		})
	}
}
