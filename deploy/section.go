package deploy

import (
	"slices"
	"strings"
)

// fileFinder finds sections of a file.
type fileFinder struct {
	s        *session
	file     *iniFile
	given    *settings // globals the file gets where it has none of its own
	raw      *settings // both, as they are written
	computed *settings // both, as they read
}

// scope is what references in a section of the file see.
func (l *fileFinder) scope(section *settings) scope {
	if l.raw == nil {
		l.raw = l.file.defaults
		if l.given != nil && len(l.given.keys) > 0 {
			l.raw = l.raw.clone()
			for _, key := range l.given.keys {
				if !l.raw.has(key) && key != "here" && key != "__file__" {
					l.raw.set(key, l.given.m[key])
				}
			}
		}
	}
	return scope{section, l.raw, map[string]string{"here": l.file.dir, "__file__": l.file.abs}}
}

// defaults are the globals of the file, as they read.
func (l *fileFinder) defaults() *settings {
	if l.computed != nil {
		return l.computed
	}
	l.computed = newSettings()
	sc := l.scope(nil)
	for _, key := range []string{"here", "__file__"} {
		l.computed.set(key, setting{value: sc.literal[key], at: place{key: key}})
	}
	for _, key := range sc.defaults.keys {
		raw := sc.defaults.m[key]
		value, cost, fault := sc.interpolate(raw)
		if !l.s.spend(workOf+cost, raw.at) {
			break
		}
		if fault != nil {
			if fault.File == "" { // a global from outside
				fault.File = l.file.path
			}
			l.s.add(fault)
			value = raw.value
		}
		if value == "" && raw.value != "" { // as PasteDeploy
			l.s.warn(raw.at, "%s refers to what is empty, and so it stands as it is written", quote(raw.value))
			value = raw.value
		}
		l.computed.set(key, setting{value: value, at: raw.at})
	}
	return l.computed
}

// resolve finds an object by the name of its section, or by its URI.
func (l *fileFinder) resolve(w want, name string, globals *settings, from place) *node {
	if scheme.MatchString(name) {
		return l.s.resolveURI(w, name, "main", false, dirOf(l.file.path), globals, from)
	}
	section := l.find(w, name, from)
	if section == nil || !l.s.enter(frame{w, l.file.abs, section.name}, from) {
		return nil
	}
	defer l.s.leave()
	return l.node(w, section, globals)
}

// dirOf is the directory of a path, not cleaned.
func dirOf(path string) string {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "."
	}
	return path[:max(i, 1)]
}

// contents are the settings of a section, sorted by what they are for.
type contents struct {
	section *iniSection
	globals *settings // those the object gets, "set" lines included
	locals  *settings
	added   *settings // what "set" lines set
	broken  bool      // some are not known: what seems to be missing may be among them
}

// read reads a section's settings. Keys with "set" and "get" in [DEFAULT] count in every
// section; its others are globals.
func (l *fileFinder) read(section *iniSection, globals *settings) contents {
	defaults := l.defaults()
	c := contents{section: section, globals: newSettings(), locals: newSettings(), added: newSettings(),
		broken: section.damaged || l.file.damaged}
	if !l.s.spend(workOf*(len(defaults.keys)+len(section.keys.keys)), section.at) {
		c.broken = true
		return c
	}
	c.globals = defaults.clone()
	c.globals.update(globals)
	sc := l.scope(section.keys)
	gets := newSettings()
	for _, key := range slices.Concat(section.keys.keys, sc.defaults.keys) {
		raw, own := section.keys.m[key]
		if !own {
			raw = sc.defaults.m[key]
		}
		name, sets := strings.CutPrefix(key, "set ")
		name, reads := strings.CutPrefix(name, "get ")
		if !sets && !reads && (!own || defaults.has(key)) {
			l.overruled(raw, own)
			continue
		}
		value, cost, fault := sc.interpolate(raw)
		if fault != nil {
			l.s.add(fault)
			c.broken = true
		}
		if !l.s.spend(cost, raw.at) {
			c.broken = true
			break
		}
		if fault != nil {
			continue
		}
		v := setting{value: value, at: raw.at}
		if value == raw.value {
			v.lines = raw.lines
		}
		switch name = strings.TrimFunc(name, isSpace); {
		case sets:
			c.globals.set(name, v)
			c.added.set(name, v)
		case reads:
			gets.set(name, v)
		default:
			c.locals.set(key, v)
		}
	}
	l.get(&c, gets)
	return c
}

