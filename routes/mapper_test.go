package routes_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/routes"
	"github.com/gowebob/gowebob/webob"
)

// tell answers with what an app of ours sees of its route.
var tell = dec.Wsgify(func(req *webob.Request) (string, error) {
	match, _ := routes.Matched.Get(req)
	name := ""
	if match != nil {
		name = match.Route().Name()
	}
	return fmt.Sprintf("%s %v %s|%s %s", name, req.URLVars(), req.ScriptName(), req.PathInfo(), req.Pattern), nil
})

func get(t *testing.T, h http.Handler, target string, opts ...webob.BlankOption) (int, string) {
	t.Helper()
	resp := webob.Blank(target, opts...).GetResponse(h)
	text, err := resp.Text()
	require.NoError(t, err)
	return resp.Status(), text
}

func TestMapperAnswers(t *testing.T) {
	m := routes.NewMapper()
	m.Connect("/a/{id}", tell, routes.Name("a"), routes.Methods("GET"), routes.Default("lang", "en"))
	m.Connect("/a/{id}", tell, routes.Name("put"), routes.Methods("PUT", "BREW"))
	m.Connect("/h", tell, routes.Host("example.com", ".example.org"))
	m.Connect("/mount/*path_info", tell, routes.Name("mount"))
	m.Connect("/mount", tell, routes.Name("bare"))
	m.Connect("/nothing", nil)
	require.NoError(t, m.Err())
	for name, row := range map[string]struct {
		method, target, host string
		status               int
		want                 string
	}{
		"variables and defaults":           {"GET", "/a/12", "", 200, "a map[id:12 lang:en] |/a/12 /a/{id}"},
		"HEAD finds GET":                   {"HEAD", "/a/12", "", 200, ""},
		"by method":                        {"PUT", "/a/12", "", 200, "put map[id:12] |/a/12 /a/{id}"},
		"a method of one's own":            {"BREW", "/a/12", "", 200, "put map[id:12] |/a/12 /a/{id}"},
		"an escaped slash stays":           {"GET", "/a/x%2Fy", "", 200, "a map[id:x/y lang:en] |/a/x/y /a/{id}"},
		"no UTF-8 is U+FFFD":               {"GET", "/a/%E9", "", 200, "a map[id:\ufffd lang:en] |/a/\ufffd /a/{id}"},
		"a line feed is no end":            {"GET", "/h%0A", "", 404, ""},
		"one path is not two":              {"GET", "/a/12/", "", 404, ""},
		"another host":                     {"GET", "/h", "other.net", 404, ""},
		"its host in any case, with port":  {"GET", "/h", "EXAMPLE.com:8080", 200, " map[] |/h /h"},
		"all below a host":                 {"GET", "/h", "a.b.example.org", 200, " map[] |/h /h"},
		"but not that host":                {"GET", "/h", "example.org", 404, ""},
		"path_info moves the path":         {"GET", "/mount/x/y", "", 200, "mount map[path_info:x/y] /mount|/x/y /mount/{path_info...}"},
		"a route without a handler is 500": {"GET", "/nothing", "", 500, ""},
		"another method is 405":            {"DELETE", "/a/12", "", 405, ""},
	} {
		t.Run(name, func(t *testing.T) {
			quiet(t)
			req := webob.Blank(row.target, webob.WithMethod(row.method))
			if row.host != "" {
				req.Host = row.host
			}
			resp := req.GetResponse(m)
			assert.Equal(t, row.status, resp.Status())
			if row.status == 405 {
				assert.Equal(t, "GET, HEAD, PUT, BREW", resp.Header().Get("Allow"))
				assert.ErrorIs(t, resp.Err(), exc.MethodNotAllowed)
			}
			if row.want != "" {
				text, err := resp.Text()
				require.NoError(t, err)
				assert.Equal(t, row.want, text)
			}
		})
	}
}

