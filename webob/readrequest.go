package webob

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"strings"
)

// ErrRequestText is a text that is no HTTP request.
var ErrRequestText = errors.New("webob: malformed HTTP request")

// ReadRequest reads a request as it stands in HTTP/1.1, from a file, a test or a
// log. Lines end in CR LF or LF; the head ends with an empty line, or where r ends.
// It is the way back of WriteTo and AsText. A server's requests are net/http's
// affair.
//
// The body is as long as Content-Length says; chunked bodies are put together.
// Without either it is all that follows, of any method: where several requests
// stand one behind the other, each has to say its length. The body is kept as
// MakeBodySeekable keeps it, within l, which are the request's limits from then on:
// call Release if it may be large.
//
// What RFC 9112 does not allow is an *InputError of 400 that wraps ErrRequestText: a
// request line that is not method, target and version with one space between,
// folded lines, names that are no tokens, control characters, two Hosts or one
// that is none, lengths that contradict each other, a body cut short, a transfer
// coding other than chunked. A head above 1 MiB and a body beyond l.Body are a 413.
//
// WebOb: Request.from_file.
func ReadRequest(r *bufio.Reader, l Limits) (*Request, error) {
	budget := maxHead
	line, err := readLine(r, &budget)
	if err != nil {
		return nil, headFault(err)
	}
	req, at, err := readTarget(line)
	if err != nil {
		return nil, err
	}
	req.SetLimits(l)
	if err := req.readFields(r, &budget); err != nil {
		return nil, err
	}
	(*blankPlan)(nil).keepServer(req, at)
	if err := req.readFraming(r, l.filled()); err != nil {
		req.Release()
		return nil, err
	}
	return req, nil
}

// FromBytes is ReadRequest of a text that holds one request and nothing else. Of
// its body all is taken, whatever its size. WebOb: Request.from_bytes and
// Request.from_text.
func FromBytes(b []byte) (*Request, error) {
	size := int64(len(b))
	l := Limits{Body: max(size, defaultLimits.Body), Memory: max(size, 1)}
	r := bufio.NewReader(bytes.NewReader(b))
	req, err := ReadRequest(r, l)
	if err != nil {
		return nil, err
	}
	if _, err := r.Peek(1); err == nil {
		return nil, badText400("something follows the request")
	}
	return req, nil
}

func badText400(format string, args ...any) *InputError {
	return badInput(ErrRequestText, "malformed HTTP request: "+format, args...)
}

// headFault is the error of a head that could not be read.
func headFault(err error) error {
	switch {
	case err == io.EOF:
		return badText400("it is empty")
	case errors.Is(err, ErrTooLarge):
		return tooLarge("the head of the request", maxHead, "bytes")
	}
	return fmt.Errorf("webob: request: %w", err)
}

// readTarget makes a request of the request line, RFC 9112 section 3.
func readTarget(line string) (*Request, blankAddress, error) {
	method, rest, _ := strings.Cut(line, " ")
	target, proto, _ := strings.Cut(rest, " ")
	var at blankAddress
	switch {
	case !isToken(method):
		return nil, at, badText400("%s is no method", quoteShort(mendUTF8(method)))
	case !isVersion(proto):
		return nil, at, badText400("%s is no version", quoteShort(mendUTF8(proto)))
	case !isTarget(target, method):
		return nil, at, badText400("%s is no target", quoteShort(mendUTF8(target)))
	}
	at, err := parseBlank(target, "")
	if err != nil {
		e := badText400("%s is no target", quoteShort(target))
		e.Err = errors.Join(ErrRequestText, err)
		return nil, at, e
	}
	p := blankPlan{ctx: context.Background()}
	req := p.bare(at)
	req.Method, req.Host = method, ""
	if req.URL.Path == "" && method != http.MethodOptions {
		req.URL.Path = "/" // RFC 9110 section 4.2.3: for a site as a whole they are the same
	}
	return req, at, req.setProto(proto)
}

// isVersion takes HTTP/1.1, and the HTTP/2 that logs have.
func isVersion(s string) bool {
	version, ok := strings.CutPrefix(s, "HTTP/")
	major, minor, dotted := strings.Cut(version, ".")
	return ok && isDigit(major) && (isDigit(minor) || !dotted)
}

func isDigit(s string) bool { return len(s) == 1 && s[0] >= '0' && s[0] <= '9' }

// isTarget takes the origin form, the absolute form and the asterisk.
func isTarget(s, method string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	ref := parseReference(s)
	return strings.HasPrefix(s, "/") || s == "*" && method == http.MethodOptions ||
		ref.hasAuthority && (strings.EqualFold(ref.scheme, "http") || strings.EqualFold(ref.scheme, "https"))
}

// readFields reads the header.
func (r *Request) readFields(from *bufio.Reader, budget *int) error {
	for {
		line, err := readLine(from, budget)
		switch {
		case err == io.EOF || err == nil && line == "":
			return nil
		case err != nil:
			return headFault(err)
		}
		name, value, found := strings.Cut(line, ":")
		value = strings.Trim(value, " \t")
		if !found || !isToken(name) || !isFieldValue(value) {
			return badText400("%s is no header field", quoteShort(mendUTF8(line)))
		}
		name = http.CanonicalHeaderKey(name)
		if name != "Host" {
			r.Header[name] = append(r.Header[name], value)
			continue
		}
		if r.Host != "" {
			return badText400("it has two Hosts")
		}
		r.Host = value
		if err := r.CheckHost(); err != nil {
			return badText400("%s is no Host", quoteShort(mendUTF8(value)))
		}
	}
}

// isFieldValue tells a value without control characters, RFC 9110 section 5.5.
func isFieldValue(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' && s[i] != '\t' || s[i] == 0x7f {
			return false
		}
	}
	return true
}

// readFraming reads the body that the header announces.
func (r *Request) readFraming(from *bufio.Reader, l Limits) error {
	coding := strings.Join(r.Header["Transfer-Encoding"], ", ")
	length, announced, err := readLength(r.Header["Content-Length"])
	if err != nil {
		return badText400("Content-Length %s", quoteShort(mendUTF8(strings.Join(r.Header["Content-Length"], ", "))))
	}
	how := spooling{src: from, length: -1, memory: l.Memory, limit: l.Body, owner: r}
	switch {
	case coding != "" && (announced || !strings.EqualFold(coding, "chunked")):
		return badText400("Transfer-Encoding %s", quoteShort(mendUTF8(coding)))
	case coding != "":
		how.src = httputil.NewChunkedReader(from)
	case announced && length > l.Body:
		return tooLarge("the body", l.Body, "bytes")
	case announced:
		how.length, how.exact = length, true
	}
	s := new(spool)
	if err := how.read(s); err != nil {
		return inputFault(err, l.Body)
	}
	if s.size < how.length {
		return inputFault(sourceError{io.ErrUnexpectedEOF}, l.Body)
	}
	if coding != "" {
		if err := readTrailers(from); err != nil {
			return headFault(err)
		}
		delete(r.Header, "Transfer-Encoding")
	}
	r.Body, r.ContentLength = http.NoBody, s.size
	if s.size > 0 {
		r.Body = &replay{s: s}
	}
	r.Header["Content-Length"] = []string{decimal(s.size)}
	return nil
}
