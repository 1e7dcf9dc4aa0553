package deploy

import (
	"strings"
)

// The bounds of interpolation: how deep references may lead on to others, and how
// long a value may become. Ten is Python's. Each reference counts as a few bytes, so that
// those to what is empty come to an end as well.
const (
	maxReferences = 10
	maxValue      = 1 << 20
	referenceOf   = 16
)

// scope is what the references in a section see: its own settings, then the globals of
// its file. Both raw.
type scope struct {
	section, defaults *settings
	literal           map[string]string // globals that are no text of the file: here, __file__
}

func (s scope) lookup(key string) (value string, literal, ok bool) {
	if s.section != nil {
		if v, ok := s.section.m[key]; ok {
			return v.value, false, true
		}
	}
	if v, ok := s.defaults.m[key]; ok {
		return v.value, false, true
	}
	value, ok = s.literal[key]
	return value, true, ok
}

// interpolate replaces %(name)s by that setting's value, and %% by %. cost is what that
// took, in bytes, whether it went well or not.
func (s scope) interpolate(v setting) (value string, cost int, fault *Fault) {
	if strings.IndexByte(v.value, '%') < 0 {
		return v.value, len(v.value), nil
	}
	var e expansion
	if f := s.expand(&e, v.value, v.at, nil); f != nil {
		return "", e.cost(), f
	}
	return e.String(), e.cost(), nil
}

// expansion is a value as it comes about.
type expansion struct {
	strings.Builder
	references int
}

func (e *expansion) cost() int { return e.Len() + e.references*referenceOf }

// expand writes a text with its references replaced. via are those that led to it.
func (s scope) expand(e *expansion, rest string, at place, via []string) *Fault {
	if len(via) >= maxReferences {
		return at.fault(Interpolation, "references lead on more than %d times, or in a circle%s", maxReferences, way(via))
	}
	for {
		i := strings.IndexByte(rest, '%')
		if i < 0 {
			e.WriteString(rest)
			return e.tooLong(at)
		}
		e.WriteString(rest[:i])
		rest = rest[i:]
		if strings.HasPrefix(rest, "%%") {
			e.WriteByte('%')
			rest = rest[2:]
			continue
		}
		name, after, fault := reference(rest, at, via)
		if fault != nil {
			return fault
		}
		value, literal, ok := s.lookup(name)
		if !ok {
			return at.fault(Interpolation, "%%(%s)s: no setting %s in this section, and no global of that name%s%s", name, name, way(via), didYouMean(name, s.names()))
		}
		e.references++
		if literal || strings.IndexByte(value, '%') < 0 {
			e.WriteString(value)
		} else if fault := s.expand(e, value, at, append(via, name)); fault != nil {
			return fault
		}
		if fault := e.tooLong(at); fault != nil {
			return fault
		}
		rest = after
	}
}

// reference reads %(name)s at the start of a text.
func reference(text string, at place, via []string) (name, after string, fault *Fault) {
	if !strings.HasPrefix(text, "%(") {
		return "", "", at.fault(Interpolation, "%% must be followed by %% or (, found: %s; a percent sign is written %%%%%s", at.show(text), way(via))
	}
	end := strings.IndexByte(text, ')')
	if end < 3 || !strings.HasPrefix(text[end:], ")s") {
		return "", "", at.fault(Interpolation, "a reference is written %%(name)s, found: %s%s", at.show(text), way(via))
	}
	return text[2:end], text[end+2:], nil
}

// way tells by which references a text was reached.
func way(via []string) string {
	if len(via) == 0 {
		return ""
	}
	return ", by way of %(" + strings.Join(via, ")s, %(") + ")s"
}

func (e *expansion) tooLong(at place) *Fault {
	switch {
	case e.Len() > maxValue:
		return at.fault(TooLarge, "a value of more than %d bytes", maxValue)
	case e.cost() > maxValue:
		return at.fault(TooLarge, "a value with too many references")
	}
	return nil
}

// names are all that can be referred to, for suggestions.
func (s scope) names() []string {
	var names []string
	if s.section != nil {
		names = append(names, s.section.keys...)
	}
	names = append(names, s.defaults.keys...)
	for key := range s.literal {
		names = append(names, key)
	}
	return names
}
