package benchmarks

import (
	"net/http"
	"slices"
)

// A Peer is a toolkit, or a way of using one.
type Peer struct {
	Name string
	// Apps maps a workload to the handler that does it. Workloads that are not
	// there are not timed.
	Apps map[string]http.Handler
	// Wrong names the workloads where the peer gives another answer than asked
	// for, and why. They are timed all the same and marked in the tables.
	Wrong map[string]string
	// AuthCookie is the cookie of the signedcookie workload in the peer's own
	// format: {"user":"alice","n":7} under its key.
	AuthCookie string
}

// Peers makes every peer, in column order. fiber is not among them: it stands on
// fasthttp, so that "a parsed net/http request goes in" would not be the same
// work; cmd/serve has it for the runs over a socket.
func Peers() []*Peer {
	return []*Peer{
		gowebobPeer(), rawPeer(), rawminPeer(), rawclPeer(), floorPeer(), servemuxPeer(), chiPeer(), ginPeer(), echoPeer(),
		humaPeer(), httpsnoopPeer(), recorderPeer(), gorillaPeer(),
	}
}

// PeerNamed makes the peer of that name, nil if there is none.
func PeerNamed(name string) *Peer {
	ps := Peers()
	i := slices.IndexFunc(ps, func(p *Peer) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return ps[i]
}

// Request makes the request of a workload for this peer.
func (p *Peer) Request(work string) *Request {
	q := NewRequest(work)
	if work == SignedCookie {
		q.Header.Set("Cookie", "theme=dark; auth="+p.AuthCookie)
	}
	return q
}

// Rank is the place of a peer's column in the tables.
func Rank(name string) int {
	order := []string{
		Ours, OursUncached, "raw", "rawmin", "rawcl", "floor", "servemux", "chi", "gin", "echo", "huma",
		"httpsnoop", "recorder", "gorilla", "gddo", "contenttype", "goautoneg",
		"go-accept-headers", "gorilla-mux", "httprouter",
	}
	if i := slices.Index(order, name); i >= 0 {
		return i
	}
	return len(order)
}

// Names of peers that budgets speak of.
const (
	// Ours is gowebob's peer.
	Ours = "gowebob"
	// OursUncached is gowebob's negotiator without its cache of Accept fields.
	OursUncached = Ours + "-uncached"
	// Python serves Python WebOb's answers from a ready environ.
	Python = "webob-py"
)

// serving says that one handler does all of these workloads; it is how a peer
// with a router of its own is written down.
func serving(h http.Handler, works ...string) map[string]http.Handler {
	m := make(map[string]http.Handler, len(works))
	for _, w := range works {
		m[w] = h
	}
	return m
}

// pipeline puts the eight middlewares round an app, number 0 outermost.
func pipeline(mw func(i int, next http.Handler) http.Handler, app http.Handler) http.Handler {
	return layers(mw, 0, PipelineDepth, app)
}

// layers puts the middlewares from (inclusive) to to (exclusive) round an app.
func layers(mw func(i int, next http.Handler) http.Handler, from, to int, app http.Handler) http.Handler {
	for i := to - 1; i >= from; i-- {
		app = mw(i, app)
	}
	return app
}
