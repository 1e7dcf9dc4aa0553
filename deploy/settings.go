package deploy

import (
	"maps"
	"slices"
	"strings"
)

// setting is a value with the place where it is written.
type setting struct {
	value string
	at    place
	lines []int // of a value over several lines, where each of them stands
}

// words gives the words of a value, each with its place.
func (s setting) words() (words []string, at []place) {
	for i, line := range strings.Split(s.value, "\n") {
		place := s.at
		if i < len(s.lines) {
			place.line = s.lines[i]
		}
		for _, word := range strings.FieldsFunc(line, isSpace) {
			words = append(words, word)
			at = append(at, place)
		}
	}
	return words, at
}

// settings are keys with their values, in the order in which they were first set.
// They are handed round by reference: what a section that uses another sets is seen by
// whoever holds the other's settings.
type settings struct {
	keys []string
	m    map[string]setting
}

func newSettings() *settings { return &settings{m: map[string]setting{}} }

// settingsOf makes settings of a map, sorted.
func settingsOf(m map[string]string) *settings {
	s := newSettings()
	for _, key := range slices.Sorted(maps.Keys(m)) {
		s.set(key, setting{value: m[key], at: place{key: key}})
	}
	return s
}

func (s *settings) has(key string) bool {
	_, ok := s.m[key]
	return ok
}

func (s *settings) set(key string, v setting) {
	if !s.has(key) {
		s.keys = append(s.keys, key)
	}
	s.m[key] = v
}

// pop takes a setting out.
func (s *settings) pop(key string) (setting, bool) {
	v, ok := s.m[key]
	if ok {
		delete(s.m, key)
		s.keys = slices.DeleteFunc(s.keys, func(k string) bool { return k == key })
	}
	return v, ok
}

// update sets all that o has; a nil o has nothing.
func (s *settings) update(o *settings) {
	if o == nil {
		return
	}
	for _, key := range o.keys {
		s.set(key, o.m[key])
	}
}

func (s *settings) clone() *settings {
	return &settings{slices.Clone(s.keys), maps.Clone(s.m)}
}

// values gives a copy as a plain map.
func (s *settings) values() map[string]string {
	out := make(map[string]string, len(s.m))
	for key, v := range s.m {
		out[key] = v.value
	}
	return out
}
