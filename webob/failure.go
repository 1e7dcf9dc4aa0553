package webob

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
)

// InputError is what a client got wrong: a body that is too large, a form that
// does not parse, a path that is no UTF-8. Returned from a function it is
// answered with its Status; errors.Is matches it with the sentinels and classes
// of package exc.
type InputError struct {
	Status int    // 400, 413, 415, 422 ...
	Public string // what the client is told
	Err    error  // the cause, for the log; may be nil

	// Header are fields that its answer has besides: Accept-Encoding of a 415,
	// Retry-After of a 429. It is usually nil.
	Header http.Header
}

// Error gives status, public text and cause.
func (e *InputError) Error() string {
	s := fmt.Sprintf("%d %s", e.Status, http.StatusText(e.Status))
	if e.Public != "" {
		s += ": " + e.Public
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap is the cause.
func (e *InputError) Unwrap() error { return e.Err }

// Is matches what stands for a status or a class of them: anything with a
// method MatchesStatus.
func (e *InputError) Is(target error) bool {
	m, ok := target.(interface{ MatchesStatus(int) bool })
	return ok && m.MatchesStatus(e.Status)
}

// failure is the answer of an error that came up here and not in an app.
func (r *Request) failure(err error) *Response {
	if page := r.x.failurePage(); page != nil {
		return page(r, err)
	}
	var app Responder
	if errors.As(err, &app) {
		if p := app.Respond(r); p != nil {
			p.SetErr(err)
			return p
		}
	}
	status := http.StatusInternalServerError
	text := http.StatusText(status)
	var fields http.Header
	if in, ok := errors.AsType[*InputError](err); ok {
		status, text, fields = in.Status, http.StatusText(in.Status), in.Header
		if in.Public != "" {
			text += "\n\n" + in.Public
		}
	}
	p := Failure(status, err, func(p *Response) { p.SetText(text + "\n") })
	for name, values := range fields {
		for _, value := range values {
			p.header.Add(name, value)
		}
	}
	return p
}

// Logger is the slot for the logger of a request; without one it is
// slog.Default. A filter sets it to add what it knows, an id say.
var Logger = NewKey[*slog.Logger]("gowebob.logger")

func (r *Request) logger() *slog.Logger {
	if l, ok := Logger.Get(r); ok && l != nil {
		return l
	}
	return slog.Default()
}

// logFailure writes the one line about an error: at level Error where the
// server is at fault, Info for a lesser status that hides a cause, Debug for the
// client's mistakes and for a client that left.
func (r *Request) logFailure(msg string, status int, err error) {
	level := slog.LevelError
	switch {
	case errors.Is(err, http.ErrAbortHandler):
		return
	case r.Context().Err() != nil && errors.Is(err, context.Canceled):
		level = slog.LevelDebug
	case status < 500 && errors.Unwrap(err) == nil:
		return
	case status < 500:
		level = slog.LevelInfo
		if _, ok := errors.AsType[*InputError](err); ok {
			level = slog.LevelDebug
		}
	}
	r.logger().LogAttrs(r.Context(), level, msg, slog.String("method", r.Method),
		slog.String("path", r.URL.Path), slog.Int("status", status), slog.Any("err", err))
}

// logGone notes a client that left before the answer was whole.
func (r *Request) logGone(err error) {
	r.logger().LogAttrs(r.Context(), slog.LevelDebug, "client gone", slog.String("method", r.Method),
		slog.String("path", r.URL.Path), slog.Any("err", err))
}

// logPanic writes down a panic that nobody will meet.
func (r *Request) logPanic(v any, stack []byte) {
	r.logger().LogAttrs(r.Context(), slog.LevelError, "panic in a handler whose answer was dropped",
		slog.String("method", r.Method), slog.String("path", r.URL.Path),
		slog.Any("panic", v), slog.String("stack", string(stack)))
}
