package webob

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var codedText = strings.Repeat("all work and no play makes jack a dull boy\n", 2000)

// codedBytes is coded, as bytes.
func codedBytes(coding, s string) []byte { return []byte(coded(coding, s)) }

func TestEncodeAndDecode(t *testing.T) {
	kinds := map[string]func(p *Response){
		"in memory": func(p *Response) { p.SetText(codedText) },
		"streamed":  func(p *Response) { p.SetBody(iotest.HalfReader(strings.NewReader(codedText))) },
		"pushed": func(p *Response) {
			p.SetStream(func(w StreamWriter) error { _, err := io.WriteString(w, codedText); return err })
		},
		"chunks": func(p *Response) { p.SetChunks(pieces(codedText[:10], "", codedText[10:])) },
	}
	for kind, body := range kinds {
		for _, coding := range []string{"gzip", "deflate"} {
			t.Run(kind+"/"+coding, func(t *testing.T) {
				p := NewResponse(200)
				p.Header().Set("Content-Type", "text/plain")
				body(p)
				p.Header().Set("ETag", `"a"`)
				p.Header().Set("Accept-Ranges", "bytes")
				require.NoError(t, p.EncodeContent(coding))
				assert.Equal(t, coding, p.Header().Get("Content-Encoding"))
				assert.Equal(t, `"a-`+coding+`"`, p.Header().Get("ETag"), "the bytes are others")
				assert.False(t, p.Header().Has("Accept-Ranges"))
				_, known := p.ContentLength()
				assert.Equal(t, kind == "in memory", known)
				require.NoError(t, p.EncodeContent(coding), "twice is once")

				q := p.Copy()
				for _, r := range []*Response{p, q} {
					b, err := r.Copy().Bytes()
					require.NoError(t, err)
					assert.Less(t, len(b), len(codedText)/10)
					require.NoError(t, r.DecodeContent(BodyDecoding{}))
					assert.False(t, r.Header().Has("Content-Encoding"))
					text, err := r.Text()
					require.NoError(t, err)
					assert.Equal(t, codedText, text)
				}
			})
		}
	}
}

func TestDecodeContent(t *testing.T) {
	rows := []struct {
		name, field string
		body        []byte
		want        string // "!" for a refusal
	}{
		{"gzip", "gzip", codedBytes("gzip", "hello"), "hello"},
		{"gzip in capitals", "GZIP", codedBytes("gzip", "hello"), "hello"},
		{"x-gzip is gzip", "x-gzip", codedBytes("gzip", "hello"), "hello"},
		{"two members are one body", "gzip", append(codedBytes("gzip", "a"), codedBytes("gzip", "b")...), "ab"},
		{"deflate in its wrapping", "deflate", codedBytes("deflate", "hello"), "hello"},
		{"deflate bare, as some send it", "deflate", codedBytes("bare", "hello"), "hello"},
		{"nothing, wrapped", "deflate", codedBytes("deflate", ""), ""},
		{"identity", "identity", []byte("hello"), "hello"},
		{"an empty field", "", []byte("hello"), "hello"},
		{"nonsense as gzip", "gzip", []byte("nonsense"), "!"},
		{"nonsense as deflate", "deflate", []byte("nonsense"), "!"},
		{"no body as gzip", "gzip", nil, "!"},
		{"a cut body", "gzip", codedBytes("gzip", "hello")[:20], "!"},
		{"a body without its checksum", "gzip", codedBytes("gzip", "hello")[:26], "!"},
		{"a wrong checksum", "gzip", append(codedBytes("gzip", "hello")[:25], make([]byte, 4)...), "!"},
		{"something behind", "gzip", append(codedBytes("gzip", "hello"), "trailing"...), "!"},
		{"an unknown coding", "br", []byte("x"), "!"},
		{"two, the last undone first", "deflate, gzip", codedBytes("gzip", coded("deflate", "hello")), "hello"},
		{"identity and empty elements do not count", "identity, , gzip", codedBytes("gzip", "hello"), "hello"},
		{"one coding said twice", "gzip, gzip", codedBytes("gzip", "hello"), "!"},
		{"in the wrong order", "gzip, deflate", codedBytes("gzip", coded("deflate", "hello")), "!"},
		{"an unknown one below", "br, gzip", codedBytes("gzip", "x"), "!"},
		{"too many", "gzip, gzip, gzip, gzip", []byte("x"), "!"},
		{"something behind deflate", "deflate", append(codedBytes("deflate", "hello"), 'x'), "!"},
	}
	for _, row := range rows {
		for _, streamed := range []bool{false, true} {
			t.Run(row.name, func(t *testing.T) {
				p := Bytes("text/plain", row.body)
				if streamed {
					p.SetBody(iotest.OneByteReader(bytes.NewReader(row.body)))
				}
				p.Header().Set("Content-Encoding", row.field)
				err := p.DecodeContent(BodyDecoding{})
				if err != nil {
					assert.Equal(t, "!", row.want, err)
					assert.Equal(t, row.field, p.Header().Get("Content-Encoding"), "nothing has changed")
					return
				}
				b, err := p.Bytes()
				if row.want == "!" {
					require.Error(t, err)
					return
				}
				require.NoError(t, err)
				assert.Equal(t, row.want, string(b))
			})
		}
	}
}

