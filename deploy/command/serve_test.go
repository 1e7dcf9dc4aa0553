//go:build unix

package command_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy/command"
)

// patience is how long what must happen may take on a busy machine.
const patience = 20 * time.Second

// log is standard error, to be waited at.
type log struct {
	mu    sync.Mutex
	lines []string
	more  chan struct{}
}

func newLog() *log { return &log{more: make(chan struct{}, 1)} }

// Write takes whole lines, as a logger and Fprintf write them.
func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	l.lines = append(l.lines, strings.Split(strings.TrimSuffix(string(p), "\n"), "\n")...)
	l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default:
	}
	return len(p), nil
}

func (l *log) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

// await waits for a line, not before the line number from, and gives its match and the number
// of the next line.
func (l *log) await(t *testing.T, from int, expr string) (match []string, next int) {
	t.Helper()
	re := regexp.MustCompile(expr)
	late := time.After(patience)
	for {
		l.mu.Lock()
		for i := from; i < len(l.lines); i++ {
			if m := re.FindStringSubmatch(l.lines[i]); m != nil {
				l.mu.Unlock()
				return m, i + 1
			}
		}
		l.mu.Unlock()
		select {
		case <-l.more:
		case <-late:
			require.FailNow(t, "no line "+expr, l.text())
		}
	}
}

// program is a process of shop.
type program struct {
	t    *testing.T
	cmd  *exec.Cmd
	log  *log
	url  string
	next int // line of the log
	end  chan error
}

// start runs shop serve in dir, and waits until it serves.
func start(t *testing.T, dir string, args ...string) *program {
	t.Helper()
	p := &program{t: t, log: newLog(), end: make(chan error, 1)}
	p.cmd = exec.Command(os.Args[0], append([]string{"serve"}, args...)...)
	p.cmd.Dir = dir
	p.cmd.Env = append(os.Environ(), asProgram+"=1")
	out, err := p.cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			io.WriteString(p.log, lines.Text())
		}
		p.end <- p.cmd.Wait()
	}()
	t.Cleanup(func() {
		p.cmd.Process.Kill() // where the test has failed; workers end with it
	})
	m, _ := p.log.await(t, 0, `address"?[=:]"?(http://[^" ]+)`)
	p.url = m[1]
	return p
}

func (p *program) await(expr string) {
	p.t.Helper()
	_, p.next = p.log.await(p.t, p.next, expr)
}

func (p *program) get(path string) string {
	p.t.Helper()
	resp, err := http.Get(p.url + path)
	require.NoError(p.t, err, p.log.text())
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(p.t, err)
	return string(body)
}

func (p *program) signal(s os.Signal) {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(s))
}

// wait waits for the end and gives the exit status.
func (p *program) wait() int {
	p.t.Helper()
	select {
	case <-p.end:
	case <-time.After(patience):
		require.FailNow(p.t, "it does not end", p.log.text())
	}
	return p.cmd.ProcessState.ExitCode()
}

// place lays files into a new directory.
func place(t *testing.T, namesAndTexts ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(namesAndTexts); i += 2 {
		write(t, filepath.Join(dir, namesAndTexts[i]), namesAndTexts[i+1])
	}
	return dir
}

// write replaces a file at once, as editors do.
func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path+"~", []byte(text), 0o644))
	require.NoError(t, os.Rename(path+"~", path))
}

const (
	served = "[server:main]\nuse = egg:gowebob#http\nlisten = 127.0.0.1:0\n"
	used   = "[app:main]\nuse = config:pages.ini#welcome\n" + served
	good   = "[app:welcome]\nuse = egg:shop#main\ntimeout = 500ms\ngreeting = "
	faulty = "[app:welcome]\nuse = egg:shop#main\ngreting = Hello\ntimeout = soon\n"
)

