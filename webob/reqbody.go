package webob

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// input is what has been read from a request, shared by all its views.
type input struct {
	limits atomic.Pointer[Limits] // defaults filled in, never changed; nil for all defaults

	mu    sync.Mutex
	query queryCache

	// What follows has a lock of its own: an app that outlived its time may still
	// be reading the body, and a filter outside must not wait for it when it asks
	// for no more than the query.
	bodyMu  sync.Mutex
	source  io.ReadCloser // the Body that was read into spool
	spool   *spool
	bodyErr error      // why source could not be read; it stays so
	first   spool      // room for the first body there is
	again   replay     // and for its first reader
	started bool       // first is taken
	form    *formCache // nil until it is asked for
}

// filled are the limits, defaults filled in. They are not to be changed.
func (in *input) filled() *Limits {
	if l := in.limits.Load(); l != nil {
		return l
	}
	return &defaultLimits
}

// withInput is what a request that reads its input needs, in one piece.
type withInput struct {
	x  exchange
	in input
}

// input gives the request's, made on first use.
func (r *Request) input() *input {
	if r.x == nil {
		both := new(withInput)
		both.x.root, both.x.in = r.Request, &both.in
		r.x = &both.x
		return r.x.in
	}
	x := r.x
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.in == nil {
		x.in = new(input)
	}
	return x.in
}

// IsBodyReadable tells whether there may be a body: one of known length other than
// 0, or of unknown length (chunked). The method does not matter.
// WebOb: Request.is_body_readable.
func (r *Request) IsBodyReadable() bool {
	if r.Body == nil || r.Body == http.NoBody {
		return false
	}
	return r.ContentLength != 0 || r.Header["Content-Length"] == nil
}

// errTaken is the server's own fault: somebody outside has read the body and
// not put it back.
var errTaken = errors.New("webob: the body has been read already, not through a Request, and is gone")

// Bytes is the whole body, read on the first call and kept, so that it can be
// read again by whoever comes after: through this method, or from Body, which
// stands at the start again. The result is the request's own and must not be
// changed. A request without a body has none: nil or empty, and no error.
//
// A body beyond Limits.Body is an *InputError of 413, told from Content-Length
// without reading (so without inviting a client that expects 100-continue); a
// body cut short is one of 400.
//
// WebOb: Request.body.
func (r *Request) Bytes() ([]byte, error) {
	s, err := r.load(true)
	if err != nil || s == nil {
		return nil, err
	}
	return s.bytes()
}

// Text is the body as text, decoded by the charset that Content-Type names, or
// as UTF-8. Bytes that are none are a 400, an unknown charset is a 415, both as an
// *InputError; for the rest see Bytes. WebOb: Request.text.
func (r *Request) Text() (string, error) {
	b, err := r.Bytes()
	if err != nil {
		return "", err
	}
	cs, err := r.charset()
	if err != nil {
		return "", err
	}
	text := string(b)
	if cs != nil {
		if text, err = cs.NewDecoder().String(text); err != nil || strings.ContainsRune(text, utf8.RuneError) {
			return "", badInput(err, "the body is not in its character set")
		}
		return text, nil
	}
	if !utf8.ValidString(text) {
		return "", badInput(ErrNotUTF8, "the body is not UTF-8")
	}
	return text, nil
}

// MakeBodySeekable reads the body, if that has not been done, so that Body can be
// read any number of times and is an io.Seeker and io.ReaderAt: in memory up to
// Limits.Memory, above that in a temporary file that goes with the request.
// A filter that must read a body which it does not want in memory begins so.
// WebOb: Request.make_body_seekable.
func (r *Request) MakeBodySeekable() error {
	_, err := r.load(false)
	return err
}

// load reads the body once and puts Body back to its start. It is nil where
// there is no body. whole keeps it in memory whatever its size.
func (r *Request) load(whole bool) (*spool, error) {
	if !r.IsBodyReadable() {
		return nil, nil
	}
	in := r.input()
	in.bodyMu.Lock()
	defer in.bodyMu.Unlock()
	return in.load(r, whole)
}

