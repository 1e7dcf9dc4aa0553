package webob

import (
	"errors"
	"io"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
)

// threshold is how much of a body is collected before its consumer is asked to
// take some: an ordinary answer ends below it and needs no hand-over at all.
const threshold = 32 << 10

// ErrBodyClosed is what a handler's Write says after its body has been closed:
// a filter has dropped the answer, or the client is gone.
var ErrBodyClosed = errors.New("webob: body closed by its reader")

// errAfterEnd is a write by a goroutine that outlived its handler.
var errAfterEnd = errors.New("webob: write after the handler has returned")

// outlet joins a producer, which pushes a body (a foreign handler, a Stream
// function), to a consumer, which pulls it. The producer has a goroutine of its
// own but is used strictly as a coroutine: it runs only while the consumer waits
// in advance, so that the two never touch the request at the same time.
//
// iter.Pull would switch faster, but kills the process when the producer holds
// an OS thread; io.Pipe lets both sides run at once.
type outlet struct {
	producing sync.Mutex // admits one writing goroutine; held across a hand-over
	buf       []byte     // collected small pieces
	failure   error
	ended     bool
	handed    bool // something has been handed over
	raised    bool // a panic has been handed on already

	*handover // nil where all is collected and nobody takes turns
}

// handover is what an outlet needs for taking turns.
type handover struct {
	consuming sync.Mutex // admits one reader or closer
	turn      chan struct{}
	closed    error // why writes fail

	// The producer's side, written under producing (as buf, failure and ended are);
	// the consumer reads it only when the producer is parked or has ended.
	direct   []byte    // one large piece, borrowed until the producer is woken
	src      io.Reader // a reader handed over whole, so that sendfile survives
	srcN     int64
	outcome  error // what came of src, or of flush
	panicked any
	stack    []byte
	flush    bool // the consumer should pass on what it has at once
	goexit   bool

	// The consumer's side (as closed and raised are); the producer reads it only
	// when woken.
	started bool
	parked  bool
	off     int // read so far of buf

	own *ownContext // of a handler with a goroutine of its own
}

// handOver lets the consumer run until it asks for more. Called by the producer
// under producing.
func (o *outlet) handOver() {
	o.handed = true
	o.turn <- struct{}{}
	<-o.turn
}

// pushFlush has what there is passed on at once.
func (o *outlet) pushFlush() error {
	if err := o.refusal(); err != nil {
		return err
	}
	o.flush, o.outcome = true, nil
	o.handOver()
	if o.closed != nil {
		return o.closed
	}
	return o.outcome
}

// refusal says why nothing may be written now. Called under producing.
func (o *outlet) refusal() error {
	if o.handover != nil && o.closed != nil {
		return o.closed
	}
	if o.ended {
		return errAfterEnd
	}
	return nil
}

// push takes p into the body. Small pieces are collected; what does not fit is
// lent to the consumer without a copy.
func (o *outlet) push(p []byte) (int, error) {
	if err := o.refusal(); err != nil {
		return 0, err
	}
	if len(o.buf)+len(p) <= threshold {
		o.buf = append(o.buf, p...)
		return len(p), nil
	}
	o.direct = p
	o.handOver()
	left := len(o.direct)
	o.direct = nil
	return len(p) - left, o.closed
}

