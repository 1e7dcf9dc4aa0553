package routes

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Mapper finds the route for a request and the URL for a route. It is an http.Handler
// and an app of ours; around an app of one's own, Middleware only finds.
//
// The route whose path has the longer static beginning (up to its first variable, the slash
// at its end taken off) is tried first, then the one that was connected first. A condition
// that fails means that the next one is tried.
//
// Routes may be added at any time, also while requests are served, by one goroutine or
// several: a request sees all of a route or nothing.
//
// Routes: Mapper, RoutesMiddleware.
type Mapper struct {
	base           []Option
	prefix         string
	appendSlash    bool
	subDomains     bool
	ignored        []string
	controllers    []string
	looseNames     bool
	notFound       http.Handler
	implies        bool // controller and action are content and index where nobody says so
	methodOverride bool
	keepPath       bool

	mu     sync.Mutex
	routes []*Route // in the order of connection, static ones too
	faults []error
	table  atomic.Pointer[table]
}

// NewMapper makes a Mapper without routes. Options of routes hold for all of them.
func NewMapper(options ...MapperOption) *Mapper {
	m := &Mapper{}
	for _, o := range options {
		o.forMapper(m)
	}
	m.implies = newSpec(m.base).implicit
	return m
}

// Connect adds a route: what the template matches is answered by h. With h nil the route
// is for matching and for URLs alone, unless an option Handler says more; a request that it
// matches is answered by the app within Middleware.
//
// Connect does not fail, so that routes can be written one below the other. What is wrong
// with a route is told by its Err, and by the Mapper's, which has to be asked before
// serving: a Mapper with a broken route answers every request with 500.
// Routes: Mapper.connect.
func (m *Mapper) Connect(path string, h http.Handler, options ...Option) *Route {
	return m.sub().Connect(path, h, options...)
}

func (m *Mapper) sub() *SubMapper { return &SubMapper{m: m} }

// add makes a route of all its options.
func (m *Mapper) add(path string, options []Option) *Route {
	s := newSpec(m.base)
	for _, o := range options {
		o(s)
	}
	return m.addSpec(path, s, nil)
}

func (m *Mapper) addSpec(path string, s *spec, target *Route) *Route {
	path = s.prefix + path
	if s.name != "" {
		s.name = s.namePrefix + s.name
	}
	if a, ok := s.handler.(Actions); ok && s.defaults["action"] != "" {
		if h := a[s.defaults["action"]]; h != nil {
			s.handler = h
		}
	}
	r := newRoute(path, s)
	r.target, r.mapper = target, m
	if target != nil && r.err == nil && target.err == nil {
		target.t.takeFrom(r.t)
	}
	if r.t != nil {
		r.t.listed = m.controllers != nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.routes = append(m.routes, r)
	if r.err != nil {
		m.faults = append(m.faults, r.err)
	}
	m.table.Store(nil)
	return r
}

// Err tells everything that is wrong with the routes, each fault an error of its own
// (errors.Join); nil when all is well. Those of templates are *TemplateError.
func (m *Mapper) Err() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return errors.Join(m.faults...)
}

// Routes are the routes in the order of connection, without those that are Static.
func (m *Mapper) Routes() []*Route {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(m.routes), func(r *Route) bool { return r.static })
}

// Route is the route of a name, the last one of several; nil if there is none.
func (m *Mapper) Route(name string) *Route {
	return m.tables().names[name]
}

// tables are the routes made ready, which the first one who needs them does.
func (m *Mapper) tables() *table {
	if t := m.table.Load(); t != nil {
		return t
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if t := m.table.Load(); t != nil {
		return t
	}
	t := newTable(m)
	m.table.Store(t)
	return t
}

// Extend adds copies of routes, of another Mapper perhaps, with more options: a
// PathPrefix stands before their paths. Routes: Mapper.extend.
func (m *Mapper) Extend(routes []*Route, options ...Option) {
	for _, r := range routes {
		s := newSpec(slices.Concat(m.base, []Option{copyOf(r)}, options))
		s.prefix, s.namePrefix = newSpec(options).prefix, newSpec(options).namePrefix
		if s.minimize && s.prefix != "" && !strings.HasPrefix(r.path, "/") {
			s.prefix += "/"
		}
		if r.target != nil {
			m.addSpec(r.path, s, m.newTarget(r.target.path, r.target.filter))
		} else {
			m.addSpec(r.path, s, nil)
		}
	}
}

// copyOf makes a spec a copy of a route's.
func copyOf(r *Route) Option {
	return func(s *spec) {
		c := *r.spec
		c.defaults, c.reqs, c.none = maps.Clone(c.defaults), maps.Clone(c.reqs), maps.Clone(c.none)
		*s = c
	}
}

// Redirect adds a route whose requests are sent on to another path or URL, made of their
// variables; those it has no place for go to its query, where the request's own query
// follows. Status says how, 302 without. A location that a browser would read as
// another site is answered with 400, unless the target is a whole URL.
// Routes: Mapper.redirect.
func (m *Mapper) Redirect(from, to string, options ...Option) *Route {
	return m.addRedirect(from, to, options...)
}

func (m *Mapper) addRedirect(from, to string, options ...Option) *Route {
	s := newSpec(m.base)
	for _, o := range options {
		o(s)
	}
	if s.code == 0 {
		s.code = http.StatusFound
	}
	target := m.newTarget(to, s.filter)
	s.filter = nil
	if target.err != nil {
		s.faults = append(s.faults, target.err)
	}
	return m.addSpec(from, s, target)
}

// newTarget makes the route that a redirect's location is made of.
func (m *Mapper) newTarget(to string, filter func(Values) Values) *Route {
	target := newRoute(to, &spec{static: true, filter: filter, defaults: map[string]string{}, none: map[string]bool{}})
	target.mapper = m
	return target
}

// takeFrom gives the variables of a redirect's target, as far as they say nothing
// themselves, what those of the same names match in its path: a slash stays a slash.
func (t *template) takeFrom(from *template) {
	for i := range t.parts {
		p := &t.parts[i]
		if p.isText() || t.reqs[p.name] != nil {
			continue
		}
		for _, q := range from.parts {
			if q.name == p.name && q.kind == '*' && p.kind == ':' {
				p.kind = '*'
			}
		}
		if req := from.reqs[p.name]; req != nil {
			t.reqs[p.name] = req
		}
	}
}
