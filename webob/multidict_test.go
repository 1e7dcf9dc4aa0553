package webob_test

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob"
)

// text writes a MultiDict in a form that tables can hold.
func text(d *webob.MultiDict) string {
	var b strings.Builder
	for key, value := range d.All() {
		fmt.Fprintf(&b, "%s=%s ", key, value)
	}
	return strings.TrimSpace(b.String())
}

func TestMultiDictReads(t *testing.T) {
	d := webob.NewMultiDict("a", "1", "b", "2", "a", "3")

	assert.Equal(t, "3", d.Get("a"), "a single value is the last one")
	assert.Equal(t, "", d.Get("z"))
	assert.Equal(t, []string{"1", "3"}, d.Values("a"))
	assert.Nil(t, d.Values("z"))
	assert.True(t, d.Has("b"))
	assert.False(t, d.Has("B"), "keys are matched exactly")
	assert.Equal(t, 3, d.Len(), "Len counts pairs")
	assert.Equal(t, []string{"a", "b", "a"}, d.Keys())
	assert.Equal(t, map[string]any{"a": []string{"1", "3"}, "b": "2"}, d.Mixed())
	assert.Equal(t, map[string][]string{"a": {"1", "3"}, "b": {"2"}}, d.DictOfLists())

	value, ok := d.Lookup("z")
	assert.False(t, ok)
	assert.Empty(t, value)

	_, err := d.GetOne("a")
	assert.ErrorIs(t, err, webob.ErrManyValues)
	assert.ErrorContains(t, err, `"a"`, "the error names the key")
	_, err = d.GetOne("z")
	assert.ErrorIs(t, err, webob.ErrNoKey)
	value, err = d.GetOne("b")
	require.NoError(t, err)
	assert.Equal(t, "2", value)
}

func TestMultiDictChanges(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(d *webob.MultiDict) error
		want   string
		err    error
	}{
		{"Add appends", func(d *webob.MultiDict) error { return d.Add("a", "9") }, "a=1 b=2 a=3 a=9", nil},
		{"Set takes all away and appends", func(d *webob.MultiDict) error { return d.Set("a", "9") }, "b=2 a=9", nil},
		{"Set of a new key appends", func(d *webob.MultiDict) error { return d.Set("z", "9") }, "a=1 b=2 a=3 z=9", nil},
		{"Del takes all away", func(d *webob.MultiDict) error { return d.Del("a") }, "b=2", nil},
		{"Del of nothing says so", func(d *webob.MultiDict) error { return d.Del("z") }, "a=1 b=2 a=3", webob.ErrNoKey},
		{"Pop takes the first alone", func(d *webob.MultiDict) error { _, err := d.Pop("a"); return err }, "b=2 a=3", nil},
		{"Pop of nothing says so", func(d *webob.MultiDict) error { _, err := d.Pop("z"); return err }, "a=1 b=2 a=3", webob.ErrNoKey},
		{"PopItem takes the last pair", func(d *webob.MultiDict) error { _, err := d.PopItem(); return err }, "a=1 b=2", nil},
		{"Clear takes everything", (*webob.MultiDict).Clear, "", nil},
		{"Update lets the last of equal keys stay", func(d *webob.MultiDict) error {
			return d.Update(webob.NewMultiDict("a", "7", "a", "8"))
		}, "b=2 a=8", nil},
		{"Extend appends all", func(d *webob.MultiDict) error {
			return d.Extend(webob.NewMultiDict("a", "7", "a", "8"))
		}, "a=1 b=2 a=3 a=7 a=8", nil},
		{"Extend by itself doubles", func(d *webob.MultiDict) error { return d.Extend(d) }, "a=1 b=2 a=3 a=1 b=2 a=3", nil},
		{"Update by itself keeps the last", func(d *webob.MultiDict) error { return d.Update(d) }, "b=2 a=3", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := webob.NewMultiDict("a", "1", "b", "2", "a", "3")
			err := test.change(d)
			if test.err == nil {
				require.NoError(t, err)
			} else {
				assert.ErrorIs(t, err, test.err)
			}
			assert.Equal(t, test.want, text(d))
		})
	}
}

func TestSetDefaultGivesTheFirst(t *testing.T) {
	d := webob.NewMultiDict("a", "1", "a", "2")
	value, err := d.SetDefault("a", "9")
	require.NoError(t, err)
	assert.Equal(t, "1", value)
	value, err = d.SetDefault("b", "9")
	require.NoError(t, err)
	assert.Equal(t, "9", value)
	assert.Equal(t, "a=1 a=2 b=9", text(d))
}

func TestPopItemOfNothing(t *testing.T) {
	_, err := new(webob.MultiDict).PopItem()
	assert.ErrorIs(t, err, webob.ErrNoKey)
}

