//go:build linux

package server

import (
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The listening socket is one for all processes. os/exec sets the File of a listener to
// blocking, and a worker that comes late to a connection would then hang in accept.
func TestListenerStaysNonBlocking(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	file, err := duplicate(l)
	require.NoError(t, err)
	defer file.Close()
	cmd := exec.Command("true")
	cmd.ExtraFiles = []*os.File{file}
	require.NoError(t, cmd.Run())
	raw, err := l.(*net.TCPListener).SyscallConn()
	require.NoError(t, err)
	require.NoError(t, raw.Control(func(fd uintptr) {
		flags, _, e := syscall.Syscall(syscall.SYS_FCNTL, fd, syscall.F_GETFL, 0)
		assert.Zero(t, e)
		assert.NotZero(t, flags&syscall.O_NONBLOCK)
	}))
}
