package contentneg

import (
	"net/http"
	"slices"
)

// Types is a list of media types that a server offers, made ready for choosing
// among them on every request. It is made by [NewTypes], never changed, and safe
// for concurrent use; a package variable is the place for it:
//
//	var formats = contentneg.MustTypes("text/html", "application/json")
//
// The choice is the first of what [Accept.AcceptableOffers] would answer, but
// reads the field in one pass without allocating, and remembers up to 64 fields of
// 16 to 512 bytes.
type Types struct {
	values []string
	offers []typeOffer
	cache  cache

	lengths uint64 // bit n: an offer's type/subtype has n bytes; bit 63: 63 or more
	firsts  uint32 // bit c&31: one begins with the letter c
	params  bool   // an offer has parameters
}

// typeOffer is an offer with what comparing needs.
type typeOffer struct {
	media MediaType
	name  string // type/subtype
	slash int
	first int // the index of the first offer of this type/subtype
}

// NewTypes prepares offers such as "text/html" or "text/html; charset=utf-8", the
// dearest to the server first. It refuses what [ParseOffer] refuses, with the same
// error.
func NewTypes(offers ...string) (*Types, error) {
	t := &Types{values: slices.Clone(offers)}
	for i, offer := range offers {
		media, err := ParseOffer(offer)
		if err != nil {
			return nil, err
		}
		name := media.Type + "/" + media.Subtype
		first := slices.IndexFunc(t.offers, func(o typeOffer) bool { return o.name == name })
		if first < 0 {
			first = i
		}
		t.offers = append(t.offers, typeOffer{media, name, len(media.Type), first})
		t.lengths |= 1 << min(len(name), 63)
		t.firsts |= 1 << (name[0] & 31)
		t.params = t.params || len(media.Params) > 0
	}
	return t, nil
}

// MustTypes is NewTypes for package variables; it panics where NewTypes fails.
func MustTypes(offers ...string) *Types { return must(NewTypes(offers...)) }

// Values returns the offers as they were given.
func (t *Types) Values() []string { return slices.Clone(t.values) }

// Value returns the offer with an index that Best has returned, and "" for -1.
func (t *Types) Value(index int) string { return valueAt(t.values, index) }

// Best returns the index of the offer that suits a request's Accept field best,
// and false (with -1) if none is acceptable, which means 406 or to answer with
// something after all. Several lines of the field count as one. Without the field,
// and where it is malformed, it is the first offer.
//
// The keys of h have to be canonical, as those of http.Request.Header are.
func (t *Types) Best(h http.Header) (index int, ok bool) {
	lines := h["Accept"]
	if len(lines) == 0 {
		return first(t.values)
	}
	return t.BestString(oneField(lines))
}

// BestString is Best for the field as a string. An empty string is an empty field,
// which accepts nothing.
func (t *Types) BestString(field string) (index int, ok bool) {
	if field == "*/*" {
		return first(t.values)
	}
	return t.cache.answer(field, t.choose)
}

// single answers a field that is nothing but the name of an offer, -1 for others.
func (t *Types) single(field string) int {
	if t.lengths>>min(len(field), 63)&1 != 0 {
		for i := range t.offers {
			if t.offers[i].name == field {
				return t.offers[i].first
			}
		}
	}
	return -1
}

// choose reads the field in one pass, or the long way where that cannot decide.
func (t *Types) choose(field string) int {
	if index := t.single(field); index >= 0 {
		return index
	}
	if index, decided := t.scan(field); decided {
		return index
	}
	return t.chooseSlowly(field)
}

// chooseSlowly answers by way of Accept.
func (t *Types) chooseSlowly(field string) int {
	a := ParseAccept([]string{field})
	if a.kind != Valid {
		index, _ := first(t.values)
		return index
	}
	best, bestQ := -1, 0.0
	ranges := make([]compiledRange, len(a.ranges))
	for i := range a.ranges {
		ranges[i] = a.ranges[i].compile()
	}
	for i := range t.offers {
		if q := weigh(ranges, &t.offers[i].media); q > bestQ {
			best, bestQ = i, q
		}
	}
	return best
}
