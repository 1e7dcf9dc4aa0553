package routes

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

// Build makes the URL path of the template's variables, escaped. Every variable needs a
// value, but for optional endings; one that is empty or does not meet its requirement is
// ErrBadValue, and so is a value that the template has no place for. What it makes, the
// template matches, with the same values. The error is a *GenerationError.
func (t Template) Build(values Values) (string, error) {
	g, err := newGiven(values)
	if err != nil {
		return "", named(err, t.get().text)
	}
	for name := range values {
		if !slices.Contains(t.get().names, name) {
			return "", badValue(t.get().text, name, g.texts[name], errors.New("the template has no such variable"))
		}
	}
	for _, p := range t.get().parts {
		if p.kind == '.' && t.get().reqs[p.name] == nil && strings.Contains(g.texts[p.name], ".") {
			return "", badValue(t.get().text, p.name, g.texts[p.name], errors.New("it has a dot, where an ending begins"))
		}
	}
	path, err := t.get().build(g, t.get().text)
	if err == nil && climbs(path) {
		return "", badValue(t.get().text, "path", path, errors.New("a segment of dots alone"))
	}
	return path, err
}

// build writes the path with all its parts. route names it in errors.
func (t *template) build(g *given, route string) (string, error) {
	b := make([]byte, 0, len(t.text)+32)
	var missing []string
	for _, p := range t.parts {
		if p.isText() {
			b = appendText(b, p.text)
			continue
		}
		value, ok := g.texts[p.name]
		switch {
		case !ok && g.lists[p.name] != nil:
			return "", badValue(route, p.name, strings.Join(g.lists[p.name], ","), errors.New("a list"))
		case p.kind == '.' && value == "":
			continue
		case !ok:
			missing = append(missing, p.name)
			continue
		}
		if err := t.check(p, value, route); err != nil {
			return "", err
		}
		if p.kind == '.' {
			b = append(b, '.')
		}
		b = appendEscaped(b, value, t.slashes(p))
	}
	if missing != nil {
		return "", &GenerationError{Route: route, Missing: missing, Err: ErrMissing}
	}
	return string(b), nil
}

// slashes tells whether the slashes of a value stay slashes.
func (t *template) slashes(p part) bool {
	if req := t.reqs[p.name]; req != nil {
		return req.slash
	}
	return p.kind == '*' || t.listed && p.name == "controller"
}

// check looks whether a value may stand where it is to stand.
func (t *template) check(p part, value, route string) error {
	req := t.reqs[p.name]
	switch {
	case !utf8.ValidString(value):
		return badValue(route, p.name, value, errors.New("it is no UTF-8"))
	case p.kind == '*' && req == nil && strings.Contains(value, "\n"):
		return badValue(route, p.name, value, errors.New("it has a line feed, which no wildcard matches"))
	case req != nil && !req.fits(value):
		return badValue(route, p.name, value, errors.New("it has to match "+req.expr))
	case req == nil && value == "":
		return badValue(route, p.name, value, errors.New("it is empty"))
	}
	return nil
}

// escapeText writes the text of a template for a URL. What is reserved in URLs stays, as
// the template says so.
func escapeText(s string) string { return string(appendText(nil, s)) }

func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if unreserved(c) || strings.IndexByte("/:@!$&'()*+,;=", c) >= 0 {
			b = append(b, c)
		} else {
			b = append(b, '%', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return b
}

// climbs tells a path with a segment . or .., which every client and mux would take
// away with its neighbour.
func climbs(path string) bool {
	if !strings.HasPrefix(path, ".") && !strings.Contains(path, "/.") {
		return false
	}
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return true
		}
	}
	return false
}
