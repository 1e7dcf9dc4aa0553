package deploy_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/webob"
)

// layout writes files, by turns a name and a text, and gives their directory.
func layout(t testing.TB, texts ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(texts); i += 2 {
		path := filepath.Join(dir, texts[i])
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(texts[i+1]), 0o600))
	}
	return dir
}

// kit is a Registry for tests: an app that says what it is made of, a filter that adds a
// header, a composite that chooses by the first segment of the path, a server that tells.
func kit() *deploy.Registry {
	r := deploy.NewRegistry()
	r.App("egg:Kit#main", dump)
	r.App("kit:dump", dump)
	r.App("egg:Kit#hello", hello)
	r.Filter("egg:Kit#main", tag)
	r.FilterApp("egg:Kit#tag_app", func(c deploy.Config, app http.Handler) (http.Handler, error) {
		f, err := tag(c)
		if err != nil {
			return nil, err
		}
		return f(app), nil
	})
	r.Composite("egg:Kit#paths", paths)
	r.Server("egg:Kit#main", func(c deploy.Config) (func(http.Handler) error, error) {
		port, _ := c.Get("port")
		return func(app http.Handler) error { return errors.New(get(app, "/") + " on port " + port) }, nil
	})
	r.ServerRunner("egg:Kit#run", func(app http.Handler, c deploy.Config) error { return errors.New("ran " + get(app, "/")) })
	return r
}

func dump(c deploy.Config) (http.Handler, error) {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var own []string
		for _, key := range c.Keys() {
			value, _ := c.Get(key)
			own = append(own, key+"="+value)
		}
		fmt.Fprintf(w, "%s{%s}", c.Section(), strings.Join(own, " "))
	}), nil
}

func hello(c deploy.Config) (http.Handler, error) {
	opts := struct {
		Greeting string `ini:",required"`
		Name     string
	}{Name: "world"}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	return webob.Text(opts.Greeting + ", " + opts.Name + "!"), nil
}

func tag(c deploy.Config) (func(http.Handler) http.Handler, error) {
	var opts struct {
		Tag string `ini:",required"`
	}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	return func(app http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "<"+opts.Tag+">")
			app.ServeHTTP(w, r)
		})
	}, nil
}

func paths(l deploy.Loader, c deploy.Config) (http.Handler, error) {
	mux := http.NewServeMux()
	for _, path := range c.Keys() {
		name, _ := c.Get(path)
		app, err := l.App(name, c.Globals())
		if err != nil {
			return nil, err
		}
		mux.Handle(path, app)
	}
	return mux, nil
}

func get(app http.Handler, path string) string {
	rec := httptest.NewRecorder()
	app.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
	return rec.Body.String()
}

