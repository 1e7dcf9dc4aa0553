//go:build unix

package server_test

import (
	"net"
	"net/http"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/gowebob/gowebob/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// taken is an address that another one has.
func taken(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	return l.Addr().String()
}

func TestStopEndsAStartThatWaits(t *testing.T) {
	t.Parallel()
	socket := filepath.Join(t.TempDir(), "app.sock")
	s, err := server.New(text("x"), server.Options{Listen: []string{"unix:" + socket, taken(t)}, BindTimeout: time.Minute})
	require.NoError(t, err)
	started := make(chan error)
	go func() { started <- s.Start() }()
	require.Eventually(t, func() bool { _, err := net.Dial("unix", socket); return err == nil }, 2*time.Second, 5*time.Millisecond)
	assert.Empty(t, s.Addrs(), "asked while it waits")
	require.NoError(t, s.Stop(deadline(t, time.Second)))
	assert.ErrorIs(t, <-started, server.ErrState)
	assert.NoFileExists(t, socket)
	assert.NoError(t, s.Wait())
}

func TestStartMayBeTriedAgain(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	socket := filepath.Join(t.TempDir(), "app.sock")
	s, err := server.New(text("x"), server.Options{Listen: []string{"unix:" + socket, l.Addr().String()}, BindTimeout: time.Millisecond})
	require.NoError(t, err)
	assert.ErrorIs(t, s.Start(), syscall.EADDRINUSE)
	assert.NoFileExists(t, socket, "what was opened is closed")
	l.Close()
	require.NoError(t, s.Start())
	assert.NoError(t, s.Stop(deadline(t, time.Second)))
}

// TestRunIsToldToStopWhileItWaits: people who see that an address is in use press Ctrl-C.
func TestRunIsToldToStopWhileItWaits(t *testing.T) {
	t.Parallel()
	for name, workers := range map[string]int{"alone": 0, "workers": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quick(workers)
			s.Options.Listen, s.Options.BindTimeout = []string{taken(t)}, time.Minute
			r := launch(t, s)
			r.waitLog("trying again")
			r.signal(syscall.SIGINT)
			assert.Equal(t, 0, r.wait(2*time.Second), r.log())
		})
	}
}

type panicReload struct{ http.Handler }

func (panicReload) Reload() error { panic("on purpose") }

func TestReloadSurvivesAPanic(t *testing.T) {
	t.Parallel()
	s := serve(t, panicReload{text("x")}, server.Options{})
	assert.ErrorContains(t, s.Reload(), "on purpose")
	g, err := get(newClient(t), "http://"+addrOf(s))
	require.NoError(t, err)
	assert.Equal(t, "x", g.text)
}