// TestEveryHandlerFindsItsVariables: a native app, a plain handler, a Func, with and
// without filters of ours and foreign wrappers around, in process and over a socket.
func TestEveryHandlerFindsItsVariables(t *testing.T) {
	plain := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%s %s %s", r.PathValue("id"), r.PathValue("lang"), r.Pattern)
	})
	fn := routes.Func(func(w http.ResponseWriter, r *http.Request, v routes.Vars) {
		fmt.Fprintf(w, "%s %s %s", v.Get("id"), v.Get("lang"), r.Pattern)
	})
	native := dec.Wsgify(func(req *webob.Request) (string, error) {
		return req.URLVars()["id"] + " " + req.PathValue("lang") + " " + req.Pattern, nil
	})
	viaVars := dec.Wsgify(func(req *webob.Request) (string, error) {
		vars := req.URLVars()
		return vars["id"] + " " + vars["lang"] + " " + req.Pattern, nil
	})
	foreign := func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(struct{ http.ResponseWriter }{w}, r) })
	}
	ours := dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		resp := req.GetResponse(app)
		if req.Pattern != "/x/{id}" || req.PathValue("id") != "7" {
			return nil, fmt.Errorf("the filter outside sees %q %q", req.Pattern, req.PathValue("id"))
		}
		return resp, nil
	})
	bare := func(h http.Handler) http.Handler { return h }
	for leafName, leaf := range map[string]http.Handler{"plain": plain, "func": fn, "native": native, "native by URLVars": viaVars} {
		for innerName, inner := range map[string]func(http.Handler) http.Handler{"bare": bare, "wrapped": foreign} {
			for outerName, outer := range map[string]func(http.Handler) http.Handler{"alone": bare, "filter": ours, "foreign": foreign, "filter, foreign": func(h http.Handler) http.Handler { return ours(foreign(h)) }} {
				t.Run(leafName+"/"+innerName+"/"+outerName, func(t *testing.T) {
					m := routes.NewMapper()
					m.Connect("/x/{id}", inner(leaf), routes.Default("lang", "en"))
					h := outer(m)
					_, text := get(t, h, "/x/7")
					assert.Equal(t, "7 en /x/{id}", text)

					s := httptest.NewServer(h)
					defer s.Close()
					resp, err := http.Get(s.URL + "/x/7")
					require.NoError(t, err)
					defer resp.Body.Close()
					body, err := io.ReadAll(resp.Body)
					require.NoError(t, err)
					assert.Equal(t, "7 en /x/{id}", string(body))
				})
			}
		}
	}
}

func TestFilterOutsideSeesTheMatch(t *testing.T) {
	m := routes.NewMapper()
	m.Connect("/x/{id}", tell, routes.Name("x"))
	var seen []string
	filter := dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		resp := req.GetResponse(app)
		if match, ok := routes.Matched.Get(req); ok {
			id, _ := match.Get("id")
			seen = append(seen, match.Route().Name()+" "+id)
		} else {
			seen = append(seen, "none")
		}
		return resp, nil
	})
	mux := http.NewServeMux()
	mux.Handle("/", m)
	get(t, filter(m), "/x/1")
	get(t, filter(mux), "/x/2")
	get(t, filter(m), "/y")
	assert.Equal(t, []string{"x 1", "x 2", "none"}, seen)
}

func TestMiddlewareOnlyFinds(t *testing.T) {
	m := routes.NewMapper()
	m.Connect("/x/{id}", nil, routes.Name("x"))
	m.Redirect("/old/{id}", "/x/{id}", routes.Status(301))
	app := m.Middleware(tell)
	_, text := get(t, app, "/x/1")
	assert.Equal(t, "x map[id:1] |/x/1 /x/{id}", text)
	_, text = get(t, app, "/y")
	assert.Equal(t, " map[] |/y ", text)
	resp := webob.Blank("/old/1?q=2").GetResponse(app)
	assert.Equal(t, 301, resp.Status())
	assert.Equal(t, "/x/1?q=2", resp.Header().Get("Location"))

	plain := m.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.PathValue("id")) }))
	_, text = get(t, plain, "/x/1")
	assert.Equal(t, "1", text)
}

func TestRedirectsStayOnTheSite(t *testing.T) {
	quiet(t)
	m := routes.NewMapper()
	m.Redirect("/go/{path:.*}", "/{path}")
	m.Redirect("/ext/{path:.*}", "https://example.org/{path}")
	for target, want := range map[string]string{
		"/go/a/b?c=d":     "302 /a/b?c=d",
		"/go//evil.org":   "400 ",
		"/go/%2Fevil.org": "400 ",
		"/go/../x":        "400 ",
		"/ext/a":          "302 https://example.org/a",
	} {
		resp := webob.Blank(target).GetResponse(m)
		assert.Equal(t, want, fmt.Sprintf("%d %s", resp.Status(), resp.Header().Get("Location")), target)
	}
	copied := routes.NewMapper()
	copied.Extend(m.Routes(), routes.PathPrefix("/in"))
	assert.Equal(t, "/a/b", webob.Blank("/in/go/a/b").GetResponse(copied).Header().Get("Location"))
}

