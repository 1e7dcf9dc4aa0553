package webob_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// foreignAnswer is a handler and the answer it makes.
type foreignAnswer struct {
	h      http.HandlerFunc
	status int
	header http.Header
	body   string
}

// foreignAnswers are handlers and what they come to.
func foreignAnswers() map[string]foreignAnswer {
	type header = http.Header
	return map[string]foreignAnswer{
		"nothing written is an empty 200": {func(http.ResponseWriter, *http.Request) {}, 200, header{}, ""},
		"a body without a status is 200":  {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "x") }, 200, header{"Content-Type": {"text/plain; charset=utf-8"}}, "x"},
		"the type is guessed as net/http does": {func(w http.ResponseWriter, _ *http.Request) {
			w.Write([]byte("<html><p>"))
		}, 200, header{"Content-Type": {"text/html; charset=utf-8"}}, "<html><p>"},
		"a nil type is no guess": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = nil
			w.Write([]byte("<html><p>"))
		}, 200, header{}, "<html><p>"},
		"an encoded body is not guessed": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			w.Write([]byte("<html><p>"))
		}, 200, header{"Content-Encoding": {"br"}}, "<html><p>"},
		"the first status counts": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(404)
			w.WriteHeader(500)
		}, 404, header{}, ""},
		"a field set after the status is too late": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(201)
			w.Header().Set("X-Late", "1")
		}, 201, header{}, ""},
		"an early hint is not the answer": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(103)
			w.WriteHeader(201)
		}, 201, header{}, ""},
		"many lines of a field": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["X"] = []string{"a", "b"}
		}, 200, header{"X": {"a", "b"}}, ""},
		"a Content-Length that is no number is dropped": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "many")
			w.Header().Set("Content-Type", "a/b")
			io.WriteString(w, "xyz")
		}, 200, header{"Content-Type": {"a/b"}}, "xyz"},
		"a Content-Length without a value is dropped": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Length"] = nil
			w.Header().Set("Content-Type", "a/b")
			io.WriteString(w, "xyz")
		}, 200, header{"Content-Type": {"a/b"}}, "xyz"},
		"two Content-Lengths are dropped": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Length"] = []string{"3", "4"}
			w.Header().Set("Content-Type", "a/b")
			io.WriteString(w, "xyz")
		}, 200, header{"Content-Type": {"a/b"}}, "xyz"},
		"no body where the status has none": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(204)
			if _, err := io.WriteString(w, "x"); !errors.Is(err, http.ErrBodyNotAllowed) {
				panic(err)
			}
		}, 204, header{}, ""},
		"more than the Content-Length is refused": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "3")
			w.Header().Set("Content-Type", "a/b")
			io.WriteString(w, "xyz")
			if n, err := io.WriteString(w, "x"); n != 0 || !errors.Is(err, http.ErrContentLength) {
				panic(err)
			}
		}, 200, header{"Content-Type": {"a/b"}, "Content-Length": {"3"}}, "xyz"},
	}
}

// spec 1.1, 4.4
func TestForeignHandlerAnswers(t *testing.T) {
	for name, tc := range foreignAnswers() {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			p := handmade(t, "GET", "/").GetResponse(tc.h)
			assert.Equal(t, tc.status, p.Status())
			got := p.Header().HTTPHeader()
			delete(got, "Date")
			assert.Equal(t, tc.header, got)
			assert.Equal(t, tc.body, bodyOf(t, p))
		})
	}
}

func TestForeignAnswersAreTheSameOnTheWire(t *testing.T) {
	answers := foreignAnswers()
	for _, name := range []string{"a Content-Length that is no number is dropped", "a Content-Length without a value is dropped", "two Content-Lengths are dropped", "more than the Content-Length is refused"} {
		delete(answers, name) // net/http by itself sends something broken, or no length
	}
	for name, tc := range answers {
		for _, protocol := range protocols {
			t.Run(name+", "+protocol, func(t *testing.T) {
				leakFree(t)
				bare := fetch(t, listen(t, protocol, tc.h), "GET", "/")
				got := fetch(t, listen(t, protocol, filtered(derived(filtered(tc.h)))), "GET", "/")
				require.NoError(t, got.readErr)
				assert.Equal(t, bare.StatusCode, got.StatusCode)
				assert.Equal(t, bare.body, got.body)
				for _, h := range []http.Header{bare.Header, got.Header} {
					h.Del("Date")
					h.Del("X-Filter")
				}
				assert.Equal(t, bare.Header, got.Header)
			})
		}
	}
}

