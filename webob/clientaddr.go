package webob

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/webob/header"
)

// TrustedProxies says which proxies stand before the server and what they tell.
// Its zero value trusts nobody. A filter stores it for ClientAddr:
//
//	webob.Proxies.Set(req, &webob.TrustedProxies{Hops: 1, Field: "X-Forwarded-For"})
//
// Each proxy appends the address it was called from, so only the last entries of
// the field are known to be true; the first ones are what a client made up.
// Neither the http.Request nor its RemoteAddr is ever changed.
type TrustedProxies struct {
	// Hops is how many proxies a request has come through at most, each of which
	// appends to Field. 0 means as many as Networks allows; without Networks, none.
	Hops int
	// Networks are the addresses of the proxies; an entry is believed only if it
	// was added by one of these. Empty means that Hops alone decides.
	Networks []netip.Prefix
	// Field is the one field that all of the proxies append to: "Forwarded"
	// (RFC 7239), which "" means as well, or one like X-Forwarded-For. Naming
	// a field that a proxy passes on untouched would let anybody forge it.
	Field string
}

// Proxies is the slot for the proxies to trust, see ClientAddr.
var Proxies = NewKey[*TrustedProxies]("gowebob.trusted_proxies")

// ClientAddr is the address of the client without its port: the peer of the
// connection, or, if a filter has stored Proxies, the first address before the
// proxies trusted. It is "" where there is none: a Unix socket, a made-up
// request, or a proxy that does not tell. WebOb: Request.client_addr, which
// believes X-Forwarded-For from anybody.
func (r *Request) ClientAddr() string {
	if t, ok := Proxies.Get(r); ok && t != nil {
		return t.ClientAddr(r.Request)
	}
	addr, _ := splitRemote(r.RemoteAddr)
	return addr
}

// ClientAddr is the address of r's client behind these proxies, in the form of
// netip.Addr. A proxy that is trusted but does not tell ("unknown", a made-up
// name, a malformed field) makes it "": its own address is not the client's.
func (t TrustedProxies) ClientAddr(r *http.Request) string {
	peer, _ := splitRemote(r.RemoteAddr)
	at, known := parseAddr(peer)
	if !t.trusts(at, known) {
		return peer
	}
	nodes, ok := t.nodes(r.Header)
	if !ok {
		return ""
	}
	for n, node := range slices.Backward(nodes) {
		if !t.trusts(at, known) || t.Hops > 0 && len(nodes)-n > t.Hops {
			break
		}
		if at, known = parseAddr(node); !known {
			return ""
		}
	}
	if !known {
		return peer
	}
	return at.String()
}

// trusts tells whether what at has appended is believed. A peer without an
// address, a Unix socket, is within no network.
func (t TrustedProxies) trusts(at netip.Addr, known bool) bool {
	if len(t.Networks) == 0 {
		return t.Hops > 0
	}
	return known && slices.ContainsFunc(t.Networks, func(p netip.Prefix) bool {
		return p.Contains(at)
	})
}

// nodes are the entries of the field, the nearest last.
func (t TrustedProxies) nodes(h http.Header) (nodes []string, ok bool) {
	if t.Field != "" && !strings.EqualFold(t.Field, "Forwarded") {
		for _, line := range h.Values(t.Field) {
			for node := range strings.SplitSeq(line, ",") {
				nodes = append(nodes, strings.TrimSpace(node))
			}
		}
		return nodes, true
	}
	if len(h["Forwarded"]) == 0 {
		return nil, true
	}
	elements, _, err := header.Forwarded.Lookup(h)
	for _, e := range elements {
		nodes = append(nodes, e.For)
	}
	return nodes, err == nil
}

// parseAddr takes an address with or without a port and brackets.
func parseAddr(s string) (netip.Addr, bool) {
	addr, _ := splitRemote(s)
	a, err := netip.ParseAddr(addr)
	return a.Unmap().WithZone(""), err == nil
}
