package webob_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gowebob/gowebob/webob"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestConstructorsSayTheType(t *testing.T) {
	asJSON, err := webob.JSON(map[string]int{"n": 1})
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		p           *webob.Response
		ctype, body string
	}{
		"Text":        {webob.Text("<b>"), "text/plain; charset=utf-8", "<b>"},
		"HTML":        {webob.HTML(template.HTML("<b>")), "text/html; charset=utf-8", "<b>"},
		"Bytes":       {webob.Bytes("image/png", []byte("<b>")), "image/png", "<b>"},
		"JSON":        {asJSON, "application/json", `{"n":1}`},
		"Stream":      {webob.Stream("a/b", func(w webob.StreamWriter) error { return nil }), "a/b", ""},
		"NewResponse": {webob.NewResponse(200), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, 200, tc.p.Status())
			assert.Equal(t, tc.ctype, tc.p.Header().Get("Content-Type"))
			assert.Equal(t, tc.body, bodyOf(t, tc.p))
			assert.NoError(t, tc.p.Err())
			assert.False(t, tc.p.Hijacked())
		})
	}
}

func TestAnEmptyTypeSendsNoContentType(t *testing.T) {
	for name, p := range map[string]*webob.Response{
		"bytes":  webob.Bytes("", []byte("x")),
		"stream": webob.Stream("", func(w webob.StreamWriter) error { _, err := io.WriteString(w, "x"); return err }),
	} {
		assert.False(t, p.Header().Has("Content-Type"), name)
		rec := httptest.NewRecorder()
		native(func(*webob.Request) *webob.Response { return p }).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
		assert.Equal(t, "x", rec.Body.String(), name)
		assert.Empty(t, rec.Result().Header.Values("Content-Type"), name)
	}
}

func TestJSONThatCannotBeEncodedIsAnError(t *testing.T) {
	_, err := webob.JSON(math.Inf(1))
	require.Error(t, err)
	p := webob.Text("kept")
	require.Error(t, p.SetJSON(func() {}))
	assert.Equal(t, "kept", bodyOf(t, p))
	assert.Equal(t, "text/plain; charset=utf-8", p.Header().Get("Content-Type"))
}

func TestSetJSONKeepsATypeThatIsJSON(t *testing.T) {
	for given, want := range map[string]string{
		"":                                   "application/json",
		"text/plain; charset=utf-8":          "application/json",
		"application/problem+json":           "application/problem+json",
		"application/ld+json; profile=\"x\"": "application/ld+json; profile=\"x\"",
	} {
		p := webob.NewResponse(200)
		if given != "" {
			p.Header().Set("Content-Type", given)
		}
		require.NoError(t, p.SetJSON([]int{1}))
		assert.Equal(t, want, p.Header().Get("Content-Type"), given)
		assert.Equal(t, "[1]", bodyOf(t, p))
	}
}

// spec 4.1
func TestResponseIsAWriter(t *testing.T) {
	for kind, make := range bodies(t) {
		t.Run(kind, func(t *testing.T) {
			leakFree(t)
			p := make()
			n, err := fmt.Fprintf(p, ", and %d", 1)
			require.NoError(t, err)
			assert.Equal(t, 7, n)
			require.NoError(t, json.NewEncoder(p).Encode("x"))
			_, err = p.WriteString("end")
			require.NoError(t, err)
			assert.Equal(t, "some text, and 1\"x\"\nend", bodyOf(t, p))
			length, known := p.ContentLength()
			assert.True(t, known)
			assert.Equal(t, int64(len("some text, and 1\"x\"\nend")), length)
			assert.Equal(t, []string{fmt.Sprint(length)}, p.HTTPHeader()["Content-Length"])
		})
	}
}

func TestWriteNeverRunsIntoTheCallersSlice(t *testing.T) {
	backing := []byte("0123456789")
	p := webob.NewResponse(200)
	p.SetBytes(backing[:3])
	io.WriteString(p, "xyz")
	assert.Equal(t, "0123456789", string(backing))
	assert.Equal(t, "012xyz", bodyOf(t, p))

	p = webob.Bytes("a/b", backing[:3])
	b, err := p.Bytes()
	require.NoError(t, err)
	_ = append(b, '!')
	assert.Equal(t, "0123456789", string(backing))

	q := p.Copy()
	io.WriteString(q, "q")
	io.WriteString(p, "p")
	assert.Equal(t, "012q", bodyOf(t, q))
	assert.Equal(t, "012p", bodyOf(t, p))
}

