package routes

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// respond is an app of ours made of a function.
type respond func(*webob.Request) *webob.Response

func (f respond) Respond(r *webob.Request) *webob.Response         { return f(r) }
func (f respond) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(f, w, r) }

// where says which app has been reached, and what it sees.
func where(label string) http.Handler {
	return respond(func(req *webob.Request) *webob.Response {
		return webob.Text(fmt.Sprintf("%s %q %q", label, req.ScriptPath(), req.RestPath()))
	})
}

// whereForeign is where, as net/http would have it.
func whereForeign(label string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req := webob.NewRequest(r)
		fmt.Fprintf(w, "%s %q %q", label, req.ScriptPath(), req.RestPath())
	})
}

func newMap(t testing.TB, app func(string) http.Handler, keys ...string) *URLMap {
	t.Helper()
	m := NewURLMap()
	for _, key := range keys {
		require.NoError(t, m.Set(key, app(key)))
	}
	return m
}

// asked plays a request in three ways, which have to answer alike: as a server would,
// through a foreign handler, and as a value.
func asked(t *testing.T, m http.Handler, target string, opts ...webob.BlankOption) string {
	t.Helper()
	req := webob.Blank(target, opts...)
	resp := req.GetResponse(m)
	text, err := resp.Text()
	require.NoError(t, err)
	if resp.Status() != http.StatusOK {
		text = resp.StatusText()
	}
	for name, h := range map[string]http.Handler{
		"server":  m,
		"foreign": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { m.ServeHTTP(w, r) }),
	} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, webob.Blank(target, opts...).Request)
		got := rec.Body.String()
		if rec.Code != http.StatusOK {
			got = fmt.Sprintf("%d %s", rec.Code, http.StatusText(rec.Code))
		}
		assert.Equal(t, text, got, name)
	}
	return text
}

func TestURLMapChooses(t *testing.T) {
	hosts := []string{"http://blog.com/", "http://blog.com/admin", "http://blog.com:8080/admin", "/", "/admin"}
	for _, row := range []struct {
		rule, keys, host, target, want string
	}{
		{"a key is equalled", "/ /blog", "", "/blog", `/blog "/blog" ""`},
		{"a slash behind the key", "/ /blog", "", "/blog/", `/blog "/blog" "/"`},
		{"what follows is PathInfo", "/ /blog", "", "/blog/x/y?q", `/blog "/blog" "/x/y"`},
		{"letters behind the key are another path", "/ /blog", "", "/blogs/x", `/ "" "/blogs/x"`},
		{"the longest key wins", "/blog /blog/admin /", "", "/blog/admin/x", `/blog/admin "/blog/admin" "/x"`},
		{"a shorter one where the longer does not match", "/blog /blog/admin /", "", "/blog/adm", `/blog "/blog" "/adm"`},
		{"nothing matches", "/blog", "", "/", "404 Not Found"},
		{"case counts in paths", "/blog", "", "/Blog", "404 Not Found"},
		{"an escaped slash is no separator", "/blog/admin /blog", "", "/blog%2Fadmin", "404 Not Found"},
		{"an escaped slash stays in the rest", "/blog", "", "/blog/a%2Fb", `/blog "/blog" "/a%2Fb"`},
		{"slashes in a row are one before the prefix ends", "/blog/admin /", "", "//blog///admin/x", `/blog/admin "/blog/admin" "/x"`},
		{"slashes in a row stay behind it", "/blog /", "", "/blog//x//y/", `/blog "/blog" "//x//y/"`},
		{"slashes in a row stay for the root", "/", "", "//x//", `/ "" "//x//"`},
		{"dots are no business of a map", "/blog /", "", "/./blog", `/ "" "/./blog"`},
		{"a space in a key is written escaped", "/a%20b|/a b", "", "/a%20b/x", `/a b "/a%20b" "/x"`},
		{"letters outside ASCII", "/café", "", "/caf%C3%A9/x", `/café "/caf%C3%A9" "/x"`},
		{"Latin-1 is another path", "/café /", "", "/caf%E9/x", `/ "" "/caf%E9/x"`},
		{"NUL matches nothing", "/blog", "", "/blog%00/x", "404 Not Found"},

		{"a host with its path", "hosts", "blog.com", "/admin/x", `http://blog.com/admin "/admin" "/x"`},
		{"the root of a host", "hosts", "blog.com", "/wiki", `http://blog.com/ "" "/wiki"`},
		{"the host with its port comes first", "hosts", "blog.com:8080", "/admin/x", `http://blog.com:8080/admin "/admin" "/x"`},
		{"then the host alone", "hosts", "blog.com:8080", "/x", `http://blog.com/ "" "/x"`},
		{"the port of the scheme goes without saying", "http://blog.com:80/ /", "blog.com", "/x", `http://blog.com:80/ "" "/x"`},
		{"hosts have no case", "hosts", "BLOG.com", "/x", `http://blog.com/ "" "/x"`},
		{"nor have those of keys", "http://BLOG.com/ /", "blog.com", "/x", `http://BLOG.com/ "" "/x"`},
		{"another host", "hosts", "www.blog.com", "/admin/x", `/admin "/admin" "/x"`},
		{"a key without a host where the host has no such path", "http://blog.com/a /b", "blog.com", "/b", `/b "/b" ""`},
		{"an IPv6 address", "http://[::1]:8080/ /", "[::1]:8080", "/b", `http://[::1]:8080/ "" "/b"`},
		{"a host that is none", "hosts", "blog.com/x", "/b", `/ "" "/b"`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			keys := strings.Fields(row.keys)
			if row.keys == "hosts" {
				keys = hosts
			} else if strings.Contains(row.keys, "|") {
				keys = strings.Split(row.keys, "|")
			}
			for name, app := range map[string]func(string) http.Handler{"ours": where, "foreign": whereForeign} {
				var opts []webob.BlankOption
				if row.host != "" {
					opts = append(opts, webob.WithEnviron("HTTP_HOST", row.host))
				}
				assert.Equal(t, row.want, asked(t, newMap(t, app, keys...), row.target, opts...), name)
			}
		})
	}
}

