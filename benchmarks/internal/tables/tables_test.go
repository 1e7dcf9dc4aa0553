package tables

import (
	"strings"
	"testing"

	"github.com/gowebob/gowebob/benchmarks"
	"github.com/gowebob/gowebob/benchmarks/internal/rounds"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func set(lines ...string) rounds.Set {
	s := rounds.Set{}
	for _, l := range lines {
		name, rest, _ := strings.Cut(l, " ")
		if !s.Add("Benchmark" + name + " 10 " + rest) {
			panic(l)
		}
	}
	return s
}

func TestVerdicts(t *testing.T) {
	c := func(peer string) benchmarks.Case {
		return benchmarks.Case{Family: benchmarks.FamilyApp, Row: benchmarks.Pipeline8, Peer: peer}
	}
	ours := c(benchmarks.Ours)
	raw := "App/work=pipeline8/peer=raw 100 ns/op 0 B/op 9 allocs/op"
	echo := "App/work=pipeline8/peer=echo 90 ns/op 0 B/op 9 allocs/op"
	us := "App/work=pipeline8/peer=gowebob 80 ns/op 0 B/op 4 allocs/op"
	any := benchmarks.AnyAllocs
	for name, row := range map[string]struct {
		budget benchmarks.Budget
		lines  []string
		want   string
	}{
		"no samples":                  {benchmarks.Budget{Case: ours, Must: 1}, nil, "not measured"},
		"no base":                     {benchmarks.Budget{Case: ours, Must: 1}, []string{us}, "not measured"},
		"kept":                        {benchmarks.Budget{Case: ours, Must: 0.9, Aim: 0.7, Allocs: any}, []string{raw, us}, "yes"},
		"just kept":                   {benchmarks.Budget{Case: ours, Must: 0.8, Allocs: 4}, []string{raw, us}, "yes"},
		"the aim too":                 {benchmarks.Budget{Case: ours, Must: 0.9, Aim: 0.8, Allocs: 4}, []string{raw, us}, "yes, and the aim"},
		"too slow":                    {benchmarks.Budget{Case: ours, Must: 0.79, Allocs: any}, []string{raw, us}, "**no**: ratio"},
		"too many allocations":        {benchmarks.Budget{Case: ours, Must: 1, Allocs: 3}, []string{raw, us}, "**no**: allocations"},
		"no allocation is a limit":    {benchmarks.Budget{Case: ours, Must: 1, Allocs: 0}, []string{raw, us}, "**no**: allocations"},
		"ahead of the peers":          {benchmarks.Budget{Case: ours, Must: 1, Allocs: any, Ahead: true}, []string{raw, us, echo}, "yes"},
		"behind a peer":               {benchmarks.Budget{Case: ours, Must: 1, Allocs: any, Ahead: true}, []string{raw, us, strings.Replace(echo, "90", "70", 1)}, "**no**: behind echo"},
		"a wrong peer does not count": {benchmarks.Budget{Case: ours, Must: 1, Allocs: any, Ahead: true}, []string{raw, us, "App/work=pipeline8/peer=liar 1 ns/op 0 B/op 0 allocs/op"}, "yes"},
		"to another peer":             {benchmarks.Budget{Case: ours, To: "echo", Must: 0.85, Allocs: any}, []string{raw, us, echo}, "**no**: ratio"},
		"faster than Python":          {benchmarks.Budget{Case: ours, To: benchmarks.Python, Must: 40, Allocs: any}, []string{us, "App/work=pipeline8/peer=webob-py 4000 ns/op"}, "yes"},
		"not fast enough for Python":  {benchmarks.Budget{Case: ours, To: benchmarks.Python, Must: 40, Allocs: any}, []string{us, "App/work=pipeline8/peer=webob-py 3000 ns/op"}, "**no**: ratio"},
	} {
		t.Run(name, func(t *testing.T) {
			wrong := func(k rounds.Key) string {
				if k.Peer == "liar" {
					return "lies"
				}
				return ""
			}
			vs := Judge(set(row.lines...), []benchmarks.Budget{row.budget}, wrong)
			require.Len(t, vs, 1)
			assert.Equal(t, row.want, vs[0].Text())
		})
	}
}

func TestVariantsAreComparedWithTheirPlainWorkload(t *testing.T) {
	b := benchmarks.Budget{Case: benchmarks.Case{Family: benchmarks.FamilyApp, Row: benchmarks.Pipeline8Mux, Peer: benchmarks.Ours}, Must: 1, Allocs: benchmarks.AnyAllocs}
	s := set("App/work=pipeline8/peer=raw 100 ns/op", "App/work=pipeline8-mux/peer=gowebob 95 ns/op")
	vs := Judge(s, []benchmarks.Budget{b}, func(rounds.Key) string { return "" })
	assert.True(t, vs[0].Measured)
	assert.InDelta(t, 0.95, vs[0].Ratio, 1e-9)
	var out strings.Builder
	Budgets(&out, "Budgets", vs)
	assert.Contains(t, out.String(), "| pipeline8-mux | raw | 95 | 0.95 | 0.95–0.95 | ≤ 1.00 |")
}

func TestGlance(t *testing.T) {
	s := set(
		"App/work=negotiate-json/peer=raw 100 ns/op 0 B/op 5 allocs/op",
		"App/work=negotiate-json/peer=gin 150 ns/op 0 B/op 8 allocs/op",
		"App/work=negotiate-json/peer=webob-py 5000 ns/op",
	)
	var out strings.Builder
	Glance(&out, s, benchmarks.FamilyApp, KnownWrong())
	assert.Contains(t, out.String(), "| work | raw | gin | webob-py |")
	assert.Contains(t, out.String(), "| negotiate-json | 1.00 (5) | 1.50 (8) ✗ | 50.00 |")
	out.Reset()
	Glance(&out, s, benchmarks.FamilyRoute, KnownWrong())
	assert.Empty(t, out.String(), "a family without samples has no table")
}

// Each budget speaks of a row that exists, and of a base that is measured.
func TestBudgetsNameRealCases(t *testing.T) {
	have := map[string]bool{}
	for _, c := range benchmarks.Cases() {
		have[c.Name()] = true
	}
	for _, b := range benchmarks.Budgets() {
		assert.True(t, have[b.Denominator().Name()], b.Denominator().Name())
	}
	for _, b := range benchmarks.PythonBudgets() {
		assert.Contains(t, benchmarks.Workloads(), b.Row)
		assert.Equal(t, benchmarks.Python, b.Denominator().Peer)
	}
}
