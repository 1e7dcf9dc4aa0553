package webob_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"testing"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTrailersOverSockets(t *testing.T) {
	bodies := map[string]func(p *webob.Response){
		"memory": func(p *webob.Response) { p.SetText("body") },
		"empty":  func(p *webob.Response) {},
		"stream": func(p *webob.Response) {
			p.SetStream(func(w webob.StreamWriter) error { _, err := io.WriteString(w, "body"); return err })
		},
		"told length": func(p *webob.Response) { p.SetReader(strings.NewReader("body"), 4) },
		"large":       func(p *webob.Response) { p.SetBody(io.LimitReader(endless{}, 100<<10)) },
	}
	for kind, body := range bodies {
		for way, wrap := range eventWays {
			if strings.Contains(way, "compression") {
				continue
			}
			for _, announced := range []bool{true, false} {
				for _, protocol := range protocols {
					t.Run(fmt.Sprintf("%s/%s/%t/%s", kind, way, announced, protocol), func(t *testing.T) {
						app := native(func(*webob.Request) *webob.Response {
							p := webob.NewResponse(200)
							body(p)
							trailer := func() http.Header { return http.Header{"X-Sum": {"42"}, "X-More": {"a", "b"}} }
							if announced {
								p.SetTrailer(trailer, "x-sum", "X-More", "X-Sum")
							} else {
								p.SetTrailer(trailer)
							}
							return p
						})
						got := fetch(t, listen(t, protocol, wrap(app)), "GET", "/")
						require.NoError(t, got.readErr)
						assert.Equal(t, http.Header{"X-Sum": {"42"}, "X-More": {"a", "b"}}, got.Trailer)
						if protocol == "HTTP/1.1" { // net/http may count over HTTP/2
							assert.NotContains(t, got.Header, "Content-Length")
						}
						assert.NotContains(t, got.Header, "X-Sum")
					})
				}
			}
		}
	}
}

func TestTrailersThatAreLeftOut(t *testing.T) {
	for _, protocol := range protocols {
		j := &journal{level: slog.LevelInfo}
		app := native(func(*webob.Request) *webob.Response {
			p := webob.Text("body")
			p.SetTrailer(func() http.Header {
				return http.Header{"X-Sum": {"42"}, "X-Split": {"a\r\nSet-Cookie: b"}, "Content-Length": {"1"}, "Set-Cookie": {"a=b"}, "Bad Name": {"x"}}
			}, "X-Sum", "X-Split")
			return p
		})
		got := fetch(t, listen(t, protocol, logging(j, app)), "GET", "/")
		require.NoError(t, got.readErr)
		assert.Equal(t, "42", got.Trailer.Get("X-Sum"))
		assert.Empty(t, got.Trailer.Get("X-Split"))
		assert.NotContains(t, got.Trailer, "Set-Cookie")
		assert.Len(t, j.all(), 4, "one line for each: %q", j.all())
	}
}

func TestTrailersWithoutABody(t *testing.T) {
	app := native(func(req *webob.Request) *webob.Response {
		p := webob.NewResponse(200)
		if req.URL.Path == "/none" {
			p.SetStatus(204)
		}
		p.SetTrailer(func() http.Header { t.Error("asked for"); return nil }, "X-Sum")
		return p
	})
	srv := listen(t, "HTTP/1.1", app)
	assert.Equal(t, 200, fetch(t, srv, "HEAD", "/").StatusCode)
	assert.Equal(t, 204, fetch(t, srv, "GET", "/none").StatusCode)
}

func TestTrailersOverHTTP10(t *testing.T) {
	app := native(func(*webob.Request) *webob.Response {
		p := webob.Text("body")
		p.SetTrailer(func() http.Header { return http.Header{"X-Sum": {"42"}} })
		return p
	})
	answer := raw(t, app, "GET / HTTP/1.0\n\n")
	assert.True(t, strings.HasSuffix(answer, "\r\n\r\nbody"), answer)
}

func TestTrailerOfAResponse(t *testing.T) {
	foreign := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		io.WriteString(w, strings.Repeat("x", 100<<10))
		w.Header().Set("X-Sum", "42")
		w.Header().Set(http.TrailerPrefix+"X-More", "7")
	})
	p := handmade(t, "GET", "/").GetResponse(foreign)
	assert.Empty(t, p.Trailer(), "the handler has not ended")
	require.NoError(t, p.Wait(0))
	assert.Equal(t, http.Header{"X-Sum": {"42"}, "X-More": {"7"}}, p.Trailer())
	p.Trailer().Set("X-Sum", "43")
	assert.Equal(t, "42", p.Trailer().Get("X-Sum"), "the map is a copy")
	p.SetTrailer(nil)
	assert.Empty(t, p.Trailer())
	assert.Empty(t, webob.Text("x").Trailer())
}

func TestEarlyHints(t *testing.T) {
	preload := header.LinkValue{Target: "/a.css", Params: header.Params{{Name: "rel", Value: "preload"}, {Name: "as", Value: "style"}}}
	font := header.LinkValue{Target: "/f.woff2", Params: header.Params{{Name: "rel", Value: "preload"}}}
	for way, wrap := range eventWays {
		for _, protocol := range protocols {
			t.Run(way+"/"+protocol, func(t *testing.T) {
				srv := listen(t, protocol, wrap(native(func(req *webob.Request) *webob.Response {
					assert.NoError(t, req.EarlyHints(preload, font))
					assert.NoError(t, req.EarlyHints(), "none")
					assert.NoError(t, req.EarlyHints(font))
					return webob.Text("answer")
				})))
				var links [][]string
				ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{
					Got1xxResponse: func(code int, h textproto.MIMEHeader) error {
						assert.Equal(t, 103, code)
						links = append(links, h["Link"])
						return nil
					},
				})
				req, _ := http.NewRequestWithContext(ctx, "GET", srv.URL, nil)
				resp, err := srv.Client().Do(req)
				require.NoError(t, err)
				resp.Body.Close()
				assert.Equal(t, [][]string{{"</a.css>; rel=preload; as=style, </f.woff2>; rel=preload"}, {"</f.woff2>; rel=preload"}}, links)
				assert.Empty(t, resp.Header["Link"])
				assert.Equal(t, 200, resp.StatusCode)
			})
		}
	}
	bad := header.LinkValue{Target: "/a>; rel=next, <b"}
	assert.Error(t, webob.Blank("/").EarlyHints(bad))
	assert.NoError(t, webob.Blank("/").EarlyHints(preload), "nobody to hear it")
}

func ExampleRequest_EarlyHints() {
	app := native(func(req *webob.Request) *webob.Response {
		req.EarlyHints(header.LinkValue{Target: "/style.css",
			Params: header.Params{{Name: "rel", Value: "preload"}, {Name: "as", Value: "style"}}})
		return webob.Text("the page, which takes longer")
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
	if resp, err := srv.Client().Do(req); err == nil {
		resp.Body.Close()
		fmt.Println(resp.StatusCode)
	}
	// Output:
	// 103 </style.css>; rel=preload; as=style
	// 200
}

func ExampleResponse_Trailer() {
	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Trailer", "X-Rows")
		fmt.Fprintln(w, "a row")
		w.Header().Set("X-Rows", "1")
	})
	resp := webob.Blank("/").GetResponse(app)
	resp.Wait(1 << 20)
	fmt.Println(resp.Trailer())
	// Output: map[X-Rows:[1]]
}
