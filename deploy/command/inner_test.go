package command

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy"
)

// wellFormed reads all of an XML document.
func wellFormed(t testing.TB, text string) (texts []string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		require.NoError(t, err, text)
		if data, ok := token.(xml.CharData); ok {
			texts = append(texts, string(data))
		}
	}
}

func TestSVGEscapes(t *testing.T) {
	nasty := "a<b>&\"'\x1b\x00\xff]]>"
	text := drawSVG(&deploy.Plan{Kind: "composite", Section: nasty, Factory: nasty, Settings: map[string]string{nasty: nasty},
		Children: []*deploy.Plan{{Kind: "app", Position: nasty, Section: "ok"}}}, nasty)
	texts := wellFormed(t, text)
	assert.Contains(t, texts, "a<b>&\"'\ufffd\ufffd\ufffd]]>")
	assert.Contains(t, texts, "ok")
}

// TestSVGLayout: boxes do not overlap, whatever the tree, and all lie within the page.
func TestSVGLayout(t *testing.T) {
	app := func(name string) *deploy.Plan { return &deploy.Plan{Kind: "app", Section: name} }
	filter := func(name string, in ...*deploy.Plan) *deploy.Plan {
		return &deploy.Plan{Kind: "filter", Section: name, Children: in}
	}
	pipeline := func(in ...*deploy.Plan) *deploy.Plan { return &deploy.Plan{Kind: "pipeline", Children: in} }
	composite := func(in ...*deploy.Plan) *deploy.Plan { return &deploy.Plan{Kind: "composite", Children: in} }
	for rule, p := range map[string]*deploy.Plan{
		"one app":                 app("a"),
		"a composite of nothing":  composite(),
		"an even number":          composite(app("a"), app("b")),
		"an odd number":           composite(app("a"), app("b"), app("c")),
		"trees of uneven depth":   composite(composite(app("a"), composite(app("b"), app("c"))), app("d"), composite(app("e"), app("f"))),
		"a pipeline to a choice":  composite(pipeline(filter("f", filter("g")), filter("h"), composite(app("a"), app("b"))), app("c")),
		"names of all lengths":    composite(app(strings.Repeat("long ", 50)), app("日本語の名前がここにあります"), app("")),
		"filter-with on a choice": filter("f", filter("g", composite(app("a"), filter("h", app("b"))))),
	} {
		t.Run(rule, func(t *testing.T) {
			wellFormed(t, drawSVG(p, rule))
			d := &svg{}
			d.place(flow(p), 0)
			d.measure()
			height := 2*svgMargin + float64(d.rows)*svgRow
			for i, a := range d.boxes {
				assert.GreaterOrEqual(t, a.x, float64(svgMargin))
				assert.LessOrEqual(t, a.x+a.width, d.right)
				assert.LessOrEqual(t, a.y+svgHeight, height)
				for _, line := range a.lines {
					assert.LessOrEqual(t, width(line), a.width)
				}
				for _, b := range d.boxes[:i] {
					apart := a.x+a.width <= b.x || b.x+b.width <= a.x || a.y+svgHeight <= b.y || b.y+svgHeight <= a.y
					assert.True(t, apart, "%v and %v", a.plan, b.plan)
				}
			}
		})
	}
}

// FuzzSVG: whatever names and settings are, the drawing is XML.
func FuzzSVG(f *testing.F) {
	f.Add("app:main", "egg:Shop#main", "/", "key", "value")
	f.Add("<&>", "\"'", "]]>", "\x00", "\xff\xfe")
	f.Fuzz(func(t *testing.T, section, factory, position, key, value string) {
		child := &deploy.Plan{Kind: "pipeline", Section: section, Position: position, Children: []*deploy.Plan{
			{Kind: "filter", Section: section, Factory: factory}, {Kind: "app", Factory: factory, Settings: map[string]string{key: value}}}}
		wellFormed(t, drawSVG(&deploy.Plan{Kind: "composite", Factory: factory, Children: []*deploy.Plan{child, child}}, section))
	})
}

