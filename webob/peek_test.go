package webob_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/gowebob/gowebob/webob"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bodies are ways to make a body of text.
func peekBodies(t *testing.T, text string) map[string]func() *webob.Response {
	set := func(change func(p *webob.Response)) func() *webob.Response {
		return func() *webob.Response {
			p := webob.NewResponse(200)
			change(p)
			return p
		}
	}
	path := filepath.Join(t.TempDir(), "text")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return map[string]func() *webob.Response{
		"text":           set(func(p *webob.Response) { p.SetText(text) }),
		"bytes":          set(func(p *webob.Response) { p.SetBytes([]byte(text)) }),
		"reader":         set(func(p *webob.Response) { p.SetBody(strings.NewReader(text)) }),
		"forward reader": set(func(p *webob.Response) { p.SetBody(iotest.OneByteReader(strings.NewReader(text))) }),
		"told length": set(func(p *webob.Response) {
			p.SetReader(iotest.HalfReader(strings.NewReader(text)), int64(len(text)))
		}),
		"function": set(func(p *webob.Response) {
			p.SetStream(func(w webob.StreamWriter) error { _, err := io.WriteString(w, text); return err })
		}),
		"file": func() *webob.Response {
			p, err := webob.File(path)
			require.NoError(t, err)
			return p
		},
		"foreign": func() *webob.Response {
			return handmade(t, "GET", "/").GetResponse(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				for piece := range strings.SplitAfterSeq(text, "5") {
					io.WriteString(w, piece)
				}
			}))
		},
	}
}

func TestPeek(t *testing.T) {
	for size, text := range map[string]string{"small": "0123456789", "empty": "", "large": strings.Repeat("0123456789", 20000)} {
		for kind, makeBody := range peekBodies(t, text) {
			for _, limit := range []int{-1, 0, 1, len(text) - 1, len(text), len(text) + 1} {
				t.Run(fmt.Sprintf("%s/%s/%d", size, kind, limit), func(t *testing.T) {
					p := makeBody()
					length, known := p.ContentLength()
					for range 2 { // looking changes nothing
						b, whole, err := p.Peek(limit)
						require.NoError(t, err)
						n := max(min(limit, len(text)), 0)
						assert.Equal(t, text[:n], string(b))
						assert.Equal(t, limit >= len(text) || len(text) == 0, whole)
					}
					if _, whole, _ := p.Peek(limit); !whole {
						after, still := p.ContentLength()
						assert.Equal(t, []any{length, known}, []any{after, still})
					}
					b, _, err := p.Peek(3)
					require.NoError(t, err)
					assert.Equal(t, text[:min(3, len(text))], string(b), "another look")
					if kind == "foreign" { // which answers another request
						assert.True(t, bodyOf(t, p) == text)
						return
					}
					got := fetch(t, listen(t, "HTTP/1.1", native(func(*webob.Request) *webob.Response { return p })), "GET", "/")
					require.NoError(t, got.readErr)
					assert.True(t, got.body == text, "all of it is sent")
				})
			}
		}
	}
}

func TestPeekThenEveryWayToRead(t *testing.T) {
	text := strings.Repeat("0123456789", 20000)
	for kind, makeBody := range peekBodies(t, text) {
		for way, read := range map[string]func(*webob.Response) ([]byte, error){
			"Bytes": (*webob.Response).Bytes,
			"Body":  func(p *webob.Response) ([]byte, error) { return io.ReadAll(p.Body()) },
			"Chunks": func(p *webob.Response) (all []byte, err error) {
				for b, err := range p.Chunks() {
					if err != nil {
						return nil, err
					}
					all = append(all, b...)
				}
				return all, nil
			},
			"Copy": func(p *webob.Response) ([]byte, error) { return p.Copy().Bytes() },
			"coded": func(p *webob.Response) ([]byte, error) {
				if err := p.EncodeContent("gzip"); err != nil {
					return nil, err
				}
				if err := p.DecodeContent(webob.BodyDecoding{}); err != nil {
					return nil, err
				}
				return p.Bytes()
			},
		} {
			t.Run(kind+"/"+way, func(t *testing.T) {
				leakFree(t)
				p := makeBody()
				defer p.Close() // a Copy leaves the first look open
				_, whole, err := p.Peek(100)
				require.NoError(t, err)
				require.False(t, whole)
				b, err := read(p)
				require.NoError(t, err)
				assert.True(t, string(b) == text)
			})
		}
	}
}

func TestTaggingDoesNotWaitBeyondAFlush(t *testing.T) {
	more := make(chan struct{})
	flushing := map[string]http.Handler{
		"foreign": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "first")
			http.NewResponseController(w).Flush()
			<-more
			io.WriteString(w, "second")
		}),
		"native": native(func(*webob.Request) *webob.Response {
			return webob.Stream("text/plain", func(w webob.StreamWriter) error {
				io.WriteString(w, "first")
				w.Flush()
				<-more
				_, err := io.WriteString(w, "second")
				return err
			})
		}),
	}
	for kind, app := range flushing {
		t.Run(kind, func(t *testing.T) {
			srv := listen(t, "HTTP/1.1", native(func(req *webob.Request) *webob.Response {
				p := req.GetResponse(app)
				tagged, err := p.ETagFromBody(100, false)
				assert.NoError(t, err)
				assert.False(t, tagged)
				return p
			}))
			resp := get(t, srv, "/")
			b := make([]byte, 5)
			_, err := io.ReadFull(resp.Body, b)
			require.NoError(t, err, "the flush has gone out")
			assert.Equal(t, "first", string(b))
			more <- struct{}{}
			rest, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Equal(t, "second", string(rest))
		})
	}
}

