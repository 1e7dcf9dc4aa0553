package webob

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// ErrCoding is a content coding that is not known here: others than gzip,
// deflate and identity.
var ErrCoding = errors.New("webob: unknown content coding")

// ErrPartial is a part of a representation (Content-Range) that cannot be coded
// by itself.
var ErrPartial = errors.New("webob: content coding of a partial body")

// DefaultLimit bounds what DecodeContent and ReadResponse make of their input
// where they are told no other limit: 64 MiB.
const DefaultLimit = 64 << 20

// EncodeContent compresses the body by "gzip" or "deflate" and says so in
// Content-Encoding; "identity" undoes a coding. A body in memory is coded at once,
// a stream while it is sent, and flushed where the stream is. A body in that coding
// already stays as it is, one in another coding is decoded first.
//
// The bytes are others, and so is their entity tag, if it is a strong one: "v1" becomes
// "v1-gzip" (see header.EntityTag.ForCoding). What clients send back of that is known
// again: as "v1" by If-Match and If-None-Match, in Request.Precondition and Conditional,
// but by If-Range and Range, which are about bytes, only for the coded body itself.
// That supposes that the same text is always coded into the same bytes, by all servers
// of a site: with a new version of Go they may differ. Ranges are no longer
// offered. An answer that has no body (204, 205, 304) stays as it is.
//
// Whoever chose the coding by Accept-Encoding also says AddVary("Accept-Encoding"), as
// NegotiateEncoding does. WebOb: Response.encode_content.
func (p *Response) EncodeContent(coding string) error {
	if coding != "gzip" && coding != "deflate" && coding != "identity" {
		return fmt.Errorf("%w %.40q", ErrCoding, coding)
	}
	now := p.coding()
	switch {
	case now == coding:
		return nil
	case p.header.Has("Content-Range"):
		return ErrPartial
	case !bodyAllowed(int(p.status)):
		return nil
	case now != "identity":
		if err := p.DecodeContent(0); err != nil {
			return err
		}
	}
	if coding == "identity" {
		return nil
	}
	p.render()
	switch {
	case p.has(streamed):
		p.recode(newEncoded(p.ext.body, coding))
	case p.has(unmeasured) && p.mem == "": // an answer to HEAD: that to GET would have a body
		p.header.Del("Content-Length")
		p.recoded()
	default:
		p.recodeBytes(compress(p.memory(), coding))
	}
	p.header.Set("Content-Encoding", coding)
	p.codeETag(coding)
	return nil
}

// DecodeContent undoes a Content-Encoding of gzip or deflate (which RFC 9110 wraps
// as zlib does, and some send bare). A body in memory is decoded at once, a stream
// while it is read. What comes out is bounded: beyond limit bytes (0: DefaultLimit,
// below 0: none) is ErrTooLarge. On an error the Response is as it was. The tag is that
// of the plain body again, if it is one that EncodeContent gives, and else becomes
// weak. WebOb: Response.decode_content.
func (p *Response) DecodeContent(limit int64) error {
	coding := p.coding()
	switch coding {
	case "identity":
		return nil
	case "gzip", "deflate":
	default:
		return fmt.Errorf("%w %.40q", ErrCoding, coding)
	}
	if p.header.Has("Content-Range") {
		return ErrPartial
	}
	if limit == 0 {
		limit = DefaultLimit
	}
	p.render()
	switch {
	case !bodyAllowed(int(p.status)):
		return nil
	case p.has(streamed):
		p.recode(newDecoded(p.ext.body, coding, limit))
	case p.has(unmeasured) && p.mem == "":
		p.header.Del("Content-Length")
		p.recoded()
	default:
		b, err := io.ReadAll(&decoder{src: strings.NewReader(p.mem), coding: coding, left: limit})
		if err != nil {
			return err
		}
		p.recodeBytes(b)
	}
	p.header.Del("Content-Encoding")
	p.uncodeETag(coding)
	return nil
}

// coding is the content coding in small letters.
func (p *Response) coding() string {
	lines := p.header.Values("Content-Encoding")
	switch c := strings.ToLower(strings.TrimSpace(strings.Join(lines, ", "))); c {
	case "":
		return "identity"
	case "x-gzip":
		return "gzip"
	default:
		return c
	}
}

// recode takes another spelling of the same body.
func (p *Response) recode(s stream) {
	p.ext.lent = true // s reads the old one
	p.setStream(s, -1)
	p.recoded()
}

func (p *Response) recodeBytes(b []byte) {
	p.SetBytes(b)
	p.recoded()
}

// digests are the fields that speak of the bytes.
var digests = [...]string{"Accept-Ranges", "Content-Md5", "Content-Digest", "Repr-Digest"}

