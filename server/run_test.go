//go:build unix

package server_test

import (
	"errors"
	"net/http"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gowebob/gowebob/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRunReloads(t *testing.T) {
	t.Parallel()
	r := start(t, quick(0))
	c := newClient(t)
	ask := func(want, why string) {
		g, err := r.get(c, "/")
		require.NoError(t, err)
		assert.Equal(t, want, g.text, why)
		assert.False(t, g.close, "the connection stays")
	}
	ask("one", "")
	r.write("two")
	r.signal(syscall.SIGHUP)
	r.waitLog("msg=reloaded")
	ask("two", "")
	r.write("bad")
	r.signal(syscall.SIGHUP)
	r.waitLog("not reloaded")
	ask("two", "the old configuration stays")
	assert.Contains(t, r.logged("not reloaded")[0], "bad text", "the log says why")
	r.write("three")
	r.signal(syscall.SIGHUP)
	r.waitLogs("msg=reloaded", 2)
	ask("three", "")
}

func TestRunStops(t *testing.T) {
	t.Parallel()
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			r := start(t, quick(0))
			answers := make(chan got, 1)
			go func() {
				g, _ := r.get(newClient(t), "/?sleep=400ms")
				answers <- g
			}()
			time.Sleep(100 * time.Millisecond)
			r.signal(sig)
			assert.Equal(t, "one", (<-answers).text)
			assert.Equal(t, 0, r.wait(4*time.Second), r.log())
		})
	}
}

func TestRunStopsAtOnceWhenToldTwice(t *testing.T) {
	t.Parallel()
	s := quick(0)
	s.Options.DrainTimeout = time.Minute
	r := start(t, s)
	go r.get(newClient(t), "/?sleep=10s")
	time.Sleep(100 * time.Millisecond)
	r.signal(syscall.SIGTERM)
	r.waitLog("told to stop")
	r.signal(syscall.SIGTERM)
	assert.Equal(t, 1, r.wait(3*time.Second), r.log())
	assert.NotEmpty(t, r.logged("1 connections cut off"))
}

func TestRunSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	err := server.Run(text("x"), server.Options{Port: -1})
	assert.ErrorIs(t, err, server.ErrOptions)
	assert.Equal(t, server.ExitConfig, server.ExitCode(err))
	assert.Equal(t, 1, server.ExitCode(errors.New("x")))
	assert.Equal(t, 0, server.ExitCode(nil))
}

// reloads counts, and fails when told.
type reloads struct {
	http.Handler
	n   atomic.Int32
	err error
}

func (r *reloads) Reload() error { r.n.Add(1); return r.err }

func TestReload(t *testing.T) {
	t.Parallel()
	app := &reloads{Handler: text("x")}
	s := serve(t, app, server.Options{})
	require.NoError(t, s.Reload())
	assert.EqualValues(t, 1, app.n.Load())
	app.err = errors.New("no")
	assert.Equal(t, app.err, s.Reload())
	require.NoError(t, serve(t, text("x"), server.Options{}).Reload(), "an app that cannot is no error")
}
