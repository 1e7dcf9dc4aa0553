package gateway

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/fcgi"
	"slices"
	"strconv"
	"sync"
	"time"
)

// ServeFastCGI answers the requests of a web server that speaks FastCGI over l, as
// nginx does, until ctx ends: then it closes l, waits for the requests that are
// running, for Options.Grace at most, and returns nil. Another error of l is returned.
//
// It is net/http/fcgi with what that lacks: a panic ends one request and not the process,
// the variables have a limit, contexts end when the front goes away, and what the
// front says of SCRIPT_NAME and PATH_INFO is not lost. An aborted answer closes its
// connection, and so those that the front may have multiplexed on it.
func ServeFastCGI(ctx context.Context, l net.Listener, app http.Handler, o *Options) error {
	if app == nil {
		return errNoApp
	}
	s := &fastServer{app: app, options: o.filled(), conns: make(map[*fastConn]struct{})}
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	for {
		conn, err := l.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				conn.Close()
			}
			s.drain()
			return nil
		case err != nil:
			s.drain()
			return err
		}
		s.welcome(conn)
	}
}

// fastServer is what the connections share.
type fastServer struct {
	app     http.Handler
	options *Options

	mu    sync.Mutex
	conns map[*fastConn]struct{}
}

// welcome hands a connection to net/http/fcgi, by a listener that has but one.
func (s *fastServer) welcome(conn net.Conn) {
	ctx, cancel := context.WithCancel(context.Background())
	c := &fastConn{Conn: conn, server: s, ctx: ctx, cancel: cancel, in: records{r: conn}, pending: make(map[uint16][]byte), exchanges: make(map[string]*fastExchange)}
	s.mu.Lock()
	s.conns[c] = struct{}{}
	s.mu.Unlock()
	_ = fcgi.Serve(&only{conn: c}, c)
}

// only is a listener with one connection.
type only struct{ conn net.Conn }

func (o *only) Accept() (net.Conn, error) {
	conn := o.conn
	o.conn = nil
	if conn == nil {
		return nil, io.EOF
	}
	return conn, nil
}

func (o *only) Close() error   { return nil }
func (o *only) Addr() net.Addr { return nil }

// drain closes idle connections and waits for the others.
func (s *fastServer) drain() {
	deadline := time.Now().Add(s.options.Grace)
	for s.closeIdle() > 0 && time.Now().Before(deadline) {
		time.Sleep(10 * time.Millisecond)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		go c.Close() // it takes itself out
	}
}

// closeIdle gives the number of connections that are busy.
func (s *fastServer) closeIdle() (busy int) {
	s.mu.Lock()
	conns := slices.Collect(maps.Keys(s.conns))
	s.mu.Unlock()
	for _, c := range conns {
		if c.busy() {
			busy++
			continue
		}
		c.Close()
	}
	return busy
}

// fastConn is a connection to the front. What net/http/fcgi reads from it are the
// records of the front, but with one made-up variable in the place of all
// variables of a request, by which they are found again.
type fastConn struct {
	net.Conn
	server *fastServer
	ctx    context.Context
	cancel context.CancelFunc

	in      records
	buf     []byte
	out     []byte // what is left of buf
	failed  error
	pending map[uint16][]byte // variables that are still coming
	count   int

	mu        sync.Mutex
	exchanges map[string]*fastExchange
	closing   sync.Once
}

// fastExchange is one request.
type fastExchange struct {
	id     uint16
	vars   map[string]string
	ctx    context.Context
	cancel context.CancelFunc
	ended  bool // the handler has
}

// variable is the name of the made-up variable.
const variable = "gateway"

// maxPending bounds the requests that a front may begin on one connection.
const maxPending = 128

// Read gives the edited records.
func (c *fastConn) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		if c.failed == nil {
			c.failed = c.advance()
		}
		if c.failed != nil && len(c.out) == 0 {
			c.cancel()
			return 0, c.failed
		}
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