// TestLoadApp is how sections come together. The families deploy, urlmap and paste of
// internal/conformance ask it in full.
func TestLoadApp(t *testing.T) {
	const parts = "[app:d]\nuse = egg:Kit\nx = 1\n[filter:a]\nuse = egg:Kit\ntag = A\n[filter:b]\nuse = egg:Kit#tag_app\ntag = B\n"
	for _, row := range []struct{ rule, text, want string }{
		{"a section with a factory", "[app:main]\npaste.app_factory = kit:dump\nx = 1\n", "app:main{x=1}"},
		{"a bare section is main", "[app]\nuse = egg:Kit\n", "app{}"},
		{"unless there is a main", "[app]\nuse = egg:Kit\n[app:main]\nuse = egg:Kit\n", "app:main{}"},
		{"use, with settings beside", "[app:main]\nuse = d\ny = 2\nx = 3\n" + parts, "app:main{x=3 y=2}"},
		{"call: by the type of the section", "[app:main]\nuse = call:kit:dump\n", "app:main{}"},
		{"a pipeline, the first outermost", "[pipeline:main]\npipeline = a b d\n" + parts, "<A><B>app:d{x=1}"},
		{"filter-app", "[filter-app:main]\nuse = egg:Kit\ntag = F\nnext = d\n" + parts, "<F>app:d{x=1}"},
		{"filter-with", "[app:main]\nuse = egg:Kit\nfilter-with = a\n" + parts, "<A>app:main{}"},
		{"filter-with around a pipeline", "[pipeline:main]\npipeline = b d\nfilter-with = a\n" + parts, "<A><B>app:d{x=1}"},
		{"filter-with around a filter-app", "[filter-app:main]\nuse = egg:Kit\ntag = F\nnext = d\nfilter-with = a\n" + parts, "<A><F>app:d{x=1}"},
		{"filter-with around one that has one", "[app:main]\nuse = e\nfilter-with = a\n[app:e]\nuse = egg:Kit\nfilter-with = b\n" + parts, "<A><B>app:e{}"},
		{"a filter with a filter", "[pipeline:main]\npipeline = c d\n[filter:c]\nuse = a\nfilter-with = b\n" + parts, "<B><A>app:d{x=1}"},
		{"a composite", "[composite:main]\nuse = egg:Kit#paths\n/ = p\n[pipeline:p]\npipeline = a d\n" + parts, "<A>app:d{x=1}"},
		{"set, get and references", "[DEFAULT]\nc = red\n[app:main]\nuse = egg:Kit\nset s = %(c)s!\nget g = s\nr = <%(c)s>\n", "app:main{r=<red> g=red!}"},
		{"require", "[app:main]\nuse = egg:Kit\nrequire = Kit kit\n", "app:main{}"},
		{"another file", "[app:main]\nuse = config:sub/other.ini#it\n", "app:main{h=sub}"},
	} {
		t.Run(row.rule, func(t *testing.T) {
			dir := layout(t, "main.ini", row.text, "sub/other.ini", "[app:it]\nuse = egg:Kit\nh = sub\n")
			app, err := deploy.LoadApp("config:main.ini", kit(), deploy.RelativeTo(dir))
			require.NoError(t, err)
			assert.Equal(t, row.want, get(app, "/"))
		})
	}
}

// TestURIs are the ways to say what to load.
func TestURIs(t *testing.T) {
	dir := layout(t, "my 100%.ini", "[app:main]\nuse = egg:Kit\n[app:two]\nuse = egg:Kit\n")
	path := filepath.Join(dir, "my 100%.ini")
	for _, row := range []struct {
		rule, uri, want string
		opts            []deploy.Option
	}{
		{"a path is plain", path, "app:main{}", nil},
		{"with a section", path + "#two", "app:two{}", nil},
		{"relative", "my 100%.ini", "app:main{}", []deploy.Option{deploy.RelativeTo(dir)}},
		{"a URI has escapes", "config:my%20100%25.ini#two", "app:two{}", []deploy.Option{deploy.RelativeTo(dir)}},
		{"Name goes before", path + "#none", "app:two{}", []deploy.Option{deploy.Name("two")}},
		{"an egg", "egg:kit", "{}", nil},
	} {
		t.Run(row.rule, func(t *testing.T) {
			app, err := deploy.LoadApp(row.uri, kit(), row.opts...)
			require.NoError(t, err)
			assert.Equal(t, row.want, get(app, "/"))
		})
	}
	_, err := deploy.LoadApp("x.ini", kit(), deploy.RelativeTo(""))
	assert.ErrorContains(t, err, "no directory")
}

