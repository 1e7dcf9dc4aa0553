package header

import (
	"net/netip"
	"strings"
)

// Forwarded is what proxies tell about the request they have passed on, the
// first one first, RFC 7239, section 4:
//
//	Forwarded         = 1#forwarded-element
//	forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] )
//	forwarded-pair    = token "=" ( token / quoted-string )
//
//	Forwarded: for=192.0.2.60;proto=http;by=203.0.113.43
//	Forwarded: for=192.0.2.43, for="[2001:db8:cafe::17]:4711"
//
// Anybody can send it: believe only the last ones, those your own proxies have
// added. Nothing in this module believes any by itself. White space around a
// semicolon is accepted, as many write it.
var Forwarded = NewField("Forwarded", parseForwarded, formatForwarded)

// ForwardedElement is what one proxy tells. A parameter that is not told is "".
type ForwardedElement struct {
	// For is the node that made the request to the proxy: an address with or
	// without a port, "unknown", or a made-up name that starts with "_".
	For string
	// By is where the proxy received it, in the same form.
	By string
	// Host is the Host field as the proxy has received it.
	Host string
	// Proto is the scheme used, "http" or "https".
	Proto string
	// Other are further parameters.
	Other Params
}

// ForAddr is the address in For, if it is one.
func (e ForwardedElement) ForAddr() (netip.Addr, bool) { return nodeAddr(e.For) }

// ByAddr is the address in By, if it is one.
func (e ForwardedElement) ByAddr() (netip.Addr, bool) { return nodeAddr(e.By) }

// nodeAddr reads the address of a node, RFC 7239, section 6:
//
//	node     = nodename [ ":" node-port ]
//	nodename = IPv4address / "[" IPv6address "]" / "unknown" / obfnode
func nodeAddr(node string) (netip.Addr, bool) {
	if strings.HasPrefix(node, "[") {
		inner, rest, found := strings.Cut(node[1:], "]")
		addr, err := netip.ParseAddr(inner)
		return addr, found && err == nil && addr.Is6() && addr.Zone() == "" && nodePort(rest)
	}
	name, port := node, ""
	if i := strings.IndexByte(node, ':'); i >= 0 {
		name, port = node[:i], node[i:]
	}
	addr, err := netip.ParseAddr(name)
	return addr, err == nil && nodePort(port)
}

// nodePort tells whether s is nothing, or a colon and a port or made-up name.
func nodePort(s string) bool {
	return s == "" || s[0] == ':' && isToken(s[1:])
}

// String is the element as it is sent.
func (e ForwardedElement) String() string {
	var b []byte
	for _, p := range e.pairs() {
		if len(b) > 0 {
			b = append(b, ';')
		}
		b = append(b, p.Name...)
		b = append(b, '=')
		b = appendTokenOrQuoted(b, p.Value)
	}
	return string(b)
}

// pairs are all parameters that are told.
func (e ForwardedElement) pairs() Params {
	var ps Params
	for _, p := range [...]Param{{"for", e.For}, {"by", e.By}, {"host", e.Host}, {"proto", e.Proto}} {
		if p.Value != "" {
			ps = append(ps, p)
		}
	}
	return append(ps, e.Other...)
}

// formatForwarded refuses names that are no tokens.
func formatForwarded(es []ForwardedElement) (string, error) {
	if len(es) == 0 {
		return "", ErrAbsent
	}
	parts := make([]string, len(es))
	for i, e := range es {
		if err := e.Other.check(); err != nil {
			return "", err
		}
		parts[i] = e.String()
	}
	return strings.Join(parts, ", "), nil
}

// parseForwarded reads all lines as one list. Elements that tell nothing are
// left out.
func parseForwarded(lines []string) ([]ForwardedElement, error) {
	if allEmpty(lines) {
		return nil, ErrAbsent
	}
	var es []ForwardedElement
	for _, line := range lines {
		for i := skipListSpace(line, 0); i < len(line); i = skipListSpace(line, i) {
			e, end, err := parseForwardedElement(line, i)
			if err != nil {
				return nil, err
			}
			if len(es) == maxParams {
				return nil, bad(line, i, ErrTooMany)
			}
			if i = end; len(e.pairs()) > 0 {
				es = append(es, e)
			}
		}
	}
	return es, nil
}

// parseForwardedElement reads an element that starts at i, and stops before the
// comma behind it.
func parseForwardedElement(s string, i int) (e ForwardedElement, end int, err error) {
	var seen Params
	for {
		if i = skipOWS(s, i); i == len(s) || s[i] == ',' {
			return e, i, nil
		}
		if s[i] != ';' {
			p, next, err := parseParam(s, i, paramStyle{})
			if err != nil {
				return e, next, err
			}
			if seen.find(p.Name) >= 0 || len(seen) == maxParams {
				return e, i, bad(s, i, syntaxError("a parameter comes twice"))
			}
			if seen = append(seen, p); !e.take(p) {
				return e, i, bad(s, next, syntaxError("value expected"))
			}
			if i = skipOWS(s, next); i == len(s) || s[i] == ',' {
				return e, i, nil
			}
		}
		if s[i] != ';' {
			return e, i, bad(s, i, syntaxError("; expected"))
		}
		i++
	}
}

// take puts a parameter into its place. None of RFC 7239 may be empty.
func (e *ForwardedElement) take(p Param) bool {
	switch p.Name {
	case "for":
		e.For = p.Value
	case "by":
		e.By = p.Value
	case "host":
		e.Host = p.Value
	case "proto":
		e.Proto = toLower(p.Value)
	default:
		e.Other = append(e.Other, p)
		return true
	}
	return p.Value != ""
}
