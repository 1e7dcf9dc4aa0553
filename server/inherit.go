package server

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

// The service manager's protocol for inherited sockets, sd_listen_fds(3): LISTEN_FDS
// sockets from descriptor 3 on, meant for the process LISTEN_PID, called LISTEN_FDNAMES.
const (
	firstInherited = 3
	envListenPID   = "LISTEN_PID"
	envListenFDs   = "LISTEN_FDS"
	envListenNames = "LISTEN_FDNAMES"
)

// inherited are the sockets that the service manager has opened for us.
type inherited struct {
	files []*os.File // nil where taken
	names []string
}

// countInherited is the number of sockets meant for this process.
func countInherited() int {
	if pid, err := strconv.Atoi(os.Getenv(envListenPID)); err != nil || pid != os.Getpid() {
		return 0
	}
	n, err := strconv.Atoi(os.Getenv(envListenFDs))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// takeInherited takes the sockets, and the variables with them, so that no process
// started from here takes them for its own.
func takeInherited() (*inherited, error) {
	n := countInherited()
	if n == 0 {
		return &inherited{}, nil
	}
	in := &inherited{}
	names := strings.Split(os.Getenv(envListenNames), ":")
	for i := range n {
		name := ""
		if i < len(names) {
			name = names[i]
		}
		fd := firstInherited + i
		if !isSocket(fd) {
			in.closeRest()
			return nil, fmt.Errorf("server: %s is %d, descriptor %d is no socket", envListenFDs, n, fd)
		}
		closeOnExec(fd)
		in.files = append(in.files, os.NewFile(uintptr(fd), name))
		in.names = append(in.names, name)
	}
	for _, name := range []string{envListenPID, envListenFDs, envListenNames} {
		os.Unsetenv(name)
	}
	return in, nil
}

// number takes the socket of a descriptor, be it from the service manager or from
// anybody else.
func (in *inherited) number(text string) (*socket, error) {
	fd, err := strconv.Atoi(text)
	if err != nil {
		return nil, badOption("listen fd:%s", text)
	}
	if i := fd - firstInherited; i < len(in.files) {
		return in.take(i)
	}
	if !isSocket(fd) {
		return nil, fmt.Errorf("server: listen fd:%s: no such socket", text)
	}
	closeOnExec(fd)
	return fileSocket(os.NewFile(uintptr(fd), "fd:"+text), "fd:"+text)
}

// named takes the sockets with a name; "" is all.
func (in *inherited) named(name string) ([]*socket, error) {
	var found []*socket
	for i := range in.files {
		if in.files[i] == nil || name != "" && in.names[i] != name {
			continue
		}
		s, err := in.take(i)
		if err != nil {
			closeSockets(found)
			return nil, err
		}
		found = append(found, s)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("server: listen systemd:%s: the service manager has given no such socket (%s %v)",
			name, envListenNames, in.names)
	}
	return found, nil
}

func (in *inherited) take(i int) (*socket, error) {
	file := in.files[i]
	if file == nil {
		return nil, badOption("listen names the inherited socket %d twice", firstInherited+i)
	}
	in.files[i] = nil
	return fileSocket(file, "fd:"+strconv.Itoa(firstInherited+i))
}

func (in *inherited) closeRest() {
	for _, file := range in.files {
		if file != nil {
			file.Close()
		}
	}
}

// fileSocket makes a listener of a descriptor, which it closes.
func fileSocket(file *os.File, name string) (*socket, error) {
	l, err := net.FileListener(file)
	file.Close()
	if err != nil {
		return nil, fmt.Errorf("server: %s is no listening socket: %w", name, err)
	}
	return &socket{Listener: l, plain: l.Addr().Network() == "unix"}, nil
}
