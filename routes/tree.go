package routes

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// table is a Mapper's routes made ready: a tree with a level for each segment of the path,
// in which each node is looked at once for a request at most. It is never changed.
//
// Routes are numbered in the order in which they are tried, and each node knows the lowest
// number below it: what cannot win any more is passed over.
type table struct {
	root    node
	names   map[string]*Route
	broken  error
	methods map[string]uint64 // those that have no bit of their own in methodBit
	depth   int
	hosted  bool     // some route looks at the host
	plain   bool     // foreign handlers need nothing but the path values
	own     []string // the names of methods, in their order
}

// node is a place in the path, between two segments.
type node struct {
	texts []textEdge
	keys  []uint32         // of texts, see keyOf
	index map[string]*node // of texts, where there are many
	any   *node            // one segment, not empty
	tests []testEdge
	ends  []*target // whose path ends here
	rests []*target // that take all that follows, a wildcard
	spans []*target // whose expression is to be asked, over the whole path
	odd   bool      // there are rests or spans
	first int       // the lowest number here and below
}

type textEdge struct {
	text string
	to   *node
}

// testEdge is a segment that an expression has to match.
type testEdge struct {
	key  string
	test segmentTest
	to   *node
}

// target is a route in the tree.
type target struct {
	route   *Route
	number  int
	methods uint64 // a bit for each, 0 for any
	takes   []taking
	expr    *regexp.Regexp // of spans,
	groups  []int          // and the group of each variable in it
	rest    bool           // its last variable is a wildcard,
	least   int            // which takes that many bytes at least
	hosted  bool           // looks at host or sub-domain
	foreign bool           // the handler is not ours and nothing has to be done before it,
	simple  bool           // but for variables that are whole segments
}

// taking says where the values of the variables are.
type taking struct {
	segment int
	test    *segmentTest // of a segment with text or several variables; nil for all of it
	n       int          // how many variables
}

const none = math.MaxInt

func newTable(m *Mapper) *table {
	t := &table{names: map[string]*Route{}, methods: map[string]uint64{}, root: node{first: none}}
	t.plain = m.prefix == "" && !m.subDomains && !m.methodOverride
	if len(m.faults) > 0 {
		t.broken, t.plain = m.faults[0], false
	}
	var routes []*Route
	for _, r := range m.routes {
		if r.name != "" {
			t.names[r.name] = r
		}
		if !r.static && r.err == nil {
			routes = append(routes, r)
		}
	}
	slices.SortStableFunc(routes, func(a, b *Route) int { return cmp.Compare(len(b.lead), len(a.lead)) })
	for i, r := range routes {
		if err := t.add(r, i, m); err != nil && t.broken == nil {
			t.broken, t.plain = err, false
		}
	}
	return t
}

func (t *table) add(r *Route, number int, m *Mapper) error {
	bits, err := t.bits(r.methods)
	if err != nil {
		return fmt.Errorf("routes: %q: %w", r.path, err)
	}
	g := &target{route: r, number: number, methods: bits, hosted: r.subDomain != nil || r.hosts != nil}
	g.foreign = r.handler != nil && !r.native && r.target == nil && !r.shift && r.when == nil && !m.subDomains
	t.hosted = t.hosted || g.hosted
	t.plain = t.plain && r.when == nil
	if r.minimize {
		return t.span(g, r.minimizedExpr(m.controllers), r.lead)
	}
	segments, ok := r.segments(m.controllers)
	if !ok || len(segments) > maxSegments {
		return t.span(g, r.fullExpr(m.controllers), r.openLead())
	}
	at := &t.root
	at.first = min(at.first, number)
	for i, s := range segments {
		switch {
		case s.rest:
			at.rests, at.odd = append(at.rests, g), true
			g.takes = append(g.takes, taking{i, nil, 1})
			g.rest, g.least = true, s.least
			t.depth = max(t.depth, i)
			return nil
		case s.test != nil:
			at = at.tested(s)
			g.takes = append(g.takes, taking{i, s.test, s.vars})
		case s.vars == 1:
			if at.any == nil {
				at.any = &node{first: none}
			}
			at = at.any
			g.takes = append(g.takes, taking{i, nil, 1})
		default:
			at = at.child(s.text)
		}
		at.first = min(at.first, number)
	}
	at.ends = append(at.ends, g)
	g.simple = len(r.slots) == len(g.takes) && !slices.ContainsFunc(g.takes, func(k taking) bool { return k.test != nil && k.test.kind != oneClass })
	t.depth = max(t.depth, len(segments))
	return nil
}

