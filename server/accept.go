package server

import (
	"crypto/tls"
	"net"
	"os"
	"time"
)

// acceptor is a listener as net/http sees it: it limits and tracks connections, and
// when the server stops it takes what the system has accepted already before it closes.
type acceptor struct {
	*socket
	conns    *connSet
	secure   *tls.Config // nil without TLS
	stopping <-chan struct{}
	swept    bool
	rest     []net.Conn // what was queued when the listener was closed
}

// acceptRest is how long a closing listener takes what is queued. New clients may come
// meanwhile; they are served.
const acceptRest = 20 * time.Millisecond

func (a *acceptor) Accept() (net.Conn, error) {
	if err := a.takeSlot(); err != nil {
		return nil, err
	}
	c, err := a.next()
	if err != nil {
		if a.conns.slots != nil {
			<-a.conns.slots
		}
		return nil, err
	}
	return a.conns.wrap(c, a.secure), nil
}

// next accepts. When the time of a closing listener is over, what came in the last moment is
// taken and the listener closed with nothing in between, as closing resets what is queued.
func (a *acceptor) next() (net.Conn, error) {
	if !a.swept {
		c, err := a.Listener.Accept()
		if err == nil || !a.isStopping() || !os.IsTimeout(err) {
			return c, err
		}
		a.swept = true
		a.rest = sweep(a.Listener)
	}
	if len(a.rest) == 0 {
		return nil, net.ErrClosed
	}
	c := a.rest[0]
	a.rest = a.rest[1:]
	return c, nil
}

// Close drops what nobody has asked for.
func (a *acceptor) Close() error {
	for _, c := range a.rest {
		c.Close()
	}
	return a.socket.Close()
}

// takeSlot waits until there may be one connection more.
func (a *acceptor) takeSlot() error {
	if a.conns.slots == nil {
		return nil
	}
	select {
	case a.conns.slots <- struct{}{}:
		return nil
	default:
	}
	select {
	case a.conns.slots <- struct{}{}:
		return nil
	case <-a.stopping:
		return net.ErrClosed
	}
}

func (a *acceptor) isStopping() bool {
	select {
	case <-a.stopping:
		return true
	default:
		return false
	}
}

// finish has Accept end when the queue is empty.
func (s *socket) finish() {
	if l, ok := s.Listener.(deadliner); ok {
		l.SetDeadline(time.Now().Add(acceptRest))
		return
	}
	s.Close()
}
