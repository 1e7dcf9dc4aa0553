//go:build unix

package server

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// parent opens the listeners and looks after the workers. All of it runs on one goroutine:
// what happens elsewhere comes by events.
type parent struct {
	*Server
	spawn  *spawner
	tell   *notifier
	events chan func()
	over   chan struct{} // closed when nobody takes events any more
	begun  time.Time

	current   *generation
	next      *generation // on its way, after SIGHUP
	old       *generation // until it takes no more connections
	workers   map[*worker]bool
	last      int // number of the newest generation
	reloading bool
	again     bool // SIGHUP has come meanwhile
	serves    bool // all of the first generation were ready
	halting   bool
	halted    time.Time
	cut       int // connections cut off
	failure   error
}

// lastReports is how long a dead worker is listened to.
const lastReports = time.Second

// killMargin is how much longer than its own deadline a stopping worker may take.
const killMargin = 2 * time.Second

func runParent(s *Server, signals <-chan os.Signal) error {
	sockets, err := openUnlessTold(s, signals)
	if err != nil || sockets == nil {
		return err
	}
	s.sockets = sockets
	spawn, err := newSpawner(sockets)
	if err != nil {
		closeSockets(sockets)
		return err
	}
	p := &parent{
		Server: s, spawn: spawn, tell: newNotifier(s.log), begun: time.Now(),
		events: make(chan func()), over: make(chan struct{}), workers: map[*worker]bool{},
	}
	defer close(p.over)
	for _, socket := range sockets {
		secure := s.certs != nil && !socket.plain
		s.log.Info("listening", slog.String("address", describe(socket.Addr(), secure)),
			slog.Int("workers", s.o.Workers))
	}
	p.current = p.newGeneration()
	p.fill(p.current)
	for len(p.workers) > 0 || !p.halting {
		select {
		case f := <-p.events:
			f()
		case sig := <-signals:
			p.signal(sig)
		}
	}
	p.closeListeners()
	return p.result()
}

func (p *parent) result() error {
	switch {
	case p.failure != nil:
		return p.failure
	case p.cut > 0:
		return &CutOff{Conns: p.cut}
	}
	p.log.Info("stopped", elapsed(p.halted))
	return nil
}

// post has f run on the parent's goroutine. It is given up when there is none.
func (p *parent) post(f func()) {
	select {
	case p.events <- f:
	case <-p.over:
	}
}

func (p *parent) newGeneration() *generation {
	p.last++
	return newGeneration(p.last, p.o.Workers)
}

func (p *parent) fill(g *generation) {
	for _, s := range g.slots {
		p.start(g, s)
	}
}

// start starts the worker of a slot.
func (p *parent) start(g *generation, s *slot) {
	pr, err := p.spawn.start(s.number, g.number)
	w := &worker{cmd: pr.cmd, orders: pr.orders, slot: s, gen: g, started: time.Now()}
	s.worker = w
	p.workers[w] = true
	if err != nil {
		go p.post(func() { p.exited(w, err) })
		return
	}
	p.log.Debug("worker started", w.attr())
	if p.o.ReadyTimeout > 0 {
		p.limit(w, p.o.ReadyTimeout, "not ready in time")
	}
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		readReports(pr.reports, func(r report) { p.post(func() { p.reported(w, r) }) })
		pr.reports.Close()
	}()
	go func() {
		err := pr.cmd.Wait()
		select {
		case <-heard:
		case <-time.After(lastReports): // a child of the worker may hold the pipe
			pr.reports.Close()
		}
		p.post(func() { p.exited(w, err) })
	}()
}

func (w *worker) attr() slog.Attr {
	pid := 0
	if w.cmd != nil {
		pid = w.cmd.Process.Pid
	}
	return slog.Group("worker", slog.Int("number", w.slot.number),
		slog.Int("generation", w.gen.number), slog.Int("pid", pid))
}

// limit kills a worker that has not got where it was to get in time.
func (p *parent) limit(w *worker, d time.Duration, failure string) {
	if w.timer != nil {
		w.timer.Stop()
	}
	w.timer = time.AfterFunc(d, func() {
		p.post(func() {
			if p.workers[w] && (w.told || !w.ready) {
				w.failure = failure
				p.log.Warn("a worker is killed", w.attr(), slog.String("reason", failure))
				w.cmd.Process.Kill()
			}
		})
	})
}

