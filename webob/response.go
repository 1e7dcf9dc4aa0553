package webob

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gowebob/gowebob/webob/header"
)

// Response is an HTTP answer as a value: status, header, body, and the error
// behind it if it is a failure. Build one with NewResponse, Text, HTML, JSON,
// Stream or File, change it, return it. It is an io.Writer that appends to the
// body, and an app that answers every request with a copy of itself.
//
// A Response has one owner: returned from a function it belongs to whoever
// receives it. It is claimed by the request that it answers; to answer another
// one, return a Copy. It is not safe for concurrent use.
//
// Nothing is text/html by accident: a Response has no Content-Type until a
// constructor, a setter or the code says one.
type Response struct {
	header header.List
	mem    string // the body, unless flags has streamed; see memory.go
	ext    *extra
	owner  atomic.Uintptr // address of the request it answers, only ever compared
	status int32
	flags  flags
}

type flags uint32

const (
	streamed     flags = 1 << iota // the body is ext.body
	conditional                    // answer 304, 206, 412, 416 when asked
	settled                        // preconditions have been looked at
	hijackedAway                   // the handler has taken the connection
	foreign                        // made from what a foreign handler wrote
	unrendered                     // a failure's page, not yet made
	unmeasured                     // the empty answer of a foreign handler to HEAD: a GET may get more
	binary                         // mem shows bytes that may change
)

// extra is what few Responses have.
type extra struct {
	err     error
	page    func(*Response)
	body    stream
	length  int64  // of body, -1 where it is not known
	grown   []byte // the buffer behind mem that Write appends to
	onClose []func()
	trailer func() http.Header
	lent    bool // Body or Chunks has given body out
	closed  bool
	keeper  *exchange // closes the Response if nobody else does
	copying sync.Mutex
}

func (p *Response) has(f flags) bool { return p.flags&f != 0 }

func (p *Response) extra() *extra {
	if p.ext == nil {
		p.ext = &extra{length: -1}
	}
	return p.ext
}

// NewResponse makes a Response with that status and an empty body. A status
// outside 200 to 599 is a fault: it is answered as a 500 when it is sent.
func NewResponse(status int) *Response { return &Response{status: int32(status)} }

// Text answers 200 with s as text/plain; charset=utf-8.
func Text(s string) *Response {
	return &Response{status: http.StatusOK, mem: s, header: textHeader}
}

// textHeader is a Content-Type alone, which leaves nothing that copies could share.
var textHeader = func() (l header.List) {
	l.SetContentType(typeText)
	return l
}()

// HTML answers 200 with s as text/html; charset=utf-8. The type says that s is
// safe HTML; html/template makes such, and escapes.
func HTML(s template.HTML) *Response {
	p := &Response{status: http.StatusOK, mem: string(s)}
	p.header.SetContentType(typeHTML)
	return p
}

// Bytes answers 200 with b under that Content-Type, "" for none. The Response
// keeps b.
func Bytes(contentType string, b []byte) *Response {
	p := NewResponse(http.StatusOK)
	p.setMemoryBytes(b)
	if contentType != "" {
		p.header.SetContentType(contentType)
	}
	return p
}

// JSON answers 200 with v as application/json, encoded at once, so that an
// error can still be returned.
func JSON(v any) (*Response, error) {
	p := NewResponse(http.StatusOK)
	if err := p.SetJSON(v); err != nil {
		return nil, err
	}
	return p, nil
}

// Stream answers 200 with a body that write makes while it is sent, under that
// Content-Type, "" for none. An error
// before the first byte is answered as that error; later it breaks the
// connection, so that a cut body never looks whole. write runs again for a Copy.
func Stream(contentType string, write func(StreamWriter) error) *Response {
	p := NewResponse(http.StatusOK)
	if contentType != "" {
		p.header.SetContentType(contentType)
	}
	p.SetStream(write)
	return p
}

const (
	typeText = "text/plain; charset=utf-8"
	typeHTML = "text/html; charset=utf-8"
	typeJSON = "application/json"
	typeBin  = "application/octet-stream"
)

// Failure makes the Response of an error: Err is err, and page, which may be
// nil, is called at most once, and once for each Copy, to write the body, when
// somebody looks at it or sends it. It changes nothing but the Response given. Status and header should be set before, so that filters see them.
// Package exc makes its pages so.
func Failure(status int, err error, page func(*Response)) *Response {
	p := NewResponse(status)
	p.extra().err = err
	if page != nil {
		p.ext.page = page
		p.flags |= unrendered
	}
	return p
}

// render makes the page of a failure, once.
func (p *Response) render() {
	if !p.has(unrendered) {
		return
	}
	p.flags &^= unrendered
	page := p.ext.page
	p.ext.page = nil
	page(p)
}

// Err is the error behind a failure, with its identity, or nil. Filters that
// log, render faults or roll back a transaction ask here.
func (p *Response) Err() error {
	if p.ext == nil {
		return nil
	}
	return p.ext.err
}

// SetErr changes the error behind the Response; nil says that it is an answer
// like any other. The status is not touched.
func (p *Response) SetErr(err error) {
	if err != nil || p.ext != nil {
		p.extra().err = err
	}
}

// Header is the header, ordered. Content-Length is not in it unless somebody
// has set it: it is reckoned when the Response is sent. HTTPHeader has it.
// WebOb: Response.headerlist, Response.headers.
func (p *Response) Header() *header.List { return &p.header }

