package webob

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/http"
	"net/textproto"
	"strings"

	"golang.org/x/text/encoding"
)

type readSeekCloser = io.ReadSeekCloser

// errNoParts is a multipart form without a single delimiter: its text is all
// preamble, as a form with a wrong boundary is. Lenient readers see an empty form.
var errNoParts = errors.New("no parts")

// parseMultipart reads a form (RFC 7578) whose body has been read already, so that
// an upload is a piece of that body and needs no place of its own:
//
//	body      = [ preamble ] 1*( delimiter header *line ) last epilogue
//	delimiter = "--" boundary *WSP line-break    ; at the start of a line
//	last      = "--" boundary "--" *WSP [ line-break ]
//
// The line break before a delimiter belongs to it. Line breaks are CRLF or LF.
// A part without a name is left out, one with a file name is an upload, one with
// an empty file name, a file input left blank, is a text.
func parseMultipart(body *spool, ctype string, cs encoding.Encoding, l Limits) (*MultiDict, error) {
	boundary, _ := fieldParam(ctype, "boundary")
	if !fitBoundary(boundary) {
		return nil, badInput(nil, "the boundary of the multipart form is missing or malformed")
	}
	d := new(MultiDict)
	if body == nil {
		return d, nil
	}
	s := newSplitter(&replay{s: body}, boundary, body.size)
	_, more, err := s.skip()
	if err == io.EOF {
		d.fault = errNoParts
		return d, nil
	}
	for n := 0; more && err == nil; n++ {
		if n == l.Parts {
			return nil, tooLarge("the form", int64(l.Parts), "parts")
		}
		more, err = s.part(body, d, cs, l)
	}
	if err == io.EOF {
		err = badInput(io.ErrUnexpectedEOF, "the multipart form is cut short")
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

// fitBoundary takes what old clients use beyond the 70 characters of RFC 2046.
func fitBoundary(s string) bool {
	const most = 201 // as WebOb has it
	return s != "" && len(s) <= most && s[len(s)-1] != ' ' &&
		!strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

// splitter finds the delimiters of a multipart body.
type splitter struct {
	delim []byte
	br    *bufio.Reader
	off   int64 // of what br gives next

	inLine bool    // br stands within a line
	broken [2]byte // the line break before it, which belongs to a delimiter if one follows
	brk    int     // and its length

	head    []byte        // of a part
	headers *bufio.Reader // over head
}

// newSplitter reads a body of up to size bytes.
func newSplitter(body io.Reader, boundary string, size int64) *splitter {
	const most = 32 << 10
	return &splitter{
		delim:   []byte("--" + boundary),
		br:      bufio.NewReaderSize(body, max(int(min(size, most-1))+1, 2*len(boundary)+16)),
		headers: bufio.NewReaderSize(nil, 256),
	}
}

// piece is what comes next of the content before a delimiter: a line break, and
// text without one, good until the next call.
type piece struct {
	broken [2]byte
	brk    int
	text   []byte
}

// next gives the next piece, or ends with the delimiter and tells whether a part
// follows. Without one the error is io.EOF.
func (s *splitter) next() (p piece, ended, more bool, err error) {
	line, err := s.br.ReadSlice('\n')
	s.off += int64(len(line))
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return p, false, false, err
	}
	if rest, ok := bytes.CutPrefix(line, s.delim); ok && !s.inLine && err != bufio.ErrBufferFull {
		switch string(bytes.TrimRight(rest, " \t\r\n")) {
		case "":
			s.brk = 0
			return p, true, true, nil
		case "--":
			return p, true, false, nil
		}
	}
	if err == io.EOF {
		return p, false, false, io.EOF // what is left is of no part
	}
	p = piece{s.broken, s.brk, line}
	s.inLine = err != nil
	s.hold(&p)
	return p, false, false, nil
}

// hold keeps the line break at the end of a piece back, and a CR that may become
// a part of one.
func (s *splitter) hold(p *piece) {
	n := len(p.text)
	switch {
	case p.text[n-1] == '\r':
		s.broken, s.brk = [2]byte{'\r'}, 1
	case p.text[n-1] != '\n':
		s.brk = 0
		return
	case n > 1 && p.text[n-2] == '\r':
		s.broken, s.brk = [2]byte{'\r', '\n'}, 2
	case n == 1 && p.brk == 1 && p.broken[0] == '\r':
		p.brk = 0
		s.broken, s.brk = [2]byte{'\r', '\n'}, 2
		p.text = nil
		return
	default:
		s.broken, s.brk = [2]byte{'\n'}, 1
	}
	p.text = p.text[:n-s.brk]
}

// skip reads on to the next delimiter and tells how much content there was before
// it, and whether a part follows.
func (s *splitter) skip() (size int64, more bool, err error) {
	for {
		p, ended, more, err := s.next()
		if err != nil || ended {
			return size, more, err
		}
		size += int64(p.brk + len(p.text))
	}
}

// part reads the part of body that a delimiter has announced and adds it to d.
func (s *splitter) part(body io.ReaderAt, d *MultiDict, cs encoding.Encoding, l Limits) (more bool, err error) {
	h, err := s.header(l.PartHeader)
	if err != nil {
		return false, err
	}
	start := s.off
	size, more, err := s.skip()
	if err != nil {
		return false, err
	}
	disposition := h.Get("Content-Disposition")
	name, named := fieldParam(disposition, "name")
	if !named {
		return more, nil
	}
	name = d.decoded(name, cs)
	if filename, _ := fieldParam(disposition, "filename"); filename != "" {
		if size > l.Part {
			return false, tooLarge("the upload "+quoteShort(name), l.Part, "bytes")
		}
		u := newUpload(name, d.decoded(filename, cs), h, size)
		u.open = func() (readSeekCloser, error) {
			return section{io.NewSectionReader(body, start, size)}, nil
		}
		d.push(Pair{Key: name, Value: u.Filename, File: u})
		return more, nil
	}
	if size > l.Field {
		return false, tooLarge("the field "+quoteShort(name), l.Field, "bytes")
	}
	text, err := fieldText(io.NewSectionReader(body, start, size), h, name)
	if err != nil {
		return false, err
	}
	if label, ok := fieldParam(h.Get("Content-Type"), "charset"); ok {
		if cs, err = charsetOf(label); err != nil {
			return false, err
		}
	}
	d.push(Pair{Key: name, Value: d.decoded(text, cs)})
	return more, nil
}

// header reads the header of a part and the empty line after it.
func (s *splitter) header(limit int) (http.Header, error) {
	s.head = s.head[:0]
	for {
		line, err := s.br.ReadSlice('\n')
		if len(s.head)+len(line) > limit || err == bufio.ErrBufferFull {
			return nil, tooLarge("the header of a part", int64(limit), "bytes")
		}
		s.head = append(s.head, line...)
		s.off += int64(len(line))
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
	}
	s.headers.Reset(bytes.NewReader(s.head))
	h, err := textproto.NewReader(s.headers).ReadMIMEHeader()
	if err != nil {
		return nil, badInput(err, "the header of a part is malformed")
	}
	return http.Header(h), nil
}

// fieldText reads a text field. Its transfer encoding is undone, though RFC 7578
// section 4.7 does not want any more that there is one.
func fieldText(content io.Reader, h http.Header, name string) (string, error) {
	b, err := io.ReadAll(transferDecoder(content, h))
	if err != nil {
		return "", badInput(err, "the field %s is not in its transfer encoding", quoteShort(name))
	}
	return string(b), nil
}

// transferDecoder undoes the transfer encoding that a header names.
func transferDecoder(content io.Reader, h http.Header) io.Reader {
	switch strings.ToLower(strings.TrimSpace(h.Get("Content-Transfer-Encoding"))) {
	case "quoted-printable":
		return quotedprintable.NewReader(content)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, content)
	}
	return content
}

// section is the content of an upload; closing it does nothing.
type section struct{ *io.SectionReader }

func (section) Close() error { return nil }

func newUpload(name, filename string, h http.Header, size int64) *Upload {
	media := "text/plain"
	if _, said := h["Content-Type"]; said {
		media, _, _ = strings.Cut(h.Get("Content-Type"), ";")
		media = strings.TrimSpace(media)
	}
	return &Upload{Name: name, Filename: filename, ContentType: media, Header: h, Size: size}
}

// quoteShort quotes a text of the client's for a message.
func quoteShort(s string) string { return fmt.Sprintf("%q", shortVar(s)) }
