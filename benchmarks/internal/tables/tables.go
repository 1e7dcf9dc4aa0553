// Package tables prints what the benchmarks gave as Markdown tables: gowebob
// beside its budgets, and every peer's ratio to the base at a glance.
package tables

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/benchmarks"
	"github.com/gowebob/gowebob/benchmarks/internal/rounds"
)

// KeyOf is the key under which a case's lines are found.
func KeyOf(c benchmarks.Case) rounds.Key {
	return rounds.Key{Family: c.Family, Row: c.Row, Peer: c.Peer}
}

// Wrong says why a peer's answer is not the one asked for; empty if it is.
type Wrong func(k rounds.Key) string

// KnownWrong gives what the peers themselves say.
func KnownWrong() Wrong {
	why := map[rounds.Key]string{}
	for _, p := range benchmarks.Peers() {
		for work, text := range p.Wrong {
			why[rounds.Key{Family: benchmarks.FamilyApp, Row: work, Peer: p.Name}] = text
		}
	}
	for _, n := range benchmarks.Negotiators() {
		for row, wrong := range n.Wrong {
			if wrong {
				why[rounds.Key{Family: benchmarks.FamilyNegotiate, Row: row, Peer: n.Name}] = "another type"
			}
		}
	}
	return func(k rounds.Key) string { return why[k] }
}

// Glance prints one family as a matrix of rows by peers: the median ratio to the
// base, then the allocations. A cross marks a wrong answer.
func Glance(w io.Writer, s rounds.Set, family string, wrong Wrong) {
	cols := Peers(s, family)
	if len(cols) == 0 {
		return
	}
	base := benchmarks.BasePeer(family)
	fmt.Fprintf(w, "\n### %s: ratio to %s (allocations)\n\n", family, base)
	fmt.Fprintf(w, "| %s | %s |\n|---|%s\n", cmp.Or(benchmarks.RowKey(family), "routes"), strings.Join(cols, " | "), strings.Repeat("---:|", len(cols)))
	for _, row := range Rows(s, family) {
		fmt.Fprintf(w, "| %s |", cmp.Or(row, "all"))
		for _, peer := range cols {
			fmt.Fprintf(w, " %s |", glanceCell(s, benchmarks.Case{Family: family, Row: row, Peer: peer}, wrong))
		}
		fmt.Fprintln(w)
	}
}

func glanceCell(s rounds.Set, c benchmarks.Case, wrong Wrong) string {
	m, ok := s.Median(KeyOf(c))
	if !ok {
		return ""
	}
	cell := "?"
	if rs := s.Ratios(KeyOf(c), KeyOf(c.Base())); len(rs) > 0 {
		cell = fmt.Sprintf("%.2f", rounds.Median(rs))
	}
	if m.Allocs >= 0 {
		cell += fmt.Sprintf(" (%.0f)", m.Allocs)
	}
	if wrong(KeyOf(c)) != "" {
		cell += " ✗"
	}
	return cell
}

// Peers lists the peers of a family: the base, then in column order, those
// that have no place in it by name.
func Peers(s rounds.Set, family string) (peers []string) {
	for k := range s {
		if k.Family == family && !slices.Contains(peers, k.Peer) {
			peers = append(peers, k.Peer)
		}
	}
	slices.Sort(peers)
	base := benchmarks.BasePeer(family)
	rank := func(p string) int {
		if p == base {
			return -1
		}
		return benchmarks.Rank(p)
	}
	slices.SortStableFunc(peers, func(a, b string) int { return rank(a) - rank(b) })
	return peers
}

// Rows lists the rows of a family that have samples, workloads in their order.
func Rows(s rounds.Set, family string) (rows []string) {
	for _, c := range benchmarks.Cases() {
		if c.Family == family && !slices.Contains(rows, c.Row) && len(s[KeyOf(c)]) > 0 {
			rows = append(rows, c.Row)
		}
	}
	return rows
}