func TestInvalidStatusPanicsAsInNetHTTP(t *testing.T) {
	leakFree(t)
	for _, code := range []int{-1, 0, 99, 1000} {
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) })
		assert.Panics(t, func() { handmade(t, "GET", "/").GetResponse(h) }, code)
	}
}

const piece = 1 << 10

// flood writes 64 MiB in pieces of 1 KiB.
var flood = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	p := make([]byte, piece)
	for range 64 << 10 {
		if _, err := w.Write(p); err != nil {
			return
		}
	}
})

func TestStreamOf64MiBAllocatesAtMost1MiB(t *testing.T) {
	leakFree(t)
	for name, h := range map[string]http.Handler{
		"one filter":             marked("1", flood),
		"three filters":          filtered(flood),
		"a mux between":          filtered(muxed(filtered(flood))),
		"a middleware between":   filtered(derived(flood)),
		"filters on both sides":  filtered(derived(filtered(flood))),
		"native, as a stream":    filtered(floodStream),
		"native behind a middle": filtered(derived(floodStream)),
		"native, as a reader":    filtered(muxed(floodReader)),
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			w := &counter{h: http.Header{}}
			r := httptest.NewRequest("GET", "/", nil)
			runtime.ReadMemStats(&before)
			h.ServeHTTP(w, r)
			runtime.ReadMemStats(&after)
			assert.Equal(t, int64(64<<20), w.n)
			assert.LessOrEqual(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
		})
	}
}

var floodStream = native(func(*webob.Request) *webob.Response {
	return webob.Stream("a/b", func(w webob.StreamWriter) error {
		p := make([]byte, piece)
		for range 64 << 10 {
			if _, err := w.Write(p); err != nil {
				return err
			}
		}
		return nil
	})
})

var floodReader = native(func(*webob.Request) *webob.Response {
	p := webob.NewResponse(200)
	p.SetBody(io.LimitReader(endless{}, 64<<20))
	return p
})

// counter is a writer that keeps nothing.
type counter struct {
	h http.Header
	n int64
}

func (c *counter) Header() http.Header { return c.h }
func (c *counter) WriteHeader(int)     {}
func (c *counter) WriteString(s string) (int, error) {
	c.n += int64(len(s))
	return len(s), nil
}

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

func TestLargeWritesAreNotCopiedTogether(t *testing.T) {
	leakFree(t)
	big := make([]byte, 1<<20)
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for range 64 {
			w.Write(big)
		}
	})
	var before, after runtime.MemStats
	w := &counter{h: http.Header{}}
	runtime.ReadMemStats(&before)
	filtered(h).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	runtime.ReadMemStats(&after)
	assert.Equal(t, int64(64<<20), w.n)
	assert.LessOrEqual(t, after.TotalAlloc-before.TotalAlloc, uint64(128<<10))
}

// spec 5.6
func TestFlushReachesTheReaderWhileTheHandlerRuns(t *testing.T) {
	leakFree(t)
	for name, layer := range map[string]func(http.Handler) http.Handler{
		"direct":     func(h http.Handler) http.Handler { return h },
		"mux":        muxed,
		"middleware": derived,
		"filters":    filtered,
		"all":        func(h http.Handler) http.Handler { return filtered(derived(filtered(muxed(h)))) },
	} {
		t.Run(name, func(t *testing.T) {
			more := make(chan struct{})
			h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				io.WriteString(w, "first ")
				w.(http.Flusher).Flush()
				<-more
				io.WriteString(w, "second")
			})
			p := handmade(t, "GET", "/").GetResponse(layer(h))
			first := make([]byte, 6)
			_, err := io.ReadFull(p.Body(), first)
			require.NoError(t, err)
			assert.Equal(t, "first ", string(first))
			close(more)
			rest, err := io.ReadAll(p.Body())
			require.NoError(t, err)
			assert.Equal(t, "second", string(rest))
		})
	}
}