// TestFaults: where, and what to do.
func TestFaults(t *testing.T) {
	for _, row := range []struct {
		rule, text string
		kind       deploy.Kind
		want       []string
	}{
		{"no such section", "[app:main]\nuse = hallo\n[app:hello]\nuse = egg:Kit\n", deploy.NotFound,
			[]string{"F:2: [app:main] use: no section \"hallo\" for an app (app:, application:, composite:, composit:, pipeline:, filter-app:) in F, did you mean hello?"}},
		{"two that fit", "[app:main]\nuse = egg:Kit\n[pipeline:main]\npipeline = main\n", deploy.NotFound,
			[]string{"F: more than one section \"main\" for an app in F: [app:main] in main.ini:1, [pipeline:main] in main.ini:3"}},
		{"no factory", "[app:main]\nx = 1\n", deploy.NotFound,
			[]string{"F:1: [app:main] nothing says what makes this: no setting use, nor paste.app_factory, paste.composite_factory, paste.composit_factory"}},
		{"two factories", "[app:main]\npaste.app_factory = kit:dump\npaste.composite_factory = kit:x\n", deploy.NotFound,
			[]string{"F:1: [app:main] more than one setting says what makes this: paste.app_factory, paste.composite_factory"}},
		{"an egg that is not registered", "[app:main]\nuse = egg:Kitt#main\n", deploy.NotRegistered,
			[]string{"F:2: [app:main] use: egg:Kitt is not registered: no factory named egg:Kitt#..., did you mean Kit?"}},
		{"an entry like none that is there", "[app:main]\nuse = egg:Kit#nothing\n", deploy.NotFound,
			[]string{"F:2: [app:main] use: egg:Kit has no entry nothing that makes an app (paste.app_factory, paste.composite_factory, paste.composit_factory); there are hello, main, paths"}},
		{"an entry that is not there", "[app:main]\nuse = egg:Kit#helo\n", deploy.NotFound,
			[]string{"F:2: [app:main] use: egg:Kit has no entry helo that makes an app (paste.app_factory, paste.composite_factory, paste.composit_factory), did you mean hello?"}},
		{"an object of another kind", "[filter:f]\npaste.filter_factory = kit:dump\n[pipeline:main]\npipeline = f\n  egg:Kit\n", deploy.NotRegistered,
			[]string{"F:2: [filter:f] paste.filter_factory: kit:dump is registered, but not as a filter: it is an app"}},
		{"a circle", "[app:main]\nuse = a\n[app:a]\nuse = b\n[app:b]\nuse = a\n", deploy.Circle,
			[]string{"F:6: [app:b] use: a circle: [app:a] -> [app:b] -> [app:a]"}},
		{"a circle through a composite", "[composite:main]\nuse = egg:Kit#paths\n/ = a\n[pipeline:a]\npipeline = main\n", deploy.Circle,
			[]string{"F:5: [pipeline:a] pipeline: a circle: [composite:main] -> [pipeline:a] -> [composite:main]"}},
		{"an empty pipeline", "[pipeline:main]\npipeline =\n", deploy.NotFound, []string{"F:2: [pipeline:main] pipeline: a pipeline without an app"}},
		{"settings that reach nobody", "[pipeline:main]\npipeline = egg:Kit\nx = 1\n[app:other]\nuse = main\ny = 2\n", deploy.BadSetting,
			[]string{"F:3: [pipeline:main] x: a pipeline has no settings but pipeline and filter-with; x would reach nobody"}},
		{"no next", "[filter-app:main]\nuse = egg:Kit\ntag = 1\n", deploy.NotFound,
			[]string{"F:1: [filter-app:main] the section has no setting next, which names the app behind the filter"}},
		{"no such global", "[DEFAULT]\ncolor = 1\n[app:main]\nuse = egg:Kit\nget x = colour\n", deploy.NoGlobal,
			[]string{"F:5: [app:main] get x: there is no global \"colour\", did you mean color?"}},
		{"what is required", "[app:main]\nuse = egg:Kit\nrequire = Kit Other\n", deploy.NotRegistered,
			[]string{"F:3: [app:main] require: Other is required and not registered: no factory named egg:Other#..."}},
		{"what a factory says", "[app:main]\nuse = egg:Kit#hello\ngreting = Hi\n", deploy.Refused,
			[]string{"F:1: [app:main] greeting: the setting greeting is required",
				"F:3: [app:main] greting: there is no setting greting, did you mean greeting?"}},
		{"of a setting in another section", "[app:main]\nuse = h\ngreeting = Hi\n[app:h]\nuse = egg:Kit#hello\nnmae = you\n", deploy.Refused,
			[]string{"F:6: [app:h] nmae: there is no setting nmae, did you mean name?"}},
		{"all of them, in a pipeline", "[pipeline:main]\npipeline = a b c\n[filter:a]\nuse = egg:No\n[filter:b]\ntag = %(x)s\nuse = egg:Kit\n[app:c]\nuse = egg:Kit#hello\n",
			deploy.NotRegistered, []string{
				"F:4: [filter:a] use: egg:No is not registered: no factory named egg:No#...",
				"F:6: [filter:b] tag: %(x)s: no setting x in this section, and no global of that name"}},
		{"all of them, in a composite", "[composite:main]\nuse = egg:Kit#paths\n/a = x\n/b = y\n/c = h\n[app:h]\nuse = egg:Kit#hello\n", deploy.NotFound, []string{
			"F:3: [composite:main] /a: no section \"x\" for an app (app:, application:, composite:, composit:, pipeline:, filter-app:) in F, did you mean h?",
			"F:4: [composite:main] /b: no section \"y\" for an app (app:, application:, composite:, composit:, pipeline:, filter-app:) in F, did you mean h?",
			"F:6: [app:h] greeting: the setting greeting is required"}},
		{"also where something before fails", "[pipeline:main]\npipeline = no c\n[composite:c]\nuse = egg:Kit#paths\n/a = egg:None\n", deploy.NotFound, []string{
			"F:2: [pipeline:main] pipeline: no section \"no\" for a filter (filter:) in F",
			"F:5: [composite:c] /a: egg:None is not registered: no factory named egg:None#..."}},
		{"the format, and nothing that may follow from it", "[app:main]\nuse\n", deploy.Syntax,
			[]string{`F:2: [app:main] neither a header, nor a setting with = or a colon, nor indented below one: "use"`}},
	} {
		t.Run(row.rule, func(t *testing.T) {
			dir := layout(t, "main.ini", row.text)
			_, err := deploy.LoadApp("config:main.ini", kit(), deploy.RelativeTo(dir))
			require.ErrorIs(t, err, row.kind)
			assert.Equal(t, row.want, strings.Split(strings.ReplaceAll(err.Error(), filepath.Join(dir, "main.ini"), "F"), "\n"))
			var fault *deploy.Fault
			require.ErrorAs(t, err, &fault)
		})
	}
}

