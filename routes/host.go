package routes

import (
	"net/http"
	"slices"
	"strings"
)

// hostOf is the host a request names, without its port and in lower case, and its
// sub-domain: all but the last two names, "" where there is none or it is ignored.
func (m *Mapper) hostOf(r *http.Request) (host, sub string) {
	host, _ = splitPort(r.Host)
	if m.subDomains {
		sub, _ = divide(host)
		if slices.Contains(m.ignored, sub) {
			sub = ""
		}
	}
	return strings.ToLower(host), sub
}

// splitPort divides a Host; port has its colon.
func splitPort(host string) (name, port string) {
	i := strings.LastIndexByte(host, ':')
	if i < 0 || strings.IndexByte(host[i:], ']') >= 0 {
		return host, ""
	}
	return host[:i], host[i:]
}

// divide cuts a host into its sub-domain and its domain, which has two names.
func divide(host string) (sub, domain string) {
	last := strings.LastIndexByte(host, '.')
	if last <= 0 {
		return "", host
	}
	i := strings.LastIndexByte(host[:last], '.')
	if i <= 0 || i == last-1 || last == len(host)-1 {
		return "", host
	}
	return host[:i], host[i+1:]
}
