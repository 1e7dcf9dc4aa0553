package routes

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Template is a URL path with variables, as a value: it matches paths, builds URLs and
// can be mounted on the muxes of other people. A Mapper is made of many. Make one with
// ParseTemplate or MustTemplate; it is never changed and safe for concurrent use. The zero Template
// is that of "/".
//
//	{id}          one segment or a part of it: one or more characters other than /,
//	              as few as will do
//	{id:[0-9]+}   what the regular expression says, RE2's, anchored at both ends; it
//	              may match slashes. Braces in it are counted: {y:\d{4}}
//	{.format}     an optional ending .json
//	:id :(id)     as {id}; the first ends at one of / , ; . # -
//	*path *(path) one or more characters, slashes too, but no line feed
//	\             takes the meaning from the next of : * { } \
//
// Names are identifiers, and each occurs once.
type Template struct{ t *template }

// template is what a Template holds, and a Route too.
type template struct {
	text   string
	parts  []part
	names  []string
	reqs   map[string]*requirement // of the variables, and of others
	static bool                    // : and * have no meaning: it only generates
	listed bool                    // the values of the variable controller are listed
}

// part is a piece of a template: text, or a variable.
type part struct {
	kind byte // 0 for text, ':' for a variable, '.' for {.name}, '*' for a wildcard
	text string
	name string
}

func (p part) isText() bool { return p.kind == 0 }

// TemplateError says what is wrong with a template.
type TemplateError struct {
	Template string
	Variable string // the variable it is about, or ""
	Err      error
}

// Error names template and variable.
func (e *TemplateError) Error() string {
	if e.Variable == "" {
		return fmt.Sprintf("routes: template %q: %v", e.Template, e.Err)
	}
	return fmt.Sprintf("routes: template %q: variable %q: %v", e.Template, e.Variable, e.Err)
}

// Unwrap is what is wrong.
func (e *TemplateError) Unwrap() error { return e.Err }

// ParseTemplate reads a template. A path without its first slash gets one. The error is
// a *TemplateError.
func ParseTemplate(path string) (Template, error) {
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	t, err := newTemplate(path, nil, false)
	if err != nil {
		return Template{}, err
	}
	return Template{t}, nil
}

// MustTemplate is ParseTemplate for templates that stand in the source: it panics
// where that fails.
func MustTemplate(path string) Template {
	t, err := ParseTemplate(path)
	if err != nil {
		panic(err)
	}
	return t
}

// get is what the Template holds; the zero Template is that of "/".
func (t Template) get() *template {
	if t.t == nil {
		return root
	}
	return t.t
}

var root = &template{text: "/", parts: []part{{text: "/"}}}

// String is the template as it was written.
func (t Template) String() string { return t.get().text }

// Names are the variables in the order of the path.
func (t Template) Names() []string { return slices.Clone(t.get().names) }

// newTemplate reads a template and joins the requirements within it to the others,
// before which they go.
func newTemplate(text string, reqs map[string]string, static bool) (*template, error) {
	t := &template{text: text, static: static, reqs: map[string]*requirement{}}
	exprs := make(map[string]string, len(reqs))
	for name, expr := range reqs {
		exprs[name] = expr
	}
	if !utf8.ValidString(text) {
		return nil, &TemplateError{text, "", errors.New("it is no UTF-8")}
	}
	p := templateParser{rest: text, static: static, exprs: exprs}
	if err := p.parse(); err != nil {
		return nil, &TemplateError{text, p.name, err}
	}
	t.parts = p.parts
	for _, part := range t.parts {
		if !part.isText() {
			t.names = append(t.names, part.name)
		}
	}
	if len(t.names) > 64 {
		return nil, &TemplateError{text, "", fmt.Errorf("%d variables, more than 64", len(t.names))}
	}
	for name, expr := range exprs {
		if expr == "" {
			continue
		}
		req, err := newRequirement(expr)
		if err != nil {
			return nil, &TemplateError{text, name, err}
		}
		t.reqs[name] = req
	}
	return t, nil
}

