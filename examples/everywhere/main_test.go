package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/gateway"
)

// TestMain lets the test's own binary be the CGI program.
func TestMain(m *testing.M) {
	if os.Getenv("GATEWAY_INTERFACE") != "" {
		if err := run(context.Background(), "cgi", "", ""); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

const want = "Hello ada, this is /x, mounted at \"/app\".\n"

func TestEverywhere(t *testing.T) {
	for _, how := range []string{"http", "unix", "fcgi"} {
		t.Run(how, func(t *testing.T) {
			socket := filepath.Join(t.TempDir(), "s")
			ctx, stop := context.WithCancel(context.Background())
			ended := make(chan error, 1)
			go func() { ended <- run(ctx, how, socket, "/app") }()
			require.Eventually(t, func() bool {
				conn, err := net.Dial("unix", socket)
				if err == nil {
					conn.Close()
				}
				return err == nil
			}, 5*time.Second, 10*time.Millisecond)
			if how == "fcgi" {
				assert.Equal(t, want, ask(t, &gateway.FastCGI{Network: "unix", Address: socket, Script: "/app", Mount: "/app"}))
			} else {
				client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(context.Context, string, string) (net.Conn, error) {
					return net.Dial("unix", socket)
				}}}
				resp, err := client.Get("http://h.example/app/x")
				require.NoError(t, err)
				resp.Body.Close()
				assert.Equal(t, 200, resp.StatusCode)
			}
			stop()
			assert.NoError(t, <-ended)
		})
	}
	t.Run("cgi", func(t *testing.T) {
		self, err := os.Executable()
		require.NoError(t, err)
		assert.Equal(t, want, ask(t, &gateway.CGI{Path: self, Mount: "/app"}))
	})
	assert.ErrorContains(t, run(t.Context(), "spdy", "127.0.0.1:0", ""), "spdy")
}

// ask puts a program behind an app that knows the user.
func ask(t *testing.T, app http.Handler) string {
	t.Helper()
	text, err := webob.Blank("/app/x", webob.WithEnviron("REMOTE_USER", "ada")).GetResponse(app).Text()
	require.NoError(t, err)
	return text
}
