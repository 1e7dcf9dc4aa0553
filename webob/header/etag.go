package header

import "strings"

// ETag is the entity tag of the selected representation, RFC 9110, section
// 8.8.3:
//
//	ETag       = entity-tag
//	entity-tag = [ weak ] opaque-tag
//	weak       = %s"W/"
//	opaque-tag = DQUOTE *etagc DQUOTE
//
//	ETag: "xyzzy"
//	ETag: W/"xyzzy"
//	ETag: ""
//
// Set refuses a tag that cannot be written: one with a quote, white space or a
// control character in it, as tags know no escapes. WebOb: Response.etag,
// Response.etag_strong.
var ETag = NewField("ETag", parseTagLines, EntityTag.format)

// EntityTag is a tag of a representation, RFC 9110, section 8.8.3. The zero
// value is the empty strong tag, "".
type EntityTag struct {
	// Tag is the opaque tag, without its quotes.
	Tag string
	// Weak: the tag also stands for representations that differ in detail.
	Weak bool
}

// String is the tag with its quotes, and with W/ if it is weak.
func (t EntityTag) String() string {
	if t.Weak {
		return `W/"` + t.Tag + `"`
	}
	return `"` + t.Tag + `"`
}

// StrongEqual compares as If-Match and If-Range do: equal, and neither weak.
func (t EntityTag) StrongEqual(u EntityTag) bool { return !t.Weak && !u.Weak && t.Tag == u.Tag }

// WeakEqual compares as If-None-Match does: whether tags are weak counts for
// nothing.
func (t EntityTag) WeakEqual(u EntityTag) bool { return t.Tag == u.Tag }

// format refuses what is no tag.
func (t EntityTag) format() (string, error) {
	for i := 0; i < len(t.Tag); i++ {
		if classes[t.Tag[i]]&classEtag == 0 {
			return "", bad(t.Tag, i, syntaxError("an entity tag holds no quote, white space or control character"))
		}
	}
	return t.String(), nil
}

// ParseEntityTag reads one tag with its quotes, and nothing else.
func ParseEntityTag(s string) (EntityTag, error) {
	t, end, ok := scanTag(s, 0)
	if !ok || end < len(s) {
		return EntityTag{}, bad(s, end, errTag)
	}
	return t, nil
}

// AsEntityTag takes a tag written with its quotes as that tag, and any other
// text as an opaque tag to be put in quotes. WebOb: assigning to Response.etag.
func AsEntityTag(s string) EntityTag {
	if t, err := ParseEntityTag(s); err == nil {
		return t
	}
	return EntityTag{Tag: s}
}

const errTag = syntaxError("entity tag expected")

// scanTag reads a tag that starts at i; end is behind it, or where it fails.
func scanTag(s string, i int) (t EntityTag, end int, ok bool) {
	if strings.HasPrefix(s[i:], "W/") {
		t.Weak = true
		i += 2
	}
	if i >= len(s) || s[i] != '"' {
		return EntityTag{}, i, false
	}
	from := i + 1
	for i = from; len(s)-i >= 8 && !endsTag(word(s, i)); i += 8 {
	}
	for ; i < len(s) && classes[s[i]]&classEtag != 0; i++ {
	}
	if i >= len(s) || s[i] != '"' {
		return EntityTag{}, i, false
	}
	t.Tag = s[from:i]
	return t, i + 1, true
}

// parseTagLines reads the first line.
func parseTagLines(lines []string) (EntityTag, error) {
	s := trimOWS(lines[0])
	if s == "" {
		return EntityTag{}, ErrAbsent
	}
	return ParseEntityTag(s)
}
