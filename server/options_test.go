package server

import (
	"bytes"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOptionsThatCannotBe(t *testing.T) {
	for _, row := range []struct {
		name string
		o    Options
		says string
	}{
		{"a port out of range", Options{Port: 65536}, "port 65536"},
		{"listen beside host", Options{Host: "x", Listen: []string{":1"}}, "listen stands beside"},
		{"a certificate without key", Options{CertFile: "c"}, "belong together"},
		{"a key without certificate", Options{KeyFile: "k"}, "belong together"},
		{"authorities without TLS", Options{ClientCAFile: "c"}, "client_ca_file"},
		{"negative workers", Options{Workers: -1}, "workers"},
		{"negative connections", Options{MaxConns: -1}, "max_conns"},
		{"negative streams", Options{MaxStreams: -1}, "max_streams"},
		{"negative header", Options{MaxHeaderBytes: -1}, "max_header_bytes"},
		{"a health path without slash", Options{HealthPath: "health"}, "health_path"},
		{"a mode that is not octal", Options{UnixMode: "0888"}, "unix_mode"},
		{"a mode beyond permissions", Options{UnixMode: "7777"}, "unix_mode"},
		{"an address without port", Options{Listen: []string{"localhost"}}, `"localhost"`},
		{"a port that is a word", Options{Listen: []string{"localhost:http"}}, `port "http"`},
		{"an empty path", Options{Listen: []string{"unix:"}}, "nothing behind the colon"},
		{"an address twice", Options{Listen: []string{"127.0.0.1:80", "tcp:127.0.0.1:80"}}, `"tcp:127.0.0.1:80" twice`},
		{"a Unix socket twice", Options{Listen: []string{"unix:/x", "127.0.0.1:0", "127.0.0.1:0", "unix:/x"}}, `"unix:/x" twice`},
		{"standard output as a socket", Options{Listen: []string{"fd:1"}}, "fd:1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := New(http.NotFoundHandler(), row.o)
			assert.ErrorIs(t, err, ErrOptions)
			assert.ErrorContains(t, err, row.says)
		})
	}
	_, err := New(nil, Options{})
	assert.ErrorIs(t, err, ErrOptions)
	_, err = New(http.NotFoundHandler(), Options{CertFile: "nowhere.pem", KeyFile: "nowhere.key"})
	assert.ErrorContains(t, err, "nowhere.pem")
}

func TestDefaults(t *testing.T) {
	o, err := Options{}.completed()
	require.NoError(t, err)
	assert.Equal(t, []string{"127.0.0.1:8080"}, o.Listen)
	assert.Equal(t, 10*time.Second, o.ReadHeaderTimeout)
	assert.Equal(t, 2*time.Minute, o.IdleTimeout)
	assert.Zero(t, o.WriteTimeout, "would cut streams")
	assert.Equal(t, o.DrainTimeout/2, o.CancelAfter)
	for _, row := range []struct {
		host string
		port int
		want string
	}{
		{"", 80, "127.0.0.1:80"}, {"*", 0, ":8080"}, {"::1", 80, "[::1]:80"}, {"[::1]", 80, "[::1]:80"},
		{"0.0.0.0", 0, "0.0.0.0:8080"}, {"example.org", 443, "example.org:443"},
	} {
		o, err := Options{Host: row.host, Port: row.port}.completed()
		require.NoError(t, err)
		assert.Equal(t, []string{row.want}, o.Listen)
	}
}

func TestParseAddress(t *testing.T) {
	for text, want := range map[string]address{
		"127.0.0.1:80":        {"tcp", "127.0.0.1:80"},
		"tcp:127.0.0.1:80":    {"tcp", "127.0.0.1:80"},
		"[::1]:80":            {"tcp", "[::1]:80"},
		":80":                 {"tcp", ":80"},
		"*:80":                {"tcp", ":80"},
		" unix:/run/a b.sock": {"unix", "/run/a b.sock"},
		"unix:@name":          {"unix", "@name"},
		"fd:3":                {"fd", "3"},
		"systemd":             {"systemd", ""},
		"systemd:web":         {"systemd", "web"},
	} {
		a, err := parseAddress(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, a, text)
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"127.0.0.1:80", "[::1]:0", "*:1", "unix:x", "fd:3", "systemd", "systemd:a", "tcp:a:1", ":", "a:b:c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := parseAddress(s)
		if err != nil {
			require.ErrorIs(t, err, ErrOptions)
			return
		}
		if a.network == "tcp" { // what it gives is an address, and means the same again
			_, _, err := net.SplitHostPort(a.name)
			require.NoError(t, err)
			again, err := parseAddress("tcp:" + a.name)
			require.NoError(t, err)
			require.Equal(t, a, again)
		}
	})
}

func TestErrorLogLevels(t *testing.T) {
	for text, level := range map[string]string{
		"http: panic serving 127.0.0.1:1: x\nstack":  "ERROR",
		"http: Accept error: too many open files":    "WARN",
		"http2: server connection error from x: EOF": "DEBUG",
	} {
		var out bytes.Buffer
		l := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
		newErrorLog(l).Print(text)
		assert.Contains(t, out.String(), "level="+level, text)
	}
}
