package webob

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"mime/multipart"
	"net/http"
	"strings"

	"golang.org/x/text/encoding"
)

// Part is one part of a multipart body as it comes; see Request.Parts. Name,
// Filename, ContentType and Header are as the client sent them: a file name may
// hold a path, a type may be a lie. A part without a file name is a text field.
type Part struct {
	Name        string // of the form field
	Filename    string
	ContentType string // text/plain if the part did not say
	Header      http.Header

	// Reader gives the content until the next part is asked for. It reads no
	// further than it has to, so that a client which sends slowly is not waited
	// for longer. What the client got wrong is an *InputError here too.
	io.Reader
}

// ErrPartOver is what reading a Part gives when the next one has been asked for.
var ErrPartOver = errors.New("webob: the part is over, as the next one has been asked for")

// Parts ranges over the parts of a multipart body while it comes from the client:
// nothing is kept, in memory or in a file, so that an upload of any size can be
// passed on. What is not read of a part is skipped.
//
//	for part, err := range req.Parts() {
//		if err != nil {
//			return nil, err
//		}
//		...io.Copy(dst, part)
//	}
//
// It reads as POST does, with the same limits (SetLimits): Body for the whole,
// Parts, PartHeader, Field for a text and Part for an upload, as far as it is
// read. A breach is an *InputError of 413, a body cut short or malformed one of
// 400, another Content-Type than multipart one of 415; the loop ends with the
// error, and reading the part gives it too. Parts without a name are passed over
// in multipart/form-data (RFC 7578 section 4.2), not in other multipart types.
//
// A body that has been read already through a Request (by a filter that looks at
// a form's token, say) is read again from where it is kept, and one that net/http
// has parsed is taken from MultipartForm. Otherwise the body is gone afterwards:
// Bytes, POST and their kin, and reading Body, give an error that says so.
func (r *Request) Parts() iter.Seq2[*Part, error] {
	return func(yield func(*Part, error) bool) {
		if r.MultipartForm != nil && !r.bodyKept() {
			yieldParsed(r.MultipartForm, yield)
			return
		}
		s, err := r.partStream()
		if err != nil {
			yield(nil, err)
			return
		}
		if s == nil {
			return // no body, no parts
		}
		defer func() { s.content.over = true }()
		s.each(yield)
	}
}

func (r *Request) bodyKept() bool {
	if r.x == nil {
		return false
	}
	in := r.input()
	in.bodyMu.Lock()
	defer in.bodyMu.Unlock()
	return in.holds(r.Body)
}

// yieldParsed gives what net/http has parsed.
func yieldParsed(form *multipart.Form, yield func(*Part, error) bool) {
	for p := range collectForm(form.Value, form.File).Pairs() {
		part := &Part{Name: p.Key, ContentType: "text/plain", Header: http.Header{}, Reader: strings.NewReader(p.Value)}
		if p.File == nil {
			if !yield(part, nil) {
				return
			}
			continue
		}
		f, err := p.File.Open()
		if err != nil {
			yield(nil, err)
			return
		}
		part.Filename, part.ContentType, part.Header, part.Reader = p.File.Filename, p.File.ContentType, p.File.Header, f
		more := yield(part, nil)
		f.Close()
		if !more {
			return
		}
	}
}

// partStream begins to read the parts. It is nil where there is no body.
func (r *Request) partStream() (*partStream, error) {
	ctype := r.Header.Get("Content-Type")
	media := mediaType(ctype)
	if !strings.HasPrefix(media, "multipart/") {
		return nil, wrongType(ctype)
	}
	boundary, _ := fieldParam(ctype, "boundary")
	if !fitBoundary(boundary) {
		return nil, badInput(nil, "the boundary of the multipart form is missing or malformed")
	}
	cs, err := r.charset()
	if err != nil || !r.IsBodyReadable() {
		return nil, err
	}
	body, size, err := r.bodyOnce()
	if err != nil {
		return nil, err
	}
	s := &partStream{splitter: newSplitter(body, boundary, size), cs: cs, limits: r.Limits(), form: media == "multipart/form-data"}
	s.content = &partContent{s: s}
	return s, nil
}

// bodyOnce is the body to be read once: from where it is kept if it has been read,
// else from the client. size is the most it can have.
func (r *Request) bodyOnce() (body io.Reader, size int64, err error) {
	in := r.input()
	in.bodyMu.Lock()
	defer in.bodyMu.Unlock()
	if b, ok := r.Body.(*takenBody); ok {
		return nil, 0, b.err
	}
	_, _, anywhere := wholeBody(r.Body)
	if _, ok := r.Body.(*replay); ok || anywhere || in.holds(r.Body) {
		s, err := in.load(r, false)
		if err != nil {
			return nil, 0, err
		}
		return &replay{s: s}, s.size, nil
	}
	l := in.filled()
	if r.ContentLength > l.Body {
		return nil, 0, tooLarge("the body", l.Body, "bytes")
	}
	src := r.Body
	r.Body = &takenBody{src, errStreamed}
	body, size = src, l.Body
	switch {
	case r.ContentLength < 0:
		body = http.MaxBytesReader(r.w, src, l.Body)
	case r.Context().Value(http.ServerContextKey) == nil: // else the server ends it there
		body = io.LimitReader(src, r.ContentLength)
	}
	return body, size, nil
}

