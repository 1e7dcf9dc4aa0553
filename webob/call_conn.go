package webob

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// What a call offers of the connection: these reach the outermost writer.

// controller reaches the outermost writer.
func (c *call) controller() (*http.ResponseController, error) {
	if c.req.w == nil {
		return nil, http.ErrNotSupported
	}
	return http.NewResponseController(c.req.w), nil
}

// Hijack takes the connection over; the filters then see an answer that says
// Hijacked, after the handler has ended.
func (c *call) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	c.producing.Lock()
	defer c.producing.Unlock()
	rc, err := c.controller()
	if err != nil {
		c.unswitch()
		return nil, nil, err
	}
	conn, rw, err := rc.Hijack()
	if err != nil {
		c.unswitch()
		return nil, nil, err
	}
	c.hijacked = true
	if c.status != 0 && !c.handed {
		if err := c.writeRaw(rw.Writer); err != nil {
			conn.Close()
			return nil, nil, err
		}
	}
	return conn, rw, nil
}

// unswitch takes a 101 back: the handler said it before it asked for a connection
// that cannot be had, and has to say another thing now.
func (c *call) unswitch() {
	if c.status != http.StatusSwitchingProtocols || c.handed {
		return
	}
	c.status, c.declared, c.made.header = 0, -1, header.List{}
	c.typed, c.later = false, false
	delete(c.header, "Upgrade")
	delete(c.header, "Connection")
}

// writeRaw writes what the handler said before it took the connection: the 101 of
// a WebSocket library, the 200 of a tunnel. net/http does so too.
func (c *call) writeRaw(w *bufio.Writer) error {
	version := "HTTP/1.1"
	if !c.req.ProtoAtLeast(1, 1) {
		version = "HTTP/1.0"
	}
	fmt.Fprintf(w, "%s %d %s\r\n", version, c.status, http.StatusText(int(c.status)))
	c.made.header.HTTPHeader().Write(w)
	w.WriteString("\r\n")
	c.gatherText()
	w.Write(c.buf)
	return w.Flush()
}

// SetReadDeadline is http.ResponseController's.
func (c *call) SetReadDeadline(t time.Time) error {
	rc, err := c.controller()
	if err != nil {
		return err
	}
	return rc.SetReadDeadline(t)
}

// SetWriteDeadline is http.ResponseController's.
func (c *call) SetWriteDeadline(t time.Time) error {
	rc, err := c.controller()
	if err != nil {
		return err
	}
	return rc.SetWriteDeadline(t)
}

// EnableFullDuplex is http.ResponseController's.
func (c *call) EnableFullDuplex() error {
	rc, err := c.controller()
	if err != nil {
		return err
	}
	return rc.EnableFullDuplex()
}

// Push declines: browsers no longer take it.
func (c *call) Push(string, *http.PushOptions) error { return http.ErrNotSupported }
