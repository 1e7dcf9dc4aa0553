package header

import "strings"

// If-Match and If-None-Match hold entity tags, or a star for any
// representation, RFC 9110, sections 13.1.1 and 13.1.2:
//
//	If-Match      = "*" / #entity-tag
//	If-None-Match = "*" / #entity-tag
//
//	If-Match: "xyzzy", "r2d2xxxx"
//	If-None-Match: W/"xyzzy", *
//
// (The second is bad: a star stands alone.) Several lines are one list. To
// evaluate them, ask IfMatchHolds and IfNoneMatchHolds, which do not build
// the list.
var (
	// IfMatch is for a request that must not touch what it has not seen.
	// WebOb: Request.if_match.
	IfMatch = NewField("If-Match", parseTags, EntityTags.format)
	// IfNoneMatch is for a request that wants only what it has not got.
	// WebOb: Request.if_none_match.
	IfNoneMatch = NewField("If-None-Match", parseTags, EntityTags.format)
)

// EntityTags is what If-Match and If-None-Match hold.
type EntityTags struct {
	// Any is a star: any current representation matches.
	Any bool
	// Tags are the tags; empty where Any is true.
	Tags []EntityTag
}

// Strong tells whether t matches by strong comparison, as for If-Match.
func (e EntityTags) Strong(t EntityTag) bool {
	for _, u := range e.Tags {
		if u.StrongEqual(t) {
			return true
		}
	}
	return e.Any
}

// Weak tells whether t matches by weak comparison, as for If-None-Match.
func (e EntityTags) Weak(t EntityTag) bool {
	for _, u := range e.Tags {
		if u.WeakEqual(t) {
			return true
		}
	}
	return e.Any
}

// String is the value as it is sent.
func (e EntityTags) String() string {
	if e.Any {
		return "*"
	}
	var b strings.Builder
	for i, t := range e.Tags {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(t.String())
	}
	return b.String()
}

// format is String, but refuses what is no tag.
func (e EntityTags) format() (string, error) {
	for _, t := range e.Tags {
		if _, err := t.format(); err != nil {
			return "", err
		}
	}
	if e.Any && len(e.Tags) > 0 {
		return "", bad("", -1, syntaxError("a star stands alone"))
	}
	return e.String(), nil
}

// parseTags builds the list.
func parseTags(lines []string) (EntityTags, error) {
	var e EntityTags
	if allEmpty(lines) {
		return e, ErrAbsent
	}
	any, err := WalkTags(lines, func(t EntityTag) bool {
		e.Tags = append(e.Tags, t)
		return true
	})
	if err != nil {
		return EntityTags{}, err
	}
	e.Any = any
	return e, nil
}

// allEmpty tells whether there is nothing in any line, which counts as no field.
func allEmpty(lines []string) bool {
	for _, line := range lines {
		if line != "" {
			return false
		}
	}
	return true
}

// WalkTags reads the lines of an If-Match or If-None-Match to their end and shows each
// tag until more says no, without building a list; star tells that they are a star,
// which has no tags. In a bad list nothing counts, whatever has been shown: the
// error says why. IfMatchHolds and IfNoneMatchHolds are made of it. Nothing is
// allocated.
func WalkTags(lines []string, more func(EntityTag) bool) (star bool, err error) {
	if len(lines) == 1 && trimOWS(lines[0]) == "*" {
		return true, nil
	}
	wanted := true
	for _, line := range lines {
		for i := skipOWS(line, 0); i < len(line); i = skipOWS(line, i) {
			if line[i] == ',' {
				i++
				continue
			}
			t, end, ok := scanTag(line, i)
			if !ok {
				return false, bad(line, end, errTag)
			}
			if i = skipOWS(line, end); i < len(line) && line[i] != ',' {
				return false, bad(line, i, syntaxError("comma expected"))
			}
			wanted = wanted && more(t)
		}
	}
	return false, nil
}

// IfMatchHolds tells whether the If-Match of a request holds for a
// representation with this ETag (the field's value, with its quotes; "" for a
// representation without one). Without the field it holds. A bad one does not
// hold, and the error says why: whoever ignores it, refuses to overwrite.
// Where there is no current representation at all a present If-Match is false;
// ask for IfMatch then. Nothing is allocated.
func IfMatchHolds(h Map, etag string) (bool, error) {
	lines := linesOf(h, "If-Match")
	if allEmpty(lines) {
		return true, nil
	}
	found, err := matchTag(lines, etag, false)
	return found, IfMatch.named(err)
}

// IfNoneMatchHolds tells whether the If-None-Match of a request holds, that is
// whether none of its tags is that of the representation (weak comparison; see
// IfMatchHolds for etag). Without the field it holds. A bad one holds too, and
// the error says why: whoever ignores it answers in full. Nothing is allocated.
func IfNoneMatchHolds(h Map, etag string) (bool, error) {
	lines := linesOf(h, "If-None-Match")
	if allEmpty(lines) {
		return true, nil
	}
	found, err := matchTag(lines, etag, true)
	return !found, IfNoneMatch.named(err)
}

// matchTag looks for a tag in a list, or a star. In a bad list it finds nothing.
func matchTag(lines []string, etag string, weak bool) (bool, error) {
	want, isWeak := strings.CutPrefix(etag, "W/")
	eligible, found := weak || !isWeak, false
	star, err := WalkTags(lines, func(t EntityTag) bool {
		found = eligible && (weak || !t.Weak) && t.quoted(want)
		return !found
	})
	return err == nil && (found || star), err
}

// quoted tells whether s is the opaque tag in its quotes: a text that is equal to
// what has been parsed need not be parsed.
func (t EntityTag) quoted(s string) bool {
	return len(s) == len(t.Tag)+2 && s[0] == '"' && s[1:len(s)-1] == t.Tag && s[len(s)-1] == '"'
}

// named puts the field's name into an error of its parser.
func (f Field[T]) named(err error) error {
	if err == nil {
		return nil
	}
	return f.fault("", err)
}