func (in *input) load(r *Request, whole bool) (*spool, error) {
	if in.holds(r.Body) {
		r.Body = in.put(r.Body)
		return in.spool, in.bodyErr
	}
	l := in.filled()
	if r.ContentLength > l.Body { // not a byte has been read, so it may be asked again
		return nil, tooLarge("the body", l.Body, "bytes")
	}
	in.source = r.Body
	s := &in.first
	if in.started {
		s = new(spool) // another body: the first spool may still be in use
	}
	in.started = true
	in.spool, in.bodyErr = r.readBody(s, l, whole)
	r.Body = in.put(r.Body)
	if in.spool != nil && r.ContentLength < 0 {
		r.ContentLength, r.TransferEncoding = in.spool.size, nil // now it is known
	}
	return in.spool, in.bodyErr
}

// holds tells whether body is the one that was read: itself, or its replay.
func (in *input) holds(body io.ReadCloser) bool {
	if b, ok := body.(*replay); ok {
		return b.s == in.spool
	}
	return in.source != nil && sameReader(in.source, body)
}

// sameReader compares two readers; those that cannot be compared, structs that
// hold a slice say, are different.
func sameReader(a, b io.Reader) (same bool) {
	defer func() { _ = recover() }()
	return a == b
}

// put gives the body as the next reader shall find it.
func (in *input) put(body io.ReadCloser) io.ReadCloser {
	if in.spool == nil {
		return body // it failed, and will fail again
	}
	if in.spool.own {
		if s, ok := body.(io.Seeker); ok {
			s.Seek(0, io.SeekStart)
		}
		return body
	}
	if in.again.s == nil && in.spool == &in.first {
		in.again.s = in.spool
		return &in.again
	}
	return &replay{s: in.spool}
}

// readBody reads the body within the limits, into s if it has to be read.
func (r *Request) readBody(s *spool, l *Limits, whole bool) (*spool, error) {
	switch b := r.Body.(type) {
	case *replay: // of another request
		return b.s.within(l.Body)
	case *takenBody:
		return nil, b.err
	}
	// A server ends the body at Content-Length and knows when it was cut; for a
	// request made by hand we do both.
	exact := r.ContentLength > 0 && r.Context().Value(http.ServerContextKey) == nil
	if s.seekable(r.Body) {
		if exact {
			s.size = min(s.size, r.ContentLength) // fewer bytes are what its maker wants
		}
		return s.within(l.Body)
	}
	how := spooling{src: r.Body, length: r.ContentLength, memory: l.Memory, limit: l.Body, exact: exact, owner: r}
	if whole {
		how.memory = l.Body
	}
	if r.ContentLength < 0 { // has the server close the connection when it is too much
		how.src = http.MaxBytesReader(r.w, r.Body, l.Body)
	}
	err := how.read(s)
	switch {
	case err != nil:
		return nil, inputFault(err, l.Body)
	case exact && s.size < r.ContentLength:
		return nil, inputFault(sourceError{io.ErrUnexpectedEOF}, l.Body)
	case s.size == 0 && r.ContentLength > 0:
		return nil, errTaken
	}
	return s, nil
}

func (s *spool) within(limit int64) (*spool, error) {
	if s.size > limit {
		return nil, tooLarge("the body", limit, "bytes")
	}
	return s, nil
}

// seekable takes a body that can be read from anywhere as it is, from its start.
func (s *spool) seekable(body io.ReadCloser) bool {
	b, size, ok := wholeBody(body)
	if ok {
		s.size, s.at, s.own = size, b, true
	}
	return ok
}

// wholeBody tells whether a body can be read from anywhere, and its size.
func wholeBody(body io.ReadCloser) (at io.ReaderAt, size int64, ok bool) {
	b, ok := body.(interface {
		io.Seeker
		io.ReaderAt
	})
	if !ok {
		return nil, 0, false
	}
	size, err := b.Seek(0, io.SeekEnd)
	return b, size, err == nil // an error: an os.File that is a pipe
}

// inputFault gives the client's errors their status; those of the temporary
// file are the server's and stay.
func inputFault(err error, limit int64) error {
	var src sourceError
	if !errors.As(err, &src) {
		return fmt.Errorf("webob: body: %w", err)
	}
	err = src.error
	var large *http.MaxBytesError
	var in *InputError
	switch {
	case errors.As(err, &in):
		return err // of a filter that reads in between
	case errors.As(err, &large):
		e := tooLarge("the body", min(large.Limit, limit), "bytes")
		e.Err = err
		return e
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &InputError{Status: http.StatusRequestTimeout, Public: "the body took too long", Err: err}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return badInput(err, "the body was cut short")
	}
	return badInput(err, "the body could not be read")
}
