package gateway

import (
	"bufio"
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
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

func TestVariables(t *testing.T) {
	for _, row := range []struct {
		name                string
		vars                string // key=value, divided by |
		fastcgi             bool
		mount               string
		script, path, url   string
		uri, remote, scheme string
		bad                 string
	}{
		{name: "CGI with a PATH_INFO", vars: "REQUEST_URI=/cgi-bin/x/a%20b?c|SCRIPT_NAME=/cgi-bin/x|PATH_INFO=/a b|QUERY_STRING=c", script: "/cgi-bin/x", path: "/a b", url: "/a%20b?c"},
		{name: "CGI without one", vars: "REQUEST_URI=/cgi-bin/x|SCRIPT_NAME=/cgi-bin/x", script: "/cgi-bin/x", path: "", url: ""},
		{name: "without REQUEST_URI", vars: "SCRIPT_NAME=/x|PATH_INFO=/a b|QUERY_STRING=q", script: "/x", path: "/a b", url: "/a%20b?q", uri: "/x/a%20b?q"},
		{name: "an escaped slash is kept", vars: "REQUEST_URI=/x%2Fy/a%2Fb|SCRIPT_NAME=/x/y|PATH_INFO=/a/b", script: "/x/y", path: "/a/b", url: "/a%2Fb"},
		{name: "nginx's own parameters", fastcgi: true, vars: "REQUEST_URI=/a/b|SCRIPT_NAME=/a/b", path: "/a/b", url: "/a/b"},
		{name: "nginx with an empty PATH_INFO", fastcgi: true, vars: "REQUEST_URI=/a|SCRIPT_NAME=/a|PATH_INFO=", script: "/a", path: ""},
		{name: "Mount says it better", fastcgi: true, mount: "/a/", vars: "REQUEST_URI=/a/b|SCRIPT_NAME=/a/b", script: "/a", path: "/b", url: "/b"},
		{name: "Mount ends at a slash", fastcgi: true, mount: "/a", vars: "REQUEST_URI=/ab|SCRIPT_NAME=/ab", path: "/ab", url: "/ab"},
		{name: "a path that the front has rewritten", vars: "REQUEST_URI=/pretty|SCRIPT_NAME=/x.cgi|PATH_INFO=/page", script: "/x.cgi", path: "/page", url: "/page", uri: "/pretty"},
		{name: "slashes that the front has merged", fastcgi: true, vars: "REQUEST_URI=/a//b|SCRIPT_NAME=/a/b", path: "/a/b", url: "/a/b", uri: "/a//b"},
		{name: "HTTPS", vars: "REQUEST_URI=/|PATH_INFO=/|HTTPS=on", path: "/", url: "/", scheme: "https"},
		{name: "an address of IPv6", vars: "REQUEST_URI=/|PATH_INFO=/|REMOTE_ADDR=2001:db8::1|REMOTE_PORT=5", path: "/", url: "/", remote: "[2001:db8::1]:5"},
		{name: "no address", vars: "REQUEST_URI=/|PATH_INFO=/|REMOTE_ADDR=unix:", path: "/", url: "/", remote: "@"},
		{name: "a bad port", vars: "REQUEST_URI=/|PATH_INFO=/|REMOTE_ADDR=10.0.0.1|REMOTE_PORT=x", path: "/", url: "/", remote: "10.0.0.1:0"},
		{name: "a bad method", vars: "REQUEST_METHOD=G T", bad: "REQUEST_METHOD"},
		{name: "a bad protocol", vars: "SERVER_PROTOCOL=SPDY", bad: "SERVER_PROTOCOL"},
		{name: "a bad host", vars: "HTTP_HOST=a/b", bad: "HTTP_HOST"},
		{name: "a negative length", vars: "CONTENT_LENGTH=-1", bad: "CONTENT_LENGTH"},
		{name: "a length with a sign", vars: "CONTENT_LENGTH=+1", bad: "CONTENT_LENGTH"},
		{name: "a bad target", vars: "REQUEST_URI=x", bad: "REQUEST_URI"},
		{name: "a target with a space", vars: "REQUEST_URI=/a b", bad: "REQUEST_URI"},
		{name: "a query with a line end", vars: "REQUEST_URI=/|QUERY_STRING=a\nb", bad: "QUERY_STRING"},
		{name: "a field with a line end", vars: "REQUEST_URI=/|HTTP_X=a\nb", bad: "HTTP_X"},
	} {
		t.Run(row.name, func(t *testing.T) {
			in := &incoming{options: (&Options{Mount: row.mount}).filled(), fastcgi: row.fastcgi, vars: map[string]string{
				"REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/2", "HTTP_HOST": "h.example", "HTTP_CONTENT_LENGTH": "7", "HTTP_PROXY": "x",
			}}
			for pair := range strings.SplitSeq(row.vars, "|") {
				key, value, _ := strings.Cut(pair, "=")
				in.vars[key] = value
			}
			r, err := in.request()
			if row.bad != "" {
				require.ErrorIs(t, err, errVariables)
				assert.ErrorContains(t, err, row.bad)
				return
			}
			require.NoError(t, err)
			req := webob.NewRequest(r)
			in.describe(req)
			assert.Equal(t, row.script, req.Environ().String("SCRIPT_NAME"))
			assert.Equal(t, row.path, req.Environ().String("PATH_INFO"))
			assert.Equal(t, row.url, r.URL.String())
			if row.uri != "" {
				assert.Equal(t, row.uri, r.RequestURI)
			}
			if row.remote != "" {
				assert.Equal(t, row.remote, r.RemoteAddr)
			}
			if row.scheme != "" {
				assert.Equal(t, row.scheme, req.Scheme())
			}
			assert.Equal(t, 2, r.ProtoMajor)
			assert.Empty(t, r.Header["Proxy"])
			assert.Empty(t, r.Header["Content-Length"], "the second spelling does not count")
		})
	}
}

func TestExactBody(t *testing.T) {
	body := func(s string, n int64) *exact {
		return &exact{ReadCloser: io.NopCloser(strings.NewReader(s)), left: n}
	}
	b, err := io.ReadAll(body("abcdef", 3))
	assert.NoError(t, err)
	assert.Equal(t, "abc", string(b))
	_, err = io.ReadAll(body("ab", 3))
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

func TestReadHead(t *testing.T) {
	for _, row := range []struct {
		name, text string
		status     int
		header     http.Header
		bad        string
	}{
		{name: "a document", text: "Content-Type: a/b\n\n", status: 200, header: http.Header{"Content-Type": {"a/b"}}},
		{name: "CRLF and a status", text: "Status: 404 Not Found\r\nA: 1\r\na: 2\r\n\r\n", status: 404, header: http.Header{"A": {"1", "2"}}},
		{name: "a status alone", text: "Status: 204\n\n", status: 204, header: http.Header{}},
		{name: "a redirect", text: "Location: /x\n\n", status: 302, header: http.Header{"Location": {"/x"}}},
		{name: "a Location that is none", text: "Location: /x\nStatus: 201\n\n", status: 201, header: http.Header{"Location": {"/x"}}},
		{name: "hop-by-hop fields", text: "Connection: close\nTransfer-Encoding: chunked\nX: 1\n\n", status: 200, header: http.Header{"X": {"1"}}},
		{name: "nothing", text: "\n", bad: "without a field"},
		{name: "an end in between", text: "A: b\n", bad: "not whole"},
		{name: "no colon", text: "A\n\n", bad: "field"},
		{name: "a space in a name", text: "A : b\n\n", bad: "field"},
		{name: "a continued line", text: "A: b\n c\n\n", bad: "field"},
		{name: "a CR", text: "A: b\rc\n\n", bad: "field"},
		{name: "a status below 200", text: "Status: 103\n\n", bad: "status"},
		{name: "a status of no number", text: "Status: OK\n\n", bad: "status"},
		{name: "two statuses", text: "Status: 200\nStatus: 200\n\n", bad: "status"},
		{name: "two lengths", text: "Content-Length: 1\nContent-Length: 1\n\n", bad: "Content-Length"},
		{name: "a length of no number", text: "Content-Length: 0x1\n\n", bad: "Content-Length"},
		{name: "too much", text: "A: " + strings.Repeat("b", 2000), bad: "too large"},
	} {
		t.Run(row.name, func(t *testing.T) {
			h, err := readHead(bufio.NewReaderSize(strings.NewReader(row.text), 16), 1000)
			if row.bad != "" {
				require.ErrorIs(t, err, ErrProtocol)
				assert.ErrorContains(t, err, row.bad)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, row.status, h.status)
			assert.Equal(t, row.header, h.header)
		})
	}
}

// fakeServer is a FastCGI server that reads what it is asked and says what it likes.
func fakeServer(t *testing.T, answer func(vars map[string]string, body []byte) []byte) *FastCGI {
	t.Helper()
	dial := func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go func() {
			defer far.Close()
			rs := &records{r: far}
			var params, body []byte
			for {
				rec, err := rs.next()
				if err != nil {
					return
				}
				switch {
				case rec.kind == fcgiParams:
					params = append(params, rec.content...)
				case rec.kind == fcgiStdin && len(rec.content) > 0:
					body = append(body, rec.content...)
				case rec.kind == fcgiStdin:
					vars := map[string]string{}
					for pair, err := range pairs(params) {
						assert.NoError(t, err)
						vars[pair[0]] = pair[1]
					}
					_, _ = far.Write(answer(vars, body))
					return
				}
			}
		}()
		return near, nil
	}
	return &FastCGI{Script: "/srv/x.php", Dial: dial, Timeout: 5 * time.Second}
}

func TestFastCGIAnswers(t *testing.T) {
	out := func(text string) []byte { return appendRecord(nil, fcgiStdout, fastID, []byte(text)) }
	end := func(app, protocol byte) []byte {
		return appendRecord(nil, fcgiEnd, fastID, []byte{0, 0, 0, app, protocol, 0, 0, 0})
	}
	for _, row := range []struct {
		name, method string
		records      [][]byte
		status       int
		text         string
		err          error
		cut          bool
		log          string
	}{
		{name: "a head in pieces", records: [][]byte{out("Content-Ty"), out("pe: a/b\n\nhe"), out("llo"), out(""), end(0, 0)}, status: 200, text: "hello"},
		{name: "padding, management and other ids are passed over", records: [][]byte{appendRecord(nil, 10, 0, []byte("abc")), appendRecord(nil, fcgiStdout, 7, []byte("x")), out("A: 1\n\nhello"), end(0, 0)}, status: 200, text: "hello"},
		{name: "standard error is logged by lines", records: [][]byte{appendRecord(nil, fcgiStderr, fastID, []byte("first\nsec")), appendRecord(nil, fcgiStderr, fastID, []byte("ond")), out("A: 1\n\nhello"), end(0, 0)}, status: 200, text: "hello", log: "msg=second"},
		{name: "no body", records: [][]byte{out("Status: 404\n\n"), end(0, 0)}, status: 404},
		{name: "a script that fails after its own 500", records: [][]byte{out("Status: 500\n\n"), end(255, 0)}, status: 500},
		{name: "a script that fails before the body", records: [][]byte{out("A: 1\n\n"), end(255, 0)}, status: 502, err: exc.BadGateway},
		{name: "a script that fails in the body", records: [][]byte{out("A: 1\n\nhello"), end(255, 0)}, cut: true},
		{name: "a connection that breaks in the body", records: [][]byte{out("A: 1\n\nhello")}, cut: true},
		{name: "a connection that breaks in a record", records: [][]byte{out("A: 1\n\nhello")[:20]}, status: 502, err: exc.BadGateway},
		{name: "nothing at all", status: 502, err: ErrProtocol},
		{name: "a server that is overloaded", records: [][]byte{end(0, 2)}, status: 502, err: exc.BadGateway},
		{name: "an end that is too short", records: [][]byte{appendRecord(nil, fcgiEnd, fastID, []byte{0, 0})}, status: 502, err: ErrProtocol},
		{name: "another version", records: [][]byte{{2, 6, 0, 1, 0, 0, 0, 0}}, status: 502, err: ErrProtocol},
		{name: "no head", records: [][]byte{out("hello"), end(0, 0)}, status: 502, err: ErrProtocol},
		{name: "a head without an end", records: [][]byte{out(strings.Repeat("A: b\n", 5000)), out(strings.Repeat("A: b\n", 12000)), end(0, 0)}, status: 502, err: ErrProtocol},
		{name: "HEAD", method: "HEAD", records: [][]byte{out("Content-Length: 5\n\nhello"), end(0, 0)}, status: 200},
	} {
		t.Run(row.name, func(t *testing.T) {
			app := fakeServer(t, func(map[string]string, []byte) []byte { return bytes.Join(row.records, nil) })
			var log bytes.Buffer
			req := webob.Blank("/")
			if row.method != "" {
				req.Method = row.method
			}
			webob.Logger.Set(req, slog.New(slog.NewTextHandler(&log, nil)))
			var resp *webob.Response
			run := func() {
				resp = req.GetResponse(app)
				_, _ = resp.Bytes()
			}
			if row.cut {
				assert.PanicsWithValue(t, http.ErrAbortHandler, run)
				assert.Contains(t, log.String(), "response cut off")
				return
			}
			run()
			assert.Equal(t, row.status, resp.Status())
			if row.err != nil {
				assert.ErrorIs(t, resp.Err(), row.err)
				return
			}
			text, err := resp.Text()
			require.NoError(t, err)
			assert.Equal(t, row.text, text)
			assert.Contains(t, log.String(), row.log)
		})
	}
}

func TestFastCGIVariables(t *testing.T) {
	var got map[string]string
	var sent []byte
	app := fakeServer(t, func(vars map[string]string, body []byte) []byte {
		got, sent = vars, body
		return append(appendRecord(nil, fcgiStdout, fastID, []byte("A: 1\n\n")), appendRecord(nil, fcgiEnd, fastID, make([]byte, 8))...)
	})
	app.Vars = map[string]string{"X": "1", "SERVER_SOFTWARE": "mine"}
	app.Mount = "/mnt"
	long := strings.Repeat("v", 100_000)
	req := webob.Blank("/mnt/a%2Fb?c", webob.WithPost([]byte("body")), webob.WithHeader("X-Long", long), webob.WithEnviron("my.key", "secret"))
	resp := req.GetResponse(app)
	require.NoError(t, resp.Err())
	_, _ = resp.Bytes()
	for key, want := range map[string]string{
		"SCRIPT_NAME": "/mnt", "PATH_INFO": "/a/b", "QUERY_STRING": "c", "CONTENT_LENGTH": "4", "HTTP_X_LONG": long,
		"SCRIPT_FILENAME": "/srv/x.php", "DOCUMENT_ROOT": "/srv", "X": "1", "SERVER_SOFTWARE": "mine", "GATEWAY_INTERFACE": "CGI/1.1", "my.key": "",
	} {
		assert.Equal(t, want, got[key], key)
	}
	assert.Equal(t, "body", string(sent))
	resp = webob.Blank("/other").GetResponse(app)
	assert.ErrorIs(t, resp.Err(), exc.NotFound, "not below Mount")
}

// A request body that breaks off never reaches a program as a whole one.
func TestBrokenUpload(t *testing.T) {
	upload := func(app http.Handler) *webob.Response {
		r := httptest.NewRequest("POST", "/", io.MultiReader(strings.NewReader("abc"), failing{}))
		r.ContentLength = 10
		req := webob.NewRequest(r)
		webob.Logger.Set(req, slog.New(slog.DiscardHandler))
		return req.GetResponse(app)
	}
	for range 20 {
		var asked atomic.Bool
		resp := upload(fakeServer(t, func(map[string]string, []byte) []byte { asked.Store(true); return nil }))
		assert.GreaterOrEqual(t, resp.Status(), 500)
		assert.False(t, asked.Load())
	}
	seen := filepath.Join(t.TempDir(), "seen")
	resp := upload(sh("cat > /dev/null; touch " + seen + "; printf 'A: 1\\n\\n'"))
	assert.GreaterOrEqual(t, resp.Status(), 500)
	assert.NoFileExists(t, seen)
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the client is gone") }

func TestFind(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{"a.php", "sub/index.php", "x.phps", "dir.php/file"} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(root, name), nil, 0o644))
	}
	for _, row := range []struct{ name, path, script, info string }{
		{"a script", "/a.php", "/a.php", ""}, {"what follows", "/a.php/x//y", "/a.php", "/x//y"}, {"a slash follows", "/a.php/", "/a.php", "/"},
		{"a directory", "/sub/", "/sub/index.php", ""}, {"the script of a directory", "/sub/index.php", "/sub/index.php", ""},
		{"no index", "/", "", ""}, {"no path", "", "", ""}, {"a directory without its slash", "/sub", "", ""}, {"another suffix", "/x.phps", "", ""},
		{"a directory called so", "/dir.php/file", "", ""}, {"dots", "/sub/../a.php", "", ""}, {"two slashes", "//a.php", "", ""}, {"no slash", "a.php", "", ""},
		{"not there", "/b.php", "", ""}, {"a backslash", `/sub\..\a.php`, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			script, info, err := (&FastCGI{Root: root}).find(row.path)
			if row.script == "" {
				assert.ErrorIs(t, err, exc.NotFound)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, row.script, script)
			assert.Equal(t, row.info, info)
		})
	}
}

