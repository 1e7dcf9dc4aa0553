// Command e2e drives one server per peer with wrk over loopback, turn and turn
// about, and gives requests per second and server CPU time per request as ratios
// to raw net/http in the same round. "raw-again" is raw once more: how far its
// ratio is from 1 is the noise.
//
//	go build -o results/serve ./cmd/serve && go run ./cmd/e2e -serve results/serve
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gowebob/gowebob/benchmarks/internal/rounds"
)

type options struct {
	length time.Duration
	rounds int
	conns  int
	peers  []string
	works  []string
	serve  string
	python string
	pyapp  string
}

func main() {
	var o options
	flag.DurationVar(&o.length, "d", 4*time.Second, "length of one wrk run")
	flag.IntVar(&o.rounds, "rounds", 6, "rounds")
	flag.IntVar(&o.conns, "c", 32, "connections")
	peers := flag.String("peers", "raw,gowebob,servemux,chi,gin,echo,huma,fiber,webob-py,raw-again", "peers, the first is the base")
	works := flag.String("works", "hello,json,pipeline8", "workloads")
	flag.StringVar(&o.serve, "serve", "results/serve", "cmd/serve, built")
	flag.StringVar(&o.python, "python", os.Getenv("PYTHON"), "a Python that has WebOb and eventlet; none: without it; also PYTHON")
	flag.StringVar(&o.pyapp, "pyapp", "py/serve.py", "the WebOb server")
	flag.Parse()
	o.peers, o.works = strings.Split(*peers, ","), strings.Split(*works, ",")
	if o.python == "" {
		o.peers = slices.DeleteFunc(o.peers, func(p string) bool { return p == "webob-py" })
	}
	series := measure(o)
	for _, work := range o.works {
		series.print(os.Stdout, o, work)
	}
}

// measure goes round the peers, every other round backwards. A peer that does
// not do a workload, or fails, is left out of that round and said so.
func measure(o options) series {
	all := series{}
	for round := range o.rounds {
		for _, work := range o.works {
			got := map[string]sample{}
			peers := slices.Clone(o.peers)
			if round%2 == 1 {
				slices.Reverse(peers)
			}
			for _, p := range peers {
				s, err := one(o, p, work)
				if err != nil {
					fmt.Fprintf(os.Stderr, "%s, %s: %v\n", p, work, err)
					continue
				}
				fmt.Fprintf(os.Stderr, "round %d %-10s %-10s %9.0f req/s %7.2f us cpu/req\n", round+1, work, p, s.rate, s.cpu)
				got[p] = s
			}
			all.add(work, got, o.peers[0])
		}
	}
	return all
}

// series holds what was measured by peer and workload.
type series map[[2]string]*figures

type figures struct{ rate, rateRatio, cpu, cpuRatio []float64 }

func (s series) add(work string, got map[string]sample, base string) {
	b, ok := got[base]
	if !ok {
		return
	}
	for p, v := range got {
		k := [2]string{p, work}
		f := cmp.Or(s[k], &figures{})
		f.rate, f.rateRatio = append(f.rate, v.rate), append(f.rateRatio, v.rate/b.rate)
		f.cpu, f.cpuRatio = append(f.cpu, v.cpu), append(f.cpuRatio, v.cpu/b.cpu)
		s[k] = f
	}
}

func (s series) print(w *os.File, o options, work string) {
	fmt.Fprintf(w, "\n### %s\n\n| peer | req/s | ratio to %s | server CPU us/req | ratio |\n|---|---:|---:|---:|---:|\n", work, o.peers[0])
	for _, p := range o.peers {
		if f := s[[2]string{p, work}]; f != nil {
			fmt.Fprintf(w, "| %s | %.0f | %.2f | %.1f | %.2f |\n", p,
				rounds.Median(f.rate), rounds.Median(f.rateRatio), rounds.Median(f.cpu), rounds.Median(f.cpuRatio))
		}
	}
}
