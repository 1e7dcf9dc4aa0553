package client

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"

	"github.com/gowebob/gowebob/webob"
)

// Options say how a server is spoken to. The zero value waits 30 seconds, tells the
// server nothing about the client, and uses no proxy.
type Options struct {
	// Timeout is how long the server may be silent, wherever it is: before it accepts
	// the connection, takes the body, begins its answer, and between two pieces of
	// that. 0 means 30 seconds, below 0 for ever. It bounds no whole answer: a context
	// does.
	Timeout time.Duration
	// MaxHeader is how many bytes the header of the answer may have: 1 MiB.
	MaxHeader int64
	// MaxBody is how many bytes the body of the answer may have, 0 for no limit. It is
	// not kept in memory unless somebody gathers it.
	MaxBody int64
	// KeepHost sends the Host that the client named, not that of the target.
	KeepHost bool
	// Forward says what the server is told of the client. It is for New: NewSender
	// sends all fields as they are.
	Forward Forwarding
	// TLS configures https. It is copied.
	TLS *tls.Config
	// Transport speaks to the server in place of our own. It must neither follow
	// redirects nor undo codings; MaxHeader and TLS are its own affair then.
	Transport http.RoundTripper
}

// Forwarding says which fields tell a server who is behind a request.
type Forwarding int

const (
	// ForwardNothing takes Forwarded, X-Forwarded-* and X-Real-IP away, as anybody
	// could have made them up.
	ForwardNothing Forwarding = iota
	// ForwardAsIs leaves these fields as they came. It is for a place where
	// something else has checked them.
	ForwardAsIs
	// ForwardX sets X-Forwarded-For, X-Forwarded-Host and X-Forwarded-Proto anew, from
	// the client's address as webob.Request.ClientAddr knows it.
	ForwardX
	// ForwardRFC7239 sets Forwarded anew, with for, host and proto.
	ForwardRFC7239
)

// Timeout overrides Options.Timeout for one request. WebOb: the environ key
// webob.client.timeout.
var Timeout = webob.NewKey[time.Duration]("webob.client.timeout")

const (
	defaultTimeout = 30 * time.Second
	defaultHeader  = 1 << 20
)

// transport is the one of the options, or our own: no proxy from the environment, no
// codings, a bounded header.
func (o Options) transport() http.RoundTripper {
	if o.Transport != nil {
		return o.Transport
	}
	limit := o.MaxHeader
	if limit <= 0 {
		limit = defaultHeader
	}
	return &http.Transport{
		DialContext:            (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:        o.TLS.Clone(),
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           100,
		MaxIdleConnsPerHost:    32,
		IdleConnTimeout:        90 * time.Second,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: limit,
		DisableCompression:     true,
	}
}
