// Command table turns benchmark lines of several rounds into Markdown tables,
// one for each workload: median, 95 % confidence (both benchstat's), ratio to the
// base, memory.
//
//	go run ./cmd/table results/raw.txt
package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/gowebob/gowebob/benchmarks"
	"github.com/gowebob/gowebob/benchmarks/internal/rounds"
	"github.com/gowebob/gowebob/benchmarks/internal/tables"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: table FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

func run(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	set, err := rounds.Read(f)
	if err != nil {
		return err
	}
	wrong := tables.KnownWrong()
	for _, t := range []struct{ title, family string }{
		{"Handlers", benchmarks.FamilyApp},
		{"Negotiation only", benchmarks.FamilyNegotiate},
		{"Routing, 50 routes", benchmarks.FamilyRoute},
	} {
		st, err := benchstat(file, t.family)
		if err != nil {
			return err
		}
		fmt.Printf("\n## %s\n", t.title)
		for _, row := range tables.Rows(set, t.family) {
			table(set, st, t.family, row, wrong)
		}
	}
	return nil
}

// table prints one workload.
func table(set rounds.Set, st stats, family, row string, wrong tables.Wrong) {
	base := benchmarks.Case{Family: family, Row: row}.Base()
	if row != "" {
		fmt.Printf("\n### %s\n", row)
	}
	fmt.Printf("\n| peer | ns/op | ± | ratio to %s | B/op | allocs/op | rounds |\n|---|---:|---:|---:|---:|---:|---:|\n", base.Peer)
	for _, peer := range tables.Peers(set, family) {
		k := rounds.Key{Family: family, Row: row, Peer: peer}
		m, ok := set.Median(k)
		if !ok {
			continue
		}
		name, ratio := peer, "-"
		if wrong(k) != "" {
			name += " (wrong answer)"
		}
		if rs := set.Ratios(k, tables.KeyOf(base)); len(rs) > 0 {
			ratio = strconv.FormatFloat(rounds.Median(rs), 'f', 2, 64)
		}
		fmt.Printf("| %s | %s | %s | %s | %s | %s | %d |\n", name, figure(m.NS), st[k], ratio, figure(m.Bytes), figure(m.Allocs), len(set[k]))
	}
}

// figure prints a median with three digits; "-" for what was not said.
func figure(v float64) string {
	switch {
	case v < 0:
		return "-"
	case v < 100 && v != float64(int(v)):
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 0, 64)
}
