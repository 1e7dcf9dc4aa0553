package server

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// secureConn is a connection over TLS that net/http takes for one without, and finds
// HTTP/1 or HTTP/2 on it by its first bytes. So we see what is read and written before it is
// encrypted: whether a request has begun, and where an HTTP/2 frame ends. secureEntrance
// gives requests their TLS state.
type secureConn struct {
	net.Conn // a *tls.Conn whose further methods net/http must not find
	tracked
	tls       *tls.Conn
	handshake sync.Once
	failed    error
	state     tls.ConnectionState // set by the handshake
}

func newSecureConn(c net.Conn, config *tls.Config) *secureConn {
	t := tls.Server(c, config)
	return &secureConn{Conn: t, tls: t}
}

type secureKey struct{}

// withSecureConn is http.Server.ConnContext.
func withSecureConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, secureKey{}, c)
}

func (c *secureConn) Read(p []byte) (int, error) {
	c.handshake.Do(c.shake)
	if c.failed != nil {
		return 0, c.failed
	}
	return c.tracked.read(c.tls, p)
}

func (c *secureConn) Write(p []byte) (int, error) { return c.tracked.write(c.tls, p) }
func (c *secureConn) Close() error                { return c.tracked.close(c.tls) }
func (c *secureConn) CloseWrite() error           { return c.tls.CloseWrite() }
func (c *secureConn) goAway()                     { c.frames.goAway(c.tls) }

// abort closes without the closing message, for which Close would wait.
func (c *secureConn) abort() {
	c.tls.NetConn().Close()
	c.Close()
}

// shake is the handshake. net/http has set the deadline for reading.
func (c *secureConn) shake() {
	if d := c.conns.headerTimeout; d > 0 {
		c.tls.SetWriteDeadline(time.Now().Add(d))
	}
	err := c.tls.Handshake()
	if err == nil {
		c.tls.SetWriteDeadline(time.Time{})
		c.state = c.tls.ConnectionState()
		return
	}
	c.failed = io.EOF
	reason := err.Error()
	var header tls.RecordHeaderError
	if errors.As(err, &header) && header.Conn != nil && looksLikeHTTP(header.RecordHeader) {
		io.WriteString(header.Conn, "HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"+
			"This is an HTTPS server; the request was sent without TLS.\n")
		reason = "a request without TLS"
	}
	c.conns.log.Debug("TLS handshake failed", "client", c.RemoteAddr().String(), "error", reason)
}

// looksLikeHTTP tells the first bytes of a request from those of TLS.
func looksLikeHTTP(start [5]byte) bool {
	switch string(start[:]) {
	case "GET /", "HEAD ", "POST ", "PUT /", "PATCH", "DELET", "OPTIO":
		return true
	}
	return false
}
