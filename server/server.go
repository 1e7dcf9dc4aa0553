package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"
)

// Server serves one app on its listeners. It is made by New and lives once: Start, Wait,
// Stop. Its methods may be called from anywhere.
type Server struct {
	app   http.Handler
	o     Options
	log   *slog.Logger
	plain *http.Server
	tls   *http.Server  // for the listeners with TLS
	certs *certificates // nil without TLS
	conns *connSet

	quiet    bool   // a worker, whose parent tells where it serves
	onClosed func() // called when the listeners are closed; may be nil
	serving  atomic.Bool
	stopping chan struct{} // closed when the server begins to stop
	hurry    chan error    // what has a Stop that is at work cut off
	sooner   chan struct{} // has a retire that is at work go on as Stop
	ready    chan struct{} // closed when it serves
	done     chan struct{} // closed at its end
	cancel   context.CancelFunc
	reload   sync.Mutex

	mu      sync.Mutex
	phase   phase
	sockets []*socket // given to a worker, else opened by Start
	serve   sync.WaitGroup
	err     error // of the first listener that failed, or of Stop
}

type phase int

const (
	made    phase = iota
	opening       // may take a while, and can be stopped
	started
	ending
)

// ErrState is what Start says of a server that was started or stopped before.
var ErrState = errors.New("server: started or stopped before")

// Reloader is an app that can be loaded again. Reload either has replaced the app when
// it returns, without an effect on requests under way, or says why it has not, and the old
// one goes on. The app of deploy.NewLive is one.
type Reloader interface {
	Reload() error
}

// New makes a server for app; nothing is opened yet. The error is an ErrOptions, or says what
// is wrong with a certificate.
func New(app http.Handler, o Options) (*Server, error) {
	if app == nil {
		return nil, badOption("the app is nil")
	}
	o, err := o.completed()
	if err != nil {
		return nil, err
	}
	s := &Server{
		app:      app,
		o:        o,
		log:      o.Logger,
		stopping: make(chan struct{}),
		hurry:    make(chan error),
		sooner:   make(chan struct{}, 1),
		ready:    make(chan struct{}),
		done:     make(chan struct{}),
		conns: &connSet{
			all: map[*tracked]trackedConn{}, log: o.Logger,
			headerTimeout: o.ReadHeaderTimeout, keepAlive: o.TCPKeepAlive,
		},
	}
	if o.MaxConns > 0 {
		s.conns.slots = make(chan struct{}, o.MaxConns)
	}
	if o.hasTLS() {
		if s.certs, err = newCertificates(o); err != nil {
			return nil, err
		}
	}
	s.makeHTTP()
	return s, nil
}

// makeHTTP makes the two net/http servers. To both a connection looks like one without TLS:
// ours encrypts below (secureConn says why).
func (s *Server) makeHTTP() {
	ctx := context.WithValue(context.Background(), serverKey{}, s)
	ctx, s.cancel = context.WithCancel(ctx)
	app := &entrance{app: s.app, server: s, health: s.o.HealthPath}
	s.plain = s.httpServer(ctx, app, s.o.H2C)
	s.tls = s.httpServer(ctx, &secureEntrance{*app}, !s.o.NoHTTP2)
	s.tls.ConnContext = withSecureConn
}

func (s *Server) httpServer(ctx context.Context, app http.Handler, h2 bool) *http.Server {
	h := &http.Server{
		Handler:           app,
		ReadHeaderTimeout: s.o.ReadHeaderTimeout,
		ReadTimeout:       s.o.ReadTimeout,
		WriteTimeout:      s.o.WriteTimeout,
		IdleTimeout:       s.o.IdleTimeout,
		MaxHeaderBytes:    s.o.MaxHeaderBytes,
		ConnState:         noteState,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          newErrorLog(s.log),
		Protocols:         &http.Protocols{},
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: s.o.MaxStreams},
	}
	h.Protocols.SetHTTP1(true)
	h.Protocols.SetUnencryptedHTTP2(h2)
	h.SetKeepAlivesEnabled(!s.o.NoKeepAlive)
	return h
}

