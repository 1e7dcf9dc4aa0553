package deploy

import (
	"cmp"
	"slices"
	"strings"
)

// Check loads every section of a file that can be loaded, each by itself, and tells all that
// is wrong with them: it returns Faults, or nil when all is well. Warnings go to the log, or to
// OnWarning. What was made is closed again; servers do not start. Sections that belong to
// other programs ([loggers], [uwsgi]) are passed over. For an egg: or call: URI the one object is
// checked.
func Check(uri string, r *Registry, opts ...Option) error {
	s := newSession(r, newOptions(opts))
	if strings.Contains(uri, ":") && !strings.HasPrefix(strings.ToLower(uri), "config:") {
		if n := s.root(wantApp, uri); n != nil {
			s.app(n)
		}
	} else {
		s.checkFile(uri)
	}
	closeAll(s.closers)
	s.sortFaults()
	return s.err()
}

func (s *session) checkFile(uri string) {
	spec, _, _ := strings.Cut(uri, "#")
	if i := strings.IndexByte(spec, ':'); i >= 0 {
		spec = spec[i+1:]
	} else {
		spec = strings.ReplaceAll(spec, "%", "%25")
	}
	l := s.file(spec, s.opts.dir, settingsOf(s.opts.globals), place{})
	if l == nil {
		return
	}
	l.defaults()
	for _, section := range l.file.sections {
		l.checkSection(section)
	}
}

func (l *fileFinder) checkSection(section *iniSection) {
	prefix, name, named := strings.Cut(section.name, ":")
	name = strings.TrimFunc(name, isSpace)
	if !named {
		name = "main"
	}
	for w := range wants {
		if slices.Contains(slices.Concat(wants[w].prefixes...), prefix) {
			l.checkNamed(want(w), name, section)
			return
		}
	}
	var known []string
	for w := range wants {
		known = append(known, slices.Concat(wants[w].prefixes...)...)
	}
	if hint := didYouMean(strings.TrimFunc(prefix, isSpace), known); hint != "" && named {
		l.s.warn(section.at, "sections of type %s are passed over%s", quote(prefix), hint)
	}
}

// checkNamed loads one section as far as that goes.
func (l *fileFinder) checkNamed(w want, name string, section *iniSection) {
	s := l.s
	s.stack = nil
	s.nodes = 0
	before := len(s.faults)
	n := l.resolve(w, name, settingsOf(s.opts.globals), section.at)
	s.settle(n)
	if n == nil || len(s.faults) > before {
		return
	}
	switch w {
	case wantApp:
		s.app(n)
	case wantFilter:
		if filter := s.filter(n); filter != nil {
			s.trial(filter)
		}
	case wantServer:
		s.server(n)
	}
}

// sortFaults puts faults in the order of the files' lines.
func (s *session) sortFaults() {
	files := map[string]int{}
	for _, f := range s.faults {
		if _, ok := files[f.File]; !ok {
			files[f.File] = len(files)
		}
	}
	slices.SortStableFunc(s.faults, func(a, b *Fault) int {
		return cmp.Or(cmp.Compare(files[a.File], files[b.File]), cmp.Compare(a.Line, b.Line))
	})
}
