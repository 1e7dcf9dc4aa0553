package gateway

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"
	"time"
)

// ListenUnix listens on a Unix socket at path, for a server of net/http or for
// ServeFastCGI. A socket that a program has left behind there is replaced; one that
// is still listened on is an error, and so is a file of another kind. mode are the
// permissions of the socket: 0 is 0600, this user alone; 0660 lets the front's group in.
// The socket is removed when the listener is closed.
func ListenUnix(path string, mode fs.FileMode) (net.Listener, error) {
	if mode == 0 {
		mode = 0o600
	}
	if err := clearSocket(path); err != nil {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	if err := os.Chmod(path, mode.Perm()); err != nil {
		l.Close()
		return nil, fmt.Errorf("gateway: %w", err)
	}
	return l, nil
}

// clearSocket removes a socket that nobody answers on.
func clearSocket(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("gateway: %w", err)
	case info.Mode()&fs.ModeSocket == 0:
		return fmt.Errorf("gateway: %s is there and no socket", path)
	}
	conn, err := net.DialTimeout("unix", path, time.Second)
	if err == nil {
		conn.Close()
		return fmt.Errorf("gateway: %s is in use: %w", path, syscall.EADDRINUSE)
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("gateway: %w", err)
	}
	return os.Remove(path)
}
