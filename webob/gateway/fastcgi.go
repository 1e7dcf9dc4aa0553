package gateway

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// FastCGI is an app that asks a FastCGI server, php-fpm for one, and answers with
// what that says. Each request has a connection of its own, which ends with it: when
// the client leaves the server is told so.
//
// Which script answers is decided here and not by the server. With Script, that one
// answers everything: the front controller of today's programs. With Root, the path
// names it: "/blog/post.php/7" is Root + "/blog/post.php" with the PATH_INFO "/7", a
// directory stands for its Index, and a script that is no regular file below Root is a
// 404, so that "/upload/cat.jpg/x.php" does not run what somebody has uploaded (as
// PHP's cgi.fix_pathinfo would). Links that lead out of Root are not followed. One of
// both is required.
//
// What is said of CGI holds here too. The fields must not be changed while it serves.
type FastCGI struct {
	Network string // "tcp" or "unix"; "" is "tcp"
	Address string // "127.0.0.1:9000", "/run/php/php-fpm.sock"; required

	Script string // path of the one script, as the server sees it
	Root   string // directory of the scripts, here and for the server
	Index  string // of a directory; "" is "index.php"
	Suffix string // of a script; "" is ".php"

	Mount string            // see CGI
	Vars  map[string]string // more variables; they win over those of the request

	Dial    func(ctx context.Context, network, address string) (net.Conn, error) // nil: net.Dialer, with a limit of 10 s
	Timeout time.Duration                                                        // for each step of the server; 0: 60 s, negative: none
	MaxHead int                                                                  // of the answer, in bytes; 0: 64 KiB
}

// ServeHTTP asks the server.
func (f *FastCGI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := &relay{w: w, r: r, maxHead: defaulted(f.MaxHead, 64<<10)}
	if err := f.answer(a); err != nil {
		a.fail(err)
	}
}

