package server

import (
	"io"
	"log/slog"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// slowReload is an app that is reloaded step by step.
type slowReload struct {
	http.Handler
	n    int
	step chan struct{}
}

func (r *slowReload) Reload() error {
	<-r.step
	r.n++
	return nil
}

// TestManySignalsMakeNoQueue: what comes during a reload is one more reload.
func TestManySignalsMakeNoQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := &slowReload{Handler: http.NotFoundHandler(), step: make(chan struct{})}
		s, err := New(app, Options{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
		require.NoError(t, err)
		c := control{server: s, tell: &notifier{log: s.log}}
		for range 20 {
			c.handle(syscall.SIGHUP)
		}
		synctest.Wait()
		close(app.step)
		synctest.Wait()
		assert.Equal(t, 2, app.n)
		c.handle(syscall.SIGHUP)
		synctest.Wait()
		assert.Equal(t, 3, app.n, "later ones count again")
	})
}