func TestListenUnix(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	l, err := ListenUnix(path, 0o660)
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.EqualValues(t, 0o660, info.Mode().Perm())
	_, err = ListenUnix(path, 0)
	assert.ErrorContains(t, err, "in use")
	l.(*net.UnixListener).SetUnlinkOnClose(false)
	require.NoError(t, l.Close())
	l, err = ListenUnix(path, 0)
	require.NoError(t, err, "one that was left behind is replaced")
	require.NoError(t, l.Close())
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	_, err = ListenUnix(path, 0)
	assert.ErrorContains(t, err, "no socket", "a file is never removed")
}

// serve talks FastCGI to ServeFastCGI by hand.
func serveByHand(t *testing.T, app http.HandlerFunc, o *Options, say ...[]byte) (answer []byte, s *records) {
	t.Helper()
	l, err := ListenUnix(filepath.Join(t.TempDir(), "s"), 0)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	if o == nil {
		o = &Options{}
	}
	o.Logger = slog.New(slog.DiscardHandler)
	go func() { ended <- ServeFastCGI(ctx, l, app, o) }()
	conn, err := net.Dial("unix", l.Addr().String())
	require.NoError(t, err)
	require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	for _, b := range say {
		_, _ = conn.Write(b)
	}
	answer, _ = io.ReadAll(conn)
	cancel()
	require.NoError(t, <-ended)
	return answer, &records{r: bytes.NewReader(answer)}
}

