package server

import (
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What net/http looks for to send files without copying, and to close half a connection.
var (
	_ io.ReaderFrom                   = (*tcpConn)(nil)
	_ interface{ CloseWrite() error } = (*tcpConn)(nil)
	_ interface{ CloseWrite() error } = (*secureConn)(nil)
)

func TestWaitSaysWhyTheServerStoppedByItself(t *testing.T) {
	s, err := New(http.NotFoundHandler(), Options{Listen: []string{"127.0.0.1:0", "127.0.0.1:0"}, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	require.NoError(t, s.Start())
	s.sockets[1].Listener.Close() // as if the system had done it
	assert.ErrorContains(t, s.Wait(), s.sockets[1].Addr().String())
	assert.False(t, s.Serving())
}

// A secureConn must not show its TLS state: net/http would look for no HTTP/2 on it.
func TestSecureConnHidesItsState(t *testing.T) {
	_, shows := any(&secureConn{}).(interface{ ConnectionState() tls.ConnectionState })
	assert.False(t, shows)
}