// TestMissingFile: a file that another names is told of where it is named.
func TestMissingFile(t *testing.T) {
	dir := layout(t, "main.ini", "[app:main]\nuse = config:none.ini\n")
	_, err := deploy.LoadApp("config:main.ini", kit(), deploy.RelativeTo(dir))
	require.ErrorIs(t, err, deploy.NoFile)
	require.ErrorIs(t, err, os.ErrNotExist)
	assert.Contains(t, err.Error(), "main.ini:2: [app:main] use: "+dir+"/none.ini: no such file")
}

// TestNothingGrowsWithoutEnd: a file of a few lines asks for 2^40 apps.
func TestNothingGrowsWithoutEnd(t *testing.T) {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "[composite:c%d]\nuse = egg:Kit#paths\n/a = c%d\n/b = c%d\n", i, i+1, i+1)
	}
	dir := layout(t, "main.ini", b.String())
	_, err := deploy.LoadApp("config:main.ini#c0", kit(), deploy.RelativeTo(dir))
	assert.ErrorIs(t, err, deploy.TooLarge)
	b.Reset()
	for i := range 200 {
		fmt.Fprintf(&b, "[app:c%d]\nuse = c%d\n", i, i+1)
	}
	dir = layout(t, "main.ini", b.String())
	_, err = deploy.LoadApp("config:main.ini#c0", kit(), deploy.RelativeTo(dir))
	assert.ErrorIs(t, err, deploy.TooLarge)
}

// TestNoFileKeepsAProgramBusy: files of 1 MiB made to take time and memory are refused soon.
func TestNoFileKeepsAProgramBusy(t *testing.T) {
	globals, sections, members, refs := strings.Builder{}, strings.Builder{}, strings.Builder{}, strings.Builder{}
	for i := range 9000 {
		fmt.Fprintf(&globals, "global%d = a value\n", i)
		fmt.Fprintf(&sections, "[filter:f%d]\nuse = egg:Kit\ntag = 1\n", i)
		fmt.Fprintf(&members, " f%d", i)
		fmt.Fprintf(&refs, "r%d = %%(big)s\n", i)
	}
	for name, text := range map[string]string{
		"globals by sections": "[DEFAULT]\n" + globals.String() + sections.String() + "[pipeline:main]\npipeline =" + members.String() + " egg:Kit\n",
		"large values":        "[app:main]\nuse = egg:Kit\nbig = " + strings.Repeat("x", 500000) + "\n" + refs.String(),
		"large globals":       "[app:main]\nuse = egg:Kit\n[DEFAULT]\nbig = " + strings.Repeat("x", 500000) + "\n" + refs.String(),
		"faults":              "[pipeline:main]\npipeline =" + strings.ReplaceAll(members.String(), "f", "g") + " egg:Kit\n" + sections.String(),
		"lines":               strings.Repeat("x\n", 500000),
	} {
		t.Run(name, func(t *testing.T) {
			dir := layout(t, "main.ini", text)
			begun := time.Now()
			err := deploy.Check("main.ini", kit(), deploy.RelativeTo(dir))
			require.Error(t, err)
			assert.LessOrEqual(t, len(err.(deploy.Faults)), 200)
			t.Log(time.Since(begun))
		})
	}
}

