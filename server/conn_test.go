package server

import (
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pair gives a tracked connection and its client.
func pair(t *testing.T) (*tcpConn, net.Conn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { client.Close() })
	c, err := l.Accept()
	require.NoError(t, err)
	set := &connSet{all: map[*tracked]trackedConn{}, headerTimeout: time.Minute}
	tracked := set.wrap(c, nil).(*tcpConn)
	t.Cleanup(func() { tracked.Close() })
	return tracked, client
}

func TestAbandonedConnection(t *testing.T) {
	p := make([]byte, 10)
	t.Run("with nothing to read it ends", func(t *testing.T) {
		c, _ := pair(t)
		c.abandon(c)
		_, err := c.Read(p)
		assert.Equal(t, io.EOF, err)
	})
	t.Run("a Read that waits ends, too", func(t *testing.T) {
		c, _ := pair(t)
		time.AfterFunc(20*time.Millisecond, func() { c.abandon(c) })
		_, err := c.Read(p)
		assert.Equal(t, io.EOF, err)
	})
	t.Run("what has come is read, and the connection lives", func(t *testing.T) {
		c, client := pair(t)
		io.WriteString(client, "GET")
		time.Sleep(10 * time.Millisecond)
		c.abandon(c)
		n, err := c.Read(p)
		require.NoError(t, err)
		assert.Equal(t, "GET", string(p[:n]))
		c.abandon(c) // no more
		time.AfterFunc(20*time.Millisecond, func() { io.WriteString(client, " /") })
		n, err = c.Read(p)
		require.NoError(t, err, "the deadline is taken back")
		assert.Equal(t, " /", string(p[:n]))
	})
	t.Run("later deadlines are net/http's", func(t *testing.T) {
		c, client := pair(t)
		io.WriteString(client, "GET")
		time.Sleep(10 * time.Millisecond)
		c.abandon(c)
		_, err := c.Read(p)
		require.NoError(t, err)
		// It stops its own reading so when a handler is done, and waits for it.
		time.AfterFunc(20*time.Millisecond, func() { c.SetReadDeadline(time.Unix(1, 0)) })
		_, err = c.Read(p)
		assert.True(t, os.IsTimeout(err), "%v", err)
	})
	t.Run("another request can be waited for", func(t *testing.T) {
		c, client := pair(t)
		io.WriteString(client, "GET")
		c.Read(p)
		noteState(c, http.StateActive)
		assert.True(t, c.busy())
		noteState(c, http.StateIdle)
		assert.False(t, c.busy())
		c.abandon(c)
		_, err := c.Read(p)
		assert.Equal(t, io.EOF, err)
	})
}
