package standard_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
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
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/deploy/standard"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/middleware"
	"github.com/gowebob/gowebob/webob"
)

// registry has the standard factories and a few apps to lay them round.
func registry(opts ...standard.Option) *deploy.Registry {
	r := standard.Registry(opts...)
	r.App("kit:see", func(c deploy.Config) (http.Handler, error) {
		return dec.Wsgify(func(req *webob.Request) (string, error) {
			e := req.Environ()
			return strings.Join([]string{req.Method, req.ScriptName(), req.PathInfo(), e.String("REMOTE_USER"), req.ClientAddr(), req.Scheme(), middleware.Settings.Value(req)["color"]}, " "), nil
		}), nil
	})
	r.App("kit:long", func(deploy.Config) (http.Handler, error) { return webob.Text(strings.Repeat("long ", 1000)), nil })
	r.App("kit:fail", func(deploy.Config) (http.Handler, error) {
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(errors.New("oh")) }), nil
	})
	r.App("kit:none", func(deploy.Config) (http.Handler, error) { return http.NotFoundHandler(), nil })
	r.App("kit:go", func(deploy.Config) (http.Handler, error) {
		return dec.Wsgify(func(*webob.Request) (string, error) { return "", middleware.Forward("/see/there") }), nil
	})
	r.App("kit:throw", func(deploy.Config) (http.Handler, error) {
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(exc.Conflict) }), nil
	})
	return r
}

// file writes a configuration.
func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "app.ini")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

const apps = `
[app:see]
paste.app_factory = kit:see
[app:long]
paste.app_factory = kit:long
[app:fail]
paste.app_factory = kit:fail
[app:none]
paste.app_factory = kit:none
[app:go]
paste.app_factory = kit:go
[app:throw]
paste.app_factory = kit:throw
`