// overruled warns of a section's own setting that a global of its name keeps out.
func (l *fileFinder) overruled(s setting, own bool) {
	if own {
		l.s.warn(s.at, "%s is a global as well, and so this line has no effect: write \"set %s = ...\" to change it here", s.at.key, s.at.key)
	}
}

// get makes settings of globals.
func (l *fileFinder) get(c *contents, gets *settings) {
	for _, key := range gets.keys {
		ask := gets.m[key]
		global, ok := c.globals.m[ask.value]
		if !ok {
			l.s.add(ask.at.fault(NoGlobal, "there is no global %s%s", quote(ask.value), didYouMean(ask.value, c.globals.keys)))
			c.broken = true
			continue
		}
		c.locals.set(key, setting{value: global.value, at: ask.at})
	}
}

// node makes a node of a section.
func (l *fileFinder) node(w want, section *iniSection, globals *settings) *node {
	c := l.read(section, globals)
	var outer setting
	wrapped := false
	if w != wantServer {
		outer, wrapped = c.locals.pop("filter-with")
	}
	if require, ok := c.locals.pop("require"); ok {
		dists, at := require.words()
		for i, dist := range dists {
			if !l.s.reg.hasDist(dist) {
				l.s.add(at[i].fault(NotRegistered, "%s is required and not registered: no factory named egg:%s#...%s", dist, dist, didYouMean(dist, l.s.reg.dists())))
			}
		}
	}
	n := l.inner(w, c)
	if !wrapped {
		return n
	}
	filter := l.resolve(wantFilter, outer.value, c.globals, outer.at)
	if n == nil || filter == nil {
		return nil
	}
	return &node{want: w, role: filterWith, globals: c.globals, locals: c.locals, at: section.at, app: n, filters: []*node{filter}}
}

// inner makes the node within filter-with.
func (l *fileFinder) inner(w want, c contents) *node {
	switch {
	case strings.HasPrefix(c.section.name, "filter-app:"), c.section.name == "filter-app":
		return l.filterApp(c)
	case strings.HasPrefix(c.section.name, "pipeline:"), c.section.name == "pipeline":
		return l.pipeline(c)
	case c.locals.has("use"):
		return l.used(w, c)
	}
	return l.explicit(w, c)
}

// missing tells of a setting that must be there, unless its line was not understood.
func (l *fileFinder) missing(c contents, format string, args ...any) *node {
	if c.broken {
		return nil
	}
	return l.s.add(c.section.at.fault(NotFound, format, args...))
}

func (l *fileFinder) pipeline(c contents) *node {
	names, ok := c.locals.pop("pipeline")
	if !ok {
		return l.missing(c, "the section has no setting pipeline%s", didYouMean("pipeline", c.locals.keys))
	}
	for _, key := range c.locals.keys {
		l.s.add(c.locals.m[key].at.fault(BadSetting, "a pipeline has no settings but pipeline and filter-with; %s would reach nobody", key))
	}
	list, at := names.words()
	if len(list) == 0 {
		return l.s.add(names.at.fault(NotFound, "a pipeline without an app"))
	}
	last := len(list) - 1
	n := &node{want: wantApp, role: pipeline, globals: c.globals, locals: newSettings(), at: c.section.at}
	n.app = l.resolve(wantApp, list[last], c.globals, at[last])
	whole := n.app != nil && len(c.locals.keys) == 0
	for i, name := range list[:last] {
		filter := l.resolve(wantFilter, name, c.globals, at[i])
		n.filters = append(n.filters, filter)
		whole = whole && filter != nil
	}
	if !whole {
		return nil
	}
	return n
}

