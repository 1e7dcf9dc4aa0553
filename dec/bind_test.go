package dec_test

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

type paging struct {
	Page int  `query:"page"`
	Size *int `query:"size"`
}

type everything struct {
	paging
	ID      string            `path:"id"`
	Tags    []string          `query:"tag"`
	Since   time.Time         `query:"since"`
	From    netip.Addr        `query:"from"`
	Level   *slog.Level       `query:"level"`
	Where   map[string]string `query:"where"`
	Version float64           `header:"x-api-version"`
	Host    string            `header:"Host"`
	Name    string            `json:"name" form:"title"`
	Count   int
	Secret  string `json:"-" form:"-"`
	hidden  int
}

// bound serves one request with an app of Bind behind a mux.
func bound[In any](t *testing.T, target string, opts ...webob.BlankOption) (In, error) {
	return boundBy[In](t, nil, target, opts...)
}

func boundBy[In any](t *testing.T, with []dec.Option, target string, opts ...webob.BlankOption) (got In, err error) {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/items/{id}", dec.Bind(func(_ *webob.Request, in In) (string, error) {
		got = in
		return "", nil
	}, with...))
	return got, webob.Blank(target, opts...).GetResponse(mux).Err()
}

func TestBindFillsFromEverySource(t *testing.T) {
	in, err := bound[everything](t,
		"/items/7?page=2&size=3&tag=a&tag=b&since=2026-11-21T00:00:00Z&from=::1&level=WARN&where[x]=y",
		webob.WithJSON(map[string]any{"name": "n", "Count": 4}), webob.WithHeader("X-Api-Version", "1.5"))
	require.NoError(t, err)
	size, level := 3, slog.LevelWarn
	assert.Equal(t, everything{
		paging: paging{2, &size}, ID: "7", Tags: []string{"a", "b"},
		Since: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC), From: netip.IPv6Loopback(), Level: &level,
		Where: map[string]string{"x": "y"}, Version: 1.5, Host: "localhost:80", Name: "n", Count: 4,
	}, in)
}

func TestBindLeavesWhatIsNotMentioned(t *testing.T) {
	in, err := bound[everything](t, "/items/7")
	require.NoError(t, err)
	assert.Equal(t, everything{ID: "7", Host: "localhost:80"}, in)
}

func TestBindReadsAForm(t *testing.T) {
	in, err := bound[everything](t, "/items/7", webob.WithForm("title", "n", "Count", "4", "id", "8", "ID", "9", "page", "5", "tag", "x"))
	require.NoError(t, err)
	assert.Equal(t, everything{ID: "7", Host: "localhost:80", Name: "n", Count: 4}, in)
}

// Mass assignment: a field that says who may do what cannot be set by a body.
func TestBindNeverFillsATaggedFieldFromTheBody(t *testing.T) {
	for _, row := range []struct {
		name string
		opt  webob.BlankOption
	}{
		{"JSON by the name of the field", webob.WithJSON(map[string]any{"ID": "9", "Page": 5, "Version": 2})},
		{"JSON in another case", webob.WithJSON(map[string]any{"iD": "9", "PAGE": 5, "version": 2})},
		{"JSON by the tag", webob.WithJSON(map[string]any{"id": "9", "page": 5, "x-api-version": 2, "paging": map[string]any{"Page": 3}})},
		{"JSON that would not fit", webob.WithJSON(map[string]any{"ID": []int{1}, "Page": "x", "Version": nil})},
		{"what is left out", webob.WithJSON(map[string]any{"Secret": "s", "hidden": 1, "-": "s"})},
		{"a form", webob.WithForm("ID", "9", "id", "9", "Page", "5", "paging.Page", "5", "Version", "2", "Secret", "s")},
	} {
		t.Run(row.name, func(t *testing.T) {
			in, err := bound[everything](t, "/items/7", row.opt)
			require.NoError(t, err)
			assert.Equal(t, everything{ID: "7", Host: "localhost:80"}, in)
		})
	}
}

