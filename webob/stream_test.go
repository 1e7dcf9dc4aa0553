package webob_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bodies are the ways a body may be given; each gives the text "some text".
func bodies(t *testing.T) map[string]func() *webob.Response {
	file := filepath.Join(t.TempDir(), "f")
	require.NoError(t, os.WriteFile(file, []byte("some text"), 0o600))
	set := func(f func(*webob.Response)) func() *webob.Response {
		return func() *webob.Response {
			p := webob.NewResponse(200)
			f(p)
			return p
		}
	}
	return map[string]func() *webob.Response{
		"text":    func() *webob.Response { return webob.Text("some text") },
		"bytes":   func() *webob.Response { return webob.Bytes("a/b", []byte("some text")) },
		"written": set(func(p *webob.Response) { io.WriteString(p, "some "); io.WriteString(p, "text") }),
		"failure": func() *webob.Response {
			return webob.Failure(500, errBoom, func(p *webob.Response) { p.SetText("some text") })
		},
		"reader":           set(func(p *webob.Response) { p.SetBody(&slow{strings.NewReader("some text")}) }),
		"reader, measured": set(func(p *webob.Response) { p.SetBody(strings.NewReader("some text")) }),
		"reader, closed":   set(func(p *webob.Response) { p.SetBody(&closeCounter{Reader: strings.NewReader("some text")}) }),
		"file": func() *webob.Response {
			p, err := webob.File(file)
			require.NoError(t, err)
			return p
		},
		"stream": func() *webob.Response {
			return webob.Stream("a/b", func(w webob.StreamWriter) error {
				io.WriteString(w, "some ")
				if err := w.Flush(); err != nil {
					return err
				}
				_, err := io.Copy(w, &slow{strings.NewReader("text")})
				return err
			})
		},
		"chunks": set(func(p *webob.Response) {
			p.SetChunks(func(yield func([]byte, error) bool) {
				_ = yield([]byte("some "), nil) && yield(nil, nil) && yield([]byte("text"), nil)
			})
		}),
		"own body wrapped": set(func(p *webob.Response) {
			p.SetText("some ")
			p.SetBody(io.MultiReader(p.Body(), strings.NewReader("text")))
		}),
		"own stream wrapped": set(func(p *webob.Response) {
			p.SetStream(func(w webob.StreamWriter) error { _, err := io.WriteString(w, "some "); return err })
			p.SetBody(io.MultiReader(p.Body(), strings.NewReader("text")))
		}),
	}
}

// spec 4.8
func TestEveryBodyReadsTheSameEveryWay(t *testing.T) {
	ways := map[string]func(*webob.Response) (string, error){
		"Bytes": func(p *webob.Response) (string, error) { b, err := p.Bytes(); return string(b), err },
		"Text":  func(p *webob.Response) (string, error) { return p.Text() },
		"Body":  func(p *webob.Response) (string, error) { b, err := io.ReadAll(p.Body()); return string(b), err },
		"Chunks": func(p *webob.Response) (s string, err error) {
			for chunk, cerr := range p.Chunks() {
				if cerr != nil {
					return s, cerr
				}
				s += string(chunk)
			}
			return s, nil
		},
		"Wait, then Bytes": func(p *webob.Response) (string, error) {
			if err := p.Wait(9); err != nil {
				return "", err
			}
			b, err := p.Bytes()
			return string(b), err
		},
		"Copy": func(p *webob.Response) (string, error) { return p.Copy().Text() },
		"the original of a Copy": func(p *webob.Response) (string, error) {
			p.Copy().SetText("other")
			return p.Text()
		},
		"sent": func(p *webob.Response) (string, error) {
			rec := httptest.NewRecorder()
			native(func(*webob.Request) *webob.Response { p.SetErr(nil); return p }).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
			return rec.Body.String(), nil
		},
		"a byte, then sent": func(p *webob.Response) (string, error) {
			first := make([]byte, 1)
			body := p.Body()
			if _, err := body.Read(first); err != nil {
				return "", err
			}
			rest, err := io.ReadAll(body)
			return string(first) + string(rest), err
		},
	}
	for kind, make := range bodies(t) {
		for way, read := range ways {
			t.Run(kind+" by "+way, func(t *testing.T) {
				leakFree(t)
				p := make()
				got, err := read(p)
				require.NoError(t, err)
				assert.Equal(t, "some text", got)
				require.NoError(t, p.Close())
			})
		}
	}
}

