package webob

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"iter"
	"net/http"
	"strconv"
	"strings"
)

// dropBody forgets the old body and what was said of it. A stream is closed; one
// that Body or Chunks has given out may be the source of the new body, and is
// closed with the Response.
func (p *Response) dropBody() {
	p.flags &^= unrendered | unmeasured
	if p.has(streamed) {
		body := p.ext.body
		if p.ext.lent {
			p.OnClose(func() { body.Close() })
		} else {
			body.Close()
		}
		p.ext.body, p.ext.length, p.ext.lent = nil, -1, false
		p.flags &^= streamed
	}
	p.setMemory("")
	if p.header.Has("Content-Length") {
		p.header.Del("Content-Length")
	}
}

// SetBytes makes b the body. The Response keeps b. The Content-Type stays.
// WebOb: Response.body.
func (p *Response) SetBytes(b []byte) {
	p.dropBody()
	p.setMemoryBytes(b)
}

// SetText makes s the body, in the charset of the Content-Type, or in UTF-8 where
// it names none. A charset that is not known, or cannot hold s, is replaced by
// utf-8. Where there is no Content-Type it becomes text/plain; charset=utf-8.
// WebOb: Response.text.
func (p *Response) SetText(s string) {
	p.dropBody()
	ct := p.header.ContentType()
	if ct != typeText && ct != typeHTML && (strings.Contains(ct, "harset") || strings.Contains(ct, "HARSET")) {
		s = p.inCharset(s)
	}
	p.setMemory(s)
	if ct == "" {
		p.header.SetContentType(typeText)
	}
}

// SetHTML makes s the body as text/html; charset=utf-8.
func (p *Response) SetHTML(s template.HTML) {
	p.dropBody()
	p.setMemory(string(s))
	p.header.SetContentType(typeHTML)
}

// SetJSON makes v the body as application/json, without a charset, as JSON has
// none (RFC 8259 §11). A Content-Type that ends in json is kept. An encoding error
// leaves the Response as it was. WebOb: Response.json.
func (p *Response) SetJSON(v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("webob: body as JSON: %w", err)
	}
	p.dropBody()
	p.setMemoryBytes(b)
	if ct, _, _ := strings.Cut(p.header.ContentType(), ";"); !strings.HasSuffix(strings.TrimSpace(ct), "json") {
		p.header.SetContentType(typeJSON)
	}
	return nil
}

// SetBody makes what r gives the body; r is closed after, if it is a Closer. A
// reader with a length that can be told (*bytes.Reader, *strings.Reader,
// *bytes.Buffer, *io.SectionReader) gives a Content-Length. WebOb:
// Response.body_file, app_iter.
func (p *Response) SetBody(r io.Reader) {
	length := int64(-1)
	switch r := r.(type) {
	case interface{ Len() int }:
		length = int64(r.Len())
	case *io.SectionReader:
		length = sectionLeft(r)
	}
	p.setStream(&pulled{r: r}, length)
}

// sectionLeft is how much of a section has not been read.
func sectionLeft(r *io.SectionReader) int64 {
	at, _ := r.Seek(0, io.SeekCurrent) // which never fails
	return max(r.Size()-at, 0)
}

// SetReader is SetBody for a reader that gives length bytes, which is told as the
// Content-Length; below 0 it is not known. A body that turns out to be shorter or
// longer is answered as an error, or broken off if it is on its way: it never looks
// whole. WebOb: body_file and content_length.
func (p *Response) SetReader(r io.Reader, length int64) {
	p.setStream(&pulled{r: r}, max(length, -1))
}

// SetStream makes the body what write writes while it is sent, see Stream.
func (p *Response) SetStream(write func(StreamWriter) error) {
	p.setStream(newPushed(write), -1)
}

// SetChunks makes the elements of seq the body; each is passed on at once, as
// PEP 3333 says. WebOb: Response.app_iter.
func (p *Response) SetChunks(seq iter.Seq2[[]byte, error]) { p.setStream(chunked(seq), -1) }

func (p *Response) setStream(s stream, length int64) {
	p.dropBody()
	e := p.extra()
	e.body, e.length, e.closed = s, length, false
	p.flags |= streamed
}

// ContentLength is the length of the body as it will be sent, and whether it is
// known: always for a body in memory, for a stream if it was said.
// WebOb: Response.content_length.
func (p *Response) ContentLength() (int64, bool) {
	p.render()
	if v := p.header.Get("Content-Length"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		return n, err == nil && n >= 0
	}
	if p.has(streamed) {
		return p.ext.length, p.ext.length >= 0
	}
	return int64(len(p.mem)), p.mem != "" || !p.has(unmeasured)
}

