package contentneg

import (
	"cmp"
	"slices"
	"strings"
)

// Weight is an element of a field that is being made.
type Weight struct {
	Text   string  // a media range with its parameters, or a name
	Q      float64 // from 0 to 1
	Params string  // parameters to follow the weight, such as ";e=1"; Accept only
}

// String returns the element; a weight of 1 is left out where no parameters follow.
func (w Weight) String() string { return withWeight(w.Text, w.Q, w.Params) }

// ByWeight returns the elements of a field, the heaviest first, equal ones as
// given.
func ByWeight(weights ...Weight) []string {
	sorted := slices.Clone(weights)
	slices.SortStableFunc(sorted, func(x, y Weight) int { return cmp.Compare(y.Q, x.Q) })
	elements := make([]string, len(sorted))
	for i, w := range sorted {
		elements[i] = w.String()
	}
	return elements
}

// MakeAccept makes a field of elements such as "text/html" or "text/*;q=0.5"; none
// make an empty field, which accepts nothing. The field is invalid where an
// element is malformed, names nothing or has an empty parameter.
func MakeAccept(elements ...string) Accept {
	a := ParseAccept(oneLine(elements))
	a.refuseBlank(elements)
	if a.kind == Valid && a.emptyParams {
		a.fail(a.raw, "empty parameter")
	}
	if a.kind == Invalid {
		a.ranges = nil
	}
	return a
}

// MakeAcceptCharset makes a field of elements such as "utf-8" or "*;q=0.5"; none
// make an empty field. The field is invalid where an element is malformed or
// names nothing.
func MakeAcceptCharset(elements ...string) AcceptCharset {
	return AcceptCharset{makeItems(ParseAcceptCharset(oneLine(elements)).items, elements)}
}

// MakeAcceptEncoding makes a field of elements such as "gzip" or "identity;q=0";
// none make an empty field, which accepts identity alone. The field is invalid
// where an element is malformed or names nothing.
func MakeAcceptEncoding(elements ...string) AcceptEncoding {
	return AcceptEncoding{makeItems(ParseAcceptEncoding(oneLine(elements)).items, elements)}
}

// MakeAcceptLanguage makes a field of elements such as "de-CH" or "de;q=0.9"; none
// make an empty field. The field is invalid where an element is malformed or
// names nothing.
func MakeAcceptLanguage(elements ...string) AcceptLanguage {
	return AcceptLanguage{makeItems(ParseAcceptLanguage(oneLine(elements)).items, elements)}
}

func makeItems(l items, elements []string) items {
	l.refuseBlank(elements)
	if l.kind == Invalid {
		l.list = nil
	}
	return l
}

func oneLine(elements []string) []string { return []string{strings.Join(elements, ", ")} }

// refuseBlank marks a field invalid that was made of elements one of which is
// none: a list knows empty elements, whoever makes one hardly means them.
func (f *field) refuseBlank(elements []string) {
	for _, element := range elements {
		if f.kind == Valid && strings.Trim(element, ", \t") == "" {
			f.fail(element, "names nothing")
		}
	}
}
