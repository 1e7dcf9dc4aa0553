package standard

import (
	"net/http"
	"net/netip"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/middleware"
	"github.com/gowebob/gowebob/webob"
)

// network is 10.0.0.0/8, or an address alone.
type network netip.Prefix

// UnmarshalText reads it.
func (n *network) UnmarshalText(text []byte) error {
	if addr, err := netip.ParseAddr(string(text)); err == nil {
		*n = network(netip.PrefixFrom(addr, addr.BitLen()))
		return nil
	}
	p, err := netip.ParsePrefix(string(text))
	*n = network(p)
	return err
}

// trust are the settings that say which proxies are believed.
type trust struct {
	TrustedProxies []network
	TrustedHops    int
	ForwardedField string
	SchemeField    string
	HostField      string
}

func (t trust) options() middleware.ForwardedOptions {
	o := middleware.ForwardedOptions{
		Proxies:     webob.TrustedProxies{Hops: t.TrustedHops, Field: t.ForwardedField},
		SchemeField: t.SchemeField, HostField: t.HostField,
	}
	for _, n := range t.TrustedProxies {
		o.Proxies.Networks = append(o.Proxies.Networks, netip.Prefix(n))
	}
	return o
}

func forwarded(c deploy.Config) (func(http.Handler) http.Handler, error) {
	var t trust
	if err := c.Decode(&t); err != nil {
		return nil, err
	}
	o := t.options()
	if err := o.Validate(); err != nil {
		return nil, refused(c, err)
	}
	if t.TrustedProxies == nil && t.TrustedHops == 0 {
		return nil, c.Errorf("trusted_proxies", "neither trusted_proxies nor trusted_hops says whom to believe")
	}
	return middleware.Forwarded(o), nil
}

// prefix believes proxies as translate_forwarded_server has it, but only those that
// trusted_proxies or trusted_hops names; its field is X-Forwarded-For unless it is told
// another.
func prefix(c deploy.Config) (func(http.Handler) http.Handler, error) {
	opts := struct {
		Prefix                   string
		TranslateForwardedServer bool
		ForcePort                string
		Scheme                   string
		trust
	}{TranslateForwardedServer: true}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	o := middleware.PrefixOptions{Prefix: opts.Prefix, Scheme: opts.Scheme, Port: opts.ForcePort}
	if o.Prefix != "" && o.Prefix[0] != '/' {
		o.Prefix = "/" + o.Prefix
	}
	if _, given := c.Get("force_port"); given && o.Port == "" {
		o.Port = "default"
	}
	if opts.TranslateForwardedServer {
		if opts.ForwardedField == "" {
			opts.ForwardedField = "X-Forwarded-For"
		}
		o.Forwarded = opts.options()
	}
	if err := o.Validate(); err != nil {
		return nil, refused(c, err)
	}
	return middleware.Prefix(o), nil
}
