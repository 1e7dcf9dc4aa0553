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
	s := newSplitter(body, boundary)
	_, more, err := s.next()
	if err == io.EOF {
		d.fault = errNoParts
		return d, nil
	}
	for n := 0; more && err == nil; n++ {
		if n == l.Parts {
			return nil, tooLarge("the form", int64(l.Parts), "parts")
		}
		more, err = s.part(d, cs, l)
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
	body  *spool
	delim []byte
	br    *bufio.Reader
	off   int64 // of what br gives next

	head    []byte        // of a part
	headers *bufio.Reader // over head
}

func newSplitter(body *spool, boundary string) *splitter {
	const most = 32 << 10
	size := int(min(body.size+1, most))
	return &splitter{
		body: body, delim: []byte("--" + boundary),
		br:      bufio.NewReaderSize(&replay{s: body}, max(size, 2*len(boundary)+16)),
		headers: bufio.NewReaderSize(nil, 256),
	}
}

// next reads on to the next delimiter and tells where what is before it ends,
// and whether a part follows. Without one the error is io.EOF.
func (s *splitter) next() (end int64, more bool, err error) {
	atStart, brk := true, 0 // of a line; length of the break before it
	var last byte
	for {
		line, err := s.br.ReadSlice('\n')
		start := s.off
		s.off += int64(len(line))
		if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
			return 0, false, err
		}
		if rest, ok := bytes.CutPrefix(line, s.delim); ok && atStart && err != bufio.ErrBufferFull {
			switch string(bytes.TrimRight(rest, " \t\r\n")) {
			case "":
				return start - int64(brk), true, nil
			case "--":
				return start - int64(brk), false, nil
			}
		}
		if err == io.EOF {
			return 0, false, io.EOF
		}
		atStart, brk, last = err == nil, lineBreak(line, last), line[len(line)-1]
	}
}

// lineBreak is the length of the break at the end of line; last is the byte
// before it.
func lineBreak(line []byte, last byte) int {
	n := len(line)
	switch {
	case line[n-1] != '\n':
		return 0
	case n > 1 && line[n-2] == '\r' || n == 1 && last == '\r':
		return 2
	}
	return 1
}

// part reads the part that a delimiter has announced and adds it to d.
func (s *splitter) part(d *MultiDict, cs encoding.Encoding, l Limits) (more bool, err error) {
	h, err := s.header(l.PartHeader)
	if err != nil {
		return false, err
	}
	start := s.off
	end, more, err := s.next()
	if err != nil {
		return false, err
	}
	disposition := h.Get("Content-Disposition")
	name, named := fieldParam(disposition, "name")
	if !named {
		return more, nil
	}
	name = d.decoded(name, cs)
	content := io.NewSectionReader(s.body, start, end-start)
	if filename, _ := fieldParam(disposition, "filename"); filename != "" {
		u := newUpload(name, d.decoded(filename, cs), h, end-start)
		u.open = func() (readSeekCloser, error) {
			return section{io.NewSectionReader(s.body, start, end-start)}, nil
		}
		d.push(Pair{Key: name, Value: u.Filename, File: u})
		return more, nil
	}
	if end-start > l.Field {
		return false, tooLarge("the field "+quoteShort(name), l.Field, "bytes")
	}
	text, err := fieldText(content, h, name)
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
	encoding := strings.ToLower(strings.TrimSpace(h.Get("Content-Transfer-Encoding")))
	if encoding == "quoted-printable" {
		content = quotedprintable.NewReader(content)
	}
	b, err := io.ReadAll(content)
	if err == nil && encoding == "base64" {
		b, err = base64.StdEncoding.DecodeString(string(bytes.TrimSpace(b)))
	}
	if err != nil {
		return "", badInput(err, "the field %s is not in its transfer encoding", quoteShort(name))
	}
	return string(b), nil
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
