package tables

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/benchmarks"
	"github.com/gowebob/gowebob/benchmarks/internal/rounds"
)

// Verdict is what was measured for a Budget.
type Verdict struct {
	benchmarks.Budget
	Measured bool
	NS       float64
	Allocs   float64
	Ratio    float64 // median
	Low      float64 // quartiles of the ratio: how much the machine wandered
	High     float64
	Faults   []string // why the budget was not kept
}

// Judge compares the samples with the budgets.
func Judge(s rounds.Set, budgets []benchmarks.Budget, wrong Wrong) []Verdict {
	var vs []Verdict
	for _, b := range budgets {
		vs = append(vs, judge(s, b, wrong))
	}
	return vs
}

func judge(s rounds.Set, b benchmarks.Budget, wrong Wrong) Verdict {
	v := Verdict{Budget: b}
	m, ok := s.Median(KeyOf(b.Case))
	rs := s.Ratios(KeyOf(b.Case), KeyOf(b.Denominator()))
	if b.To == benchmarks.Python {
		rs = s.Ratios(KeyOf(b.Denominator()), KeyOf(b.Case))
	}
	if !ok || len(rs) == 0 {
		return v
	}
	v.Measured, v.NS, v.Allocs = true, m.NS, m.Allocs
	v.Low, v.Ratio, v.High = rounds.Quantile(rs, 0.25), rounds.Median(rs), rounds.Quantile(rs, 0.75)
	if !within(b, v.Ratio, b.Must) {
		v.Faults = append(v.Faults, "ratio")
	}
	if b.Allocs != benchmarks.AnyAllocs && m.Allocs > float64(b.Allocs) {
		v.Faults = append(v.Faults, "allocations")
	}
	if b.Ahead {
		v.Faults = append(v.Faults, faster(s, b, wrong)...)
	}
	return v
}

// within compares as the table prints, to two decimals.
func within(b benchmarks.Budget, ratio, limit float64) bool {
	ratio = math.Round(ratio*100) / 100
	if b.To == benchmarks.Python {
		return ratio >= limit
	}
	return ratio <= limit
}

// faster names the peers that were faster and gave the right answer.
func faster(s rounds.Set, b benchmarks.Budget, wrong Wrong) (names []string) {
	for _, peer := range Peers(s, b.Family) {
		c := benchmarks.Case{Family: b.Family, Row: b.Row, Peer: peer}
		if strings.HasPrefix(peer, benchmarks.Ours) || strings.HasPrefix(peer, "raw") || peer == "floor" || wrong(KeyOf(c)) != "" {
			continue
		}
		if rs := s.Ratios(KeyOf(b.Case), KeyOf(c)); len(rs) > 0 && rounds.Median(rs) >= 1 {
			names = append(names, "behind "+peer)
		}
	}
	return names
}

// Kept says that the budget was measured and kept.
func (v Verdict) Kept() bool { return v.Measured && len(v.Faults) == 0 }

// Text says in a word or two how the budget was kept.
func (v Verdict) Text() string {
	switch {
	case !v.Measured:
		return "not measured"
	case len(v.Faults) > 0:
		return "**no**: " + strings.Join(v.Faults, ", ")
	case v.Aim > 0 && within(v.Budget, v.Ratio, v.Aim):
		return "yes, and the aim"
	}
	return "yes"
}

// Budgets prints the verdicts; Python's as factors, the others as ratios.
func Budgets(w io.Writer, title string, vs []Verdict) {
	fmt.Fprintf(w, "\n### %s\n\n", title)
	fmt.Fprintln(w, "| case | to | ns/op | ratio | quartiles | must | aim | allocs | must | reached |")
	fmt.Fprintln(w, "|---|---|---:|---:|---:|---:|---:|---:|---:|---|")
	for _, v := range vs {
		fmt.Fprintf(w, "| %s | %s | %s | %s |\n", label(v.Budget), v.Denominator().Peer, strings.Join(v.figures(), " | "), v.Text())
	}
}

// figures gives the columns between the names and the verdict.
func (v Verdict) figures() []string {
	f := make([]string, 7)
	if v.Measured {
		f[0], f[5] = strconv.FormatFloat(v.NS, 'f', 0, 64), strconv.FormatFloat(v.Allocs, 'f', 0, 64)
		f[1], f[2] = two(v.Ratio), two(v.Low)+"–"+two(v.High)
	}
	f[3] = "≤ " + two(v.Must)
	if v.To == benchmarks.Python {
		f[3] = "≥ " + two(v.Must)
	}
	if v.Aim > 0 {
		f[4] = two(v.Aim)
	}
	if v.Budget.Allocs != benchmarks.AnyAllocs {
		f[6] = "≤ " + strconv.Itoa(v.Budget.Allocs)
	}
	return f
}

func two(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

// label names the case; where there is a choice of ours, which one.
func label(b benchmarks.Budget) string {
	name := b.Row
	if b.Family == benchmarks.FamilyNegotiate {
		name = "Accept " + name
	}
	if b.Peer == benchmarks.OursUncached {
		name += ", uncached"
	}
	return name
}