// A small bomb must not become a large body: echo #2018.
func TestDecodedOutputIsBounded(t *testing.T) {
	bomb := codedBytes("gzip", strings.Repeat("\x00", 1<<20))
	for _, streamed := range []bool{false, true} {
		p := Bytes("text/plain", bomb)
		if streamed {
			p.SetBody(bytes.NewReader(bomb))
		}
		p.Header().Set("Content-Encoding", "gzip")
		err := p.DecodeContent(BodyDecoding{Max: 1<<20 - 1})
		if streamed {
			require.NoError(t, err)
			_, err = p.Bytes()
		}
		assert.ErrorIs(t, err, ErrTooLarge)
	}
	for _, limit := range []int64{-1, 0, 1 << 20} {
		p := Bytes("text/plain", bomb)
		p.Header().Set("Content-Encoding", "gzip")
		require.NoError(t, p.DecodeContent(BodyDecoding{Max: limit}))
		n, _ := p.ContentLength()
		assert.EqualValues(t, 1<<20, n)
	}
}

// Two codings that each keep within the ratio must not multiply.
func TestRatioOverAllCodings(t *testing.T) {
	lines := strings.Repeat(strings.Repeat("x", 60)+"\n", 1<<17) // some 8 MiB
	once := coded("gzip", lines)
	twice := codedBytes("gzip", once)
	o := BodyDecoding{Ratio: 500}
	require.Less(t, len(lines)/len(once), 500)
	require.Less(t, len(once)/len(twice), 500)
	require.Greater(t, len(lines)/len(twice), 500)

	one := Bytes("text/plain", []byte(once))
	one.Header().Set("Content-Encoding", "gzip")
	require.NoError(t, one.DecodeContent(o))
	two := Bytes("text/plain", twice)
	two.Header().Set("Content-Encoding", "gzip")
	two.Header().Add("Content-Encoding", "gzip")
	err := two.DecodeContent(o)
	assert.ErrorIs(t, err, ErrTooLarge)
	assert.ErrorContains(t, err, "too many times its coded size")
	assert.Equal(t, []string{"gzip", "gzip"}, two.Header().Values("Content-Encoding"), "nothing has changed")
	require.NoError(t, two.DecodeContent(BodyDecoding{Ratio: -1}))
	text, err := two.Text()
	require.NoError(t, err)
	assert.True(t, text == lines)

	req := codedPost("gzip, gzip", string(twice))
	require.NoError(t, req.DecodeBody(o))
	_, err = req.Bytes()
	in := wantInput(t, err, 413)
	assert.Equal(t, "the body decodes to more than 500 times its size", in.Public)
}

