package routes

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// Route is one route of a Mapper. It is never changed.
type Route struct {
	*spec
	mapper   *Mapper
	path     string // as it was connected
	t        *template
	external bool   // a static route to another site
	target   *Route // of a redirect
	err      error  // why it is broken

	lead      string // the static beginning, by which routes are ordered
	slots     []slot // what a match has, variables first
	optional  map[string]bool
	maxKeys   map[string]bool // variables and defaults
	needed    []string        // variables without which no URL can be made
	hardcoded []string        // defaults that are no variables
	pattern   string
	native    bool // the handler is an app of ours
	fn        Func // the handler, if it is one
	shift     bool // has a variable path_info
}

// slot is one name of a match.
type slot struct {
	name     string
	variable bool
	text     string // the default
	has      bool   // there is a default, perhaps
	none     bool   // that there is no value
}

// newRoute makes a route of its path and options. It is never nil: a broken one keeps its
// error.
func newRoute(path string, s *spec) *Route {
	r := &Route{spec: s, path: path}
	if s.static {
		s.minimize = false
		r.external = strings.Contains(path, "://")
	}
	text := path
	switch {
	case s.minimize:
		text = strings.TrimPrefix(path, "/")
	case !s.static && !strings.HasPrefix(path, "/"):
		text = "/" + path
	}
	r.t, r.err = newTemplate(text, s.reqs, s.static)
	if r.err == nil && len(s.faults) > 0 {
		r.err = fmt.Errorf("routes: %q: %w", path, s.faults[0])
	}
	if r.err != nil {
		return r
	}
	r.addDefaults()
	r.survey()
	_, r.native = s.handler.(webob.Responder)
	r.fn, _ = s.handler.(Func)
	return r
}

// addDefaults gives what an implicit route has without being told.
func (r *Route) addDefaults() {
	if !r.implicit {
		return
	}
	for name, value := range map[string]string{"controller": "content", "action": "index"} {
		if !r.hasDefault(name) && (name == "action" || !r.isVariable(name) && r.handler == nil) {
			r.defaults[name] = value
		}
	}
	if r.isVariable("id") && !r.hasDefault("id") {
		r.none["id"] = true
	}
}

func (r *Route) isVariable(name string) bool { return slices.Contains(r.t.names, name) }

func (r *Route) hasDefault(name string) bool {
	_, ok := r.defaults[name]
	return ok || r.none[name]
}

// survey works out what matching and generating ask again and again.
func (r *Route) survey() {
	r.maxKeys, r.optional = map[string]bool{}, map[string]bool{}
	for _, p := range r.t.parts {
		if p.isText() {
			continue
		}
		text, has := r.defaults[p.name]
		r.slots = append(r.slots, slot{p.name, true, text, has || r.none[p.name], r.none[p.name]})
		r.maxKeys[p.name] = true
		r.optional[p.name] = p.kind == '.'
		r.shift = r.shift || p.name == "path_info"
	}
	for _, name := range slices.Sorted(maps.Keys(r.defaults)) {
		if !r.maxKeys[name] {
			r.slots = append(r.slots, slot{name, false, r.defaults[name], true, false})
			r.hardcoded = append(r.hardcoded, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.none)) {
		if !r.maxKeys[name] {
			r.slots = append(r.slots, slot{name, false, "", true, true})
		}
	}
	for _, s := range r.slots {
		r.maxKeys[s.name] = true
	}
	r.needed = r.neededKeys()
	for _, p := range r.t.parts {
		if !p.isText() {
			break
		}
		r.lead += p.text
	}
	if r.minimize && !strings.HasPrefix(r.lead, "/") {
		r.lead = "/" + r.lead
	}
	r.lead = strings.TrimRight(r.lead, "/")
	r.pattern = r.t.normal()
}

// neededKeys are the variables that a URL cannot be made without: all, or with
// minimization those without a default and those before them.
func (r *Route) neededKeys() (names []string) {
	if !r.minimize {
		return slices.Clone(r.t.names)
	}
	gaps := false
	for _, p := range slices.Backward(r.t.parts) {
		switch {
		case p.isText():
			gaps = gaps || !isDelimiter(p.text)
		case gaps || !r.hasDefault(p.name):
			names = append(names, p.name)
			gaps = true
		}
	}
	return names
}

func isDelimiter(s string) bool { return len(s) == 1 && strings.Contains(delimiters, s) }

// Name is the name the route was given, or "".
func (r *Route) Name() string { return r.name }

// Path is the template as it was connected, with the prefixes of its SubMappers.
func (r *Route) Path() string { return r.path }

// Pattern is the template in the notation of http.ServeMux, for metrics and logs: each
// variable is {name}, a wildcard at the end {name...}. A request that has matched has it
// as its Pattern.
func (r *Route) Pattern() string { return r.pattern }

// Methods are the methods the route is for; nil for all.
func (r *Route) Methods() []string { return slices.Clone(r.methods) }

// Names are the names that every match of this route has, its variables first.
func (r *Route) Names() []string {
	names := make([]string, len(r.slots))
	for i, s := range r.slots {
		names[i] = s.name
	}
	return names
}

// Default is the default of a name. set is false where there is none, and valued is
// where it is no value (Optional).
func (r *Route) Default(name string) (value string, set, valued bool) {
	value, valued = r.defaults[name]
	return value, valued || r.none[name], valued
}

// Requirements are the regular expressions by their variables.
func (r *Route) Requirements() map[string]string {
	exprs := map[string]string{}
	if r.t != nil {
		for name, req := range r.t.reqs {
			exprs[name] = req.expr
		}
	}
	return exprs
}

// Handler is what answers, or nil.
func (r *Route) Handler() http.Handler { return r.handler }

// Redirect is the status of a redirect, 0 for other routes.
func (r *Route) Redirect() int {
	if r.target == nil {
		return 0
	}
	return r.code
}

// Parent is the resource that this one's resource is nested in, as Parent was told.
func (r *Route) Parent() (member, collection string) { return r.parent[0], r.parent[1] }

// Err is why the route is broken, or nil. Mapper.Err has the errors of all routes.
func (r *Route) Err() error { return r.err }
