package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/internal/heard"
	"github.com/gowebob/gowebob/webob"
)

// CGI is an app that runs a program for each request and answers with what it
// writes, RFC 3875. The program is killed when the client leaves, and when Timeout
// is over. An exit status other than 0 aborts the answer, as it may not be whole,
// unless the program has answered with a status of 500 and above itself.
//
// The program's environment is made of the request and of what is named here;
// nothing else of this process's environment gets there, but PATH. Fields with an
// underscore and the field Proxy are left out. Its standard error goes to the log, a line a
// record. Redirects to a path of this server (§6.2.2) are sent to the client. A body of
// unknown length is read first, within the limits of the request.
//
// The fields must not be changed while it serves.
type CGI struct {
	Path string   // the program; required
	Args []string // its arguments
	Dir  string   // its working directory; "" is that of Path

	// Mount is the path the app is mounted at, where the mux leaves it on the path
	// ("/cgi-bin/x"): it becomes SCRIPT_NAME.
	Mount string

	Env     []string // more variables, "KEY=value"
	Inherit []string // names of variables of this process to pass on

	Timeout time.Duration // for the whole answer; 0: 60 s, negative: none
	MaxHead int           // of the program's answer, in bytes; 0: 64 KiB
}

// ServeHTTP runs the program.
func (c *CGI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := &relay{w: w, r: r, maxHead: defaulted(c.MaxHead, 64<<10)}
	if err := c.answer(a); err != nil {
		a.fail(err)
	}
}

func defaulted[T int | time.Duration](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}

// killDelay is how long pipes that a program has left to its children are waited for.
const killDelay = 2 * time.Second

func (c *CGI) answer(a *relay) error {
	req, err := mounted(a.r, c.Mount)
	if err != nil {
		return err
	}
	if err := measured(req); err != nil {
		return err
	}
	env, err := c.environ(req)
	if err != nil {
		return err
	}
	ctx, cancel := within(req.Context(), c.Timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	cmd.Env, cmd.Dir, cmd.WaitDelay = env, c.Dir, killDelay
	if cmd.Dir == "" {
		cmd.Dir = filepath.Dir(cmd.Path)
	}
	errs := &lines{req: req}
	cmd.Stderr = errs
	stdin, err1 := cmd.StdinPipe()
	stdout, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2); err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	ended := sync.OnceValue(func() error {
		err := cmd.Wait()
		errs.end()
		return err
	})
	defer ended()
	defer cancel()
	broken := func() { _ = cmd.Process.Kill(); cancel() } // at once: its input must not end well
	defer feed(a.w, req, stdin, broken)()
	return outcome(ctx, a.pass(stdout, ended))
}

// within bounds a context: 60 s unless something else is said.
func within(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit = defaulted(limit, time.Minute); limit < 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, limit)
}

// outcome says whose fault it was that a program has not answered.
func outcome(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return exc.GatewayTimeout.Wrap(err)
	case ctx.Err() != nil:
		return err
	}
	if _, ours := errors.AsType[*exc.Error](err); ours {
		return err
	}
	return exc.BadGateway.Wrap(err)
}

// feed writes the request's body to a program, beside its answer. A body that breaks
// off ends the program, which must not take what there is for the whole.
func feed(w http.ResponseWriter, req *webob.Request, to io.WriteCloser, broken func()) (stop func()) {
	body := req.Body
	if req.ContentLength == 0 || body == nil || body == http.NoBody {
		to.Close()
		return func() {}
	}
	duplex(w)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer to.Close()
		src := &heard.Reader{Reader: body}
		_, _ = io.CopyBuffer(struct{ io.Writer }{to}, src, make([]byte, fcgiPiece))
		if src.Err != nil {
			broken()
		}
	}()
	return func() {
		to.Close()
		select {
		case <-done:
		case <-time.After(100 * time.Millisecond): // the client is slow; its server ends the read
		}
	}
}

// environ is the environment of the program. What is named in the options wins.
func (c *CGI) environ(req *webob.Request) ([]string, error) {
	vars, err := variablesOf(req)
	if err != nil {
		return nil, err
	}
	vars["SCRIPT_FILENAME"] = c.Path
	env := make([]string, 0, len(vars)+len(c.Env)+len(c.Inherit)+2)
	for key, value := range vars {
		env = append(env, key+"="+value)
	}
	for _, key := range append([]string{"PATH"}, c.Inherit...) {
		if value, ok := os.LookupEnv(key); ok {
			env = append(env, key+"="+value)
		}
	}
	if runtime.GOOS == "windows" {
		env = append(env, "SystemRoot="+os.Getenv("SystemRoot"))
	}
	return append(env, c.Env...), nil // of equal keys os/exec takes the last
}

// lines logs what a program says on its standard error, up to a limit.
type lines struct {
	req  *webob.Request
	part []byte
	n    int
}

const (
	maxErrorLine  = 4 << 10
	maxErrorBytes = 64 << 10
)

func (l *lines) Write(p []byte) (int, error) {
	n := len(p)
	if room := maxErrorBytes - l.n; len(p) > room {
		p = p[:room]
	}
	l.n += len(p)
	for len(p) > 0 {
		line, rest, whole := bytes.Cut(p, []byte("\n"))
		l.part = append(l.part, line...)
		p = rest
		if whole || len(l.part) >= maxErrorLine {
			l.end()
		}
	}
	return n, nil
}

// end logs what is left.
func (l *lines) end() {
	if line := strings.TrimSpace(string(l.part)); line != "" {
		logger(l.req).LogAttrs(l.req.Context(), slog.LevelError, line, slog.String("from", "standard error"), slog.String("path", l.req.URL.Path))
	}
	l.part = l.part[:0]
}
