package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// send does it all; the error is the one to answer with.
func (a *App) send(req *webob.Request) (*webob.Response, error) {
	if req.Method == http.MethodConnect || upgrades(req.Header) {
		return nil, exc.NotImplemented
	}
	out, err := a.request(req)
	if err != nil {
		return nil, err
	}
	x := a.begin(req)
	if out.Body != nil {
		out.Body = &upload{out.Body, x}
	}
	resp, err := a.transport.RoundTrip(out.WithContext(x.ctx))
	x.answer()
	if err != nil {
		err = a.told(out, x.failed(err))
		x.end()
		return nil, err
	}
	p, err := a.response(x, out, resp)
	if err != nil {
		resp.Body.Close()
		x.end()
		return nil, err
	}
	return p, nil
}

// upgrades tells a WebSocket handshake, which cannot be passed on. Other upgrades, h2c
// above all, are offers that a server is free to pass over (RFC 9110 §7.8).
func upgrades(h http.Header) bool {
	return lists(h["Connection"], "upgrade") && lists(h["Upgrade"], "websocket")
}

// request is the one that goes out.
func (a *App) request(req *webob.Request) (*http.Request, error) {
	u, host, err := a.where(req)
	if err != nil {
		return nil, err
	}
	h, err := a.outgoing(req)
	if err != nil {
		return nil, err
	}
	method := req.Method
	if method == "" {
		method = http.MethodGet
	}
	if !isToken(method) {
		return nil, unsendable("method %.20q", method)
	}
	if strings.ContainsFunc(host, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`/?#@\`, r) }) {
		return nil, unsendable("host %.80q", host)
	}
	out := &http.Request{
		Method: method, URL: u, Host: host, Header: h, ContentLength: req.ContentLength, Trailer: req.Trailer,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	switch announced := req.Header.Get("Content-Length"); {
	case req.Body == nil, req.Body == http.NoBody:
	case strings.Trim(announced, "0123456789") != "":
		out.ContentLength = 0 // which announces no body, as in WebOb; no server of net/http lets it in
	case req.ContentLength > 0:
		out.Body = &limited{req.Body, req.ContentLength}
	default:
		out.Body = req.Body
	}
	return out, nil
}

// limited is a body that is as long as announced, and no longer.
type limited struct {
	io.ReadCloser
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, io.EOF
	}
	n, err := l.ReadCloser.Read(p[:min(int64(len(p)), l.left)])
	if l.left -= int64(n); err == io.EOF && l.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
	})
}

// response makes a Response of the answer.
func (a *App) response(x *exchange, out *http.Request, resp *http.Response) (*webob.Response, error) {
	switch {
	case resp.StatusCode < 200 || resp.StatusCode > 599:
		return nil, exc.BadGateway.Wrap(fmt.Errorf("client: the server answered with status %d", resp.StatusCode))
	case resp.ProtoMajor != 1 && resp.TLS == nil && a.o.Transport == nil:
		return nil, exc.BadGateway.Wrap(fmt.Errorf("client: the server answered in %s", resp.Proto))
	case a.o.MaxBody > 0 && resp.ContentLength > a.o.MaxBody && out.Method != http.MethodHead:
		return nil, exc.BadGateway.Wrap(errLong)
	}
	p := webob.NewResponse(resp.StatusCode)
	dropHopByHop(resp.Header)
	body := &download{ReadCloser: resp.Body, x: x, limit: -1}
	if a.o.MaxBody > 0 {
		body.limit = a.o.MaxBody
	}
	switch {
	case resp.Body == http.NoBody || !hasBody(out.Method, resp.StatusCode):
		resp.Body.Close()
		x.end()
		p.SetBody(http.NoBody) // which also has an answer to HEAD keep its length
	case resp.ContentLength >= 0:
		p.SetBody(body)
	default:
		p.SetLiveBody(body)
		passTrailers(p, resp)
	}
	p.Header().AddHeader(resp.Header)
	if err := p.Header().Err(); err != nil {
		p.Close()
		return nil, exc.BadGateway.Wrap(err)
	}
	return p, nil
}

// hasBody says whether an answer can have a body, RFC 9110 §6.4.1.
func hasBody(method string, status int) bool {
	return method != http.MethodHead && status != http.StatusNoContent && status != http.StatusNotModified
}

// passTrailers announces those that the server has announced, and sends what comes.
func passTrailers(p *webob.Response, resp *http.Response) {
	announced := make([]string, 0, len(resp.Trailer))
	for name := range resp.Trailer {
		announced = append(announced, name)
	}
	slices.Sort(announced)
	if len(announced) > 0 {
		p.Header().Set("Trailer", strings.Join(announced, ", "))
	}
	p.SetTrailer(func() http.Header {
		trailer := http.Header{}
		for name, values := range resp.Trailer {
			if !slices.Contains(announced, name) {
				name = http.TrailerPrefix + name
			}
			trailer[name] = values
		}
		return trailer
	})
}

// errLong is an answer beyond MaxBody.
var errLong = errors.New("client: the answer is longer than the limit")

// failed gives what went wrong its status.
func (x *exchange) failed(err error) error {
	x.mu.Lock()
	given := x.given
	x.mu.Unlock()
	var slow interface{ Timeout() bool }
	switch {
	case given != nil && x.req.Context().Err() == nil && !errors.Is(context.Cause(x.ctx), errSilent):
		return unreadable(given)
	case errors.Is(context.Cause(x.ctx), errSilent):
		return exc.GatewayTimeout.Wrap(errSilent)
	case errors.Is(err, context.DeadlineExceeded),
		errors.As(err, &slow) && slow.Timeout():
		return exc.GatewayTimeout.Wrap(err)
	}
	return exc.BadGateway.Wrap(err)
}

// unreadable is a body that our own client has not sent as it said.
func unreadable(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return exc.RequestEntityTooLarge.Wrap(err)
	}
	var known interface{ Status() int }
	if errors.As(err, &known) {
		return err
	}
	if _, ok := errors.AsType[*webob.InputError](err); ok {
		return err
	}
	return exc.BadRequest.Wrap(err)
}

// told adds what the sender of a request of its own may know. The clients of a
// gateway are told nothing of the servers behind it.
func (a *App) told(out *http.Request, err error) error {
	e, ok := errors.AsType[*exc.Error](err)
	if a.target != nil || !ok || !errors.Is(err, exc.BadGateway) {
		return err
	}
	dns, unknown := errors.AsType[*net.DNSError](err)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return e.With("Connection refused")
	case unknown && dns.IsNotFound:
		return e.Withf("Name or service not known (bad domain name: %s)", out.URL.Hostname())
	}
	return err
}
