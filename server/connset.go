package server

import (
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// connSet is all connections of a server, hijacked ones among them.
type connSet struct {
	log           *slog.Logger
	headerTimeout time.Duration
	keepAlive     time.Duration // of TCP; 0 is as it is
	slots         chan struct{} // one for each connection; nil is no limit
	draining      atomic.Bool

	mu   sync.Mutex
	all  map[*tracked]trackedConn
	gone chan struct{} // closed when the last one has left while somebody waits; else nil
}

// wrap tracks a new connection, over TLS if there is a configuration.
func (s *connSet) wrap(c net.Conn, secure *tls.Config) net.Conn {
	var tc trackedConn
	tcp, isTCP := c.(*net.TCPConn)
	if isTCP {
		s.setKeepAlive(tcp)
	}
	if secure != nil {
		tc = newSecureConn(c, secure)
	} else if isTCP {
		tc = &tcpConn{TCPConn: tcp}
	} else {
		tc = &otherConn{Conn: c}
	}
	t := tc.track()
	t.conns = s
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all[t] = tc
	return tc
}

func (s *connSet) remove(t *tracked) {
	s.mu.Lock()
	delete(s.all, t)
	if len(s.all) == 0 && s.gone != nil {
		close(s.gone)
		s.gone = nil
	}
	s.mu.Unlock()
	if s.slots != nil {
		<-s.slots
	}
}

// setKeepAlive is done for each connection, as inherited listeners know nothing of it.
func (s *connSet) setKeepAlive(c *net.TCPConn) {
	switch {
	case s.keepAlive > 0:
		c.SetKeepAlivePeriod(s.keepAlive)
	case s.keepAlive < 0:
		c.SetKeepAlive(false)
	}
}

// allowHeader gives the client the time for the head of a request again.
func (s *connSet) allowHeader(c net.Conn) {
	if s.headerTimeout <= 0 {
		c.SetReadDeadline(time.Time{})
		return
	}
	c.SetReadDeadline(time.Now().Add(s.headerTimeout))
}

// count gives the number of connections, and how many of those net/http serves as HTTP/1
// or not yet.
func (s *connSet) count() (all, http1 int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for t := range s.all {
		if !t.h2.Load() && t.connState() != http.StateHijacked {
			http1++
		}
	}
	return len(s.all), http1
}

// empty is closed when there are no more connections. One waits at a time.
func (s *connSet) empty() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := make(chan struct{})
	if len(s.all) == 0 {
		close(c)
	} else {
		s.gone = c
	}
	return c
}

// goAway tells the HTTP/2 clients to send no new requests on their connections. Those are
// served still: a client may have sent one before it hears of it.
func (s *connSet) goAway() {
	s.draining.Store(true) // those to come say so by themselves
	s.mu.Lock()
	defer s.mu.Unlock()
	for t, c := range s.all {
		if t.h2.Load() {
			go c.goAway() // it waits for a client that reads nothing
		}
	}
}

// endIdle closes the HTTP/1 connections that have been idle for a while.
func (s *connSet) endIdle(now time.Time, grace time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for t, c := range s.all {
		if t.idleFor(now) >= grace {
			t.abandon(c)
		}
	}
}

// closeAll closes what is left, and gives the number of those that had something to do.
func (s *connSet) closeAll() (busy int) {
	s.mu.Lock()
	left := make([]trackedConn, 0, len(s.all))
	for t, c := range s.all {
		left = append(left, c)
		if t.busy() {
			busy++
		}
	}
	s.mu.Unlock()
	for _, c := range left {
		c.abort()
	}
	return busy
}