func TestEntries(t *testing.T) {
	at := func(addr string) webob.BlankOption { return webob.WithEnviron("REMOTE_ADDR", addr) }
	told := webob.WithHeader("X-Forwarded-For", "1.1.1.1")
	for _, row := range []struct {
		rule, ini, target string
		opts              []webob.BlankOption
		status            int
		want              string // the body has it
		field, value      string // a field of the answer
	}{
		{"urlmap", "[composite:main]\nuse = egg:gowebob#urlmap\n/a/b = see\ndomain example.com /x = see\n", "/a/b/c", nil, 200, "GET /a/b /c", "", ""},
		{"urlmap by domain", "[composite:main]\nuse = egg:Paste#urlmap\ndomain example.com port 81 /x = see\n/ = none", "/x/y", []webob.BlankOption{webob.WithHeader("Host", "example.com:81")}, 200, "GET /x /y", "", ""},
		{"urlmap, for the rest", "[composite:main]\nuse = egg:gowebob#urlmap\nnot_found_app = see\n", "/q", nil, 200, "GET  /q", "", ""},
		{"cascade", "[composite:main]\nuse = egg:gowebob#cascade\napp1 = none\napp2 = see\n", "/q", nil, 200, "GET  /q", "", ""},
		{"cascade, nothing caught", "[composite:main]\nuse = egg:gowebob#cascade\napp1 = none\napp2 = see\ncatch =\n", "/q", nil, 404, "", "", ""},
		{"test", "[app:main]\nuse = egg:gowebob#test\n", "/", nil, 200, "simple", "Content-Type", "text/html"},
		{"static", "[app:main]\nuse = egg:gowebob#static\ndocument_root = .\nindex = app.ini\ncache_max_age = 1m\n", "/", nil, 200, "egg:gowebob#static", "Cache-Control", "public, max-age=60"},
		{"static, not there yet", "[app:main]\nuse = egg:gowebob#static\ndocument_root = build\n", "/a", nil, 404, "", "", ""},
		{"gzip", "[app:main]\nuse = long\nfilter-with = f\n[filter:f]\nuse = egg:gowebob#gzip\nlevel = 9\nmin_size = 1 KiB\n", "/", []webob.BlankOption{webob.WithHeader("Accept-Encoding", "gzip")}, 200, "", "Content-Encoding", "gzip"},
		{"gzip, too short", "[app:main]\nuse = see\nfilter-with = f\n[filter:f]\nuse = egg:gowebob#gzip\n", "/", []webob.BlankOption{webob.WithHeader("Accept-Encoding", "gzip")}, 200, "GET", "Content-Encoding", ""},
		{"errorpage", "[app:main]\nuse = none\nfilter-with = f\n[filter:f]\nuse = egg:gowebob#errorpage\nformats = problem text\n", "/", []webob.BlankOption{webob.WithHeader("Accept", "application/problem+json")}, 404, `"status":404`, "", ""},
		{"httpexceptions", "[app:main]\nuse = throw\nfilter-with = f\n[filter:f]\nuse = egg:Paste#httpexceptions\n", "/", nil, 409, "409 Conflict", "", ""},
		{"recover", "[app:main]\nuse = fail\nfilter-with = f\n[filter:f]\nuse = egg:gowebob#recover\nformats = json\n", "/", nil, 500, `"500 Internal Server Error"`, "", ""},
		{"errordocument", "[filter-app:main]\nuse = egg:gowebob#errordocument\nnext = map\n404 = /see/sorry\n[composite:map]\nuse = egg:gowebob#urlmap\n/see = see\n", "/q", nil, 404, "GET /see /sorry", "", ""},
		{"recursive", "[filter-app:main]\nuse = egg:gowebob#recursive\nnext = map\n[composite:map]\nuse = egg:gowebob#urlmap\n/see = see\n/go = go", "/go", nil, 200, "GET /see /there", "", ""},
		{"config", "[app:main]\nuse = see\nfilter-with = f\n[filter:f]\nuse = egg:PasteDeploy#config\ncolor = red\n", "/", nil, 200, "http red", "", ""},
		{"prefix", "[app:main]\nuse = see\nfilter-with = f\n[filter:f]\nuse = egg:PasteDeploy#prefix\nprefix = /shop\nscheme = https\n", "/shop/x", []webob.BlankOption{at("10.0.0.1"), told}, 200, "GET /shop /x  10.0.0.1 https", "", ""},
		{"prefix with trust", "[app:main]\nuse = see\nfilter-with = f\n[filter:f]\nuse = egg:PasteDeploy#prefix\ntrusted_proxies = 10.0.0.1 fd00::/8\n", "/x", []webob.BlankOption{at("10.0.0.1"), told}, 200, "1.1.1.1", "", ""},
		{"prefix that believes nobody", "[app:main]\nuse = see\nfilter-with = f\n[filter:f]\nuse = egg:PasteDeploy#prefix\ntrusted_proxies = 10.0.0.1\ntranslate_forwarded_server = no\n", "/x", []webob.BlankOption{at("10.0.0.1"), told}, 200, "10.0.0.1", "", ""},
		{"forwarded", "[app:main]\nuse = see\nfilter-with = f\n[filter:f]\nuse = egg:gowebob#forwarded\ntrusted_hops = 1\nforwarded_field = X-Forwarded-For\n", "/x", []webob.BlankOption{at("10.0.0.1"), told}, 200, "1.1.1.1", "", ""},
		{"requestid", "[app:main]\nuse = see\nfilter-with = f\n[filter:f]\nuse = egg:gowebob#requestid\ntrust = yes\nfield = X-Id\n", "/x", []webob.BlankOption{webob.WithHeader("X-Id", "7")}, 200, "", "X-Id", "7"},
		{"printdebug", "[app:main]\nuse = fail\nfilter-with = f\n[filter:f]\nuse = egg:Paste#error_catcher\ndebug = on\n", "/x", []webob.BlankOption{at("127.0.0.1")}, 500, "panic: oh", "", ""},
		{"auth_basic", "[app:main]\nuse = see\nfilter-with = f\n[filter:f]\nuse = egg:gowebob#auth_basic\nrealm = r\npasswords = alice:a bob:b\n", "/x", []webob.BlankOption{webob.WithHeader("Authorization", "Basic Ym9iOmI=")}, 200, " bob ", "", ""},
		{"auth_basic, nobody", "[app:main]\nuse = see\nfilter-with = f\n[filter:f]\nuse = egg:Paste#auth_basic\nrealm = r\nauthfunc = kit:check\n", "/x", nil, 401, "", "Www-Authenticate", `Basic realm="r"`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			no := standard.Check("kit:check", func(*webob.Request, string, string) (bool, error) { return false, nil })
			app, err := deploy.LoadApp(file(t, row.ini+apps), registry(no))
			require.NoError(t, err)
			resp := webob.Blank(row.target, row.opts...).GetResponse(app)
			text, err := resp.Text()
			require.NoError(t, err)
			assert.Equal(t, row.status, resp.Status())
			assert.Contains(t, text, row.want)
			if row.field != "" {
				assert.Equal(t, row.value, resp.Header().Get(row.field))
			}
			if c, ok := app.(io.Closer); ok {
				assert.NoError(t, c.Close())
			}
		})
	}
}

