package webob

import (
	"io"
	"slices"
)

// Peek looks at the first bytes of the body, at most limit, and leaves all of it to be
// read and sent. whole says that this is all there is. For a filter that changes short
// pages and lets long ones by.
//
// Of a stream no more than limit bytes and one are read, and kept: a short one is in
// memory afterwards, a long one goes on where Peek has stopped. Peek waits for
// them, also where the app flushes: look at the Content-Type first, a stream of events
// may never come to limit. A file is looked into and stays a file.
//
// An error is that of the body, and comes again when it is sent. The bytes are the
// Response's own: change a copy.
func (p *Response) Peek(limit int) (b []byte, whole bool, err error) {
	return p.look(limit, true)
}

// look is Peek. Unless it is patient it does not wait beyond a Flush: what follows may be
// long in coming.
func (p *Response) look(limit int, patient bool) (b []byte, whole bool, err error) {
	p.render()
	limit = max(limit, 0)
	if !p.has(streamed) {
		b = p.memory()
		n := min(limit, len(b))
		return b[:n:n], n == len(b), nil
	}
	if at := randomAccess(p.ext.body); at != nil {
		return peekAt(at, limit)
	}
	return p.peekStream(limit, patient)
}

// peekAt looks into what can be read at any place.
func peekAt(at io.ReaderAt, limit int) ([]byte, bool, error) {
	b, err := io.ReadAll(io.NewSectionReader(at, 0, int64(limit)+1))
	if err != nil {
		return nil, false, err
	}
	n := min(limit, len(b))
	return b[:n:n], n == len(b), nil
}

func (p *Response) peekStream(limit int, patient bool) ([]byte, bool, error) {
	k, ok := p.ext.body.(*peeked)
	if !ok {
		k = &peeked{stream: p.ext.body}
		p.ext.body = k
	}
	for k.left() <= limit && (patient || !paused(k.stream)) {
		err := k.more(limit + 1)
		if err == io.EOF {
			return p.peekedAll(k)
		}
		if err != nil {
			k.stream.Close()
			k.stream = brokenBody{err}
			return k.shown(limit), false, err
		}
	}
	return k.shown(limit), false, nil
}

// peekedAll keeps a body that has turned out to be short.
func (p *Response) peekedAll(k *peeked) ([]byte, bool, error) {
	b := k.head[k.off:]
	want := p.expected()
	p.fold()
	if want >= 0 && int64(len(b)) != want {
		p.setStream(brokenBody{errLength}, -1)
		return nil, false, errLength
	}
	p.setMemoryBytes(b)
	return p.memory(), true, nil
}

// peeked is a stream whose beginning has been read, and is shown again.
type peeked struct {
	stream
	head []byte
	off  int // shown so far of head
}

func (k *peeked) left() int { return len(k.head) - k.off }

func (k *peeked) shown(limit int) []byte {
	n := k.off + min(limit, k.left())
	return k.head[k.off:n:n]
}

// more reads on, up to size bytes in all.
func (k *peeked) more(size int) error {
	room := min(size-k.left(), 16<<10)
	k.head = slices.Grow(k.head, room)
	n, err := k.stream.read(k.head[len(k.head) : len(k.head)+room])
	k.head = k.head[:len(k.head)+n]
	return err
}

func (k *peeked) read(p []byte) (int, error) {
	if k.left() == 0 {
		return k.stream.read(p)
	}
	n := copy(p, k.head[k.off:])
	k.off += n
	return n, nil
}

// take gives what is left of the beginning.
func (k *peeked) take() []byte {
	b := k.head[k.off:]
	k.head, k.off = nil, 0
	return b
}

func (k *peeked) each(fn func([]byte) bool) error {
	if k.left() > 0 && !fn(k.take()) {
		return nil
	}
	return k.stream.each(fn)
}

func (k *peeked) writeTo(s *sink) error {
	if _, err := s.Write(k.take()); err != nil {
		return err
	}
	return k.stream.writeTo(s)
}

// paused says whether the producer of a stream has flushed, and all before that has
// been read.
func paused(s stream) bool {
	switch s := s.(type) {
	case *pushed:
		return s.paused()
	case callBody:
		return s.c.paused()
	case *encoded:
		return s.paused()
	}
	return false
}

func (o *outlet) paused() bool {
	if o.handover == nil {
		return false
	}
	o.consuming.Lock()
	defer o.consuming.Unlock()
	return o.parked && o.flush && o.off == len(o.buf) && len(o.direct) == 0 && o.src == nil
}
