package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// listenUnix opens a Unix socket. A file left by a process that died is removed; it
// is left where it is no socket, or where somebody listens.
func listenUnix(path string, mode os.FileMode) (*socket, error) {
	abstract := strings.HasPrefix(path, "@")
	if !abstract {
		if err := removeStale(path); err != nil {
			return nil, err
		}
	}
	config := net.ListenConfig{}
	if mode != 0 && !abstract {
		// The mode is set before there is a file, so that it is never wider.
		// Where the system does not do so, Chmod below does it a little later.
		config.Control = func(_, _ string, c syscall.RawConn) error {
			return c.Control(func(fd uintptr) { presetMode(fd, mode) })
		}
	}
	l, err := config.Listen(context.Background(), "unix", path)
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	s := &socket{Listener: l, plain: true}
	if abstract {
		return s, nil
	}
	l.(*net.UnixListener).SetUnlinkOnClose(false) // remove does it, if the file is still ours
	s.remove = removeOwn(path)
	if mode != 0 {
		if err := os.Chmod(path, mode); err != nil {
			s.discard()
			return nil, fmt.Errorf("server: %w", err)
		}
	}
	return s, nil
}

const staleTimeout = time.Second

// removeStale removes the file of a socket that nobody listens on.
func removeStale(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("server: %w", err)
	}
	if info.Mode().Type() != fs.ModeSocket {
		return fmt.Errorf("server: listen unix %s: %w and no socket", path, fs.ErrExist)
	}
	conn, err := net.DialTimeout("unix", path, staleTimeout)
	if err == nil {
		conn.Close()
		return fmt.Errorf("server: listen unix %s: %w", path, syscall.EADDRINUSE)
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("server: listen unix %s: is somebody listening? %w", path, err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("server: %w", err)
	}
	return nil
}

// removeOwn removes the file, unless it has become another's: that of a server started
// since.
func removeOwn(path string) func() {
	ours, err := os.Lstat(path)
	if err != nil {
		return nil
	}
	return func() {
		if now, err := os.Lstat(path); err == nil && os.SameFile(ours, now) {
			os.Remove(path)
		}
	}
}
