//go:build unix

package server_test

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gowebob/gowebob/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var silent = slog.New(slog.DiscardHandler)

func unixClient(t *testing.T, path string) *http.Client {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 4 * time.Second}
}

func TestListensOnSeveralAddresses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.sock")
	listen := []string{"127.0.0.1:0", "unix:" + path, "tcp:localhost:0"}
	if l, err := net.Listen("tcp", "[::1]:0"); err == nil {
		l.Close()
		listen = append(listen, "[::1]:0")
	}
	s := serve(t, text("here"), server.Options{Listen: listen})
	require.Len(t, s.Addrs(), len(listen))
	for _, a := range s.Addrs() {
		c, host := newClient(t), a.String()
		if a.Network() == "unix" {
			c, host = unixClient(t, path), "x"
		}
		g, err := get(c, "http://"+host)
		require.NoError(t, err, "%v", a)
		assert.Equal(t, "here", g.text)
	}
}

func TestUnixSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.sock")
	o := server.Options{Listen: []string{"unix:" + path}, UnixMode: "662", Logger: silent}

	// A file of a process that died.
	l, err := net.Listen("unix", path)
	require.NoError(t, err)
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	l.Close()
	s, err := server.New(text("x"), o)
	require.NoError(t, err)
	require.NoError(t, s.Start(), "is removed")
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o662), info.Mode().Perm())
	g, err := get(unixClient(t, path), "http://x")
	require.NoError(t, err)
	assert.Equal(t, "x", g.text)

	other, err := server.New(text("x"), o)
	require.NoError(t, err)
	assert.ErrorIs(t, other.Start(), syscall.EADDRINUSE, "somebody listens")

	require.NoError(t, s.Stop(deadline(t, 4*time.Second)))
	_, err = os.Stat(path)
	assert.ErrorIs(t, err, fs.ErrNotExist, "is removed at the stop")
}

func TestUnixSocketLeavesWhatIsNotItsOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.sock")
	o := server.Options{Listen: []string{"unix:" + path}, Logger: silent}
	require.NoError(t, os.WriteFile(path, []byte("data"), 0o600))
	s, err := server.New(text("x"), o)
	require.NoError(t, err)
	assert.ErrorIs(t, s.Start(), fs.ErrExist, "a file that is no socket")
	require.NoError(t, os.Remove(path))
	require.NoError(t, s.Start(), "a Start that failed may be tried again")

	require.NoError(t, os.Remove(path)) // another server has taken the name
	l, err := net.Listen("unix", path)
	require.NoError(t, err)
	defer l.Close()
	require.NoError(t, s.Stop(deadline(t, 4*time.Second)))
	_, err = os.Stat(path)
	assert.NoError(t, err)
}

func TestAddressInUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	o := server.Options{Listen: []string{l.Addr().String()}, BindTimeout: -1, Logger: silent}
	s, err := server.New(text("x"), o)
	require.NoError(t, err)
	assert.ErrorIs(t, s.Start(), syscall.EADDRINUSE, "at once, if so told")

	o.BindTimeout = 3 * time.Second
	s, err = server.New(text("x"), o)
	require.NoError(t, err)
	time.AfterFunc(150*time.Millisecond, func() { l.Close() })
	require.NoError(t, s.Start(), "the other one has ended meanwhile")
	require.NoError(t, s.Stop(deadline(t, 3*time.Second)))
}

func TestOneAddressFailsAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "app.sock")
	s, err := server.New(text("x"), server.Options{
		Listen: []string{"unix:" + path, "unix:/nowhere/at/all.sock"}, Logger: silent,
	})
	require.NoError(t, err)
	require.Error(t, s.Start())
	_, err = os.Stat(path)
	assert.ErrorIs(t, err, fs.ErrNotExist, "nothing stays open")
}

func TestMaxConns(t *testing.T) {
	var now, most atomic.Int32
	s := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		time.Sleep(20 * time.Millisecond)
		fmt.Fprint(w, "x")
	}), server.Options{MaxConns: 2, NoKeepAlive: true})
	results := make(chan error, 10)
	for range cap(results) {
		go func() {
			g, err := get(newClient(t), "http://"+addrOf(s))
			assert.True(t, g.close, "no keep-alive")
			results <- err
		}()
	}
	for range cap(results) {
		assert.NoError(t, within(t, results), "those beyond wait")
	}
	assert.EqualValues(t, 2, most.Load())
}

