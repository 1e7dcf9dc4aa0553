package server

import (
	"net"
	"os"
	"syscall"
)

// sweep takes all connections that wait in the queue of a listener, and closes it.
func sweep(l net.Listener) []net.Conn {
	var fds []int
	if raw, err := l.(syscall.Conn).SyscallConn(); err == nil {
		raw.Control(func(fd uintptr) {
			for {
				c, _, err := syscall.Accept4(int(fd), syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC)
				if err == syscall.EINTR || err == syscall.ECONNABORTED {
					continue
				}
				if err != nil { // EAGAIN: the queue is empty
					return
				}
				fds = append(fds, c)
			}
		})
	}
	l.Close()
	var all []net.Conn
	for _, fd := range fds {
		file := os.NewFile(uintptr(fd), "")
		if c, err := net.FileConn(file); err == nil {
			all = append(all, c)
		}
		file.Close()
	}
	return all
}