func TestURLMapOddTargets(t *testing.T) {
	m := newMap(t, where, "/")
	t.Run("OPTIONS * is the root's", func(t *testing.T) {
		req := webob.NewRequest(&http.Request{Method: "OPTIONS", RequestURI: "*", URL: &url.URL{Path: "*"}, Header: http.Header{}})
		text, err := req.GetResponse(m).Text()
		require.NoError(t, err)
		assert.Equal(t, `/ "" ""`, text)
	})
	t.Run("a path without a slash is nobody's", func(t *testing.T) {
		req := webob.NewRequest(&http.Request{Method: "GET", URL: &url.URL{Path: "x"}, Header: http.Header{}})
		assert.Equal(t, 404, req.GetResponse(m).Status())
		rec := httptest.NewRecorder()
		m.ServeHTTP(rec, &http.Request{Method: "GET", URL: &url.URL{Path: "x"}, Header: http.Header{}})
		assert.Equal(t, 404, rec.Code)
	})
	t.Run("no Host at all takes the server's name", func(t *testing.T) {
		m := newMap(t, where, "/", "http://blog.com/")
		req := webob.Blank("/x", webob.WithEnviron("HTTP_HOST", ""), webob.WithEnviron("SERVER_NAME", "blog.com"))
		text, err := req.GetResponse(m).Text()
		require.NoError(t, err)
		assert.Equal(t, `http://blog.com/ "" "/x"`, text)
	})
	t.Run("an escaped letter is a letter, and stays escaped", func(t *testing.T) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET /bl%6Fg/%78 HTTP/1.1\r\nHost: h\r\n\r\n")))
		require.NoError(t, err)
		rec := httptest.NewRecorder()
		newMap(t, where, "/blog").ServeHTTP(rec, r)
		assert.Equal(t, `/blog "/bl%6Fg" "/%78"`, rec.Body.String())
	})
	t.Run("a request made by hand knows its ScriptName", func(t *testing.T) {
		r, err := http.NewRequest("GET", "http://blog.com/a/x", nil)
		require.NoError(t, err)
		text, err := webob.NewRequest(r).GetResponse(newMap(t, where, "/a")).Text()
		require.NoError(t, err)
		assert.Equal(t, `/a "/a" "/x"`, text)
	})
}