// TestReload: what a file uses is watched with it; a file with faults leaves the old app in
// place, and the next good one goes on.
func TestReload(t *testing.T) {
	t.Parallel()
	dir := place(t, "shop.ini", used, "pages.ini", good+"Hello\n")
	pages := filepath.Join(dir, "pages.ini")
	p := start(t, dir, "shop.ini", "--reload")
	assert.Equal(t, "Hello to /a\n", p.get("/a"))

	write(t, pages, good+"Welcome back\n")
	p.await(`INFO reloaded changed=pages.ini`)
	assert.Equal(t, "Welcome back to /a\n", p.get("/a"))

	write(t, pages, faulty)
	p.await(`^pages.ini:3: \[app:welcome\] greting: there is no setting greting, did you mean greeting\?$`)
	p.await(`^pages.ini:4: \[app:welcome\] timeout: "soon" is no duration`)
	p.await(`ERROR not reloaded, the old app stays changed=pages.ini error="\d faults in the configuration"`)
	assert.Equal(t, "Welcome back to /a\n", p.get("/a"))

	require.NoError(t, os.Remove(pages))
	p.await(`pages.ini.*no such file`)
	p.await(`ERROR not reloaded`)
	assert.Equal(t, "Welcome back to /a\n", p.get("/a"))

	write(t, pages, good+"Third time\n")
	p.await(`INFO reloaded`)
	assert.Equal(t, "Third time to /a\n", p.get("/a"))

	write(t, filepath.Join(dir, "shop.ini"), strings.Replace(used, "127.0.0.1:0", "localhost:0", 1))
	p.await(`WARN the server section has changed: that takes a restart`)
	p.await(`INFO reloaded changed=shop.ini`)

	p.signal(syscall.SIGTERM)
	assert.Equal(t, 0, p.wait(), p.log.text())
}

// TestHangUp: SIGHUP loads the file again, and nothing else does; SIGTERM has requests under way
// finish.
func TestHangUp(t *testing.T) {
	t.Parallel()
	dir := place(t, "shop.ini", used, "pages.ini", good+"Hello\n")
	pages := filepath.Join(dir, "pages.ini")
	p := start(t, dir, "shop.ini")

	write(t, pages, good+"Welcome back\n")
	assert.Equal(t, "Hello to /a\n", p.get("/a"))
	p.signal(syscall.SIGHUP)
	p.await(`INFO reloaded`)
	assert.Equal(t, "Welcome back to /a\n", p.get("/a"))

	write(t, pages, faulty)
	p.signal(syscall.SIGHUP)
	p.await(`^pages.ini:2: \[app:welcome\] greeting: the setting greeting is required$|^pages.ini:3: `)
	p.await(`ERROR not reloaded, the old configuration stays error="\d faults in the configuration"`)
	assert.Equal(t, "Welcome back to /a\n", p.get("/a"))

	slow := make(chan string, 1)
	go func() {
		resp, err := http.Get(p.url + "/slow")
		if err != nil {
			slow <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		slow <- string(body)
	}()
	p.await(`slow begins`) // and takes half a second
	p.signal(syscall.SIGTERM)
	assert.Equal(t, "Welcome back to /slow\n", <-slow)
	assert.Equal(t, 0, p.wait(), p.log.text())
}

// TestWorkers: each worker loads a changed file, and people are told once.
func TestWorkers(t *testing.T) {
	t.Parallel()
	dir := place(t, "shop.ini", used+"workers = 2\n[DEFAULT]\ngreeting = x\n", "pages.ini", good+"Hello\nset greeting = Hello\nget greeting = greeting\n")
	p := start(t, dir, "shop.ini", "--reload")
	p.await(`INFO serving workers=2`)
	assert.Equal(t, "Hello to /a\n", p.get("/a"))
	write(t, filepath.Join(dir, "pages.ini"), good+"Hi\nset greeting = Hi\nget greeting = greeting\n")
	p.await(`INFO reloaded changed=pages.ini`)
	http.DefaultClient.CloseIdleConnections()
	for late := time.Now().Add(patience); p.get("/a") != "Hi to /a\n"; time.Sleep(50 * time.Millisecond) {
		require.True(t, time.Now().Before(late), p.log.text())
	}
	p.signal(syscall.SIGHUP)
	p.await(`reloaded: new workers serve`)
	assert.Equal(t, "Hi to /a\n", p.get("/a"))
	p.signal(syscall.SIGTERM)
	assert.Equal(t, 0, p.wait(), p.log.text())
	assert.Equal(t, 1, strings.Count(p.log.text(), "INFO reloaded changed="), p.log.text())
	assert.Equal(t, 1, strings.Count(p.log.text(), "pages.ini:4: warning:"), p.log.text())
}

// TestServeJSON: with --json the log is lines of JSON, faults too.
func TestServeJSON(t *testing.T) {
	t.Parallel()
	dir := place(t, "shop.ini", used, "pages.ini", good+"Hello\n")
	p := start(t, dir, "shop.ini", "--json", "--reload")
	write(t, filepath.Join(dir, "pages.ini"), faulty)
	p.await(`^{.*"msg":"the configuration has faults","faults":\[{.*{"kind":"refused","file":"pages.ini","line":3,`)
	p.await(`^{.*"msg":"not reloaded, the old app stays"`)
	p.signal(syscall.SIGINT)
	assert.Equal(t, 0, p.wait(), p.log.text())
}

// TestServeDoesNotStart: faults of app and server are told together, before anything listens.
func TestServeDoesNotStart(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		rule, text, args string
		status           int
		err              []string
	}{
		{"faults of both", faulty + "[server:main]\nuse = egg:gowebob#htp\n", "#welcome", 1,
			[]string{"shop.ini:3: [app:welcome] greting: ", "shop.ini:6: [server:main] use: egg:gowebob has no entry htp"}},
		{"faults are told once", "[app:main]\nno setting\n", "", 1, []string{"shop.ini:2: "}},
		{"no such server", good + "Hello\n", "#welcome --server other", 1, []string{`no section "other" for a server`}},
		{"settings that the server refuses", good + "Hello\n[server:main]\nuse = egg:gowebob#http\nlisten = nowhere\n", "#welcome", 1,
			[]string{`shop.ini:5: [server:main] server: bad option: listen "nowhere"`}},
		{"settings that it refuses too late", good + "Hello\n[server:main]\nuse = egg:shop#late\n", "#welcome", 78,
			[]string{`gowebob serve: server: bad option: `}},
		{"an address that cannot be", good + "Hello\n", "#welcome --listen nowhere", 2, []string{`gowebob serve: server: bad option: listen "nowhere"`}},
	} {
		t.Run(test.rule, func(t *testing.T) {
			t.Parallel()
			dir := place(t, "shop.ini", test.text)
			args := strings.Fields("serve " + filepath.Join(dir, "shop.ini") + test.args)
			got := run(t, "", args...)
			assert.Equal(t, test.status, got.status, got.err)
			assert.Empty(t, got.out)
			for _, want := range test.err {
				assert.Equal(t, 1, strings.Count(got.err, want), got.err)
			}
		})
	}
}

