//go:build unix

package server_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/gowebob/gowebob/server"
	"github.com/stretchr/testify/require"
)

// envProgram has the test binary be the program that some tests need, with these settings.
// Its workers find the same.
const envProgram = "SERVER_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if text, ok := os.LookupEnv(envProgram); ok {
		os.Exit(program(text))
	}
	os.Exit(m.Run())
}

// settings of the program.
type settings struct {
	Options server.Options
	// Config is a file with the text to answer. "bad" is refused when it is loaded,
	// "bad in worker" only by workers, "hang in worker" is never loaded by them,
	// "exit 78 in worker" exits.
	Config string
	NoApp  bool // the app is no Reloader
}

func program(text string) int {
	var s settings
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	s.Options.Logger = slog.New(slog.NewTextHandler(os.Stderr, nil))
	app, err := newFileApp(s.Config)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return server.ExitConfig
	}
	var handler http.Handler = app
	if s.NoApp {
		handler = http.HandlerFunc(app.ServeHTTP)
	}
	err = server.Run(handler, s.Options)
	if err != nil {
		fmt.Fprintln(os.Stderr, "run:", err)
	}
	return server.ExitCode(err)
}

// fileApp answers with the text of a file and the number of its process.
type fileApp struct {
	file string
	text atomic.Pointer[string]
}

func newFileApp(file string) (*fileApp, error) {
	a := &fileApp{file: file}
	return a, a.Reload()
}

func (a *fileApp) Reload() error {
	b, err := os.ReadFile(a.file)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(string(b))
	inWorker := os.Getenv("GOWEBOB_WORKER") != ""
	switch {
	case text == "bad", text == "bad in worker" && inWorker:
		return fmt.Errorf("%s: bad text", a.file)
	case text == "hang in worker" && inWorker:
		select {}
	case text == "exit 78 in worker" && inWorker:
		os.Exit(server.ExitConfig)
	}
	a.text.Store(&text)
	return nil
}

func (a *fileApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if d, err := time.ParseDuration(r.URL.Query().Get("sleep")); err == nil {
		select {
		case <-time.After(d):
		case <-r.Context().Done():
		}
	}
	w.Header().Set("Pid", fmt.Sprint(os.Getpid()))
	io.WriteString(w, *a.text.Load())
}

// running is the program as another process.
type running struct {
	t     *testing.T
	cmd   *exec.Cmd
	file  string // its configuration
	addr  string // of its first listener
	mu    sync.Mutex
	lines []string // of its log
	ended chan struct{}
}

var loggedAddress = regexp.MustCompile(`msg=(?:serving|listening) address=(?:https?://)?(\S+)`)

// start starts the program and waits until it serves.
func start(t *testing.T, s settings, change ...func(*exec.Cmd)) *running {
	t.Helper()
	r := launch(t, s, change...)
	what := "msg=serving"
	r.waitLog(what)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range r.lines {
		if m := loggedAddress.FindStringSubmatch(line); m != nil {
			r.addr = m[1]
			break
		}
	}
	return r
}

func launch(t *testing.T, s settings, change ...func(*exec.Cmd)) *running {
	t.Helper()
	r := &running{t: t, ended: make(chan struct{})}
	if s.Config == "" {
		s.Config = t.TempDir() + "/text"
		require.NoError(t, os.WriteFile(s.Config, []byte("one"), 0o600))
	}
	r.file = s.Config
	text, err := json.Marshal(s)
	require.NoError(t, err)
	exe, err := os.Executable()
	require.NoError(t, err)
	r.cmd = exec.Command(exe)
	r.cmd.Env = append(os.Environ(), envProgram+"="+string(text), "GORACE=atexit_sleep_ms=0")
	// A group of its own, so that nothing is left whatever happens.
	r.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	for _, f := range change {
		f(r.cmd)
	}
	stderr, err := r.cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, r.cmd.Start())
	t.Cleanup(func() { syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL); <-r.ended })
	go func() {
		defer close(r.ended)
		lines := bufio.NewScanner(stderr)
		for lines.Scan() {
			r.mu.Lock()
			r.lines = append(r.lines, lines.Text())
			r.mu.Unlock()
		}
		r.cmd.Wait()
	}()
	return r
}

// logged gives the lines of the log that contain a text.
func (r *running) logged(text string) (found []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, line := range r.lines {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

func (r *running) log() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.lines, "\n")
}

func (r *running) waitLog(text string) {
	r.t.Helper()
	r.waitLogs(text, 1)
}

func (r *running) waitLogs(text string, n int) {
	r.t.Helper()
	require.Eventually(r.t, func() bool { return len(r.logged(text)) >= n }, 10*time.Second, 5*time.Millisecond,
		"the log never said %q: %s", text, logOf{r})
}

// logOf is the log as it is when it is printed.
type logOf struct{ *running }

func (l logOf) String() string { return l.log() }

func (r *running) write(text string) {
	r.t.Helper()
	require.NoError(r.t, os.WriteFile(r.file+".new", []byte(text), 0o600))
	require.NoError(r.t, os.Rename(r.file+".new", r.file))
}

func (r *running) signal(sig syscall.Signal) {
	r.t.Helper()
	require.NoError(r.t, r.cmd.Process.Signal(sig))
}

// wait waits for the end and gives the exit status.
func (r *running) wait(limit time.Duration) int {
	r.t.Helper()
	select {
	case <-r.ended:
	case <-time.After(limit):
		require.Fail(r.t, "the program did not end in time", "%s", r.log())
	}
	return r.cmd.ProcessState.ExitCode()
}

func (r *running) get(c *http.Client, path string) (got, error) { return get(c, "http://"+r.addr+path) }

// pids gives the processes that answer, asked by n new connections.
func (r *running) pids(n int) map[string]string {
	r.t.Helper()
	found := map[string]string{}
	for range n {
		c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
		g, err := r.get(c, "/")
		require.NoError(r.t, err, "%s", logOf{r})
		found[g.pid] = g.text
	}
	return found
}
