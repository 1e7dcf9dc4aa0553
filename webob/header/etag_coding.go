package header

import "strings"

// tagCodings are the content codings that a tag may name.
var tagCodings = [...]string{"gzip", "deflate", "br", "zstd"}

// ForCoding is the tag of the same representation in a content coding, RFC 9110,
// section 8.8.3.3: the bytes are others, and so a strong tag has to be. It gets the
// coding behind it, as Apache does: "xyzzy" in gzip is "xyzzy-gzip". A weak tag
// stands for both; so does any tag for "identity" and "".
func (t EntityTag) ForCoding(coding string) EntityTag {
	if !t.Weak && coding != "" && coding != "identity" {
		t.Tag += "-" + coding
	}
	return t
}

// WithoutCoding undoes ForCoding for gzip, deflate, br and zstd: the tag of the
// representation that was coded, and the coding. Of another tag it is the tag
// itself and "".
func (t EntityTag) WithoutCoding() (plain EntityTag, coding string) {
	if t.Weak {
		return t, ""
	}
	for _, c := range tagCodings {
		if rest, ok := strings.CutSuffix(t.Tag, c); ok && strings.HasSuffix(rest, "-") {
			return EntityTag{Tag: rest[:len(rest)-1]}, c
		}
	}
	return t, ""
}