// Bytes is the body. A stream is read to its end, without a limit, and kept: Wait
// has one, and Peek looks at the beginning alone. The result is the Response's own.
func (p *Response) Bytes() ([]byte, error) { return p.gather(-1) }

// ErrTooLarge is a body beyond the limit its reader has set.
var ErrTooLarge = errors.New("webob: body larger than the limit")

// Wait reads a streamed body into memory, at most limit bytes (0 or less: no
// limit), and so waits until the handler behind it has ended: a filter that
// commits a transaction does so after Wait. A body beyond the limit is
// ErrTooLarge, and is closed. A body in memory needs no waiting.
func (p *Response) Wait(limit int64) error {
	if limit <= 0 {
		limit = -1
	}
	_, err := p.gather(limit)
	return err
}

func (p *Response) gather(limit int64) ([]byte, error) {
	p.render()
	if !p.has(streamed) {
		return p.memory(), nil
	}
	var buf bytes.Buffer
	over := false
	err := p.ext.body.each(func(chunk []byte) bool {
		over = limit >= 0 && int64(buf.Len()+len(chunk)) > limit
		buf.Write(chunk)
		return !over
	})
	if over {
		err = ErrTooLarge
	}
	if n := p.expected(); err == nil && n >= 0 && int64(buf.Len()) != n {
		err = errLength
	}
	p.fold()
	if err != nil {
		p.setStream(brokenBody{err}, -1) // what is left is not the body, nor is nothing
		return nil, err
	}
	p.setMemoryBytes(buf.Bytes())
	return p.memory(), nil
}

// fold ends a streamed body that has been read, keeping trailers.
func (p *Response) fold() {
	if t := trailersOf(p.ext.body); t != nil {
		p.ext.trailer = func() http.Header { return t }
	}
	p.ext.body.Close()
	p.ext.body, p.ext.length = nil, -1
	p.flags &^= streamed
}

// Text is the body as text, by the charset of the Content-Type or else UTF-8;
// bytes that are none become U+FFFD. WebOb: Response.text.
func (p *Response) Text() (string, error) {
	p.render()
	if p.has(streamed) {
		if _, err := p.Bytes(); err != nil {
			return "", err
		}
	}
	return p.fromCharset(p.memoryText()), nil
}

// Body is the body as a reader. A stream can be read once. To change it on its
// way, set a body that reads from this one: it is closed with the Response.
func (p *Response) Body() io.ReadCloser {
	p.render()
	if p.has(streamed) {
		p.ext.lent = true
		return &measured{stream: p.ext.body, want: p.expected()}
	}
	return io.NopCloser(strings.NewReader(p.mem))
}

// expected is how long a stream has to be, or -1 where nobody can say: an answer
// to HEAD announces what it does not have.
func (p *Response) expected() int64 {
	n, known := p.ContentLength()
	if b, ok := p.ext.body.(*pulled); !known || p.has(unmeasured) || ok && b.r == http.NoBody {
		return -1
	}
	return n
}

type bodyReader struct{ stream }

func (b bodyReader) Read(q []byte) (int, error) { return b.read(q) }

// measured has a body that is not as long as announced end in an error, as what
// is made of it may not show that any more.
type measured struct {
	stream
	n, want int64
}

func (b *measured) Read(q []byte) (int, error) {
	n, err := b.read(q)
	b.n += int64(n)
	if b.want >= 0 && (b.n > b.want || err == io.EOF && b.n < b.want) {
		return n, errLength
	}
	return n, err
}

// Chunks ranges over the pieces of the body as they come. A piece is good until
// the next one is asked for. WebOb: Response.app_iter.
func (p *Response) Chunks() iter.Seq2[[]byte, error] {
	p.render()
	if !p.has(streamed) {
		b, _ := p.Bytes()
		return func(yield func([]byte, error) bool) {
			if len(b) > 0 {
				yield(b, nil)
			}
		}
	}
	body, want := p.ext.body, p.expected()
	p.ext.lent = true
	return func(yield func([]byte, error) bool) {
		n, more := int64(0), true
		err := body.each(func(chunk []byte) bool {
			n += int64(len(chunk))
			more = yield(chunk, nil)
			return more
		})
		if err == nil && more && want >= 0 && n != want {
			err = errLength
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

// Write appends to the body, gathering a stream first. It gives len(b).
// WebOb: Response.write.
func (p *Response) Write(b []byte) (int, error) {
	if p.has(streamed) || p.has(unrendered) {
		if _, err := p.Bytes(); err != nil {
			return 0, err
		}
	}
	if p.header.Has("Content-Length") {
		p.header.Del("Content-Length")
	}
	p.appendMemory(b)
	return len(b), nil
}

// WriteString is Write for text.
func (p *Response) WriteString(s string) (int, error) { return p.Write([]byte(s)) }