// A coding of one's own is undone like the others, and its reader closed.
func TestDecodeContentMoreCodings(t *testing.T) {
	for _, streamed := range []bool{false, true} {
		closed := false
		o := BodyDecoding{Codings: map[string]func(io.Reader) (io.Reader, error){"rot13": func(r io.Reader) (io.Reader, error) {
			r, err := rot13(r)
			return closeTeller{r, &closed}, err
		}}}
		body := codedBytes("gzip", "uryyb")
		source := &closeTold{Reader: bytes.NewReader(body)}
		p := Bytes("text/plain", body)
		if streamed {
			p.SetBody(source)
		}
		p.Header().Set("Content-Encoding", "rot13, gzip")
		p.Header().Set("ETag", `"v1-gzip"`)
		require.NoError(t, p.DecodeContent(o))
		text, err := p.Text()
		require.NoError(t, err)
		assert.Equal(t, "hello", text)
		assert.Equal(t, `W/"v1"`, p.Header().Get("ETag"), "the tag did not know of rot13")
		p.Close()
		assert.True(t, closed)
		assert.Equal(t, streamed, source.closed)
	}
}

func TestCodingsThatAreRefused(t *testing.T) {
	for _, coding := range []string{"", "br", "GZIP", "compress"} {
		assert.ErrorIs(t, Text("x").EncodeContent(coding), ErrCoding, coding)
	}
	p := Text("x")
	p.Header().Set("Content-Range", "bytes 0-0/2")
	assert.ErrorIs(t, p.EncodeContent("gzip"), ErrPartial)
	p.Header().Set("Content-Encoding", "gzip")
	assert.ErrorIs(t, p.DecodeContent(BodyDecoding{}), ErrPartial)
	p = Text("x")
	p.Header().Set("Content-Encoding", "br")
	assert.ErrorIs(t, p.EncodeContent("gzip"), ErrCoding, "what cannot be decoded is not coded again")
}

func TestEncodeFromAnotherCoding(t *testing.T) {
	p := Bytes("text/plain", codedBytes("deflate", "hello"))
	p.Header().Set("Content-Encoding", "deflate")
	require.NoError(t, p.EncodeContent("gzip"))
	b, _ := p.Bytes()
	assert.Equal(t, "\x1f\x8b", string(b[:2]))
	require.NoError(t, p.EncodeContent("identity"))
	b, _ = p.Bytes()
	assert.Equal(t, "hello", string(b))
}

// A stream that flushes must arrive piece by piece, compressed or not.
func TestEncodedStreamIsFlushed(t *testing.T) {
	next := make(chan bool)
	app := respond(func(*Request) *Response {
		p := Stream("text/plain", func(w StreamWriter) error {
			for _, s := range []string{"one", "two"} {
				if _, err := io.WriteString(w, s); err != nil {
					return err
				}
				if err := w.Flush(); err != nil {
					return err
				}
				<-next
			}
			return nil
		})
		if p.EncodeContent("gzip") != nil {
			panic("not coded")
		}
		return p
	})
	srv := httptest.NewServer(app)
	defer srv.Close()
	resp, err := srv.Client().Get(srv.URL) // asks for gzip, and undoes it
	require.NoError(t, err)
	defer resp.Body.Close()
	require.True(t, resp.Uncompressed)
	buf := make([]byte, 3)
	for _, want := range []string{"one", "two"} {
		_, err = io.ReadFull(resp.Body, buf)
		require.NoError(t, err)
		assert.Equal(t, want, string(buf))
		select {
		case next <- true:
		case <-time.After(5 * time.Second):
			t.Fatal("the stream does not wait")
		}
	}
}

// A stream that fails must not end as if it were whole.
func TestEncodedStreamThatFailsLooksCut(t *testing.T) {
	boom := errors.New("boom")
	p := NewResponse(200)
	p.SetStream(func(w StreamWriter) error {
		io.WriteString(w, codedText)
		return boom
	})
	closed := false
	p.OnClose(func() { closed = true })
	require.NoError(t, p.EncodeContent("gzip"))
	_, err := p.Bytes()
	assert.ErrorIs(t, err, boom)
	p.Close()
	assert.True(t, closed)
}

