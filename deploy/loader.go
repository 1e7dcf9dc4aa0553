package deploy

import (
	"net/http"
	"slices"
)

// Loader gives a composite the apps that its settings name: names of sections in the
// file of the section that is being made, or URIs. The globals become those of the object;
// nil gives it those of the file alone, and a composite that wants to hand its own on gives
// Config.Globals.
//
// What cannot be loaded makes the whole load fail, with a fault that says where. The Loader
// hands out a stand-in then, without an error, so that the factory goes on and all that is
// wrong is told at once; a stand-in is never asked anything. The same happens where a plan
// is made and nothing is to be opened. So a factory must not serve requests itself, nor look
// into what it gets. An error is returned only where the Loader is used after the
// factory has returned.
type Loader interface {
	App(name string, globals map[string]string) (http.Handler, error)
	Filter(name string, globals map[string]string) (func(http.Handler) http.Handler, error)
	Server(name string, globals map[string]string) (func(http.Handler) error, error)
}

// standIn is what a Loader gives instead of an app.
type standIn struct{}

func (standIn) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "a stand-in for an app that was not loaded", http.StatusInternalServerError)
}

// loader is the Loader of one composite.
type loader struct {
	s     *session
	n     *node
	asked []asked // what was asked for, for plans
}

// asked is one thing that a composite asked for.
type asked struct {
	name string
	node *node
}

func (l *loader) App(name string, globals map[string]string) (http.Handler, error) {
	n, err := l.ask(wantApp, name, globals)
	if n != nil && !l.s.survey {
		if app := l.s.app(n); app != nil {
			return app, nil
		}
	}
	return standIn{}, err
}

func (l *loader) Filter(name string, globals map[string]string) (func(http.Handler) http.Handler, error) {
	n, err := l.ask(wantFilter, name, globals)
	if n != nil && !l.s.survey {
		if filter := l.s.filter(n); filter != nil {
			return func(app http.Handler) http.Handler {
				if made := filter(app); made != nil {
					return made
				}
				return standIn{}
			}, nil
		}
	}
	return func(app http.Handler) http.Handler { return app }, err
}

func (l *loader) Server(name string, globals map[string]string) (func(http.Handler) error, error) {
	n, err := l.ask(wantServer, name, globals)
	if n != nil && !l.s.survey {
		if serve := l.s.server(n); serve != nil {
			return serve, nil
		}
	}
	return func(http.Handler) error { return errNoted }, err
}

// ask resolves a name, as seen from the section that the composite is made of.
func (l *loader) ask(w want, name string, globals map[string]string) (*node, error) {
	s := l.s
	if s.finished {
		return nil, errFinished
	}
	stack := s.stack
	defer func() { s.stack = stack }()
	s.stack = slices.Clone(l.n.stack)
	var given *settings
	if globals != nil {
		given = l.traced(globals)
	}
	before := len(s.faults)
	n := l.n.finder.resolve(w, name, given, l.origin(name))
	s.settle(n)
	if len(s.faults) > before {
		n = nil
	}
	if n != nil {
		l.asked = append(l.asked, asked{name, n})
	}
	return n, nil
}

// traced finds out where globals come from, for messages.
func (l *loader) traced(globals map[string]string) *settings {
	given := settingsOf(globals)
	for key, v := range given.m {
		if known, ok := l.n.globals.m[key]; ok && known.value == v.value {
			given.m[key] = known
		}
	}
	return given
}

// origin is the setting that names what is asked for.
func (l *loader) origin(name string) place {
	for _, key := range l.n.locals.keys {
		v := l.n.locals.m[key]
		words, places := v.words()
		if i := slices.Index(words, name); i >= 0 {
			at := places[i]
			at.key = key
			return at
		}
	}
	return l.n.at
}
