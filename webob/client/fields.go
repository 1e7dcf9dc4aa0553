package client

import (
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// hopByHop are the fields that are for one connection alone, RFC 9110 §7.6.1, with
// those that Connection does not always name.
var hopByHop = [...]string{
	"Connection", "Proxy-Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
	"Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// dropHopByHop takes them away, and what Connection names.
func dropHopByHop(h http.Header) {
	for _, line := range h["Connection"] {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); name != "" {
				h.Del(name)
			}
		}
	}
	for _, name := range hopByHop {
		delete(h, name)
	}
}

// outgoing is the header that is sent.
func (a *App) outgoing(req *webob.Request) (http.Header, error) {
	h := req.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	trailers := lists(h["Te"], "trailers")
	dropHopByHop(h)
	if trailers {
		h["Te"] = []string{"trailers"}
	}
	if _, given := h["User-Agent"]; !given {
		h["User-Agent"] = []string{""} // or net/http sends its own
	}
	if a.target != nil {
		if err := a.forward(req, h); err != nil {
			return nil, err
		}
	}
	if fields := header.FromHeader(h); fields.Err() != nil {
		return nil, unsendable("%v", fields.Err())
	}
	return h, nil
}

// forward tells the server of the client what the options say.
func (a *App) forward(req *webob.Request, h http.Header) error {
	if a.o.Forward == ForwardAsIs {
		return nil
	}
	for name := range h {
		if name == "Forwarded" || name == "X-Real-Ip" || strings.HasPrefix(name, "X-Forwarded-") {
			delete(h, name)
		}
	}
	addr := req.ClientAddr()
	switch a.o.Forward {
	case ForwardX:
		if addr != "" {
			h.Set("X-Forwarded-For", addr)
		}
		if req.Host != "" {
			h.Set("X-Forwarded-Host", req.Host)
		}
		h.Set("X-Forwarded-Proto", req.Scheme())
	case ForwardRFC7239:
		if addr == "" {
			addr = "unknown"
		} else if strings.Contains(addr, ":") {
			addr = "[" + addr + "]"
		}
		element := header.ForwardedElement{For: addr, Host: req.Host, Proto: req.Scheme()}
		if err := header.Forwarded.Set(h, []header.ForwardedElement{element}); err != nil {
			return unsendable("%v", err)
		}
	}
	return nil
}

// lists says whether a field names a token.
func lists(lines []string, token string) bool {
	for _, line := range lines {
		for name := range strings.SplitSeq(line, ",") {
			name, _, _ = strings.Cut(name, ";")
			if strings.EqualFold(strings.TrimSpace(name), token) {
				return true
			}
		}
	}
	return false
}