// pushReader takes all of src into the body. What fits the buffer is read there,
// which is faster than sendfile; the rest is handed over as a reader.
func (o *outlet) pushReader(src io.Reader, peek bool) (int64, error) {
	if err := o.refusal(); err != nil {
		return 0, err
	}
	var n int64
	room := threshold - len(o.buf)
	if l, ok := src.(*io.LimitedReader); ok && l.N > int64(room) {
		room = 0
		if peek && len(o.buf) == 0 {
			room = 512 // for http.DetectContentType
		}
	}
	for room > 0 {
		k := min(room, 4<<10)
		o.buf = slices.Grow(o.buf, k)
		m, err := src.Read(o.buf[len(o.buf) : len(o.buf)+k])
		o.buf = o.buf[:len(o.buf)+m]
		n += int64(m)
		room -= m
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	o.src, o.srcN, o.outcome = src, 0, nil
	o.handOver()
	o.src = nil
	if o.outcome == nil {
		o.outcome = o.closed
	}
	return n + o.srcN, o.outcome
}

// worker is what runs on a producer's goroutine; an interface spares a closure
// for each run.
type worker interface{ work() error }

// run is the producer's goroutine. The worker's panic, or its runtime.Goexit, is
// kept for the consumer.
func (o *outlet) run(w worker) {
	returned := false
	defer func() {
		if !returned {
			if v := recover(); v != nil {
				o.panicked, o.stack = v, debug.Stack()
			} else {
				o.goexit = true
			}
		}
		o.producing.Lock()
		o.ended = true
		o.producing.Unlock()
		o.turn <- struct{}{}
	}()
	o.failure = w.work()
	returned = true
}

// start runs the producer up to its first hand-over or its end.
func (o *outlet) start(w worker) {
	o.turn = make(chan struct{})
	o.started = true
	go o.run(w)
	<-o.turn
	o.parked = !o.ended
}

// advance lets the producer run up to its next hand-over or its end. The pieces
// shown so far are gone then.
func (o *outlet) advance() {
	o.buf, o.off, o.flush = o.buf[:0], 0, false
	if o.parked {
		o.turn <- struct{}{}
		<-o.turn
		o.parked = !o.ended
	}
}

// end gives the producer's end as the consumer has to meet it: its panic with
// the same value, its Goexit, its error, or nil.
func (o *outlet) end() error {
	if o.raised {
		return o.failure
	}
	o.raised = true
	switch {
	case o.panicked != nil:
		o.failure = errPanicked
		panic(o.panicked)
	case o.goexit:
		o.failure = errPanicked
		runtime.Goexit()
	}
	return o.failure
}

var errPanicked = errors.New("webob: the handler panicked")

// read pulls.
func (o *outlet) read(p []byte) (int, error) {
	o.consuming.Lock()
	defer o.consuming.Unlock()
	if len(p) == 0 {
		return 0, nil
	}
	for {
		switch {
		case o.closed != nil:
			return 0, o.closed
		case o.off < len(o.buf):
			n := copy(p, o.buf[o.off:])
			o.off += n
			return n, nil
		case len(o.direct) > 0:
			n := copy(p, o.direct)
			o.direct = o.direct[n:]
			return n, nil
		case o.src != nil:
			n, err := o.src.Read(p)
			o.srcN += int64(n)
			if err != nil {
				o.src = nil
				if err != io.EOF {
					o.outcome = err
				}
			}
			if n > 0 {
				return n, nil
			}
		case o.ended:
			if err := o.end(); err != nil {
				return 0, err
			}
			return 0, io.EOF
		default:
			o.advance()
		}
	}
}

// each shows the pieces in turn; fn must be done with one when it returns. A
// false ends the loop, and the producer is left where it is.
func (o *outlet) each(fn func(p []byte) bool) error {
	var buf []byte
	for {
		piece := o.collected()
		if piece == nil {
			if buf == nil {
				buf = make([]byte, threshold)
			}
			n, err := o.read(buf)
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			piece = buf[:n]
		}
		if !fn(piece) {
			return nil
		}
	}
}

// collected takes the next piece that lies in memory, without a copy.
func (o *outlet) collected() []byte {
	o.consuming.Lock()
	defer o.consuming.Unlock()
	var piece []byte
	switch {
	case o.closed != nil:
	case o.off < len(o.buf):
		piece, o.off = o.buf[o.off:], len(o.buf)
	case len(o.direct) > 0:
		piece, o.direct = o.direct, nil
	}
	return piece
}

// writeTo plays the rest of the body into s. An error of s is told to the
// producer by its next write.
func (o *outlet) writeTo(s *sink) error {
	o.consuming.Lock()
	defer o.consuming.Unlock()
	for {
		if o.closed != nil {
			return o.closed
		}
		if err := o.playPieces(s); err != nil {
			o.shut(err)
			return err
		}
		if o.ended {
			return o.end()
		}
		o.advance()
	}
}

// playPieces writes what was handed over last.
func (o *outlet) playPieces(s *sink) error {
	if o.off < len(o.buf) {
		n, err := s.Write(o.buf[o.off:])
		o.off += n
		if err != nil {
			return err
		}
	}
	if len(o.direct) > 0 {
		n, err := s.Write(o.direct)
		o.direct = o.direct[n:]
		if err != nil {
			return err
		}
	}
	if o.src != nil {
		n, err := s.ReadFrom(o.src)
		o.src, o.srcN = nil, o.srcN+n
		if err != nil {
			o.outcome = err // the producer is told, and has to say what becomes of it
		}
		if s.err != nil {
			return s.err
		}
	}
	if o.flush {
		o.outcome = s.Flush()
		if !errors.Is(o.outcome, http.ErrNotSupported) {
			return o.outcome
		}
	}
	return nil
}

// close makes the producer's writes fail with why, then waits for its end.
func (o *outlet) close(why error) {
	o.consuming.Lock()
	defer o.consuming.Unlock()
	o.shut(why)
}

func (o *outlet) shut(why error) {
	if o.closed == nil {
		o.closed = why
	}
	if !o.started {
		return
	}
	for !o.ended {
		o.advance()
	}
}

// lostPanic is a panic that nobody has met because the body was closed first;
// http.ErrAbortHandler is no news then.
func (o *outlet) lostPanic() any {
	if o.raised || o.panicked == nil || o.panicked == any(http.ErrAbortHandler) {
		return nil
	}
	return o.panicked
}