var errStreamed = errors.New("webob: the body has been read as a stream, and nobody has kept it")

// takenBody stands where a body was that somebody is reading, or has read, and
// that is not kept: a half must not pass for the whole.
type takenBody struct {
	io.Closer
	err error
}

func (b *takenBody) Read([]byte) (int, error) { return 0, b.err }

// partStream reads the parts one after the other.
type partStream struct {
	*splitter
	cs      encoding.Encoding
	limits  Limits
	form    bool // parts have names
	err     error
	more    bool // a part follows
	content *partContent
}

// each gives the parts, and the error at the end if there is one.
func (s *partStream) each(yield func(*Part, error) bool) {
	_, s.more, s.err = s.skip()
	if s.err == io.EOF {
		s.err = badInput(errNoParts, "the form has no parts: the boundary does not occur in it")
	}
	for n := 0; ; n++ {
		if s.err == nil && !s.more {
			return
		}
		if s.err == nil && n == s.limits.Parts {
			s.err = tooLarge("the form", int64(s.limits.Parts), "parts")
		}
		part := s.begin()
		if s.err != nil {
			yield(nil, s.err)
			return
		}
		if part != nil && !yield(part, nil) {
			return
		}
		s.content.finish()
	}
}

// begin reads the header of a part; it is nil for one that is passed over.
func (s *partStream) begin() *Part {
	s.content = &partContent{s: s}
	if s.err != nil {
		return nil
	}
	h, err := s.header(s.limits.PartHeader)
	if err != nil {
		s.fail(err)
		return nil
	}
	disposition := h.Get("Content-Disposition")
	name, named := fieldParam(disposition, "name")
	filename, _ := fieldParam(disposition, "filename")
	if !named && s.form {
		return nil
	}
	var d MultiDict // notes what does not fit
	u := newUpload(d.decoded(name, s.cs), d.decoded(filename, s.cs), h, 0)
	if err := strictVars(&d, "the form", http.StatusRequestEntityTooLarge); err != nil {
		s.err = err
		return nil
	}
	s.content.left, s.content.limit, s.content.what = s.limits.Part, s.limits.Part, "the upload "+quoteShort(name)
	if filename == "" {
		s.content.left, s.content.limit, s.content.what = s.limits.Field, s.limits.Field, "the field "+quoteShort(name)
	}
	part := &Part{Name: u.Name, Filename: u.Filename, ContentType: u.ContentType, Header: h, Reader: s.content}
	if filename == "" && h["Content-Transfer-Encoding"] != nil {
		part.Reader = decodedPart{transferDecoder(s.content, h), s.content.what}
	}
	return part
}

// fail gives an error of the body its status.
func (s *partStream) fail(err error) {
	if _, ok := errors.AsType[*InputError](err); ok {
		s.err = err
		return
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	s.err = inputFault(sourceError{err}, s.limits.Body)
}

// partContent is the content of a part.
type partContent struct {
	s           *partStream
	p           piece // not yet given out
	ended       bool
	over        bool
	left, limit int64
	what        string
}

// Read gives what has come, as far as b has room.
func (c *partContent) Read(b []byte) (n int, err error) {
	if c.over {
		return 0, ErrPartOver
	}
	for len(b) > n && (n == 0 || c.s.lineBuffered()) {
		if c.p.brk == 0 && len(c.p.text) == 0 {
			if err = c.fill(); err != nil {
				break
			}
		}
		n += c.p.give(b[n:])
	}
	if int64(n) > c.left {
		c.s.err = tooLarge(c.what, c.limit, "bytes")
		return 0, c.s.err
	}
	c.left -= int64(n)
	if n > 0 {
		err = nil // it stays for the next call
	}
	return n, err
}

// give moves what b has room for out of the piece.
func (p *piece) give(b []byte) int {
	n := copy(b, p.broken[:p.brk])
	copy(p.broken[:], p.broken[n:])
	if p.brk -= n; p.brk > 0 {
		return n
	}
	m := copy(b[n:], p.text)
	p.text = p.text[m:]
	return n + m
}

// lineBuffered tells whether a line can be had without waiting for the client.
func (s *splitter) lineBuffered() bool {
	buffered, _ := s.br.Peek(s.br.Buffered())
	return bytes.IndexByte(buffered, '\n') >= 0
}

// fill fetches the next piece; io.EOF ends the part.
func (c *partContent) fill() error {
	switch {
	case c.s.err != nil:
		return c.s.err
	case c.ended:
		return io.EOF
	}
	p, ended, more, err := c.s.next()
	if err != nil {
		c.s.fail(err)
		return c.s.err
	}
	c.p, c.ended = p, ended
	if ended {
		c.s.more = more
		return io.EOF
	}
	return nil
}

// finish skips what has not been read.
func (c *partContent) finish() {
	c.over = true
	for c.fill() == nil {
	}
}

// decodedPart is a field whose transfer encoding is undone.
type decodedPart struct {
	io.Reader
	what string
}

func (d decodedPart) Read(b []byte) (int, error) {
	n, err := d.Reader.Read(b)
	if err == nil || err == io.EOF || err == ErrPartOver {
		return n, err
	}
	if _, ok := errors.AsType[*InputError](err); !ok {
		err = badInput(err, "%s is not in its transfer encoding", d.what)
	}
	return n, err
}