// TestServeInProcess: where no section says what serves, a context ends it, and --listen says where.
func TestServeInProcess(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ rule, text, note string }{
		{"no server section", good + "Hello\n", ""},
		{"one that is passed over", good + "Hello\n" + served, `the section \[server:main\] is passed over: --listen 127.0.0.1:0`},
	} {
		t.Run(test.rule, func(t *testing.T) {
			t.Parallel()
			dir := place(t, "shop.ini", test.text)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			l := newLog()
			status := make(chan int, 1)
			go func() {
				status <- command.Run(ctx, []string{"serve", "--listen", "127.0.0.1:0", filepath.Join(dir, "shop.ini"), "--app", "welcome"},
					strings.NewReader(""), io.Discard, l, shop())
			}()
			m, _ := l.await(t, 0, `msg=serving address=(\S+)`)
			p := &program{t: t, log: l, url: m[1]}
			assert.Equal(t, "Hello to /a\n", p.get("/a"))
			cancel()
			assert.Equal(t, 0, <-status)
			assert.Regexp(t, test.note, l.text())
			assert.Equal(t, test.note == "", !strings.Contains(l.text(), "passed over"))
		})
	}
}

// TestServeDefaults: a file without a server section is served with the defaults, and that is said,
// with the section that was perhaps meant.
func TestServeDefaults(t *testing.T) {
	t.Parallel()
	dir := place(t, "shop.ini", good+"Hello\n[server:mian]\nuse = egg:gowebob#http\n")
	ctx, cancel := context.WithCancel(t.Context())
	l := newLog()
	status := make(chan int, 1)
	go func() {
		status <- command.Run(ctx, []string{"serve", filepath.Join(dir, "shop.ini#welcome")}, strings.NewReader(""), io.Discard, l, shop())
	}()
	l.await(t, 0, `^gowebob serve: no section "main" for a server .*did you mean mian\?; the defaults of package server are used$`)
	cancel()
	<-status // 0, or 1 where something else listens on 8080
}
