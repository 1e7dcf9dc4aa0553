package routes

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// With minimization the end of a path may be left out as far as it has defaults. What
// exactly matches is what Routes' recursive construction of a regular expression, from the
// last piece to the first, says; it is followed here piece by piece.

// minimized is the expression of the rest of a template.
type minimized struct {
	expr     string
	head     rune // the character it begins with, if Python's re.escape puts a backslash there
	easy     bool // no text and no requirement is in it
	allBlank bool // it may match nothing
}

// minimizedExpr is the expression of a whole template.
func (r *Route) minimizedExpr(controllers []string) string {
	parts := r.t.parts
	b := minimizer{r: r, controllers: controllers}
	if len(parts) >= 2 {
		b.prior = parts[len(parts)-2]
	}
	m := minimized{easy: true, allBlank: true}
	for i := len(parts) - 1; i >= 0; i-- {
		m = b.prepend(parts[i], m)
	}
	expr := m.expr
	if !strings.HasPrefix(expr, "/") {
		expr = "/" + expr
	}
	if m.expr != "" {
		expr += "/?"
	} else {
		expr = "//?"
	}
	return `^` + expr + `\z`
}

type minimizer struct {
	r           *Route
	controllers []string
	prior       part // the piece before the last
}

func (b *minimizer) prepend(p part, rest minimized) minimized {
	switch p.kind {
	case 0:
		return b.text(p.text, rest)
	case '*':
		return b.wildcard(p.name, rest)
	}
	return b.variable(p, rest)
}

func (b *minimizer) wildcard(name string, rest minimized) minimized {
	m := minimized{expr: b.r.group(name) + ".*)" + rest.expr, easy: rest.easy, allBlank: rest.allBlank}
	if !b.r.hasDefault(name) {
		m.easy, m.allBlank = false, false
	}
	return m
}

func (b *minimizer) text(text string, rest minimized) minimized {
	last := len(text) - 1
	if text == "" || strings.IndexByte(delimiters, text[last]) < 0 {
		return minimized{expr: regexp.QuoteMeta(text) + rest.expr, head: escaped(text, rest)}
	}
	m := minimized{easy: rest.easy}
	if rest.allBlank {
		m.expr = regexp.QuoteMeta(text[:last]) + "(?:" + regexp.QuoteMeta(text[last:]) + rest.expr + ")?"
		m.allBlank = true
		if last > 0 {
			m.head = escaped(text[:last], rest)
		}
		return m
	}
	m.expr = regexp.QuoteMeta(text) + rest.expr
	m.head = escaped(text, rest)
	if text == "/" {
		m.head = '/'
	}
	return m
}

// escaped is the first character of a text if Python's re.escape escapes it.
func escaped(text string, rest minimized) rune {
	if text == "" {
		return rest.head
	}
	if c, _ := utf8.DecodeRuneInString(text); strings.ContainsRune("()[]{}?*+-|^$\\.&~# \t\n\r\v\f", c) {
		return c
	}
	return 0
}

func (b *minimizer) variable(p part, rest minimized) minimized {
	req, hasDefault := b.r.t.requirementOf(p.name), b.r.hasDefault(p.name)
	own := b.own(p, req, rest)
	m := minimized{easy: rest.easy, allBlank: rest.allBlank}
	if req != nil {
		m.easy = false
	}
	if !hasDefault {
		m.easy, m.allBlank = false, false
	}
	switch {
	case m.easy && b.prior.isText() && len(b.prior.text) == 1 && strings.Contains(",;.", b.prior.text):
		m.expr = own + rest.expr
	case m.easy:
		m.expr = "(?:" + own + ")?" + rest.expr
	case m.allBlank && hasDefault:
		m.expr = "(?:" + own + rest.expr + ")?"
	default:
		m.expr = own + rest.expr
	}
	return m
}

// own is the expression of the variable itself.
func (b *minimizer) own(p part, req *requirement, rest minimized) string {
	group := b.r.group(p.name)
	switch {
	case req != nil:
		return optionalDot(p, group+req.expr+")")
	case p.name == "controller" && b.controllers != nil:
		return group + alternatives(b.controllers) + ")"
	case b.prior.isText() && (b.prior.text == "/" || b.prior.text == "#"):
		return group + "[^" + b.prior.text + "]+?)"
	case rest.expr == "" && p.kind == '.':
		return optionalDot(p, group+"[^/.]+?)")
	case rest.expr == "":
		return group + "[^/]+?)"
	case rest.head != 0:
		return group + "[^/" + regexp.QuoteMeta(string(rest.head)) + "]+?)"
	}
	return group + "[^" + delimiters + "]+?)"
}

func optionalDot(p part, expr string) string {
	if p.kind == '.' {
		return `(?:\.` + expr + `)??`
	}
	return expr
}

func alternatives(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = regexp.QuoteMeta(name)
	}
	return strings.Join(quoted, "|")
}
