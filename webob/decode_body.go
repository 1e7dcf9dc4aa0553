package webob

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/webob/header"
)

// BodyDecoding says how DecodeBody undoes content codings. The zero value is safe.
type BodyDecoding struct {
	// Max is how many bytes may come out: as many as Limits.Body of the request.
	// A negative one means no limit.
	Max int64
	// Ratio is how many bytes may come out for each that goes in: 100. It counts
	// from the first MiB on, which anything may fill. A negative one means no limit.
	// JSON and logs shrink to a tenth or a thirtieth, zeros to a thousandth.
	Ratio int
	// Codings are more codings than gzip and deflate, by their names in small
	// letters; nil for a name takes that coding away. What the function returns is
	// closed with the body if it is an io.Closer. The limits hold for them too.
	Codings map[string]func(io.Reader) (io.Reader, error)
}

// mostCodings is how many codings may be upon one another: each multiplies the work.
const mostCodings = 3

// DecodeBody undoes the Content-Encoding of the body: gzip, deflate (in zlib's
// wrapping, as RFC 9110 section 8.4.1.2 has it, or bare, as some send it), and
// what o adds. From then on the request is one that was never coded: there is no
// Content-Encoding, the length is unknown, digests of the coded bytes are gone, an
// entity tag is weak. Nothing is read before somebody reads the body, so a client
// that expects 100-continue is not asked for it yet. A request without a coding
// is left alone. Filters call it for the apps behind them.
//
// An unknown coding is an *InputError of 415 whose answer lists those known, in
// Accept-Encoding (RFC 9110 section 15.5.16). While the body is read, what is
// beyond a limit is one of 413, as soon as it is seen, and what does not decode or is
// cut short one of 400.
func (r *Request) DecodeBody(o BodyDecoding) error {
	codings := contentCodings(r.Header)
	if len(codings) == 0 {
		return nil
	}
	if len(codings) > mostCodings {
		return tooLarge("the list of content codings", mostCodings, "codings")
	}
	for _, coding := range codings {
		if !o.knows(coding) {
			return o.unknown(coding)
		}
	}
	if r.Header["Content-Range"] != nil {
		return badInput(ErrPartial, "a part of a body cannot be decoded by itself")
	}
	if r.IsBodyReadable() {
		b := o.decoder(r.Body, codings, r.Limits().Body)
		if len(o.Codings) > 0 {
			r.own(b) // their readers may hold something
		}
		r.Body = b
		r.ContentLength, r.TransferEncoding, r.GetBody = -1, nil, nil
		r.Form, r.PostForm, r.MultipartForm = nil, nil, nil
	}
	// Other views of the request may have the coded body still.
	h := maps.Clone(r.Header)
	for _, name := range [...]string{"Content-Encoding", "Content-Md5", "Content-Digest", "Repr-Digest", "Digest"} {
		delete(h, name)
	}
	if r.ContentLength < 0 {
		delete(h, "Content-Length")
	}
	if tag, ok := header.ETag.Get(h); ok {
		h["Etag"] = []string{"W/" + strings.TrimPrefix(tag.String(), "W/")}
	}
	r.Header = h
	return nil
}

// contentCodings are the codings of a body in the order in which they were applied,
// identity left out.
func contentCodings(h http.Header) (codings []string) {
	for _, line := range h["Content-Encoding"] {
		for name := range strings.SplitSeq(line, ",") {
			switch name = strings.ToLower(strings.Trim(name, " \t")); name {
			case "", "identity":
			case "x-gzip":
				codings = append(codings, "gzip") // RFC 9110 section 8.4.1.3
			default:
				codings = append(codings, name)
			}
		}
	}
	return codings
}

func (o BodyDecoding) knows(coding string) bool {
	open, set := o.Codings[coding]
	return open != nil || !set && (coding == "gzip" || coding == "deflate")
}

// unknown is the 415 of a coding.
func (o BodyDecoding) unknown(coding string) *InputError {
	known := make([]string, 0, len(o.Codings)+2)
	for _, name := range slices.Sorted(maps.Keys(o.Codings)) {
		if o.knows(name) {
			known = append(known, name)
		}
	}
	for _, name := range []string{"gzip", "deflate"} {
		if o.Codings[name] == nil && o.knows(name) {
			known = append(known, name)
		}
	}
	if len(known) == 0 {
		known = append(known, "identity")
	}
	return codingFault(coding, strings.Join(known, ", "))
}

