package wsgi

import (
	"io"
	"iter"
	"log/slog"
	"net/http"
	"runtime"
	"sync/atomic"

	"github.com/gowebob/gowebob/webob"
)

// Lint stands between a server and app and checks both against PEP 3333. Nothing
// is changed on the way. To check a handler instead of an application, put it
// between the two adapters:
//
//	wsgi.Handler(wsgi.Lint(wsgi.FromHandler(h), report))
//
// What is found is given to report, and the request goes on; report may be called
// by several goroutines. With a nil report the first violation is the
// application's error: a 500 before the first chunk, an aborted connection after
// it, and one that comes up when the answer has ended is logged.
//
// A server that never runs the iterable is found out when the garbage collector
// meets it. wsgiref.validate is its like in Python; where that asks for more than the
// PEP (a Content-Type on every answer), Lint does not.
func Lint(app App, report func(*Violation)) App {
	return func(env webob.Environ, start StartResponse) iter.Seq2[[]byte, error] {
		l := &lint{env: env, report: report, server: start, declared: -1}
		return l.run(app)
	}
}

// lint watches one request.
type lint struct {
	env    webob.Environ
	report func(*Violation)
	server StartResponse

	broken            error // what the application is made to fail with
	refused           bool  // start has returned excInfo
	failed            bool  // write has returned an error
	status            int
	declared, written int64

	started, sent, iterating, ended bool
}

// found tells of a violation. The error is what whoever broke the rule is told.
func (l *lint) found(v *Violation) error {
	switch {
	case l.report != nil:
		l.report(v)
		return nil
	case l.ended:
		l.log(v)
	case l.broken == nil:
		l.broken = v
	}
	return v
}

func (l *lint) run(app App) iter.Seq2[[]byte, error] {
	for v := range checkEnviron(l.env) {
		l.found(v)
	}
	unguard := l.guardInput()
	if l.broken != nil {
		unguard()
		return failing(l.broken)
	}
	seq := app(l.env, l.start)
	if seq == nil {
		if err := l.found(violation(NoIterable, "it has returned nil")); err != nil {
			return failing(err)
		}
		return nil
	}
	t := l.watch()
	return func(yield func([]byte, error) bool) {
		if l.iterating {
			if err := l.found(violation(IterateTwice, "")); err != nil {
				yield(nil, err)
			}
			return
		}
		l.iterating = true
		t.use()
		defer func() { unguard(); l.ended = true }()
		l.iterate(seq, yield)
	}
}

// ticket is held by an iterable alone and goes with it.
type ticket struct {
	fate  *fate
	never runtime.Cleanup
}

type fate struct {
	run  atomic.Bool
	tell func()
}

// watch has the collector tell of an iterable that nobody has run.
func (l *lint) watch() *ticket {
	t := &ticket{fate: &fate{tell: l.forgotten}}
	t.never = runtime.AddCleanup(t, func(f *fate) {
		if !f.run.Load() {
			f.tell()
		}
	}, t.fate)
	return t
}

func (t *ticket) use() {
	t.fate.run.Store(true)
	t.never.Stop()
}

func (l *lint) forgotten() {
	v := violation(NotClosed, "the iterable is gone")
	if l.report != nil {
		l.report(v)
		return
	}
	l.log(v)
}

func (l *lint) log(v *Violation) {
	req := l.env.Request()
	logger(req).LogAttrs(req.Context(), slog.LevelError, "violation of PEP 3333", slog.Any("err", v))
}

func failing(err error) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) { yield(nil, err) }
}

// iterate runs the application's iterator. A loop would panic where the iterator
// goes on after its end, so that it is called instead.
func (l *lint) iterate(seq iter.Seq2[[]byte, error], yield func([]byte, error) bool) {
	stopped := false
	pass := func(chunk []byte, err error) bool {
		stopped = !yield(chunk, err) || err != nil
		return !stopped
	}
	if l.broken != nil {
		pass(nil, l.broken)
		return
	}
	seq(func(chunk []byte, err error) bool {
		if stopped {
			l.ended = true
			l.found(violation(YieldAfterStop, "%d bytes", len(chunk)))
			return false
		}
		if err == nil {
			l.chunk(chunk)
			err = l.broken
		}
		return pass(chunk, err)
	})
	if stopped {
		return
	}
	l.end()
	if l.broken != nil {
		pass(nil, l.broken)
	}
}

// chunk looks at what is sent, by either way.
func (l *lint) chunk(chunk []byte) {
	switch {
	case l.refused:
		l.found(violation(ErrorIgnored, "%d bytes came after it", len(chunk)))
	case l.failed:
		l.found(violation(WriteUnsent, "%d bytes came after it", len(chunk)))
	case !l.started:
		l.found(violation(StartMissing, "%d bytes came before", len(chunk)))
	}
	l.sent = l.sent || len(chunk) > 0
	before := l.written
	l.written += int64(len(chunk))
	if l.declared >= 0 && before <= l.declared && l.written > l.declared && !l.bodyless() {
		l.found(violation(LengthOver, "%d bytes of %d", l.written, l.declared))
	}
}

func (l *lint) bodyless() bool { return bodyless(l.env.String("REQUEST_METHOD"), l.status) }

// end looks at an answer that is whole.
func (l *lint) end() {
	switch {
	case l.refused || l.broken != nil:
	case !l.started:
		l.found(violation(StartMissing, "it was not called at all"))
	case l.written < l.declared && !l.bodyless():
		l.found(violation(LengthShort, "%d bytes of %d", l.written, l.declared))
	}
}

// start is the start_response that the application gets.
func (l *lint) start(status string, headers Headers, excInfo error) (Write, error) {
	switch {
	case l.ended:
		if err := l.found(violation(AfterEnd, "start(%q)", short(status))); err != nil {
			return nil, err
		}
	case l.started && excInfo == nil:
		l.found(violation(StartTwice, "start(%q)", short(status)))
	}
	code, fault := parseStatus(status)
	if fault != nil {
		l.found(fault)
	}
	checkHeaders(headers, func(v *Violation) bool { l.found(v); return true })
	if l.broken != nil {
		return nil, l.broken
	}
	write, err := l.server(status, headers, excInfo)
	if err != nil {
		l.refused = l.started && l.sent && excInfo != nil
		return nil, err
	}
	l.status, l.started, l.written = code, true, 0
	l.declared, _ = contentLength(headers)
	return func(chunk []byte) error { return l.write(write, chunk) }, nil
}

// write is the write callable that the application gets.
func (l *lint) write(server Write, chunk []byte) error {
	switch {
	case l.ended:
		if err := l.found(violation(AfterEnd, "write of %d bytes", len(chunk))); err != nil {
			return err
		}
	case l.iterating:
		l.found(violation(WriteInIterable, "%d bytes", len(chunk)))
	}
	l.chunk(chunk)
	if l.broken != nil {
		return l.broken
	}
	err := server(chunk)
	l.failed = l.failed || err != nil
	return err
}

// guardInput watches wsgi.input until the request is answered.
func (l *lint) guardInput() (undo func()) {
	v, _ := l.env.Get("wsgi.input")
	body, ok := v.(io.ReadCloser)
	if !ok || body == http.NoBody {
		return func() {}
	}
	req := l.env.Request()
	guard := &guarded{body, l}
	req.Body = guard
	return func() {
		if req.Body == guard {
			req.Body = body
		}
	}
}

type guarded struct {
	io.ReadCloser
	l *lint
}

// Close is nothing an application may call.
func (g *guarded) Close() error {
	if err := g.l.found(violation(InputClosed, "")); err != nil {
		return err
	}
	return g.ReadCloser.Close()
}
