//go:build !linux

package server

import "net"

// sweep closes the listener; what is queued is lost.
func sweep(l net.Listener) []net.Conn {
	l.Close()
	return nil
}