func TestURLMapsNest(t *testing.T) {
	for name, app := range map[string]func(string) http.Handler{"ours": where, "foreign": whereForeign} {
		t.Run(name, func(t *testing.T) {
			inner := newMap(t, app, "/", "/wiki")
			outer := newMap(t, app, "/")
			outer.Handle("/main", inner)
			mounted := http.NewServeMux()
			mounted.Handle("/strip/", http.StripPrefix("/strip", outer))
			assert.Equal(t, `/wiki "/main/wiki" "/x"`, asked(t, outer, "/main/wiki/x"))
			assert.Equal(t, `/ "/main" ""`, asked(t, outer, "/main"))
			assert.Equal(t, `/wiki "/main/wiki" "//x"`, asked(t, outer, "//main//wiki//x"))
			assert.Equal(t, `/wiki "/strip/main/wiki" "/x"`, asked(t, mounted, "/strip/main/wiki/x"))
			assert.Equal(t, `/wiki "/outer/main/wiki" "/x"`, asked(t, outer, "/main/wiki/x", webob.WithBaseURL("http://h/outer")))
		})
	}
}

func TestURLMapLeavesTheRequestOutside(t *testing.T) {
	m := newMap(t, where, "/blog")
	req := webob.Blank("/blog/x")
	require.Equal(t, 200, req.GetResponse(m).Status())
	assert.Equal(t, "/blog/x", req.URL.Path)
	assert.Equal(t, "", req.ScriptName())

	mux := http.NewServeMux()
	mux.Handle("GET /x/{id}", where("mux"))
	m.Handle("/blog", mux)
	req = webob.Blank("/blog/x/7")
	require.Equal(t, 200, req.GetResponse(m).Status())
	assert.Equal(t, "GET /x/{id}", req.Pattern, "the pattern matched inside is seen")
	assert.Equal(t, "7", req.PathValue("id"))

	r := webob.Blank("/blog/x/7").Request
	m.ServeHTTP(httptest.NewRecorder(), r)
	assert.Equal(t, "GET /x/{id}", r.Pattern)
	assert.Equal(t, "/blog/x/7", r.URL.Path)
}

func TestURLMapHandsErrorsOver(t *testing.T) {
	m := NewURLMap()
	m.Handle("/gone", exc.Gone)
	assert.ErrorIs(t, webob.Blank("/gone/x").GetResponse(m).Err(), exc.Gone)
	assert.ErrorIs(t, webob.Blank("/other").GetResponse(m).Err(), exc.NotFound)
	m.NotFound = where("NF")
	assert.Equal(t, `NF "" "/other"`, asked(t, m, "/other"))
	body, err := webob.Blank("/other?<x>").GetResponse(newMap(t, where, "/secret")).Text()
	require.NoError(t, err)
	assert.NotContains(t, body, "secret", "the 404 names no keys")
	assert.NotContains(t, body, "other")
}

func TestURLMapKeys(t *testing.T) {
	m := newMap(t, where, "/", "/blog", "http://b.com/", "/blog/", "http://a.com/x", "http://b.com:81/", "http://b.com:8080", "/wiki", "/a/b", "http://B.com/yy")
	var got []string
	for k := range m.All() {
		got = append(got, k.String())
	}
	assert.Equal(t, []string{
		"http://a.com/x", "http://b.com:8080/", "http://b.com:81/", "http://b.com/yy", "http://b.com/", "/blog", "/wiki", "/a/b", "/",
	}, got)
	assert.Equal(t, 9, m.Len())
	app, ok := m.Get("//blog//")
	require.True(t, ok)
	text, _ := webob.Blank("/q").GetResponse(app).Text()
	assert.Equal(t, `/blog/ "" "/q"`, text, "the later one of two spellings")
	_, ok = m.Get("/blog/x")
	assert.False(t, ok, "Get matches nothing")
	_, ok = m.Get("blog")
	assert.False(t, ok)
	assert.True(t, m.Delete("/blog"))
	assert.False(t, m.Delete("/blog"))
	require.NoError(t, m.Set("/wiki", nil))
	require.NoError(t, m.Set("/wiki", nil))
	require.NoError(t, m.Set("http://a.com/x", nil))
	assert.Equal(t, 6, m.Len())
	for range m.All() {
		break
	}
}

