package contentneg

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
)

// AcceptLanguage is an Accept-Language field, RFC 9110 section 12.5.4, with the
// matching of RFC 4647:
//
//	Accept-Language = #( language-range [ weight ] ) ; de-CH, de;q=0.9, *;q=0.1
//	language-range  = ( 1*8ALPHA *( "-" 1*8alphanum ) ) / "*"
//
// The zero value is a missing field. A value is never changed once made and may
// be used by several goroutines. WebOb: Request.accept_language.
//
// Lookup finds the one language of a page. BasicFiltering and ExtendedFiltering
// find all that will do.
type AcceptLanguage struct{ items }

// ParseAcceptLanguage reads the Accept-Language field of a request, whose lines
// are request.Header["Accept-Language"]. No lines make a missing field. It never
// fails: Kind tells whether the field is valid, and Err what is wrong with it.
func ParseAcceptLanguage(lines []string) AcceptLanguage {
	return AcceptLanguage{parseItems("Accept-Language", lines, rangeEnd)}
}

// rangeEnd returns the index after the language range at the beginning of s.
func rangeEnd(s string) int {
	if strings.HasPrefix(s, "*") {
		return 1
	}
	end := 0
	for i := 0; ; i++ {
		start := i
		for i < len(s) && isAlphanum(s[i], start > 0) {
			i++
		}
		if i == start || i > start+8 {
			return end
		}
		if end = i; i == len(s) || s[i] != '-' {
			return end
		}
	}
}

// isAlphanum tells letters, and digits too where they are allowed.
func isAlphanum(c byte, digits bool) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || digits && '0' <= c && c <= '9'
}

// Add returns the field that says what a and b say, a first. What is missing,
// invalid or names nothing adds nothing; where that goes for both, the sum is missing.
func (a AcceptLanguage) Add(b AcceptLanguage) AcceptLanguage {
	return ParseAcceptLanguage(a.sum(b.items))
}

// SetIn writes the field into h in one line, as it came, or deletes it from h if it
// is missing. A value with control characters is refused with [ErrControl], and h
// left as it was.
func (a AcceptLanguage) SetIn(h http.Header) error { return a.setIn(h, "Accept-Language") }

// BasicFiltering returns all tags that the client accepts and the weight it gives
// each (RFC 4647 section 3.3.1). A range names the tag equal to it and those that
// begin with it and "-", without regard to case. The best comes first: by weight,
// then by the place of the range in the field, then in the order of tags.
//
// A tag named by any range of weight 0 is out; else the heaviest range that names
// it decides, and "*" for those no other range names. Where the field is missing
// or empty every tag has weight 1; where it is invalid none is returned, and the
// caller has to choose.
func (a AcceptLanguage) BasicFiltering(tags ...string) []Offer {
	return a.filter(tags, beginsWith)
}

// ExtendedFiltering is BasicFiltering with the matching of RFC 4647 section 3.3.2:
// "de-DE" names "de-Latn-DE" too (see [ExtendedMatch]).
func (a AcceptLanguage) ExtendedFiltering(tags ...string) []Offer {
	return a.filter(tags, extendedMatch)
}

// ExtendedMatch tells whether an extended language range such as "de-*-DE" names
// a language tag, without regard to case (RFC 4647 section 3.3.2).
func ExtendedMatch(languageRange, tag string) bool {
	return extendedMatch(toLower(languageRange), toLower(tag))
}

// beginsWith is the match of basic filtering; both sides are in lower case.
func beginsWith(r, tag string) bool {
	return strings.HasPrefix(tag, r) && (len(tag) == len(r) || tag[len(r)] == '-')
}

// extendedMatch is the match of extended filtering; both sides are in lower case.
// The steps are those of RFC 4647 section 3.3.2.
func extendedMatch(r, tag string) bool {
	rangeSub, r, moreRange := strings.Cut(r, "-")
	tagSub, tag, moreTag := strings.Cut(tag, "-")
	if rangeSub != "*" && rangeSub != tagSub { // step 2
		return false
	}
	for moreRange {
		if rangeSub, r, moreRange = strings.Cut(r, "-"); rangeSub == "*" { // step 3A
			continue
		}
		for {
			if !moreTag { // step 3B
				return false
			}
			if tagSub, tag, moreTag = strings.Cut(tag, "-"); tagSub == rangeSub { // step 3C
				break
			}
			if len(tagSub) == 1 { // step 3D
				return false
			}
		}
	}
	return true // step 4
}

// placed is a tag with the place of the range that named it.
type placed struct {
	Offer
	place int
}

// filter weighs each tag by the ranges that match it.
func (a AcceptLanguage) filter(tags []string, match func(r, tag string) bool) []Offer {
	if a.kind == Invalid {
		return nil
	}
	if len(a.list) == 0 {
		return everything(tags)
	}
	ranges, star := a.distinct()
	found := make([]placed, 0, len(tags))
	for _, tag := range tags {
		q, place := weighTag(ranges, star, toLower(tag), match)
		if q > 0 {
			found = append(found, placed{Offer{tag, q}, place})
		}
	}
	slices.SortStableFunc(found, func(x, y placed) int {
		return cmp.Or(cmp.Compare(y.Q, x.Q), cmp.Compare(x.place, y.place))
	})
	offers := make([]Offer, len(found))
	for i, f := range found {
		offers[i] = f.Offer
	}
	return offers
}

// distinct returns the ranges in lower case, each where it first stands, and the
// first "*"; star has weight 0 where there is none.
func (a AcceptLanguage) distinct() (ranges []placed, star placed) {
	seen := make(map[string]bool, len(a.list))
	for place, item := range a.list {
		name := toLower(item.Name)
		if seen[name] {
			continue
		}
		seen[name] = true
		if name == "*" {
			star = placed{Offer{name, item.Q}, place}
		} else {
			ranges = append(ranges, placed{Offer{name, item.Q}, place})
		}
	}
	return ranges, star
}

// weighTag returns the weight of a tag and the place of the range that gives it.
func weighTag(ranges []placed, star placed, tag string, match func(r, tag string) bool) (q float64, place int) {
	named := false
	for _, r := range ranges {
		if !match(r.Value, tag) {
			continue
		}
		if r.Q == 0 {
			return 0, 0
		}
		if named = true; r.Q > q {
			q, place = r.Q, r.place
		}
	}
	if !named {
		return star.Q, star.place
	}
	return q, place
}
