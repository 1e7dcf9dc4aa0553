package webob

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

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
	return p.EncodeContentLevel(coding, flate.DefaultCompression)
}

// EncodeContentLevel is EncodeContent with a level of package compress/flate: 1, the
// fastest, to 9, the smallest; flate.DefaultCompression and flate.HuffmanOnly too.
func (p *Response) EncodeContentLevel(coding string, level int) error {
	if level == flate.NoCompression || level < flate.HuffmanOnly || level > flate.BestCompression {
		return fmt.Errorf("%w: level %d", ErrCoding, level)
	}
	if coding != "gzip" && coding != "deflate" && coding != "identity" {
		return fmt.Errorf("%w %.40q", ErrCoding, coding)
	}
	now := p.codings()
	switch {
	case len(now) == 1 && now[0] == coding || now == nil && coding == "identity":
		return nil
	case p.header.Has("Content-Range"):
		return ErrPartial
	case !bodyAllowed(int(p.status)):
		return nil
	case now != nil:
		if err := p.DecodeContent(BodyDecoding{Ratio: -1}); err != nil {
			return err
		}
	}
	if coding == "identity" {
		return nil
	}
	p.render()
	switch {
	case p.has(streamed):
		p.recode(newEncoded(p.ext.body, packing{coding, level}))
	case p.has(unmeasured) && p.mem == "": // an answer to HEAD: that to GET would have a body
		p.header.Del("Content-Length")
		p.recoded()
	default:
		p.recodeBytes(compress(p.memory(), packing{coding, level}))
	}
	p.header.Set("Content-Encoding", coding)
	p.codeETag(coding)
	return nil
}

// DecodeContent undoes Content-Encoding: gzip, deflate (which RFC 9110 wraps
// as zlib does, and some send bare) and what o adds; several upon one another, at
// most three, from the last to the first. A body in memory is decoded at once, a
// stream while it is read. What comes out is bounded: what is beyond a limit of o, or
// in more codings, is ErrTooLarge. On an error the Response is as it was. The tag is
// that of the plain body again, if it is one that EncodeContent gives, and else
// becomes weak. WebOb: Response.decode_content.
func (p *Response) DecodeContent(o BodyDecoding) error {
	codings := p.codings()
	unknown := o.unknown(codings)
	switch {
	case len(codings) == 0:
		return nil
	case len(codings) > mostCodings:
		return fmt.Errorf("%w: %d content codings upon one another", ErrTooLarge, len(codings))
	case unknown != "":
		return fmt.Errorf("%w %.40q", ErrCoding, unknown)
	case p.header.Has("Content-Range"):
		return ErrPartial
	}
	p.render()
	switch {
	case !bodyAllowed(int(p.status)):
		return nil
	case p.has(streamed):
		p.recode(newDecoded(p.ext.body, codings, o))
	case p.has(unmeasured) && p.mem == "":
		p.header.Del("Content-Length")
		p.recoded()
	default:
		d := o.decoder(strings.NewReader(p.mem), codings, DefaultLimit)
		b, err := io.ReadAll(d)
		if err = errors.Join(err, d.Close()); err != nil {
			return err
		}
		p.recodeBytes(b)
	}
	p.header.Del("Content-Encoding")
	for _, coding := range slices.Backward(codings) {
		p.uncodeETag(coding)
	}
	return nil
}

// codings are the content codings in the order in which they were applied.
func (p *Response) codings() []string {
	if !p.header.Has("Content-Encoding") {
		return nil
	}
	return contentCodings(p.header.Values("Content-Encoding"))
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

// packing is a coding with its level.
type packing struct {
	coding string
	level  int
}

// Compressors hold a megabyte of tables each, so they are used again. They see
// one body at a time and keep nothing of it. There is a pool for each level.
var gzipWriters, zlibWriters [flate.BestCompression - flate.HuffmanOnly + 1]sync.Pool

// compressor takes one from its pool, which it goes back to.
func (how packing) compressor() (compressor, *sync.Pool) {
	pool := &gzipWriters[how.level-flate.HuffmanOnly]
	if how.coding == "deflate" {
		pool = &zlibWriters[how.level-flate.HuffmanOnly]
	}
	if zw, ok := pool.Get().(compressor); ok {
		return zw, pool
	}
	if how.coding == "deflate" {
		zw, _ := zlib.NewWriterLevel(nil, how.level) // the level has been checked
		return zw, pool
	}
	zw, _ := gzip.NewWriterLevel(nil, how.level)
	return zw, pool
}

// compressing lends a compressor to fn, and ends the coded body if fn has not
// failed: one that is cut must not look whole.
func compressing(w io.Writer, how packing, fn func(compressor) error) error {
	zw, pool := how.compressor()
	defer pool.Put(zw)
	zw.Reset(w)
	defer zw.Reset(nil)
	if err := fn(zw); err != nil {
		return err
	}
	return zw.Close()
}

func compress(b []byte, how packing) []byte {
	var buf bytes.Buffer
	compressing(&buf, how, func(zw compressor) error { // a Buffer takes everything
		_, err := zw.Write(b)
		return err
	})
	return buf.Bytes()
}

// encoded is a stream in a content coding.
type encoded struct {
	*pushed
	src stream
	how packing
}

func newEncoded(src stream, how packing) *encoded {
	e := &encoded{src: src, how: how}
	e.pushed = newPushed(e.write)
	return e
}

// write is the body: each piece that the source has flushed is flushed here.
func (e *encoded) write(w StreamWriter) error {
	return compressing(w, e.how, func(zw compressor) error {
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
	return newEncoded(src, e.how), true
}

func (e *encoded) Close() error {
	e.pushed.Close()
	return e.src.Close()
}

// decoded is a stream with its content codings undone.
type decoded struct {
	pulled
	src     stream
	codings []string
	o       BodyDecoding
}

func newDecoded(src stream, codings []string, o BodyDecoding) *decoded {
	d := &decoded{src: src, codings: codings, o: o}
	d.pulled.r = o.decoder(bodyReader{src}, codings, DefaultLimit) // closes src too
	return d
}

func (d *decoded) again() (stream, bool) {
	src, ok := d.src.again()
	if !ok {
		return nil, false
	}
	return newDecoded(src, d.codings, d.o), true
}
