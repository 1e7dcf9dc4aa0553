package benchmarks_test

import (
	"testing"

	"github.com/gowebob/gowebob/benchmarks"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPeersGiveTheRightAnswers(t *testing.T) {
	for _, p := range benchmarks.Peers() {
		for work := range p.Apps {
			t.Run(p.Name+"/"+work, func(t *testing.T) { assert.NoError(t, p.Check(work)) })
		}
	}
}

func TestNegotiatorsChooseRightly(t *testing.T) {
	for _, n := range benchmarks.Negotiators() {
		t.Run(n.Name, func(t *testing.T) { assert.NoError(t, n.Check()) })
	}
}

func TestRoutersFindEveryRoute(t *testing.T) {
	for _, r := range benchmarks.Routers() {
		t.Run(r.Name, func(t *testing.T) { assert.NoError(t, r.Check()) })
	}
}

// A table without its denominator would be a table of nothing.
func TestEveryCaseHasItsBase(t *testing.T) {
	have := map[string]bool{}
	for _, c := range benchmarks.Cases() {
		require.False(t, have[c.Name()], "%s twice", c.Name())
		have[c.Name()] = true
	}
	for _, c := range benchmarks.Cases() {
		assert.True(t, have[c.Base().Name()], "%s has no %s", c.Name(), c.Base().Name())
	}
}

func BenchmarkApp(b *testing.B)       { run(b, benchmarks.AppCases()) }
func BenchmarkNegotiate(b *testing.B) { run(b, benchmarks.NegotiateCases()) }
func BenchmarkRoute50(b *testing.B)   { run(b, benchmarks.RouteCases()) }

func run(b *testing.B, cases []benchmarks.Case) {
	for _, c := range cases {
		b.Run(c.Sub(), c.Run)
	}
}