func TestServeFastCGIByHand(t *testing.T) {
	begin := appendRecord(nil, fcgiBegin, 1, []byte{0, 1, 0, 0, 0, 0, 0, 0})
	params := func(pairs ...string) []byte {
		b := appendPair(appendPair(nil, "REQUEST_METHOD", "POST"), "SERVER_PROTOCOL", "HTTP/1.1")
		for i := 0; i < len(pairs); i += 2 {
			b = appendPair(b, pairs[i], pairs[i+1])
		}
		return appendStream(nil, fcgiParams, 1, b)
	}
	body := func(text string) []byte { return appendStream(nil, fcgiStdin, 1, []byte(text)) }
	echo := func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write(append([]byte(r.Header.Get("X")+"|"), b...))
	}
	for _, row := range []struct {
		name, text string
		say        [][]byte
		spoiled    bool
		silent     bool
	}{
		{name: "a request", text: "1|hello", say: [][]byte{begin, params("REQUEST_URI", "/", "HTTP_X", "1", "CONTENT_LENGTH", "5"), body("hello")}},
		{name: "a body of no known length", text: "|hello", say: [][]byte{begin, params("REQUEST_URI", "/"), body("hello")}},
		{name: "the made-up variable is ours alone", text: "|", say: [][]byte{begin, params("REQUEST_URI", "/", variable, "77"), body("")}},
		{name: "a body that is too short", say: [][]byte{begin, params("REQUEST_URI", "/", "CONTENT_LENGTH", "9"), body("hello")}, spoiled: true},
		{name: "a bad request", text: "Bad Request\n", say: [][]byte{begin, params("REQUEST_URI", "x"), body("")}},
		{name: "variables that are too large", say: [][]byte{begin, params("A", strings.Repeat("x", 70000)), body("")}, silent: true},
		{name: "variables that are cut off", say: [][]byte{begin, appendStream(nil, fcgiParams, 1, []byte{5, 5, 'a'}), body("")}, silent: true},
		{name: "a body before the variables", say: [][]byte{begin, body("")}, silent: true},
		{name: "no request at all", say: [][]byte{[]byte("GET / HTTP/1.1\r\n\r\n")}, silent: true},
	} {
		t.Run(row.name, func(t *testing.T) {
			answer, rs := serveByHand(t, echo, &Options{MaxVariables: 60000}, row.say...)
			if row.silent {
				assert.NotContains(t, string(answer), "Status: 200")
				return
			}
			var text []byte
			for {
				rec, err := rs.next()
				if err != nil {
					assert.Equal(t, row.spoiled, errors.Is(err, ErrProtocol), err)
					break
				}
				if rec.kind == fcgiStdout {
					text = append(text, rec.content...)
				}
			}
			_, got, _ := strings.Cut(string(text), "\r\n\r\n")
			assert.Equal(t, row.text, got)
		})
	}
}

