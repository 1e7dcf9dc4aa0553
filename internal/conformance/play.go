package conformance

import (
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// patience is how long one question may take before it counts as open.
const patience = 10 * time.Second

// verdict says how a vector was answered.
type verdict int

const (
	open verdict = iota
	alike
	byRule
)

// result is the outcome of one vector.
type result struct {
	vector  Vector
	verdict verdict
	got     Answer
	want    Answer   // after the rules
	rules   []string // the names of those that applied
	trouble string   // a panic with its stack, a timeout, a missing operation
}

// play puts one vector to the family's adapter.
func (f Family) play(v Vector) result {
	r := result{vector: v, want: v.reference()}
	ask, ok := f.Ops[v.Op]
	if !ok {
		r.trouble = "no such operation in the adapter"
		return r
	}
	if r.got, r.trouble = call(ask, v); r.trouble != "" {
		return r
	}
	if f.equalAnswers(v.question(), r.got, r.want) {
		r.verdict = alike
		return r
	}
	f.applyRules(&r)
	if r.trouble == "" && len(r.rules) > 0 && f.equalAnswers(v.question(), r.got, r.want) {
		r.verdict = byRule
	}
	return r
}

// applyRules turns the answer wanted into ours. A rule that panics leaves the
// vector open.
func (f Family) applyRules(r *result) {
	defer func() {
		if p := recover(); p != nil {
			r.trouble = fmt.Sprintf("panic in a rule: %v\n%s", p, debug.Stack())
		}
	}()
	q := r.vector.question()
	for _, rule := range f.Rules {
		if (rule.House || r.vector.Note != "") && rule.Applies(q) {
			r.want = rule.Answer(q, r.want)
			if !slices.Contains(r.rules, rule.Name) {
				r.rules = append(r.rules, rule.Name)
			}
		}
	}
}

// call asks on a goroutine, so that neither a panic nor an endless loop of the
// code under test ends the run.
func call(ask Op, v Vector) (got Answer, trouble string) {
	type outcome struct {
		got     Answer
		trouble string
	}
	done := make(chan outcome, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- outcome{trouble: fmt.Sprintf("panic: %v\n%s", p, debug.Stack())}
			}
		}()
		value, err := ask(v.In)
		if err != nil {
			done <- outcome{got: Refused}
			return
		}
		done <- outcome{got: Says(value)}
	}()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case o := <-done:
		return o.got, o.trouble
	case <-late.C:
		return got, fmt.Sprintf("no answer within %v", patience)
	}
}

// String explains an open vector.
func (r result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  in:   %s\n", r.vector.Op, r.vector.In)
	if r.vector.Note != "" {
		fmt.Fprintf(&b, "  note: %s\n", r.vector.Note)
	}
	if len(r.rules) > 0 {
		fmt.Fprintf(&b, "  reference: %v\n  rules: %s\n", r.vector.reference(), strings.Join(r.rules, "; "))
	}
	fmt.Fprintf(&b, "  want: %v\n", r.want)
	if r.trouble != "" {
		fmt.Fprintf(&b, "  got:  %s", r.trouble)
	} else {
		fmt.Fprintf(&b, "  got:  %v", r.got)
	}
	return b.String()
}

// tally counts the results of a family, those of vectors with a note apart.
type tally struct {
	family       string
	plain, noted [3]int         // by verdict
	used         map[string]int // rule name -> vectors it helped to decide
	openResults  []result
}

// playAll plays vectors that belong to the family.
func (f Family) playAll(vectors []Vector) tally {
	t := tally{family: f.Name, used: map[string]int{}}
	for _, v := range vectors {
		r := f.play(v)
		if v.Note == "" {
			t.plain[r.verdict]++
		} else {
			t.noted[r.verdict]++
		}
		switch r.verdict {
		case open:
			t.openResults = append(t.openResults, r)
		case byRule:
			for _, name := range r.rules {
				t.used[name]++
			}
		}
	}
	return t
}

// String is the line of the report.
func (t tally) String() string {
	sum := func(n [3]int) int { return n[open] + n[alike] + n[byRule] }
	return fmt.Sprintf("%s: plain %d alike, %d by house rule, %d open of %d; noted %d alike, %d by rule, %d open of %d",
		t.family, t.plain[alike], t.plain[byRule], t.plain[open], sum(t.plain),
		t.noted[alike], t.noted[byRule], t.noted[open], sum(t.noted))
}