func TestMapKeys(t *testing.T) {
	for _, row := range []struct{ rule, in, host, path, fault string }{
		{"a path", "/blog", "", "/blog", ""},
		{"slashes", "//blog///admin//", "", "/blog/admin", ""},
		{"the root", "/", "", "", ""},
		{"nothing is the root", "", "", "", ""},
		{"a host", "http://blog.com", "blog.com", "", ""},
		{"a host and a port", "http://blog.com:81//admin/", "blog.com:81", "/admin", ""},
		{"https counts as http", "https://blog.com/admin?x", "blog.com", "/admin?x", ""},
		{"capitals", "http://Blog.COM/A", "blog.com", "/A", ""},
		{"no slash in front", "blog", "", "", "neither"},
		{"another scheme", "ftp://x/y", "", "", "neither"},
		{"no host", "http:///x", "", "", "no host"},
		{"a port that is none", "http://a:http/", "", "", "no number"},
		{"a colon alone", "http://a:/", "", "", "no number"},
		{"two ports", "http://a:1:2/", "", "", "IPv6"},
		{"a name and password", "http://u@a/", "", "", "no host has"},
		{"NUL", "/a\x00", "", "", "NUL"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			k, err := NewMapKey(row.in)
			if row.fault != "" {
				require.ErrorIs(t, err, ErrMapKey)
				assert.ErrorContains(t, err, row.fault)
				require.ErrorIs(t, NewURLMap().Set(row.in, where("x")), ErrMapKey)
				assert.Panics(t, func() { NewURLMap().Handle(row.in, where("x")) })
				return
			}
			require.NoError(t, err)
			assert.Equal(t, MapKey{row.host, row.path}, k)
		})
	}
}

func TestParseKey(t *testing.T) {
	for _, row := range []struct{ in, want, fault string }{
		{"/blog", "/blog", ""},
		{"blog", "blog", ""},
		{"", "", ""},
		{"domain blog.com", "http://blog.com", ""},
		{"  domain   blog.com\t/admin  ", "http://blog.com/admin", ""},
		{"/admin domain blog.com", "http://blog.com/admin", ""},
		{"port 8080 domain blog.com /", "http://blog.com:8080/", ""},
		{"domain blog.com admin", "http://blog.com/admin", ""},
		{"port 80 /admin", "", "without a domain"},
		{"domain a domain b", "", `a second domain, "b"`},
		{"domain a port 1 port 2", "", `a second port, "2"`},
		{"/a /b", "", `a second path, "/b"`},
		{"Domain a /", "", `a second path`},
		{"domain", "", "nothing behind the word domain"},
		{"domain a port", "", "nothing behind the word port"},
		{"domain a port http", "", "no number"},
	} {
		got, err := ParseKey(row.in)
		if row.fault != "" {
			require.ErrorIs(t, err, ErrMapKey, row.in)
			assert.ErrorContains(t, err, row.fault)
			continue
		}
		require.NoError(t, err, row.in)
		assert.Equal(t, row.want, got, row.in)
	}
}

func TestURLMapWhileItChanges(t *testing.T) {
	m := newMap(t, where, "/")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			key := fmt.Sprintf("/k%d", i)
			for range 50 {
				m.Handle(key, where(key))
				rec := httptest.NewRecorder()
				m.ServeHTTP(rec, webob.Blank(key+"/x").Request)
				body, _ := io.ReadAll(rec.Body)
				assert.Equal(t, fmt.Sprintf("%s %q %q", key, key, "/x"), string(body))
				m.Delete(key)
			}
		}()
	}
	wg.Wait()
	assert.Equal(t, 1, m.Len())
}

// The temporary files of a form that a foreign handler parses are gone with the request.
func TestURLMapHandsTheFormBack(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	files := func() int {
		entries, err := os.ReadDir(dir)
		require.NoError(t, err)
		return len(entries)
	}
	m := NewURLMap()
	require.NoError(t, m.Set("/up", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		assert.NoError(t, r.ParseMultipartForm(1))
		assert.Equal(t, 1, files())
	})))
	srv := httptest.NewServer(m)
	defer srv.Close()

	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("f", "large")
	require.NoError(t, err)
	_, err = part.Write(bytes.Repeat([]byte("x"), 11<<20)) // 10 MB of a form are kept in memory anyway
	require.NoError(t, err)
	require.NoError(t, form.Close())
	resp, err := http.Post(srv.URL+"/up/load", form.FormDataContentType(), &body)
	require.NoError(t, err)
	resp.Body.Close()
	assert.Eventually(t, func() bool { return files() == 0 }, 5*time.Second, 5*time.Millisecond)
}