// When its context ends the server finishes what it has begun.
func TestServeFastCGIDrains(t *testing.T) {
	l, err := ListenUnix(filepath.Join(t.TempDir(), "s"), 0)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	begun, ended := make(chan struct{}), make(chan error)
	go func() {
		ended <- ServeFastCGI(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(begun)
			time.Sleep(100 * time.Millisecond)
			_, _ = io.WriteString(w, "whole")
		}), nil)
	}()
	go func() { <-begun; cancel() }()
	resp := webob.Blank("/").GetResponse(&FastCGI{Network: "unix", Address: l.Addr().String(), Script: "/x"})
	text, err := resp.Text()
	require.NoError(t, err)
	assert.Equal(t, "whole", text)
	require.NoError(t, <-ended)
}

func TestCGIFails(t *testing.T) {
	for _, row := range []struct {
		name   string
		app    *CGI
		status int
		err    error
		cut    bool
	}{
		{name: "a program that is not there", app: &CGI{Path: "/nonexistent/x"}, status: 500, err: os.ErrNotExist},
		{name: "a program that says nothing", app: sh("exit 0"), status: 502, err: ErrProtocol},
		{name: "a program that fails at once", app: sh("exit 3"), status: 502, err: exc.BadGateway},
		{name: "a program that fails in the body", app: sh("printf 'A: 1\\n\\nhello'; exit 3"), cut: true},
		{name: "a program that hangs", app: &CGI{Path: "/bin/sh", Args: []string{"-c", "sleep 10"}, Timeout: 100 * time.Millisecond}, status: 504, err: exc.GatewayTimeout},
		{name: "a program without an end to its head", app: &CGI{Path: "/bin/sh", Args: []string{"-c", "yes 'A: b'"}}, status: 502, err: ErrProtocol},
		{name: "its own error page", app: sh("printf 'Status: 503\\n\\nsorry'; exit 3"), status: 503},
	} {
		t.Run(row.name, func(t *testing.T) {
			req := webob.Blank("/")
			webob.Logger.Set(req, slog.New(slog.DiscardHandler))
			var resp *webob.Response
			run := func() {
				resp = req.GetResponse(row.app)
				_, _ = resp.Bytes()
			}
			begun := time.Now()
			if row.cut {
				assert.PanicsWithValue(t, http.ErrAbortHandler, run)
				return
			}
			run()
			assert.Equal(t, row.status, resp.Status())
			assert.ErrorIs(t, resp.Err(), row.err)
			assert.Less(t, time.Since(begun), 8*time.Second)
		})
	}
}

