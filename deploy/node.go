package deploy

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// node is an object before it is made. Settings of nodes are shared on purpose: what a
// section adds to the one that it uses reaches whatever that shares them with, and nothing else,
// as in PasteDeploy.
type node struct {
	want            want
	role            role
	factory         factory // of a single one
	globals, locals *settings
	finder          finder // for composites
	at              place  // section, or what names an egg
	stack           []frame
	broken          bool // some of its settings are not known

	app     *node   // of a pipeline its last, of a filter-app and filter-with what is wrapped
	filters []*node // in the order in which requests meet them

	made  http.Handler // by a load
	asked []asked      // of a composite, by a load
}

type role uint8

const (
	single role = iota
	pipeline
	filterApp
	filterWith
)

// factory is what makes a single node.
type factory struct {
	name  string // as the file says it
	kind  kinds  // 0: the section that uses it will say
	entry *entry
}

// entryOf finds an entry of an egg.
func (r *Registry) entryOf(w want, dist, name string, from place) (factory, *Fault) {
	e := r.entries[eggName(dist, name)]
	var found []factory
	for _, group := range wants[w].keys {
		for _, key := range group {
			kind := protocolKind(key)
			if e == nil || e.kinds&(kind|kindIndirect) == 0 || slices.ContainsFunc(found, func(f factory) bool { return f.kind == kind }) {
				continue
			}
			found = append(found, factory{name, kind, e})
			break
		}
	}
	switch {
	case len(found) == 1:
		return found[0], found[0].fault(from)
	case len(found) > 1:
		return factory{}, from.fault(NotFound, "egg:%s has two entries %s, as an app and as a composite", dist, name)
	}
	keys := strings.Join(slices.Concat(wants[w].keys...), ", ")
	return factory{}, from.fault(NotFound, "egg:%s has no entry %s that makes %s (%s)%s", dist, name, w.says(), keys,
		instead(name, r.entriesOf(dist, w)))
}

// maxListed is how many entries a fault lists.
const maxListed = 40

// instead suggests the entry that was meant, or tells which there are.
func instead(name string, entries []string) string {
	if hint := didYouMean(name, entries); hint != "" || len(entries) == 0 {
		return hint
	}
	slices.Sort(entries)
	more := ""
	if len(entries) > maxListed {
		entries, more = entries[:maxListed], ", ..."
	}
	return "; there are " + strings.Join(entries, ", ") + more
}

// entriesOf gives the names of a distribution's entries for a want.
func (r *Registry) entriesOf(dist string, w want) (names []string) {
	var all kinds
	for _, key := range slices.Concat(wants[w].keys...) {
		all |= protocolKind(key)
	}
	prefix := "egg:" + foldDist(dist) + "#"
	for key, e := range r.entries {
		if name, ok := strings.CutPrefix(key, prefix); ok && e.kinds&all != 0 {
			names = append(names, name)
		}
	}
	return names
}

// object finds the factory of a kind that module:attribute names.
func (r *Registry) object(kind kinds, name string, from place) (factory, *Fault) {
	module, attr, _ := strings.Cut(name, ":")
	e := r.byName(name)
	switch {
	case e == nil && attr != "" && r.hasModule(module):
		return factory{}, from.fault(NotRegistered, "%s is not registered%s", name, didYouMean(name, r.Names()))
	case e == nil:
		return factory{}, from.fault(NotRegistered, "%s is not registered, nor anything else of %s%s", name, module, didYouMean(name, r.Names()))
	}
	for _, k := range []kinds{kind, kindIndirect} {
		if e.kinds&k != 0 {
			f := factory{name, kind, e}
			return f, f.fault(from)
		}
	}
	return factory{}, from.fault(NotRegistered, "%s is registered, but not as %s: it is %s", name, saysKind(kind), e.says())
}

// fault tells of a factory that was registered as nil.
func (f factory) fault(from place) *Fault {
	e := f.entry
	if e.kinds&f.kind == 0 { // indirect
		return nil
	}
	switch {
	case f.kind == kindApp && e.app != nil, f.kind == kindComposite && e.composite != nil,
		f.kind == kindFilter && e.filter != nil, f.kind == kindFilterApp && e.filterApp != nil,
		f.kind == kindServer && e.server != nil, f.kind == kindRunner && e.runner != nil:
		return nil
	}
	return from.fault(Refused, "%s is registered as nil, which is not callable", e.name)
}

// says names the kinds of an entry.
func (e *entry) says() string {
	var says []string
	for _, p := range protocols {
		if e.kinds&p.kind != 0 && !slices.Contains(says, p.says) {
			says = append(says, p.says)
		}
	}
	return strings.Join(says, ", ")
}

func protocolKind(key string) kinds {
	for _, p := range protocols {
		if p.name == key {
			return p.kind
		}
	}
	return 0
}

func saysKind(kind kinds) string {
	for _, p := range protocols {
		if p.kind == kind {
			return p.says
		}
	}
	return fmt.Sprint(uint8(kind))
}

// core is the node that settings given to n should reach.
func (n *node) core() *node {
	switch n.role {
	case filterWith:
		return n.app.core()
	case filterApp:
		return n.filters[0].core()
	}
	return n
}

// settle finds the second factory of every Indirect below n, when all settings are known.
func (s *session) settle(n *node) {
	if n == nil {
		return
	}
	s.settle(n.app)
	for _, f := range n.filters {
		s.settle(f)
	}
	e := n.factory.entry
	if n.role == single && n.factory.kind == 0 {
		s.add(n.at.fault(NotFound, "call:%s stands outside of a use line, and so nothing says what kind of factory it names: make it a section", n.factory.name))
		return
	}
	if n.role != single || e.kinds&n.factory.kind != 0 {
		return
	}
	second, ok := n.locals.pop(e.key)
	if !ok {
		s.add(n.at.fault(NotFound, "%s takes the name of what it makes from a setting %s, which is missing%s", n.factory.name, e.key,
			didYouMean(e.key, n.locals.keys)))
		return
	}
	kind := n.factory.kind
	if e2 := s.reg.byName(second.value); e2 != nil && kind == kindFilter && e2.kinds&kindFilter == 0 && e2.kinds&kindFilterApp != 0 {
		kind = kindFilterApp
	}
	found, fault := s.reg.object(kind, second.value, second.at)
	switch {
	case fault != nil:
		s.add(fault)
	case found.entry.kinds&kind == 0:
		s.add(second.at.fault(Circle, "%s takes its name from a setting itself", second.value))
	default:
		n.factory = found
		if found.kind == kindComposite {
			s.met = append(s.met, n)
		}
	}
}
