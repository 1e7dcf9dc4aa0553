package deploy

import (
	"slices"
	"strings"
)

// find finds the section of a name.
func (l *fileFinder) find(w want, name string, from place) *iniSection {
	if l.s.over() {
		return nil
	}
	var found []*iniSection
	for _, group := range wants[w].prefixes {
		for _, prefix := range group {
			if here := l.file.named(prefix, name); len(here) > 0 {
				found = append(found, here...)
				break
			}
		}
	}
	if len(found) == 0 && name == "main" {
		found = l.file.bare(w)
	}
	if from.file == "" {
		from = place{file: l.file.path}
	}
	switch len(found) {
	case 1:
		return found[0]
	case 0:
		l.s.add(from.fault(NotFound, "no section %s for %s (%s) in %s%s", quote(name), w.says(), prefixes(w), l.file.path,
			didYouMean(name, l.file.names(w))))
	default:
		var names []string
		for _, section := range found {
			names = append(names, section.at.String())
		}
		l.s.add(from.fault(NotFound, "more than one section %s for %s in %s: %s", quote(name), w.says(), l.file.path, strings.Join(names, ", ")))
	}
	return nil
}

func prefixes(w want) string {
	return strings.Join(slices.Concat(wants[w].prefixes...), ":, ") + ":"
}

// named finds the sections of a type and a name.
func (f *iniFile) named(prefix, name string) []*iniSection {
	if f.index == nil {
		f.index = map[string][]*iniSection{}
		for _, section := range f.sections {
			if prefix, rest, ok := strings.Cut(section.name, ":"); ok {
				key := prefix + ":" + strings.TrimFunc(rest, isSpace)
				f.index[key] = append(f.index[key], section)
			}
		}
	}
	return f.index[prefix+":"+name]
}

// bare finds [app] for [app:main], as PasteDeploy's documentation says.
func (f *iniFile) bare(w want) (found []*iniSection) {
	for _, section := range f.sections {
		if slices.Contains(slices.Concat(wants[w].prefixes...), section.name) {
			found = append(found, section)
		}
	}
	return found
}

// names are all names of sections that fit, for suggestions.
func (f *iniFile) names(w want) (names []string) {
	for _, section := range f.sections {
		if prefix, rest, ok := strings.Cut(section.name, ":"); ok && slices.Contains(slices.Concat(wants[w].prefixes...), prefix) {
			names = append(names, strings.TrimFunc(rest, isSpace))
		}
	}
	return names
}
