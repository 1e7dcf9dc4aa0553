package webob

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Event is one server-sent event (WHATWG HTML, section 9.2). Its zero fields are not
// sent. An Event with neither Name nor Data reaches no listener: it only sets ID and
// Retry, and an Event{} is a comment.
type Event struct {
	// ID is what a browser sends back as Last-Event-ID when it has lost the
	// connection; it stays the last one where later events have none.
	ID string
	// Name is the type of the event, for addEventListener; without one it is
	// "message".
	Name string
	// Data may have any number of lines, ended by LF, CR or both; the listener
	// sees them divided by LF.
	Data string
	// Retry is how long the browser waits before it connects again, in
	// milliseconds on the wire, rounded up. Without one it is the browser's own
	// choice, some seconds.
	Retry time.Duration
}

// ErrEvent is an Event that cannot be written: a CR, LF or NUL in its ID or Name, which
// would make another event of it, or a Retry below zero.
var ErrEvent = errors.New("webob: event that cannot be sent")

// EventOptions are settings of Events. The zero value is good for most.
type EventOptions struct {
	// KeepAlive is after how long without an event a comment is sent, which
	// tells proxies that somebody is there, and the server whether the client
	// is. 0 is 15 seconds, below 0 no comments are sent.
	KeepAlive time.Duration
	// WriteTimeout is how long the client may take for an event. It stands in
	// for the server's WriteTimeout and ReadTimeout, which would end any long
	// answer. 0 is a minute; below 0 those of the server hold.
	WriteTimeout time.Duration
	// Retry is sent at the beginning, see Event.
	Retry time.Duration
}

const (
	defaultKeepAlive    = 15 * time.Second
	defaultEventTimeout = time.Minute
)

// Events answers with server-sent events, each sent as soon as seq gives it:
//
//	return webob.Events(req, func(yield func(webob.Event, error) bool) {
//		for n := range news.Since(req.Context(), req.LastEventID()) {
//			if !yield(webob.Event{ID: n.ID, Data: n.Text}, nil) {
//				return
//			}
//		}
//	}, webob.EventOptions{}), nil
//
// seq runs on a goroutine of its own while the answer is sent. It has to end when
// req.Context() does: the client has left, or the server stops, where it ends its
// requests by their context (http.Server.Shutdown alone does not). The answer then
// ends between two events, and a browser connects again, with the last ID in
// LastEventID. It does so as well where seq ends; an app that has nothing more to
// say answers 204, which is final. A seq that is still waiting a second after the end
// is left behind, and the log says so. EventsFrom ranges over a channel rightly.
//
// The head goes out at once, with a first comment, so that a failure that is to be
// an error page must be returned before. An error that seq gives breaks the connection
// off, and is logged; so does an Event that cannot be sent (ErrEvent).
//
// The type is text/event-stream. Caches are told not to keep it and proxies not to
// collect it (Cache-Control: no-cache, X-Accel-Buffering: no). HEAD gets the head
// alone and runs nothing. A browser opens few connections to a host over HTTP/1.1,
// six by custom, and each stream takes one; over HTTP/2 they share one.
func Events(req *Request, seq iter.Seq2[Event, error], o EventOptions) *Response {
	if o.KeepAlive == 0 {
		o.KeepAlive = defaultKeepAlive
	}
	if o.WriteTimeout == 0 {
		o.WriteTimeout = defaultEventTimeout
	}
	p := Stream("text/event-stream", func(w StreamWriter) error {
		f := &eventFeed{req: req, w: w, o: o}
		return f.run(seq)
	})
	p.header.Set("Cache-Control", "no-cache")
	p.header.Set("X-Accel-Buffering", "no")
	return p
}

// EventsFrom gives what comes from c, until c is closed or ctx ends.
func EventsFrom(ctx context.Context, c <-chan Event) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		for {
			select {
			case e, open := <-c:
				if !open || !yield(e, nil) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// LastEventID is the ID of the last event that the client has got, for the answer to
// go on behind it; "" where it has got none. The client says so: treat it as input.
func (r *Request) LastEventID() string { return mendUTF8(r.Header.Get("Last-Event-Id")) }

// AppendTo appends the event as it is sent, with the empty line behind it. On an
// error, an ErrEvent, b comes back as it was.
func (e Event) AppendTo(b []byte) ([]byte, error) {
	if err := e.check(); err != nil {
		return b, err
	}
	if e == (Event{}) {
		return append(b, ":\n\n"...), nil
	}
	if e.Name != "" {
		b = appendEventField(b, "event", e.Name)
	}
	if e.ID != "" {
		b = appendEventField(b, "id", e.ID)
	}
	if e.Retry > 0 {
		ms := (e.Retry-1)/time.Millisecond + 1
		b = append(b, "retry: "...)
		b = append(strconv.AppendInt(b, int64(ms), 10), '\n')
	}
	if e.Name != "" || e.Data != "" {
		b = appendEventData(b, e.Data)
	}
	return append(b, '\n'), nil
}

func (e Event) check() error {
	for _, part := range [...]struct{ name, text string }{{"id", e.ID}, {"name", e.Name}} {
		if strings.ContainsAny(part.text, "\r\n\x00") {
			return fmt.Errorf("%w: CR, LF or NUL in %s %.40q", ErrEvent, part.name, part.text)
		}
	}
	if e.Retry < 0 {
		return fmt.Errorf("%w: retry of %v", ErrEvent, e.Retry)
	}
	return nil
}

// appendEventField writes a line; a space behind the colon belongs to it, so that one
// of the value's own is kept.
func appendEventField(b []byte, name, value string) []byte {
	b = append(b, name...)
	b = append(b, ": "...)
	b = append(b, value...)
	return append(b, '\n')
}

// appendEventData writes one line for each line of s; each of CR LF, CR and LF ends one.
func appendEventData(b []byte, s string) []byte {
	for {
		i := strings.IndexAny(s, "\r\n")
		if i < 0 {
			return appendEventField(b, "data", s)
		}
		b = appendEventField(b, "data", s[:i])
		if strings.HasPrefix(s[i:], "\r\n") {
			i++
		}
		s = s[i+1:]
	}
}