// spec 4.8
func TestWaitHasALimit(t *testing.T) {
	leakFree(t)
	for kind, make := range bodies(t) {
		p := make()
		err := p.Wait(8)
		if n, known := make().ContentLength(); known && kind != "file" && !strings.HasPrefix(kind, "reader") {
			assert.NoError(t, err, "%s lies in memory, %d bytes", kind, n)
			continue
		}
		assert.ErrorIs(t, err, webob.ErrTooLarge, kind)
		_, err = p.Bytes()
		assert.ErrorIs(t, err, webob.ErrTooLarge, "what is left is not the body")
	}
	closed := &closeCounter{Reader: endless{}}
	p := webob.NewResponse(200)
	p.SetBody(closed)
	assert.ErrorIs(t, p.Wait(1000), webob.ErrTooLarge)
	assert.Equal(t, 1, closed.count())
}

func TestErrorOfABodyStays(t *testing.T) {
	failing := map[string]func(*webob.Response){
		"reader":           func(p *webob.Response) { p.SetBody(io.MultiReader(strings.NewReader("some"), failingReader{})) },
		"reader that ends": func(p *webob.Response) { p.SetBody(&once{err: errBoom}) },
		"stream": func(p *webob.Response) {
			p.SetStream(func(w webob.StreamWriter) error { io.WriteString(w, "some"); return errBoom })
		},
		"chunks": func(p *webob.Response) {
			p.SetChunks(func(yield func([]byte, error) bool) { _ = yield([]byte("some"), nil) && yield(nil, errBoom) })
		},
		"nothing of what was announced": func(p *webob.Response) {
			r := strings.NewReader("announced")
			p.SetBody(r)
			io.Copy(io.Discard, r)
		},
	}
	for name, set := range failing {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			made := func() *webob.Response {
				p := webob.NewResponse(200)
				set(p)
				return p
			}
			p := made()
			for range 3 {
				_, err := p.Bytes()
				require.Error(t, err)
			}
			_, err := p.Write([]byte("x"))
			assert.Error(t, err)
			_, err = p.Copy().Bytes()
			assert.Error(t, err, "a Copy of it cannot be whole")

			c := made().Copy()
			if _, err = c.Bytes(); err == nil {
				err = c.Err()
				assert.Equal(t, 500, c.Status())
			}
			assert.Error(t, err, "a Copy is that failure, or fails as the original does")

			p = made()
			_, err = io.ReadAll(p.Body())
			require.Error(t, err)
			_, err = p.Bytes()
			assert.Error(t, err, "read to its failure before")

			p = made()
			var met error
			for _, cerr := range p.Chunks() {
				met = errors.Join(met, cerr)
			}
			assert.Error(t, met)
		})
	}
}

// once fails, and is at its end when it is asked again.
type once struct{ err error }

func (o *once) Read([]byte) (int, error) {
	err := o.err
	o.err = io.EOF
	return 0, err
}

func TestStreamFunctionIsStoppedWhenItsBodyIsClosed(t *testing.T) {
	leakFree(t)
	var met error
	ended := false
	p := webob.Stream("a/b", func(w webob.StreamWriter) error {
		defer func() { ended = true }()
		for {
			if _, err := w.Write(make([]byte, 1000)); err != nil {
				met = err
				return err
			}
		}
	})
	for range p.Chunks() {
		break
	}
	require.NoError(t, p.Close())
	assert.True(t, ended)
	assert.ErrorIs(t, met, webob.ErrBodyClosed)
	_, err := p.Bytes()
	assert.ErrorIs(t, err, webob.ErrBodyClosed)
}

