package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// ErrStopping is the cause (context.Cause) of a context that has ended because the server stops.
var ErrStopping = errors.New("server: stopping")

// CutOff is what Stop and Wait return when not everything came to its end in time.
type CutOff struct {
	Conns int   // connections that were closed with a request under way, or hijacked
	Cause error // the context's error if that ended first; else nil
}

func (e *CutOff) Error() string {
	text := fmt.Sprintf("server: %d connections cut off", e.Conns)
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *CutOff) Unwrap() error { return e.Cause }

// Stop ends the server gracefully: after Options.StopDelay it takes no new connections, lets requests under way
// finish, answers with "Connection: close" (HTTP/2: GOAWAY) and keeps idle connections for
// Options.IdleGrace, for clients that are just sending. After CancelAfter the contexts
// of the requests left end, after DrainTimeout, or when ctx ends, their connections are
// closed, hijacked ones too: the error is then a *CutOff. A second call while the first is
// at work waits with it, and cuts off when its own ctx ends.
func (s *Server) Stop(ctx context.Context) error {
	return s.stop(ctx, limits{s.o.StopDelay, s.o.DrainTimeout, s.o.CancelAfter})
}

// limits are how long a stop waits before it begins, when it is over and, before that, the
// contexts of requests end.
type limits struct{ delay, total, cancel time.Duration }

// retire is Stop for a worker that has been replaced.
func (s *Server) retire(ctx context.Context) error {
	total := max(s.o.RetireTimeout, 0)
	return s.stop(ctx, limits{0, total, max(total-(s.o.DrainTimeout-s.o.CancelAfter), 0)})
}

// stopSooner has what retire has begun go on as Stop.
func (s *Server) stopSooner() {
	select {
	case s.sooner <- struct{}{}:
	default: // done so before
	}
}

func (s *Server) stop(ctx context.Context, l limits) error {
	s.mu.Lock()
	first := s.phase != ending
	running := s.phase == started
	s.phase = ending
	s.mu.Unlock()
	switch {
	case !first:
		return s.join(ctx)
	case !running:
		close(s.stopping)
		closeSockets(s.sockets)
		s.cancel()
		close(s.done)
		return nil
	}
	return s.drain(ctx, l)
}

// join waits for the Stop that is at work.
func (s *Server) join(ctx context.Context) error {
	select {
	case <-s.done:
	case <-ctx.Done():
		select {
		case s.hurry <- ctx.Err():
		case <-s.done:
		}
	}
	return s.Wait()
}

// drainTick is how often a draining server looks at its connections.
const drainTick = 20 * time.Millisecond

func (s *Server) drain(ctx context.Context, l limits) error {
	s.serving.Store(false)
	hurried := s.delayStop(ctx, l.delay)
	start := time.Now()
	close(s.stopping)
	all, _ := s.conns.count()
	s.log.Info("stopping", slog.Int("connections", all), slog.Duration("at most", l.total))
	s.closeListeners()
	s.conns.goAway()
	if s.onClosed != nil {
		s.onClosed()
	}

	if hurried != nil {
		return s.finish(start, s.conns.closeAll(), hurried)
	}
	tick := time.NewTicker(drainTick)
	defer tick.Stop()
	deadline := time.NewTimer(max(l.total, 0))
	defer deadline.Stop()
	d := drainage{Server: s, start: start, limits: l}
	empty := s.conns.empty()
	for {
		select {
		case <-empty:
			return s.finish(start, 0, nil)
		case <-ctx.Done():
			return s.finish(start, s.conns.closeAll(), ctx.Err())
		case cause := <-s.hurry:
			return s.finish(start, s.conns.closeAll(), cause)
		case <-s.sooner:
			d.start, d.limits = time.Now(), limits{0, s.o.DrainTimeout, s.o.CancelAfter}
			deadline.Reset(max(d.limits.total, 0))
		case <-deadline.C:
			return s.finish(start, s.conns.closeAll(), nil)
		case now := <-tick.C:
			d.step(now)
		}
	}
}

// delayStop waits while new connections are taken still. The error is that of a context
// that ended first.
func (s *Server) delayStop(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	s.log.Info("about to stop", slog.Duration("in", d))
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case err := <-s.hurry:
		return err
	}
}

// closeListeners takes what has been accepted by the system and closes.
func (s *Server) closeListeners() {
	for _, socket := range s.sockets {
		socket.finish()
	}
	s.serve.Wait()
	closeSockets(s.sockets)
}

// drainage is what a draining server has done by now.
type drainage struct {
	*Server
	start          time.Time
	limits         limits
	canceled, away bool
}

func (d *drainage) step(now time.Time) {
	grace := max(d.o.IdleGrace, 0)
	d.conns.endIdle(now, grace)
	if !d.canceled && now.Sub(d.start) >= d.limits.cancel {
		d.canceled = true
		d.cancel()
	}
	// net/http's Shutdown closes HTTP/2 connections when their streams are done. It
	// would drop an HTTP/1 request that it has just read, so it waits until there
	// are none.
	if _, http1 := d.conns.count(); !d.away && http1 == 0 && now.Sub(d.start) >= grace {
		d.away = true
		go d.plain.Shutdown(context.Background())
		go d.tls.Shutdown(context.Background())
	}
}

// finish ends what there is, and says how it went.
func (s *Server) finish(start time.Time, cut int, cause error) error {
	s.cancel()
	s.plain.Close()
	s.tls.Close()
	var err error
	if cut > 0 {
		err = &CutOff{Conns: cut, Cause: cause}
	}
	s.mu.Lock()
	if s.err == nil {
		s.err = err
	}
	err = s.err
	s.mu.Unlock()
	if cut > 0 {
		s.log.Warn("stopped, connections were cut off", slog.Int("connections", cut), elapsed(start))
	} else {
		s.log.Info("stopped", elapsed(start))
	}
	close(s.done)
	return err
}