func TestBindTakesTheVariablesOfAMapper(t *testing.T) {
	var got everything
	app := dec.Bind(func(_ *webob.Request, in everything) (string, error) { got = in; return "", nil })
	req := webob.Blank("/")
	req.SetURLVars(map[string]string{"id": "8"})
	require.NoError(t, req.GetResponse(app).Err())
	assert.Equal(t, "8", got.ID)
	req = webob.Blank("/")
	require.NoError(t, req.GetResponse(app).Err())
	assert.Empty(t, got.ID)
	_, touched := req.Environ().Get("wsgiorg.routing_args")
	assert.False(t, touched, "asking leaves no trace")
}

// An embedded struct with a name in the body is a member like any other.
func TestBindOfNamedEmbedding(t *testing.T) {
	type Inner struct{ A, B int }
	type outer struct {
		Inner `json:"inner"`
		ID    string `path:"id"`
		B     string
	}
	in, err := bound[outer](t, "/items/7", webob.WithJSON(map[string]any{"inner": map[string]int{"A": 1}, "A": 2, "B": "b"}))
	require.NoError(t, err)
	assert.Equal(t, outer{Inner{A: 1}, "7", "b"}, in)
}

// Of two members of one name the outer one counts, as in encoding/json.
func TestBindOfHiddenMembers(t *testing.T) {
	type Inner struct {
		First string `json:"name"`
	}
	type outer struct {
		Second string `json:"name"`
		Inner
		ID string `path:"id"`
	}
	in, err := bound[outer](t, "/items/7", webob.WithJSON(map[string]any{"name": "n"}))
	require.NoError(t, err)
	assert.Equal(t, outer{Second: "n", ID: "7"}, in)
}

func TestBindFaults(t *testing.T) {
	type body struct {
		N int `json:"n" form:"n"`
		M int `json:"m" form:"m"`
	}
	type mixed struct {
		body
		ID   int        `path:"id"`
		Page int        `query:"page"`
		From netip.Addr `query:"from"`
		V    int        `header:"X-V"`
	}
	for _, row := range []struct {
		name, target string
		opts         []webob.BlankOption
		status       int
		faults       string
	}{
		{"all that do not fit are named", "/items/x?page=y&from=z",
			[]webob.BlankOption{webob.WithHeader("X-V", "w"), webob.WithJSON(map[string]any{"n": "a", "m": true})}, 422,
			"path/id query/page query/from header/X-V json/m json/n"},
		{"malformed JSON", "/items/1", []webob.BlankOption{webob.WithBody([]byte("{")), webob.WithContentType("application/json")}, 400, ""},
		{"malformed JSON beside values that do not fit", "/items/x", []webob.BlankOption{webob.WithBody([]byte("{")), webob.WithContentType("application/json")}, 400, ""},
		{"an empty body that says it is JSON", "/items/1", []webob.BlankOption{webob.WithMethod("PUT"), webob.WithContentType("application/json")}, 400, ""},
		{"another type", "/items/1", []webob.BlankOption{webob.WithBody([]byte("<a/>")), webob.WithContentType("text/xml")}, 415, ""},
		{"no type", "/items/1", []webob.BlankOption{webob.WithBody([]byte("<a/>")), webob.WithMethod("PUT")}, 415, ""},
		{"a form", "/items/1", []webob.BlankOption{webob.WithForm("n", "x", "m", "1")}, 422, "form/n"},
		{"bytes that are no UTF-8", "/items/1?page=%ff", nil, 400, ""},
		{"keys that are no keys", "/items/1?page[=1", nil, 400, ""},
		{"no body, no fault", "/items/1", []webob.BlankOption{webob.WithMethod("DELETE")}, 0, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := bound[mixed](t, row.target, row.opts...)
			if row.status == 0 {
				require.NoError(t, err)
				return
			}
			in, ok := errors.AsType[*webob.InputError](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, row.status, in.Status, "%v", err)
			var faults webob.FieldErrors
			errors.As(err, &faults)
			var names []string
			for _, f := range faults {
				names = append(names, f.Source+f.Pointer)
				assert.Contains(t, in.Public, f.Pointer)
			}
			assert.Equal(t, row.faults, strings.Join(names, " "))
		})
	}
}

