package fronts

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// program finds a server, or skips the test.
func program(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		for _, dir := range []string{"", "/usr/sbin/", "/usr/local/sbin/"} {
			if path, err := exec.LookPath(dir + name); err == nil {
				return path
			}
		}
	}
	t.Skipf("%s is not installed (Debian: apt-get install nginx-light php-fpm)", names[0])
	return ""
}

// folder is one that other users may look into, if the test runs as root: servers
// give their rights up.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fronts")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o755))
	return dir
}

func write(t *testing.T, path, text string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

// output collects what a server says.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// start runs a server until the test ends, and waits until it listens.
func start(t *testing.T, network, address, path string, args ...string) *output {
	t.Helper()
	out := &output{}
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	require.NoError(t, cmd.Start())
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
		}
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // its workers are of its group
		<-ended
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(path), out)
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
		if err == nil {
			conn.Close()
			return out
		}
		select {
		case <-ended:
			t.Fatalf("%s has ended: %s", path, out)
		case <-ctx.Done():
			t.Fatalf("%s does not listen: %s", path, out)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// freeAddress is an address on loopback that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

// asRoot gives the line of a configuration that keeps a server's rights, where it
// would give them up.
func asRoot(line string) string {
	if u, err := user.Current(); err == nil && u.Uid == "0" {
		return line
	}
	return ""
}

// notSaid checks that a server has not complained.
func notSaid(t *testing.T, out *output, words ...string) {
	t.Helper()
	for _, word := range words {
		assert.False(t, strings.Contains(out.String(), word), "%s: %s", word, out)
	}
}
