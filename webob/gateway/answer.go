package gateway

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// head is what a CGI answer begins with, RFC 3875 §6: fields, of which Status and
// Location say what the answer is, and an empty line.
type head struct {
	status int
	header http.Header
}

// readHead reads a head of at most limit bytes. Lines end in LF or CRLF. What a
// client could be led astray with is refused: lines without a colon or continued
// on the next, names that are no token, control characters, a status outside 200 to
// 599, a Content-Length that is no number or told twice. Hop-by-hop fields are dropped.
func readHead(r *bufio.Reader, limit int) (*head, error) {
	h := &head{header: make(http.Header, 8)}
	for {
		line, err := readLine(r, &limit)
		if err != nil {
			return nil, err
		}
		if line == "" {
			break
		}
		if err := h.add(line); err != nil {
			return nil, err
		}
	}
	if len(h.header) == 0 && h.status == 0 {
		return nil, fmt.Errorf("%w: CGI answer without a field", ErrProtocol)
	}
	if err := h.frame(); err != nil {
		return nil, err
	}
	if h.status == 0 {
		h.status = http.StatusOK
		if h.header.Get("Location") != "" {
			h.status = http.StatusFound // §6.2.3
		}
	}
	return h, nil
}

// readLine reads a line without its end, and takes it off the limit.
func readLine(r *bufio.Reader, limit *int) (string, error) {
	var line []byte
	for {
		piece, err := r.ReadSlice('\n')
		if *limit -= len(piece); *limit < 0 {
			return "", fmt.Errorf("%w: CGI head too large", ErrProtocol)
		}
		line = append(line, piece...)
		switch {
		case err == nil:
			line = line[:len(line)-1]
			if n := len(line); n > 0 && line[n-1] == '\r' {
				line = line[:n-1]
			}
			return string(line), nil
		case errors.Is(err, io.EOF):
			return "", fmt.Errorf("%w: CGI head not whole: %w", ErrProtocol, io.ErrUnexpectedEOF)
		case !errors.Is(err, bufio.ErrBufferFull):
			return "", err
		}
	}
}

func (h *head) add(line string) error {
	name, value, ok := strings.Cut(line, ":")
	value = textproto.TrimString(value)
	if !ok || !token(name) || strings.ContainsFunc(value, control) {
		return fmt.Errorf("%w: CGI field %.60q", ErrProtocol, line)
	}
	switch name = textproto.CanonicalMIMEHeaderKey(name); name {
	case "Status":
		digits, _, _ := strings.Cut(value, " ")
		status, err := strconv.ParseUint(digits, 10, 16)
		if err != nil || len(digits) != 3 || status < 200 || status > 599 || h.status != 0 {
			return fmt.Errorf("%w: CGI status %.60q", ErrProtocol, value)
		}
		h.status = int(status)
	default:
		h.header[name] = append(h.header[name], value)
	}
	return nil
}

// frame looks at how the body is framed, and takes out what is not the program's.
func (h *head) frame() error {
	for _, name := range notPassed {
		delete(h.header, name)
	}
	length, ok := h.header["Content-Length"]
	if !ok {
		return nil
	}
	if _, err := strconv.ParseUint(length[0], 10, 63); err != nil || len(length) > 1 {
		return fmt.Errorf("%w: CGI Content-Length %.60q", ErrProtocol, length)
	}
	return nil
}

// control tells what no field value may have; TAB it may.
func control(c rune) bool { return c < ' ' && c != '\t' || c == 0x7F }

// relay answers w with what a program gives. ended is asked once the program has
// given all: an error then says that the answer is not whole.
type relay struct {
	w       http.ResponseWriter
	r       *http.Request
	maxHead int
	sent    bool
}

// pass reads head and body from src.
func (a *relay) pass(src io.Reader, ended func() error) error {
	in := bufio.NewReaderSize(src, fcgiPiece)
	h, err := readHead(in, a.maxHead)
	if err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			if failed := ended(); failed != nil { // that says more
				err = failed
			}
		}
		return err
	}
	if a.r.Method == http.MethodHead || h.status == 204 || h.status == 304 {
		if _, err := io.CopyN(io.Discard, in, 1<<20); errors.Is(err, io.EOF) {
			_ = ended()
		}
		a.commit(h)
		return nil
	}
	if _, err := in.Peek(1); err != nil && !errors.Is(err, io.EOF) {
		return err
	} else if err != nil {
		if err := ended(); err != nil && h.status < 500 { // else the program has said so itself
			return err
		}
		a.commit(h)
		return nil
	}
	a.commit(h)
	if err := a.body(in); err != nil {
		return err
	}
	if err := ended(); err != nil && h.status < 500 {
		return err
	}
	return nil
}

// commit sends the head.
func (a *relay) commit(h *head) {
	a.sent = true
	to := a.w.Header()
	for name, values := range h.header {
		if name == "Set-Cookie" || name == "Vary" {
			values = append(to[name], values...)
		}
		to[name] = values
	}
	if _, typed := to["Content-Type"]; !typed {
		to["Content-Type"] = nil
	}
	a.w.WriteHeader(h.status)
}

// body passes each piece on as it comes: it is flushed when there is no more yet.
func (a *relay) body(in *bufio.Reader) error {
	flusher := http.NewResponseController(a.w)
	buf := make([]byte, fcgiPiece)
	for {
		n, err := in.Read(buf)
		if n > 0 {
			if _, err := a.w.Write(buf[:n]); err != nil {
				return err
			}
			if in.Buffered() == 0 {
				if err := flusher.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
					return err
				}
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// fail answers with an error, or breaks the answer off.
func (a *relay) fail(err error) {
	req := webob.NewRequest(a.r)
	if !a.sent {
		webob.Serve(errorApp{err}, a.w, a.r)
		return
	}
	level := slog.LevelError
	if a.r.Context().Err() != nil || errors.Is(err, webob.ErrBodyClosed) {
		level = slog.LevelDebug
	}
	logger(req).LogAttrs(req.Context(), level, "response cut off", slog.String("method", req.Method),
		slog.String("path", req.URL.Path), slog.Any("err", err))
	panic(http.ErrAbortHandler)
}

func logger(req *webob.Request) *slog.Logger {
	if l, ok := webob.Logger.Get(req); ok && l != nil {
		return l
	}
	return slog.Default()
}

// errorApp answers with the page of an error.
type errorApp struct{ err error }

func (e errorApp) Respond(req *webob.Request) *webob.Response       { return exc.Page(req, e.err) }
func (e errorApp) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(e, w, r) }