// recoded takes back what was said of the bytes.
func (p *Response) recoded() {
	for _, name := range digests {
		if p.header.Has(name) {
			p.header.Del(name)
		}
	}
}

// compressor is what gzip and zlib writers are.
type compressor interface {
	io.WriteCloser
	Flush() error
	Reset(io.Writer)
}

// Compressors hold a megabyte of tables each, so they are used again. They see
// one body at a time and keep nothing of it.
var (
	gzipWriters = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}
	zlibWriters = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}
)

// compressing lends a compressor to fn, and ends the coded body if fn has not
// failed: one that is cut must not look whole.
func compressing(w io.Writer, coding string, fn func(compressor) error) error {
	pool := &gzipWriters
	if coding == "deflate" {
		pool = &zlibWriters
	}
	zw := pool.Get().(compressor)
	defer pool.Put(zw)
	zw.Reset(w)
	defer zw.Reset(nil)
	if err := fn(zw); err != nil {
		return err
	}
	return zw.Close()
}

func compress(b []byte, coding string) []byte {
	var buf bytes.Buffer
	compressing(&buf, coding, func(zw compressor) error { // a Buffer takes everything
		_, err := zw.Write(b)
		return err
	})
	return buf.Bytes()
}

// encoded is a stream in a content coding.
type encoded struct {
	*pushed
	src    stream
	coding string
}

func newEncoded(src stream, coding string) *encoded {
	e := &encoded{src: src, coding: coding}
	e.pushed = newPushed(e.write)
	return e
}

// write is the body: each piece that the source has flushed is flushed here.
func (e *encoded) write(w StreamWriter) error {
	return compressing(w, e.coding, func(zw compressor) error {
		var failed error
		err := e.src.each(func(piece []byte) bool {
			failed = e.pass(zw, w, piece)
			return failed == nil
		})
		if failed != nil {
			return failed
		}
		return err
	})
}

// pass writes a piece, and flushes after the source.
func (e *encoded) pass(zw compressor, w StreamWriter, piece []byte) error {
	if _, err := zw.Write(piece); err != nil || !flushed(e.src) {
		return err
	}
	if err := zw.Flush(); err != nil {
		return err
	}
	if err := w.Flush(); !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// flushed says whether the producer wants what it has written so far passed on.
func flushed(s stream) bool {
	switch s := s.(type) {
	case *pushed:
		return s.flush
	case callBody:
		return s.c.flush
	case *encoded:
		return s.flush
	case *peeked:
		return flushed(s.stream)
	}
	return false
}

func (e *encoded) again() (stream, bool) {
	src, ok := e.src.again()
	if !ok {
		return nil, false
	}
	return newEncoded(src, e.coding), true
}

func (e *encoded) Close() error {
	e.pushed.Close()
	return e.src.Close()
}

// decoded is a stream with its content coding undone.
type decoded struct {
	pulled
	src    stream
	coding string
	limit  int64
}

func newDecoded(src stream, coding string, limit int64) *decoded {
	d := &decoded{src: src, coding: coding, limit: limit}
	d.pulled.r = &decoder{src: bodyReader{src}, coding: coding, left: limit}
	return d
}

func (d *decoded) again() (stream, bool) {
	src, ok := d.src.again()
	if !ok {
		return nil, false
	}
	return newDecoded(src, d.coding, d.limit), true
}

func (d *decoded) Close() error {
	d.pulled.Close()
	return d.src.Close()
}

// decoder undoes a coding, and gives at most left bytes (below 0: all).
type decoder struct {
	src    io.Reader
	coding string
	left   int64
	zr     io.Reader
}

func (d *decoder) Read(p []byte) (int, error) {
	if d.zr == nil {
		if err := d.open(); err != nil {
			return 0, err
		}
	}
	if len(p) == 0 {
		return 0, nil
	}
	if d.left >= 0 && int64(len(p)) > d.left+1 {
		p = p[:d.left+1]
	}
	n, err := d.zr.Read(p)
	if d.left >= 0 {
		if int64(n) > d.left {
			return 0, ErrTooLarge
		}
		d.left -= int64(n)
	}
	if err != nil && err != io.EOF {
		err = fmt.Errorf("webob: content coding %s: %w", d.coding, err)
	}
	return n, err
}

// open looks at the first bytes, which tell the wrapping.
func (d *decoder) open() (err error) {
	src := bufio.NewReader(d.src)
	head, err := src.Peek(2)
	if err != nil && err != io.EOF {
		return err
	}
	switch {
	case d.coding == "gzip":
		d.zr, err = gzip.NewReader(src)
	case len(head) == 2 && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0:
		d.zr, err = zlib.NewReader(src)
	default:
		d.zr, err = flate.NewReader(src), nil
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		d.zr = nil
		return fmt.Errorf("webob: content coding %s: %w", d.coding, err)
	}
	return nil
}
