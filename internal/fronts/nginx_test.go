package fronts

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/internal/everyfront"
	"github.com/gowebob/gowebob/webob/gateway"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// nginx runs one with these locations and gives its URL.
func nginx(t *testing.T, dir, locations string) (url string, out *output) {
	t.Helper()
	path := program(t, "nginx")
	address := freeAddress(t)
	write(t, dir+"/passwords", "ada:{PLAIN}secret\n")
	conf := strings.NewReplacer("DIR", dir, "ADDRESS", address, "USER", asRoot("user root;")).Replace(`
daemon off;
worker_processes 1;
USER
pid DIR/pid;
error_log stderr warn;
events { worker_connections 64; }
http {
	access_log off;
	client_max_body_size 64m;
	client_body_temp_path DIR/body;
	proxy_temp_path DIR/proxy;
	fastcgi_temp_path DIR/fastcgi;
	uwsgi_temp_path DIR/uwsgi;
	scgi_temp_path DIR/scgi;
	default_type application/octet-stream;
	server {
		listen ADDRESS;
		server_name h.example;
`) + locations + "\n\t}\n}\n"
	file := write(t, filepath.Join(dir, "nginx.conf"), conf)
	out = start(t, "tcp", address, path, "-p", dir, "-c", file, "-e", "stderr")
	return "http://" + address, out
}

// fastcgiParams are those that come with nginx, which name SCRIPT_NAME but no PATH_INFO.
const fastcgiParams = `
		fastcgi_param QUERY_STRING $query_string;
		fastcgi_param REQUEST_METHOD $request_method;
		fastcgi_param CONTENT_TYPE $content_type;
		fastcgi_param CONTENT_LENGTH $content_length;
		fastcgi_param REQUEST_URI $request_uri;
		fastcgi_param SERVER_PROTOCOL $server_protocol;
		fastcgi_param REQUEST_SCHEME $scheme;
		fastcgi_param HTTPS $https if_not_empty;
		fastcgi_param GATEWAY_INTERFACE CGI/1.1;
		fastcgi_param SERVER_SOFTWARE nginx/$nginx_version;
		fastcgi_param REMOTE_ADDR $remote_addr;
		fastcgi_param REMOTE_PORT $remote_port;
		fastcgi_param REMOTE_USER $remote_user;
		fastcgi_param SERVER_ADDR $server_addr;
		fastcgi_param SERVER_PORT $server_port;
		fastcgi_param SERVER_NAME $server_name;
		fastcgi_param HTTP_HOST $http_host;
`

// fastCGI serves the app of all rows on a Unix socket.
func fastCGI(t *testing.T, dir string, o *gateway.Options) (socket string) {
	t.Helper()
	socket = filepath.Join(dir, "app.sock")
	l, err := gateway.ListenUnix(socket, 0o666)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- gateway.ServeFastCGI(ctx, l, everyfront.App(), o) }()
	t.Cleanup(func() {
		cancel()
		assert.NoError(t, <-ended)
	})
	return socket
}

// behindNginx are the ways in which nginx hands requests over.
var behindNginx = []struct {
	name, location string
	front          everyfront.Front
	options        *gateway.Options
}{
	{"the parameters that come with it", `
		location / {
			fastcgi_pass unix:DIR/app.sock;
			fastcgi_buffering off;
			fastcgi_param SCRIPT_NAME $fastcgi_script_name;` + fastcgiParams + `
		}`, everyfront.Front{}, nil},
	{"mounted by PATH_INFO, streaming uploads, with a user", `
		location /mnt/ {
			auth_basic "x";
			auth_basic_user_file DIR/passwords;
			fastcgi_split_path_info ^(/mnt)(/.*)$;
			fastcgi_pass unix:DIR/app.sock;
			fastcgi_buffering off;
			fastcgi_request_buffering off;
			fastcgi_param SCRIPT_NAME $fastcgi_script_name;
			fastcgi_param PATH_INFO $fastcgi_path_info;` + fastcgiParams + `
		}`, everyfront.Front{Mount: "/mnt", User: "ada"}, nil},
	{"mounted by Mount, connections kept", `
		location /mnt/ {
			fastcgi_pass kept;
			fastcgi_keep_conn on;
			fastcgi_buffering off;
			fastcgi_param SCRIPT_NAME $fastcgi_script_name;` + fastcgiParams + `
		}
	}
	upstream kept {
		server unix:DIR/app.sock;
		keepalive 4;
	}
	server {
		listen unix:DIR/second.sock;`, everyfront.Front{Mount: "/mnt"}, &gateway.Options{Mount: "/mnt"}},
	{"with its buffers", `
		location / {
			fastcgi_pass unix:DIR/app.sock;
			fastcgi_param SCRIPT_NAME $fastcgi_script_name;` + fastcgiParams + `
		}`, everyfront.Front{Buffers: true}, nil},
}

func TestFastCGIBehindNginx(t *testing.T) {
	for _, row := range behindNginx {
		t.Run(row.name, func(t *testing.T) {
			program(t, "nginx")
			dir := folder(t)
			fastCGI(t, dir, row.options)
			url, out := nginx(t, dir, strings.ReplaceAll(row.location, "DIR", dir))
			f := row.front
			f.URL = url + f.Mount
			if f.User != "" {
				f.URL = strings.Replace(f.URL, "http://", "http://"+f.User+":secret@", 1)
			}
			everyfront.Check(t, f)
			notSaid(t, out, "invalid header", "unexpected", "[emerg]")
		})
	}
}

func TestUnixSocketBehindNginx(t *testing.T) {
	program(t, "nginx")
	dir := folder(t)
	socket := filepath.Join(dir, "app.sock")
	l, err := gateway.ListenUnix(socket, 0o666)
	require.NoError(t, err)
	server := &http.Server{Handler: everyfront.App(), ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0)}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	url, _ := nginx(t, dir, strings.ReplaceAll(`
		location / {
			proxy_pass http://unix:DIR/app.sock;
			proxy_http_version 1.1;
			proxy_set_header Host $http_host;
			proxy_set_header Connection "";
			proxy_buffering off;
			proxy_request_buffering off;
		}`, "DIR", dir))
	everyfront.Check(t, everyfront.Front{URL: url, NoPeer: true, NoHints: true})
}

// A client that leaves is noticed by the app behind.
func TestClientLeavesNginx(t *testing.T) {
	program(t, "nginx")
	dir := folder(t)
	left := make(chan error, 1)
	l, err := gateway.ListenUnix(filepath.Join(dir, "app.sock"), 0o666)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		ended <- gateway.ServeFastCGI(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "here")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
			left <- r.Context().Err()
		}), nil)
	}()
	defer func() { stop(); assert.NoError(t, <-ended) }()
	url, _ := nginx(t, dir, strings.ReplaceAll(behindNginx[0].location, "DIR", dir))
	resp, err := http.Get(url)
	require.NoError(t, err)
	_, err = io.ReadFull(resp.Body, make([]byte, 4))
	require.NoError(t, err)
	resp.Body.Close()
	assert.ErrorIs(t, <-left, context.Canceled)
}
