package main

import (
	"bytes"
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
)

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
