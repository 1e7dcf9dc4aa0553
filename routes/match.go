package routes

import (
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gowebob/gowebob/webob"
)

// Match is a route that fits a request, with the values of its variables.
type Match struct {
	route  *Route
	mapper *Mapper
	values []string
	has    uint64 // which of the values are there
	sub    string
	subs   bool
	set    map[string]*string // what a function of When has changed
	room   [4]string
}

// matchKey is where the environ has the match.
const matchKey = "routes.match"

// Matched is where a request has its match: an app that a Mapper has called finds it, and
// so does every filter of ours outside of the Mapper after the app has answered, for the
// labels of metrics and spans say. Behind foreign middleware within the Mapper, and
// with no filter of ours outside, there is none: Pattern, PathValue and URLVars tell.
// Routes: routes.route in the environ.
var Matched = webob.NewKey[*Match](matchKey)

// Route is the route that fits.
func (m *Match) Route() *Route { return m.route }

// Get gives one variable or default, and whether it has a value.
func (m *Match) Get(name string) (string, bool) {
	if v, ok := m.set[name]; ok {
		if v == nil {
			return "", false
		}
		return *v, true
	}
	for i := range m.route.slots {
		if m.route.slots[i].name == name {
			return m.slot(i)
		}
	}
	if name == "sub_domain" && m.sub != "" {
		return m.sub, true
	}
	return "", false
}

// slot is the value of the i-th slot.
func (m *Match) slot(i int) (string, bool) {
	s := &m.route.slots[i]
	if s.variable {
		v, ok := m.values[i], m.has&(1<<i) != 0
		if v != "" || s.text == "" {
			return v, ok
		}
	}
	return s.text, !s.none
}

// Set changes a value, for functions given to When.
func (m *Match) Set(name, value string) {
	if m.set == nil {
		m.set = map[string]*string{}
	}
	m.set[name] = &value
}

// Names are the names that the match knows, also those without a value: the variables,
// the defaults, what was set, and sub_domain if the Mapper looks at it.
func (m *Match) Names() []string {
	names := m.route.Names()
	for _, name := range slices.Sorted(maps.Keys(m.set)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if m.subs && !slices.Contains(names, "sub_domain") {
		names = append(names, "sub_domain")
	}
	return names
}

// All gives the names that have a value, with it.
func (m *Match) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, name := range m.Names() {
			if v, ok := m.Get(name); ok && !yield(name, v) {
				return
			}
		}
	}
}

// URLVar is Get, for webob.
func (m *Match) URLVar(name string) (string, bool) { return m.Get(name) }

// URLVars is All as a new map.
func (m *Match) URLVars() map[string]string { return maps.Collect(m.All()) }

// newMatch reads the values of the variables. mark stands for an escaped slash.
func (s *search) newMatch(m *Mapper, g *target, mark string) *Match {
	match := &Match{route: g.route, mapper: m, sub: s.sub, subs: m.subDomains}
	if n := len(g.route.t.names); n <= len(match.room) {
		match.values = match.room[:n]
	} else {
		match.values = make([]string, n)
	}
	if g.simple {
		for i := range g.takes {
			match.values[i] = s.text(s.segment(g.takes[i].segment))
		}
		match.has = ^uint64(0)
	} else {
		i := 0
		s.values(g, func(value string, ok bool) {
			if ok {
				match.has |= 1 << i
			}
			match.values[i] = value
			i++
		})
	}
	if mark != "" {
		for i, v := range match.values {
			match.values[i] = strings.ReplaceAll(v, mark, "/")
		}
	}
	return match
}

// values gives the values of a target's variables in the order of its path.
func (s *search) values(g *target, add func(value string, ok bool)) {
	if g.expr != nil {
		at := g.expr.FindStringSubmatchIndex(s.path)
		for _, group := range g.groups {
			if from := at[2*group]; from >= 0 {
				add(s.text(s.path[from:at[2*group+1]]), true)
			} else {
				add("", false)
			}
		}
		return
	}
	for _, take := range g.takes {
		switch {
		case take.test != nil:
			take.test.values(s.segment(take.segment), func(v string, ok bool) { add(s.text(v), ok) })
		case g.rest && take.segment == g.takes[len(g.takes)-1].segment:
			add(s.text(s.rest(take.segment)), true)
		default:
			add(s.text(s.segment(take.segment)), true)
		}
	}
}

// text is a value with U+FFFD for what is no UTF-8.
func (s *search) text(value string) string {
	if s.ascii || utf8.ValidString(value) {
		return value
	}
	return strings.ToValidUTF8(value, "\ufffd")
}

// find looks for the route of a request; nil if there is none. req is asked by functions
// of When alone.
func (t *table) find(m *Mapper, s *search, req func() *webob.Request, mark string) (*target, *Match) {
	for {
		s.best, s.limit = nil, none
		s.walk(&t.root, 0)
		switch {
		case s.best == nil:
			return nil, nil
		case s.best.route.when == nil:
			return s.best, nil
		}
		match := s.newMatch(m, s.best, mark)
		if s.best.route.when(req(), match) {
			return s.best, match
		}
		s.after = s.best.number
	}
}

// MatchPath finds the route of a path by itself, as it is written in a template: decoded. A
// condition on the method is not looked at, and one on a host fails; functions of When
// are given a request of that path. It is nil if no route fits.
func (m *Mapper) MatchPath(path string) *Match {
	t := m.tables()
	path, ok := m.below(path)
	var s search
	if !ok || !s.begin(t, path) {
		return nil
	}
	g, match := t.find(m, &s, func() *webob.Request { return blank(path) }, "")
	if g != nil && match == nil {
		match = s.newMatch(m, g, "")
	}
	return match
}

func blank(path string) *webob.Request {
	req := webob.Blank("/")
	req.SetPathInfo(path)
	return req
}

// Match finds the route of a request; nil if none fits, or if the Mapper is broken.
// Nothing is left on the request.
func (m *Mapper) Match(req *webob.Request) *Match {
	var s search
	g, match, mark := m.search(&s, req.Request, func() *webob.Request { return req }, m.method(req))
	if g != nil && match == nil {
		match = s.newMatch(m, g, mark)
	}
	return match
}

// search finds the target of a request. The Match is made if a function was asked.
func (m *Mapper) search(s *search, r *http.Request, req func() *webob.Request, method string) (*target, *Match, string) {
	t := m.tables()
	path, mark := matchForm(r.URL)
	path, ok := m.below(path)
	if !ok || t.broken != nil || !s.begin(t, path) {
		return nil, nil, ""
	}
	s.bit = t.bit(method)
	if m.subDomains || t.hosted {
		s.host, s.sub = m.hostOf(r)
	}
	g, match := t.find(m, s, req, mark)
	return g, match, mark
}

// below takes the Mapper's own prefix off a path.
func (m *Mapper) below(path string) (string, bool) {
	if m.prefix == "" {
		return path, true
	}
	rest, ok := strings.CutPrefix(path, m.prefix)
	if rest == "" {
		rest = "/"
	}
	return rest, ok
}
