package webob

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
)

// ErrCoding is a content coding that is not known here: others than gzip,
// deflate, identity, and what a BodyDecoding adds.
var ErrCoding = errors.New("webob: unknown content coding")

// ErrPartial is a part of a representation (Content-Range) that cannot be coded
// by itself.
var ErrPartial = errors.New("webob: content coding of a partial body")

// BodyDecoding says how Request.DecodeBody and Response.DecodeContent undo content
// codings. The zero value is safe. The limits hold for each of several codings that
// are upon one another, and the ratio counts from what came over the wire, so that
// two which are harmless by themselves do not make a bomb.
type BodyDecoding struct {
	// Max is how many bytes may come out: as many as Limits.Body of a request, and
	// DefaultLimit of a Response. A negative one means no limit.
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

// contentCodings are the codings that lines of Content-Encoding name, in the order in
// which they were applied, identity left out.
func contentCodings(lines []string) (codings []string) {
	for _, line := range lines {
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

// unknown is the first of these codings that cannot be undone, or "".
func (o BodyDecoding) unknown(codings []string) string {
	for _, coding := range codings {
		if !o.knows(coding) {
			return coding
		}
	}
	return ""
}

func (o BodyDecoding) ratio() int64 { return int64(limit(o.Ratio, 100)) }

// decoder puts the codings' readers upon one another, the last applied first. Each
// has its limits, so that none can be made to work for nothing.
func (o BodyDecoding) decoder(body io.Reader, codings []string, most int64) *decodedBody {
	b := &decodedBody{}
	b.source, _ = body.(io.Closer)
	var src io.Reader = &wireReader{Reader: body, n: &b.wire}
	for _, coding := range slices.Backward(codings) {
		stage := &decodeStage{
			coding: coding, open: o.Codings[coding], src: bufio.NewReader(src),
			wire: &b.wire, max: limit(o.Max, most), ratio: o.ratio(),
		}
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
	wire   int64 // bytes of the coded body that were read
}

func (b *decodedBody) Close() error {
	var errs []error
	for _, s := range slices.Backward(b.stages) {
		if c, ok := s.r.(io.Closer); ok && s.open != nil {
			errs = append(errs, c.Close())
		}
		s.err = http.ErrBodyReadAfterClose
	}
	if b.source != nil {
		errs = append(errs, b.source.Close())
	}
	return errors.Join(errs...)
}

// wireReader counts what is read, and marks errors of the source, to be told from a
// decoder's own.
type wireReader struct {
	io.Reader
	n *int64
}

func (c *wireReader) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	*c.n += int64(n)
	if err != nil && err != io.EOF {
		err = sourceError{err}
	}
	return n, err
}

// decodeStage undoes one coding.
type decodeStage struct {
	coding     string
	open       func(io.Reader) (io.Reader, error) // nil for gzip and deflate
	src        *bufio.Reader
	r          io.Reader // over src, once begun
	wire       *int64
	out        int64
	max, ratio int64
	err        error
}

// freeRatio is how much may come out before the ratio counts.
const freeRatio = 1 << 20

var (
	errRatio  = fmt.Errorf("%w: too many times its coded size", ErrTooLarge)
	errBehind = errors.New("something follows its end")
)

// codingError is a body that is not in its coding.
type codingError struct {
	coding string
	err    error
}

func (e *codingError) Error() string {
	return "webob: content coding " + e.coding + ": " + e.err.Error()
}
func (e *codingError) Unwrap() error { return e.err }

// Read decodes, and stops at the limits.
func (s *decodeStage) Read(p []byte) (int, error) {
	if s.err != nil || len(p) == 0 {
		return 0, s.err
	}
	n, err := s.decode(p)
	s.out += int64(n)
	switch {
	case s.out > s.max:
		err = ErrTooLarge
	case s.out > freeRatio && s.out/s.ratio > *s.wire:
		err = errRatio
	case err == nil || err == io.EOF:
		s.err = err
		return n, err
	}
	s.err = s.fault(err)
	return 0, s.err
}

// fault says whose coding has failed, unless it is another's error.
func (s *decodeStage) fault(err error) error {
	var below *codingError
	var src sourceError
	var in *InputError // of a function of Codings
	if errors.As(err, &below) || errors.As(err, &src) || errors.As(err, &in) || errors.Is(err, ErrTooLarge) {
		return err
	}
	return &codingError{s.coding, err}
}

func (s *decodeStage) decode(p []byte) (n int, err error) {
	if s.r == nil {
		if err := s.begin(); err != nil {
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

// begin looks at the first bytes: those of deflate tell its wrapping.
func (s *decodeStage) begin() (err error) {
	head, err := s.src.Peek(2)
	switch {
	case len(head) == 0 && err == io.EOF:
		return io.ErrUnexpectedEOF // no coding makes nothing of nothing
	case err != nil && err != io.EOF:
		return err
	}
	switch {
	case s.open != nil:
		s.r, err = s.open(s.src)
	case s.coding == "gzip":
		s.r, err = gzip.NewReader(s.src)
	case len(head) == 2 && head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0:
		s.r, err = zlib.NewReader(s.src)
	default:
		s.r, err = flate.NewReader(s.src), nil
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		s.r = nil
	}
	return err
}