func (l *fileFinder) filterApp(c contents) *node {
	next, ok := c.locals.pop("next")
	if !ok {
		l.missing(c, "the section has no setting next, which names the app behind the filter%s", didYouMean("next", c.locals.keys))
		return nil
	}
	app := l.resolve(wantApp, next.value, c.globals, next.at)
	var filter *node
	if c.locals.has("use") {
		filter = l.used(wantFilter, c)
	} else {
		filter = l.explicit(wantFilter, c)
	}
	if app == nil || filter == nil {
		return nil
	}
	return &node{want: wantApp, role: filterApp, globals: c.globals, locals: c.locals, at: c.section.at, app: app, filters: []*node{filter}}
}

// used resolves what "use" names, and gives it the settings beside.
func (l *fileFinder) used(w want, c contents) *node {
	use, _ := c.locals.pop("use")
	n := l.resolve(w, use.value, c.globals, use.at)
	if n == nil {
		return nil
	}
	core := n.core()
	for _, key := range c.locals.keys {
		at := c.locals.m[key].at
		switch {
		case core.role == pipeline:
			l.s.add(at.fault(BadSetting, "%s is a pipeline, which takes no settings; %s would reach nobody", use.value, key))
		case core.locals != n.locals:
			l.s.warn(at, "%s has a filter of its own around it, so that this line does not reach it", use.value)
		}
	}
	n.globals.update(c.added)
	n.locals.update(c.locals)
	if file, ok := c.globals.m["__file__"]; ok {
		n.globals.set("__file__", file)
	}
	n.finder = l
	n.broken = n.broken || c.broken
	if n.role != single {
		return n
	}
	n.at = c.section.at
	if n.factory.kind == 0 {
		return l.called(n, c.section, use)
	}
	return n
}

// called finds the factory of call:, now that the section's type says its kind.
func (l *fileFinder) called(n *node, section *iniSection, use setting) *node {
	prefix, _, _ := strings.Cut(section.name, ":")
	kind, ok := map[string]kinds{"app": kindApp, "application": kindApp, "composite": kindComposite, "composit": kindComposite,
		"filter": kindFilter, "server": kindServer}[prefix]
	if !ok {
		return l.s.add(use.at.fault(NotFound, "call: does not say what kind of factory it names, nor does a section %s: write paste.filter_factory or paste.filter_app_factory", prefix))
	}
	found, fault := l.s.reg.object(kind, n.factory.name, use.at)
	if fault != nil {
		return l.s.add(fault)
	}
	n.factory = found
	return l.s.made(n)
}

// explicit finds the factory that a paste.*_factory setting names.
func (l *fileFinder) explicit(w want, c contents) *node {
	var found []string
	for _, group := range wants[w].keys {
		for _, key := range group {
			if c.locals.has(key) {
				found = append(found, key)
				break
			}
		}
	}
	switch {
	case len(found) > 1:
		return l.s.add(c.section.at.fault(NotFound, "more than one setting says what makes this: %s", strings.Join(found, ", ")))
	case len(found) == 0:
		return l.missing(c, "nothing says what makes this: no setting use, nor %s%s", strings.Join(slices.Concat(wants[w].keys...), ", "),
			didYouMean("use", c.locals.keys))
	}
	named, _ := c.locals.pop(found[0])
	name, ok := objectName(named.value)
	if !ok {
		return l.s.add(named.at.fault(NotRegistered, "%s is not of the form module:attribute", quote(named.value)))
	}
	made, fault := l.s.reg.object(protocolKind(found[0]), name, named.at)
	if fault != nil {
		return l.s.add(fault)
	}
	return l.s.made(&node{want: w, factory: made, globals: c.globals, locals: c.locals, finder: l, at: c.section.at, broken: c.broken})
}