func TestBindStrict(t *testing.T) {
	type named struct {
		ID   string `path:"id"`
		Name string `json:"name" form:"name"`
	}
	for _, row := range []struct {
		name string
		opt  webob.BlankOption
		ok   bool
	}{
		{"what is known", webob.WithJSON(map[string]any{"name": "n"}), true},
		{"a member that is not", webob.WithJSON(map[string]any{"name": "n", "x": 1}), false},
		{"a member that is a field of the path", webob.WithJSON(map[string]any{"ID": "n"}), false},
		{"a variable that is not", webob.WithForm("x", "1"), false},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := boundBy[named](t, []dec.Option{dec.Strict}, "/items/1?more=1", row.opt)
			assert.Equal(t, row.ok, err == nil, "%v", err)
		})
	}
}

func TestBindOfABodyAlone(t *testing.T) {
	type base struct{ A int }
	type plain struct {
		*base
		B string
		F *webob.Upload `form:"f"`
	}
	in, err := bound[plain](t, "/items/1", webob.WithForm("B", "b"), webob.WithFiles(webob.NewUpload("f", "x", "text/plain", []byte("content"))))
	require.NoError(t, err)
	assert.Equal(t, "b", in.B)
	require.NotNil(t, in.F)
	assert.Equal(t, "x", in.F.Filename)
}

type ownJSON struct {
	ID string `path:"id"`
}

func (*ownJSON) UnmarshalJSON([]byte) error { return nil }

// Mistakes show when the app is made, and name type and field.
func TestBindRefuses(t *testing.T) {
	type none struct{}
	for name, row := range map[string]struct {
		make func()
		says []string
	}{
		"no struct": {binds[int], []string{"int", "must be a struct"}},
		"a pointer": {binds[*none], []string{"must be a struct"}},
		"a channel": {binds[struct{ C chan int }], []string{"field C", "chan int"}},
		"a func in a query": {binds[struct {
			F func() `query:"f"`
		}], []string{"field F", "query"}},
		"an interface": {binds[struct {
			V any `header:"V"`
		}], []string{"field V", "interface"}},
		"an opaque struct": {binds[struct {
			V struct{ x int } `query:"v"`
		}], []string{"field V", "no exported fields"}},
		"text within": {binds[struct {
			V []netip.Addr `query:"v"`
		}], []string{"field V", "UnmarshalText"}},
		"recursion": {binds[struct {
			V tree `query:"v"`
		}], []string{"field V", "too deeply"}},
		"two sources": {binds[struct {
			V int `query:"v" path:"v"`
		}], []string{"field V", "path and query"}},
		"no name": {binds[struct {
			V int `query:""`
		}], []string{"field V"}},
		"no header name": {binds[struct {
			V int `header:"a b"`
		}], []string{"field V", "a b"}},
		"unexported": {binds[struct {
			v int `query:"v"`
		}], []string{"field v", "not exported"}},
		"embedded pointer": {binds[struct {
			*paging
			V int `query:"v"`
		}], []string{"embedded by pointer"}},
		"an UnmarshalJSON of its own": {binds[ownJSON], []string{"ownJSON", "UnmarshalJSON"}},
		"a nil function":              {func() { dec.Bind[none, string](nil) }, []string{"nil function"}},
		"an answer that is none": {func() {
			dec.Bind(func(*webob.Request, none) (chan int, error) { return nil, nil })
		}, []string{"Bind", "chan int"}},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				said := fmt.Sprint(recover())
				for _, part := range row.says {
					assert.Contains(t, said, part)
				}
			}()
			row.make()
		})
	}
}

type tree struct{ T []tree }

func binds[In any]() { dec.Bind(func(*webob.Request, In) (string, error) { return "", nil }) }
