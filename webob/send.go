package webob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"syscall"

	"github.com/gowebob/gowebob/internal/heard"
)

// send is the end of the outermost ServeHTTP.
func (r *Request) send(p *Response, w http.ResponseWriter) {
	if p.sendPlain(w, r, nil) {
		return
	}
	if err := p.Err(); err != nil {
		r.logFailure("request failed", int(p.status), err)
	}
	p.transmitAny(w, r, nil)
}

// transmit writes p to w. Within the call c, w is a foreign wrapper and a filter
// of ours is outside. p is not changed by it, but closed.
func (p *Response) transmit(w http.ResponseWriter, r *Request, c *call) {
	if !p.sendPlain(w, r, c) {
		p.transmitAny(w, r, c)
	}
}

// transmitAny is transmit for all that is not plain.
func (p *Response) transmitAny(w http.ResponseWriter, r *Request, c *call) {
	if p.has(hijackedAway) {
		return
	}
	if err := p.Err(); err != nil && errors.Is(err, http.ErrAbortHandler) {
		p.Close()
		panic(http.ErrAbortHandler)
	}
	p.render()
	if p.flags&(conditional|settled) == conditional {
		v := p.verdict(r.Request)
		if v.status == http.StatusNotModified && p.sendNotModified(w, v) {
			return
		}
		p = p.decided(v, r.Request)
	}
	length, chunked := p.header.Framing()
	if err := p.fault(r.Method, length); err != nil {
		(&transmission{p, w, r, c}).instead(err)
		return
	}
	if p.ext != nil {
		defer p.Close()
	}
	switch {
	case p.has(streamed):
		(&transmission{p, w, r, c}).stream()
	case r.Method == http.MethodHead || !bodyAllowed(int(p.status)):
		p.writeHead(w, length, chunked)
	default:
		p.writeHead(w, length, chunked)
		if err := p.writeBody(w); err != nil {
			(&transmission{p, w, r, c}).abort(err, err)
		}
		(&transmission{p, w, r, c}).trailers()
	}
}

// plainStatus says that an answer of that status has a body, and nothing else is
// special about it.
func plainStatus(status int32) bool {
	return status == http.StatusOK || status >= http.StatusBadRequest && status <= 599
}

// sendPlain sends what most answers are, a body in memory and a header that frames
// nothing, by the shortest way; false says that this is another one. What goes out
// is what writeHead and writeBody would send: 8 % of hello.
func (p *Response) sendPlain(w http.ResponseWriter, r *Request, c *call) bool {
	if p.ext != nil || p.flags&^(binary|foreign) != 0 || !plainStatus(p.status) || r.Method == http.MethodHead {
		return false
	}
	h := w.Header()
	if !p.header.LendPlainTo(h) {
		return false
	}
	h["Content-Length"] = lengthValue(int64(len(p.mem)))
	w.WriteHeader(int(p.status))
	if err := p.writeBody(w); err != nil {
		(&transmission{p, w, r, c}).abort(err, err)
	}
	return true
}

// writeBody writes a body that lies in memory.
func (p *Response) writeBody(w http.ResponseWriter) (err error) {
	switch {
	case p.mem == "":
	case p.has(binary):
		_, err = w.Write(p.memory())
	default:
		_, err = io.WriteString(w, p.mem)
	}
	return err
}

// fault says what keeps a Response from being sent at all. length is the
// Content-Length somebody has set.
func (p *Response) fault(method, length string) error {
	if err := p.header.Err(); err != nil {
		return fmt.Errorf("webob: response header: %w", err)
	}
	if p.status < 200 || p.status > 599 && !p.has(foreign) {
		return fmt.Errorf("webob: response status %d is none of 200 to 599", p.status)
	}
	if length == "" || method == http.MethodHead || !bodyAllowed(int(p.status)) || p.has(streamed) {
		return nil
	}
	if n := len(p.mem); length != decimal(int64(n)) {
		return fmt.Errorf("webob: Content-Length is %q, the body has %d bytes", length, n)
	}
	return nil
}

// transmission is what a Response is being sent to, where more may come of it
// than a head and some bytes.
type transmission struct {
	p *Response
	w http.ResponseWriter
	r *Request
	c *call
}

// instead sends the page of an error that came up before the first byte.
func (t *transmission) instead(err error) {
	t.p.Close()
	q := t.r.failure(err)
	q.flags |= settled
	if t.c != nil {
		t.c.failBeside(err)
	} else {
		t.r.logFailure("response failed", int(q.status), err)
	}
	q.render()
	if length, _ := q.header.Framing(); q.has(streamed) || q.fault(t.r.Method, length) != nil {
		q = failed(err)
	}
	q.transmit(t.w, t.r, t.c)
}

// abort breaks the connection, or resets the stream: a cut body never looks
// whole. written is what the writer said last: a client that left is no news.
func (t *transmission) abort(err, written error) {
	switch {
	case errors.Is(err, http.ErrContentLength): // the app's fault, though the writer says it
		t.r.logFailure("response cut off", http.StatusInternalServerError, err)
	case written != nil && errors.Is(err, written), errors.Is(err, ErrBodyClosed), t.r.Context().Err() == context.Canceled:
		t.r.logGone(err)
	default:
		t.r.logFailure("response cut off", http.StatusInternalServerError, err)
	}
	panic(http.ErrAbortHandler)
}

