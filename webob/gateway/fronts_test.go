package gateway_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/internal/everyfront"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/gateway"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// script builds the CGI program, which starts sooner than a test binary would.
func script(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "script")
	out, err := exec.Command("go", "build", "-o", path, "github.com/gowebob/gowebob/internal/everyfront/script").CombinedOutput()
	require.NoError(t, err, string(out))
	return path
}

// asUser is signedIn for any handler, before it runs.
func asUser(h http.Handler) http.Handler {
	return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		if err := req.Environ().Set("REMOTE_USER", "ada"); err != nil {
			return nil, err
		}
		return req.GetResponse(app), nil
	})(h)
}

func fastCGI(t *testing.T, app http.Handler, o *gateway.Options) (socket string) {
	t.Helper()
	socket = filepath.Join(t.TempDir(), "s")
	l, err := gateway.ListenUnix(socket, 0)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- gateway.ServeFastCGI(ctx, l, app, o) }()
	t.Cleanup(func() {
		cancel()
		assert.NoError(t, <-ended)
	})
	return socket
}

func TestEveryFront(t *testing.T) {
	t.Run("net/http", func(t *testing.T) {
		server := httptest.NewServer(asUser(everyfront.App()))
		defer server.Close()
		everyfront.Check(t, everyfront.Front{URL: server.URL, User: "ada"})
	})
	t.Run("Unix socket", func(t *testing.T) {
		socket := filepath.Join(t.TempDir(), "s")
		l, err := gateway.ListenUnix(socket, 0o660)
		require.NoError(t, err)
		server := &http.Server{Handler: everyfront.App()}
		go server.Serve(l)
		defer server.Close()
		client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return net.Dial("unix", socket)
		}}}
		everyfront.Check(t, everyfront.Front{URL: "http://h.example", Client: client, NoPeer: true})
	})
	t.Run("FastCGI", func(t *testing.T) {
		socket := fastCGI(t, everyfront.App(), nil)
		mux := http.NewServeMux()
		mux.Handle("/mnt/", asUser(&gateway.FastCGI{Network: "unix", Address: socket, Script: "/srv/app", Mount: "/mnt"}))
		server := httptest.NewServer(mux)
		defer server.Close()
		everyfront.Check(t, everyfront.Front{URL: server.URL + "/mnt", Mount: "/mnt", User: "ada"})
	})
	program := script(t)
	t.Run("CGI", func(t *testing.T) {
		server := httptest.NewServer(http.StripPrefix("/mnt", asUser(&gateway.CGI{Path: program, Env: []string{"QUIET=1"}})))
		defer server.Close()
		everyfront.Check(t, everyfront.Front{URL: server.URL + "/mnt", Mount: "/mnt", User: "ada", RunOnce: true})
	})
	t.Run("CGI by net/http/cgi", func(t *testing.T) {
		h := &cgi.Handler{Path: program, Root: "/mnt", Env: []string{"QUIET=1", "REMOTE_USER=ada"}, Stderr: io.Discard}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.ContentLength < 0 { // it has none of those
				b, _ := io.ReadAll(r.Body)
				req := webob.NewRequest(r)
				req.SetBytes(b)
				r = req.Request
			}
			for _, name := range []string{"X_a", "Remote_user"} {
				delete(r.Header, name)
			}
			h.ServeHTTP(w, r)
		}))
		defer server.Close()
		everyfront.Check(t, everyfront.Front{URL: server.URL + "/mnt", Mount: "/mnt", User: "ada", RunOnce: true, NoAbort: true, Buffers: true})
	})
}