func TestPeekWaitsBeyondAFlush(t *testing.T) {
	p := webob.Stream("text/plain", func(w webob.StreamWriter) error {
		for _, piece := range []string{"a", "b", "c"} {
			io.WriteString(w, piece)
			w.Flush()
		}
		return nil
	})
	b, whole, err := p.Peek(2)
	require.NoError(t, err)
	assert.False(t, whole)
	assert.Equal(t, "ab", string(b))
	b, whole, err = p.Peek(3)
	require.NoError(t, err)
	assert.True(t, whole)
	assert.Equal(t, "abc", string(b))
}

func TestPeekMeetsAnError(t *testing.T) {
	failing := func() *webob.Response {
		p := webob.NewResponse(200)
		p.SetBody(io.MultiReader(strings.NewReader("abc"), iotest.ErrReader(errBoom)))
		return p
	}
	p := failing()
	b, whole, err := p.Peek(10)
	assert.ErrorIs(t, err, errBoom)
	assert.Equal(t, "abc", string(b))
	assert.False(t, whole)
	_, err = p.Bytes()
	assert.ErrorIs(t, err, errBoom, "it comes again")
	_, _, err = failing().Peek(2)
	assert.NoError(t, err, "not so far")

	short := webob.NewResponse(200)
	short.SetReader(strings.NewReader("abc"), 5)
	// a strings.Reader can be looked into without reading on
	_, _, err = short.Peek(10)
	assert.NoError(t, err)
	_, err = short.Bytes()
	assert.Error(t, err)
	short = webob.NewResponse(200)
	short.SetReader(iotest.OneByteReader(strings.NewReader("abc")), 5)
	_, _, err = short.Peek(10)
	assert.Error(t, err, "shorter than told")
}

func TestPeekKeepsTrailers(t *testing.T) {
	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, strings.Repeat("x", 100<<10))
		w.Header().Set("X-Sum", "42")
	})
	for name, filter := range map[string]func(p *webob.Response){
		"peek":         func(p *webob.Response) { p.Peek(10) },
		"whole":        func(p *webob.Response) { p.Peek(200 << 10) },
		"coded":        func(p *webob.Response) { p.EncodeContent("gzip") },
		"peek, coded":  func(p *webob.Response) { p.Peek(10); p.EncodeContent("deflate") },
		"coded, twice": func(p *webob.Response) { p.EncodeContent("gzip"); p.EncodeContent("identity") },
	} {
		t.Run(name, func(t *testing.T) {
			srv := listen(t, "HTTP/1.1", native(func(req *webob.Request) *webob.Response {
				p := req.GetResponse(app)
				filter(p)
				return p
			}))
			got := fetch(t, srv, "GET", "/", withHeader("Accept-Encoding", "gzip"))
			require.NoError(t, got.readErr)
			assert.Equal(t, "42", got.Trailer.Get("X-Sum"))
		})
	}
}

func TestSetReader(t *testing.T) {
	for _, row := range []struct {
		name   string
		length int64
		ok     bool
	}{{"as long as told", 5, true}, {"not told", -1, true}, {"shorter", 6, false}, {"longer", 4, false}} {
		t.Run(row.name, func(t *testing.T) {
			p := webob.NewResponse(200)
			p.SetReader(iotest.DataErrReader(bytes.NewBufferString("12345")), row.length)
			n, known := p.ContentLength()
			assert.Equal(t, row.length, n)
			assert.Equal(t, row.length >= 0, known)
			srv := listen(t, "HTTP/1.1", native(func(*webob.Request) *webob.Response { return p }))
			resp, err := srv.Client().Get(srv.URL)
			if err != nil {
				assert.False(t, row.ok)
				return
			}
			defer resp.Body.Close()
			b, err := io.ReadAll(resp.Body)
			if row.ok {
				require.NoError(t, err)
				assert.Equal(t, "12345", string(b))
				return
			}
			assert.True(t, err != nil || resp.StatusCode == 500, "it does not look whole")
		})
	}
}

func TestPeekReadsNoMoreThanItMust(t *testing.T) {
	src := &counting{r: strings.NewReader(strings.Repeat("x", 1<<20))}
	p := webob.NewResponse(200)
	p.SetBody(src)
	_, whole, err := p.Peek(1000)
	require.NoError(t, err)
	assert.False(t, whole)
	assert.Equal(t, 1001, src.n)
}

type counting struct {
	r io.Reader
	n int
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

func BenchmarkPeek(b *testing.B) {
	text := strings.Repeat("x", 64<<10)
	b.ReportAllocs()
	for b.Loop() {
		p := webob.NewResponse(200)
		p.SetBody(&counting{r: strings.NewReader(text)})
		p.Peek(512)
	}
}

// A filter that changes short pages alone.
func ExampleResponse_Peek() {
	filter := func(resp *webob.Response) {
		page, whole, err := resp.Peek(20)
		if err != nil || !whole {
			return // goes by as it is
		}
		resp.SetBytes(bytes.ToUpper(bytes.Clone(page)))
	}
	for _, text := range []string{"a short page", "a page that is too long"} {
		resp := webob.NewResponse(200)
		resp.SetBody(io.LimitReader(strings.NewReader(text), 100))
		filter(resp)
		fmt.Println(resp.Text())
	}
	// Output:
	// A SHORT PAGE <nil>
	// a page that is too long <nil>
}

func ExampleResponse_SetReader() {
	resp := webob.NewResponse(200)
	resp.SetReader(io.LimitReader(strings.NewReader("0123456789"), 4), 4)
	fmt.Println(resp.ContentLength())
	fmt.Println(resp.Text())
	// Output:
	// 4 true
	// 0123 <nil>
}