// spec 7.6
func TestPanicBeforeTheHeadComesOutOfGetResponse(t *testing.T) {
	leakFree(t)
	value := &struct{ x int }{1}
	bad := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "begun")
		blowUp(value)
	})
	for name, h := range map[string]http.Handler{
		"direct":        bad,
		"mux":           muxed(bad),
		"filters":       filtered(bad),
		"both sides":    filtered(derived(filtered(bad))),
		"Inline":        webob.Inline(bad, 0),
		"native":        native(func(*webob.Request) *webob.Response { blowUp(value); return nil }),
		"native by mux": muxed(native(func(*webob.Request) *webob.Response { blowUp(value); return nil })),
		"native beyond": derived(native(func(*webob.Request) *webob.Response { blowUp(value); return nil })),
	} {
		t.Run(name, func(t *testing.T) {
			r := handmade(t, "GET", "/")
			defer func() {
				assert.Same(t, value, recover(), "the same value")
				if name == "direct" || name == "native beyond" {
					assert.Contains(t, string(r.PanicStack()), "blowUp", "the stack is the handler's")
				}
			}()
			r.GetResponse(h)
			t.Error("no panic")
		})
	}
}

//go:noinline
func blowUp(v any) { panic(v) }

// spec 7.6
func TestPanicInTheBodyComesOutOfTheRead(t *testing.T) {
	value := &struct{ x int }{1}
	bad := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "begun")
		w.(http.Flusher).Flush()
		blowUp(value)
	})
	reads := map[string]func(*webob.Response){
		"Body": func(p *webob.Response) {
			b := p.Body()
			buf := make([]byte, 5)
			io.ReadFull(b, buf)
			assert.Equal(t, "begun", string(buf))
			b.Read(buf)
		},
		"Bytes":  func(p *webob.Response) { p.Bytes() },
		"Wait":   func(p *webob.Response) { p.Wait(0) },
		"Chunks": func(p *webob.Response) { p.Chunks()(func([]byte, error) bool { return true }) },
	}
	for name, read := range reads {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			r := handmade(t, "GET", "/")
			p := r.GetResponse(filtered(muxed(bad)))
			assert.Equal(t, 200, p.Status())
			func() {
				defer func() {
					assert.Same(t, value, recover())
					assert.Contains(t, string(r.PanicStack()), "blowUp")
				}()
				read(p)
				t.Error("no panic")
			}()
			_, err := p.Bytes()
			assert.Error(t, err, "a body cut by a panic never looks whole")
			require.NoError(t, p.Close())
		})
	}
}

// spec 7.6
func TestPanicOfADroppedHandlerIsLogged(t *testing.T) {
	leakFree(t)
	j := &journal{}
	bad := func(v any) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.(http.Flusher).Flush()
			for {
				if _, err := io.WriteString(w, "x"); err != nil {
					panic(v)
				}
			}
		})
	}
	dropping := func(h http.Handler) http.Handler {
		return logging(j, native(func(r *webob.Request) *webob.Response {
			r.GetResponse(h).Close()
			return webob.Text("instead")
		}))
	}
	rec := httptest.NewRecorder()
	dropping(bad("nobody reads me")).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, "instead", rec.Body.String())
	require.Len(t, j.all(), 1)
	assert.Contains(t, j.all()[0], "nobody reads me")
	dropping(bad(http.ErrAbortHandler)).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	assert.Len(t, j.all(), 1, "ErrAbortHandler is no news")
}

