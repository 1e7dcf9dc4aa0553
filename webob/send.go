package webob

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// send is the end of the outermost ServeHTTP.
func (r *Request) send(p *Response, w http.ResponseWriter) {
	if err := p.Err(); err != nil {
		r.logFailure("request failed", int(p.status), err)
	}
	t := transmission{p: p, w: w, r: r}
	t.run()
}

// transmit writes p through a foreign wrapper, within the call c.
func (p *Response) transmit(w http.ResponseWriter, r *Request, c *call) {
	t := transmission{p: p, w: w, r: r, c: c}
	t.run()
}

// transmission is one writing of a Response. It does not change the Response.
type transmission struct {
	p *Response
	w http.ResponseWriter
	r *Request
	c *call // not nil where a filter of ours is outside
}

func (t *transmission) run() {
	p := t.p
	if p.has(hijackedAway) {
		return
	}
	if err := p.Err(); err != nil && errors.Is(err, http.ErrAbortHandler) {
		p.Close()
		panic(http.ErrAbortHandler)
	}
	p.render()
	if p.flags&(conditional|settled) == conditional {
		p = p.conditioned(t.r.Request)
		t.p = p
	}
	if err := p.fault(t.r.Method); err != nil {
		t.instead(err)
		return
	}
	if p.ext != nil {
		defer p.Close()
	}
	if p.has(streamed) {
		t.stream()
		return
	}
	t.head()
	if t.r.Method == http.MethodHead || !bodyAllowed(int(p.status)) {
		return
	}
	var err error
	switch {
	case p.text != "":
		_, err = io.WriteString(t.w, p.text)
	case len(p.bytes) > 0:
		_, err = t.w.Write(p.bytes)
	}
	if err != nil {
		t.abort(err, err)
	}
	t.trailers()
}

// fault says what keeps a Response from being sent at all.
func (p *Response) fault(method string) error {
	if err := p.header.Err(); err != nil {
		return fmt.Errorf("webob: response header: %w", err)
	}
	if p.status < 200 || p.status > 599 && !p.has(foreign) {
		return fmt.Errorf("webob: response status %d is none of 200 to 599", p.status)
	}
	if method == http.MethodHead || !bodyAllowed(int(p.status)) || p.has(streamed) {
		return nil
	}
	v := p.header.Get("Content-Length")
	if n := len(p.text) + len(p.bytes); v != "" && v != decimal(int64(n)) {
		return fmt.Errorf("webob: Content-Length is %q, the body has %d bytes", v, n)
	}
	return nil
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
	if q.render(); q.has(streamed) || q.fault(t.r.Method) != nil {
		q = failed(err)
	}
	next := transmission{p: q, w: t.w, r: t.r, c: t.c}
	next.run()
}

// abort breaks the connection, or resets the stream: a cut body never looks
// whole. written is what the writer said last: a client that left is no news.
func (t *transmission) abort(err, written error) {
	switch {
	case written != nil && errors.Is(err, written):
		t.r.logGone(err)
	default:
		t.r.logFailure("response cut off", http.StatusInternalServerError, err)
	}
	panic(http.ErrAbortHandler)
}

// head writes status and header.
func (t *transmission) head() {
	p, h := t.p, t.w.Header()
	p.header.AppendTo(h)
	if n, ok := p.ContentLength(); ok && p.lengthAllowed() {
		h["Content-Length"] = lengthValue(n)
	} else if h["Content-Length"] != nil {
		delete(h, "Content-Length")
	}
	if _, typed := h["Content-Type"]; !typed && !p.has(foreign) {
		h["Content-Type"] = nil // or net/http guesses
	}
	t.w.WriteHeader(int(p.status))
}

// lengthAllowed says whether a Content-Length may be told: not without a body
// (RFC 9110 §8.6), and not where trailers or a transfer coding need chunks.
func (p *Response) lengthAllowed() bool {
	if !bodyAllowed(int(p.status)) {
		return false
	}
	if p.ext != nil && p.ext.trailer != nil {
		return false
	}
	return p.header.Len() <= 1 || !p.header.Has("Trailer") && !p.header.Has("Transfer-Encoding")
}

// trailers sends what may only be known after the body.
func (t *transmission) trailers() {
	e := t.p.ext
	if e == nil {
		return
	}
	var fields http.Header
	if b, ok := e.body.(callBody); ok {
		fields = trailersOf(b.c.header, b.c.head)
	} else if e.trailer != nil {
		fields = e.trailer()
	}
	h := t.w.Header()
	for name, vals := range fields {
		h[name] = vals
	}
}

// stream sends a body that does not lie in memory.
func (t *transmission) stream() {
	p := t.p
	if t.r.Method == http.MethodHead || !bodyAllowed(int(p.status)) {
		t.head()
		return
	}
	s := &sink{t: t}
	err := p.ext.body.writeTo(s)
	declared, known := p.ContentLength()
	if err == nil && known && s.n < declared {
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

// sink is the real writer as a stream sees it. It holds the head back until the
// first byte, so that a failure before is still a proper answer.
type sink struct {
	t         *transmission
	committed bool
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
	return http.NewResponseController(s.t.w).Flush()
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
	s.commit()
	n, err := io.Copy(s.t.w, src)
	s.n += n
	return first + n, err
}

// lengths are ready header values for short bodies, read-only.
var lengths = func() (t [2048][]string) {
	for i := range t {
		t[i] = []string{strconv.Itoa(i)}[:1:1]
	}
	return
}()

func lengthValue(n int64) []string {
	if n >= 0 && n < int64(len(lengths)) {
		return lengths[n]
	}
	return []string{decimal(n)}
}

// decimal is strconv.FormatInt without an allocation for short bodies.
func decimal(n int64) string {
	if n >= 0 && n < int64(len(lengths)) {
		return lengths[n][0]
	}
	return strconv.FormatInt(n, 10)
}