// span puts a route whose expression is asked over the whole path where its static
// beginning leads.
func (t *table) span(g *target, expr, lead string) error {
	re, err := regexp.Compile(expr)
	if err != nil {
		return &TemplateError{g.route.path, "", err}
	}
	g.expr, g.groups = re, groupsOf(re, g.route.t.names)
	at := &t.root
	at.first = min(at.first, g.number)
	segments := strings.Split(strings.TrimPrefix(lead, "/"), "/")
	for i, s := range segments[:min(len(segments)-1, maxSegments)] {
		at = at.child(s)
		at.first = min(at.first, g.number)
		t.depth = max(t.depth, i+1)
	}
	at.spans, at.odd = append(at.spans, g), true
	return nil
}

// few is how many texts are compared one by one.
const few = 10

func (n *node) child(text string) *node {
	for _, e := range n.texts {
		if e.text == text {
			return e.to
		}
	}
	to := &node{first: none}
	n.texts = append(n.texts, textEdge{text, to})
	n.keys = append(n.keys, keyOf(text))
	if len(n.texts) > few {
		n.index = make(map[string]*node, len(n.texts))
		for _, e := range n.texts {
			n.index[e.text] = e.to
		}
	}
	return to
}

func (n *node) tested(s segment) *node {
	for _, e := range n.tests {
		if e.key == s.text {
			return e.to
		}
	}
	to := &node{first: none}
	n.tests = append(n.tests, testEdge{s.text, *s.test, to})
	return to
}

// bits are the methods of a route as a set.
func (t *table) bits(methods []string) (set uint64, err error) {
	if methods != nil && len(methods) == 0 {
		return noMethod, nil
	}
	for _, m := range methods {
		bit := methodBit(m)
		if bit == 0 {
			bit = t.methods[m]
		}
		if bit == 0 {
			if len(t.methods) >= 63-ownBits {
				return 0, fmt.Errorf("more than %d methods of one's own", 63-ownBits)
			}
			bit = 1 << (ownBits + len(t.methods))
			t.methods[m] = bit
			t.own = append(t.own, m)
		}
		set |= bit
	}
	if set&methodBit("GET") != 0 {
		set |= methodBit("HEAD")
	}
	return set, nil
}

// ownBits is where the bits of unusual methods begin; bit 0 is that of all others.
const ownBits = 10

// otherMethod is a method that no route names.
const otherMethod = 1

// noMethod is no request's.
const noMethod = 1 << 63

func methodBit(m string) uint64 {
	switch m {
	case "GET":
		return 1 << 1
	case "HEAD":
		return 1 << 2
	case "POST":
		return 1 << 3
	case "PUT":
		return 1 << 4
	case "PATCH":
		return 1 << 5
	case "DELETE":
		return 1 << 6
	case "OPTIONS":
		return 1 << 7
	case "CONNECT":
		return 1 << 8
	case "TRACE":
		return 1 << 9
	}
	return 0
}

// bit is the set of a request's method alone.
func (t *table) bit(method string) uint64 {
	if b := methodBit(method); b != 0 {
		return b
	}
	if b := t.methods[method]; b != 0 {
		return b
	}
	return otherMethod
}

// segment is one segment of a route's path.
type segment struct {
	text  string // of a static one; else what tells two tests apart
	vars  int
	test  *segmentTest // nil for a static one and for a plain variable
	rest  bool         // a wildcard to the end of the path
	least int
}

