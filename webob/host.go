package webob

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
)

var errBadHost = errors.New("the Host is not host[:port]")

// CheckHost tells whether the client named a host that is one: a name of letters,
// digits, dots, hyphens, underscores and tildes, an IPv4 address, or an IPv6
// address in brackets, and a port in digits if any. Anything else (spaces, @, /,
// commas, a second colon) is an *InputError with status 400. No Host at all is
// fine, the server's name stands in.
//
// The URLs of this package never contain a Host that fails here: they are built
// with the server's name instead. Filters that must not answer for wrong hosts
// call CheckHost first, or compare Domain with the names they know.
func (r *Request) CheckHost() error {
	if r.Host == "" {
		return nil
	}
	if _, _, ok := splitHost(r.Host); !ok {
		return &InputError{Status: http.StatusBadRequest, Public: "The Host field is not host[:port].",
			Err: badTextIn("Host", r.Host, errBadHost)}
	}
	return nil
}

// splitHost takes host[:port] apart, RFC 3986 §3.2.2, narrowed to what is in use.
// The name keeps its brackets.
func splitHost(s string) (name, port string, ok bool) {
	end := hostEnd(s)
	if end == 0 || end == len(s) {
		return s, "", end > 0
	}
	if s[end] != ':' || !isPort(s[end+1:]) {
		return "", "", false
	}
	return s[:end], s[end+1:], true
}

// hostEnd is the length of the name or address that s begins with, 0 if there is
// none.
func hostEnd(s string) int {
	if s != "" && s[0] == '[' {
		i := strings.IndexByte(s, ']')
		if i < 0 || !isIPv6(s[1:i]) {
			return 0
		}
		return i + 1
	}
	for i := range len(s) {
		if !hostBytes[s[i]] {
			return i
		}
	}
	return len(s)
}

// hostBytes are the characters of a host name.
var hostBytes = func() (set [256]bool) {
	for c := range set {
		set[c] = isPlainVar(byte(c))
	}
	return set
}()

func isIPv6(s string) bool {
	addr, err := netip.ParseAddr(s)
	return err == nil && addr.Is6() && addr.Zone() == ""
}

func isPort(s string) bool {
	if s == "" || len(s) > 5 {
		return false
	}
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n <= 65535
}

// isServerName takes IPv6 addresses without brackets as well.
func isServerName(s string) bool {
	name, _, ok := splitHost(s)
	return ok && name == s || isIPv6(s)
}

// isScheme checks the grammar of RFC 3986 §3.1.
func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i] | 0x20
		if letter := 'a' <= c && c <= 'z'; !letter && (i == 0 || !('0' <= s[i] && s[i] <= '9' || s[i] == '+' || s[i] == '-' || s[i] == '.')) {
			return false
		}
	}
	return s != ""
}

// overlaid is text that was set over a fact.
func (r *Request) overlaid(key string) string {
	if r.x == nil {
		return ""
	}
	v, _ := r.x.get(key)
	s, _ := v.(string)
	return s
}

// serverName is SERVER_NAME: the host that the client named, the address it
// connected to where it named none, or localhost.
func (r *Request) serverName() string {
	if s := r.overlaid("SERVER_NAME"); s != "" {
		return s
	}
	if name, _, ok := splitHost(r.Host); ok {
		return name
	}
	if addr, ok := r.localAddr(); ok {
		return bracketed(addr.Addr().Unmap().WithZone("").String())
	}
	return "localhost"
}

// serverPort is SERVER_PORT, known in the same way.
func (r *Request) serverPort() string {
	if s := r.overlaid("SERVER_PORT"); s != "" {
		return s
	}
	if _, port, ok := splitHost(r.Host); ok {
		if port != "" {
			return port
		}
		return defaultPort(r.Scheme())
	}
	if addr, ok := r.localAddr(); ok {
		return strconv.Itoa(int(addr.Port()))
	}
	return defaultPort(r.Scheme())
}

// localAddr is the address that the client connected to, if a server of net/http
// has noted it.
func (r *Request) localAddr() (netip.AddrPort, bool) {
	tcp, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}, false
	}
	addr := tcp.AddrPort()
	return addr, addr.IsValid()
}

func defaultPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// bracketed puts a bare IPv6 address into brackets, RFC 3986 §3.2.2.
func bracketed(name string) string {
	if strings.IndexByte(name, ':') >= 0 && name[0] != '[' {
		return "[" + name + "]"
	}
	return name
}

// authority is the host and port for URLs: the client's, or the server's where
// the client's is missing or none. The port is "" where the client named none.
func (r *Request) authority() (name, port string) {
	if name, port, ok := splitHost(r.Host); ok {
		return name, port
	}
	return bracketed(r.serverName()), r.serverPort()
}

// splitRemote takes RemoteAddr apart. What has no port is an address; the peer of
// a Unix socket has none ("@" or nothing).
func splitRemote(s string) (addr, port string) {
	if s == "" || s == "@" {
		return "", ""
	}
	if s[0] == '[' {
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return s, ""
		}
		return s[1:end], strings.TrimPrefix(s[end+1:], ":")
	}
	i := strings.IndexByte(s, ':')
	if i < 0 || strings.IndexByte(s[i+1:], ':') >= 0 {
		return s, "" // no colon, or a bare IPv6 address
	}
	return s[:i], s[i+1:]
}

func joinRemote(addr, port string) string {
	if port == "" {
		return addr
	}
	return net.JoinHostPort(addr, port)
}