func TestManySmallWritesAreLinear(t *testing.T) {
	p := webob.NewResponse(200)
	allocs := testing.AllocsPerRun(1, func() {
		for range 10_000 {
			io.WriteString(p, "0123456789")
		}
	})
	assert.Less(t, allocs, 100.0, "it grows as append does")
}

func TestTextOfBytesThatAreNoUTF8(t *testing.T) {
	assert.Equal(t, "a\uFFFDb", bodyOf(t, webob.Bytes("text/plain", []byte("a\xffb"))))
}

func TestStatusText(t *testing.T) {
	for status, want := range map[int]string{200: "200 OK", 404: "404 Not Found", 299: "299", 418: "418 I'm a teapot"} {
		assert.Equal(t, want, webob.NewResponse(status).StatusText())
	}
	p := webob.NewResponse(200)
	p.SetStatus(503)
	assert.Equal(t, "503 Service Unavailable", p.StatusText())
}

func TestFailureRendersItsPageOnceAndLate(t *testing.T) {
	rendered := 0
	p := webob.Failure(404, errBoom, func(p *webob.Response) {
		rendered++
		p.SetText("no such thing")
	})
	p.Header().Set("X-Filter", "1")
	assert.Equal(t, 404, p.Status())
	assert.True(t, errors.Is(p.Err(), errBoom))
	assert.Zero(t, rendered, "nobody has looked at the body")
	assert.Equal(t, "no such thing", bodyOf(t, p))
	assert.Equal(t, "no such thing", bodyOf(t, p))
	assert.Equal(t, 1, rendered)

	replaced := webob.Failure(404, errBoom, func(*webob.Response) { t.Error("rendered for nobody") })
	replaced.SetText("other")
	assert.Equal(t, "other", bodyOf(t, replaced))
	assert.Equal(t, errBoom, replaced.Err(), "another body is no other outcome")
}

func TestSetErr(t *testing.T) {
	p := webob.Text("x")
	p.SetErr(nil)
	assert.NoError(t, p.Err())
	p.SetErr(errBoom)
	assert.Equal(t, errBoom, p.Err())
	assert.Equal(t, errBoom, p.Copy().Err())
	p.SetErr(nil)
	assert.NoError(t, p.Err())
	assert.Equal(t, 200, p.Status())
}

func TestAddVaryNamesEachFieldOnce(t *testing.T) {
	for name, tc := range map[string]struct{ before, add, want []string }{
		"first":            {nil, []string{"Accept"}, []string{"Accept"}},
		"second":           {[]string{"Accept"}, []string{"Origin"}, []string{"Accept, Origin"}},
		"known":            {[]string{"accept, Origin"}, []string{"Accept"}, []string{"accept, Origin"}},
		"all":              {[]string{"*"}, []string{"Accept"}, []string{"*"}},
		"twice in one":     {nil, []string{"Accept", "accept", "Cookie"}, []string{"Accept, Cookie"}},
		"over many lines":  {[]string{"Accept", "Origin"}, []string{"Cookie"}, []string{"Accept, Origin, Cookie"}},
		"part of a name":   {[]string{"Accept-Encoding"}, []string{"Accept"}, []string{"Accept-Encoding, Accept"}},
		"nothing to add":   {[]string{"Accept"}, nil, []string{"Accept"}},
		"known in the 2nd": {[]string{"Accept", "Origin"}, []string{"origin"}, []string{"Accept", "Origin"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := webob.NewResponse(200)
			for _, v := range tc.before {
				p.Header().Add("Vary", v)
			}
			p.AddVary(tc.add...)
			assert.Equal(t, tc.want, p.Header().Values("Vary"))
		})
	}
}

