//go:build unix

package static

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A pipe would have the request wait for somebody who writes to it.
func TestPipesAndSocketsAreNoFiles(t *testing.T) {
	top := plant(t, nil)
	require.NoError(t, syscall.Mkfifo(filepath.Join(top, "pipe"), 0o644))
	l, err := net.Listen("unix", filepath.Join(top, "s"))
	require.NoError(t, err)
	defer l.Close()
	over, err := NewDir(os.DirFS(top), Options{})
	require.NoError(t, err)
	file, err := NewFile(filepath.Join(top, "pipe"), Options{})
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, d := range []*Dir{opened(t, top, Options{}), over} {
			assert.Equal(t, 404, fetch(t, d, "GET", "/pipe").StatusCode)
			assert.Equal(t, 404, fetch(t, d, "GET", "/s").StatusCode)
		}
		assert.Equal(t, 404, fetch(t, file, "GET", "/").StatusCode)
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("waits for a pipe")
	}
}