func TestStreamFunctionThatNobodyReadsNeverRuns(t *testing.T) {
	p := webob.Stream("a/b", func(webob.StreamWriter) error { t.Error("run"); return nil })
	require.NoError(t, p.Close())
	p = webob.Stream("a/b", func(webob.StreamWriter) error { t.Error("run"); return nil })
	p.SetText("instead")
	assert.Equal(t, "instead", bodyOf(t, p))
}

func TestStreamRunsAgainForEachCopy(t *testing.T) {
	leakFree(t)
	runs := 0
	p := webob.Stream("a/b", func(w webob.StreamWriter) error {
		runs++
		_, err := io.WriteString(w, "x")
		return err
	})
	for range 3 {
		rec := httptest.NewRecorder()
		p.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
		assert.Equal(t, "x", rec.Body.String())
	}
	assert.Equal(t, 3, runs)
}

func TestChunksOfTheIteratorAreFlushedOneByOne(t *testing.T) {
	flushed := []string{}
	p := webob.NewResponse(200)
	w := &flushCounter{ResponseRecorder: httptest.NewRecorder()}
	p.SetChunks(func(yield func([]byte, error) bool) {
		for _, s := range []string{"", "a", "", "b"} {
			if !yield([]byte(s), nil) {
				return
			}
			flushed = append(flushed, w.seen)
		}
	})
	p.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, []string{"", "a", "a", "ab"}, flushed)
}

type flushCounter struct {
	*httptest.ResponseRecorder
	seen string
}

func (f *flushCounter) Flush() { f.seen = f.Body.String() }

func TestPanicOfAStreamFunctionComesOut(t *testing.T) {
	leakFree(t)
	p := webob.Stream("a/b", func(w webob.StreamWriter) error {
		io.WriteString(w, "x")
		panic("blown up")
	})
	assert.PanicsWithValue(t, "blown up", func() { p.Copy().Bytes() })
	assert.PanicsWithValue(t, "blown up", func() { p.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)) })
}

func TestFlushThatIsNotSupportedCutsNothingOff(t *testing.T) {
	flushing := native(func(*webob.Request) *webob.Response {
		return webob.Stream("a/b", func(w webob.StreamWriter) error {
			io.WriteString(w, "some ")
			if err := w.Flush(); err != nil {
				return err
			}
			io.WriteString(w, "text")
			return w.Flush()
		})
	})
	for name, h := range map[string]http.Handler{
		"TimeoutHandler between":     filtered(http.TimeoutHandler(flushing, time.Minute, "")),
		"TimeoutHandler outside":     http.TimeoutHandler(filtered(flushing), time.Minute, ""),
		"a wrapper without a Flush":  filtered(unwrapping(filtered(flushing))),
		"the outermost is a wrapper": unwrapping(filtered(derived(flushing))),
	} {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
			assert.Equal(t, "some text", rec.Body.String())
		})
	}
}

func TestCopyOfAForeignStream(t *testing.T) {
	leakFree(t)
	big := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		for range 100 {
			io.WriteString(w, strings.Repeat("x", 1000))
		}
		w.Header().Set("X-Sum", "42")
	})
	p := handmade(t, "GET", "/").GetResponse(filtered(big))
	q := p.Copy()
	assert.Equal(t, strings.Repeat("x", 100_000), bodyOf(t, q))
	assert.Equal(t, strings.Repeat("x", 100_000), bodyOf(t, p))
	got := fetch(t, listen(t, "HTTP/1.1", q), "GET", "/")
	assert.Equal(t, "42", got.Trailer.Get("X-Sum"), "trailers are copied too")
}