// spec 4.9
func TestOnCloseIsCalledOnceTheLastFirst(t *testing.T) {
	for kind, make := range bodies(t) {
		t.Run(kind, func(t *testing.T) {
			leakFree(t)
			var calls []int
			made := func() *webob.Response {
				calls = nil
				p := make()
				p.OnClose(func() { calls = append(calls, 1) })
				p.OnClose(func() { calls = append(calls, 2) })
				return p
			}
			p := made()
			require.NoError(t, p.Close())
			require.NoError(t, p.Close())
			assert.Equal(t, []int{2, 1}, calls, "closed by hand")

			p = made()
			p.Copy().Close()
			assert.Empty(t, calls, "it stays with the original")
			p.Close()

			for name, h := range map[string]http.Handler{
				"sent":                  native(func(*webob.Request) *webob.Response { return made() }),
				"sent through a mux":    filtered(muxed(native(func(*webob.Request) *webob.Response { return made() }))),
				"sent through a middle": filtered(derived(native(func(*webob.Request) *webob.Response { return made() }))),
			} {
				for _, method := range []string{"GET", "HEAD"} {
					logging(&journal{}, h).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, "/", nil))
					assert.Equal(t, []int{2, 1}, calls, name+" "+method)
				}
			}
		})
	}
}

func TestOnCloseComesAfterTheBody(t *testing.T) {
	open, read := true, false
	p := webob.Stream("a/b", func(w webob.StreamWriter) error {
		read = true
		assert.True(t, open, "what the body needs lives as long as it")
		_, err := io.WriteString(w, "x")
		return err
	})
	p.OnClose(func() { open = false })
	native(func(*webob.Request) *webob.Response { return p }).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	assert.True(t, read)
	assert.False(t, open)
}

// spec 4.8
func TestCommitAfterWait(t *testing.T) {
	var order []string
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "begun ")
		http.NewResponseController(w).Flush()
		order = append(order, "handler at work")
		io.WriteString(w, "done")
		order = append(order, "handler ended")
	})
	for name, fails := range map[string]bool{"commits": false, "fails to commit": true} {
		t.Run(name, func(t *testing.T) {
			leakFree(t)
			order = nil
			tx := native(func(r *webob.Request) *webob.Response {
				p := r.GetResponse(filtered(h))
				if err := p.Wait(1 << 20); err != nil {
					return webob.Failure(500, err, nil)
				}
				order = append(order, "commit")
				if fails {
					return webob.Failure(503, errBoom, nil)
				}
				return p
			})
			rec := httptest.NewRecorder()
			logging(&journal{}, tx).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
			assert.Equal(t, []string{"handler at work", "handler ended", "commit"}, order)
			if fails {
				assert.Equal(t, 503, rec.Code)
				assert.NotContains(t, rec.Body.String(), "done")
			} else {
				assert.Equal(t, "begun done", rec.Body.String())
				assert.Equal(t, "10", rec.Header().Get("Content-Length"))
			}
		})
	}
}

func TestHTTPHeaderIsACopy(t *testing.T) {
	p := webob.Text("four")
	h := p.HTTPHeader()
	assert.Equal(t, http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "Content-Length": {"4"}}, h)
	h.Set("Content-Type", "other")
	h.Add("X", "1")
	assert.Equal(t, "text/plain; charset=utf-8", p.Header().Get("Content-Type"))
	assert.False(t, p.Header().Has("X"))
	p.SetStatus(204)
	assert.NotContains(t, p.HTTPHeader(), "Content-Length")
	assert.NotContains(t, webob.Stream("a/b", func(webob.StreamWriter) error { return nil }).HTTPHeader(), "Content-Length")
}

func TestCopyIsIndependent(t *testing.T) {
	p := webob.Text("text")
	p.Header().Set("X", "1")
	q := p.Copy()
	q.Header().Set("X", "2")
	q.SetStatus(404)
	q.SetText("other")
	assert.Equal(t, "1", p.Header().Get("X"))
	assert.Equal(t, 200, p.Status())
	assert.Equal(t, "text", bodyOf(t, p))
}

