package webob

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"strconv"
	"strings"
)

// ErrResponseText is a text that is no HTTP response.
var ErrResponseText = errors.New("webob: malformed HTTP response")

// maxHead bounds status line and header of a response that is read: 1 MiB, as
// net/http does.
const maxHead = 1 << 20

// ReadResponse reads a response as it stands in HTTP/1.1, or in WebOb's spelling
// without a version: "200 OK". Lines end in CR LF or LF. It is the way back of
// WriteTo and AsText.
//
// The body is as long as Content-Length says, or shorter if r ends before; chunked
// bodies are put together; without either there is none, and what follows is left
// in r. At most limit bytes are read (0: DefaultLimit; below 0: no limit), more is
// ErrTooLarge. Lengths that contradict each other or are not digits alone, other
// transfer codings, and whatever a header cannot hold, are refused with an error
// that wraps ErrResponseText. Own reason phrases are not kept. WebOb:
// Response.from_file.
func ReadResponse(r *bufio.Reader, limit int64) (*Response, error) {
	p := NewResponse(0)
	if err := p.readHead(r); err != nil {
		return nil, err
	}
	if limit == 0 {
		limit = DefaultLimit
	}
	if err := p.readBody(r, limit); err != nil {
		return nil, err
	}
	return p, nil
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrResponseText, fmt.Sprintf(format, args...))
}

// SetStatusText takes a status line without its version, "404 Not Found", or the
// number alone. The reason is checked and not kept. A code outside 100 to 599, or
// one not written in three digits, is an error, and changes nothing. WebOb:
// Response.status.
func (p *Response) SetStatusText(s string) error {
	digits, reason, _ := strings.Cut(s, " ")
	code, err := strconv.Atoi(digits)
	if err != nil || len(digits) != 3 || code < 100 || code > 599 {
		return malformed("status %.40q", s)
	}
	for i := 0; i < len(reason); i++ {
		if reason[i] < ' ' && reason[i] != '\t' || reason[i] == 0x7f {
			return malformed("control character in the reason of status %d", code)
		}
	}
	p.SetStatus(code)
	return nil
}

// readHead reads status line and header.
func (p *Response) readHead(r *bufio.Reader) error {
	budget := maxHead
	line, err := readLine(r, &budget)
	if err != nil {
		return err
	}
	if strings.HasPrefix(line, "HTTP/") {
		_, line, _ = strings.Cut(line, " ")
	}
	if err := p.SetStatusText(line); err != nil {
		return err
	}
	field := ""
	for {
		line, err := readLine(r, &budget)
		switch {
		case err == io.EOF || err == nil && line == "":
			return p.addField(field)
		case err != nil:
			return err
		case field != "" && (line[0] == ' ' || line[0] == '\t'):
			field += " " + strings.Trim(line, " \t") // obs-fold, RFC 9112 §5.2
			continue
		}
		if err := p.addField(field); err != nil {
			return err
		}
		field = line
	}
}

// readLine reads one line, without its end; io.EOF where there is none.
func readLine(r *bufio.Reader, budget *int) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if *budget -= len(part); *budget < 0 {
			return "", fmt.Errorf("%w: header", ErrTooLarge)
		}
		line = append(line, part...)
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(line) > 0:
		case err != nil:
			return "", err
		}
		return strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r"), nil
	}
}

// addField takes a header line. Space before the colon goes, as RFC 9112 §5.1 asks
// for in responses.
func (p *Response) addField(line string) error {
	if line == "" {
		return nil
	}
	name, value, found := strings.Cut(line, ":")
	if !found {
		return malformed("no colon in %.40q", line)
	}
	p.header.Add(strings.Trim(name, " \t"), strings.Trim(value, " \t"))
	if err := p.header.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrResponseText, err)
	}
	return nil
}