// writeHead writes status and header, the Content-Length by what is known:
// what was set, or the length of the body. None is told without a body (RFC 9110
// §8.6), or where trailers or a transfer coding need chunks.
func (p *Response) writeHead(w http.ResponseWriter, length string, chunked bool) {
	h := w.Header()
	p.header.LendTo(h)
	switch {
	case p.status == http.StatusResetContent:
		h["Content-Length"] = lengthValue(0) // RFC 9110 §15.3.6
	case chunked || !bodyAllowed(int(p.status)) || p.ext != nil && p.ext.trailer != nil:
		delete(h, "Content-Length")
	case length != "":
	case p.has(streamed) && p.ext.length >= 0:
		h["Content-Length"] = lengthValue(p.ext.length)
	case p.has(streamed), p.has(unmeasured) && p.mem == "":
		delete(h, "Content-Length")
	default:
		h["Content-Length"] = lengthValue(int64(len(p.mem)))
	}
	if p.header.ContentType() == "" {
		if _, typed := h["Content-Type"]; !typed {
			h["Content-Type"] = nil // or net/http guesses
		}
	}
	w.WriteHeader(int(p.status))
}

// lengthAllowed is what writeHead goes by, for those who ask before.
func (p *Response) lengthAllowed() bool {
	_, chunked := p.header.Framing()
	return !chunked && bodyAllowed(int(p.status)) && (p.ext == nil || p.ext.trailer == nil)
}

// stream sends a body that does not lie in memory.
func (t *transmission) stream() {
	p := t.p
	if t.r.Method == http.MethodHead || !bodyAllowed(int(p.status)) {
		t.head()
		return
	}
	s := &sink{t: t, declared: -1}
	if n, known := p.ContentLength(); known {
		s.declared = n
	}
	err := p.ext.body.writeTo(s)
	if err == nil && s.n < s.declared {
		err = errShort
	}
	switch {
	case err == nil:
		s.commit()
		t.trailers()
	case s.committed:
		t.abort(err, s.err)
	default:
		t.instead(err)
	}
}

func (t *transmission) head() {
	length, chunked := t.p.header.Framing()
	t.p.writeHead(t.w, length, chunked)
}

// sink is the real writer as a stream sees it. It holds the head back until the
// first byte, so that a failure before is still a proper answer.
type sink struct {
	t         *transmission
	committed bool
	declared  int64 // Content-Length, or -1
	n         int64
	err       error // of the writer
}

func (s *sink) commit() {
	if !s.committed {
		s.committed = true
		s.t.head()
	}
}

// Write passes on.
func (s *sink) Write(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if s.declared >= 0 && s.n+int64(len(b)) > s.declared {
		return 0, http.ErrContentLength
	}
	s.commit()
	n, err := s.t.w.Write(b)
	s.n += int64(n)
	if err != nil {
		s.err = err
	}
	return n, err
}

// Flush has what was written sent at once.
func (s *sink) Flush() error {
	s.commit()
	err := http.NewResponseController(s.t.w).Flush()
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		s.err = err
	}
	return err
}

// ReadFrom hands src to the real writer, which has sendfile. Unless it is a file
// its first piece is read before the head goes out.
func (s *sink) ReadFrom(src io.Reader) (int64, error) {
	var first int64
	if !s.committed && !isFile(src) {
		buf := make([]byte, 4<<10)
		n, err := io.ReadAtLeast(src, buf, 1)
		if n > 0 {
			m, werr := s.Write(buf[:n])
			first = int64(m)
			if werr != nil {
				return first, werr
			}
		}
		if err == io.EOF {
			return first, nil
		}
		if err != nil {
			return first, err
		}
	}
	n, err := s.copyRest(src)
	return first + n, err
}

// copyRest copies what is left of src. Of a source that may have more than the
// Content-Length the last byte is held back until there is no more, so that the
// client does not take the beginning for the whole; net/http's ReadFrom would even
// send the surplus as the next answer.
func (s *sink) copyRest(src io.Reader) (int64, error) {
	room := s.declared - s.n
	if l, ok := src.(*io.LimitedReader); s.declared < 0 || ok && l.N <= room {
		return s.copy(src)
	}
	n, err := s.copy(io.LimitReader(src, room-1))
	if err != nil {
		return n, err
	}
	var last [2]byte
	m, err := io.ReadFull(src, last[:])
	switch {
	case m == 2, m == 1 && room == 0:
		return n, http.ErrContentLength
	case err != io.EOF && err != io.ErrUnexpectedEOF:
		return n, err
	}
	m, err = s.Write(last[:m])
	return n + int64(m), err
}

// copy is io.Copy that knows whose error it met.
func (s *sink) copy(src io.Reader) (int64, error) {
	s.commit()
	from := &heard.Reader{Reader: src}
	if !isFile(src) { // or sendfile is lost
		src = from
	}
	n, err := io.Copy(s.t.w, src)
	s.n += n
	if err != nil && from.Err == nil && !ofFile(err) {
		s.err = err
	}
	return n, err
}

// ofFile tells an error of a file from one of the connection it was sent to,
// where nothing may stand between the two.
func ofFile(err error) bool {
	_, path := errors.AsType[*fs.PathError](err)
	return path || errors.Is(err, syscall.EIO)
}

// lengths are ready header values for short bodies, read-only. All lie in one text,
// so that the collector has not to mark a thing for each.
var lengths = func() (t [2048]string) {
	var text []byte
	var ends [len(t)]int
	for i := range t {
		text = strconv.AppendInt(text, int64(i), 10)
		ends[i] = len(text)
	}
	all, from := string(text), 0
	for i, end := range ends {
		t[i], from = all[from:end], end
	}
	return t
}()

func lengthValue(n int64) []string {
	if n >= 0 && n < int64(len(lengths)) {
		return lengths[n : n+1 : n+1]
	}
	return []string{decimal(n)}
}

// decimal is strconv.FormatInt without an allocation for short bodies.
func decimal(n int64) string {
	if n >= 0 && n < int64(len(lengths)) {
		return lengths[n]
	}
	return strconv.FormatInt(n, 10)
}
