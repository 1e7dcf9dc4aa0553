package webob

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzRanges holds a stream's parts against those of the same body in memory.
func FuzzRanges(f *testing.F) {
	for _, seed := range []string{"bytes=0-3", "bytes=5-", "bytes=-3", "bytes=0-0,-1", "bytes=2-3,1-2", "bytes=7-8,1-2", "bytes=90-", "x"} {
		f.Add(tenBytes, seed, uint8(3))
	}
	f.Fuzz(func(t *testing.T, body, field string, size uint8) {
		answer := func(fill func(p *Response)) (*http.Response, string) {
			p := NewResponse(200)
			fill(p)
			p.Header().Set("Content-Length", decimal(int64(len(body))))
			p.Conditional(true)
			r := asking(http.MethodGet, "")
			r.Header["Range"] = []string{field}
			resp, content := conditionally(p, r)
			if _, boundary, ok := strings.Cut(resp.Header.Get("Content-Type"), "boundary="); ok {
				content = strings.ReplaceAll(content, boundary, "B")
			}
			return resp, content
		}
		want, content := answer(func(p *Response) { p.SetBytes([]byte(body)) })
		fills := []func(p *Response){
			func(p *Response) { p.SetBody(struct{ io.Reader }{strings.NewReader(body)}) },
			func(p *Response) { p.SetBody(iotest.HalfReader(strings.NewReader(body))) },
			func(p *Response) {
				p.SetStream(func(w StreamWriter) error {
					for rest := body; rest != ""; {
						n := min(len(rest), int(size)+1)
						if _, err := io.WriteString(w, rest[:n]); err != nil {
							return err
						}
						rest = rest[n:]
					}
					return nil
				})
			},
		}
		for i, fill := range fills {
			got, streamed := answer(fill)
			if got.StatusCode == 200 && streamed == body && strings.Contains(field, ",") {
				continue // forward only, and asked for in another order
			}
			if got.StatusCode != want.StatusCode || streamed != content || got.Header.Get("Content-Range") != want.Header.Get("Content-Range") {
				t.Fatalf("%d: %d %q, in memory %d %q", i, got.StatusCode, streamed, want.StatusCode, content)
			}
		}
	})
}

// A part that its source cannot fill is an error, and not an empty part.
func TestAPartBehindTheEnd(t *testing.T) {
	for kind, fill := range map[string]func(p *Response){
		"reader": func(p *Response) { p.SetBody(struct{ io.Reader }{strings.NewReader("0123")}) },
		"seeker": func(p *Response) {
			p.SetBody(struct{ io.ReadSeeker }{strings.NewReader("0123")})
		},
		"stream": func(p *Response) { p.SetChunks(pieces("01", "23")) },
	} {
		for _, in := range []string{"bytes=8-9", "bytes=2-9"} {
			t.Run(kind+" "+in, func(t *testing.T) {
				p := NewResponse(200)
				fill(p)
				p.Header().Set("Content-Length", "10")
				q := p.conditioned(asking("GET", "Range: "+in))
				require.Equal(t, 206, q.Status())
				_, err := q.Bytes()
				assert.Error(t, err)
			})
		}
	}
}

// HTTPHeader shows the fields of a failure's page, which is made for it.
func TestHTTPHeaderOfAFailure(t *testing.T) {
	p := Failure(503, io.ErrUnexpectedEOF, func(p *Response) { p.SetText("later") })
	assert.Equal(t, http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "Content-Length": {"5"}}, p.HTTPHeader())
}
