// Command ratios runs the in-process benchmarks in one process, several rounds,
// and prints the median ratios: gowebob beside its budgets, and every peer at a
// glance. The answers are checked before anything is timed.
//
//	go run ./cmd/ratios                          # ROUNDS=10 BENCHTIME=80ms
//	go run ./cmd/ratios -match 'work=pipeline8'  # some cases, and what they are compared with
//	go run ./cmd/ratios -read results/raw.txt    # the tables of an earlier run
package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"testing"
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

// check asks everybody for the right answers.
func check() error {
	for _, p := range benchmarks.Peers() {
		for work := range p.Apps {
			if err := p.Check(work); err != nil {
				return err
			}
		}
	}
	for _, n := range benchmarks.Negotiators() {
		if err := n.Check(); err != nil {
			return err
		}
	}
	for _, r := range benchmarks.Routers() {
		if err := r.Check(); err != nil {
			return err
		}
	}
	return nil
}

// measure goes round the cases. Every other round goes backwards, so that no
// peer always comes after the same one.
func measure(o options, out io.Writer) (rounds.Set, error) {
	testing.Init()
	if err := flag.Set("test.benchtime", o.benchtime.String()); err != nil {
		return nil, err
	}
	runtime.GOMAXPROCS(1)
	fmt.Fprintf(out, "goos: %s\ngoarch: %s\npkg: github.com/gowebob/gowebob/benchmarks\n", runtime.GOOS, runtime.GOARCH)
	set, cases := rounds.Set{}, matching(o.match)
	for round := range o.rounds {
		start := time.Now()
		for _, c := range cases {
			line, err := timed(c)
			if err != nil {
				return nil, err
			}
			set.Add(line)
			fmt.Fprintln(out, line)
		}
		if err := python(o, set, out); err != nil {
			return nil, err
		}
		slices.Reverse(cases)
		fmt.Fprintf(os.Stderr, "round %d of %d: %d cases in %v\n", round+1, o.rounds, len(cases), time.Since(start).Round(time.Millisecond))
	}
	return set, nil
}

func timed(c benchmarks.Case) (string, error) {
	r := testing.Benchmark(c.Run)
	if r.N == 0 {
		return "", fmt.Errorf("%s failed", c.Name())
	}
	return "Benchmark" + c.Name() + "\t" + r.String() + "\t" + r.MemString(), nil
}

// matching gives the cases asked for, and those that they and their budgets are
// compared with.
func matching(re *regexp.Regexp) []benchmarks.Case {
	want := map[string]bool{}
	all := benchmarks.Cases()
	for _, c := range all {
		if re.MatchString(c.Name()) {
			want[c.Name()], want[c.Base().Name()] = true, true
		}
	}
	for _, b := range budgets(benchmarks.Budgets(), re) {
		want[b.Denominator().Name()] = true
		for _, c := range all {
			if b.Ahead && c.Family == b.Family && c.Row == b.Row {
				want[c.Name()] = true
			}
		}
	}
	return slices.DeleteFunc(all, func(c benchmarks.Case) bool { return !want[c.Name()] })
}

// budgets gives those whose case was asked for.
func budgets(bs []benchmarks.Budget, re *regexp.Regexp) []benchmarks.Budget {
	return slices.DeleteFunc(bs, func(b benchmarks.Budget) bool { return !re.MatchString(b.Name()) })
}

// python runs one round of Python WebOb, where there is one. It prints the lines
// of a Go benchmark.
func python(o options, set rounds.Set, out io.Writer) error {
	if o.python == "" {
		return nil
	}
	cmd := exec.Command(o.python, filepath.Base(o.micro), strconv.FormatFloat(o.benchtime.Seconds(), 'f', -1, 64))
	cmd.Dir = filepath.Dir(o.micro)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%v: %w", cmd.Args, err)
	}
	got, err := rounds.Read(bytes.NewReader(text))
	if err != nil {
		return err
	}
	for k, v := range got {
		if o.match.MatchString(benchmarks.Case{Family: k.Family, Row: k.Row, Peer: k.Peer}.Name()) {
			set[k] = append(set[k], v...)
		}
	}
	_, err = out.Write(text)
	return err
}
