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
}

// acceptRest is how long a closing listener takes what is queued. New clients may come
// meanwhile; they are served.
const acceptRest = 20 * time.Millisecond

func (a *acceptor) Accept() (net.Conn, error) {
	if err := a.takeSlot(); err != nil {
		return nil, err
	}
	c, err := a.Listener.Accept()
	if err != nil {
		if a.conns.slots != nil {
			<-a.conns.slots
		}
		if a.isStopping() && os.IsTimeout(err) {
			err = net.ErrClosed
		}
		return nil, err
	}
	return a.conns.wrap(c, a.secure), nil
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
