package server

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

// Run serves app until the process is told to stop, and is all a main needs: Start, then
//
//   - SIGTERM, SIGINT: Stop, see there. A second one cuts off what is left at once.
//   - SIGHUP: Reload. If that fails, the log says why and all goes on as it was.
//   - the service manager's NOTIFY_SOCKET is told when the server is ready, reloads and
//     stops (systemd's Type=notify and notify-reload).
//
// With Options.Workers, Run starts that many processes of its own program, with the same
// arguments, whose own Run serves the same listeners; so main must come by Run again in
// the same way. This process opens the listeners and watches: a worker that dies is
// started again, at once or, if it did not live long, after a growing pause; one that exits
// with ExitConfig is not. SIGHUP first has the app of this process reloaded, as a check, then
// starts a new generation of workers, and ends the old one gracefully when the new one
// serves; if it does not get there, the old one stays. New workers come with the binary
// and the Options of that time; addresses and the number of workers need a restart. If
// this process dies, its workers stop gracefully.
//
// Run returns nil after a graceful stop, a *CutOff if something was cut off, or why
// it could not serve.
func Run(app http.Handler, o Options) error {
	if mark, ok := workerMark(); ok {
		return runWorker(app, o, mark)
	}
	s, err := New(app, o)
	if err != nil {
		return err
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, os.Interrupt, syscall.SIGHUP)
	defer signal.Stop(signals)
	if s.o.Workers > 0 {
		return runParent(s, signals)
	}
	return runAlone(s, signals)
}

func runAlone(s *Server, signals <-chan os.Signal) error {
	tell := newNotifier(s.log)
	sockets, err := openUnlessTold(s, signals)
	if err != nil || sockets == nil {
		return err
	}
	s.sockets = sockets
	if err := s.Start(); err != nil {
		return err
	}
	tell.ready()
	c := control{server: s, tell: tell}
	for {
		select {
		case <-s.done:
			return s.Wait()
		case sig := <-signals:
			c.handle(sig)
		}
	}
}

// openUnlessTold opens the sockets, which waits for addresses in use. A signal to stop ends that:
// then there are none, and no error.
func openUnlessTold(s *Server, signals <-chan os.Signal) (sockets []*socket, err error) {
	quit, opened := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(opened)
		sockets, err = openSockets(s.o, quit)
	}()
	for {
		select {
		case <-opened:
			return sockets, err
		case sig := <-signals:
			if sig == syscall.SIGHUP {
				go logReload(s)
				continue
			}
			s.log.Info("told to stop", slog.String("signal", sig.String()))
			close(quit)
			<-opened
			closeSockets(sockets)
			return nil, nil
		}
	}
}

// control turns signals into calls, so that none waits for the one before.
type control struct {
	server *Server
	tell   *notifier
	hurry  context.CancelFunc // of the Stop at work

	mu               sync.Mutex
	reloading, again bool // at work; and told once more meanwhile
}

func (c *control) handle(sig os.Signal) {
	switch {
	case sig == syscall.SIGHUP:
		c.reload()
	case c.hurry != nil:
		c.server.log.Warn("told to stop again: connections are cut off", slog.String("signal", sig.String()))
		c.hurry()
	default:
		c.server.log.Info("told to stop", slog.String("signal", sig.String()))
		c.stop()
	}
}

func (c *control) stop() {
	ctx, cancel := context.WithCancel(context.Background())
	c.hurry = cancel
	c.tell.stopping()
	go c.server.Stop(ctx)
}

// reload reloads, and once more if it is told to while it does so: many signals make no
// queue.
func (c *control) reload() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reloading {
		c.again = true
		return
	}
	c.reloading = true
	go func() {
		for more := true; more; more = c.reloadAgain() {
			c.tell.reloading()
			logReload(c.server)
			c.tell.ready()
		}
	}()
}

func (c *control) reloadAgain() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reloading, c.again = c.again, false
	return c.reloading
}

// logReload reloads and says how it went.
func logReload(s *Server) error {
	start := time.Now()
	err := s.Reload()
	if err != nil {
		s.log.Error("not reloaded, the old configuration stays", slog.Any("error", err))
		return err
	}
	if _, ok := s.app.(Reloader); !ok && s.certs == nil {
		s.log.Info("nothing to reload: neither is the app a Reloader nor are there certificates")
		return nil
	}
	s.log.Info("reloaded", elapsed(start))
	return nil
}
