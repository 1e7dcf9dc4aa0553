package webob

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// filterRound is a Filter that counts how often there was something to settle.
func filterRound(app http.Handler, settled *int, fn func(*Request, http.Handler) (*Response, error)) *Filter {
	return &Filter{Func: fn, App: app, Settle: func(r *Request, p *Response, err error) *Response {
		*settled++
		if err != nil {
			return Failure(http.StatusTeapot, err, nil)
		}
		return p
	}}
}

func TestFilter(t *testing.T) {
	errOurs := errors.New("ours")
	rows := []struct {
		name    string
		fn      func(*Request, http.Handler) (*Response, error)
		status  int
		settled int
	}{
		{"the app's own answer needs no settling", func(r *Request, app http.Handler) (*Response, error) {
			return r.GetResponse(app), nil
		}, 200, 0},
		{"an error is settled", func(*Request, http.Handler) (*Response, error) { return nil, errOurs }, 418, 1},
		{"an error beside an answer is settled", func(r *Request, app http.Handler) (*Response, error) {
			return r.GetResponse(app), errOurs
		}, 418, 1},
		{"an answer of the filter's own is settled", func(*Request, http.Handler) (*Response, error) {
			return Text("mine"), nil
		}, 200, 1},
		{"no answer is settled, and a fault if that gives none", func(*Request, http.Handler) (*Response, error) {
			return nil, nil
		}, 500, 1},
		{"what was said to the request's own response is not lost", func(r *Request, app http.Handler) (*Response, error) {
			p := r.GetResponse(app)
			r.Response().SetStatus(201)
			return p, nil
		}, 200, 1},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			inner, outer := 0, 0
			f := filterRound(Text("hello"), &inner, row.fn)
			assert.Equal(t, row.status, Blank("/").GetResponse(f).Status())
			assert.Equal(t, row.settled, inner)

			inner = 0
			pass := func(r *Request, app http.Handler) (*Response, error) { return r.GetResponse(app), nil }
			w := httptest.NewRecorder()
			filterRound(f, &outer, pass).ServeHTTP(w, Blank("/").Request)
			assert.Equal(t, row.status, w.Code, "the same behind another filter, over a writer")
			assert.Equal(t, row.settled, inner)
		})
	}
}

func TestFilterHasAResponseOfItsOwn(t *testing.T) {
	settled := 0
	var seen *Response
	f := filterRound(Text("hello"), &settled, func(r *Request, app http.Handler) (*Response, error) {
		seen = r.Response()
		return r.GetResponse(app), nil
	})
	req := Blank("/")
	outer := req.Response()
	req.GetResponse(f)
	assert.NotSame(t, outer, seen)
	assert.Same(t, outer, req.Response(), "the outer one is there again")
}

func TestFilterAnswersOneRequest(t *testing.T) {
	kept := Text("kept")
	settled := 0
	f := filterRound(Text("hello"), &settled, func(*Request, http.Handler) (*Response, error) { return kept, nil })
	assert.Equal(t, 200, Blank("/").GetResponse(f).Status())
	p := Blank("/").GetResponse(f)
	assert.Equal(t, 500, p.Status())
	assert.ErrorIs(t, p.Err(), ErrClaimed)
}

// The first app behind a foreign handler is given room made beforehand; others are not.
func TestSeveralAppsBehindOneHandler(t *testing.T) {
	user := NewKey[int]("test.count")
	app := respond(func(r *Request) *Response {
		n, _ := user.Get(r)
		user.Set(r, n+1)
		return Text(r.PathValue("n"))
	})
	serve := func(w http.ResponseWriter, r *http.Request, n string) {
		in := r.WithContext(r.Context())
		in.SetPathValue("n", n)
		app.ServeHTTP(w, in)
	}
	for name, mark := range map[string]func(http.Handler) http.Handler{
		"streaming": func(h http.Handler) http.Handler { return h },
		"inline":    func(h http.Handler) http.Handler { return Inline(h, 0) },
	} {
		t.Run(name+", one after the other", func(t *testing.T) {
			req := Blank("/")
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				serve(httptest.NewRecorder(), r, "a")
				serve(w, r, "b")
			})
			text, err := req.GetResponse(mark(h)).Text()
			require.NoError(t, err)
			assert.Equal(t, "b", text)
			n, _ := user.Get(req)
			assert.Equal(t, 2, n)
		})
		t.Run(name+", at once", func(t *testing.T) {
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				var wg sync.WaitGroup
				for _, n := range []string{"a", "b", "c"} {
					wg.Go(func() {
						rec := httptest.NewRecorder()
						serve(rec, r, n)
						assert.Equal(t, n, rec.Body.String(), "each has its own view")
					})
				}
				wg.Wait()
				w.WriteHeader(http.StatusAccepted)
			})
			assert.Equal(t, http.StatusAccepted, Blank("/").GetResponse(mark(h)).Status())
		})
	}
}

// A crossing is made for every run of a foreign handler, so that what it is longer
// than the copy of the request is told by a benchmark: 100 bytes are some 40 ns. With 8
// bytes that the allocator adds, 568 and 888 are the ends of two of its size classes.
func TestCrossingIsShort(t *testing.T) {
	if strconv.IntSize < 64 {
		t.Skip("the sizes are those of 64 bits")
	}
	request := reflect.TypeFor[http.Request]().Size()
	assert.LessOrEqual(t, reflect.TypeFor[crossing]().Size()-request, uintptr(568-304))
	assert.LessOrEqual(t, reflect.TypeFor[aside]().Size()-request, uintptr(888-304))
}

func TestCrossingAllocates(t *testing.T) {
	req := Blank("/")
	req.ex()
	quiet := Inline(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), 0)
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { req.GetResponse(quiet) }), 2.0, "the crossing and what it wrote")
	app := Inline(http.HandlerFunc(respond(func(*Request) *Response { return plainAnswer }).ServeHTTP), 0)
	require.NoError(t, plainAnswer.claim(req))
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { req.GetResponse(app) }), 1.0, "the crossing")
}

var plainAnswer = Text("hello")
