package webob

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type informing func(*Request) *Response

func (f informing) Respond(r *Request) *Response                     { return f(r) }
func (f informing) ServeHTTP(w http.ResponseWriter, r *http.Request) { Serve(f, w, r) }

func TestInform(t *testing.T) {
	srv := httptest.NewServer(informing(func(r *Request) *Response {
		hint := http.Header{"Link": {"</a.css>; rel=preload", "</b.js>; rel=preload"}}
		for _, status := range []int{http.StatusEarlyHints, http.StatusProcessing} {
			if err := r.Inform(status, hint); err != nil {
				t.Error(err)
			}
			hint = nil
		}
		return Text("answer")
	}))
	defer srv.Close()
	var codes []int
	var links []string
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
		Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
			codes, links = append(codes, code), append(links, h["Link"]...)
			return nil
		},
	})
	req, _ := http.NewRequestWithContext(ctx, "GET", srv.URL, nil)
	resp, err := srv.Client().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, []int{103, 102}, codes)
	assert.Equal(t, []string{"</a.css>; rel=preload", "</b.js>; rel=preload"}, links)
	assert.Equal(t, "answer", string(body))
	assert.NotContains(t, resp.Header, "Link")
}

func TestInformRefuses(t *testing.T) {
	for _, status := range []int{0, 100, 101, 200} {
		assert.Error(t, Blank("/").Inform(status, nil), status)
	}
	assert.Error(t, Blank("/").Inform(103, http.Header{"Link": {"a\r\nX: y"}}))
	assert.NoError(t, Blank("/").Inform(103, nil), "nobody to hear it")
}

func TestSectionAsBody(t *testing.T) {
	section := func() *io.SectionReader { return io.NewSectionReader(strings.NewReader("--0123456789--"), 2, 10) }
	p := NewResponse(200)
	p.SetBody(section())
	n, known := p.ContentLength()
	assert.True(t, known)
	assert.EqualValues(t, 10, n)

	p.Conditional(true)
	rec := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Range", "bytes=8-,0-1")
	Serve(informing(func(*Request) *Response { return p }), rec, r)
	assert.Equal(t, 206, rec.Code)
	assert.Contains(t, rec.Body.String(), "\r\n\r\n89\r\n", "the later part comes first, as asked for")
	assert.Contains(t, rec.Body.String(), "\r\n\r\n01\r\n")

	half := section()
	half.Seek(4, io.SeekStart)
	q := NewResponse(200)
	q.SetBody(half)
	n, _ = q.ContentLength()
	assert.EqualValues(t, 6, n, "what has been read is no part of the body")
}

func ExampleRequest_Inform() {
	app := informing(func(req *Request) *Response {
		req.Inform(http.StatusEarlyHints, http.Header{"Link": {"</style.css>; rel=preload; as=style"}})
		return Text("the page, which takes longer")
	})
	srv := httptest.NewServer(app)
	defer srv.Close()
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
		Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
			fmt.Println(code, h.Get("Link"))
			return nil
		},
	})
	req, _ := http.NewRequestWithContext(ctx, "GET", srv.URL, nil)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err == nil {
		resp.Body.Close()
		fmt.Println(resp.StatusCode)
	}
	// Output:
	// 103 </style.css>; rel=preload; as=style
	// 200
}

func ExampleResponse_SetTrailer() {
	srv := httptest.NewServer(informing(func(*Request) *Response {
		rows := 0
		p := Stream("text/csv; charset=utf-8", func(w StreamWriter) error {
			for ; rows < 3; rows++ {
				fmt.Fprintf(w, "%d\n", rows)
			}
			return nil
		})
		p.SetTrailer(func() http.Header { return http.Header{"X-Rows": {fmt.Sprint(rows)}} }, "X-Rows")
		return p
	}))
	defer srv.Close()
	resp, err := srv.Client().Get(srv.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, resp.Body)
	fmt.Println(resp.Trailer.Get("X-Rows"), "rows")
	// Output: 3 rows
}