// spec 5.9
func TestEarlyCloseStopsTheHandlerAndWaitsForIt(t *testing.T) {
	leakFree(t)
	var written error
	ended := false
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { ended = true }()
		for {
			if _, err := w.Write(make([]byte, 1000)); err != nil {
				written = err
				break
			}
		}
		<-r.Context().Done()
		time.Sleep(10 * time.Millisecond)
	})
	r := handmade(t, "GET", "/")
	p := r.GetResponse(filtered(muxed(h)))
	require.NoError(t, p.Close())
	assert.True(t, ended, "Close waits")
	assert.ErrorIs(t, written, webob.ErrBodyClosed)
	assert.NoError(t, r.Context().Err(), "the filter's own request goes on")
	require.NoError(t, p.Close(), "twice")
	_, err := p.Bytes()
	assert.ErrorIs(t, err, webob.ErrBodyClosed)
	_, err = p.Body().Read(make([]byte, 1))
	assert.ErrorIs(t, err, webob.ErrBodyClosed)
}

// events is an SSE handler: it ends when its client is gone, and not before.
func events(ended chan<- struct{}) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		w.Header().Set("Content-Type", "text/event-stream")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	})
}

func TestReplacedEventStreamEndsWithoutWaitingForTheClient(t *testing.T) {
	for name, replace := range map[string]func(*webob.Response) *webob.Response{
		"closed":        func(p *webob.Response) *webob.Response { p.Close(); return webob.Text("instead") },
		"dropped":       func(*webob.Response) *webob.Response { return webob.Text("instead") },
		"new body":      func(p *webob.Response) *webob.Response { p.SetText("instead"); return p },
		"new JSON body": func(p *webob.Response) *webob.Response { p.SetJSON("instead"); return p },
	} {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			ended := make(chan struct{})
			h := native(func(r *webob.Request) *webob.Response { return replace(r.GetResponse(filtered(events(ended)))) })
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
			soon(t, ended, "the handler")
			assert.Contains(t, rec.Body.String(), "instead")
		})
	}
}

func TestGoexitOfTheHandlerIsPassedOn(t *testing.T) {
	leakFree(t)
	early := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "begun")
		runtime.Goexit()
	})
	late := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "begun")
		w.(http.Flusher).Flush()
		runtime.Goexit()
	})
	for name, h := range map[string]http.Handler{"before the head": early, "in the body": late} {
		t.Run(name, func(t *testing.T) {
			rec := httptest.NewRecorder()
			exited := make(chan bool)
			go func() {
				normal := false
				defer func() { exited <- !normal }()
				filtered(muxed(h)).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
				normal = true
			}()
			assert.True(t, soon(t, exited, "Goexit"))
		})
	}
}

func TestHandlerThatLocksItsThread(t *testing.T) {
	leakFree(t)
	for name, h := range map[string]http.HandlerFunc{
		"and returns locked": func(w http.ResponseWriter, _ *http.Request) {
			runtime.LockOSThread()
			io.WriteString(w, "x")
		},
		"over a hand-over": func(w http.ResponseWriter, _ *http.Request) {
			runtime.LockOSThread()
			w.(http.Flusher).Flush()
			io.WriteString(w, "x")
			runtime.UnlockOSThread()
		},
	} {
		t.Run(name, func(t *testing.T) {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			p := handmade(t, "GET", "/").GetResponse(filtered(h))
			read := make(chan string, 1)
			go func() {
				b, _ := p.Bytes()
				read <- string(b)
			}()
			assert.Equal(t, "x", soon(t, read, "the body"))
		})
	}
}

// spec 5.9
func TestWriteAfterTheHandlerHasReturned(t *testing.T) {
	leakFree(t)
	for name, flush := range map[string]bool{"collected": false, "streamed": true} {
		t.Run(name, func(t *testing.T) {
			go1, done := make(chan struct{}), make(chan struct{})
			h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				io.WriteString(w, "in time")
				if flush {
					w.(http.Flusher).Flush()
				}
				go func() {
					defer close(done)
					<-go1
					n, err := io.WriteString(w, "late")
					assert.Zero(t, n)
					assert.Error(t, err)
					_, err = w.(io.ReaderFrom).ReadFrom(strings.NewReader("late"))
					assert.Error(t, err)
					assert.Error(t, http.NewResponseController(w).Flush())
					w.WriteHeader(500)
				}()
			})
			p := handmade(t, "GET", "/").GetResponse(h)
			assert.Equal(t, "in time", bodyOf(t, p))
			close(go1)
			soon(t, done, "the late writer")
			assert.Equal(t, "in time", bodyOf(t, p))
			assert.Equal(t, 200, p.Status())
		})
	}
}