// HTTPHeader is a copy of the header as it would be sent, with the
// Content-Length where the length is known.
func (p *Response) HTTPHeader() http.Header {
	p.render()
	h := p.header.HTTPHeader()
	if n, ok := p.ContentLength(); ok && p.lengthAllowed() {
		h["Content-Length"] = []string{decimal(n)}
	}
	return h
}

// Status is the status code. WebOb: Response.status_code, Response.status_int.
func (p *Response) Status() int { return int(p.status) }

// StatusText is the status line without its version, "404 Not Found". Reason
// phrases are RFC 9110's and not carried on the wire of HTTP/2.
// WebOb: Response.status.
func (p *Response) StatusText() string {
	return strings.TrimSpace(decimal(int64(p.status)) + " " + http.StatusText(int(p.status)))
}

// SetStatus changes the status code.
func (p *Response) SetStatus(code int) { p.status = int32(code) }

// Conditional says whether the Response answers 304, 206, 412 and 416 by itself
// when the request asks for it (RFC 9110 §13, §14). It is looked at once, when
// the Response is sent, after all filters. WebOb: conditional_response.
func (p *Response) Conditional(on bool) {
	p.flags &^= conditional
	if on {
		p.flags |= conditional
	}
}

// Hijacked says that a foreign handler has taken the connection over; there is
// nothing to send any more.
func (p *Response) Hijacked() bool { return p.has(hijackedAway) }

// addVary adds a field name to Vary, once.
func (p *Response) addVary(field string) {
	for _, line := range p.header.Values("Vary") {
		for name := range strings.SplitSeq(line, ",") {
			if name = strings.TrimSpace(name); name == "*" || strings.EqualFold(name, field) {
				return
			}
		}
	}
	if old := p.header.Get("Vary"); old != "" {
		p.header.Set("Vary", strings.Join(append(p.header.Values("Vary"), field), ", "))
		return
	}
	p.header.Set("Vary", field)
}

// AddVary records that the answer was chosen by these request header fields,
// RFC 9110 §12.5.5. Each is named once.
func (p *Response) AddVary(fields ...string) {
	for _, field := range fields {
		p.addVary(field)
	}
}

// ErrClaimed is a Response returned to a second request.
var ErrClaimed = errors.New("webob: the response already answers another request; return a Copy")

// claim makes p answer r and no other request.
func (p *Response) claim(r *Request) error {
	if id := r.id(); p.owner.Load() == id || p.owner.CompareAndSwap(0, id) {
		return nil
	}
	return r.refusesClaimed()
}

// refusesClaimed says that a Response is another request's.
func (r *Request) refusesClaimed() error {
	return fmt.Errorf("%w (%s %s)", ErrClaimed, r.Method, r.URL.Path)
}

// OnClose has f called when the Response has been sent, replaced or dropped:
// for what must live as long as the body. The last given is called first.
func (p *Response) OnClose(f func()) {
	e := p.extra()
	e.onClose = append(e.onClose, f)
}

// Close drops the body: a stream's source is closed, a handler still writing it
// is stopped and waited for, and what OnClose was given is called. A Response
// that is sent is closed by that; one that a filter replaces should be, and is
// at the end of the request at the latest if its body streams.
func (p *Response) Close() error {
	e := p.ext
	if e == nil || e.closed {
		return nil
	}
	e.closed = true
	var err error
	if p.has(streamed) {
		err = e.body.Close()
	}
	for _, f := range slices.Backward(e.onClose) {
		f()
	}
	p.unkeep()
	return err
}

func (p *Response) unkeep() {
	x := p.ext.keeper
	if x == nil {
		return
	}
	p.ext.keeper = nil
	x.disown(p)
	if b, ok := p.ext.body.(*pushed); ok {
		x.disown(b)
	}
}

// Copy is a Response of its own, free of any owner, with the same status,
// header, body and error; what OnClose was given stays with the original. A
// body that can be made again (Stream, File) is; one that can be read only once
// is gathered first, for both.
func (p *Response) Copy() *Response {
	if p.ext == nil {
		return p.copyHead()
	}
	p.ext.copying.Lock() // the one app answers many requests at once
	defer p.ext.copying.Unlock()
	var again stream
	if p.has(streamed) {
		s, ok := p.ext.body.again()
		if !ok {
			if _, err := p.Bytes(); err != nil {
				return failed(err)
			}
		}
		again = s
	}
	q := p.copyHead()
	q.ext = &extra{err: p.ext.err, page: p.ext.page, body: again, length: p.ext.length, trailer: p.ext.trailer}
	return q
}

// copyHead copies all but what is in extra.
func (p *Response) copyHead() *Response {
	q := &Response{mem: p.memoryText(), status: p.status, flags: p.flags &^ (hijackedAway | binary)}
	q.header = p.header.Clone()
	return q
}

// failed is the bare 500 of an error that no page can be made for here.
func failed(err error) *Response {
	return Failure(http.StatusInternalServerError, err, func(p *Response) { p.SetText(http.StatusText(500)) })
}

// Respond answers any request with a copy: a Response is an app.
func (p *Response) Respond(r *Request) *Response {
	q := p.Copy()
	if q.has(conditional) {
		q = q.conditioned(r.Request)
		q.flags |= settled
	}
	return q
}

// ServeHTTP answers with a copy.
func (p *Response) ServeHTTP(w http.ResponseWriter, r *http.Request) { Serve(p, w, r) }
