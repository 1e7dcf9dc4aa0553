package deploy

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"

	"github.com/gowebob/gowebob/webob"
)

// filterFunc is a filter that may fail when it is laid around an app. The fault is
// noted in the session.
type filterFunc func(http.Handler) http.Handler

// errNoted stands for faults that the session has noted.
var errNoted = errors.New("deploy: faults were noted")

// config is what the factory of a single node gets.
func (n *node) config() Config {
	return Config{&configured{globals: n.globals, locals: n.locals, at: n.at}}
}

// refused notes what a factory says.
func (s *session) refused(n *node, err error) {
	if !errors.Is(err, errNoted) {
		s.add(faultsOf(err, n.at)...)
	}
}

// app makes an app. nil means that a fault was noted.
func (s *session) app(n *node) http.Handler {
	switch n.role {
	case single:
		return s.singleApp(n)
	case filterWith:
		filter := s.filter(n.filters[0])
		return s.wrap(s.app(n.app), filter)
	}
	app := s.app(n.app)
	filters := make([]filterFunc, len(n.filters))
	for i, f := range n.filters {
		filters[i] = s.filter(f)
	}
	for _, filter := range slices.Backward(filters) {
		app = s.wrap(app, filter)
	}
	return app
}

// wrap lays a filter around an app, or around a stand-in, to hear what it says.
func (s *session) wrap(app http.Handler, filter filterFunc) http.Handler {
	switch {
	case filter == nil:
		return nil
	case app == nil:
		filter(standIn{})
		return nil
	}
	return filter(app)
}

func (s *session) singleApp(n *node) http.Handler {
	if n.broken { // which was told
		return nil
	}
	var app http.Handler
	var err error
	switch {
	case n.factory.kind == kindComposite:
		l := &loader{s: s, n: n}
		app, err = guarded(func() (http.Handler, error) { return n.factory.entry.composite(l, n.config()) })
		n.asked = l.asked
	default:
		app, err = guarded(func() (http.Handler, error) { return n.factory.entry.app(n.config()) })
	}
	switch {
	case err != nil:
		s.refused(n, err)
		return nil
	case isNil(app):
		s.add(n.at.fault(Refused, "the factory %s gave no app and no error", n.factory.name))
		return nil
	}
	n.made = app
	return s.keep(app)
}

// filter makes a filter. nil means that a fault was noted.
func (s *session) filter(n *node) filterFunc {
	if n.role == filterWith {
		outer, inner := s.filter(n.filters[0]), s.filter(n.app)
		if outer == nil || inner == nil {
			return nil
		}
		return func(app http.Handler) http.Handler { return s.wrap(inner(app), outer) }
	}
	if n.broken {
		return nil
	}
	if n.factory.kind == kindFilterApp {
		return func(app http.Handler) http.Handler {
			made, err := guarded(func() (http.Handler, error) { return n.factory.entry.filterApp(n.config(), app) })
			return s.filtered(n, made, err)
		}
	}
	filter, err := guarded(func() (func(http.Handler) http.Handler, error) { return n.factory.entry.filter(n.config()) })
	switch {
	case err != nil:
		s.refused(n, err)
		return nil
	case filter == nil:
		s.add(n.at.fault(Refused, "the factory %s gave no filter and no error", n.factory.name))
		return nil
	}
	return func(app http.Handler) http.Handler {
		made, err := guarded(func() (http.Handler, error) { return filter(app), nil })
		return s.filtered(n, made, err)
	}
}

func (s *session) filtered(n *node, app http.Handler, err error) http.Handler {
	switch {
	case err != nil:
		s.refused(n, err)
		return nil
	case isNil(app):
		s.add(n.at.fault(Refused, "the filter of %s gave no app", n.factory.name))
		return nil
	}
	n.made = app
	return s.keep(app)
}

// server makes a server. nil means that a fault was noted.
func (s *session) server(n *node) func(http.Handler) error {
	if n.broken {
		return nil
	}
	if n.factory.kind == kindRunner {
		return func(app http.Handler) error { return n.factory.entry.runner(app, n.config()) }
	}
	serve, err := guarded(func() (func(http.Handler) error, error) { return n.factory.entry.server(n.config()) })
	switch {
	case err != nil:
		s.refused(n, err)
		return nil
	case serve == nil:
		s.add(n.at.fault(Refused, "the factory %s gave no server and no error", n.factory.name))
	}
	return serve
}

// isNil also finds a nil pointer in an interface.
func isNil(app http.Handler) bool {
	if app == nil {
		return true
	}
	switch v := reflect.ValueOf(app); v.Kind() {
	case reflect.Pointer, reflect.Func, reflect.Map, reflect.Slice, reflect.Chan:
		return v.IsNil()
	}
	return false
}

// closer is what has to be closed of an app, or nil. A Response, which an app of one page
// may be, has nothing to close though it could be.
func closer(app http.Handler) io.Closer {
	if _, page := app.(*webob.Response); page {
		return nil
	}
	c, _ := app.(io.Closer)
	return c
}

// keep remembers what has to be closed.
func (s *session) keep(app http.Handler) http.Handler {
	c := closer(app)
	if c != nil && !slices.ContainsFunc(s.closers, func(k io.Closer) bool { return same(k, c) }) {
		s.closers = append(s.closers, c)
	}
	return app
}

// same asks the values, not their types: a struct with an interface can be compared or not,
// by what is in it.
func same(a, b io.Closer) bool {
	return reflect.ValueOf(a).Comparable() && reflect.ValueOf(b).Comparable() && a == b
}

// closeAll closes what was made, the last first, all of it: even if one panics.
func closeAll(closers []io.Closer) error {
	var errs []error
	for _, c := range slices.Backward(closers) {
		_, err := guarded(func() (struct{}, error) { return struct{}{}, c.Close() })
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// finish makes the handler that a load gives: the app itself, or one that also closes what
// belongs to it.
func (s *session) finish(app http.Handler) http.Handler {
	s.finished = true
	if len(s.closers) == 0 {
		return app
	}
	return &loaded{app, s.closers}
}

// trial lays a filter around a stand-in: what it does not like about its settings is to
// be known when it is loaded.
func (s *session) trial(filter filterFunc) {
	kept := s.closers
	s.closers = nil
	filter(standIn{})
	if err := closeAll(s.closers); err != nil {
		s.add(&Fault{Kind: Refused, Err: fmt.Errorf("closing after a trial: %w", err)})
	}
	s.closers = kept
}