// readBody reads what the header announces.
func (p *Response) readBody(r *bufio.Reader, limit int64) error {
	coding := strings.Join(p.header.Values("Transfer-Encoding"), ", ")
	length, announced, err := readLength(p.header.Values("Content-Length"))
	switch {
	case err != nil:
		return err
	case coding == "" && !announced || coding == "" && !bodyAllowed(int(p.status)):
		return nil
	case coding == "":
		return p.readUpTo(io.LimitReader(r, length), limit)
	case announced || !strings.EqualFold(coding, "chunked"):
		return malformed("Transfer-Encoding %.40q", coding)
	}
	p.header.Del("Transfer-Encoding")
	if err := p.readUpTo(httputil.NewChunkedReader(r), limit); err != nil {
		return err
	}
	return readTrailers(r)
}

// readLength joins the Content-Length fields, which must agree.
func readLength(lines []string) (n int64, announced bool, err error) {
	for i, line := range lines {
		v, err := strconv.ParseUint(line, 10, 63)
		if err != nil || i > 0 && int64(v) != n || strings.Trim(line, "0123456789") != "" {
			return 0, false, malformed("Content-Length %.40q", strings.Join(lines, ", "))
		}
		n = int64(v)
	}
	return n, len(lines) > 0, nil
}

func (p *Response) readUpTo(r io.Reader, limit int64) error {
	if limit >= 0 && limit < 1<<63-1 {
		r = io.LimitReader(r, limit+1)
	}
	var buf bytes.Buffer
	n, err := buf.ReadFrom(r)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrResponseText, err)
	case limit >= 0 && n > limit:
		return ErrTooLarge
	}
	p.SetBytes(buf.Bytes()) // and no Content-Length that might lie
	return nil
}

// readTrailers drops the trailers of a chunked body, with the line that ends them.
func readTrailers(r *bufio.Reader) error {
	budget := maxHead
	for {
		line, err := readLine(r, &budget)
		if err == io.EOF || err == nil && line == "" {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// AsText is the Response as HTTP text without a version, for logs, tests and
// files: status, header, and, unless it is empty or to be skipped, the body behind
// an empty line. Lines end in CR LF. A stream is gathered if its body is wanted.
// WebOb: str(response), Response.as_text.
func (p *Response) AsText(skipBody bool) (string, error) {
	var body []byte
	if !skipBody {
		b, err := p.Bytes()
		if err != nil {
			return "", err
		}
		body = b
	}
	var b strings.Builder
	b.WriteString(p.StatusText())
	p.writeFields(&b)
	if len(body) > 0 {
		b.WriteString("\r\n\r\n")
		b.Write(body)
	}
	return b.String(), nil
}

// writeFields writes each field behind a line end.
func (p *Response) writeFields(b *strings.Builder) {
	field := func(name, value string) {
		b.WriteString("\r\n")
		b.WriteString(name)
		b.WriteString(": ")
		b.WriteString(value)
	}
	for name, value := range p.header.All() {
		if name != "Content-Length" {
			field(name, value)
		}
	}
	if n, ok := p.ContentLength(); ok && p.lengthAllowed() {
		field("Content-Length", decimal(n))
	}
}

// WriteTo writes the Response as an HTTP/1.1 message to a GET, as a file or a tool
// takes it; it is an io.WriterTo. A stream is gathered first. What keeps a Response
// from being sent is an error, and nothing is written.
func (p *Response) WriteTo(w io.Writer) (int64, error) {
	if _, err := p.Bytes(); err != nil {
		return 0, err
	}
	if err := p.fault(http.MethodGet, p.header.Get("Content-Length")); err != nil {
		return 0, err
	}
	var b strings.Builder
	b.WriteString("HTTP/1.1 ")
	b.WriteString(decimal(int64(p.status)) + " " + http.StatusText(int(p.status)))
	p.writeFields(&b)
	b.WriteString("\r\n\r\n")
	n, err := io.WriteString(w, b.String())
	if err != nil || !bodyAllowed(int(p.status)) {
		return int64(n), err
	}
	m, err := w.Write(p.memory())
	return int64(n + m), err
}
