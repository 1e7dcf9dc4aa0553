package server

import (
	"net"
	"strconv"
	"strings"
)

const systemdAddress = "systemd"

// address is one entry of Options.Listen.
type address struct {
	network string // tcp, unix, fd or systemd
	name    string // host:port, path, number or name; "" is all of systemd
}

// parseAddress reads
//
//	address = [ "tcp:" ] host ":" port / "unix:" path / "fd:" number / "systemd" [ ":" name ]
func parseAddress(s string) (address, error) {
	s = strings.TrimSpace(s)
	if s == systemdAddress {
		return address{network: systemdAddress}, nil
	}
	kind, rest, _ := strings.Cut(s, ":")
	switch kind {
	case "unix", systemdAddress:
		if rest == "" {
			return address{}, badOption("listen %q has nothing behind the colon", s)
		}
		return address{kind, rest}, nil
	case "fd":
		if n, err := strconv.Atoi(rest); err != nil || n < firstInherited {
			return address{}, badOption("listen %q: no number of an inherited socket, %d or more", s, firstInherited)
		}
		return address{kind, rest}, nil
	case "tcp":
		return parseTCP(s, rest)
	}
	return parseTCP(s, s)
}

func parseTCP(all, s string) (address, error) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return address{}, badOption("listen %q is neither host:port nor unix:path, fd:number or systemd", all)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > maxPort {
		return address{}, badOption("listen %q: port %q is no number between 0 and %d", all, port, maxPort)
	}
	if host == "*" {
		host = ""
	}
	return address{"tcp", net.JoinHostPort(host, port)}, nil
}
