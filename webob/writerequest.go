package webob

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// AsBytes is the request as HTTP text, for logs, tests and files: request line
// with the target as origin form, header sorted by name, and behind an empty line the
// body, if there is one. Lines end in CR LF. ReadRequest and FromBytes are the way
// back. The body is read for it and can be read again; its errors are those of
// Bytes.
//
// What would make two requests of one, or another than this, is an error: control
// characters in method, target, Host or header, names that are no tokens. Spaces
// and non-ASCII bytes in a query are escaped. WebOb: Request.as_bytes.
func (r *Request) AsBytes() ([]byte, error) {
	text, err := r.asText(-1)
	return []byte(text), err
}

// AsText is AsBytes as a string, its bytes as they are, without the body if
// skipBody. WebOb: str(request), Request.as_text.
func (r *Request) AsText(skipBody bool) (string, error) {
	if skipBody {
		return r.asText(0)
	}
	return r.asText(-1)
}

// AsTextUpTo is AsText for logs: a body longer than longest bytes is left out, and
// its place taken by "<body skipped (len=1234)>". Such a text cannot be read back.
// WebOb: Request.as_bytes(skip_body=longest).
func (r *Request) AsTextUpTo(longest int64) (string, error) { return r.asText(max(longest, 1)) }

// asText writes bodies up to longest bytes; 0 leaves them out, -1 takes all.
func (r *Request) asText(longest int64) (string, error) {
	s, err := r.load(longest < 0)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if err := r.writeHead(&b, r.protocol(), r.Host); err != nil {
		return "", err
	}
	switch {
	case s == nil || s.size == 0 || longest == 0:
	case longest > 0 && s.size > longest:
		fmt.Fprintf(&b, "\r\n\r\n<body skipped (len=%d)>", s.size)
	default:
		b.WriteString("\r\n\r\n")
		if _, err := io.Copy(&b, &replay{s: s}); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// WriteTo writes the request as an HTTP/1.1 message with a Host, as a server takes
// it; it is an io.WriterTo. The body is kept as MakeBodySeekable keeps it, and can be
// read again. What AsBytes refuses is an error here too, and nothing is written.
//
// It hides nothing of net/http's, whose Write and WriteProxy are for clients.
func (r *Request) WriteTo(w io.Writer) (int64, error) {
	s, err := r.load(false)
	if err != nil {
		return 0, err
	}
	host := r.Host
	if host == "" {
		host = r.Authority()
	}
	var b strings.Builder
	if err := r.writeHead(&b, "HTTP/1.1", host); err != nil {
		return 0, err
	}
	b.WriteString("\r\n\r\n")
	n, err := io.WriteString(w, b.String())
	if err != nil || s == nil {
		return int64(n), err
	}
	m, err := io.Copy(w, &replay{s: s})
	return int64(n) + m, err
}

// protocol is the version as it was asked in.
func (r *Request) protocol() string {
	if r.Proto == "" {
		return "HTTP/1.0"
	}
	return r.Proto
}

// ErrNotSendable is a request that cannot be written as HTTP text.
var ErrNotSendable = errors.New("webob: request cannot be written")

func notSendable(part, text string) error {
	return fmt.Errorf("%w: %s %q", ErrNotSendable, part, shortVar(text))
}

// writeHead writes request line and header, without the last line end.
func (r *Request) writeHead(b *strings.Builder, proto, host string) error {
	if !isToken(r.method()) {
		return notSendable("method", r.method())
	}
	b.WriteString(r.method())
	b.WriteByte(' ')
	if err := r.writeTarget(b); err != nil {
		return err
	}
	if !isFieldValue(proto) {
		return notSendable("version", proto)
	}
	b.WriteByte(' ')
	b.WriteString(proto)
	h := maps.Clone(r.Header)
	if h == nil {
		h = make(http.Header, 2)
	}
	delete(h, "Transfer-Encoding") // the body is whole, and its length known
	delete(h, "Content-Length")
	if n := r.contentLength(); n != "" {
		h["Content-Length"] = []string{n}
	}
	delete(h, "Host")
	if host != "" {
		h["Host"] = []string{host}
	}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		value := strings.Trim(joinField(EnvironKey(name), h[name]), " \t") // none of it, RFC 9112 §5.1
		if !isToken(name) || !isFieldValue(value) {
			return notSendable("header field", name+": "+value)
		}
		b.WriteString("\r\n")
		b.WriteString(name)
		b.WriteString(": ")
		b.WriteString(value)
	}
	return nil
}

// writeTarget writes path and query, with what cannot stand in a line escaped.
func (r *Request) writeTarget(b *strings.Builder) error {
	target := r.PathQS()
	if target == "*" || r.RequestURI == "*" {
		target = "*"
	} else if !strings.HasPrefix(target, "/") {
		target = "/" + target
	}
	for i := range len(target) {
		switch c := target[i]; {
		case c < ' ' || c == 0x7f:
			return notSendable("target", target)
		case c == ' ' || c >= 0x80:
			fmt.Fprintf(b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	return nil
}
