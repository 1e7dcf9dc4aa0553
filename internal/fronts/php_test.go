package fronts

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/internal/everyfront"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/gateway"
)

// phpScripts are what php-fpm runs.
var phpScripts = map[string]string{
	"env.php":           `<?php header('Content-Type: application/json'); echo json_encode($_SERVER + ["get" => $_GET, "post" => $_POST]);`,
	"sum.php":           `<?php $b = file_get_contents('php://input'); echo strlen($b), ' ', hash('sha256', $b);`,
	"large.php":         `<?php for ($i = 0; $i < 1024; $i++) echo str_repeat(chr(65 + $i % 26), 8192);`,
	"status.php":        `<?php http_response_code(418); header('X-A: 1'); setcookie('a', '1'); setcookie('b', '2'); echo "teapot";`,
	"location.php":      `<?php header('Location: /env.php');`,
	"stream.php":        `<?php while (ob_get_level()) ob_end_flush(); header('Content-Type: text/plain'); echo "one"; flush(); file_get_contents($_GET['gate']); echo "two"; flush(); file_get_contents($_GET['gate']);`,
	"fatal.php":         `<?php undefined_function();`,
	"log.php":           `<?php error_log("said by PHP"); echo "ok";`,
	"slow.php":          `<?php sleep(20); echo "late";`,
	"sub/index.php":     `<?php echo "index of sub";`,
	"upload/cat.jpg":    `<?php echo "uploaded code";`,
	"front/app.php":     `<?php echo $_SERVER['REQUEST_URI'], ' ', $_SERVER['SCRIPT_NAME'], ' ', $_SERVER['PATH_INFO'] ?? 'none';`,
	"../outside/x.php":  `<?php echo "outside";`,
	"../outside/secret": `secret`,
}

// phpFPM runs one over these scripts.
func phpFPM(t *testing.T) (socket, root string) {
	t.Helper()
	path := program(t, "php-fpm8.2", "php-fpm", "php-fpm8.4", "php-fpm8.3")
	dir := folder(t)
	root, socket = filepath.Join(dir, "www"), filepath.Join(dir, "php.sock")
	for name, text := range phpScripts {
		write(t, filepath.Join(root, name), text)
	}
	require.NoError(t, os.Symlink(filepath.Join(dir, "outside", "x.php"), filepath.Join(root, "link.php")))
	conf := strings.NewReplacer("DIR", dir, "USER", asRoot("user = root\ngroup = root")).Replace(`
[global]
error_log = DIR/fpm.log
daemonize = no
[www]
USER
listen = DIR/php.sock
listen.mode = 0666
pm = static
pm.max_children = 4
catch_workers_output = yes
php_admin_value[post_max_size] = 64M
php_admin_flag[display_errors] = off
php_admin_flag[log_errors] = on
php_admin_value[error_log] =
php_admin_value[output_buffering] = 0
`)
	args := []string{"-F", "-n", "-y", write(t, dir+"/fpm.conf", conf)}
	if asRoot("root") != "" {
		args = append(args, "-R")
	}
	start(t, "unix", socket, path, args...)
	return socket, root
}