func sh(script string) *CGI { return &CGI{Path: "/bin/sh", Args: []string{"-c", script}} }

func TestCGIEnvironment(t *testing.T) {
	t.Setenv("SECRET", "1")
	t.Setenv("PASSED", "2")
	app := sh("printf 'A: 1\\n\\n'; env; echo said >&2")
	app.Inherit, app.Env = []string{"PASSED"}, []string{"MORE=3"}
	var log bytes.Buffer
	req := webob.Blank("/a?b", webob.WithHeader("Proxy", "http://evil"), webob.WithHeader("X-A", "4"), webob.WithEnviron("REMOTE_USER", "ada"))
	req.Header["X_b"] = []string{"5"}
	webob.Logger.Set(req, slog.New(slog.NewTextHandler(&log, nil)))
	text, err := req.GetResponse(app).Text()
	require.NoError(t, err)
	lines := strings.Split(text, "\n")
	for _, want := range []string{"PASSED=2", "MORE=3", "HTTP_X_A=4", "REMOTE_USER=ada", "QUERY_STRING=b", "SCRIPT_NAME=", "PATH_INFO=/a"} {
		assert.Contains(t, lines, want)
	}
	for _, not := range []string{"SECRET", "HTTP_PROXY", "HTTP_X_B"} {
		assert.NotContains(t, text, not)
	}
	assert.Contains(t, log.String(), "msg=said")
}

// A client that leaves ends the program.
func TestCGIClientLeaves(t *testing.T) {
	app := sh("printf 'A: 1\\n\\nhello'; exec sleep 30")
	req := webob.Blank("/")
	webob.Logger.Set(req, slog.New(slog.DiscardHandler))
	resp := req.GetResponse(app)
	_, err := io.ReadFull(resp.Body(), make([]byte, 5))
	require.NoError(t, err)
	begun := time.Now()
	require.NoError(t, resp.Close())
	assert.Less(t, time.Since(begun), 5*time.Second)
}
