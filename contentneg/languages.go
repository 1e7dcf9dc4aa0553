package contentneg

import (
	"cmp"
	"net/http"
	"slices"
)

// Languages is a list of language tags that a server offers, made ready for
// choosing among them on every request. It is made by [NewLanguages], never
// changed, and safe for concurrent use.
//
// The choice is that of [AcceptLanguage.Lookup], with one addition: where no range
// fits but "*" is there and not refused, it is the first tag that is not.
type Languages struct{ names }

// NewLanguages prepares tags such as "de-CH" or "en", the dearest to the server
// first. What is no language tag, or "*", is refused with a [*SyntaxError].
func NewLanguages(tags ...string) (*Languages, error) {
	l := &Languages{}
	if err := l.set(tags, rangeEnd, "not a language tag"); err != nil {
		return nil, err
	}
	return l, nil
}

// MustLanguages is NewLanguages for package variables; it panics where
// NewLanguages fails.
func MustLanguages(tags ...string) *Languages { return must(NewLanguages(tags...)) }

// Best returns the index of the tag that suits a request's Accept-Language field
// best, and false (with -1) if none fits: most answer in their default language
// then, as RFC 9110 section 12.5.4 suggests, and not with 406. Several lines of the
// field count as one. Without the field, and where it is malformed or empty, it is
// the first tag.
//
// The keys of h have to be canonical, as those of http.Request.Header are.
func (l *Languages) Best(h http.Header) (index int, ok bool) {
	return l.best(h, "Accept-Language", l.choose)
}

// BestString is Best for the field as a string.
func (l *Languages) BestString(field string) (index int, ok bool) {
	return l.cache.answer(field, l.choose)
}

// weighed is a language range of a field with its weight in thousandths.
type weighed struct {
	name string
	q    int
}

// choose reads the field once, and looks its ranges up.
func (l *Languages) choose(field string) int {
	var rangeRoom [scanOffers]weighed
	ranges := rangeRoom[:0]
	valid := scanItems(field, rangeEnd, func(name string, q int) {
		ranges = append(ranges, weighed{name, q})
	})
	if !valid || len(ranges) == 0 {
		index, _ := first(l.values)
		return index
	}
	var refusedRoom [scanOffers]heard
	refused := room(&refusedRoom, len(l.low))
	var star heard
	for _, r := range ranges {
		if r.name == "*" {
			hear(&star, r.q)
		} else if r.q == 0 {
			l.refuse(refused, r.name)
		}
	}
	if i := l.lookup(ranges, refused); i >= 0 || star <= 1 {
		return i
	}
	return slices.Index(refused, 0)
}

// refuse marks the tags equal to a range of weight 0.
func (l *Languages) refuse(refused []heard, name string) {
	for i, low := range l.low {
		if foldsTo(name, low) {
			refused[i] = 1
		}
	}
}

// lookup tries the ranges, the heaviest first, each shortened until it fits.
func (l *Languages) lookup(ranges []weighed, refused []heard) int {
	slices.SortStableFunc(ranges, func(x, y weighed) int { return cmp.Compare(y.q, x.q) })
	for _, r := range ranges {
		if r.q == 0 {
			break
		}
		for name := r.name; name != "" && name != "*"; name = shorten(name) {
			for i, low := range l.low {
				if refused[i] == 0 && foldsTo(name, low) {
					return i
				}
			}
		}
	}
	return -1
}
