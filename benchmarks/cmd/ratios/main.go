// Command ratios runs the in-process benchmarks in one process, several rounds,
// and prints the median ratios: gowebob beside its budgets, and every peer at a
// glance. The answers are checked before anything is timed.
//
//	go run ./cmd/ratios                          # ROUNDS=10 BENCHTIME=80ms
//	go run ./cmd/ratios -match 'work=pipeline8'  # some cases, and what they are compared with
//	go run ./cmd/ratios -read results/raw.txt    # the tables of an earlier run
package main

import (
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/gowebob/gowebob/benchmarks"
	"github.com/gowebob/gowebob/benchmarks/internal/rounds"
	"github.com/gowebob/gowebob/benchmarks/internal/tables"
)

type options struct {
	rounds    int
	benchtime time.Duration
	match     *regexp.Regexp
	out       string
	read      string
	python    string
	micro     string
	strict    bool
}

func main() {
	o, err := parse(os.Args[1:])
	if err == nil {
		err = run(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "ratios:", err)
		os.Exit(1)
	}
}

func parse(args []string) (o options, err error) {
	fs := flag.NewFlagSet("ratios", flag.ExitOnError)
	n, err := strconv.Atoi(cmp.Or(os.Getenv("ROUNDS"), "10"))
	if err != nil {
		return o, fmt.Errorf("ROUNDS: %w", err)
	}
	d, err := time.ParseDuration(cmp.Or(os.Getenv("BENCHTIME"), "80ms"))
	if err != nil {
		return o, fmt.Errorf("BENCHTIME: %w", err)
	}
	fs.IntVar(&o.rounds, "rounds", n, "rounds; also ROUNDS")
	fs.DurationVar(&o.benchtime, "benchtime", d, "time per case and round; also BENCHTIME")
	fs.StringVar(&o.out, "o", "", "write the benchmark lines to this file too")
	fs.StringVar(&o.read, "read", "", "measure nothing, read the benchmark lines of this file")
	fs.StringVar(&o.python, "python", os.Getenv("PYTHON"), "a Python that has WebOb; none: without it; also PYTHON")
	fs.StringVar(&o.micro, "micro", "py/micro.py", "the benchmark of Python WebOb")
	fs.BoolVar(&o.strict, "strict", false, "exit with an error if a budget was not kept or not measured")
	match := fs.String("match", "", "only cases whose name matches, and their bases (App/work=hello/peer=raw)")
	fs.Parse(args)
	if fs.NArg() > 0 {
		return o, fmt.Errorf("unknown argument %q", fs.Arg(0))
	}
	if o.rounds < 1 || o.benchtime <= 0 {
		return o, fmt.Errorf("%d rounds of %v measure nothing", o.rounds, o.benchtime)
	}
	o.match, err = regexp.Compile(*match)
	return o, err
}

func run(o options) error {
	set, err := samples(o)
	if err != nil {
		return err
	}
	wrong := tables.KnownWrong()
	vs := tables.Judge(set, budgets(benchmarks.Budgets(), o.match), wrong)
	tables.Budgets(os.Stdout, "gowebob beside its budgets", vs)
	if hasPython(set) {
		py := tables.Judge(set, budgets(benchmarks.PythonBudgets(), o.match), wrong)
		tables.Budgets(os.Stdout, "Times faster than Python WebOb on a ready environ", py)
		vs = append(vs, py...)
	}
	for _, family := range []string{benchmarks.FamilyApp, benchmarks.FamilyNegotiate, benchmarks.FamilyRoute} {
		tables.Glance(os.Stdout, set, family, wrong)
	}
	missed := slices.DeleteFunc(vs, tables.Verdict.Kept)
	if o.strict && len(missed) > 0 {
		return fmt.Errorf("%d budgets not kept", len(missed))
	}
	return nil
}

func hasPython(set rounds.Set) bool {
	for k := range set {
		if k.Peer == benchmarks.Python {
			return true
		}
	}
	return false
}

// samples reads the file of an earlier run, or measures.
func samples(o options) (rounds.Set, error) {
	if o.read != "" {
		f, err := os.Open(o.read)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return rounds.Read(f)
	}
	if err := check(); err != nil {
		return nil, err
	}
	var out io.Writer = io.Discard
	if o.out != "" {
		f, err := os.Create(o.out)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		out = f
	}
	return measure(o, out)
}
