package webob_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gowebob/gowebob/webob"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Sentences of docs/spec.md that no other test shows by the way.

// spec 2.1
func TestARequestIsTheRequestOfNetHTTP(t *testing.T) {
	r := httptest.NewRequest("POST", "http://example.com/a?q=1", strings.NewReader("f=2"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth("user", "secret")
	r.AddCookie(&http.Cookie{Name: "c", Value: "3"})
	r.SetPathValue("id", "4")
	req := webob.NewRequest(r)
	assert.Same(t, r, req.Request)
	assert.Equal(t, "1", req.FormValue("q"))
	assert.Equal(t, "2", req.PostFormValue("f"), "ParseForm reads the body as ever")
	user, _, ok := req.BasicAuth()
	assert.True(t, ok)
	assert.Equal(t, "user", user)
	c, err := req.Cookie("c")
	require.NoError(t, err)
	assert.Equal(t, "3", c.Value)
	assert.Equal(t, "4", req.PathValue("id"))

	req.Header.Set("X-A", "1")
	assert.Equal(t, "1", r.Header.Get("X-A"), "what one changes the other has")
	r.Method = http.MethodPut
	assert.Equal(t, "PUT", req.Environ().String("REQUEST_METHOD"))
}

// spec 2.3
func TestARequestMayBeKept(t *testing.T) {
	var kept []*webob.Request
	srv := listen(t, "HTTP/1.1", filtered(native(func(r *webob.Request) *webob.Response {
		account.Set(r, r.URL.Path)
		kept = append(kept, r)
		return webob.Text("x")
	})))
	for _, path := range []string{"/1", "/2", "/3"} {
		fetch(t, srv, "GET", path)
	}
	require.Len(t, kept, 3)
	for i, r := range kept {
		want := []string{"/1", "/2", "/3"}[i]
		assert.Equal(t, want, r.URL.Path)
		assert.Equal(t, want, account.Value(r), "nobody else has been given it")
	}
}

// spec 5.6
func TestGetResponseReturnsAtTheThreshold(t *testing.T) {
	leakFree(t)
	const threshold = 32 << 10
	for _, tc := range []struct {
		name  string
		size  int
		flush bool
		ended bool
	}{
		{"up to 32 KiB it ends first", threshold, false, true},
		{"beyond, its reader is asked first", threshold + 1, false, false},
		{"a flush hands over", 1, true, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ended := false
			p := handmade(t, "GET", "/").GetResponse(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for range tc.size {
					io.WriteString(w, "x")
				}
				if tc.flush {
					w.(http.Flusher).Flush()
				}
				ended = true
			}))
			assert.Equal(t, tc.ended, ended)
			assert.Len(t, bodyOf(t, p), tc.size)
			assert.True(t, ended)
		})
	}
}

// spec 4.7
func TestConditionsAreLookedAtAfterAllFilters(t *testing.T) {
	app := native(func(*webob.Request) *webob.Response {
		p := webob.Text("some text")
		p.Conditional(true)
		return p
	})
	tagging := native(func(r *webob.Request) *webob.Response {
		p := r.GetResponse(muxed(app))
		assert.Equal(t, 200, p.Status(), "within it is whole")
		assert.Equal(t, "some text", bodyOf(t, p))
		p.Header().Set("ETag", `"x"`)
		return p
	})
	asking := func(r *http.Request) { r.Header.Set("If-None-Match", `"x"`) }
	got := fetch(t, listen(t, "HTTP/1.1", filtered(tagging)), "GET", "/", asking)
	assert.Equal(t, 304, got.StatusCode)
	assert.Empty(t, got.body)
}
