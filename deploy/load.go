package deploy

import (
	"io"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// LoadApp loads an app. The URI is "config:path#section", "egg:Name#entry" or
// "call:module:attribute"; a path without a scheme is one of a file, and the section is
// "main" if none is named. In the path %XX stands for a byte.
//
// Everything that is wrong with the sections the app is made of is told at once: the
// error is Faults. Nothing is left open then. Where something that was made has a method
// Close (io.Closer), so has the app: it closes all of them, the outermost first. They must
// not close one another. A factory that panics has refused its settings (Refused), so that a
// load while a service runs cannot end it.
func LoadApp(uri string, r *Registry, opts ...Option) (http.Handler, error) {
	s := newSession(r, newOptions(opts))
	app, _, err := s.loadApp(uri)
	return app, err
}

func (s *session) loadApp(uri string) (http.Handler, *node, error) {
	n := s.root(wantApp, uri)
	if err := s.unfit(); err != nil {
		return nil, nil, err
	}
	app := s.app(n)
	if err := s.err(); err != nil {
		closeAll(s.closers)
		return nil, nil, err
	}
	return s.finish(app), n, nil
}

// LoadFilter loads a filter, as LoadApp loads an app. A filter app
// (paste.filter_app_factory) is made anew for each app it is laid around, and once when it is
// loaded, so that an error in its settings is told then; fails it later, the app it gives
// answers 500.
func LoadFilter(uri string, r *Registry, opts ...Option) (func(http.Handler) http.Handler, error) {
	s := newSession(r, newOptions(opts))
	n := s.root(wantFilter, uri)
	if err := s.unfit(); err != nil {
		return nil, err
	}
	filter := s.filter(n)
	if filter != nil {
		s.trial(filter)
	}
	if err := s.err(); err != nil {
		return nil, err
	}
	s.finished = true
	return func(app http.Handler) http.Handler { return s.around(filter, app) }, nil
}

// around lays a loaded filter around one app.
func (s *session) around(filter filterFunc, app http.Handler) http.Handler {
	s.laying.Lock()
	defer s.laying.Unlock()
	s.faults, s.told, s.closers = nil, map[string]bool{}, nil
	made := filter(app)
	if err := s.err(); err != nil {
		closeAll(s.closers)
		return failed{err}
	}
	return s.finish(made)
}

// failed is the app of a filter that could not be made.
type failed struct{ err error }

func (f failed) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(f, w, r) }

func (f failed) Respond(req *webob.Request) *webob.Response {
	return exc.Page(req, f.err)
}

// LoadServer loads a server, as LoadApp loads an app. The function serves the app it is
// given and returns when the server has ended.
func LoadServer(uri string, r *Registry, opts ...Option) (func(http.Handler) error, error) {
	s := newSession(r, newOptions(opts))
	n := s.root(wantServer, uri)
	if err := s.unfit(); err != nil {
		return nil, err
	}
	serve := s.server(n)
	s.finished = true
	return serve, s.err()
}

// AppConfig gives the settings an app would be made with, without making it. Those of a
// pipeline are empty.
func AppConfig(uri string, r *Registry, opts ...Option) (Config, error) {
	s := newSession(r, newOptions(opts))
	n := s.root(wantApp, uri)
	if err := s.unfit(); err != nil {
		return Config{}, err
	}
	return n.config(), nil
}

// root resolves what the program asked for.
func (s *session) root(w want, uri string) *node {
	given := settingsOf(s.opts.globals)
	if !strings.Contains(uri, ":") {
		uri = "config:" + strings.ReplaceAll(uri, "%", "%25")
	}
	n := s.resolveURI(w, uri, s.opts.name, s.opts.named, s.opts.dir, given, place{})
	s.settle(n)
	return n
}

// unfit is all that can be said against the configuration before anything is made. If there
// is something, composites are asked for the names they would load, to tell all of it.
func (s *session) unfit() error {
	if len(s.faults) == 0 {
		return nil
	}
	s.surveyed()
	return s.err()
}

// surveyed calls the composites that were met, with a Loader that makes nothing.
func (s *session) surveyed() {
	s.survey = true
	for i := 0; i < len(s.met); i++ { // it grows
		n := s.met[i]
		if n.broken || n.factory.entry.composite == nil || n.finder == nil {
			continue
		}
		_, err := guarded(func() (http.Handler, error) { return n.factory.entry.composite(&loader{s: s, n: n}, n.config()) })
		if err != nil {
			s.refused(n, err)
		}
	}
	s.finished = true
}

// loaded is an app with what has to be closed.
type loaded struct {
	http.Handler
	closers []io.Closer
}

// Respond answers a filter of ours.
func (l *loaded) Respond(req *webob.Request) *webob.Response { return req.GetResponse(l.Handler) }

// Close closes what the app is made of.
func (l *loaded) Close() error { return closeAll(l.closers) }