// advance takes one record.
func (c *fastConn) advance() error {
	rec, err := c.in.next()
	if err != nil {
		return err
	}
	held, begun := c.pending[rec.id]
	switch {
	case rec.kind == fcgiBegin:
		if begun || len(c.pending) >= maxPending {
			return c.refuse("too many requests, or one begun twice")
		}
		c.pending[rec.id] = nil
	case rec.kind == fcgiParams && !begun:
		return nil // of nobody's request: to be ignored, §3.3
	case rec.kind == fcgiParams && len(rec.content) > 0:
		if len(held)+len(rec.content) > c.server.options.MaxVariables {
			return c.refuse("the variables are too large")
		}
		c.pending[rec.id] = append(held, rec.content...)
		return nil
	case rec.kind == fcgiParams:
		delete(c.pending, rec.id)
		return c.begin(rec.id, held)
	case rec.kind == fcgiAbort:
		delete(c.pending, rec.id)
		c.abandon(rec.id)
	}
	c.buf = appendRecord(c.buf[:0], rec.kind, rec.id, rec.content)
	c.out = c.buf
	return nil
}

func (c *fastConn) refuse(why string) error {
	err := fmt.Errorf("%w: %s", ErrProtocol, why)
	c.server.options.Logger.LogAttrs(c.ctx, slog.LevelWarn, "request refused", slog.Any("err", err))
	return err
}

// begin puts the variables of a request away.
func (c *fastConn) begin(id uint16, params []byte) error {
	x := &fastExchange{id: id, vars: make(map[string]string, 40)}
	for pair, err := range pairs(params) {
		if err != nil {
			return c.refuse(err.Error())
		}
		x.vars[pair[0]] = pair[1]
	}
	x.ctx, x.cancel = context.WithCancel(c.ctx)
	c.count++
	key := strconv.Itoa(c.count)
	c.mu.Lock()
	c.exchanges[key] = x
	c.mu.Unlock()
	made := appendPair(nil, variable, key)
	made = appendPair(made, "REQUEST_METHOD", http.MethodGet)
	made = appendPair(made, "SERVER_PROTOCOL", "HTTP/1.1")
	c.buf = appendStream(c.buf[:0], fcgiParams, id, made)
	c.out = c.buf
	return nil
}

// abandon ends the context of a request that the front has given up.
func (c *fastConn) abandon(id uint16) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, x := range c.exchanges {
		if x.id == id {
			x.cancel()
		}
	}
}

func (c *fastConn) busy() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.exchanges) > 0
}

// Write passes a record of net/http/fcgi on; the one that ends a request is where
// that is over.
func (c *fastConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if len(p) >= fcgiHeader && p[1] == fcgiEnd {
		c.forget(binary.BigEndian.Uint16(p[2:]))
	}
	return n, err
}

// forget ends a request whose answer is out.
func (c *fastConn) forget(id uint16) {
	c.mu.Lock()
	defer c.mu.Unlock()
	maps.DeleteFunc(c.exchanges, func(_ string, x *fastExchange) bool { return x.id == id && x.ended })
}

// Close closes the connection, and ends what runs on it.
func (c *fastConn) Close() error {
	err := net.ErrClosed
	c.closing.Do(func() {
		c.cancel()
		err = c.Conn.Close()
		c.server.mu.Lock()
		defer c.server.mu.Unlock()
		delete(c.server.conns, c)
	})
	return err
}

// ServeHTTP is what net/http/fcgi calls, with a request that says but where the
// real one is to be found.
func (c *fastConn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	x := c.exchanges[fcgi.ProcessEnv(r)[variable]]
	c.mu.Unlock()
	if x == nil {
		c.Close() // a body without variables before it
		return
	}
	defer c.end(x)
	in := &incoming{vars: x.vars, options: c.server.options, fastcgi: true}
	in.serve(x.ctx, w, r.Body, c.server.app)
}

// end ends a handler. A panic breaks the connection, which tells the front that the
// answer is not whole.
func (c *fastConn) end(x *fastExchange) {
	v := recover()
	x.cancel()
	c.mu.Lock()
	x.ended = true
	c.mu.Unlock()
	if v != nil {
		c.server.options.logPanic(x.ctx, v)
		c.spoil()
	}
}

// spoil breaks the connection in a way that no front takes for the end of an
// answer. To close it would not do: for nginx, unless it keeps connections, that is
// an end like any other. A record of no version is an error for all of them.
func (c *fastConn) spoil() {
	_ = c.Conn.SetWriteDeadline(time.Now().Add(time.Second))
	_, _ = c.Conn.Write(make([]byte, fcgiHeader))
	c.Close()
}
