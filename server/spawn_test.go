//go:build linux

package server

import (
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

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

func TestTCPKeepAlive(t *testing.T) {
	for _, row := range []struct {
		name     string
		d        time.Duration
		on, idle int
	}{{"as Go has it", 0, 1, 15}, {"set", 77 * time.Second, 1, 77}, {"off", -1, 0, -1}} {
		t.Run(row.name, func(t *testing.T) {
			got := make(chan [2]int, 1)
			app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				c, _, err := http.NewResponseController(w).Hijack()
				if !assert.NoError(t, err) {
					return
				}
				defer c.Close()
				raw, err := c.(syscall.Conn).SyscallConn()
				assert.NoError(t, err)
				raw.Control(func(fd uintptr) {
					on, _ := syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_KEEPALIVE)
					idle, _ := syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE)
					got <- [2]int{on, idle}
				})
			})
			s, err := New(app, Options{Listen: []string{"127.0.0.1:0"}, TCPKeepAlive: row.d, Logger: slog.New(slog.DiscardHandler)})
			require.NoError(t, err)
			require.NoError(t, s.Start())
			defer s.Stop(t.Context())
			if resp, err := http.Get("http://" + s.Addrs()[0].String()); err == nil {
				resp.Body.Close()
			}
			have := <-got
			assert.Equal(t, row.on, have[0])
			if row.idle >= 0 {
				assert.Equal(t, row.idle, have[1])
			}
		})
	}
}
