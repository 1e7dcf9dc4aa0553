package server_test

import (
	"context"
	"io"
	"net"
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

type got struct {
	status int
	text   string
	pid    string
	close  bool
}

// newClient gives a client with connections of its own.
func newClient(t *testing.T) *http.Client {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 5 * time.Second}
}

func get(c *http.Client, url string) (got, error) {
	resp, err := c.Get(url)
	if err != nil {
		return got{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return got{resp.StatusCode, string(body), resp.Header.Get("Pid"), resp.Close}, err
}

func deadline(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	t.Cleanup(cancel)
	return ctx
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.DialTimeout("tcp", addr, 2*time.Second)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(4*time.Second)))
	return c
}