func TestRefusedSettings(t *testing.T) {
	for _, row := range []struct{ rule, ini, says string }{
		{"an entry that there is not", "[app:main]\nuse = egg:Paste#cgi\n", "egg:Paste has no entry cgi"},
		{"what runs code of a browser", "[filter-app:main]\nuse = egg:Paste#evalerror\nnext = see\n", "egg:Paste has no entry evalerror"},
		{"a setting that there is not", "[app:main]\nuse = see\nfilter-with = f\n[filter:f]\nuse = egg:gowebob#gzip\nlevle = 3\n", "there is no setting levle, did you mean level?"},
		{"a level that is none", "[app:main]\nuse = see\nfilter-with = f\n[filter:f]\nuse = egg:gowebob#gzip\nlevel = 10\n", "level is 1 to 9"},
		{"Paste's level", "[app:main]\nuse = see\nfilter-with = f\n[filter:f]\nuse = egg:Paste#gzip\ncompress_level = 10\n", "compress_level"},
		{"a key that is no path", "[composite:main]\nuse = egg:gowebob#urlmap\nblog = see\n", `begins with neither / nor http://`},
		{"a port alone", "[composite:main]\nuse = egg:gowebob#urlmap\nport 80 / = see\n", `a port without a domain`},
		{"a key of no app", "[composite:main]\nuse = egg:gowebob#cascade\nfirst = see\n", "any that begin with app"},
		{"a cascade of nothing", "[composite:main]\nuse = egg:gowebob#cascade\n", "no apps"},
		{"no status", "[composite:main]\nuse = egg:gowebob#cascade\napp = see\ncatch = four\n", `"four" is no status`},
		{"no status of an error", "[filter-app:main]\nuse = egg:gowebob#errordocument\nnext = see\nfour = /x\n", `"four" is no status`},
		{"no path", "[filter-app:main]\nuse = egg:gowebob#errordocument\nnext = see\n404 = x\n", `no path of the application`},
		{"no format of pages", "[filter-app:main]\nuse = egg:gowebob#errorpage\nnext = see\nformats = pdf\n", `"pdf" is none of`},
		{"no proxy named", "[filter-app:main]\nuse = egg:gowebob#forwarded\nnext = see\n", `whom to believe`},
		{"no network", "[filter-app:main]\nuse = egg:gowebob#forwarded\nnext = see\ntrusted_proxies = here\n", `trusted_proxies`},
		{"no port", "[filter-app:main]\nuse = egg:PasteDeploy#prefix\nnext = see\nforce_port = x\n", `port "x"`},
		{"no realm", "[filter-app:main]\nuse = egg:gowebob#auth_basic\nnext = see\n", `realm is required`},
		{"nobody to ask", "[filter-app:main]\nuse = egg:gowebob#auth_basic\nnext = see\nrealm = r\n", `either authfunc or passwords`},
		{"a function nobody knows", "[filter-app:main]\nuse = egg:gowebob#auth_basic\nnext = see\nrealm = r\nauthfunc = a:b\n", `no function "a:b" is registered`},
		{"a password that is not shown", "[filter-app:main]\nuse = egg:gowebob#auth_basic\nnext = see\nrealm = r\npasswords = hunter2\n", `an entry is no name:password`},
		{"a log that is nowhere", "[filter-app:main]\nuse = egg:gowebob#accesslog\nnext = see\nto = printer\n", `"printer" is none of`},
		{"a format with unknown fields", "[filter-app:main]\nuse = egg:Paste#translogger\nnext = see\nformat = %%(x)s\n", `there is no field "x"`},
		{"a level with no name", "[filter-app:main]\nuse = egg:Paste#translogger\nnext = see\nlogging_level = LOUD\n", `"LOUD" is none of`},
		{"no address", "[app:main]\nuse = egg:gowebob#proxy\naddress = ftp://x\n", `address`},
		{"what to forward", "[app:main]\nuse = egg:gowebob#proxy\naddress = http://x\nforward = all\n", `"all" is none of`},
		{"an open proxy", "[app:main]\nuse = egg:Paste#transparent_proxy\n", `force_host is required`},
		{"two ways to say how long", "[app:main]\nuse = egg:gowebob#static\ndocument_root = .\ncache_max_age = 3\ncache_control = no-store\n", `cache_max_age`},
		{"a file for a directory", "[app:main]\nuse = egg:gowebob#static\ndocument_root = app.ini\n", `document_root`},
	} {
		t.Run(row.rule, func(t *testing.T) {
			_, err := deploy.LoadApp(file(t, row.ini+apps), registry())
			require.Error(t, err)
			assert.ErrorContains(t, err, row.says)
			assert.ErrorContains(t, err, "app.ini:")
			assert.NotContains(t, err.Error(), "hunter2")
		})
	}
}