func TestMethodOverrideIsForPOST(t *testing.T) {
	m := routes.NewMapper(routes.MethodOverride())
	m.Connect("/x", dec.Wsgify(func(req *webob.Request) (string, error) {
		body, err := req.Text()
		return "deleted by " + req.Method + " " + body, err
	}), routes.Methods("DELETE"))
	status, text := get(t, m, "/x", webob.WithMethod("POST"), webob.WithForm("_method", "delete"))
	assert.Equal(t, 200, status)
	assert.Equal(t, "deleted by POST _method=delete", text)
	status, _ = get(t, m, "/x?_method=DELETE")
	assert.Equal(t, 405, status)
}

func TestWhenIsAskedInOrder(t *testing.T) {
	m := routes.NewMapper()
	var asked []string
	no := func(name string) routes.Option {
		return routes.When(func(_ *webob.Request, match *routes.Match) bool {
			asked = append(asked, name)
			match.Set("by", name)
			return name == "third"
		})
	}
	m.Connect("/{a}", tell, no("second"))
	m.Connect("/x{.format}", tell, no("first"))
	m.Connect("/{a:[a-z]+}", tell, no("third"))
	m.Connect("/*rest", tell, no("fourth"))
	_, text := get(t, m, "/x")
	assert.Equal(t, []string{"first", "second", "third"}, asked)
	assert.Equal(t, " map[a:x by:third] |/x /{a}", text)
}

func TestActions(t *testing.T) {
	m := routes.NewMapper()
	says := func(text string) http.Handler {
		return dec.Wsgify(func(req *webob.Request) (string, error) { return text + req.URLVars()["id"], nil })
	}
	m.Resource("entry", "entries", routes.Actions{"index": says("index"), "show": says("show "), "rss": says("rss")}, routes.CollectionAction("rss", "GET"))
	m.Connect("/any/{action}", routes.Actions{"go": says("gone")})
	require.NoError(t, m.Err())
	for target, want := range map[string]string{"/entries": "index", "/entries/7": "show 7", "/entries/7.json": "show 7", "/entries/rss": "rss", "/any/go": "gone"} {
		_, text := get(t, m, target)
		assert.Equal(t, want, text, target)
	}
	for target, want := range map[string]int{"/entries/7/edit": 404, "/any/stop": 404} {
		status, _ := get(t, m, target)
		assert.Equal(t, want, status, target)
	}
	status, _ := get(t, m, "/entries", webob.WithMethod("POST"))
	assert.Equal(t, 405, status, "an action without a handler has no route")

	m.Collection("notes", "note", routes.Actions{"index": says("notes"), "show": says("note ")})
	_, text := get(t, m, "/notes/7")
	assert.Equal(t, "note 7", text)
	status, _ = get(t, m, "/notes/7", webob.WithMethod("DELETE"))
	assert.Equal(t, 405, status)
}

// TestMapperWhileItServes: routes may be added at any time.
func TestMapperWhileItServes(t *testing.T) {
	m := routes.NewMapper()
	m.Connect("/x/{id}", tell, routes.Name("x"))
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Add(2)
		go func() {
			defer wait.Done()
			for j := range 20 {
				m.Connect(fmt.Sprintf("/r%d/%d/{id}", i, j), tell)
			}
		}()
		go func() {
			defer wait.Done()
			for range 50 {
				status, text := get(t, m, "/x/7")
				assert.Equal(t, 200, status)
				assert.True(t, strings.HasPrefix(text, "x map[id:7]"))
				u, err := m.URL("x", routes.Values{"id": 1})
				assert.NoError(t, err)
				assert.Equal(t, "/x/1", u)
			}
		}()
	}
	wait.Wait()
	status, _ := get(t, m, "/r3/19/x")
	assert.Equal(t, 200, status)
	assert.Len(t, m.Routes(), 81)
}