// FuzzInterspersed: every argument is a flag, its value or an argument, and the order is kept.
func FuzzInterspersed(f *testing.F) {
	for _, seed := range []string{"shop.ini", "--app x shop.ini", "shop.ini --reload /x", "a -- --reload", "--app -- b", "-", "--", "-- --"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		fs := flag.NewFlagSet("x", flag.ContinueOnError)
		fs.SetOutput(io.Discard)
		fs.String("app", "", "")
		fs.Bool("reload", false, "")
		args := strings.Fields(line)
		rest, err := interspersed(fs, args)
		if err != nil {
			return
		}
		for _, arg := range rest { // a subsequence
			for len(args) > 0 && args[0] != arg {
				args = args[1:]
			}
			require.NotEmpty(t, args)
			args = args[1:]
		}
	})
}

// TestColour: colour is for terminals, and not where it is not wanted.
func TestColour(t *testing.T) {
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no terminal to be had: ", err)
	}
	defer terminal.Close()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	defer file.Close()
	for _, test := range []struct {
		rule          string
		w             io.Writer
		noColor, term string
		want          bool
	}{
		{"a terminal", terminal, "", "xterm", true},
		{"standard output is looked through", &output{w: terminal}, "", "xterm", true},
		{"NO_COLOR", terminal, "1", "xterm", false},
		{"a terminal without colours", terminal, "", "dumb", false},
		{"a file", file, "", "xterm", false},
		{"a buffer", &bytes.Buffer{}, "", "xterm", false},
	} {
		t.Run(test.rule, func(t *testing.T) {
			t.Setenv("NO_COLOR", test.noColor)
			t.Setenv("TERM", test.term)
			assert.Equal(t, test.want, newPainter(test.w).colour)
		})
	}
}

func TestPainting(t *testing.T) {
	var b bytes.Buffer
	painter{&b, true}.faults(deploy.Faults{{File: "x.ini", Line: 3, Section: "app:a", Key: "k", Err: errors.New("bad\nand worse")}}, false)
	assert.Equal(t, "\x1b[1mx.ini:3: \x1b[0m[app:a] k: \x1b[31mbad; and worse\x1b[0m\n", b.String())
	b.Reset()
	painter{&b, true}.faults(deploy.Faults{{Err: errors.New("odd")}}, true)
	assert.Equal(t, "\x1b[33mwarning:\x1b[0m odd\n", b.String())
}

// TestTextOnly: a terminal gets no control characters out of an answer.
func TestTextOnly(t *testing.T) {
	var b bytes.Buffer
	w := &textOnly{w: &b}
	io.WriteString(w, "grüße\r\n\tok\n")
	io.WriteString(w, "\x1b]0;title\a")
	io.WriteString(w, "more")
	assert.Equal(t, "grüße\r\n\tok\n(no text; --body into a file has all of it)\n", b.String())
}

// TestWatcher: what has changed is told when it has come to rest.
func TestWatcher(t *testing.T) {
	dir := t.TempDir()
	path, missing := filepath.Join(dir, "a.ini"), filepath.Join(dir, "b.ini")
	require.NoError(t, os.WriteFile(path, []byte("1"), 0o644))
	w := newWatcher()
	w.read(path)
	w.read(missing)
	assert.Empty(t, w.changed())

	require.NoError(t, os.WriteFile(path, []byte("22"), 0o644))
	assert.Contains(t, w.changed(), path, "another size")
	w.read(path)
	assert.Empty(t, w.changed())

	require.NoError(t, os.Chtimes(path, time.Time{}, time.Now().Add(-time.Hour)))
	assert.Contains(t, w.changed(), path, "another time")
	w.read(path)

	info := look(path)
	require.NoError(t, os.WriteFile(path+"~", []byte("33"), 0o644))
	require.NoError(t, os.Chtimes(path+"~", time.Time{}, info.ModTime()))
	require.NoError(t, os.Rename(path+"~", path))
	assert.Contains(t, w.changed(), path, "another file")
	w.read(path)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	told := make(chan []string, 10)
	go w.run(ctx, 5*time.Millisecond, func(changed []string) { told <- changed })
	require.NoError(t, os.WriteFile(missing, []byte("1"), 0o644))
	assert.Equal(t, []string{missing}, <-told, "a file that was not there")
	require.NoError(t, os.Remove(path))
	assert.Equal(t, []string{path}, <-told, "a file that is no longer there")
	select {
	case again := <-told:
		assert.Fail(t, "told twice", again)
	case <-time.After(50 * time.Millisecond):
	}
}
