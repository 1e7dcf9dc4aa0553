package contentneg

import (
	"net/http"
	"slices"
	"strings"
)

// must is for the constructors of package variables.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// valueAt returns the offer with an index, "" for -1.
func valueAt(values []string, index int) string {
	if index < 0 {
		return ""
	}
	return values[index]
}

// first is the answer where everything is acceptable.
func first(values []string) (index int, ok bool) {
	if len(values) == 0 {
		return -1, false
	}
	return 0, true
}

// oneField joins the lines of a field (RFC 9110 section 5.3).
func oneField(lines []string) string {
	if len(lines) == 1 {
		return lines[0]
	}
	return strings.Join(lines, ", ")
}

// names is a list of names a server offers: charsets, content codings, languages.
type names struct {
	values []string
	low    []string // in lower case
	cache  cache
}

// set takes the offers over; what is no name, of which nameEnd returns the end, is
// refused.
func (n *names) set(offers []string, nameEnd func(string) int, reason string) error {
	n.values = slices.Clone(offers)
	for _, offer := range offers {
		if offer == "" || offer == "*" || nameEnd(offer) != len(offer) {
			return &SyntaxError{Element: offer, Reason: reason}
		}
		n.low = append(n.low, toLower(offer))
	}
	return nil
}

// Values returns the offers as they were given.
func (n *names) Values() []string { return slices.Clone(n.values) }

// Value returns the offer with an index that Best has returned, and "" for -1.
func (n *names) Value(index int) string { return valueAt(n.values, index) }

// best answers from the lines of a field.
func (n *names) best(h http.Header, name string, choose func(string) int) (index int, ok bool) {
	lines := h[name]
	if len(lines) == 0 {
		return first(n.values)
	}
	return n.cache.answer(oneField(lines), choose)
}

// scanItems reads a field of names with weights in one pass and calls use for each
// element with its weight in thousandths. It returns false where the field is
// malformed, at the first error.
func scanItems(s string, nameEnd func(string) int, use func(name string, q int)) bool {
	if !listEnds(s) {
		return false
	}
	for i := 0; i < len(s); {
		if s[i] == ',' || s[i] == ' ' || s[i] == '\t' {
			i++
			continue
		}
		n := nameEnd(s[i:])
		if n == 0 {
			return false
		}
		name, q := s[i:i+n], 1000
		if i = skipOWS(s, i+n); i < len(s) && s[i] == ';' {
			i = skipOWS(s, i+1)
			if i+1 >= len(s) || s[i]|0x20 != 'q' || s[i+1] != '=' {
				return false
			}
			if q, i = qvalue(s, i+2); i < 0 {
				return false
			}
			i = skipOWS(s, i)
		}
		if i < len(s) && s[i] != ',' {
			return false
		}
		use(name, q)
	}
	return true
}
