package routes_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/routes"
)

func TestTemplateRefusals(t *testing.T) {
	quiet(t)
	for name, template := range map[string]string{
		"a brace that is not closed":       "/a{id",
		"a parenthesis that is not closed": "/a:(id",
		"no name":                          "/{}",
		"a name that is no identifier":     "/{not-a-name}",
		"a name that begins with a digit":  "/{1a}",
		"a bare star":                      "/a/*",
		"a name twice":                     "/{id}/{id}",
		"a broken expression":              "/{id:(}",
		"look-ahead, which RE2 has not":    `/{id:(?!new)\w+}`,
		"a back reference":                 `/{id:(a)\1}`,
		"bytes that are no UTF-8":          "/\xff",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := routes.ParseTemplate(template)
			var e *routes.TemplateError
			require.ErrorAs(t, err, &e)
			assert.Contains(t, err.Error(), "routes: template ")
			assert.Panics(t, func() { routes.MustTemplate(template) })

			m := routes.NewMapper()
			r := m.Connect(template, http.NotFoundHandler(), routes.Name("broken"))
			assert.ErrorAs(t, m.Err(), &e, "a broken route is told by the Mapper")
			assert.Error(t, r.Err())
			w := httptest.NewRecorder()
			m.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
			assert.Equal(t, 500, w.Code, "and is not dropped silently")
			_, err = m.URL("broken", nil)
			assert.ErrorIs(t, err, routes.ErrBroken)
		})
	}
}

// quiet keeps failures that are asked for out of the log.
func quiet(t *testing.T) {
	old := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	t.Cleanup(func() { slog.SetDefault(old) })
}

func TestMapperTellsAllFaultsAtOnce(t *testing.T) {
	m := routes.NewMapper()
	m.Connect("/{", nil)
	m.Connect("/fine", nil)
	m.Connect("/{a}/{a}", nil)
	m.Connect("/x", nil, routes.Methods(""))
	m.Connect("/y", nil, routes.Status(200))
	m.SubMapper().Actions("dance")
	err, ok := m.Err().(interface{ Unwrap() []error })
	require.True(t, ok)
	assert.Len(t, err.Unwrap(), 5)
}

func TestTemplateBuilds(t *testing.T) {
	for name, row := range map[string]struct {
		template string
		values   routes.Values
		want     string
		err      error
		missing  []string
	}{
		"values are escaped":               {"/a/{id}", routes.Values{"id": "a b?ü"}, "/a/a%20b%3F%C3%BC", nil, nil},
		"a slash stays in its segment":     {"/a/{id}", routes.Values{"id": "../x"}, "/a/..%2Fx", nil, nil},
		"a wildcard keeps its slashes":     {"/a/*p", routes.Values{"p": "b/c d"}, "/a/b/c%20d", nil, nil},
		"so does an expression with them":  {"/a/{p:.*}", routes.Values{"p": ""}, "/a/", nil, nil},
		"text is escaped":                  {"/a b/{id}", routes.Values{"id": 7}, "/a%20b/7", nil, nil},
		"an ending may be missing":         {"/a/{id}{.format}", routes.Values{"id": 7}, "/a/7", nil, nil},
		"an ending has its dot":            {"/a/{id}{.format}", routes.Values{"id": 7, "format": "json"}, "/a/7.json", nil, nil},
		"all that is missing is told":      {"/{a}/{b}/{c}", routes.Values{"b": 1}, "", routes.ErrMissing, []string{"a", "c"}},
		"nil is missing":                   {"/{a}", routes.Values{"a": nil}, "", routes.ErrMissing, []string{"a"}},
		"an empty value is bad":            {"/{a}", routes.Values{"a": ""}, "", routes.ErrBadValue, nil},
		"an ending with a dot is bad":      {"/{a}{.b}", routes.Values{"a": "x", "b": "tar.gz"}, "", routes.ErrBadValue, nil},
		"what breaks a requirement is bad": {"/{a:a|b}", routes.Values{"a": "axyz"}, "", routes.ErrBadValue, nil},
		"a requirement has an end":         {`/{a:\d+}`, routes.Values{"a": "12\n"}, "", routes.ErrBadValue, nil},
		"dots alone would climb":           {"/a/{b}", routes.Values{"b": ".."}, "", routes.ErrBadValue, nil},
		"in a wildcard too":                {"/a/*b", routes.Values{"b": "x/../../y"}, "", routes.ErrBadValue, nil},
		"no variable of that name":         {"/{a}", routes.Values{"a": 1, "b": 2}, "", routes.ErrBadValue, nil},
		"a list is no segment":             {"/{a}", routes.Values{"a": []string{"x"}}, "", routes.ErrBadValue, nil},
		"a struct has no text":             {"/{a}", routes.Values{"a": struct{}{}}, "", routes.ErrBadValue, nil},
		"bytes that are no text":           {"/{a}", routes.Values{"a": "\xff"}, "", routes.ErrBadValue, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := routes.MustTemplate(row.template).Build(row.values)
			assert.Equal(t, row.want, got)
			if row.err == nil {
				assert.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, row.err)
			var e *routes.GenerationError
			require.ErrorAs(t, err, &e)
			assert.Equal(t, row.missing, e.Missing)
			assert.Equal(t, row.template, e.Route)
		})
	}
}

