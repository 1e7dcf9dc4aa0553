package client

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"sync"
	"time"

	"github.com/gowebob/gowebob/webob"
)

// errSilent is why a request is given up.
var errSilent = errors.New("client: the server is silent for too long")

// exchange is one request under way: it gives up where the server is silent, which is
// another thing than a client of ours that is slow to send or to read.
type exchange struct {
	req    *webob.Request
	ctx    context.Context
	cancel context.CancelCauseFunc
	limit  time.Duration

	mu       sync.Mutex
	timer    *time.Timer // runs while the server is to do something
	answered bool        // the header has come
	given    error       // what reading our client's body has failed with
}

func (a *App) begin(req *webob.Request) *exchange {
	x := &exchange{req: req, limit: a.o.Timeout}
	if own, ok := Timeout.Get(req); ok {
		x.limit = own
	}
	if x.limit == 0 {
		x.limit = defaultTimeout
	}
	x.ctx, x.cancel = context.WithCancelCause(req.Context())
	x.ctx = httptrace.WithClientTrace(x.ctx, &httptrace.ClientTrace{Got1xxResponse: x.informed})
	if x.limit > 0 {
		x.timer = time.AfterFunc(x.limit, func() { x.cancel(errSilent) })
	}
	return x
}

// wait has the timer run from now on, rest stops it.
func (x *exchange) wait() {
	if x.timer != nil {
		x.timer.Reset(x.limit)
	}
}

func (x *exchange) rest() {
	if x.timer != nil {
		x.timer.Stop()
	}
}

// answer ends the time in which sending counts and informational answers come.
func (x *exchange) answer() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.answered = true
	x.rest()
}

// end lets go of everything.
func (x *exchange) end() {
	x.answer()
	x.cancel(nil)
}

// informed passes a 1xx on. It is called by the transport, at the latest while the
// request is under way.
func (x *exchange) informed(code int, h textproto.MIMEHeader) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.answered {
		return nil
	}
	x.wait()
	if code == http.StatusContinue || code == http.StatusSwitchingProtocols {
		return nil
	}
	fields := http.Header(h).Clone()
	dropHopByHop(fields)
	return x.req.Inform(code, fields)
}

// upload is our client's body on its way out. While that is read nobody waits for the
// server.
type upload struct {
	io.ReadCloser
	x *exchange
}

func (u *upload) Read(p []byte) (int, error) {
	u.x.sending(true)
	n, err := u.ReadCloser.Read(p)
	u.x.sending(false)
	if err != nil && err != io.EOF {
		u.x.mu.Lock()
		u.x.given = err
		u.x.mu.Unlock()
	}
	return n, err
}

func (x *exchange) sending(reads bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	switch {
	case x.answered:
	case reads:
		x.rest()
	default:
		x.wait()
	}
}

// download is the body of the answer. What goes wrong in it is an error with a status,
// for the case that not a byte has been sent yet.
type download struct {
	io.ReadCloser
	x     *exchange
	limit int64 // what may still come, or below 0
	done  bool
}

func (d *download) Read(p []byte) (int, error) {
	if d.done {
		return 0, io.EOF
	}
	d.x.wait()
	n, err := d.ReadCloser.Read(p)
	d.x.rest()
	if d.limit >= 0 {
		if int64(n) > d.limit {
			return int(d.limit), d.x.failed(errLong)
		}
		d.limit -= int64(n)
	}
	switch {
	case err == io.EOF:
		d.done = true
	case err != nil:
		err = d.x.failed(err)
	}
	return n, err
}

// Close ends the exchange: what the server has not sent yet is not wanted any more.
func (d *download) Close() error {
	err := d.ReadCloser.Close()
	d.x.end()
	return err
}
