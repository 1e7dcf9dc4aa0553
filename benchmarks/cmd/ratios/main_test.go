package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/gowebob/gowebob/benchmarks"
	"github.com/gowebob/gowebob/benchmarks/internal/rounds"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	for name, row := range map[string]struct {
		rounds, benchtime string
		args              []string
		want              string
	}{
		"defaults":               {},
		"rounds is no number":    {rounds: "many", want: "ROUNDS"},
		"benchtime has no unit":  {benchtime: "80", want: "BENCHTIME"},
		"no rounds":              {rounds: "0", want: "measure nothing"},
		"no time":                {args: []string{"-benchtime", "0s"}, want: "measure nothing"},
		"match is no regexp":     {args: []string{"-match", "("}, want: "missing closing"},
		"an argument left over":  {args: []string{"hello"}, want: "unknown argument"},
		"flags before variables": {rounds: "2", args: []string{"-rounds", "10"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("ROUNDS", row.rounds)
			t.Setenv("BENCHTIME", row.benchtime)
			o, err := parse(row.args)
			if row.want != "" {
				assert.ErrorContains(t, err, row.want)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, 10, o.rounds)
			assert.Equal(t, 80*time.Millisecond, o.benchtime)
		})
	}
}

func TestMatching(t *testing.T) {
	names := func(re string) (out []string) {
		for _, c := range matching(regexp.MustCompile(re)) {
			out = append(out, c.Name())
		}
		return out
	}
	assert.Equal(t, []string{"App/work=json/peer=raw", "App/work=json/peer=chi"}, names("work=json/peer=chi"), "the base comes with it")
	assert.Len(t, names("."), len(benchmarks.Cases()))
	assert.Empty(t, names("work=nothing"))
}

func TestMeasure(t *testing.T) {
	out, err := os.Create(filepath.Join(t.TempDir(), "raw.txt"))
	require.NoError(t, err)
	o := options{rounds: 3, benchtime: time.Microsecond, match: regexp.MustCompile("accept=any/peer=gin")}
	set, err := measure(o, out)
	require.NoError(t, err)
	require.NoError(t, out.Close())
	gin := rounds.Key{Family: "Negotiate", Row: "any", Peer: "gin"}
	gddo := rounds.Key{Family: "Negotiate", Row: "any", Peer: "gddo"}
	assert.Len(t, set[gin], 3, "one sample a round")
	assert.Len(t, set.Ratios(gin, gddo), 3)
	m, _ := set.Median(gddo)
	assert.Positive(t, m.NS)
	assert.Equal(t, 1.0, m.Allocs)
	again, err := samples(options{read: out.Name()})
	require.NoError(t, err)
	assert.Equal(t, set, again, "the file holds what was measured")
}

func TestCheck(t *testing.T) { assert.NoError(t, check()) }