// TestWarnings: what has no effect is told, and where.
func TestWarnings(t *testing.T) {
	dir := layout(t, "main.ini", "[DEFAULT]\ncolor = red\n[app:main]\nuse = a\ncolor = blue\nx = 1\n[app:a]\nuse = egg:Kit\nfilter-with = f\n[filter:f]\nuse = egg:Kit\ntag = T\n")
	var told []string
	_, err := deploy.LoadApp("config:main.ini", kit(), deploy.RelativeTo(dir), deploy.OnWarning(func(f *deploy.Fault) {
		assert.Equal(t, deploy.Ignored, f.Kind)
		told = append(told, fmt.Sprintf("%d %s", f.Line, f.Key))
	}))
	require.NoError(t, err)
	assert.Equal(t, []string{"5 color", "6 x"}, told)

	var log bytes.Buffer
	_, err = deploy.LoadApp("config:main.ini", kit(), deploy.RelativeTo(dir), deploy.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	require.NoError(t, err)
	assert.Contains(t, log.String(), `section=app:main key=color`)
}

func TestLoadFilter(t *testing.T) {
	dir := layout(t, "main.ini", "[filter:main]\nuse = egg:Kit\ntag = A\nfilter-with = b\n[filter:b]\nuse = egg:Kit#tag_app\ntag = B\n[filter:bad]\nuse = egg:Kit#tag_app\n")
	filter, err := deploy.LoadFilter("config:main.ini", kit(), deploy.RelativeTo(dir))
	require.NoError(t, err)
	assert.Equal(t, "<B><A>x", get(filter(webob.Text("x")), "/"))
	assert.Equal(t, "<B><A>y", get(filter(webob.Text("y")), "/"), "one filter, two apps")
	_, err = deploy.LoadFilter("config:main.ini#bad", kit(), deploy.RelativeTo(dir))
	assert.ErrorContains(t, err, "tag is required", "told when it is loaded, though there is no app yet")
}

// TestFilterFailsLate: one that likes a stand-in and not the app answers 500.
func TestFilterFailsLate(t *testing.T) {
	r := deploy.NewRegistry()
	calls := 0
	r.FilterApp("egg:Late", func(c deploy.Config, app http.Handler) (http.Handler, error) {
		if calls++; calls > 1 {
			return nil, errors.New("not this one")
		}
		return app, nil
	})
	filter, err := deploy.LoadFilter("egg:Late", r)
	require.NoError(t, err)
	rec := httptest.NewRecorder()
	filter(webob.Text("x")).ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/", nil))
	assert.Equal(t, http.StatusInternalServerError, rec.Code)
	assert.NotContains(t, rec.Body.String(), "not this one")
}

func TestLoadServer(t *testing.T) {
	dir := layout(t, "main.ini", "[server:main]\nuse = egg:Kit\nport = 80\n[server:run]\nuse = egg:Kit#run\n")
	serve, err := deploy.LoadServer("config:main.ini", kit(), deploy.RelativeTo(dir))
	require.NoError(t, err)
	assert.EqualError(t, serve(webob.Text("x")), "x on port 80")
	serve, err = deploy.LoadServer("config:main.ini#run", kit(), deploy.RelativeTo(dir))
	require.NoError(t, err)
	assert.EqualError(t, serve(webob.Text("x")), "ran x")
}

func TestAppConfig(t *testing.T) {
	dir := layout(t, "main.ini", "[DEFAULT]\ng = 1\n[app:main]\nuse = egg:Kit#hello\nx = %(g)s2\n")
	c, err := deploy.AppConfig("config:main.ini", kit(), deploy.RelativeTo(dir), deploy.Globals(map[string]string{"h": "3"}))
	require.NoError(t, err, "the factory is not called")
	assert.Equal(t, map[string]string{"x": "12"}, c.Local())
	path := filepath.Join(dir, "main.ini")
	assert.Equal(t, map[string]string{"g": "1", "h": "3", "here": dir, "__file__": path}, c.Globals())
	assert.Equal(t, "app:main", c.Section())
	assert.Equal(t, path, c.File())
	assert.Len(t, c.Merged(), 5)
}

// TestCheck tells of every section, each fault once, in the order of the lines.
func TestCheck(t *testing.T) {
	dir := layout(t, "main.ini", strings.Join([]string{
		"[app:one]", "use = egg:None", "[app:two]", "use = three", "[app:three]", "use = two", "[filter:four]", "use = egg:Kit#tag_app",
		"[server:five]", "use = egg:Kit#none", "[composite:six]", "use = egg:Kit#paths", "/ = one", "/x = seven",
		"[loggers]", "keys = root", "[fliter:typo]", "use = egg:None", "junk", ""}, "\n"))
	var warned []int
	err := deploy.Check("config:main.ini", kit(), deploy.RelativeTo(dir), deploy.OnWarning(func(f *deploy.Fault) { warned = append(warned, f.Line) }))
	var faults deploy.Faults
	require.ErrorAs(t, err, &faults)
	var lines []int
	for _, f := range faults {
		lines = append(lines, f.Line)
	}
	assert.Equal(t, []int{2, 6, 7, 10, 14, 19}, lines, err)
	assert.Equal(t, []int{17}, warned)

	dir = layout(t, "main.ini", "[app:main]\nuse = egg:Kit\n")
	assert.NoError(t, deploy.Check(filepath.Join(dir, "main.ini"), kit()))
	assert.NoError(t, deploy.Check("egg:Kit", kit()))
	assert.ErrorIs(t, deploy.Check("egg:Kid", kit()), deploy.NotRegistered)
}

// TestLoaderOutlived: a Loader that a factory has kept is of no use.
func TestLoaderOutlived(t *testing.T) {
	var kept deploy.Loader
	r := kit()
	r.Composite("egg:Keeper", func(l deploy.Loader, c deploy.Config) (http.Handler, error) {
		kept = l
		return l.App("egg:Kit", nil)
	})
	_, err := deploy.LoadApp("egg:Keeper", r)
	require.NoError(t, err)
	_, err = kept.App("egg:Kit", nil)
	assert.Error(t, err)
}

// TestCloses: what was made is closed, the last first, and at once when the load fails.
func TestCloses(t *testing.T) {
	var log []string
	r := kit()
	r.App("egg:Res", func(c deploy.Config) (http.Handler, error) { return &resource{&log, c.Section(), nil}, nil })
	r.Filter("egg:Res", func(c deploy.Config) (func(http.Handler) http.Handler, error) {
		return func(app http.Handler) http.Handler { return &resource{&log, c.Section(), app} }, nil
	})
	text := "[pipeline:main]\npipeline = f a\n[filter:f]\nuse = egg:Res\n[app:a]\nuse = egg:Res\n" +
		"[pipeline:bad]\npipeline = f h a\n[filter:h]\nuse = egg:Kit#tag_app\n"
	dir := layout(t, "main.ini", text)
	app, err := deploy.LoadApp("config:main.ini", r, deploy.RelativeTo(dir))
	require.NoError(t, err)
	assert.Equal(t, "filter:f", get(app, "/"))
	assert.Equal(t, "filter:f", webob.Blank("/").GetResponse(app).HTTPHeader().Get("X-By"))
	assert.Empty(t, log)
	require.NoError(t, app.(io.Closer).Close())
	assert.Equal(t, []string{"filter:f", "app:a"}, log)
	log = nil
	_, err = deploy.LoadApp("config:main.ini#bad", r, deploy.RelativeTo(dir))
	require.Error(t, err)
	assert.Contains(t, log, "app:a")
}

// resource is an app or a filter that has to be closed.
type resource struct {
	log  *[]string
	name string
	app  http.Handler
}

func (r *resource) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("X-By", r.name)
	io.WriteString(w, r.name)
}