func TestHelperGoroutinesWriteForTheHandler(t *testing.T) {
	leakFree(t)
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 1000 {
					w.Write([]byte("0123456789abcdef"))
				}
				http.NewResponseController(w).Flush()
			})
		}
		wg.Wait()
	})
	p := handmade(t, "GET", "/").GetResponse(filtered(h))
	b, err := p.Bytes()
	require.NoError(t, err)
	assert.Equal(t, strings.Repeat("0123456789abcdef", 8000), string(b))

	p = handmade(t, "GET", "/").GetResponse(filtered(h))
	require.NoError(t, p.Close(), "Close ends helpers too")
}

// spec 5.6
func TestHandlerRunsOnlyWhileItsReaderWaits(t *testing.T) {
	leakFree(t)
	shared := 0 // the race detector watches: neither side locks
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range 50 {
			shared++
			r.Header.Set("X-Shared", "handler")
			w.Write(make([]byte, 5000))
			shared++
			w.(http.Flusher).Flush()
		}
	})
	r := handmade(t, "GET", "/")
	p := r.GetResponse(h)
	b := p.Body()
	buf := make([]byte, 777)
	for {
		shared++
		r.Request.Header.Set("X-Shared", "filter")
		_, err := b.Read(buf)
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
	}
	assert.Greater(t, shared, 100)
}

func TestContextOfTheHandler(t *testing.T) {
	leakFree(t)
	var inner context.Context
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		inner = r.Context()
		assert.NoError(t, inner.Err())
		assert.Equal(t, "outer", inner.Value(ctxKey{}), "values of the outer context are seen")
	})
	r := handmade(t, "GET", "/")
	r = r.WithContext(context.WithValue(r.Context(), ctxKey{}, "outer"))
	r.GetResponse(h)
	assert.ErrorIs(t, inner.Err(), context.Canceled, "it ends with the handler")
	assert.NoError(t, r.Context().Err())
}

func TestShortOfItsContentLength(t *testing.T) {
	leakFree(t)
	short := func(flush bool) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "only this")
			if flush {
				w.(http.Flusher).Flush()
			}
		})
	}
	p := handmade(t, "GET", "/").GetResponse(short(false))
	assert.Equal(t, 500, p.Status(), "nothing is out yet")
	require.Error(t, p.Err())
	assert.Contains(t, p.Err().Error(), "Content-Length")

	p = handmade(t, "GET", "/").GetResponse(short(true))
	_, err := p.Bytes()
	require.Error(t, err)
	assert.Contains(t, err.Error(), "Content-Length")
	_, err = p.Bytes()
	require.Error(t, err, "asked again")

	p = handmade(t, "GET", "/").GetResponse(short(true))
	b, err := io.ReadAll(p.Body())
	assert.Equal(t, "only this", string(b))
	assert.Error(t, err, "the reader is told as well")

	p = handmade(t, "HEAD", "/").GetResponse(short(false))
	assert.Equal(t, 200, p.Status(), "an answer to HEAD has no body")
	assert.Equal(t, "100", p.Header().Get("Content-Length"))
}

