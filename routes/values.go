package routes

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Values are what a URL is made of: strings, numbers, booleans, fmt.Stringers, and lists
// ([]string, []any, []int) for variables of the query that occur several times. nil
// stands for no value.
type Values map[string]any

// What a GenerationError wraps.
var (
	// ErrUnknownRoute: no route has that name.
	ErrUnknownRoute = errors.New("no route of that name")
	// ErrNoFit: there are routes, but none for these values.
	ErrNoFit = errors.New("no route fits the values")
	// ErrMissing: a variable of the path has no value.
	ErrMissing = errors.New("value missing")
	// ErrBadValue: a value does not meet its requirement, contradicts a default, or cannot
	// stand in a URL.
	ErrBadValue = errors.New("bad value")
	// ErrOffSite: the URL would be read as one of another site, //host.
	ErrOffSite = errors.New("URL leaves the site")
	// ErrBroken: the route was connected with an error, which is wrapped too.
	ErrBroken = errors.New("broken route")
)

// GenerationError is why a URL could not be made. errors.Is tells which of the Err
// variables it is.
type GenerationError struct {
	Route    string   // the name or template of the route, or ""
	Variable string   // the value it is about, or ""
	Value    string   // what it was, shortened
	Missing  []string // all variables without a value, of ErrMissing
	Err      error
}

// Error names route and value.
func (e *GenerationError) Error() string {
	var b strings.Builder
	b.WriteString("routes: URL")
	if e.Route != "" {
		fmt.Fprintf(&b, " of %q", e.Route)
	}
	fmt.Fprintf(&b, ": %v", e.Err)
	switch {
	case len(e.Missing) > 0:
		fmt.Fprintf(&b, ": %s", strings.Join(e.Missing, ", "))
	case e.Variable != "":
		fmt.Fprintf(&b, ": %s is %q", e.Variable, e.Value)
	}
	return b.String()
}

// Unwrap is one of the Err variables, with more behind it.
func (e *GenerationError) Unwrap() error { return e.Err }

func badValue(route, name, value string, why error) error {
	err := ErrBadValue
	if why != nil {
		err = fmt.Errorf("%w: %w", ErrBadValue, why)
	}
	return &GenerationError{Route: route, Variable: name, Value: shorten(value), Err: err}
}

func shorten(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}

// valueText is the text of a single value; ok is false for nil, and for what has none.
func valueText(v any) (s string, ok bool) {
	switch v := v.(type) {
	case nil:
		return "", false
	case string:
		return v, true
	case fmt.Stringer:
		return v.String(), true
	case int:
		return strconv.Itoa(v), true
	case int64:
		return strconv.FormatInt(v, 10), true
	case bool:
		return strconv.FormatBool(v), true
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64), true
	case int8, int16, int32, uint, uint8, uint16, uint32, uint64, float32:
		return fmt.Sprint(v), true
	case []byte:
		return string(v), true
	}
	return "", false
}

// given is what a caller has given: texts, lists, and names that are said to have no
// value.
type given struct {
	texts map[string]string
	lists map[string][]string
	none  map[string]bool
}

func newGiven(v Values) (*given, error) {
	g := &given{texts: make(map[string]string, len(v))}
	for name, value := range v {
		if err := g.put(name, value); err != nil {
			return nil, err
		}
	}
	return g, nil
}

func (g *given) put(name string, value any) error {
	if value == nil {
		if g.none == nil {
			g.none = map[string]bool{}
		}
		g.none[name] = true
		return nil
	}
	if s, ok := valueText(value); ok {
		g.texts[name] = s
		return nil
	}
	var list []any
	switch value := value.(type) {
	case []any:
		list = value
	case []string:
		g.list(name, value)
		return nil
	case []int:
		for _, n := range value {
			list = append(list, n)
		}
	default:
		return badValue("", name, fmt.Sprintf("%v", value), fmt.Errorf("%T has no text", value))
	}
	texts := make([]string, 0, len(list))
	for _, item := range list {
		s, ok := valueText(item)
		if !ok && item != nil {
			return badValue("", name, fmt.Sprintf("%v", item), fmt.Errorf("%T has no text", item))
		}
		if ok {
			texts = append(texts, s)
		}
	}
	g.list(name, texts)
	return nil
}

func (g *given) list(name string, texts []string) {
	if g.lists == nil {
		g.lists = map[string][]string{}
	}
	g.lists[name] = texts
}

// has tells whether the caller has named it at all.
func (g *given) has(name string) bool {
	_, text := g.texts[name]
	_, list := g.lists[name]
	return text || list || g.none[name]
}

// forget takes a name away.
func (g *given) forget(name string) {
	delete(g.texts, name)
	delete(g.lists, name)
	delete(g.none, name)
}

// names are all that the caller has named, in their order.
func (g *given) names() []string {
	names := slices.AppendSeq(make([]string, 0, len(g.texts)+len(g.lists)+len(g.none)), maps.Keys(g.texts))
	names = slices.AppendSeq(names, maps.Keys(g.lists))
	names = slices.AppendSeq(names, maps.Keys(g.none))
	slices.Sort(names)
	return names
}

// unreserved are the characters that are written as they are, RFC 3986 section 2.3.
func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.' || c == '~'
}

const hexDigits = "0123456789ABCDEF"

// appendEscaped writes a value for a URL; slashes stay if they may.
func appendEscaped(b []byte, s string, slashes bool) []byte {
	for i := range len(s) {
		c := s[i]
		if unreserved(c) || c == '/' && slashes {
			b = append(b, c)
		} else {
			b = append(b, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return b
}

func escape(s string, slashes bool) string { return string(appendEscaped(nil, s, slashes)) }
