package webob

import (
	"context"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// call is one run of a foreign handler on behalf of a filter: the writer the
// handler is given, and the answer it leaves there.
//
// It offers what http.ResponseController asks for by methods of its own and has
// no Unwrap: a controller that walked through would commit an empty 200 on the
// real writer before any filter has answered.
type call struct {
	outlet
	req      *Request // the filter's request
	header   http.Header
	declared int64 // Content-Length the handler has announced, or -1
	written  int64
	limit    int // of a call run on the spot; 0 where the handler has a goroutine
	status   int16
	named    uint8 // how many names header had when the status was written, up to 255,
	plain    bool  // all of them in made
	later    bool  // trailers were announced
	typed    bool  // the handler spoke of the Content-Type
	muxed    bool
	hijacked bool

	taken  *Response // what a native app handed over by reference
	beside error     // what a native app behind a wrapper failed with
	room   Request   // for the view of the first app of ours further in

	// What the handler writes, from the status on: the header as it stood then, and
	// as text a body of one WriteString so far, which needs no copy.
	made *Response
}

// crossing is all that a run of foreign code needs, in one piece of memory: the call,
// the exchange that the request gets by it, since what inner apps store has to come
// out again, and the copy of the http.Request that carries the call in its context.
type crossing struct {
	call  call
	x     exchange
	outer *http.Request // whose context is the outer one
	in    http.Request
}

// begin makes c a call for r, which gets its exchange now, while nobody else looks
// at it.
func (c *crossing) begin(r *Request, limit int) *call {
	c.call.req, c.call.limit, c.outer = r, limit, r.Request
	if r.x == nil {
		c.x.root, r.x = r.Request, &c.x
	}
	return &c.call
}

// carry gives the request for the foreign code, under that context.
func (c *crossing) carry(ctx context.Context) *http.Request {
	c.in = *c.outer.WithContext(ctx) // the copy in between stays on the stack
	return &c.in
}

// keepForm has the files of a form that the foreign code has parsed removed at the end
// of the request. net/http does so for its own http.Request, and in is a copy.
func (c *crossing) keepForm() {
	if f := c.in.MultipartForm; f != nil && f != c.outer.MultipartForm {
		c.call.req.own(parsedForm{f})
	}
}

// parsedForm is a form that net/http has parsed.
type parsedForm struct{ *multipart.Form }

// Close removes its files.
func (f parsedForm) Close() error { return f.RemoveAll() }

// aside is a call whose handler has a goroutine of its own.
type aside struct {
	crossing
	turns   handover
	ends    ownContext
	handler http.Handler
	made    Response
}

// work runs the handler.
func (a *aside) work() error {
	defer a.ends.cancel()
	a.handler.ServeHTTP(&a.call, &a.in)
	a.keepForm()
	return a.call.shortage()
}

// carrier is the context that takes a call through foreign code. It is the crossing
// itself, by another name so that a context is all that it shows.
type carrier crossing

type callKey struct{}

// Value has the call found.
func (c *carrier) Value(key any) any {
	if key == (callKey{}) {
		return &c.call
	}
	return c.outer.Context().Value(key)
}

// Deadline is the outer context's.
func (c *carrier) Deadline() (time.Time, bool) { return c.outer.Context().Deadline() }

// Done is the outer context's.
func (c *carrier) Done() <-chan struct{} { return c.outer.Context().Done() }

// Err is the outer context's.
func (c *carrier) Err() error { return c.outer.Context().Err() }

// view is the filter's request as r shows it further in.
func (c *call) view(r *http.Request) *Request { return c.req.view(r, &c.room) }

// Header is the handler's own map.
func (c *call) Header() http.Header {
	if c.header == nil {
		c.header = make(http.Header)
	}
	return c.header
}

// WriteHeader takes the status. What is below 200 is no answer and goes out at once.
func (c *call) WriteHeader(status int) {
	c.producing.Lock()
	defer c.producing.Unlock()
	if status >= 100 && status < 200 && status != http.StatusSwitchingProtocols {
		c.inform(status)
		return
	}
	c.commit(status)
}

// commit fixes status and header, once. Called under producing.
func (c *call) commit(status int) {
	if c.status != 0 || c.taken != nil || c.ended || c.hijacked {
		return
	}
	if status < 100 || status > 999 {
		panic("invalid WriteHeader code " + strconv.Itoa(status)) // as net/http does
	}
	c.fix(int16(status))
}

// fix takes the head as it stands. What net/http would not send of it is left
// out: a Content-Length that is no number.
func (c *call) fix(status int16) {
	c.status, c.declared, c.named, c.plain = status, -1, uint8(min(len(c.header), 255)), true
	if c.made == nil {
		c.made = new(Response)
	}
	if c.typeAlone() {
		return
	}
	for name, vals := range c.header {
		switch {
		case name == "Content-Type":
			c.typed = true
			if len(vals) == 1 {
				c.made.header.SetContentType(vals[0])
				continue
			}
		case name == "Trailer":
			c.later = true
		case name == "Content-Length":
			n, err := strconv.ParseUint(strings.TrimSpace(strings.Join(vals, ",")), 10, 63)
			if err != nil {
				c.plain = false
				continue // several are none either
			}
			c.declared = int64(n)
		case strings.HasPrefix(name, http.TrailerPrefix):
			c.plain = false
			continue
		}
		c.plain = c.plain && len(vals) > 0
		for _, v := range vals {
			c.made.header.Add(name, v)
		}
	}
}

// typeAlone is fix for the daily header, a Content-Type and nothing else: a range
// over a map is dear.
func (c *call) typeAlone() bool {
	if len(c.header) > 1 {
		return false
	}
	if vals := c.header["Content-Type"]; len(vals) == 1 {
		c.typed = true
		c.made.header.SetContentType(vals[0])
		return true
	}
	return len(c.header) == 0
}

// inform sends a 1xx through the outermost writer.
func (c *call) inform(status int) {
	if c.req.w == nil || c.status != 0 {
		return
	}
	h := c.req.w.Header()
	before := maps.Clone(h)
	maps.Copy(h, c.header)
	c.req.w.WriteHeader(status)
	clear(h)
	maps.Copy(h, before)
}

// admit prepares a write of n bytes. Called under producing.
func (c *call) admit(n int64) error {
	if c.hijacked {
		return http.ErrHijacked
	}
	if err := c.refusal(); err != nil {
		return err
	}
	if c.taken != nil {
		c.playTaken()
	}
	c.gatherText()
	c.commit(http.StatusOK)
	if !bodyAllowed(int(c.status)) {
		return http.ErrBodyNotAllowed
	}
	if c.declared >= 0 && c.written+n > c.declared {
		return http.ErrContentLength
	}
	if c.limit > 0 && c.written+n > int64(c.limit) {
		c.beside = ErrInlineOverflow
		return ErrInlineOverflow
	}
	c.written += n
	return nil
}

// Write takes a piece of the body.
func (c *call) Write(p []byte) (int, error) {
	c.producing.Lock()
	defer c.producing.Unlock()
	if err := c.admit(int64(len(p))); err != nil {
		return 0, err
	}
	return c.put(p)
}

// put takes an admitted piece: of a call run on the spot nothing is handed over.
func (c *call) put(p []byte) (int, error) {
	if c.limit > 0 {
		c.buf = append(c.buf, p...)
		return len(p), nil
	}
	return c.push(p)
}

// WriteString is Write for text.
func (c *call) WriteString(s string) (int, error) {
	c.producing.Lock()
	defer c.producing.Unlock()
	if err := c.admit(int64(len(s))); err != nil {
		return 0, err
	}
	switch {
	case len(c.buf) == 0 && len(s) <= threshold && !c.handed:
		c.made.mem = s
		return len(s), nil
	case c.limit > 0 || len(c.buf)+len(s) <= threshold:
		c.buf = append(c.buf, s...)
		return len(s), nil
	}
	return c.push([]byte(s))
}

// gatherText makes a piece like any other of the text of the first WriteString,
// as more is coming.
func (c *call) gatherText() {
	if c.made != nil && c.made.mem != "" && !c.handed {
		c.buf = append(c.buf, c.made.mem...)
		c.made.mem = ""
	}
}

// ReadFrom takes the rest of src, as a reader where it is large.
func (c *call) ReadFrom(src io.Reader) (int64, error) {
	c.producing.Lock()
	defer c.producing.Unlock()
	if err := c.admit(0); err != nil {
		return 0, err
	}
	if c.limit > 0 || c.declared >= 0 && c.written == c.declared {
		return c.copyFrom(src)
	}
	all := src
	if c.declared >= 0 {
		if l, ok := src.(*io.LimitedReader); !ok || l.N > c.declared-c.written {
			src = io.LimitReader(src, c.declared-c.written)
		}
	}
	n, err := c.pushReader(src, !c.typed)
	c.written += n
	if err == nil && src != all && c.written == c.declared {
		_, err = c.copyFrom(all) // what is left over is too much
	}
	return n, err
}

// copyFrom is ReadFrom by plain writes, which know the limits.
func (c *call) copyFrom(src io.Reader) (n int64, err error) {
	buf := make([]byte, 4<<10)
	for {
		m, rerr := src.Read(buf)
		if m > 0 {
			if err := c.admit(int64(m)); err != nil {
				return n, err
			}
			if _, err := c.put(buf[:m]); err != nil {
				return n, err
			}
			n += int64(m)
		}
		if rerr == io.EOF {
			return n, nil
		}
		if rerr != nil {
			return n, rerr
		}
	}
}

// Flush is FlushError for those who look for http.Flusher.
func (c *call) Flush() { c.FlushError() }

// FlushError hands what there is to the filters, and by them to the client.
func (c *call) FlushError() error {
	c.producing.Lock()
	defer c.producing.Unlock()
	if c.hijacked {
		return http.ErrHijacked
	}
	if c.limit > 0 {
		c.beside = ErrInlineStream
		return http.ErrNotSupported
	}
	if err := c.refusal(); err != nil {
		return err
	}
	if c.taken != nil {
		c.playTaken()
	}
	c.commit(http.StatusOK)
	c.gatherText()
	return c.pushFlush()
}

// take receives a native app's Response by reference, where nothing has been
// written before and nothing can come after that would have to wait for the body.
func (c *call) take(p *Response) bool {
	c.producing.Lock()
	defer c.producing.Unlock()
	if c.status != 0 || c.taken != nil || c.hijacked || c.refusal() != nil {
		return false
	}
	if p.has(streamed) && !c.muxed {
		return false
	}
	if len(c.header) > 0 {
		c.join(p)
	}
	c.taken = p
	return true
}

// join adds what handlers between have set on the writer to a Response taken by
// reference. What it says itself stands, but for Set-Cookie and Vary, which add up.
func (c *call) join(p *Response) {
	for name, vals := range c.header {
		if name == "Content-Length" || p.header.Has(name) && name != "Set-Cookie" && name != "Vary" {
			continue
		}
		for _, v := range vals {
			p.header.Add(name, v)
		}
	}
}

// playTaken turns a Response taken by reference into an answer written here,
// because the handler between goes on writing. Called under producing.
func (c *call) playTaken() {
	p := c.taken
	c.taken = nil
	c.beside = p.Err()
	p.render()
	h := p.HTTPHeader()
	maps.Copy(c.Header(), h)
	delete(c.header, "Content-Length") // more is coming
	c.commit(int(p.status))
	b, err := p.Bytes()
	if err == nil {
		err = p.fault(c.req.Method, p.header.Get("Content-Length"))
	}
	c.failure = err // found by shortage
	c.written += int64(len(b))
	c.buf = append(c.buf, b...)
}

// shortage is the error of a handler that has announced more than it wrote. A
// filter that reads the body learns of it, and a client does.
func (c *call) shortage() error {
	c.producing.Lock()
	defer c.producing.Unlock()
	return c.missing()
}

// missing is shortage under producing.
func (c *call) missing() error {
	c.commit(http.StatusOK)
	if c.failure != nil {
		return c.failure
	}
	if c.status == 0 || c.hijacked || c.written >= c.declared || c.req.Method == http.MethodHead || !bodyAllowed(int(c.status)) {
		return nil
	}
	return fmt.Errorf("%w: %d of %d bytes", errShort, c.written, c.declared)
}

// failBeside remembers why a native app behind a wrapper failed.
func (c *call) failBeside(err error) {
	c.producing.Lock()
	defer c.producing.Unlock()
	c.beside = err
}

// answer is what the handler has left, once it has ended or handed over.
// Called under producing, but for a producer that is parked: that holds the lock.
func (c *call) answer() *Response {
	taken, beside := c.taken, c.beside
	switch {
	case c.hijacked:
		return &Response{status: http.StatusSwitchingProtocols, flags: hijackedAway}
	case c.limit > 0 && (beside == ErrInlineOverflow || beside == ErrInlineStream):
		return c.req.failure(beside)
	case taken != nil:
		return taken
	}
	if c.failure != nil && c.ended {
		return c.req.failure(c.failure)
	}
	p := c.built()
	if beside != nil && p.status >= 400 {
		p.extra().err = beside
	}
	return p
}

// built makes the Response of what the handler wrote.
func (c *call) built() *Response {
	if c.status == 0 {
		c.fix(http.StatusOK) // the handler ended without a word
	}
	p := c.made
	p.status, p.flags = int32(c.status), foreign
	if c.ended {
		if p.mem == "" {
			p.setMemoryBytes(c.buf)
		}
		c.trailers(p)
	} else {
		e := p.extra()
		e.body, e.length = callBody{c}, c.declared
		p.flags |= streamed
		c.req.own(callBody{c})
	}
	c.sniff(p)
	if c.req.Method == http.MethodHead {
		p.flags |= unmeasured
	}
	return p
}

// sniff gives the Content-Type that net/http would: filters have to see it.
func (c *call) sniff(p *Response) {
	if c.typed || !bodyAllowed(int(c.status)) || p.header.Get("Content-Encoding") != "" || p.header.Has("Transfer-Encoding") {
		return
	}
	first := c.buf
	switch {
	case len(c.buf) == 0 && p.mem != "":
		first = []byte(p.mem[:min(len(p.mem), 512)])
	case len(first) == 0 && c.handover != nil:
		first = c.direct
	}
	if len(first) > 0 {
		p.header.SetContentType(http.DetectContentType(first))
	}
}

// trailers takes over the fields that the handler set after the body.
func (c *call) trailers(p *Response) {
	if t := c.trailerFields(); t != nil {
		p.extra().trailer = func() http.Header { return t }
	}
}

// trailerFields finds announced trailers, and those with http.TrailerPrefix.
// Called when the handler has ended.
func (c *call) trailerFields() http.Header {
	if c.unchanged() {
		return nil
	}
	var t http.Header
	for name, vals := range c.header {
		if strings.HasPrefix(name, http.TrailerPrefix) {
			t = addTrailer(t, name, vals)
		}
	}
	if !c.later {
		return t
	}
	for _, line := range c.made.header.Values("Trailer") {
		for name := range strings.SplitSeq(line, ",") {
			name = http.CanonicalHeaderKey(strings.TrimSpace(name))
			if vals := c.header[name]; vals != nil {
				t = addTrailer(t, name, vals)
			}
		}
	}
	return t
}

// unchanged says, without ranging over the map, that the handler has named no
// field since the head was taken: as many are there, and all of those.
func (c *call) unchanged() bool {
	if c.later || !c.plain || len(c.header) != int(c.named) || c.named > 8 {
		return false
	}
	if c.typed && c.named == 1 {
		_, ok := c.header["Content-Type"]
		return ok
	}
	for name := range c.made.header.All() {
		if _, ok := c.header[name]; !ok {
			return false
		}
	}
	return true
}

func addTrailer(t http.Header, name string, vals []string) http.Header {
	if t == nil {
		t = make(http.Header)
	}
	t[name] = vals
	return t
}

// callBody is the rest of a handler's answer as a stream.
type callBody struct{ c *call }

func (b callBody) read(p []byte) (int, error) {
	defer b.keepStack()
	return b.c.read(p)
}

func (b callBody) each(fn func([]byte) bool) error {
	defer b.keepStack()
	return b.c.each(fn)
}

func (b callBody) writeTo(s *sink) error {
	defer b.keepStack()
	return b.c.writeTo(s)
}

// keepStack has the filters see where the panic that comes out here began.
func (b callBody) keepStack() {
	if b.c.raised && b.c.panicked != nil {
		b.c.req.keepStack(b.c.stack)
	}
}

func (b callBody) again() (stream, bool) { return nil, false }

// Close drops the answer: the handler's context ends, its writes fail, and it
// is waited for.
func (b callBody) Close() error {
	b.c.own.cancel()
	b.c.close(ErrBodyClosed)
	b.c.req.x.disown(b)
	if v := b.c.lostPanic(); v != nil {
		b.c.raised = true
		b.c.req.logPanic(v, b.c.stack)
	}
	return nil
}

// bodyAllowed says whether an answer of that status has a body, RFC 9110 §6.4.1
// and, for 205, §15.3.6.
func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified && status != http.StatusResetContent
}
