package routes

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

// requirement is the regular expression that a variable has to match. They are RE2's:
// matching takes time in proportion to the text, whatever a client sends.
type requirement struct {
	expr   string
	whole  *regexp.Regexp // anchored at both ends
	slash  bool           // may match a slash
	within bool           // looks at what stands around it: ^, \b ...
	rest   bool           // .* or .+: anything but a line feed
	least  int            // 1 for .+
}

// newRequirement compiles an expression. What RE2 does not know, lookahead and back
// references, is an error.
func newRequirement(expr string) (*requirement, error) {
	parsed, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, fmt.Errorf("requirement %q: %w", expr, err)
	}
	whole, err := regexp.Compile(`^(?:` + expr + `)\z`)
	if err != nil {
		return nil, fmt.Errorf("requirement %q: %w", expr, err)
	}
	r := &requirement{expr: expr, whole: whole}
	r.slash, r.within = survey(parsed)
	switch expr {
	case ".*", ".*?":
		r.rest = true
	case ".+", ".+?":
		r.rest, r.least = true, 1
	}
	return r, nil
}

// survey tells whether an expression may match a slash, and whether it looks at what
// stands around it.
func survey(re *syntax.Regexp) (slash, within bool) {
	switch re.Op {
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return true, false
	case syntax.OpLiteral:
		slash = strings.ContainsRune(string(re.Rune), '/')
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			slash = slash || re.Rune[i] <= '/' && '/' <= re.Rune[i+1]
		}
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		within = true
	}
	for _, sub := range re.Sub {
		s, w := survey(sub)
		slash, within = slash || s, within || w
	}
	return slash, within
}

// fits tells whether a value may stand for the variable. A slash in the value of one
// that matches none is escaped in the URL, and matched as any other character.
func (r *requirement) fits(value string) bool {
	if !r.slash {
		value = hideSlashes(value)
	}
	return r.whole.MatchString(value)
}
