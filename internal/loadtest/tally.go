package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// tally counts.
type tally struct {
	mu       sync.Mutex
	kinds    map[string]int
	outcomes map[outcome]int
	retried  int // given another connection by the transport, though no worker was killed
	conns    map[string]int
	versions map[string]int
	pids     map[int]time.Time // when each process answered last
	kills    []*kill
	stopped  time.Time
	examples []string
	took     []time.Duration // of answers that are no streams
}

// kill is the end of one worker.
type kill struct {
	pid   int
	at    time.Time
	conns int // connections it had, as far as it had answered on them
	lost  int
}

func newTally() *tally {
	return &tally{
		kinds: map[string]int{}, outcomes: map[outcome]int{}, conns: map[string]int{},
		versions: map[string]int{}, pids: map[int]time.Time{},
	}
}

const (
	maxExamples = 10
	// killWindow is how long after a kill a connection on which nothing has been
	// answered before may be taken for one of the killed worker.
	killWindow = 300 * time.Millisecond
)

func (t *tally) add(x *exchange) outcome {
	t.mu.Lock()
	defer t.mu.Unlock()
	o := t.judge(x)
	t.outcomes[o]++
	if o == refused || o == unsent || o == unaccepted {
		return o
	}
	if len(x.conns) > 1 && !t.killedBefore(x.conns[0]) {
		t.retried++
	}
	if o == good {
		t.kinds[x.kind]++
		t.versions[x.version]++
		t.pids[x.pid] = time.Now()
		t.conns[x.conns[len(x.conns)-1]] = x.pid
		if x.kind != "stream" {
			t.took = append(t.took, x.took)
		}
	} else if o != inHand && len(t.examples) < maxExamples {
		t.examples = append(t.examples, fmt.Sprintf("%s after %v, sent to %v, %s: %v",
			x.kind, x.took.Round(time.Millisecond), t.where(x), t.sinceKill(), x.err))
	}
	return o
}

// forget is told of each new connection: its address may have been that of another.
func (t *tally) forget(addr string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.conns, addr)
}

func (t *tally) judge(x *exchange) outcome {
	switch {
	case x.err == nil:
		return good
	case !t.stopped.IsZero() && noConnection(x.err):
		return refused
	case !t.stopped.IsZero() && x.unaccepted():
		return unaccepted
	case x.unsent():
		return unsent
	}
	if k := t.killOf(x); k != nil {
		k.lost++
		return inHand
	}
	if x.partial {
		return cutOff
	}
	return failed
}

// killOf gives the kill that an exchange was a victim of.
func (t *tally) killOf(x *exchange) *kill {
	pid := x.pid
	if pid == 0 && len(x.conns) > 0 {
		pid = t.conns[x.conns[len(x.conns)-1]]
	}
	end := x.begun.Add(x.took)
	for _, k := range t.kills {
		if k.pid == pid || pid == 0 && x.begun.Before(k.at.Add(killWindow)) && end.After(k.at) {
			return k
		}
	}
	return nil
}

// where gives the processes that an exchange was sent to, as far as they are known.
func (t *tally) where(x *exchange) (pids []int) {
	for _, c := range x.conns {
		pids = append(pids, t.conns[c])
	}
	return pids
}

func (t *tally) sinceKill() string {
	if len(t.kills) == 0 {
		return "no kill before"
	}
	k := t.kills[len(t.kills)-1]
	return fmt.Sprintf("%v after the kill of %d", time.Since(k.at).Round(time.Millisecond), k.pid)
}

// killedBefore says whether a connection was one of a killed worker.
func (t *tally) killedBefore(addr string) bool {
	pid := t.conns[addr]
	return slices.ContainsFunc(t.kills, func(k *kill) bool { return k.pid == pid })
}

// addKill notes that a worker is about to be killed.
func (t *tally) addKill(pid int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k := &kill{pid: pid, at: time.Now()}
	for _, p := range t.conns {
		if p == pid {
			k.conns++
		}
	}
	t.kills = append(t.kills, k)
}

func (t *tally) stop() {
	t.mu.Lock()
	t.stopped = time.Now()
	t.mu.Unlock()
}

// answeredLately gives the processes that have answered in the last while, but no killed one.
func (t *tally) answeredLately(d time.Duration) (pids []int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, pid := range slices.Sorted(maps.Keys(t.pids)) {
		dead := slices.ContainsFunc(t.kills, func(k *kill) bool { return k.pid == pid })
		if !dead && time.Since(t.pids[pid]) < d {
			pids = append(pids, pid)
		}
	}
	return pids
}

func (t *tally) seen(version string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.versions[version]
}

// clean says whether nothing went wrong that was not bound to.
func (t *tally) clean() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.outcomes[failed] == 0 && t.outcomes[cutOff] == 0
}

func (t *tally) print(w io.Writer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	fmt.Fprintf(w, "answers            %d right (%s)\n", t.outcomes[good], counts(t.kinds))
	fmt.Fprintf(w, "failed             %d\n", t.outcomes[failed])
	fmt.Fprintf(w, "cut off            %d\n", t.outcomes[cutOff])
	fmt.Fprintf(w, "begun twice        %d, by the client's transport and for no kill\n", t.retried)
	if n := t.outcomes[unaccepted]; n > 0 {
		fmt.Fprintf(w, "reset at the stop  %d new connections that nobody had accepted\n", n)
	}
	if n := t.outcomes[unsent]; n > 0 {
		fmt.Fprintf(w, "never sent         %d, given up by the client's transport and begun again\n", n)
	}
	for i, k := range t.kills {
		fmt.Fprintf(w, "killed worker %d    took %d requests with it; it had %d connections\n", i+1, k.lost, k.conns)
	}
	if len(t.took) > 0 {
		slices.Sort(t.took)
		at := func(share float64) time.Duration {
			return t.took[int(share*float64(len(t.took)-1))].Round(10 * time.Microsecond)
		}
		fmt.Fprintf(w, "time to answer     median %v, 99 %% %v, longest %v\n", at(0.5), at(0.99), at(1))
	}
	for _, e := range t.examples {
		fmt.Fprintf(w, "  %s\n", e)
	}
}

func counts(m map[string]int) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s %d", k, m[k]))
	}
	return strings.Join(parts, ", ")
}
