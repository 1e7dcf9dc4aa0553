package routes

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob"
)

// FuzzMapKey: a key that is taken is its own normal form, and the words of an INI line
// that make one can be set.
func FuzzMapKey(f *testing.F) {
	for _, s := range []string{"", "/", "/blog//admin/", "http://Blog.com:81//x", "https://[::1]:80/", "domain a port 1 /x", "port 1", "http://a:b:c/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if k, err := NewMapKey(s); err == nil {
			again, err := NewMapKey(k.String())
			require.NoError(t, err)
			assert.Equal(t, k, again)
			assert.NotContains(t, k.Path, "//")
		}
		if url, err := ParseKey(s); err == nil && len(strings.Fields(s)) > 1 {
			assert.True(t, strings.HasPrefix(url, "http://"), url)
		}
	})
}

// FuzzURLMap: the path is divided in two that make up the whole, by the rule of a second
// matcher that can be read at a glance.
func FuzzURLMap(f *testing.F) {
	for _, s := range []string{"/", "/blog/x", "//blog//admin", "/blog%2Fadmin", "/bl%6fg/a%2fb", "/a%20b//", "/blog/%", "/caf%C3%A9", "/blog%00"} {
		f.Add(s)
	}
	keys := []string{"/blog", "/blog/admin", "/a b", "/café", "/x/y/z"}
	f.Fuzz(func(t *testing.T, target string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || !strings.HasPrefix(target, "/") || u.Host != "" {
			return
		}
		var key, script, rest string
		m := newMap(t, func(label string) http.Handler {
			return respond(func(req *webob.Request) *webob.Response {
				key, script, rest = label, req.ScriptPath(), req.RestPath()
				return webob.Text("")
			})
		}, append(keys, "/")...)
		req := webob.NewRequest(&http.Request{Method: "GET", URL: u, RequestURI: target, Header: http.Header{}, Host: "h"})
		path := req.RestPath()
		require.Equal(t, 200, req.GetResponse(m).Status())
		assert.Equal(t, slowMatch(keys, path), key)
		assert.True(t, strings.HasSuffix(path, rest))
		// Where slashes were made one, the prefix is escaped anew.
		assert.Equal(t, mustUnescape(singleSlashes(strings.TrimSuffix(path, rest))), mustUnescape(script))
	})
}

// slowMatch compares segment by segment.
func slowMatch(keys []string, path string) string {
	best := "/"
	for _, key := range keys {
		want := strings.Split(key, "/")[1:]
		got := strings.FieldsFunc(path, func(c rune) bool { return c == '/' })
		matches := len(got) >= len(want)
		for i := 0; matches && i < len(want); i++ {
			segment, _ := url.PathUnescape(got[i])
			matches = segment == want[i]
		}
		if matches && len(key) > len(best) {
			best = key
		}
	}
	return best
}