// requirementOf is the requirement of a variable, nil for the usual one.
func (t *template) requirementOf(name string) *requirement { return t.reqs[name] }

// templateParser reads a template from left to right. Its pieces are those that Routes
// makes, as matching with minimization goes by them: the character that ends a :name is
// a piece of its own.
type templateParser struct {
	rest   string
	static bool
	exprs  map[string]string
	parts  []part
	text   strings.Builder
	name   string // of the variable being read, for errors
}

// delimiters end a :name, and they divide a path where minimization may cut it.
const delimiters = "/,;.#"

func (p *templateParser) parse() error {
	for p.rest != "" {
		c := p.rest[0]
		var err error
		switch {
		case c == '\\':
			p.escape()
		case c == '{':
			err = p.braced()
		case (c == ':' || c == '*') && !p.static:
			err = p.sigil(c)
		default:
			p.text.WriteByte(c)
			p.rest = p.rest[1:]
		}
		if err != nil {
			return err
		}
	}
	p.flush()
	return nil
}

// escape reads a backslash and what follows it.
func (p *templateParser) escape() {
	p.rest = p.rest[1:]
	if p.rest == "" {
		return
	}
	if strings.IndexByte(`\:*{}`, p.rest[0]) < 0 {
		p.text.WriteByte('\\')
	}
	p.text.WriteByte(p.rest[0])
	p.rest = p.rest[1:]
}

func (p *templateParser) flush() {
	if p.text.Len() > 0 {
		p.parts = append(p.parts, part{text: p.text.String()})
		p.text.Reset()
	}
}

// braced reads {name}, {.name} and {name:expression}.
func (p *templateParser) braced() error {
	end := closing(p.rest)
	if end < 0 {
		return fmt.Errorf("%q: the brace is not closed", p.rest)
	}
	name, expr, _ := strings.Cut(p.rest[1:end], ":")
	p.rest = p.rest[end+1:]
	kind := byte(':')
	if after, ok := strings.CutPrefix(name, "."); ok {
		kind, name = '.', after
	}
	if err := p.variable(kind, name); err != nil {
		return err
	}
	if expr != "" {
		p.exprs[name] = expr
	}
	return nil
}

// closing is where the brace that s begins with is closed, or -1. Braces of the
// expression are counted, but for those behind a backslash or in a class.
func closing(s string) int {
	depth, class := 0, false
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			if !class && depth > 0 {
				class = true
				if strings.HasPrefix(s[i+1:], "^]") {
					i += 2
				} else if strings.HasPrefix(s[i+1:], "]") {
					i++
				}
			}
		case ']':
			class = false
		case '{':
			if !class {
				depth++
			}
		case '}':
			if class {
				continue
			}
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// sigil reads :name, :(name), *name and *(name).
func (p *templateParser) sigil(kind byte) error {
	rest := p.rest[1:]
	if strings.HasPrefix(rest, "(") {
		name, after, ok := strings.Cut(rest[1:], ")")
		if !ok {
			return fmt.Errorf("%q: the parenthesis is not closed", p.rest)
		}
		p.rest = after
		return p.variable(kind, name)
	}
	end := strings.IndexAny(rest, delimiters+"-")
	if end < 0 {
		p.rest = ""
		return p.variable(kind, rest)
	}
	if err := p.variable(kind, rest[:end]); err != nil {
		return err
	}
	if rest[end] != '-' { // which only ends the name, as in Routes
		p.parts = append(p.parts, part{text: rest[end : end+1]})
	}
	p.rest = rest[end+1:]
	return nil
}

func (p *templateParser) variable(kind byte, name string) error {
	p.flush()
	p.name = name
	if !identifier.MatchString(name) {
		return fmt.Errorf("%q is no identifier", name)
	}
	if slices.ContainsFunc(p.parts, func(q part) bool { return q.name == name }) {
		return errors.New("it occurs twice")
	}
	p.parts = append(p.parts, part{kind: kind, name: name})
	p.name = ""
	return nil
}

var identifier = regexp.MustCompile(`^[\pL_][\pL\pN_]*$`)
