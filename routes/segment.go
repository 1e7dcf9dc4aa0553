package routes

import (
	"regexp"
	"regexp/syntax"
	"strings"
)

// segmentTest is what a segment with a requirement, with text or with several variables
// has to match. The usual ones are looked at by hand, the others by a regular expression.
type segmentTest struct {
	key    string // the same for two tests that match the same
	re     *regexp.Regexp
	groups []int // of its variables
	text   string
	kind   testKind
	class  [2]uint64 // the characters of oneClass, ASCII
	empty  bool      // oneClass may be empty
	texts  []string  // of byExpr: they have to occur, in this order
}

type testKind uint8

const (
	byExpr   testKind = iota
	oneClass          // one variable of characters of a class: [0-9]+
	dotted            // text or a variable, and {.name} behind it
)

// newSegmentTest makes the test of the pieces of a segment.
func newSegmentTest(r *Route, pieces []part, controllers []string) *segmentTest {
	t := &segmentTest{}
	var expr strings.Builder
	var names []string
	expr.WriteByte('^')
	for _, p := range pieces {
		expr.WriteString(r.pieceExpr(p, controllers))
		if p.isText() {
			t.texts = append(t.texts, p.text)
		} else {
			names = append(names, p.name)
		}
	}
	expr.WriteString(`\z`)
	t.re = regexp.MustCompile(expr.String()) // its parts have been compiled before
	all := groupsOf(t.re, r.t.names)
	for i, name := range r.t.names {
		for _, n := range names {
			if n == name {
				t.groups = append(t.groups, all[i])
			}
		}
	}
	t.key = bare.ReplaceAllString(expr.String(), "(")
	t.specialize(r, pieces, controllers)
	return t
}

// bare finds what differs in the expressions of two tests that match the same.
var bare = regexp.MustCompile(`\(\?P<` + groupName + `[0-9]+>`)

// specialize finds the tests that are done by hand.
func (t *segmentTest) specialize(r *Route, pieces []part, controllers []string) {
	last := pieces[len(pieces)-1]
	plainDot := last.kind == '.' && r.t.requirementOf(last.name) == nil
	first := pieces[0]
	req := r.t.requirementOf(first.name)
	if first.name == "controller" && controllers != nil {
		return
	}
	switch {
	case len(pieces) == 2 && plainDot && first.isText():
		t.kind, t.text = dotted, first.text
	case len(pieces) == 2 && plainDot && first.kind == ':' && req == nil:
		t.kind = dotted
	case len(pieces) == 1 && first.kind == ':' && req != nil:
		t.classOf(req.expr)
	}
}

// classOf recognizes [...]+ and [...]*.
func (t *segmentTest) classOf(expr string) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil || re.Op != syntax.OpPlus && re.Op != syntax.OpStar || re.Sub[0].Op != syntax.OpCharClass {
		return
	}
	class := re.Sub[0].Rune
	for i := 0; i+1 < len(class); i += 2 {
		for c := class[i]; c <= class[i+1] && c < 0x80; c++ {
			t.class[c>>6] |= 1 << (c & 63)
		}
	}
	t.kind, t.empty = oneClass, re.Op == syntax.OpStar
}

// match tells whether a segment matches.
func (t *segmentTest) match(s string) bool {
	switch t.kind {
	case oneClass:
		if s == "" {
			return t.empty
		}
		for i := range len(s) {
			c := s[i]
			if c >= 0x80 {
				return t.re.MatchString(s)
			}
			if t.class[c>>6]&(1<<(c&63)) == 0 {
				return false
			}
		}
		return true
	case dotted:
		if t.text == "" {
			return s != ""
		}
		_, ok := t.ending(s)
		return ok
	}
	rest := s
	for _, text := range t.texts { // cheaper than the expression, and mostly enough
		i := strings.Index(rest, text)
		if i < 0 {
			return false
		}
		rest = rest[i+len(text):]
	}
	return t.re.MatchString(s)
}

// ending finds where the ending of a dotted segment begins, its dot not counted: len(s)+1
// where there is none.
func (t *segmentTest) ending(s string) (at int, ok bool) {
	if t.text != "" {
		rest, ok := strings.CutPrefix(s, t.text)
		if !ok || rest == "" {
			return len(s) + 1, ok
		}
		if rest[0] != '.' || len(rest) == 1 || strings.IndexByte(rest[1:], '.') >= 0 {
			return 0, false
		}
		return len(t.text) + 1, true
	}
	if i := strings.LastIndexByte(s, '.'); i > 0 && i < len(s)-1 {
		return i + 1, true
	}
	return len(s) + 1, s != ""
}

// values gives the values of the variables of a segment that matches; a nil stands for an
// ending that is not there.
func (t *segmentTest) values(s string, add func(value string, ok bool)) {
	switch t.kind {
	case oneClass:
		add(s, true)
		return
	case dotted:
		at, _ := t.ending(s)
		if t.text == "" {
			add(s[:at-1], true)
		}
		if at > len(s) {
			add("", false)
		} else {
			add(s[at:], true)
		}
		return
	}
	groups := t.re.FindStringSubmatchIndex(s)
	for _, g := range t.groups {
		if from := groups[2*g]; from >= 0 {
			add(s[from:groups[2*g+1]], true)
		} else {
			add("", false)
		}
	}
}
