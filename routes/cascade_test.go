package routes

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

func cascade(t testing.TB, catch []int, apps ...http.Handler) *Cascade {
	t.Helper()
	c, err := NewCascade(apps, CascadeOptions{Catch: catch})
	require.NoError(t, err)
	return c
}

func says(status int, text string) http.Handler {
	return respond(func(*webob.Request) *webob.Response {
		p := webob.Text(text)
		p.SetStatus(status)
		return p
	})
}

func fails(err error) http.Handler {
	return respond(func(req *webob.Request) *webob.Response { return exc.Page(req, err) })
}

func TestCascadePassesOver(t *testing.T) {
	plain := errors.New("a bug")
	for _, row := range []struct {
		rule   string
		catch  []int
		apps   []http.Handler
		status int
		text   string
	}{
		{"the first answer that is not caught", nil, []http.Handler{says(200, "one"), says(200, "two")}, 200, "one"},
		{"404 is caught unless said otherwise", nil, []http.Handler{says(404, "no"), says(404, "no"), says(200, "three")}, 200, "three"},
		{"the last counts whatever it is", nil, []http.Handler{says(404, "no"), says(404, "last")}, 404, "last"},
		{"one app alone", nil, []http.Handler{says(404, "only")}, 404, "only"},
		{"another status is an answer", nil, []http.Handler{says(403, "no"), says(200, "two")}, 403, "no"},
		{"unless it is caught", []int{403}, []http.Handler{says(403, "no"), says(200, "two")}, 200, "two"},
		{"404 then is not", []int{403}, []http.Handler{says(404, "no"), says(200, "two")}, 404, "no"},
		{"nothing is caught", []int{}, []http.Handler{says(404, "no"), says(200, "two")}, 404, "no"},
		{"an HTTP error is an answer", nil, []http.Handler{exc.NotFound, says(200, "two")}, 200, "two"},
		{"another HTTP error is one too", nil, []http.Handler{fails(exc.Forbidden.With("mine")), says(200, "two")}, 403, "mine"},
		{"an input error has a status as well", []int{400}, []http.Handler{fails(&webob.InputError{Status: 400}), says(200, "two")}, 200, "two"},
		{"a bug is not passed over", []int{500}, []http.Handler{fails(plain), says(200, "two")}, 500, ""},
		{"a 500 that was meant is", []int{500}, []http.Handler{exc.InternalServerError, says(200, "two")}, 200, "two"},
		{"a foreign handler", nil, []http.Handler{http.NotFoundHandler(), says(200, "two")}, 200, "two"},
		{"a foreign handler at the end", nil, []http.Handler{exc.NotFound, http.NotFoundHandler()}, 404, "404 page not found\n"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			c := cascade(t, row.catch, row.apps...)
			resp := webob.Blank("/x").GetResponse(c)
			text, err := resp.Text()
			require.NoError(t, err)
			assert.Equal(t, row.status, resp.Status())
			assert.Contains(t, text, row.text)
			rec := httptest.NewRecorder()
			c.ServeHTTP(rec, webob.Blank("/x").Request)
			assert.Equal(t, row.status, rec.Code)
			assert.Equal(t, text, rec.Body.String())
		})
	}
	assert.ErrorIs(t, webob.Blank("/").GetResponse(cascade(t, []int{500}, fails(plain), says(200, ""))).Err(), plain)
}

func TestCascadeRefusals(t *testing.T) {
	ok := []http.Handler{says(200, "")}
	for name, made := range map[string]func() (*Cascade, error){
		"no apps":                    func() (*Cascade, error) { return NewCascade(nil, CascadeOptions{}) },
		"app 1 is nil":               func() (*Cascade, error) { return NewCascade(append(ok, nil), CascadeOptions{}) },
		"200 is not a status of 400": func() (*Cascade, error) { return NewCascade(ok, CascadeOptions{Catch: []int{404, 200}}) },
		"600 is not a status of 400": func() (*Cascade, error) { return NewCascade(ok, CascadeOptions{Catch: []int{600}}) },
	} {
		_, err := made()
		require.ErrorIs(t, err, ErrCascade)
		assert.ErrorContains(t, err, name)
	}
	_, err := NewCascade(ok, CascadeOptions{Catch: []int{418, 599}})
	assert.NoError(t, err, "a status that nobody has named")
}

// reads answers 404 after it has read n bytes of the body, all if n is below 0, and
// changed what it can of the request.
func reads(n int64, seen *[]string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		if n < 0 {
			io.Copy(&b, r.Body)
		} else {
			io.CopyN(&b, r.Body, n)
		}
		*seen = append(*seen, r.URL.Path+" "+r.Header.Get("X-A")+" "+b.String())
		r.URL.Path = "/changed"
		r.Header.Set("X-A", "changed")
		http.NotFound(w, r)
	})
}

