package server_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/gowebob/gowebob/server"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var anyPort = []string{"127.0.0.1:0"}

func text(s string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, s) })
}

func TestLife(t *testing.T) {
	s, err := server.New(text("hello"), server.Options{Listen: anyPort})
	require.NoError(t, err)
	assert.False(t, s.Serving(), "not before Start")
	require.NoError(t, s.Start())
	<-s.Ready()
	assert.True(t, s.Serving())
	resp, err := http.Get("http://" + s.Addrs()[0].String())
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	resp.Body.Close()
	assert.Equal(t, "hello", string(body))
	http.DefaultClient.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	require.NoError(t, s.Stop(ctx))
	require.NoError(t, s.Wait())
	assert.ErrorIs(t, s.Start(), server.ErrState)
}