func (r *resource) Close() error {
	*r.log = append(*r.log, r.name)
	return nil
}

// TestNilFactories and nil results are faults, not panics.
func TestNilFactories(t *testing.T) {
	r := deploy.NewRegistry()
	r.App("egg:Nil#app", nil)
	r.App("egg:Nil#gives", func(deploy.Config) (http.Handler, error) { return nil, nil })
	r.App("egg:Nil#typed", func(deploy.Config) (http.Handler, error) { return (*http.ServeMux)(nil), nil })
	r.Filter("egg:Nil#filter", func(deploy.Config) (func(http.Handler) http.Handler, error) { return nil, nil })
	r.FilterApp("egg:Nil#fapp", func(deploy.Config, http.Handler) (http.Handler, error) { return nil, nil })
	r.Server("egg:Nil#server", func(deploy.Config) (func(http.Handler) error, error) { return nil, nil })
	for _, name := range []string{"app", "gives", "typed"} {
		_, err := deploy.LoadApp("egg:Nil#"+name, r)
		assert.ErrorIs(t, err, deploy.Refused, name)
	}
	for _, name := range []string{"filter", "fapp"} {
		_, err := deploy.LoadFilter("egg:Nil#"+name, r)
		assert.ErrorIs(t, err, deploy.Refused, name)
	}
	_, err := deploy.LoadServer("egg:Nil#server", r)
	assert.ErrorIs(t, err, deploy.Refused)
	assert.Panics(t, func() { r.App("no name", nil) })
}

