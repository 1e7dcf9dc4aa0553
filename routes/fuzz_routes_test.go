package routes

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob"
)

// FuzzTemplate: no text makes the parser panic; what a template builds, it matches with
// the same values.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{
		"/v1/{project}/servers/{id:[0-9]+}", "/{y:\\d{4}}/{m}", "/a{.format}", "/:id-:year/*rest", "/{a}-{b}.{c}", "{", "/{id", "/{}", "/{id:(}",
		"/{a:[{}]}", "/{a:[^]}]+}", `/a\:b\`, "/*(x)/y", "/:(", "//", "", "/{p:.*}/{q:.*}", "/{a:(?P<b>x)}", "/caf\u00e9/{id}",
	} {
		f.Add(s, "1", "a/b")
	}
	f.Fuzz(func(t *testing.T, text, one, two string) {
		tpl, err := ParseTemplate(text)
		if err != nil {
			var e *TemplateError
			require.ErrorAs(t, err, &e)
			return
		}
		values := Values{}
		for i, name := range tpl.Names() {
			if req := tpl.get().reqs[name]; req != nil && req.within {
				return // ^ and \b look at what stands around a value: alone it is another thing
			}
			values[name] = []string{one, two}[i%2]
		}
		built, err := tpl.Build(values)
		if err != nil {
			var e *GenerationError
			require.ErrorAs(t, err, &e)
			return
		}
		// Two variables side by side, or one whose requirement takes what follows, are divided
		// by the expression and not by who built them: then the path alone comes back.
		m := NewMapper()
		m.Connect(text, nil)
		if m.Err() != nil {
			return
		}
		u, err := url.ParseRequestURI(built)
		require.NoError(t, err, "%q", built)
		req := webob.Blank("/")
		req.URL = u
		match := m.Match(req)
		require.NotNil(t, match, "%q built %q", text, built)
		again := Values{}
		for name, v := range match.All() {
			again[name] = v
		}
		rebuilt, err := tpl.Build(again)
		require.NoError(t, err, "%q from %q", text, built)
		// What has gone over from a variable to the text or a wildcard is escaped otherwise.
		assert.Equal(t, mustUnescape(built), mustUnescape(rebuilt), text)
	})
}

// FuzzMatch: the tree finds what a list of regular expressions finds.
func FuzzMatch(f *testing.F) {
	f.Add("/a/{b}\n/a/{b:\\d+}\n/{c}/d\n/a/*e", "/a/12", "GET")
	f.Add("/{a}-{b}\n/{a}{.format}\n/x.y{.format}\n/:a/:b/", "/x.y.json", "GET")
	f.Add("/{p:.*}/end\n/{p}/end\n/{p:[^/]+}/{q}", "/a/b/end", "HEAD")
	f.Add("!archive/:year/:month\n!:a/:b\n!", "/archive/2008", "POST")
	f.Add("/\n//\n/a/\n/a", "/a/", "PUT")
	f.Fuzz(func(t *testing.T, list, path, method string) {
		m := NewMapper()
		for i, line := range strings.Split(list, "\n") {
			if i > 30 {
				break
			}
			var options []Option
			if rest, ok := strings.CutPrefix(line, "!"); ok {
				line = rest
				options = append(options, Minimize(true))
				if name, _, _ := strings.Cut(strings.TrimPrefix(rest, ":"), "/"); identifier.MatchString(name) {
					options = append(options, Optional(name))
				}
			}
			if len(line)%3 == 1 {
				options = append(options, Methods("GET", "PUT"))
			}
			if r := m.Connect(line, nil, options...); r.Err() != nil {
				return
			}
		}
		if m.tables().broken != nil || !strings.HasPrefix(path, "/") {
			return
		}
		req := webob.Blank("/")
		req.Method, req.URL = method, &url.URL{Path: path}
		want, vars := slowMatchRoute(m, method, path)
		match := m.Match(req)
		if want == nil {
			require.Nil(t, match, "%q %q", list, path)
			return
		}
		require.NotNil(t, match, "%q %q: want %q", list, path, want.path)
		require.Equal(t, want.path, match.route.path)
		got := map[string]string{}
		for _, name := range match.route.t.names {
			if v, _ := match.Get(name); v != "" {
				got[name] = v
			}
		}
		assert.Equal(t, vars, got, "%q %q", list, path)
	})
}

// FuzzGenerate: what is made for a route is a URL path of this site that the route
// matches with the same values, and the rest is in its query.
func FuzzGenerate(f *testing.F) {
	f.Add("12", "a b", "x")
	f.Add("../x", "/", "\u00fc")
	f.Add("", "..", "a&b=c")
	f.Fuzz(func(t *testing.T, id, path, extra string) {
		m := NewMapper()
		m.Connect("/v1/{id}/files/*path", nil, Name("files"))
		u, err := m.URL("files", Values{"id": id, "path": path, "extra": extra})
		if err != nil {
			var e *GenerationError
			require.ErrorAs(t, err, &e)
			return
		}
		parsed, err := url.ParseRequestURI(u)
		require.NoError(t, err)
		assert.Equal(t, extra, parsed.Query().Get("extra"))
		req := webob.Blank("/")
		req.URL = parsed
		match := m.Match(req)
		require.NotNil(t, match, u)
		got, _ := match.Get("id")
		assert.Equal(t, id, got)
		assert.False(t, slices.Contains(strings.Split(parsed.EscapedPath(), "/"), ".."))
	})
}