func (f *FastCGI) answer(a *relay) error {
	req, err := mounted(a.r, f.Mount)
	if err != nil {
		return err
	}
	vars, err := f.variables(req)
	if err != nil {
		return err
	}
	if err := measured(req); err != nil {
		return err
	}
	if req.ContentLength > 0 {
		vars["CONTENT_LENGTH"] = fmt.Sprint(req.ContentLength)
	}
	ctx, cancel := context.WithCancel(req.Context())
	defer cancel()
	conn, err := f.dial(ctx)
	if err != nil {
		return outcome(ctx, fmt.Errorf("gateway: %w", err))
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	c := &fastClient{conn: conn, limit: defaulted(f.Timeout, time.Minute), errs: &lines{req: req}}
	defer c.errs.end()
	c.in.r = bufio.NewReaderSize(limitedReads{c}, 8<<10)
	if err := c.begin(vars); err != nil {
		return outcome(ctx, err)
	}
	broken := func() { conn.Close(); cancel() } // at once: the stream must not end well
	defer feed(a.w, req, &stdin{c: c}, broken)()
	defer conn.Close() // before feed is waited for
	return outcome(ctx, a.pass(c, c.ended))
}

func (f *FastCGI) dial(ctx context.Context) (net.Conn, error) {
	network := f.Network
	if network == "" {
		network = "tcp"
	}
	if f.Dial != nil {
		return f.Dial(ctx, network, f.Address)
	}
	return (&net.Dialer{Timeout: 10 * time.Second}).DialContext(ctx, network, f.Address)
}

// variables are those of the request and of its script.
func (f *FastCGI) variables(req *webob.Request) (map[string]string, error) {
	vars, err := variablesOf(req)
	if err != nil {
		return nil, err
	}
	vars["REDIRECT_STATUS"] = "200" // PHP's cgi.force_redirect asks for it
	if f.Script != "" {
		vars["SCRIPT_FILENAME"] = f.Script
		vars["DOCUMENT_ROOT"] = path.Dir(f.Script)
	} else {
		script, info, err := f.find(vars["PATH_INFO"])
		if err != nil {
			return nil, err
		}
		vars["SCRIPT_NAME"] += script
		vars["DOCUMENT_ROOT"] = f.Root
		vars["SCRIPT_FILENAME"] = filepath.Join(f.Root, filepath.FromSlash(script))
		delete(vars, "PATH_INFO")
		if info != "" {
			vars["PATH_INFO"] = info
		}
	}
	maps.Copy(vars, f.Vars)
	return vars, nil
}

// find divides a path into that of a script and what follows.
func (f *FastCGI) find(p string) (script, info string, err error) {
	if p == "" {
		p = "/"
	}
	suffix := f.Suffix
	if suffix == "" {
		suffix = ".php"
	}
	script = p
	for i := 1; i < len(p); i++ {
		if (i == len(p)-1 || p[i+1] == '/') && strings.HasSuffix(p[:i+1], suffix) {
			script, info = p[:i+1], p[i+1:]
			break
		}
	}
	if !strings.HasSuffix(script, suffix) {
		if !strings.HasSuffix(script, "/") {
			return "", "", exc.NotFound // a file of another kind is not ours to send
		}
		if f.Index == "" {
			script += "index.php"
		} else {
			script += f.Index
		}
	}
	if !clean(script) {
		return "", "", exc.NotFound
	}
	return script, info, f.regular(script)
}

// regular asks for a file below Root, links out of it not followed.
func (f *FastCGI) regular(script string) error {
	root, err := os.OpenRoot(f.Root)
	if err != nil {
		return fmt.Errorf("gateway: %w", err)
	}
	defer root.Close()
	info, err := root.Stat(filepath.FromSlash(script[1:]))
	switch {
	case err != nil && !errors.Is(err, fs.ErrPermission):
		return exc.NotFound.Wrap(err)
	case err != nil:
		return exc.Forbidden.Wrap(err)
	case !info.Mode().IsRegular():
		return exc.NotFound
	}
	return nil
}

// fastID is the id of the one request of a connection.
const fastID = 1

// fastClient is one request to a server. It is the reader of its standard output.
type fastClient struct {
	conn  net.Conn
	limit time.Duration // of each read and write; negative: none
	errs  *lines

	writing sync.Mutex
	out     []byte

	in   records
	left []byte // of a record of standard output
	err  error  // the end of all reading, io.EOF where it is a good one
	code error  // what the server has ended with
}

// begin sends all but the body.
func (c *fastClient) begin(vars map[string]string) error {
	params := make([]byte, 0, 4<<10)
	for key, value := range vars {
		params = appendPair(params, key, value)
	}
	out := appendRecord(nil, fcgiBegin, fastID, []byte{0, fcgiResponder, 0, 0, 0, 0, 0, 0})
	return c.send(appendStream(out, fcgiParams, fastID, params))
}

func (c *fastClient) send(b []byte) error {
	if err := c.deadline(c.conn.SetWriteDeadline); err != nil {
		return err
	}
	_, err := c.conn.Write(b)
	return err
}

func (c *fastClient) deadline(set func(time.Time) error) error {
	if c.limit < 0 {
		return nil
	}
	return set(time.Now().Add(c.limit))
}

// limitedReads gives each read of the connection its time.
type limitedReads struct{ c *fastClient }

func (l limitedReads) Read(p []byte) (int, error) {
	err := l.c.deadline(l.c.conn.SetReadDeadline)
	if err != nil && !errors.Is(err, io.ErrClosedPipe) { // a net.Pipe whose far end is closed: Read says EOF
		return 0, err
	}
	return l.c.conn.Read(p)
}

// stdin is the stream that the body goes to.
type stdin struct {
	c    *fastClient
	once sync.Once
}

// Write sends a piece of at most fcgiPiece bytes, which is below what a record holds.
func (s *stdin) Write(p []byte) (int, error) {
	s.c.writing.Lock()
	defer s.c.writing.Unlock()
	for rest := p; len(rest) > 0; {
		n := min(len(rest), fcgiPiece)
		s.c.out = appendRecord(s.c.out[:0], fcgiStdin, fastID, rest[:n])
		if err := s.c.send(s.c.out); err != nil {
			return len(p) - len(rest), err
		}
		rest = rest[n:]
	}
	return len(p), nil
}

// Close ends the stream.
func (s *stdin) Close() error {
	var err error
	s.once.Do(func() {
		s.c.writing.Lock()
		defer s.c.writing.Unlock()
		err = s.c.send(appendRecord(nil, fcgiStdin, fastID, nil))
	})
	return err
}

// Read gives the server's standard output.
func (c *fastClient) Read(p []byte) (int, error) {
	for len(c.left) == 0 && c.err == nil {
		c.err = c.advance()
	}
	if len(c.left) == 0 {
		return 0, c.err
	}
	n := copy(p, c.left)
	c.left = c.left[n:]
	return n, nil
}

// advance takes one record; io.EOF is the end of the request.
func (c *fastClient) advance() error {
	rec, err := c.in.next()
	if err == io.EOF {
		err = fmt.Errorf("%w: FastCGI answer not ended: %w", ErrProtocol, io.ErrUnexpectedEOF)
	}
	if err != nil {
		return err
	}
	if rec.id != fastID {
		return nil // management, or nobody's
	}
	switch rec.kind {
	case fcgiStdout:
		c.left = rec.content
	case fcgiStderr:
		_, err = c.errs.Write(rec.content)
	case fcgiEnd:
		return c.finish(rec.content)
	}
	return err
}

// finish reads FCGI_EndRequestBody, §5.5.
func (c *fastClient) finish(b []byte) error {
	if len(b) < 5 {
		return fmt.Errorf("%w: FastCGI end of %d bytes", ErrProtocol, len(b))
	}
	if b[4] != 0 { // overloaded, no such role, ...
		return fmt.Errorf("gateway: the FastCGI server refuses, with protocol status %d", b[4])
	}
	if status := binary.BigEndian.Uint32(b); status != 0 {
		c.code = fmt.Errorf("gateway: the FastCGI script has ended with status %d", int32(status))
	}
	return io.EOF
}

// ended says whether what was read is whole.
func (c *fastClient) ended() error {
	if c.err == nil || errors.Is(c.err, io.EOF) {
		return c.code
	}
	return c.err
}