// php puts scripts behind an app of ours, with a filter that knows the user.
func php(t *testing.T) *httptest.Server {
	t.Helper()
	socket, root := phpFPM(t)
	user := dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		if err := req.Environ().Set("REMOTE_USER", "ada"); err != nil {
			return nil, err
		}
		resp := req.GetResponse(app)
		resp.Header().Set("X-Filter", "1")
		return resp, nil
	})
	mux := http.NewServeMux()
	app := gateway.FastCGI{Network: "unix", Address: socket, Root: root}
	mounted, front, slow := app, app, app
	mounted.Mount = "/mnt"
	front.Root, front.Script, front.Mount = "", filepath.Join(root, "front/app.php"), "/front"
	slow.Timeout, slow.Mount = 300*time.Millisecond, "/impatient"
	mux.Handle("/", user(&app))
	mux.Handle("/mnt/", user(&mounted))
	mux.Handle("/front/", user(&front))
	mux.Handle("/impatient/", user(&slow))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func TestPHPBehind(t *testing.T) {
	server := php(t)
	client := server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	do := func(t *testing.T, method, path string, body io.Reader, header ...string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequest(method, server.URL+path, body)
		require.NoError(t, err)
		for i := 0; i < len(header); i += 2 {
			req.Header[header[i]] = []string{header[i+1]}
		}
		resp, err := client.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		b, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp, string(b)
	}
	t.Run("the variables", func(t *testing.T) {
		resp, text := do(t, "POST", "/mnt/env.php/more/%20x?a=1", strings.NewReader("b=2"), "Content-Type", "application/x-www-form-urlencoded",
			"X_forwarded_for", "1.2.3.4", "Proxy", "http://evil", "X-A", "3", "Remote_user", "eve")
		assert.Equal(t, "1", resp.Header.Get("X-Filter"))
		var env map[string]any
		require.NoError(t, json.Unmarshal([]byte(text), &env), text)
		for key, want := range map[string]any{
			"REQUEST_METHOD": "POST", "SCRIPT_NAME": "/mnt/env.php", "PATH_INFO": "/more/ x", "QUERY_STRING": "a=1",
			"REQUEST_URI": "/mnt/env.php/more/%20x?a=1", "REMOTE_USER": "ada", "REMOTE_ADDR": "127.0.0.1", "HTTP_X_A": "3",
			"CONTENT_LENGTH": "3", "get": map[string]any{"a": "1"}, "post": map[string]any{"b": "2"},
			"HTTP_PROXY": nil, "HTTP_X_FORWARDED_FOR": nil, "HTTP_REMOTE_USER": nil,
		} {
			assert.Equal(t, want, env[key], key)
		}
	})
	t.Run("a large upload", func(t *testing.T) {
		b, _ := io.ReadAll(everyfront.Large())
		h := sha256.Sum256(b)
		_, text := do(t, "POST", "/sum.php", strings.NewReader(string(b)))
		assert.Equal(t, "8388608 "+hex.EncodeToString(h[:]), text)
		_, text = do(t, "PUT", "/sum.php", everyfront.Large())
		assert.Equal(t, "8388608 "+hex.EncodeToString(h[:]), text, "in chunks")
	})
	t.Run("a large answer", func(t *testing.T) {
		_, text := do(t, "GET", "/large.php", nil)
		assert.Len(t, text, 8<<20)
	})
	t.Run("status, fields, cookies", func(t *testing.T) {
		resp, text := do(t, "GET", "/status.php", nil)
		assert.Equal(t, 418, resp.StatusCode)
		assert.Equal(t, "1", resp.Header.Get("X-A"))
		assert.Equal(t, []string{"a=1", "b=2"}, resp.Header["Set-Cookie"])
		assert.Equal(t, "teapot", text)
	})
	t.Run("HEAD", func(t *testing.T) {
		resp, text := do(t, "HEAD", "/status.php", nil)
		assert.Equal(t, 418, resp.StatusCode)
		assert.Empty(t, text)
	})
	t.Run("a Location is a redirect", func(t *testing.T) {
		resp, _ := do(t, "GET", "/location.php", nil)
		assert.Equal(t, 302, resp.StatusCode)
		assert.Equal(t, "/env.php", resp.Header.Get("Location"))
	})
	for _, row := range []struct {
		name, path, text string
		status           int
	}{
		{"a directory has its index", "/sub/", "index of sub", 200},
		{"no index", "/front/", "/front/ /front /", 200},
		{"the front controller gets every path", "/front/a/b.php?c", "/front/a/b.php?c /front /a/b.php", 200},
		{"a script that is not there", "/none.php", "404", 404},
		{"uploaded code does not run", "/upload/cat.jpg/x.php", "404", 404},
		{"a file that is no script", "/upload/cat.jpg", "404", 404},
		{"up and out", "/sub/..%2f..%2foutside/x.php", "404", 404},
		{"up and out, written otherwise", "/sub/%2e%2e/%2e%2e/outside/x.php", "404", 404},
		{"a link that leads out", "/link.php", "404", 404},
		{"a NUL", "/env.php%00.jpg", "400", 400},
		{"a fatal error is PHP's own 500", "/fatal.php", "", 500},
		{"what is said on the way", "/log.php", "ok", 200},
		{"a script that takes its time", "/impatient/slow.php", "504", 504},
	} {
		t.Run(row.name, func(t *testing.T) {
			req, err := http.NewRequest("GET", server.URL, nil)
			require.NoError(t, err)
			req.URL.Opaque = row.path
			req.URL.Opaque, req.URL.RawQuery, _ = strings.Cut(row.path, "?")
			resp, err := (&http.Transport{}).RoundTrip(req)
			require.NoError(t, err)
			defer resp.Body.Close()
			b, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Equal(t, row.status, resp.StatusCode, string(b))
			assert.Contains(t, string(b), row.text)
		})
	}
	t.Run("a stream", func(t *testing.T) {
		gate := make(chan struct{})
		gates := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-gate }))
		defer gates.Close()
		resp, err := client.Get(server.URL + "/stream.php?gate=" + gates.URL)
		require.NoError(t, err)
		defer resp.Body.Close()
		for _, want := range []string{"one", "two"} {
			b := make([]byte, 3)
			_, err := io.ReadFull(resp.Body, b)
			require.NoError(t, err)
			assert.Equal(t, want, string(b))
			gate <- struct{}{}
		}
	})
}

// A server that is not there is a 502, with the error for the filters outside.
func TestPHPNotThere(t *testing.T) {
	app := &gateway.FastCGI{Network: "unix", Address: filepath.Join(t.TempDir(), "none"), Script: "/x.php"}
	resp := webob.Blank("/").GetResponse(app)
	assert.Equal(t, 502, resp.Status())
	assert.ErrorIs(t, resp.Err(), exc.BadGateway)
	assert.ErrorIs(t, resp.Err(), os.ErrNotExist)
}
