package contentneg

import (
	"cmp"
	"slices"
	"strings"
)

// Item is an element of an Accept-Charset, Accept-Encoding or Accept-Language
// field, spelt as it came.
type Item struct {
	Name string  // a charset, a content coding or a language range; "*" is any
	Q    float64 // from 0 to 1, with at most three decimals
}

// items is a field whose elements are names with weights.
type items struct {
	field
	list []Item
}

// parseItems reads a field of names with weights; nameEnd returns the index after
// the name at the beginning of an element, 0 where there is none.
//
//	#( name [ weight ] )
//	weight = OWS ";" OWS "q=" qvalue
func parseItems(name string, lines []string, nameEnd func(string) int) items {
	f, elements := split(name, lines)
	all := items{field: f}
	for _, element := range elements {
		item, reason := parseItem(element, nameEnd)
		if reason != "" {
			all.fail(element, reason)
			all.list = nil
			return all
		}
		all.list = append(all.list, item)
	}
	return all
}

func parseItem(s string, nameEnd func(string) int) (item Item, reason string) {
	end := nameEnd(s)
	if end == 0 {
		return item, "not a name"
	}
	item = Item{s[:end], 1}
	if end == len(s) {
		return item, ""
	}
	i := skipOWS(s, end)
	if s[i] != ';' { // the element has no white space at its end
		return item, "only a weight may follow the name"
	}
	i = skipOWS(s, i+1)
	if i+1 >= len(s) || s[i] != 'q' && s[i] != 'Q' || s[i+1] != '=' {
		return item, "only a weight may follow the name"
	}
	q, ok := parseWeight(s[i+2:])
	if !ok {
		return item, badWeight
	}
	item.Q = q
	return item, ""
}

// firstToken is the nameEnd of charsets and content codings.
func firstToken(s string) int { return tokenEnd(s, 0) }

// Items returns the elements of a valid field in the order in which they came.
func (l items) Items() []Item { return slices.Clone(l.list) }

// Preferred returns the elements whose weight is not 0, the heaviest first, equal
// ones in the order in which they came.
func (l items) Preferred() []Item {
	wanted := slices.DeleteFunc(l.Items(), func(item Item) bool { return item.Q == 0 })
	slices.SortStableFunc(wanted, func(x, y Item) int { return cmp.Compare(y.Q, x.Q) })
	return wanted
}

// String returns a valid field tidied: no white space but after the commas, no
// weights of 1. It is empty for a missing or an invalid field.
func (l items) String() string {
	elements := make([]string, len(l.list))
	for i, item := range l.list {
		elements[i] = withWeight(item.Name, item.Q, "")
	}
	return strings.Join(elements, ", ")
}

// sum returns the lines of the sum of two fields for which an empty list says
// nothing.
func (l items) sum(other items) (lines []string) {
	for _, side := range []items{l, other} {
		if len(side.list) > 0 {
			lines = append(lines, side.raw)
		}
	}
	return lines
}

// everything gives each offer the weight 1.
func everything(offers []string) []Offer {
	all := make([]Offer, len(offers))
	for i, offer := range offers {
		all[i] = Offer{offer, 1}
	}
	return all
}

// weights finds the weight of names: that of a name's own first entry, else that
// of the first "*".
type weights struct {
	own map[string]float64
	any float64 // of "*"; -1 if there is none
}

// index collects the weights of the elements by their names in lower case.
func (l items) index() weights {
	w := weights{own: make(map[string]float64, len(l.list)), any: -1}
	for _, item := range l.list {
		if item.Name == "*" {
			if w.any < 0 {
				w.any = item.Q
			}
		} else if name := toLower(item.Name); !has(w.own, name) {
			w.own[name] = item.Q
		}
	}
	return w
}

func has(m map[string]float64, name string) bool {
	_, ok := m[name]
	return ok
}

// of returns the weight of a name, and whether the field says anything about it.
func (w weights) of(name string) (q float64, said bool) {
	if q, said = w.own[name]; said {
		return q, true
	}
	return max(w.any, 0), w.any >= 0
}