func TestEncodedSourceIsClosed(t *testing.T) {
	for _, read := range []bool{false, true} {
		for _, coding := range []string{"gzip", "identity"} {
			source := &closeTold{Reader: bytes.NewReader(codedBytes("deflate", "hello"))}
			p := NewResponse(200)
			p.SetBody(source)
			p.Header().Set("Content-Encoding", "deflate")
			require.NoError(t, p.EncodeContent(coding))
			if read {
				served, _ := conditionally(p, asking(http.MethodGet, ""))
				assert.Equal(t, 200, served.StatusCode)
			}
			p.Close()
			assert.True(t, source.closed)
		}
	}
}

type closeTold struct {
	io.Reader
	closed bool
}

func (c *closeTold) Close() error {
	c.closed = true
	return nil
}

func FuzzDecodeContent(f *testing.F) {
	for _, coding := range []string{"gzip", "deflate", "bare"} {
		f.Add(codedBytes(coding, "hello"))
	}
	f.Add(codedBytes("gzip", coded("deflate", "hello")))
	f.Add(codedBytes("deflate", coded("gzip", strings.Repeat("\x00", 1<<16))))
	f.Add([]byte("nonsense"))
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, coding := range []string{"gzip", "deflate", "deflate, gzip", "gzip, deflate"} {
			p := Bytes("text/plain", body)
			p.Header().Set("Content-Encoding", coding)
			if p.DecodeContent(BodyDecoding{Max: 1 << 16}) != nil {
				continue
			}
			plain, err := p.Bytes()
			if err != nil || len(plain) > 1<<16 {
				t.Fatalf("%d bytes, %v", len(plain), err)
			}
			q := NewResponse(200)
			q.SetBody(iotest.OneByteReader(bytes.NewReader(body)))
			q.Header().Set("Content-Encoding", coding)
			if err := q.DecodeContent(BodyDecoding{Max: 1 << 16}); err != nil {
				t.Fatal(err)
			}
			if streamed, err := q.Bytes(); err != nil || !bytes.Equal(streamed, plain) {
				t.Fatalf("streamed %q, %v; in memory %q", streamed, err, plain)
			}
		}
	})
}

func BenchmarkEncodeContent(b *testing.B) {
	b.SetBytes(int64(len(codedText)))
	b.ReportAllocs()
	for b.Loop() {
		p := Text(codedText)
		if p.EncodeContent("gzip") != nil {
			b.Fatal()
		}
	}
}

func BenchmarkDecodeContent(b *testing.B) {
	body := codedBytes("gzip", codedText)
	b.SetBytes(int64(len(codedText)))
	b.ReportAllocs()
	for b.Loop() {
		p := Bytes("text/plain", body)
		p.Header().Set("Content-Encoding", "gzip")
		if p.DecodeContent(BodyDecoding{}) != nil {
			b.Fatal()
		}
	}
}

func TestEncodeContentLevel(t *testing.T) {
	text := strings.Repeat("the same words again, and some others: ", 400)
	sizes := map[int]int{}
	for _, level := range []int{flate.HuffmanOnly, flate.DefaultCompression, 1, 9} {
		for _, coding := range []string{"gzip", "deflate"} {
			for range 2 { // the second takes its compressor from the pool
				p := Text(text)
				require.NoError(t, p.EncodeContentLevel(coding, level))
				b, err := p.Bytes()
				require.NoError(t, err)
				sizes[level] = len(b)
				require.NoError(t, p.DecodeContent(BodyDecoding{}))
				got, err := p.Text()
				require.NoError(t, err)
				assert.Equal(t, text, got)
			}
		}
	}
	assert.Greater(t, sizes[flate.HuffmanOnly], sizes[1])
	assert.GreaterOrEqual(t, sizes[1], sizes[9])
	for _, level := range []int{0, 10, -3} {
		assert.ErrorIs(t, Text("x").EncodeContentLevel("gzip", level), ErrCoding)
	}
}
