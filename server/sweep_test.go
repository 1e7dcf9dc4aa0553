//go:build linux

package server

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSweepTakesWhatIsQueued(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	const n = 5
	var clients []net.Conn
	for range n {
		c, err := net.Dial("tcp", l.Addr().String())
		require.NoError(t, err)
		defer c.Close()
		clients = append(clients, c)
	}
	taken := sweep(l)
	require.Len(t, taken, n)
	_, err = net.Dial("tcp", l.Addr().String())
	assert.Error(t, err, "the listener is closed")
	for _, c := range taken {
		assert.IsType(t, &net.TCPConn{}, c)
		_, err := io.WriteString(c, "x")
		require.NoError(t, err)
		require.NoError(t, c.Close())
	}
	for _, c := range clients {
		c.SetDeadline(time.Now().Add(2 * time.Second))
		b, err := io.ReadAll(c)
		require.NoError(t, err)
		assert.Equal(t, "x", string(b))
	}
}