// spec 5.7
func TestReadFromHandsTheReaderOver(t *testing.T) {
	leakFree(t)
	name := filepath.Join(t.TempDir(), "f")
	content := strings.Repeat("0123456789", 10_000)
	require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
	copying := func(open func() io.Reader) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			r := open()
			if c, ok := r.(io.Closer); ok {
				defer c.Close()
			}
			io.WriteString(w, "<")
			n, err := io.Copy(w, r)
			assert.NoError(t, err)
			assert.Positive(t, n)
			io.WriteString(w, ">")
		})
	}
	file := func() io.Reader {
		f, err := os.Open(name)
		require.NoError(t, err)
		return f
	}
	for label, tc := range map[string]struct {
		open func() io.Reader
		want string
	}{
		"a file":              {file, content},
		"a part of a file":    {func() io.Reader { return io.LimitReader(file(), 60_000) }, content[:60_000]},
		"a short part":        {func() io.Reader { return io.LimitReader(file(), 6) }, content[:6]},
		"a reader":            {func() io.Reader { return struct{ io.Reader }{strings.NewReader(content)} }, content},
		"a short reader":      {func() io.Reader { return struct{ io.Reader }{strings.NewReader("short")} }, "short"},
		"one byte at a time":  {func() io.Reader { return &slow{strings.NewReader("short")} }, "short"},
		"a reader that fills": {func() io.Reader { return struct{ io.Reader }{strings.NewReader(content[:32<<10])} }, content[:32<<10]},
	} {
		for how, layer := range map[string]func(http.Handler) http.Handler{"once": derived, "through three": filtered, "inline": func(h http.Handler) http.Handler { return webob.Inline(h, 1<<20) }} {
			t.Run(label+" "+how, func(t *testing.T) {
				p := handmade(t, "GET", "/").GetResponse(layer(copying(tc.open)))
				assert.Equal(t, "<"+tc.want+">", bodyOf(t, p))
				rec := httptest.NewRecorder()
				marked("0", layer(copying(tc.open))).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
				assert.Equal(t, "<"+tc.want+">", rec.Body.String())
			})
		}
	}
}

type slow struct{ r *strings.Reader }

func (s *slow) Read(p []byte) (int, error) { return s.r.Read(p[:min(1, len(p))]) }

func TestReadFromStopsAtTheContentLength(t *testing.T) {
	leakFree(t)
	for _, size := range []int{10, 100_000} {
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5")
			if size > 10 {
				w.Header().Set("Content-Length", "70000")
			}
			_, err := w.(io.ReaderFrom).ReadFrom(io.LimitReader(endless{}, int64(size)))
			assert.ErrorIs(t, err, http.ErrContentLength)
		})
		p := handmade(t, "GET", "/").GetResponse(h)
		b, err := p.Bytes()
		require.NoError(t, err)
		assert.Equal(t, p.HTTPHeader().Get("Content-Length"), strconv.Itoa(len(b)))
	}
}

func TestErrorOfTheReaderIsTheHandlersToTell(t *testing.T) {
	leakFree(t)
	var met error
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, met = io.Copy(w, io.MultiReader(io.LimitReader(endless{}, 100_000), failingReader{}))
	})
	p := handmade(t, "GET", "/").GetResponse(h)
	b, err := p.Bytes()
	require.NoError(t, err)
	assert.Len(t, b, 100_000)
	assert.Equal(t, errBoom, met)

	rec := httptest.NewRecorder()
	filtered(h).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, 100_000, rec.Body.Len())
	assert.Equal(t, errBoom, met)
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errBoom }

// spec 5.7
func TestControllerWithoutAConnectionSaysNotSupported(t *testing.T) {
	leakFree(t)
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		rc := http.NewResponseController(w)
		_, _, err := rc.Hijack()
		assert.ErrorIs(t, err, http.ErrNotSupported)
		assert.ErrorIs(t, rc.SetReadDeadline(time.Now()), http.ErrNotSupported)
		assert.ErrorIs(t, rc.SetWriteDeadline(time.Now()), http.ErrNotSupported)
		assert.ErrorIs(t, rc.EnableFullDuplex(), errors.ErrUnsupported)
		assert.ErrorIs(t, w.(http.Pusher).Push("/x", nil), http.ErrNotSupported)
		assert.NoError(t, rc.Flush())
		_, unwraps := w.(interface{ Unwrap() http.ResponseWriter })
		assert.False(t, unwraps, "a controller must not reach the real writer before the filters have answered")
	})
	p := handmade(t, "GET", "/").GetResponse(h)
	assert.Equal(t, "", bodyOf(t, p))
}