// segments divides a route's path. ok is false where a variable may match a slash
// elsewhere than at the end, or looks at what stands around it.
func (r *Route) segments(controllers []string) (list []segment, ok bool) {
	var pieces []part
	flush := func() bool {
		s, ok := r.oneSegment(pieces, controllers)
		list, pieces = append(list, s), nil
		return ok
	}
	for i, p := range r.t.parts {
		if !p.isText() {
			pieces = append(pieces, p)
			continue
		}
		text := p.text
		if i == 0 {
			text = strings.TrimPrefix(text, "/")
		}
		for {
			before, after, slash := strings.Cut(text, "/")
			if before != "" {
				pieces = append(pieces, part{text: before})
			}
			if !slash {
				break
			}
			if !flush() {
				return nil, false
			}
			text = after
		}
	}
	if !flush() {
		return nil, false
	}
	return r.restIsLast(list)
}

func (r *Route) restIsLast(list []segment) ([]segment, bool) {
	for i, s := range list {
		if s.rest && i != len(list)-1 {
			return nil, false
		}
	}
	return list, true
}

// oneSegment makes a segment of its pieces.
func (r *Route) oneSegment(pieces []part, controllers []string) (s segment, ok bool) {
	if len(pieces) == 0 {
		return segment{}, true
	}
	if len(pieces) == 1 && pieces[0].isText() {
		return segment{text: pieces[0].text}, true
	}
	if len(pieces) == 1 {
		if rest, least := r.isRest(pieces[0]); rest {
			return segment{vars: 1, rest: true, least: least}, true
		}
		if p := pieces[0]; p.kind == ':' && r.t.requirementOf(p.name) == nil && !(p.name == "controller" && controllers != nil) {
			return segment{vars: 1}, true
		}
	}
	for _, p := range pieces {
		if p.isText() {
			continue
		}
		s.vars++
		req := r.t.requirementOf(p.name)
		switch {
		case p.name == "controller" && controllers != nil:
			if strings.Contains(strings.Join(controllers, ""), "/") {
				return s, false
			}
		case req != nil && (req.slash || req.within), req == nil && p.kind == '*':
			return s, false
		}
	}
	s.test = newSegmentTest(r, pieces, controllers)
	s.text = s.test.key
	return s, true
}

// isRest tells a wildcard, which takes all up to a line feed.
func (r *Route) isRest(p part) (rest bool, least int) {
	req := r.t.requirementOf(p.name)
	switch {
	case p.kind == '.' || p.name == "controller":
		return false, 0
	case req == nil:
		return p.kind == '*', 1
	}
	return req.rest, req.least
}

// openLead is the static beginning with its last slash.
func (r *Route) openLead() string {
	lead := ""
	for _, p := range r.t.parts {
		if !p.isText() {
			break
		}
		lead += p.text
	}
	return lead
}

// fullExpr is the expression of a whole path without minimization.
func (r *Route) fullExpr(controllers []string) string {
	var b strings.Builder
	b.WriteByte('^')
	for _, p := range r.t.parts {
		b.WriteString(r.pieceExpr(p, controllers))
	}
	b.WriteString(`\z`)
	return b.String()
}

// pieceExpr is the expression of a piece, with a group for a variable.
func (r *Route) pieceExpr(p part, controllers []string) string {
	req := r.t.requirementOf(p.name)
	var own string
	switch {
	case p.isText():
		return regexp.QuoteMeta(p.text)
	case p.name == "controller" && controllers != nil:
		own = alternatives(controllers)
	case req != nil:
		own = req.expr
	case p.kind == '.':
		own = `[^/.]+?`
	case p.kind == '*':
		own = `.+?`
	default:
		own = `[^/]+?`
	}
	if p.kind == '.' {
		return `(?:\.` + r.group(p.name) + own + `))??`
	}
	return r.group(p.name) + own + `)`
}

// groupName begins the names of the groups that are variables: requirements may have
// groups of their own.
const groupName = "gowebob_"

// group opens the group of a variable.
func (r *Route) group(name string) string {
	return "(?P<" + groupName + strconv.Itoa(slices.Index(r.t.names, name)) + ">"
}

// groupsOf finds the groups of variables; -1 for one that the expression does not have.
func groupsOf(re *regexp.Regexp, names []string) []int {
	groups := make([]int, len(names))
	for i := range names {
		groups[i] = re.SubexpIndex(groupName + strconv.Itoa(i))
	}
	return groups
}
