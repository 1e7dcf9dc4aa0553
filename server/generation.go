//go:build unix

package server

import "time"

// generation is one set of workers with the same configuration.
type generation struct {
	number int
	slots  []*slot
}

// slot is the place of one worker, whichever process fills it.
type slot struct {
	number  int
	worker  *worker // nil while it waits to be started again
	pause   time.Duration
	respawn *time.Timer
	givenUp bool // its worker said that the configuration is wrong
}

func newGeneration(number, size int) *generation {
	g := &generation{number: number}
	for i := range size {
		g.slots = append(g.slots, &slot{number: i + 1})
	}
	return g
}

// ready says whether all workers are.
func (g *generation) ready() bool {
	for _, s := range g.slots {
		if s.worker == nil || !s.worker.ready {
			return false
		}
	}
	return true
}

// serve has all workers serve.
func (g *generation) serve() {
	for _, s := range g.slots {
		s.worker.serve()
	}
}

// lost says whether no worker is left, nor comes back.
func (g *generation) lost() bool {
	for _, s := range g.slots {
		if !s.givenUp {
			return false
		}
	}
	return true
}

// rest has nobody started again.
func (g *generation) rest() {
	for _, s := range g.slots {
		if s.respawn != nil {
			s.respawn.Stop()
		}
	}
}

const (
	firstRespawnPause = 100 * time.Millisecond
	longRespawnPause  = 30 * time.Second
	// A worker that has lived this long is replaced at once.
	longLife = 10 * time.Second
)

// nextPause is how long the slot waits for its next worker, by how long the last one has
// lived.
func (s *slot) nextPause(lived time.Duration) time.Duration {
	switch {
	case lived >= longLife:
		s.pause = 0
	case s.pause == 0:
		s.pause = firstRespawnPause
	default:
		s.pause = min(2*s.pause, longRespawnPause)
	}
	return s.pause
}
