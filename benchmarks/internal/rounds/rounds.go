// Package rounds reads Go benchmark lines of several rounds and gives medians
// and ratios. A ratio is taken within each round, as a machine's speed wanders
// from round to round.
package rounds

import (
	"bufio"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Key names a series: BenchmarkFamily/key=Row/peer=Peer.
type Key struct{ Family, Row, Peer string }

// Sample is one benchmark line. Memory is -1 where the line does not say it.
type Sample struct{ NS, Bytes, Allocs float64 }

// Set holds the samples of each key in order of the rounds.
type Set map[Key][]Sample

// Read collects every benchmark line of r and passes over the rest.
func Read(r io.Reader) (Set, error) {
	s := Set{}
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		s.Add(sc.Text())
	}
	return s, sc.Err()
}

// Add takes one line and says whether it was a benchmark line with a peer.
func (s Set) Add(line string) bool {
	f := strings.Fields(line)
	if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
		return false
	}
	k, ok := parseName(strings.TrimPrefix(f[0], "Benchmark"))
	if !ok {
		return false
	}
	v := Sample{-1, -1, -1}
	for i := 2; i+1 < len(f); i += 2 {
		x, err := strconv.ParseFloat(f[i], 64)
		if err != nil {
			return false
		}
		switch f[i+1] {
		case "ns/op":
			v.NS = x
		case "B/op":
			v.Bytes = x
		case "allocs/op":
			v.Allocs = x
		}
	}
	if v.NS < 0 {
		return false
	}
	s[k] = append(s[k], v)
	return true
}

// processors is the suffix that go test adds where GOMAXPROCS is not 1.
var processors = regexp.MustCompile(`-\d+$`)

func parseName(name string) (k Key, ok bool) {
	family, rest, _ := strings.Cut(processors.ReplaceAllString(name, ""), "/")
	k.Family = family
	for part := range strings.SplitSeq(rest, "/") {
		key, val, _ := strings.Cut(part, "=")
		switch {
		case key == "peer":
			k.Peer = val
		case val != "":
			k.Row = val
		}
	}
	return k, k.Peer != ""
}

// Median gives the median of each figure by itself, false if there is no sample.
func (s Set) Median(k Key) (Sample, bool) {
	v := s[k]
	if len(v) == 0 {
		return Sample{}, false
	}
	pick := func(f func(Sample) float64) float64 {
		var xs []float64
		for _, x := range v {
			xs = append(xs, f(x))
		}
		return Median(xs)
	}
	return Sample{
		NS:     pick(func(x Sample) float64 { return x.NS }),
		Bytes:  pick(func(x Sample) float64 { return x.Bytes }),
		Allocs: pick(func(x Sample) float64 { return x.Allocs }),
	}, true
}

// Ratios gives the ratio of times of k to base in each round that has both.
func (s Set) Ratios(k, base Key) []float64 {
	v, b := s[k], s[base]
	rs := make([]float64, min(len(v), len(b)))
	for i := range rs {
		rs[i] = v[i].NS / b[i].NS
	}
	return rs
}

// Median gives the median of v, 0 if it is empty. v is left as it is.
func Median(v []float64) float64 { return Quantile(v, 0.5) }

// Quantile gives the q-quantile of v (0 <= q <= 1), between two values by their
// distance; 0 if v is empty. v is left as it is.
func Quantile(v []float64, q float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	at := q * float64(len(v)-1)
	i := int(at)
	if i+1 == len(v) {
		return v[i]
	}
	return v[i] + (at-float64(i))*(v[i+1]-v[i])
}