func TestPlan(t *testing.T) {
	dir := layout(t, "main.ini", `[composite:main]
use = egg:Kit#paths
/ = blog
/wiki = wiki
[pipeline:blog]
pipeline = a b d
[filter:a]
use = egg:Kit
tag = A
[filter:b]
use = egg:Kit#tag_app
tag = B
api_key = hunter2
[app:d]
use = egg:Kit
database = postgres://user:hunter2@db/blog
filter-with = a
[filter-app:wiki]
use = egg:Kit
tag = "<W>"
next = egg:Kit#main
`)
	p, err := deploy.NewPlan("config:main.ini", kit(), deploy.RelativeTo(dir))
	require.NoError(t, err)
	assert.Equal(t, `[composite:main] = egg:Kit#paths {/ = blog, /wiki = wiki}
├─ /: [pipeline:blog]
│  ├─ 1: [filter:a] = egg:Kit#main {tag = A}
│  ├─ 2: [filter:b] = egg:Kit#tag_app {api_key = ***, tag = B}
│  └─ 3: [filter:a] = egg:Kit#main {tag = A}
│     └─ [app:d] = egg:Kit#main {database = postgres://user:***@db/blog}
└─ /wiki: filter [filter-app:wiki] = egg:Kit#main {tag = "<W>"}
   └─ app [egg:Kit#main]
`, p.String())
	assert.Equal(t, `flowchart TD
  n1{{"composite:main<br/>egg:Kit#35;paths"}}
  subgraph g2["pipeline:blog"]
  n3(["filter:a<br/>egg:Kit#35;main"])
  n4(["filter:b<br/>egg:Kit#35;tag_app"])
  n3 --> n4
  end
  n5(["filter:a<br/>egg:Kit#35;main"])
  n6["app:d<br/>egg:Kit#35;main"]
  n5 --> n6
  n4 --> n5
  n1 -->|"/"| n3
  n7(["filter-app:wiki<br/>egg:Kit#35;main"])
  n8["egg:Kit#35;main"]
  n7 --> n8
  n1 -->|"/wiki"| n7
`, p.Mermaid())
	text, err := json.Marshal(p)
	require.NoError(t, err)
	assert.NotContains(t, string(text), "hunter2")
	var again deploy.Plan
	require.NoError(t, json.Unmarshal(text, &again))
	assert.Equal(t, *p, again)

	_, err = deploy.NewPlan("config:main.ini#none", kit(), deploy.RelativeTo(dir))
	assert.ErrorIs(t, err, deploy.NotFound)
}

