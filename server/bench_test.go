package server

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var small = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") })

// BenchmarkKeepAlive sends requests on one connection, to net/http alone and to a Server: what
// the tracking of connections and the entrance cost. Both have the same time limits.
func BenchmarkKeepAlive(b *testing.B) {
	b.Run("net/http", func(b *testing.B) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(b, err)
		h := &http.Server{Handler: small, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
		go h.Serve(l)
		defer h.Close()
		benchConn(b, l.Addr().String())
	})
	b.Run("server", func(b *testing.B) {
		s, err := New(small, Options{Listen: []string{"127.0.0.1:0"}, Logger: slog.New(slog.DiscardHandler)})
		require.NoError(b, err)
		require.NoError(b, s.Start())
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		defer s.Stop(ctx)
		benchConn(b, s.Addrs()[0].String())
	})
}

func benchConn(b *testing.B, addr string) {
	c, err := net.Dial("tcp", addr)
	require.NoError(b, err)
	defer c.Close()
	request := []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	r := bufio.NewReader(c)
	b.ReportAllocs()
	for b.Loop() {
		c.Write(request)
		for {
			line, err := r.ReadSlice('\n')
			if err != nil {
				b.Fatal(err)
			}
			if len(line) == 2 {
				break
			}
		}
		if _, err := r.Discard(len("hello")); err != nil {
			b.Fatal(err)
		}
	}
}

// bare is a writer that costs nothing.
type bare struct{ http.ResponseWriter }

func (bare) Header() http.Header         { return nil }
func (bare) Write(p []byte) (int, error) { return len(p), nil }

func TestEntranceAllocatesNothing(t *testing.T) {
	s, err := New(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), Options{HealthPath: "/h"})
	require.NoError(t, err)
	s.serving.Store(true)
	r := httptest.NewRequest("GET", "/", nil)
	e := s.plain.Handler
	assert.Zero(t, testing.AllocsPerRun(100, func() { e.ServeHTTP(bare{}, r) }))
}

func BenchmarkEntrance(b *testing.B) {
	s, err := New(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), Options{HealthPath: "/h"})
	require.NoError(b, err)
	s.serving.Store(true)
	r := httptest.NewRequest("GET", "/", nil)
	e := s.plain.Handler
	b.ReportAllocs()
	for b.Loop() {
		e.ServeHTTP(bare{}, r)
	}
}