func TestReplacedBodyDropsTheLengthThatWasSaid(t *testing.T) {
	for name, change := range map[string]func(*webob.Response){
		"SetText":  func(p *webob.Response) { p.SetText("xy") },
		"SetHTML":  func(p *webob.Response) { p.SetHTML("xy") },
		"SetBytes": func(p *webob.Response) { p.SetBytes([]byte("xy")) },
		"SetJSON":  func(p *webob.Response) { p.SetJSON(12) },
		"SetBody":  func(p *webob.Response) { p.SetBody(strings.NewReader("xy")) },
	} {
		p := webob.Text("four")
		p.Header().Set("Content-Length", "4")
		change(p)
		n, known := p.ContentLength()
		assert.True(t, known, name)
		assert.Equal(t, int64(2), n, name)
		assert.Equal(t, []string{"2"}, p.HTTPHeader()["Content-Length"], name)
	}
}

func TestFailureThatIsARespondersErrorAnswersForItself(t *testing.T) {
	j := &journal{}
	app := native(func(*webob.Request) *webob.Response {
		return webob.Stream("a/b", func(webob.StreamWriter) error { return fmt.Errorf("wrapped: %w", teapot{}) })
	})
	rec := httptest.NewRecorder()
	logging(j, app).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, 418, rec.Code)
	assert.Equal(t, "short and stout", rec.Body.String())

	bad := &webob.InputError{Status: 413, Public: "too much", Err: errBoom}
	rec = httptest.NewRecorder()
	logging(j, native(func(*webob.Request) *webob.Response {
		return webob.Stream("a/b", func(webob.StreamWriter) error { return bad })
	})).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, 413, rec.Code)
	assert.Contains(t, rec.Body.String(), "too much")
	assert.NotContains(t, rec.Body.String(), "boom", "the cause is for the log")
	assert.Empty(t, rec.Header().Values("Content-Encoding"))
}

// teapot is an error that answers for itself, as those of package exc do.
type teapot struct{}

func (teapot) Error() string { return "teapot" }
func (teapot) Respond(*webob.Request) *webob.Response {
	p := webob.Text("short and stout")
	p.SetStatus(418)
	return p
}
func (e teapot) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(e, w, r) }

func TestOnFailureRendersWhatComesUpLate(t *testing.T) {
	app := native(func(r *webob.Request) *webob.Response {
		r.OnFailure(func(_ *webob.Request, err error) *webob.Response {
			return webob.Failure(502, err, func(p *webob.Response) { p.SetText("my page") })
		})
		return webob.Stream("a/b", func(webob.StreamWriter) error { return errBoom })
	})
	rec := httptest.NewRecorder()
	j := &journal{}
	logging(j, app).ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, 502, rec.Code)
	assert.Equal(t, "my page", rec.Body.String())
	require.Len(t, j.all(), 1)
	assert.Contains(t, j.all()[0], "boom")
}

func TestDefaultResponseOfARequest(t *testing.T) {
	r := handmade(t, "GET", "/")
	assert.Nil(t, r.TakeResponse(), "nobody has touched it")
	p := r.Response()
	assert.Equal(t, 200, p.Status())
	assert.Same(t, p, r.Response())
	assert.Same(t, p, r.WithContext(t.Context()).Response(), "shared by copies")
	assert.Same(t, p, r.TakeResponse())
	assert.Nil(t, r.TakeResponse())
	assert.NotSame(t, p, r.Response())
}

func TestOrdinaryAnswersAllocateLittle(t *testing.T) {
	hello := native(func(*webob.Request) *webob.Response { return webob.Text("hello") })
	eight := http.Handler(hello)
	for range 8 {
		next := eight
		eight = native(func(r *webob.Request) *webob.Response {
			p := r.GetResponse(next)
			p.Header().Set("X-Filter", "1")
			return p
		})
	}
	for name, tc := range map[string]struct {
		h    http.Handler
		most float64
	}{
		"hello":                     {hello, 2},
		"eight filters":             {eight, 5},
		"eight filters round a mux": {marked("0", muxed(eight)), 5},
	} {
		t.Run(name, func(t *testing.T) {
			w := &counter{h: http.Header{}}
			r := httptest.NewRequest("GET", "/", nil)
			assert.LessOrEqual(t, testing.AllocsPerRun(100, func() {
				clear(w.h)
				tc.h.ServeHTTP(w, r)
			}), tc.most)
		})
	}
}