func TestNestedMultiDict(t *testing.T) {
	query := webob.NewMultiDict("a", "1", "a", "2")
	form := webob.NewMultiDict("a", "3", "b", "4")
	view := webob.NestedMultiDict(query, form)

	assert.Equal(t, "2", view.Get("a"), "the first part that has the key, its last value")
	assert.Equal(t, "4", view.Get("b"))
	assert.Equal(t, []string{"1", "2", "3"}, view.Values("a"), "lists take all parts")
	assert.Equal(t, 4, view.Len())
	assert.Equal(t, "a=1 a=2 a=3 b=4", text(view))
	_, err := view.GetOne("a")
	assert.ErrorIs(t, err, webob.ErrManyValues)

	require.NoError(t, form.Add("c", "5"))
	assert.Equal(t, "5", view.Get("c"), "changes of the parts are seen")

	c := view.Clone()
	require.NoError(t, c.Set("a", "9"))
	assert.Equal(t, "b=4 c=5 a=9", text(c))
	assert.Equal(t, "2", view.Get("a"), "a copy is a copy")
}

func TestReadOnly(t *testing.T) {
	other := webob.NewMultiDict("x", "1")
	changes := map[string]func(d *webob.MultiDict) error{
		"Add":              func(d *webob.MultiDict) error { return d.Add("a", "1") },
		"AddFile":          func(d *webob.MultiDict) error { return d.AddFile(&webob.Upload{Name: "f"}) },
		"Set":              func(d *webob.MultiDict) error { return d.Set("a", "1") },
		"SetDefault":       func(d *webob.MultiDict) error { _, err := d.SetDefault("a", "1"); return err },
		"Del":              func(d *webob.MultiDict) error { return d.Del("a") },
		"Pop":              func(d *webob.MultiDict) error { _, err := d.Pop("a"); return err },
		"PopItem":          func(d *webob.MultiDict) error { _, err := d.PopItem(); return err },
		"Clear":            (*webob.MultiDict).Clear,
		"Update":           func(d *webob.MultiDict) error { return d.Update(other) },
		"Update, nothing":  func(d *webob.MultiDict) error { return d.Update(new(webob.MultiDict)) },
		"Extend":           func(d *webob.MultiDict) error { return d.Extend(other) },
		"Extend by itself": func(d *webob.MultiDict) error { return d.Extend(d) },
	}
	dicts := map[string]*webob.MultiDict{
		"nested": webob.NestedMultiDict(webob.NewMultiDict("a", "0")),
		"none":   webob.NoVars("not a form request"),
		"frozen": webob.NewMultiDict("a", "0").Freeze("because"),
	}
	for kind, d := range dicts {
		before := text(d)
		for name, change := range changes {
			err := change(d)
			assert.ErrorIs(t, err, webob.ErrReadOnly, "%s of %s", name, kind)
			assert.Equal(t, before, text(d), "%s of %s", name, kind)
		}
	}
	assert.ErrorContains(t, dicts["none"].Set("a", "1"), "not a form request", "the reason is told")
	assert.NoError(t, dicts["none"].Clone().Set("a", "1"), "a copy is writable")
}

func TestEqualComparesAllPairs(t *testing.T) {
	d := webob.NewMultiDict("a", "1", "a", "2")
	assert.True(t, d.Equal(webob.NewMultiDict("a", "1", "a", "2")))
	assert.True(t, d.Equal(webob.NestedMultiDict(webob.NewMultiDict("a", "1"), webob.NewMultiDict("a", "2"))))
	assert.False(t, d.Equal(webob.NewMultiDict("a", "2")), "the last values alone are not enough")
	assert.False(t, d.Equal(webob.NewMultiDict("a", "2", "a", "1")), "order counts")
	assert.True(t, webob.NoVars("x").Equal(new(webob.MultiDict)))
}

func TestNewMultiDictWithoutValuePanics(t *testing.T) {
	odd := []string{"a"}
	assert.Panics(t, func() { webob.NewMultiDict(odd...) })
}

func TestCollectPairs(t *testing.T) {
	assert.Equal(t, "a=1", text(webob.CollectPairs(maps.All(map[string]string{"a": "1"}))))
}

func TestUploadsLieAmongTheFields(t *testing.T) {
	d := webob.NewMultiDict("title", "t")
	photo := webob.NewUpload("photo", `C:\x.jpg`, "image/jpeg", []byte("jpeg"))
	require.NoError(t, d.AddFile(photo))
	require.NoError(t, d.Add("photo", "no file"))

	assert.Same(t, photo, d.File("photo"))
	assert.Equal(t, []*webob.Upload{photo}, d.Files("photo"))
	assert.Nil(t, d.File("title"), "a text field is no file")
	assert.Equal(t, []string{`C:\x.jpg`, "no file"}, d.Values("photo"), "as text an upload is its file name")
	assert.Same(t, photo, webob.NestedMultiDict(webob.NewMultiDict("photo", "q"), d).File("photo"),
		"the first part that has a file")

	var order []string
	for p := range d.Clone().Pairs() {
		order = append(order, fmt.Sprint(p.Key, p.File != nil))
	}
	assert.Equal(t, []string{"titlefalse", "phototrue", "photofalse"}, order)

	_, err := (&webob.Upload{Filename: "x"}).Open()
	assert.ErrorContains(t, err, "x")
}

