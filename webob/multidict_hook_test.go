package webob

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestNotify: one call for a change, none for what changed nothing.
func TestNotify(t *testing.T) {
	d := NewMultiDict("a", "1")
	calls := 0
	d.notify(func() { calls++ })
	for i, test := range []struct {
		name   string
		change func()
		calls  int
	}{
		{"Add", func() { d.Add("b", "2") }, 1},
		{"Set", func() { d.Set("b", "3") }, 1},
		{"SetDefault of what is there, as in WebOb", func() { d.SetDefault("b", "4") }, 1},
		{"PopDefault of nothing, as in WebOb", func() { d.PopDefault("z", "4") }, 1},
		{"SetDefault", func() { d.SetDefault("c", "4") }, 1},
		{"Extend, once for all", func() { d.Extend(NewMultiDict("x", "1", "y", "2")) }, 1},
		{"Update, once for all", func() { d.Update(NewMultiDict("x", "1", "y", "2")) }, 1},
		{"Del of nothing", func() { d.Del("z") }, 0},
		{"Del", func() { d.Del("x") }, 1},
		{"Pop of nothing", func() { d.Pop("z") }, 0},
		{"Pop", func() { d.Pop("y") }, 1},
		{"PopItem", func() { d.PopItem() }, 1},
		{"reading", func() { d.Get("a"); d.Values("a"); d.Encode() }, 0},
		{"changing a copy", func() { d.Clone().Add("q", "1") }, 0},
		{"Clear", func() { d.Clear() }, 1},
		{"PopItem of nothing", func() { d.PopItem() }, 0},
	} {
		calls = 0
		test.change()
		assert.Equal(t, test.calls, calls, "%d: %s", i, test.name)
	}
}

// TestParseVarsLimit: a form may have another limit than a query.
func TestParseVarsLimit(t *testing.T) {
	assert.ErrorIs(t, parseVars("a&b&c", 2).Err(), ErrTooManyPairs)
	assert.NoError(t, parseVars("a&b&&&", 2).Err(), "empty pieces do not count")
	assert.ErrorIs(t, parseVars("a", 0).Err(), ErrTooManyPairs)
}

// TestMultiDictAllocs: a query of up to eight plain variables is one allocation,
// reading none.
func TestMultiDictAllocs(t *testing.T) {
	var d *MultiDict
	assert.Equal(t, 1.0, testing.AllocsPerRun(100, func() { d = ParseQuery("a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8") }))
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if d.Get("a") != "1" || d.Has("z") || d.Len() != 8 {
			panic("wrong")
		}
	}))
	for i := range 100 {
		d.Add(string(rune('A'+i%26)), "v")
	}
	d.Get("a") // makes the index
	assert.Zero(t, testing.AllocsPerRun(100, func() { d.Get("a") }))
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		for range d.All() {
			continue
		}
	}))
}
