package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"
	"time"
)

// socket is one listening socket.
type socket struct {
	net.Listener
	// plain: no TLS here, whatever the options say.
	plain bool
	// remove takes away what the socket has left in the file system; may be nil.
	remove func()
}

// deadliner is what listeners of TCP and Unix sockets have beside Accept.
type deadliner interface{ SetDeadline(time.Time) error }

// openSockets opens all addresses, or none. It gives up, with ErrStopping, when quit is closed.
func openSockets(o Options, quit <-chan struct{}) ([]*socket, error) {
	inherited, err := takeInherited()
	if err != nil {
		return nil, err
	}
	defer inherited.closeRest()
	var all []*socket
	for _, text := range o.Listen {
		opened, err := openAddress(o, text, inherited, quit)
		if err != nil {
			closeSockets(all)
			return nil, err
		}
		all = append(all, opened...)
	}
	return all, nil
}

func openAddress(o Options, text string, in *inherited, quit <-chan struct{}) ([]*socket, error) {
	a, err := parseAddress(text)
	if err != nil {
		return nil, err
	}
	switch a.network {
	case "unix":
		mode, err := o.unixMode()
		if err != nil {
			return nil, err
		}
		return one(listenUnix(a.name, mode))
	case "fd":
		return one(in.number(a.name))
	case systemdAddress:
		return in.named(a.name)
	}
	return one(listenTCP(o, a.name, quit))
}

func one(s *socket, err error) ([]*socket, error) {
	if err != nil {
		return nil, err
	}
	return []*socket{s}, nil
}

func closeSockets(all []*socket) {
	for _, s := range all {
		s.discard()
	}
}

// discard closes the socket and removes its file.
func (s *socket) discard() {
	s.Close()
	if s.remove != nil {
		s.remove()
	}
}

const (
	firstBindPause = 50 * time.Millisecond
	longBindPause  = time.Second
)

// listenTCP opens a TCP address, and tries again while another process has it: one that
// is about to end, after a restart.
func listenTCP(o Options, name string, quit <-chan struct{}) (*socket, error) {
	config := net.ListenConfig{}
	until := time.Now().Add(o.BindTimeout)
	for pause := firstBindPause; ; pause = min(2*pause, longBindPause) {
		l, err := config.Listen(context.Background(), "tcp", name)
		if err == nil {
			return &socket{Listener: l}, nil
		}
		if !errors.Is(err, syscall.EADDRINUSE) || time.Now().Add(pause).After(until) {
			return nil, fmt.Errorf("server: %w", err)
		}
		if pause == firstBindPause {
			o.Logger.Warn("the address is in use, trying again",
				slog.String("address", name), slog.Duration("for", o.BindTimeout))
		}
		select {
		case <-time.After(pause):
		case <-quit:
			return nil, ErrStopping
		}
	}
}