func TestMaskedLogs(t *testing.T) {
	for key, hidden := range map[string]bool{
		"password": true, "old_passwd": true, "PWD": true, "csrfToken": true, "client_secret": true,
		"pass": false, "cwd": false, "a": false, "": false,
	} {
		d := webob.NewMultiDict(key, "v")
		want := "v"
		if hidden {
			want = "******"
		}
		for _, shown := range d.Masked() {
			assert.Equal(t, want, shown, key)
		}
	}
	d := webob.NewMultiDict("a", "1\n2", "password", "geheim")
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "vars", d)
	for _, shown := range []string{log.String(), fmt.Sprint(d), fmt.Sprintf("%#v", d), fmt.Sprintf("%+v", d)} {
		assert.NotContains(t, shown, "geheim")
		assert.NotContains(t, shown, "1\n2", "a value cannot break a line of the log")
	}
	assert.Equal(t, `{"a": "1\n2", "password": "******"}`, d.String())
}

// model is a MultiDict that can be read against the rules: one slice.
type model [][2]string

func (m model) text() string { return text(webob.NewMultiDict(slices.Concat(m.flat()...)...)) }

func (m model) flat() [][]string {
	flat := [][]string{}
	for _, p := range m {
		flat = append(flat, p[:])
	}
	return flat
}

func (m model) first(key string) int {
	return slices.IndexFunc(m, func(p [2]string) bool { return p[0] == key })
}

func (m model) without(key string) model {
	return slices.DeleteFunc(slices.Clone(m), func(p [2]string) bool { return p[0] == key })
}

func (m model) values(key string) []string {
	var values []string
	for _, p := range m {
		if p[0] == key {
			values = append(values, p[1])
		}
	}
	return values
}

// playModel runs a script, three bytes a step, on both and compares.
func playModel(t *testing.T, script []byte) {
	d, m := new(webob.MultiDict), model{}
	for n := 0; len(script) >= 3; n++ {
		op, key, value := script[0]%8, fmt.Sprint(script[1]%16), fmt.Sprint(script[2])
		script = script[3:]
		switch op {
		case 0, 1, 2:
			d.Add(key, value)
			m = append(m, [2]string{key, value})
		case 3:
			d.Set(key, value)
			m = append(m.without(key), [2]string{key, value})
		case 4:
			err := d.Del(key)
			assert.Equal(t, m.first(key) < 0, err != nil)
			m = m.without(key)
		case 5:
			got, err := d.Pop(key)
			i := m.first(key)
			require.Equal(t, i < 0, err != nil)
			if i >= 0 {
				assert.Equal(t, m[i][1], got)
				m = slices.Delete(slices.Clone(m), i, i+1)
			}
		case 6:
			p, err := d.PopItem()
			require.Equal(t, len(m) == 0, err != nil)
			if len(m) > 0 {
				assert.Equal(t, m[len(m)-1], [2]string{p.Key, p.Value})
				m = m[:len(m)-1]
			}
		case 7:
			assert.Equal(t, m.values(key), d.Values(key))
			value, ok := d.Lookup(key)
			assert.Equal(t, m.first(key) >= 0, ok)
			if ok {
				assert.Equal(t, m.values(key)[len(m.values(key))-1], value)
			}
		}
		require.Equal(t, len(m), d.Len())
		if n%16 == 0 || len(script) < 3 {
			require.Equal(t, m.text(), text(d))
		}
	}
}

// TestIndexedAgreesWithModel grows and shrinks through the limit of the linear
// search, many times.
func TestIndexedAgreesWithModel(t *testing.T) {
	var script []byte
	seed := uint32(1)
	random := func() byte {
		seed = seed*1664525 + 1013904223
		return byte(seed >> 24)
	}
	for range 20 {
		for range 120 {
			script = append(script, random()%4, random(), random()) // mostly growing
		}
		for range 80 {
			script = append(script, random(), random(), random())
		}
		for range 120 {
			script = append(script, 4+random()%4, random(), random()) // shrinking
		}
	}
	playModel(t, script)
}

// TestReadersMayShareAMultiDict is for the race detector: the first of them makes
// the index.
func TestReadersMayShareAMultiDict(t *testing.T) {
	d := new(webob.MultiDict)
	for i := range 100 {
		d.Add(fmt.Sprint(i), "v")
	}
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			assert.Equal(t, "v", d.Get("99"))
			assert.Len(t, d.Keys(), 100)
			assert.Equal(t, 100, d.Len())
		})
	}
	readers.Wait()
}

// TestManyPairsAreNotQuadratic would take minutes if it were.
func TestManyPairsAreNotQuadratic(t *testing.T) {
	const n = 100_000
	one, many := new(webob.MultiDict), new(webob.MultiDict)
	for i := range n {
		one.Add("same", "v")
		many.Add(fmt.Sprint(i), "v")
	}
	for i := range n / 4 {
		many.Set(fmt.Sprint(i), "w")
		many.Del(fmt.Sprint(n/2 + i))
		one.Pop("same")
		one.PopItem()
	}
	assert.Equal(t, n-n/4, many.Len())
	assert.Equal(t, n/2, one.Len())
	assert.Equal(t, "w", many.Get("7"))
}