func codingFault(coding, accept string) *InputError {
	return &InputError{
		Status: http.StatusUnsupportedMediaType,
		Public: "the content coding " + quoteShort(mendUTF8(coding)) + " is not taken here",
		Err:    ErrCoding,
		Header: http.Header{"Accept-Encoding": {accept}},
	}
}

// stillCoded is the 415 of a body in a coding that nobody has undone, for those
// who would read nonsense.
func (r *Request) stillCoded() error {
	if r.Header["Content-Encoding"] == nil {
		return nil
	}
	if codings := contentCodings(r.Header); len(codings) > 0 {
		return codingFault(codings[len(codings)-1], "identity")
	}
	return nil
}

// decoder puts the codings' readers upon one another, the last applied first. Each
// has its limits, so that none can be made to work for nothing.
func (o BodyDecoding) decoder(body io.ReadCloser, codings []string, most int64) *decodedBody {
	b := &decodedBody{source: body}
	if o.Max != 0 {
		most = limit(o.Max, 0)
	}
	ratio := int64(limit(o.Ratio, 100))
	var src io.Reader = clientReader{body}
	for _, coding := range slices.Backward(codings) {
		stage := &decodeStage{coding: coding, open: o.Codings[coding], ratio: ratio, max: most}
		stage.src = bufio.NewReader(&countingReader{src, &stage.in})
		b.stages = append(b.stages, stage)
		src = stage
	}
	b.Reader = src
	return b
}

// decodedBody is a body with its codings undone.
type decodedBody struct {
	io.Reader
	source io.Closer
	stages []*decodeStage
}

func (b *decodedBody) Close() error {
	var errs []error
	for _, s := range slices.Backward(b.stages) {
		if c, ok := s.r.(io.Closer); ok && s.open != nil {
			errs = append(errs, c.Close())
		}
		s.err = http.ErrBodyReadAfterClose
	}
	return errors.Join(append(errs, b.source.Close())...)
}

// clientReader marks errors of the connection, to be told from a decoder's own.
type clientReader struct{ io.Reader }

func (c clientReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = sourceError{err}
	}
	return n, err
}

type countingReader struct {
	io.Reader
	n *int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	*c.n += int64(n)
	return n, err
}

// decodeStage undoes one coding.
type decodeStage struct {
	coding     string
	open       func(io.Reader) (io.Reader, error) // nil for gzip and deflate
	src        *bufio.Reader
	r          io.Reader // over src, once begun
	in, out    int64
	max, ratio int64
	err        error
}

// freeRatio is how much may come out before the ratio counts.
const freeRatio = 1 << 20

// Read decodes, and stops at the limits.
func (s *decodeStage) Read(p []byte) (int, error) {
	if s.err != nil || len(p) == 0 {
		return 0, s.err
	}
	n, err := s.decode(p)
	s.out += int64(n)
	switch {
	case s.out > s.max:
		err = tooLarge("the decoded body", s.max, "bytes")
	case s.out > freeRatio && s.out/s.ratio > s.in:
		err = &InputError{Status: http.StatusRequestEntityTooLarge,
			Public: fmt.Sprintf("the body decodes to more than %d times its size", s.ratio)}
	case err == nil || err == io.EOF:
		s.err = err
		return n, err
	}
	s.err = s.fault(err)
	return 0, s.err
}

func (s *decodeStage) decode(p []byte) (n int, err error) {
	if s.r == nil {
		if _, err := s.src.Peek(1); err == io.EOF {
			return 0, io.ErrUnexpectedEOF // no coding makes nothing of nothing
		}
		if s.open != nil {
			s.r, err = s.open(s.src)
		} else {
			s.r = &decoder{src: s.src, coding: s.coding, left: -1}
		}
		if err != nil {
			return 0, err
		}
	}
	if s.max < math.MaxInt64 && int64(len(p)) > s.max-s.out+1 {
		p = p[:s.max-s.out+1]
	}
	n, err = s.r.Read(p)
	if err == io.EOF {
		if _, behind := s.src.Peek(1); behind == nil {
			err = errBehind
		} else if behind != io.EOF {
			err = behind
		}
	}
	return n, err
}

var errBehind = errors.New("something follows its end")

// fault gives an error its status.
func (s *decodeStage) fault(err error) error {
	var src sourceError
	var in *InputError
	switch {
	case errors.As(err, &src):
		return src.error // as whoever reads a body expects it
	case errors.As(err, &in):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return badInput(err, "the body is cut short in its content coding %s", s.coding)
	}
	return badInput(err, "the body is not in its content coding %s", s.coding)
}