func TestTemplateMounts(t *testing.T) {
	for name, row := range map[string]struct{ template, mux, chi string }{
		"variables":             {"/v1/{project}/servers/{id}", "GET /v1/{project}/servers/{id}", "/v1/{project}/servers/{id}"},
		"other notations":       {"/:a/:(b)", "GET /{a}/{b}", "/{a}/{b}"},
		"a slash at the end":    {"/a/{b}/", "GET /a/{b}/{$}", "/a/{b}/"},
		"a wildcard":            {"/a/*rest", "GET /a/{rest...}", "/a/*"},
		"an expression":         {"/a/{id:[0-9]+}", "GET /a/{id}", "/a/{id:[0-9]+}"},
		"an expression of all":  {"/a/{p:.*}", "GET /a/{p...}", "/a/*"},
		"braces within braces":  {`/{y:\d{4}}`, "GET /{y}", `/{y:\d{4}}`},
		"a path without slash":  {"a/{b}", "GET /a/{b}", "/a/{b}"},
		"the root":              {"/", "GET /{$}", "/"},
		"beside text, chi only": {"/{a}-{b}", "", "/{a}-{b}"},
		"no optional ending":    {"/{a}{.format}", "", ""},
		"no wildcard before":    {"/{a:.*}/b", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			tpl := routes.MustTemplate(row.template)
			if row.mux == "" {
				assert.Panics(t, func() { tpl.ServeMux("GET") })
			} else {
				assert.Equal(t, row.mux, tpl.ServeMux("GET"))
				http.NewServeMux().Handle(tpl.ServeMux(""), http.NotFoundHandler())
			}
			if row.chi == "" {
				assert.Panics(t, func() { tpl.Chi() })
			} else {
				assert.Equal(t, row.chi, tpl.Chi())
			}
		})
	}
}

func TestTemplateRequire(t *testing.T) {
	tpl := routes.MustTemplate("/a/{id:[0-9]+}")
	mux := http.NewServeMux()
	mux.Handle(tpl.ServeMux("GET"), tpl.Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(r.PathValue("id")))
	})))
	for path, want := range map[string]int{"/a/12": 200, "/a/x": 404, "/a/12%0A": 404} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		assert.Equal(t, want, w.Code, path)
	}
}

// chi puts ^ and $ beside an expression, and calls a wildcard *.
func TestTemplateChiExpressions(t *testing.T) {
	assert.Equal(t, "/a/{x:(?:foo|bar)}", routes.MustTemplate("/a/{x:foo|bar}").Chi())
}

func TestTemplateRequireOfWildcards(t *testing.T) {
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	for _, row := range []struct {
		rule, template, name, value string
		status                      int
	}{
		{"a wildcard has something in it", "/a/*x", "x", "", 404},
		{"and anything", "/a/*x", "x", "b/c", 200},
		{"chi calls it *", "/a/*x", "*", "b/c", 200},
		{"and does not look at what it requires", `/a/{x:.*\.html}`, "*", "b/c.txt", 404},
		{"but passes the value", `/a/{x:.*\.html}`, "*", "b/c.html", 200},
		{"an expression may allow nothing", "/a/{x:.*}", "*", "", 200},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.SetPathValue(row.name, row.value)
		w := httptest.NewRecorder()
		routes.MustTemplate(row.template).Require(ok).ServeHTTP(w, r)
		assert.Equal(t, row.status, w.Code, row.rule)
	}
}
