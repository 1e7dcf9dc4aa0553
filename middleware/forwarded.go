package middleware

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// ForwardedOptions are settings of Forwarded. The zero value believes nobody.
type ForwardedOptions struct {
	// Proxies are the proxies to believe, and the field in which they tell where a
	// request has come from: Forwarded (RFC 7239), which tells scheme and host as well,
	// or one like X-Forwarded-For.
	Proxies webob.TrustedProxies
	// SchemeField and HostField tell scheme and host beside a field like
	// X-Forwarded-For; "" is X-Forwarded-Proto and X-Forwarded-Host, "-" is none.
	// Each proxy either sets the field anew or appends to it.
	SchemeField, HostField string
}

// Validate says what is wrong with the options.
func (o ForwardedOptions) Validate() error {
	if o.Proxies.Hops < 0 {
		return errors.New("middleware: forwarded: a number of proxies below 0")
	}
	for _, p := range o.Proxies.Networks {
		if !p.IsValid() {
			return errors.New("middleware: forwarded: a network that is none")
		}
	}
	return nil
}

// Forwarded believes what proxies before the server tell of a request, and only those that
// are named: behind it Request.ClientAddr is the client's address, Scheme the scheme that
// the client has used and Authority the host that it has asked for, and so are URLs.
// Request.RemoteAddr stays what it is.
//
// What a proxy that is not believed has written does not count, however far in front it
// stands: of a list only the end is known to be true. What does not read as an address, as
// http or https, or as a host, counts as not told.
//
// It panics if Validate has an error.
func Forwarded(o ForwardedOptions) func(http.Handler) http.Handler {
	if err := o.Validate(); err != nil {
		panic(err)
	}
	f := newForwarding(o)
	return dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
		f.apply(req)
		return app, nil
	})
}

// forwarding is ForwardedOptions made ready.
type forwarding struct {
	proxies      *webob.TrustedProxies
	scheme, host string // fields, "" for none
}

func newForwarding(o ForwardedOptions) *forwarding {
	f := &forwarding{&o.Proxies, o.SchemeField, o.HostField}
	for _, field := range []struct {
		name     *string
		standard string
	}{{&f.scheme, "X-Forwarded-Proto"}, {&f.host, "X-Forwarded-Host"}} {
		switch *field.name {
		case "":
			*field.name = field.standard
		case "-":
			*field.name = ""
		}
	}
	return f
}

// trusts says whether anybody is believed at all.
func (f *forwarding) trusts() bool {
	return f.proxies.Hops > 0 || len(f.proxies.Networks) > 0
}

// apply tells the request what the proxies have told.
func (f *forwarding) apply(req *webob.Request) {
	if !f.trusts() {
		return
	}
	webob.Proxies.Set(req, f.proxies)
	n := f.believed(req.Request)
	if n == 0 {
		return
	}
	scheme, host := f.told(req.Header, n)
	env := req.Environ()
	if scheme = strings.ToLower(scheme); scheme == "http" || scheme == "https" {
		_ = env.Set("wsgi.url_scheme", scheme) // text fits
	}
	if host == "" {
		return
	}
	before := req.Host
	if err := env.Set("HTTP_HOST", host); err != nil || req.CheckHost() != nil {
		req.Host = before
	}
}

// told are scheme and host that the proxy has been asked with which stands farthest in
// front of those believed, of whom there are n.
func (f *forwarding) told(h http.Header, n int) (scheme, host string) {
	if f.isStandard() {
		elements, _ := header.Forwarded.Get(h)
		e := elements[len(elements)-n]
		return e.Proto, e.Host
	}
	return nthBack(h, f.scheme, n), nthBack(h, f.host, n)
}

func (f *forwarding) isStandard() bool {
	return f.proxies.Field == "" || strings.EqualFold(f.proxies.Field, "Forwarded")
}

// nthBack is the n-th entry of a list, counted from its end; the first one where there are
// fewer, as a proxy has set the field anew.
func nthBack(h http.Header, field string, n int) string {
	if field == "" {
		return ""
	}
	list := strings.Split(strings.Join(h.Values(field), ","), ",")
	return strings.TrimSpace(list[max(0, len(list)-n)])
}

// believed is how many entries of the field have been written by proxies that are believed.
func (f *forwarding) believed(r *http.Request) int {
	at := addrOf(r.RemoteAddr)
	nodes := f.nodes(r.Header)
	for n := range nodes {
		if !f.believes(at) || f.proxies.Hops > 0 && n == f.proxies.Hops {
			return n
		}
		at = addrOf(nodes[len(nodes)-1-n])
	}
	return len(nodes)
}

// believes says whether the proxy at an address is one of those named. One without an
// address is in no network.
func (f *forwarding) believes(at netip.Addr) bool {
	if len(f.proxies.Networks) == 0 {
		return f.proxies.Hops > 0
	}
	for _, p := range f.proxies.Networks {
		if at.IsValid() && p.Contains(at) {
			return true
		}
	}
	return false
}

// nodes are the entries of the field, the nearest last.
func (f *forwarding) nodes(h http.Header) (nodes []string) {
	if f.isStandard() {
		elements, _ := header.Forwarded.Get(h)
		for _, e := range elements {
			nodes = append(nodes, e.For)
		}
		return nodes
	}
	for _, line := range h.Values(f.proxies.Field) {
		for node := range strings.SplitSeq(line, ",") {
			nodes = append(nodes, strings.TrimSpace(node))
		}
	}
	return nodes
}

// addrOf is an address with or without a port, the invalid one if it is none.
func addrOf(s string) netip.Addr {
	if ap, err := netip.ParseAddrPort(s); err == nil {
		return ap.Addr().Unmap().WithZone("")
	}
	a, _ := netip.ParseAddr(strings.Trim(s, "[]"))
	return a.Unmap().WithZone("")
}
