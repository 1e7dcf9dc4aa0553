package server

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// tracked is what the server knows of a connection. net/http knows more and does not
// tell: which of its idle connections have just begun to send.
type tracked struct {
	conns *connSet
	once  sync.Once

	state atomic.Int32 // an http.ConnState
	reads atomic.Uint32
	// next is how far the next request is. Only a silent connection becomes an ending
	// one, and ending is held while its deadline is set or taken back: net/http sets
	// deadlines of its own, and must not be given one of ours later.
	next   atomic.Int32
	ending sync.Mutex
	h2     atomic.Bool
	frames frameTracker // of HTTP/2

	// seen is for the one who drains: what the connection was like when it
	// last changed.
	seen      snapshot
	changedAt time.Time
}

const (
	silent    int32 = iota // nothing has come since the connection was new or idle
	begun                  // something has
	abandoned              // the connection is to be closed, if nothing has come
)

type snapshot struct {
	state http.ConnState
	reads uint32
}

// trackedConn is a tcpConn, an otherConn or a secureConn.
type trackedConn interface {
	net.Conn
	track() *tracked
	abort()  // Close that waits for nothing
	goAway() // tells an HTTP/2 client to send no new requests; may wait
}

// tcpConn is a TCP connection with all its methods, as sendfile (ReadFrom) and CloseWrite
// are found by them.
type tcpConn struct {
	*net.TCPConn
	tracked
}

func (c *tcpConn) Read(p []byte) (int, error)  { return c.tracked.read(c.TCPConn, p) }
func (c *tcpConn) Write(p []byte) (int, error) { return c.tracked.write(c.TCPConn, p) }
func (c *tcpConn) Close() error                { return c.tracked.close(c.TCPConn) }
func (c *tcpConn) abort()                      { c.Close() }
func (c *tcpConn) goAway()                     { c.frames.goAway(c.TCPConn) }

// otherConn is any other one, such as of a Unix socket.
type otherConn struct {
	net.Conn
	tracked
}

func (c *otherConn) Read(p []byte) (int, error)  { return c.tracked.read(c.Conn, p) }
func (c *otherConn) Write(p []byte) (int, error) { return c.tracked.write(c.Conn, p) }
func (c *otherConn) Close() error                { return c.tracked.close(c.Conn) }
func (c *otherConn) CloseWrite() error           { return closeWrite(c.Conn) }
func (c *otherConn) abort()                      { c.Close() }
func (c *otherConn) goAway()                     { c.frames.goAway(c.Conn) }

// closeWrite tells the other side that no more comes, where the connection can.
func closeWrite(c net.Conn) error {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

func (t *tracked) track() *tracked { return t }

// lastLook is how long a connection that is closed for being idle is listened to once
// more: a deadline hides what has arrived in the same moment.
const lastLook = 5 * time.Millisecond

// prefaceStart begins HTTP/2, RFC 9113 §3.4. No other protocol has the method PRI.
var prefaceStart = []byte("PRI * ")

func (t *tracked) read(c net.Conn, p []byte) (int, error) {
	n, err := c.Read(p)
	if n == 0 && err != nil && t.next.Load() == abandoned && os.IsTimeout(err) {
		n, err = t.readLast(c, p)
	}
	if n == 0 {
		return n, err
	}
	if t.reads.Add(1) == 1 && bytes.HasPrefix(p[:n], prefaceStart) {
		t.h2.Store(true)
		if t.conns.draining.Load() {
			t.frames.want.Store(true)
		}
	}
	if t.next.Swap(begun) == abandoned { // it came just in time
		t.ending.Lock()
		t.conns.allowHeader(c)
		t.ending.Unlock()
	}
	return n, err
}

// readLast reads on a connection whose deadline has been set to close it.
func (t *tracked) readLast(c net.Conn, p []byte) (int, error) {
	t.ending.Lock()
	defer t.ending.Unlock()
	c.SetReadDeadline(time.Now().Add(lastLook))
	n, err := c.Read(p)
	if n == 0 {
		return 0, io.EOF
	}
	return n, err
}

// abandon has a connection closed, if nothing comes in this moment. It may be called
// again: net/http may just have set another deadline.
func (t *tracked) abandon(c net.Conn) {
	if t.next.Load() == begun || !t.ending.TryLock() { // locked: it is looked at once more
		return
	}
	defer t.ending.Unlock()
	if t.next.CompareAndSwap(silent, abandoned) || t.next.Load() == abandoned {
		c.SetReadDeadline(time.Unix(1, 0))
	}
}

func (t *tracked) write(c net.Conn, p []byte) (int, error) {
	if t.h2.Load() {
		return t.frames.write(c, p)
	}
	return c.Write(p)
}

func (t *tracked) connState() http.ConnState { return http.ConnState(t.state.Load()) }

func (t *tracked) close(c net.Conn) error {
	err := c.Close()
	t.once.Do(func() { t.conns.remove(t) })
	return err
}

// noteState is http.Server.ConnState.
func noteState(c net.Conn, state http.ConnState) {
	tc, ok := c.(trackedConn)
	if !ok {
		return
	}
	t := tc.track()
	if state == http.StateIdle {
		t.next.Store(silent)
	}
	t.state.Store(int32(state))
}

// idleFor is how long an HTTP/1 connection has been seen waiting for a request; below
// 0 if it does not.
func (t *tracked) idleFor(now time.Time) time.Duration {
	if seen := (snapshot{t.connState(), t.reads.Load()}); seen != t.seen || t.changedAt.IsZero() {
		t.seen, t.changedAt = seen, now
	}
	if t.h2.Load() || t.seen.state != http.StateIdle && t.seen.state != http.StateNew {
		return -1
	}
	return now.Sub(t.changedAt)
}

// busy says whether a request is under way, or half of one, or the app has taken the
// connection.
func (t *tracked) busy() bool {
	switch t.connState() {
	case http.StateIdle, http.StateNew:
		return t.next.Load() == begun && !t.h2.Load()
	case http.StateActive, http.StateHijacked:
		return true
	}
	return false
}