func TestProxy(t *testing.T) {
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.Method+" "+r.Host+r.URL.Path+" "+r.Header.Get("X-Secret")+r.Header.Get("X-Forwarded-Host"))
	}))
	defer behind.Close()
	host := strings.TrimPrefix(behind.URL, "http://")
	app, err := deploy.LoadApp(file(t, "[app:main]\nuse = egg:Paste#proxy\naddress = "+behind.URL+"/\nallowed_request_methods = get POST\nsuppress_http_headers = x_secret\n"), registry())
	require.NoError(t, err)
	resp := webob.Blank("/a", webob.WithHeader("X-Secret", "s")).GetResponse(app)
	text, err := resp.Text()
	require.NoError(t, err)
	assert.Equal(t, "GET "+host+"/a ", text)
	assert.Equal(t, 405, webob.Blank("/a", webob.WithMethod("PUT")).GetResponse(app).Status())
	require.NoError(t, app.(io.Closer).Close())

	app, err = deploy.LoadApp(file(t, "[app:main]\nuse = egg:Paste#transparent_proxy\nforce_host = "+host+"\n"), registry())
	require.NoError(t, err)
	text, err = webob.Blank("http://asked.example/a").GetResponse(app).Text()
	require.NoError(t, err)
	assert.Contains(t, text, "GET asked.example:80/a")
	app.(io.Closer).Close()
}

func TestLogs(t *testing.T) {
	var out bytes.Buffer
	named := standard.Logger(func(name string) *slog.Logger {
		return slog.New(slog.NewTextHandler(&out, nil)).With("name", name)
	})
	app, err := deploy.LoadApp(file(t, "[filter-app:main]\nuse = egg:Paste#translogger\nnext = see\nsetup_console_handler = false\nlogger_name = shop\nformat = %%(REQUEST_METHOD)s %%(status)s\nlogging_level = WARNING\n"+apps), registry(named))
	require.NoError(t, err)
	webob.Blank("/").GetResponse(app).Close()
	assert.Contains(t, out.String(), `level=WARN msg="GET 200" name=shop`)
	for _, to := range []string{"log", "stdout\nformat = combined", "stderr\nformat = %%(status)s"} {
		_, err := deploy.LoadApp(file(t, "[filter-app:main]\nuse = egg:gowebob#accesslog\nnext = see\nlevel = debug\nto = "+to+"\n"+apps), registry())
		assert.NoError(t, err, to)
	}
	warned := slog.Default()
	defer slog.SetDefault(warned)
	out.Reset()
	slog.SetDefault(slog.New(slog.NewTextHandler(&out, nil)))
	_, err = deploy.LoadApp(file(t, "[composite:main]\nuse = egg:gowebob#cascade\napp9 = none\napp10 = see\n"+apps), registry())
	require.NoError(t, err)
	assert.Contains(t, out.String(), "in the order of their keys as texts")
}

func TestServer(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	for rule, ini := range map[string]string{
		"a bad address":  "[server:main]\nuse = egg:gowebob#server\nlisten = nowhere\n",
		"both":           "[server:main]\nuse = egg:gowebob#server\nlisten = :0\nport = 3\n",
		"unknown":        "[server:main]\nuse = egg:gowebob\nworkerz = 3\n",
		"Paste's own":    "[server:main]\nuse = egg:gowebob#http\nuse_threadpool = yes\n",
		"a certificate?": "[server:main]\nuse = egg:Paste#http\nssl_pem = /nowhere.pem\n",
	} {
		_, err := deploy.LoadServer(file(t, ini), registry())
		assert.Error(t, err, rule)
	}
	serve, err := deploy.LoadServer(file(t, "[server:main]\nuse = egg:Paste#http\nhost = 127.0.0.1\nport = 1\nuse_threadpool = no\nsocket_timeout = 3\n"), registry())
	require.NoError(t, err)
	require.NotNil(t, serve)
	serve, err = deploy.LoadServer(file(t, "[server:main]\nuse = egg:gowebob#server\nlisten = unix:"+socket+"\ndrain_timeout = 1\nidle_grace = 10ms\nmax_header_bytes = 16 KiB\nh2c = no\n"), registry())
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- serve(webob.Text("served")) }()
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}}
	var resp *http.Response
	require.Eventually(t, func() bool {
		resp, err = client.Get("http://s/")
		return err == nil
	}, 5*time.Second, 10*time.Millisecond)
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	assert.Equal(t, "served", string(b))
	client.CloseIdleConnections()
	self, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	require.NoError(t, self.Signal(os.Interrupt))
	select {
	case err := <-done:
		assert.NoError(t, err)
	case <-time.After(10 * time.Second):
		t.Error("the server does not stop")
	}
}

// TestEveryEntryIsInTheGuide: the table of docs/middleware.md has all that there is, and
// nothing else.
func TestEveryEntryIsInTheGuide(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "middleware.md"))
	require.NoError(t, err)
	_, table, found := strings.Cut(string(text), "## Names for files")
	require.True(t, found)
	var listed []string
	for _, word := range strings.FieldsFunc(table, func(c rune) bool { return strings.ContainsRune(" `|,\n", c) }) {
		if strings.HasPrefix(word, "egg:") && strings.Contains(word, "#") {
			listed = append(listed, strings.TrimRight(word, ".;"))
		}
	}
	assert.ElementsMatch(t, standard.Registry().Names(), listed)
}
