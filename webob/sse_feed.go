package webob

import (
	"iter"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// eventGrace is how long a source of events has to end after its client has left.
const eventGrace = time.Second

// eventFeed takes events from their source to one client.
type eventFeed struct {
	req *Request
	w   StreamWriter
	o   EventOptions
	buf []byte
}

// eventSource is what runs the iterator. It has a goroutine of its own, so that
// comments can be sent, and the end be noticed, while the iterator waits.
type eventSource struct {
	next chan sourced
	quit chan struct{} // closed when no more events are taken
	done chan struct{} // closed at its end; then the rest may be looked at
	last atomic.Bool   // set by who comes first: the end, or who has waited for it

	returned bool
	panicked any
	stack    []byte
}

type sourced struct {
	event Event
	err   error
}

// run is the body of the answer.
func (f *eventFeed) run(seq iter.Seq2[Event, error]) error {
	src := &eventSource{next: make(chan sourced), quit: make(chan struct{}), done: make(chan struct{})}
	f.unhurry()
	if err := f.send(Event{}); err != nil { // proxies wait for a first byte
		return err
	}
	go src.run(f.req, seq)
	err := f.pass(src)
	close(src.quit)
	f.finish(src)
	if f.req.Context().Err() != nil {
		return nil // whatever the source makes of that: the end is between two events
	}
	return err
}

// pass sends events until the source or the request ends.
func (f *eventFeed) pass(src *eventSource) error {
	if f.o.Retry != 0 {
		if err := f.send(Event{Retry: f.o.Retry}); err != nil {
			return err
		}
	}
	var idle *time.Timer
	var idled <-chan time.Time
	if f.o.KeepAlive > 0 {
		idle = time.NewTimer(f.o.KeepAlive)
		defer idle.Stop()
		idled = idle.C
	}
	for {
		var e Event
		select {
		case got := <-src.next:
			if got.err != nil {
				return got.err
			}
			e = got.event
		case <-src.done:
			return nil
		case <-f.req.Context().Done():
			return nil
		case <-idled:
		}
		if err := f.send(e); err != nil {
			return err
		}
		if idle != nil {
			idle.Reset(f.o.KeepAlive)
		}
	}
}

// send writes one event and has it passed on.
func (f *eventFeed) send(e Event) (err error) {
	if f.buf, err = e.AppendTo(f.buf[:0]); err != nil {
		return err
	}
	f.deadline(f.o.WriteTimeout)
	defer f.deadline(0) // HTTP/2 ends a stream whose deadline passes, even if nothing is written
	if _, err := f.w.Write(f.buf); err != nil {
		return err
	}
	return f.w.Flush()
}

// deadline bounds the next write; 0 takes the bound away. A connection that knows no
// deadlines, or none at all, has none.
func (f *eventFeed) deadline(d time.Duration) {
	if f.req.w == nil || f.o.WriteTimeout < 0 {
		return
	}
	var at time.Time
	if d > 0 {
		at = time.Now().Add(d)
	}
	http.NewResponseController(f.req.w).SetWriteDeadline(at)
}

// unhurry takes the server's ReadTimeout back. It is for reading the request, but
// when it passes net/http takes the client for gone.
func (f *eventFeed) unhurry() {
	if f.req.w != nil && f.o.WriteTimeout >= 0 {
		http.NewResponseController(f.req.w).SetReadDeadline(time.Time{})
	}
}

// finish waits for the source, which must not use the request any more when it is
// over; one that does not end is not worth hanging for. A panic comes out here.
func (f *eventFeed) finish(src *eventSource) {
	select {
	case <-src.done:
	case <-time.After(eventGrace):
		if !src.last.Swap(true) {
			f.req.logger().LogAttrs(f.req.Context(), slog.LevelWarn, "a source of events does not end with its request's context",
				slog.String("method", f.req.Method), slog.String("path", f.req.URL.Path))
			return
		}
		<-src.done
	}
	switch {
	case src.panicked != nil:
		f.req.ex()
		f.req.keepStack(src.stack)
		panic(src.panicked)
	case !src.returned:
		runtime.Goexit()
	}
}

// run is the goroutine.
func (src *eventSource) run(req *Request, seq iter.Seq2[Event, error]) {
	defer func() {
		if !src.returned {
			if v := recover(); v != nil {
				src.panicked, src.stack = v, debug.Stack()
			}
		}
		if src.last.Swap(true) && src.panicked != nil {
			req.logPanic(src.panicked, src.stack)
		}
		close(src.done)
	}()
	for e, err := range seq {
		select {
		case src.next <- sourced{e, err}:
		case <-src.quit:
			src.returned = true
			return
		}
		if err != nil {
			break
		}
	}
	src.returned = true
}
