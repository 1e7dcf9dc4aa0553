package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// client is one user with one request at a time. Over HTTP/1 it has a connection of its
// own, over HTTP/2 it shares one with others.
type client struct {
	base   string
	http   *http.Client
	tally  *tally
	random *rand.Rand
	h2     bool
	lazy   int           // per cent of pauses longer than the server's grace of 2 seconds
	pause  time.Duration // on average, between two requests
}

// newTransport gives what has one connection at a time.
func newTransport(kind string, certs *tls.Config) *http.Transport {
	t := &http.Transport{
		MaxConnsPerHost:     1,
		MaxIdleConnsPerHost: 1,
		TLSClientConfig:     certs.Clone(),
		DisableCompression:  true,
		Protocols:           &http.Protocols{},
	}
	switch kind {
	case "h2":
		t.Protocols.SetHTTP2(true)
	case "h2c":
		t.Protocols.SetUnencryptedHTTP2(true)
	default:
		t.Protocols.SetHTTP1(true)
	}
	if kind == "h2" || kind == "h2c" {
		t.MaxConnsPerHost = 0 // while one goes away there is another
	}
	return t
}

// run sends requests until ctx ends or nobody listens any more.
func (c *client) run(ctx context.Context) {
	for ctx.Err() == nil {
		if o := c.once(); o == refused || o == unaccepted {
			return
		}
		pause := time.Duration((0.2 + 1.6*c.random.Float64()) * float64(c.pause))
		if c.random.IntN(100) < c.lazy {
			pause = 2*time.Second + time.Duration(c.random.IntN(4000))*time.Millisecond
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// outcome is what became of a request.
type outcome int

const (
	good       outcome = iota
	failed             // no answer, or a wrong one
	cutOff             // a part of an answer
	inHand             // the same of a killed worker
	refused            // nobody listens, after the stop
	unaccepted         // a connection made in the moment of the stop, see exchange.unaccepted
	unsent             // never sent, see exchange.unsent
)

const requestTimeout = 20 * time.Second

// once sends one request and checks the answer. What was never sent is sent again.
func (c *client) once() outcome {
	for {
		if o := c.send(); o != unsent {
			return o
		}
	}
}

func (c *client) send() outcome {
	seed := c.random.Uint64()
	x := &exchange{kind: "bytes", begun: time.Now(), h2: c.h2, fresh: true}
	var req *http.Request
	var want []byte
	switch n := c.random.IntN(100); {
	case n < 6:
		x.kind = "stream"
		size, ms := 1000+c.random.IntN(100_000), 1000+c.random.IntN(1000)
		want = content(seed, size)
		req, _ = http.NewRequest("GET", fmt.Sprintf("%s/stream?seed=%d&size=%d&ms=%d", c.base, seed, size, ms), nil)
	case n < 20:
		x.kind = "post"
		body := content(seed, c.random.IntN(20_000)+1)
		want = []byte(sum(body))
		// Hidden from the transport, which else could send it again.
		req, _ = http.NewRequest("POST", c.base+"/sum", io.MultiReader(bytes.NewReader(body)))
		req.ContentLength = int64(len(body))
	default:
		size := c.random.IntN(8000)
		if n > 95 {
			size = 300_000
		}
		want = content(seed, size)
		req, _ = http.NewRequest("GET", fmt.Sprintf("%s/bytes?seed=%d&size=%d", c.base, seed, size), nil)
	}
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
	defer cancel()
	x.send(ctx, c, req, want)
	return c.tally.add(x)
}

// exchange is one request and its answer.
type exchange struct {
	kind    string
	begun   time.Time
	took    time.Duration
	mu      sync.Mutex // the transport calls from goroutines of its own
	conns   []string   // the local address of each connection it was sent on
	pid     int
	version string
	wrote   bool // the head was sent
	fresh   bool // on a connection that was new
	partial bool // some of the answer came
	h2      bool
	err     error
}

// unaccepted says whether the connection was new and was reset without a byte. When a
// listener is closed for good the system does so with connections that it has made for
// it in that moment; to their clients it is another way of being refused.
func (x *exchange) unaccepted() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return !x.partial && x.fresh && errors.Is(x.err, syscall.ECONNRESET)
}

// unsent says whether the request never left the client: Go's transport has chosen a
// connection that was told to go away in the same moment, and gives a request up whose
// body it cannot get a second time (GetBody), though it has read none of it.
func (x *exchange) unsent() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.h2 && x.err != nil && !x.wrote && len(x.conns) > 0 &&
		strings.Contains(x.err.Error(), "cannot rewind body after connection loss")
}

func (x *exchange) send(ctx context.Context, c *client, req *http.Request, want []byte) {
	defer func() { x.took = time.Since(x.begun) }()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(i httptrace.GotConnInfo) {
			addr := i.Conn.LocalAddr().String()
			if !i.Reused {
				c.tally.forget(addr)
			}
			x.mu.Lock()
			defer x.mu.Unlock()
			x.conns = append(x.conns, addr)
			x.fresh = !i.Reused
		},
		WroteHeaders: func() {
			x.mu.Lock()
			defer x.mu.Unlock()
			x.wrote = true
		},
	})
	resp, err := c.http.Do(req.WithContext(ctx))
	if err != nil {
		x.err = err
		return
	}
	defer resp.Body.Close()
	x.partial = true
	x.version = resp.Header.Get(headerVersion)
	x.pid, _ = strconv.Atoi(resp.Header.Get(headerPid))
	body, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		x.err = fmt.Errorf("after %d of %d bytes: %w", len(body), len(want), err)
	case resp.StatusCode != http.StatusOK:
		x.err = fmt.Errorf("status %d", resp.StatusCode)
	case !bytes.Equal(body, want):
		x.err = fmt.Errorf("%d bytes, %d or others are right", len(body), len(want))
	}
}

// noConnection says whether nobody listened.
func noConnection(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial" && errors.Is(err, syscall.ECONNREFUSED)
}