func TestSwitchThatCannotBeHadIsTakenBack(t *testing.T) {
	upgrading := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "websocket")
		w.WriteHeader(http.StatusSwitchingProtocols)
		if _, _, err := http.NewResponseController(w).Hijack(); err != nil {
			http.Error(w, "no connection", http.StatusNotImplemented)
		}
	})
	p := handmade(t, "GET", "/").GetResponse(filtered(upgrading))
	assert.Equal(t, 501, p.Status())
	assert.Equal(t, "no connection\n", bodyOf(t, p))
	assert.False(t, p.Header().Has("Upgrade"))
	got := fetch(t, listen(t, "HTTP/2.0", filtered(upgrading)), "GET", "/")
	assert.Equal(t, 501, got.StatusCode)
}

// hijackable is a recorder whose connection can be taken.
type hijackable struct {
	*httptest.ResponseRecorder
	conn net.Conn
}

func (h hijackable) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.conn, bufio.NewReadWriter(bufio.NewReader(h.conn), bufio.NewWriter(h.conn)), nil
}

// spec 5.8
func TestHijackedAnswerIsSeenAndNotSent(t *testing.T) {
	leakFree(t)
	near, far := net.Pipe()
	defer far.Close()
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		require.NoError(t, err)
		defer conn.Close()
		_, err = io.WriteString(w, "x")
		assert.ErrorIs(t, err, http.ErrHijacked)
		assert.ErrorIs(t, http.NewResponseController(w).Flush(), http.ErrHijacked)
	})
	saw := false
	look := native(func(r *webob.Request) *webob.Response {
		p := r.GetResponse(filtered(muxed(h)))
		saw = p.Hijacked()
		assert.Equal(t, 101, p.Status())
		assert.Equal(t, "", bodyOf(t, p))
		return p
	})
	rec := hijackable{httptest.NewRecorder(), near}
	look.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	assert.True(t, saw)
	assert.Empty(t, rec.HeaderMap)
	assert.False(t, rec.Flushed)
}

// spec 5.10
func TestInline(t *testing.T) {
	leakFree(t)
	writing := func(n int) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for range n {
				io.WriteString(w, "x")
			}
		})
	}
	flushing := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "x")
		http.NewResponseController(w).Flush()
	})
	copying := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.Copy(w, io.LimitReader(endless{}, 11)) })
	for name, tc := range map[string]struct {
		h    http.Handler
		want string
		err  error
	}{
		"small":              {writing(3), "xxx", nil},
		"to the limit":       {writing(10), strings.Repeat("x", 10), nil},
		"beyond the limit":   {writing(11), "", webob.ErrInlineOverflow},
		"a reader beyond it": {copying, "", webob.ErrInlineOverflow},
		"flush":              {flushing, "", webob.ErrInlineStream},
		"a native app of any size": {native(func(*webob.Request) *webob.Response {
			return webob.Text(strings.Repeat("y", 100))
		}), strings.Repeat("y", 100), nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := handmade(t, "GET", "/").GetResponse(webob.Inline(tc.h, 10))
			if tc.err != nil {
				assert.ErrorIs(t, p.Err(), tc.err)
				assert.Equal(t, 500, p.Status())
				return
			}
			assert.Equal(t, tc.want, bodyOf(t, p))
		})
	}
	rec := httptest.NewRecorder()
	webob.Inline(writing(100), 10).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, 100, rec.Body.Len(), "outside of GetResponse it is the handler as it is")
}

func TestRequestBodyReachesTheHandler(t *testing.T) {
	leakFree(t)
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	r := webob.NewRequest(httptest.NewRequest("POST", "/", strings.NewReader(strings.Repeat("b", 100_000))))
	defer r.Release()
	assert.Equal(t, strings.Repeat("b", 100_000), bodyOf(t, r.GetResponse(filtered(echo))))
}