// TestLinesOfLists: in a list over several lines each name has a line of its own.
func TestLinesOfLists(t *testing.T) {
	dir := layout(t, "main.ini", "[pipeline:main]\npipeline =\n  egg:Kit\n  no\n\n  # comment\n  none other\n  egg:Kit\n[composite:c]\nuse = egg:Kit#list\napps = egg:Kit\n  gone\n")
	r := kit()
	r.Composite("egg:Kit#list", func(l deploy.Loader, c deploy.Config) (http.Handler, error) {
		var opts struct{ Apps []string }
		if err := c.Decode(&opts); err != nil {
			return nil, err
		}
		for _, name := range opts.Apps {
			if _, err := l.App(name, nil); err != nil {
				return nil, err
			}
		}
		return http.NotFoundHandler(), nil
	})
	err := deploy.Check(filepath.Join(dir, "main.ini"), r)
	var lines []int
	for _, f := range err.(deploy.Faults) {
		lines = append(lines, f.Line)
	}
	assert.Equal(t, []int{4, 7, 7, 12}, lines, err)
}

// TestLoader: a composite may ask for filters and servers too.
func TestLoader(t *testing.T) {
	r := kit()
	r.Composite("egg:Kit#all", func(l deploy.Loader, c deploy.Config) (http.Handler, error) {
		filter, err := l.Filter("f", c.Globals())
		if err != nil {
			return nil, err
		}
		serve, err := l.Server("s", nil)
		if err != nil {
			return nil, err
		}
		return filter(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, serve(webob.Text("x"))) })), nil
	})
	const text = "[composite:main]\nuse = egg:Kit#all\n[filter:f]\nuse = egg:Kit#tag_app\ntag = F\n[server:s]\nuse = egg:Kit\nport = 9\n"
	dir := layout(t, "main.ini", text, "bad.ini", strings.ReplaceAll(text, "egg:Kit", "egg:Kitt"), "worse.ini", strings.ReplaceAll(text, "tag = F", ""))
	app, err := deploy.LoadApp("config:main.ini", r, deploy.RelativeTo(dir))
	require.NoError(t, err)
	assert.Equal(t, "<F>x on port 9", get(app, "/"))
	plan, err := deploy.NewPlan("config:main.ini", r, deploy.RelativeTo(dir))
	require.NoError(t, err)
	assert.Len(t, plan.Children, 2)
	assert.Error(t, deploy.Check("config:bad.ini", r, deploy.RelativeTo(dir)))
	_, err = deploy.LoadApp("config:worse.ini", r, deploy.RelativeTo(dir))
	assert.ErrorContains(t, err, "tag is required")
}

// TestLoadPlan gives the app and its parts, OnFile the files.
func TestLoadPlan(t *testing.T) {
	dir := layout(t, "main.ini", "[app:main]\nuse = config:a%%b%zz.ini\n[server:main]\nuse = egg:Kit\nport = 1\n", "a%b%zz.ini", "[app:main]\nuse = egg:Kit#hello\ngreeting = Hi\n")
	var files []string
	told := deploy.OnFile(func(path string) { files = append(files, path) })
	_, _, err := deploy.LoadPlan("config:main.ini", kit(), deploy.RelativeTo(dir), told)
	require.Error(t, err, "in a file %z is no reference: %% is a percent sign")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "main.ini"), []byte("[app:main]\nuse = config:a%%25b%%zz.ini\n[server:main]\nuse = egg:Kit\nport = 1\n"), 0o600))
	app, plan, err := deploy.LoadPlan("config:main.ini", kit(), deploy.RelativeTo(dir), told)
	require.NoError(t, err)
	assert.Equal(t, app, plan.App)
	assert.Equal(t, []string{dir + "/main.ini", dir + "/main.ini", dir + "/a%b%zz.ini"}, files)
	_, _, err = deploy.LoadPlan("config:none.ini", kit(), deploy.RelativeTo(dir))
	assert.ErrorIs(t, err, deploy.NoFile)
	plan, err = deploy.NewServerPlan("config:main.ini", kit(), deploy.RelativeTo(dir))
	require.NoError(t, err)
	assert.Equal(t, "[server:main] = egg:Kit#main {port = 1}\n", plan.String())
	assert.Equal(t, "deploy: no file", deploy.NoFile.Error())
}