// Start opens the listeners and serves, in this process; it returns when clients can connect.
// An address in use is tried again for Options.BindTimeout. After an error nothing is open, and
// Start may be called again; not so after Stop, which ends a Start that is at work: that is
// ErrState.
func (s *Server) Start() error {
	s.mu.Lock()
	if s.phase != made {
		s.mu.Unlock()
		return ErrState
	}
	s.phase = opening
	sockets := s.sockets
	s.mu.Unlock()
	var err error
	if sockets == nil {
		sockets, err = openSockets(s.o, s.stopping)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.phase == ending:
		closeSockets(sockets)
		return ErrState
	case err != nil:
		s.phase = made
		return err
	}
	s.sockets = sockets
	s.phase = started
	s.serving.Store(true)
	for _, socket := range s.sockets {
		secure := s.certs != nil && !socket.plain
		s.serve.Go(func() { s.serveOn(socket, secure) })
		level := slog.LevelInfo
		if s.quiet {
			level = slog.LevelDebug
		}
		s.log.Log(context.Background(), level, "serving", slog.String("address", describe(socket.Addr(), secure)))
	}
	close(s.ready)
	return nil
}

// serveOn serves until the listener is closed. If it fails, the server stops.
func (s *Server) serveOn(socket *socket, secure bool) {
	a := &acceptor{socket: socket, conns: s.conns, stopping: s.stopping}
	h := s.plain
	if secure {
		h, a.secure = s.tls, s.certs.config
	}
	err := h.Serve(a)
	if a.isStopping() || err == nil {
		return
	}
	s.mu.Lock()
	if s.err == nil {
		s.err = fmt.Errorf("server: %s: %w", socket.Addr(), err)
	}
	s.mu.Unlock()
	s.log.Error("the listener has failed", slog.String("address", socket.Addr().String()), slog.Any("error", err))
	go s.Stop(context.Background())
}

// Ready is closed when clients can connect.
func (s *Server) Ready() <-chan struct{} { return s.ready }

// Serving says whether the server is to be sent requests: it has started and does not stop. That
// is what a health check wants to know.
func (s *Server) Serving() bool { return s.serving.Load() }

// Addrs gives the addresses listened on, in the order of Options.Listen; none before
// Start. They tell the port where 0 was asked for.
func (s *Server) Addrs() []net.Addr {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []net.Addr
	for _, socket := range s.sockets {
		all = append(all, socket.Addr())
	}
	return all
}

// Wait returns when the server has stopped: nil, or why it did so by itself, or what
// Stop said.
func (s *Server) Wait() error {
	<-s.done
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// Reload reads the certificates again, and has the app reload itself if it is a
// Reloader. On an error, or a panic of the app's Reload, all is as before. No connection and no request notices either.
func (s *Server) Reload() error {
	s.reload.Lock()
	defer s.reload.Unlock()
	install := func() {}
	if s.certs != nil {
		var err error
		if install, err = s.certs.read(); err != nil {
			return err
		}
	}
	if app, ok := s.app.(Reloader); ok {
		if err := s.reloadApp(app); err != nil {
			return err
		}
	}
	install()
	return nil
}

// reloadApp has a panic be an error: no other goroutine would catch it, and the old app can go
// on.
func (s *Server) reloadApp(app Reloader) (err error) {
	defer func() {
		if v := recover(); v != nil {
			s.log.Error("the app panicked while it was reloaded", slog.Any("panic", v), slog.String("stack", string(debug.Stack())))
			err = fmt.Errorf("server: reload: panic: %v", v)
		}
	}()
	return app.Reload()
}

// describe is the address as one types it into a client.
func describe(a net.Addr, secure bool) string {
	switch {
	case a.Network() == "unix":
		return "unix:" + a.String()
	case secure:
		return "https://" + a.String()
	}
	return "http://" + a.String()
}

// elapsed is a time that people read.
func elapsed(since time.Time) slog.Attr {
	return slog.Duration("took", time.Since(since).Round(time.Millisecond))
}
