//go:build unix

package server

import "log/slog"

// reloadAll begins a reload: first this process, as a check.
func (p *parent) reloadAll() {
	if p.halting {
		return
	}
	if p.reloading || !p.serves {
		p.again = true
		return
	}
	p.reloading = true
	p.tell.reloading()
	go func() {
		err := p.Reload()
		p.post(func() { p.checked(err) })
	}()
}

// checked goes on with the next generation, if the new configuration is good.
func (p *parent) checked(err error) {
	switch {
	case p.halting:
	case err != nil:
		p.log.Error("not reloaded, the old configuration stays", slog.Any("error", err))
		p.reloaded()
	default:
		p.next = p.newGeneration()
		p.fill(p.next)
	}
}

// progress looks whether a worker that has become ready was the last one missing. Only
// then does its generation serve, so that nothing is answered by one that is given up.
func (p *parent) progress(w *worker) {
	switch {
	case p.halting:
	case w.gen == p.current && p.serves:
		w.serve()
	case w.gen == p.current && p.current.ready():
		p.serves = true
		p.current.serve()
		p.log.Info("serving", slog.Int("workers", len(p.current.slots)), elapsed(p.begun))
		p.reloaded()
	case w.gen == p.next && p.next.ready():
		p.old, p.current, p.next = p.current, p.next, nil
		p.current.serve()
		p.retire(p.old)
		p.succeed()
	}
}

// succeed ends a reload when the old workers take no more connections: who connects
// from now on is served by the new ones.
func (p *parent) succeed() {
	if p.old == nil || p.halting {
		return
	}
	for w := range p.workers {
		if w.gen == p.old && !w.closed {
			return
		}
	}
	p.old = nil
	p.log.Info("reloaded: new workers serve, the old ones finish", slog.Int("generation", p.current.number))
	p.reloaded()
}

// abandon gives the next generation up; the current one stays.
func (p *parent) abandon(w *worker, err error) {
	g := p.next
	p.next = nil
	p.log.Error("not reloaded, the old workers stay: a new one did not start", w.attr(), slog.Any("error", w.because(err)))
	p.retire(g)
	p.reloaded()
}

// reloaded ends a reload, well or not, or the start.
func (p *parent) reloaded() {
	p.reloading = false
	p.tell.ready()
	if p.again {
		p.again = false
		p.reloadAll()
	}
}
