package contentneg

import (
	"slices"
	"strings"
)

// LookupOption says what [AcceptLanguage.Lookup] answers where no range fits.
type LookupOption func(*lookup)

// DefaultRange is tried like a range of the field after all of these, unless the
// field refuses everything else by "*;q=0". "*" is refused.
func DefaultRange(languageRange string) LookupOption {
	return func(l *lookup) { l.defaultRange = languageRange }
}

// DefaultTag is answered where no range fits, unless the field refuses it by
// weight 0, alone or by "*;q=0". It need not be among the tags.
func DefaultTag(tag string) LookupOption {
	return func(l *lookup) { l.defaultTag, l.hasTag = tag, true }
}

// Default is answered where nothing else is left. It may be any text, the empty
// one too, by which the caller knows what to do.
func Default(answer string) LookupOption {
	return func(l *lookup) { l.fallback, l.hasFallback = answer, true }
}

// lookup is one search for a language.
type lookup struct {
	tags    []string
	lowered []string // the tags in lower case, "" for those the field refuses

	defaultRange         string
	defaultTag, fallback string
	hasTag, hasFallback  bool
}

// Lookup returns the one tag that fits best, spelt as given (RFC 4647 section
// 3.4). The ranges are tried by weight, then in the order of the field, each
// against all tags and then with its last subtag cut off, until one is equal to
// a tag that no range of weight 0 names exactly. "*" fits nothing by itself.
//
// Where nothing fits, the answer is [DefaultRange], [DefaultTag] and [Default],
// in this order; one of the last two has to be given, else the error is
// [ErrNoDefault]. Where the field is missing, invalid or empty the answer is the
// DefaultTag, else the Default.
func (a AcceptLanguage) Lookup(tags []string, options ...LookupOption) (string, error) {
	l := lookup{tags: tags}
	for _, option := range options {
		option(&l)
	}
	if !l.hasTag && !l.hasFallback {
		return "", ErrNoDefault
	}
	if len(a.list) == 0 {
		return l.last(l.hasTag), nil
	}
	if l.defaultRange == "*" {
		return "", ErrDefaultRange
	}
	return a.lookup(&l), nil
}

// lookup searches a field with at least one range.
func (a AcceptLanguage) lookup(l *lookup) string {
	refused, onlyNamed := a.refused()
	l.lowered = make([]string, len(l.tags))
	for i, tag := range l.tags {
		if low := toLower(tag); !refused[low] {
			l.lowered[i] = low
		}
	}
	for _, r := range a.Preferred() {
		if r.Name == "*" {
			continue
		}
		if i := l.fit(toLower(r.Name)); i >= 0 {
			return l.tags[i]
		}
	}
	if onlyNamed {
		return l.last(false)
	}
	if i := l.fit(toLower(l.defaultRange)); i >= 0 {
		return l.tags[i]
	}
	return l.last(l.hasTag && !refused[toLower(l.defaultTag)])
}

// refused returns the ranges of weight 0, and whether "*" is one of them.
func (a AcceptLanguage) refused() (names map[string]bool, star bool) {
	names = map[string]bool{}
	for _, item := range a.list {
		if item.Q == 0 && item.Name == "*" {
			star = true
		} else if item.Q == 0 {
			names[toLower(item.Name)] = true
		}
	}
	return names, star
}

// fit shortens a range until it is equal to a tag, and returns the tag's index,
// -1 if there is none.
func (l *lookup) fit(r string) int {
	for ; r != ""; r = shorten(r) {
		if i := slices.Index(l.lowered, r); i >= 0 {
			return i
		}
	}
	return -1
}

// shorten cuts off the last subtag, and with it a single letter or digit that
// would be left at the end: it only introduces what follows it.
func shorten(r string) string {
	i := max(strings.LastIndexByte(r, '-'), 0)
	if r = r[:i]; len(r) == 1 {
		return ""
	}
	if i >= 2 && r[i-2] == '-' {
		return r[:i-2]
	}
	return r
}

// last is the answer where no range fits.
func (l *lookup) last(tagFits bool) string {
	if tagFits {
		return l.defaultTag
	}
	return l.fallback
}