func TestStopWhileFull(t *testing.T) {
	s := serve(t, text("x"), server.Options{MaxConns: 1, IdleGrace: 50 * time.Millisecond})
	dial(t, addrOf(s))
	time.Sleep(20 * time.Millisecond)
	require.NoError(t, s.Stop(deadline(t, 3*time.Second)))
}

// listenFiles gives a process listeners as a service manager does: LISTEN_PID has to be
// the process itself, so that a shell sets it and becomes the program.
func listenFiles(t *testing.T, names string, listeners ...net.Listener) func(*exec.Cmd) {
	return func(cmd *exec.Cmd) {
		for _, l := range listeners {
			f, err := l.(interface{ File() (*os.File, error) }).File()
			require.NoError(t, err)
			t.Cleanup(func() { f.Close() })
			cmd.ExtraFiles = append(cmd.ExtraFiles, f)
		}
		cmd.Args = []string{"sh", "-c", fmt.Sprintf("LISTEN_PID=$$ LISTEN_FDS=%d LISTEN_FDNAMES=%s exec %s",
			len(listeners), names, cmd.Path)}
		cmd.Path = "/bin/sh"
	}
}

func TestInheritedSockets(t *testing.T) {
	open := func(t *testing.T) net.Listener {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		t.Cleanup(func() { l.Close() })
		return l
	}
	for _, row := range []struct {
		name    string
		listen  []string
		workers int
		want    []int // which of the two is served
	}{
		{"all by default", nil, 0, []int{0, 1}},
		{"all", []string{"systemd"}, 0, []int{0, 1}},
		{"by name", []string{"systemd:two"}, 0, []int{1}},
		{"by number", []string{"fd:3"}, 0, []int{0}},
		{"by workers", []string{"systemd"}, 2, []int{0, 1}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			all := []net.Listener{open(t), open(t)}
			s := settings{Options: server.Options{Listen: row.listen, Workers: row.workers, IdleGrace: 50 * time.Millisecond}}
			r := start(t, s, listenFiles(t, "one:two", all...))
			for _, i := range row.want {
				g, err := get(newClient(t), "http://"+all[i].Addr().String())
				require.NoError(t, err, "%v", logOf{r})
				assert.Equal(t, "one", g.text)
			}
			assert.Len(t, r.logged("address="), len(row.want))
			r.signal(syscall.SIGTERM)
			assert.Equal(t, 0, r.wait(4*time.Second), r.log())
		})
	}
}

func TestInheritedSocketsThatAreNot(t *testing.T) {
	for _, listen := range []string{"systemd", "systemd:name", "fd:3", "fd:77"} {
		s, err := server.New(text("x"), server.Options{Listen: []string{listen}, Logger: silent})
		require.NoError(t, err)
		assert.Error(t, s.Start(), listen)
	}
}

func TestNotify(t *testing.T) {
	for _, row := range []struct {
		name    string
		workers int
	}{{"one process", 0}, {"workers", 2}} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "notify")
			l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
			require.NoError(t, err)
			defer l.Close()
			told := make(chan string, 100)
			go func() {
				defer close(told)
				for b := make([]byte, 1000); ; {
					n, err := l.Read(b)
					if err != nil {
						return
					}
					told <- string(b[:n])
				}
			}()
			r := start(t, quick(row.workers), func(c *exec.Cmd) { c.Env = append(c.Env, "NOTIFY_SOCKET="+path) })
			assert.Equal(t, "READY=1", <-told)
			r.signal(syscall.SIGHUP)
			assert.Regexp(t, `^RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]+$`, <-told)
			assert.Equal(t, "READY=1", <-told)
			r.signal(syscall.SIGTERM)
			assert.Equal(t, "STOPPING=1", <-told)
			assert.Equal(t, 0, r.wait(4*time.Second), r.log())
			l.Close()
			for more := range told {
				assert.Empty(t, more, "the parent alone speaks")
			}
		})
	}
}
