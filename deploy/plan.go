package deploy

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Plan is an object of a configuration as it will run, with those it is made of. Requests go
// from a node to its Children: one of those of a composite, in a pipeline the last, through all
// the others in their order. A node within filter-with or filter-app has its filters above
// it.
type Plan struct {
	Kind     string            `json:"kind"`               // app, composite, pipeline, filter, server
	Section  string            `json:"section,omitempty"`  // empty for what a URI names
	File     string            `json:"file,omitempty"`     //
	Line     int               `json:"line,omitempty"`     // of the section's header
	Factory  string            `json:"factory,omitempty"`  // name of the factory, as the file says it
	Position string            `json:"position,omitempty"` // in what it is part of: a number, the setting that names it, "filter-with", "next"
	Settings map[string]string `json:"settings,omitempty"` // its own; what may be a secret is masked
	Children []*Plan           `json:"children,omitempty"`

	// App is what the factory has made, a filter around its app. LoadPlan sets it, where
	// nothing is made it is nil.
	App http.Handler `json:"-"`
}

// NewPlan resolves what LoadApp would load, and tells how it is put together. Factories of
// composites are called, with a Loader that gives them stand-ins, to see what they ask
// for; others are not. Faults are those LoadApp finds before it makes anything.
func NewPlan(uri string, r *Registry, opts ...Option) (*Plan, error) {
	return newPlan(wantApp, uri, r, opts)
}

// LoadPlan is LoadApp, and tells how the app that it has made is put together: each App of the plan
// is part of it.
func LoadPlan(uri string, r *Registry, opts ...Option) (http.Handler, *Plan, error) {
	s := newSession(r, newOptions(opts))
	app, n, err := s.loadApp(uri)
	if err != nil {
		return nil, nil, err
	}
	return app, s.plan(n), nil
}

// NewServerPlan is NewPlan for what LoadServer would load.
func NewServerPlan(uri string, r *Registry, opts ...Option) (*Plan, error) {
	return newPlan(wantServer, uri, r, opts)
}

func newPlan(w want, uri string, r *Registry, opts []Option) (*Plan, error) {
	s := newSession(r, newOptions(opts))
	n := s.root(w, uri)
	if err := s.unfit(); err != nil {
		return nil, err
	}
	s.survey = true
	p := s.plan(n)
	if err := s.err(); err != nil {
		return nil, err
	}
	return p, nil
}

// plan describes a node.
func (s *session) plan(n *node) *Plan {
	switch n.role {
	case pipeline:
		p := n.describe("pipeline")
		for i, part := range append(slices.Clone(n.filters), n.app) {
			child := s.plan(part)
			child.Position = strconv.Itoa(i + 1)
			p.Children = append(p.Children, child)
		}
		return p
	case filterWith, filterApp:
		position := "next"
		if n.role == filterWith {
			position = "filter-with"
		}
		outer, inner := s.plan(n.filters[0]), s.plan(n.app)
		inner.Position = position
		last := outer
		for len(last.Children) == 1 {
			last = last.Children[0]
		}
		last.Children = []*Plan{inner}
		return outer
	}
	p := n.describe(map[kinds]string{kindApp: "app", kindComposite: "composite", kindFilter: "filter", kindFilterApp: "filter",
		kindServer: "server", kindRunner: "server"}[n.factory.kind])
	p.Factory = n.factory.name
	if n.factory.kind == kindComposite {
		p.Children = s.parts(n)
	}
	return p
}

// parts asks a composite what it is made of.
func (s *session) parts(n *node) []*Plan {
	l := &loader{s: s, n: n, asked: n.asked}
	if s.survey {
		_, err := guarded(func() (http.Handler, error) { return n.factory.entry.composite(l, n.config()) })
		if err != nil {
			s.refused(n, err)
		}
	}
	var parts []*Plan
	used := map[string]bool{}
	for i, a := range l.asked {
		part := s.plan(a.node)
		part.Position = strconv.Itoa(i + 1)
		if key := l.names(a.name, used); key != "" {
			part.Position = key
			used[key] = true
		}
		parts = append(parts, part)
	}
	return parts
}

// names is the setting that names what is asked for. Of several that name the same, each
// counts once.
func (l *loader) names(name string, used map[string]bool) string {
	for _, key := range l.n.locals.keys {
		if l.n.locals.m[key].value == name && !used[key] {
			return key
		}
	}
	return l.origin(name).key
}

func (n *node) describe(kind string) *Plan {
	p := &Plan{Kind: kind, App: n.made}
	if n.at.key == "" { // else it is a URI that stands in a setting
		p.Section, p.File, p.Line = n.at.section, n.at.file, n.at.line
	}
	for key, v := range n.locals.m {
		if p.Settings == nil {
			p.Settings = map[string]string{}
		}
		p.Settings[key] = masked(key, v.value)
	}
	return p
}

// secrets are words in the names of settings whose values are not shown.
var secrets = []string{"password", "passwd", "passphrase", "secret", "token", "key", "credential", "private"}

func secret(key string) bool {
	key = strings.ToLower(key)
	return slices.ContainsFunc(secrets, func(word string) bool { return strings.Contains(key, word) })
}

// masked hides the value of what may be a secret, and passwords within URLs.
func masked(key, value string) string {
	if secret(key) && value != "" {
		return "***"
	}
	return userinfo.ReplaceAllString(value, "$1***@")
}