func (p *parent) reported(w *worker, r report) {
	switch {
	case r.ready:
		w.ready = true
		if w.timer != nil && !w.told {
			w.timer.Stop()
		}
		p.log.Debug("worker is ready", w.attr())
		p.progress(w)
	case r.closed:
		w.closed = true
		p.succeed()
	case r.failed != "":
		w.failure = r.failed
	case r.cut > 0 && p.halting:
		p.cut += r.cut
	}
}

// retire has a generation stop gracefully.
func (p *parent) retire(g *generation) {
	g.rest()
	for w := range p.workers {
		switch {
		case w.gen != g:
		case w.ready && !w.told:
			w.told, w.retired = true, true
			w.retire()
			p.limit(w, max(p.o.RetireTimeout, 0)+killMargin, "did not retire in time")
		default:
			p.stopWorker(w)
		}
	}
}

// stopWorker has a worker stop within DrainTimeout.
func (p *parent) stopWorker(w *worker) {
	if w.told && !w.retired || w.cmd == nil {
		return
	}
	w.told, w.retired = true, false
	w.cmd.Process.Signal(syscall.SIGTERM)
	p.limit(w, p.o.StopDelay+max(p.o.DrainTimeout, 0)+killMargin, "did not stop in time")
}

// exited is told of each worker's end.
func (p *parent) exited(w *worker, err error) {
	delete(p.workers, w)
	if w.timer != nil {
		w.timer.Stop()
	}
	if w.orders != nil {
		w.orders.Close()
	}
	if w.slot.worker == w {
		w.slot.worker = nil
	}
	switch {
	case w.told || p.halting:
		p.log.Debug("worker has stopped", w.attr(), slog.Any("status", err))
		p.succeed()
	case w.gen == p.next:
		p.abandon(w, err)
	case !p.serves:
		p.halt(fmt.Errorf("server: worker %d did not start: %w", w.slot.number, w.because(err)))
	case w.gen == p.current:
		p.replace(w, err)
	}
}

// because is why a worker ended, in its own words if it said any.
func (w *worker) because(err error) error {
	switch {
	case w.failure != "" && err != nil:
		return fmt.Errorf("%s (%w)", w.failure, err)
	case w.failure != "":
		return errors.New(w.failure)
	case err == nil:
		return errors.New("exited with status 0")
	}
	return err
}

// replace has a worker that died started again.
func (p *parent) replace(w *worker, err error) {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == ExitConfig {
		w.slot.givenUp = true
		p.log.Error("a worker says that its configuration is wrong: not started again before a reload",
			w.attr(), slog.Any("error", w.because(err)))
		if p.current.lost() {
			p.halt(fmt.Errorf("server: no worker is left: %w", w.because(err)))
		}
		return
	}
	lived := time.Since(w.started)
	pause := w.slot.nextPause(lived)
	p.log.Warn("a worker died", w.attr(), slog.Any("error", w.because(err)),
		slog.Duration("after", lived.Round(time.Millisecond)), slog.Duration("again in", pause))
	w.slot.respawn = time.AfterFunc(pause, func() {
		p.post(func() {
			if !p.halting && w.gen == p.current && w.slot.worker == nil {
				p.start(w.gen, w.slot)
			}
		})
	})
}

func (p *parent) signal(sig os.Signal) {
	switch {
	case sig == syscall.SIGHUP:
		p.reloadAll()
	case p.halting:
		p.log.Warn("told to stop again: connections are cut off", slog.String("signal", sig.String()))
		p.killAll()
	default:
		p.log.Info("told to stop", slog.String("signal", sig.String()), slog.Int("workers", len(p.workers)))
		p.halt(nil)
	}
}

// halt ends it all, gracefully; err is the reason if nobody asked for it.
func (p *parent) halt(err error) {
	if p.halting {
		return
	}
	p.halting, p.halted, p.failure = true, time.Now(), err
	p.tell.stopping()
	if p.o.StopDelay > 0 && err == nil { // the workers take new connections as long
		time.AfterFunc(p.o.StopDelay, func() { p.post(p.closeListeners) })
	} else {
		p.closeListeners()
	}
	p.current.rest()
	for w := range p.workers {
		p.stopWorker(w)
	}
}

func (p *parent) closeListeners() {
	p.spawn.closeListeners()
	closeSockets(p.sockets)
}

func (p *parent) killAll() {
	for w := range p.workers {
		if w.cmd != nil {
			w.cmd.Process.Kill()
		}
	}
}