func TestCascadeGivesEachTheWholeRequest(t *testing.T) {
	large := strings.Repeat("0123456789", 200_000)
	for name, body := range map[string]string{"small": "0123456789", "large": large, "none": ""} {
		t.Run(name, func(t *testing.T) {
			var seen []string
			c := cascade(t, nil, reads(3, &seen), reads(-1, &seen), reads(0, &seen),
				respond(func(req *webob.Request) *webob.Response { // reads as ours do
					b, err := req.Bytes()
					assert.NoError(t, err)
					seen = append(seen, req.URL.Path+" "+req.Header.Get("X-A")+" "+string(b))
					return webob.NewResponse(404)
				}), reads(-1, &seen))
			want := []string{"/x a " + body[:min(3, len(body))], "/x a " + body, "/x a ", "/x a " + body, "/x a " + body}

			server := httptest.NewServer(c)
			defer server.Close()
			sent, err := http.NewRequest("POST", server.URL+"/x", io.MultiReader(strings.NewReader(body))) // chunked
			require.NoError(t, err)
			sent.Header.Set("X-A", "a")
			got, err := server.Client().Do(sent)
			require.NoError(t, err)
			got.Body.Close()
			assert.Equal(t, 404, got.StatusCode)
			assert.True(t, assert.ObjectsAreEqual(want, seen), "over a socket")

			seen = nil
			req := webob.Blank("/x", webob.WithBody([]byte(body)), webob.WithHeader("X-A", "a"))
			require.Equal(t, 404, req.GetResponse(c).Status())
			assert.True(t, assert.ObjectsAreEqual(want, seen), "as a value")
		})
	}
	t.Run("beyond the limit it is a 413", func(t *testing.T) {
		req := webob.Blank("/", webob.WithBody([]byte("0123456789")))
		req.SetLimits(webob.Limits{Body: 5})
		resp := req.GetResponse(cascade(t, nil, says(404, ""), says(200, "")))
		assert.Equal(t, 413, resp.Status())
	})
	t.Run("one app reads the body itself", func(t *testing.T) {
		req := webob.Blank("/", webob.WithBody([]byte("0123456789")))
		req.SetLimits(webob.Limits{Body: 5})
		assert.Equal(t, 200, req.GetResponse(cascade(t, nil, says(200, ""))).Status())
	})
}

func TestCascadeLeavesNothingBehind(t *testing.T) {
	t.Run("a stream passed over is closed", func(t *testing.T) {
		closed, ended := false, false
		ours := respond(func(*webob.Request) *webob.Response {
			p := webob.NewResponse(404)
			p.SetBody(strings.NewReader("x"))
			p.OnClose(func() { closed = true })
			return p
		})
		foreign := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(404)
			io.WriteString(w, strings.Repeat("x", 100<<10))
			_, err := io.WriteString(w, strings.Repeat("x", 100<<10))
			ended = err != nil && r.Context().Err() != nil
		})
		c := cascade(t, nil, ours, foreign, says(200, "three"))
		require.Equal(t, 200, webob.Blank("/").GetResponse(c).Status())
		assert.True(t, closed)
		assert.True(t, ended)
	})
	t.Run("cookies of the request's own response", func(t *testing.T) {
		sets := func(name string, status int) http.Handler {
			return respond(func(req *webob.Request) *webob.Response {
				req.Response().Header().Add("X-Own", name)
				own := req.TakeResponse()
				own.SetStatus(status)
				return own
			})
		}
		leaves := respond(func(req *webob.Request) *webob.Response {
			req.Response().Header().Add("X-Own", "left behind")
			return webob.NewResponse(404)
		})
		req := webob.Blank("/")
		req.Response().Header().Add("X-Own", "outside")
		resp := req.GetResponse(cascade(t, nil, sets("one", 404), leaves, sets("three", 200)))
		assert.Equal(t, []string{"outside", "three"}, resp.Header().Values("X-Own"))
		resp = webob.Blank("/").GetResponse(cascade(t, nil, leaves, sets("two", 200)))
		assert.Equal(t, []string{"two"}, resp.Header().Values("X-Own"))
	})
	t.Run("what the answer was chosen by stays", func(t *testing.T) {
		picks := respond(func(req *webob.Request) *webob.Response {
			req.NegotiateLanguage(languages)
			return webob.NewResponse(404)
		})
		rec := httptest.NewRecorder()
		cascade(t, nil, picks, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {})).ServeHTTP(rec, webob.Blank("/").Request)
		assert.Equal(t, "Accept-Language", rec.Header().Get("Vary"))
	})
	t.Run("the pattern of the mux that answered", func(t *testing.T) {
		mux := http.NewServeMux()
		mux.Handle("/a/{b}", says(200, ""))
		req := webob.Blank("/a/7")
		require.Equal(t, 200, req.GetResponse(cascade(t, nil, mux, says(200, ""))).Status())
		assert.Equal(t, "/a/{b}", req.Pattern)
	})
}

func TestCascadeKeepsSendfileAndFlush(t *testing.T) {
	flushed := false
	last := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		flushed = http.NewResponseController(w).Flush() == nil
	})
	server := httptest.NewServer(cascade(t, nil, exc.NotFound, last))
	defer server.Close()
	resp, err := server.Client().Get(server.URL)
	require.NoError(t, err)
	resp.Body.Close()
	assert.True(t, flushed)
}
