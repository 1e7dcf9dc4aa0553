package routes

import (
	"math/bits"
	"strings"
)

// search is the search for the route of one request.
type search struct {
	path     string
	bit      uint64 // the method's, 0 for any
	host     string
	sub      string // the sub-domain, "" for none
	after    int    // only routes with higher numbers count
	best     *target
	limit    int // only routes with lower numbers count
	steps    int // nodes and expressions looked at
	allowing bool
	allowed  uint64 // methods for which the path has routes

	n     int                     // of segments
	ascii bool                    // the path is ASCII: its values need no look at their UTF-8
	room  [maxSegments + 3]uint32 // where they begin, and one behind the end
}

// maxSegments is how deep the tree goes: a route with more segments is looked at by its
// regular expression.
const maxSegments = 22

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
	lows  = 0x7f * ones
	slash = '/' * ones
)

// begin divides the path, eight bytes at a time. What is deeper than any route is
// not divided: the last segment is all the rest.
func (s *search) begin(t *table, path string) bool {
	s.path, s.limit, s.after = path, none, -1
	if path == "" || path[0] != '/' {
		return false
	}
	n, most, other := 0, t.depth+1, byte(0)
	i := 0
	var high uint64
	for ; i+8 <= len(path); i += 8 {
		v := uint64(path[i]) | uint64(path[i+1])<<8 | uint64(path[i+2])<<16 | uint64(path[i+3])<<24 |
			uint64(path[i+4])<<32 | uint64(path[i+5])<<40 | uint64(path[i+6])<<48 | uint64(path[i+7])<<56
		high |= v
		x := v ^ slash
		for found := ^((x&lows + lows) | x | lows); found != 0 && n <= most; found &= found - 1 {
			s.room[n] = uint32(i + bits.TrailingZeros64(found)>>3 + 1)
			n++
		}
	}
	for ; i < len(path); i++ {
		other |= path[i]
		if path[i] == '/' && n <= most {
			s.room[n] = uint32(i + 1)
			n++
		}
	}
	s.room[n] = uint32(len(path) + 1)
	s.n, s.ascii = n, high&highs == 0 && other < 0x80
	return true
}

// segment is the i-th segment of the path.
func (s *search) segment(i int) string { return s.path[s.room[i] : s.room[i+1]-1] }

// rest is what follows from the i-th segment on.
func (s *search) rest(i int) string { return s.path[s.room[i]:] }

// walk looks at a node, before the i-th segment, and at all below it that may win.
func (s *search) walk(n *node, i int) {
	for {
		s.steps++
		if n.first >= s.limit {
			return
		}
		if n.odd {
			s.odd(n, i)
		}
		if i == s.n {
			for _, g := range n.ends {
				if s.wants(g) {
					s.take(g)
				}
			}
			return
		}
		segment := s.segment(i)
		to := n.find(segment)
		i++
		switch {
		case len(n.tests) > 0:
			s.fork(n, to, segment, i)
			return
		case n.any == nil || segment == "":
			if to == nil {
				return
			}
			n = to
		case to == nil:
			n = n.any
		default:
			s.walk(to, i)
			n = n.any
		}
	}
}

// odd looks at expressions over the whole path, and at wildcards.
func (s *search) odd(n *node, i int) {
	for _, g := range n.spans {
		if s.wants(g) {
			s.steps++
			if strings.HasPrefix(s.path, g.route.lead) && g.expr.MatchString(s.path) {
				s.take(g)
			}
		}
	}
	if i == s.n {
		return
	}
	for _, g := range n.rests {
		if s.wants(g) {
			if rest := s.rest(i); len(rest) >= g.least && strings.IndexByte(rest, '\n') < 0 {
				s.take(g)
			}
		}
	}
}

// fork goes all the ways from a node that has tests.
func (s *search) fork(n, to *node, segment string, i int) {
	if to != nil {
		s.walk(to, i)
	}
	if n.any != nil && segment != "" {
		s.walk(n.any, i)
	}
	for k := range n.tests {
		e := &n.tests[k]
		if e.to.first >= s.limit {
			continue
		}
		s.steps++
		if e.test.match(segment) {
			s.walk(e.to, i)
		}
	}
}

// find is the node behind a static segment, or nil.
func (n *node) find(segment string) *node {
	if n.index != nil {
		return n.index[segment]
	}
	key := keyOf(segment)
	for k, have := range n.keys {
		if have == key && n.texts[k].text == segment {
			return n.texts[k].to
		}
	}
	return nil
}

// keyOf tells most texts apart by their lengths and their first and last bytes.
func keyOf(s string) uint32 {
	if s == "" {
		return 0
	}
	return uint32(len(s))<<16 | uint32(s[0])<<8 | uint32(s[len(s)-1])
}

// wants tells whether a target is worth a closer look: it could win, and its conditions
// agree.
func (s *search) wants(g *target) bool {
	if g.number >= s.limit || g.number <= s.after {
		return false
	}
	if g.methods != 0 && s.bit != 0 && g.methods&s.bit == 0 && !s.allowing {
		return false
	}
	return !g.hosted || s.hostFits(g.route)
}

// take makes a target the best one so far, or notes its methods.
func (s *search) take(g *target) {
	if s.allowing {
		if g.route.when == nil {
			s.allowed |= g.methods
		}
		return
	}
	s.best, s.limit = g, g.number
}

// hostFits tells whether host and sub-domain are those a route asks for.
func (s *search) hostFits(r *Route) bool {
	if c := r.subDomain; c != nil {
		switch {
		case c.any:
			if s.sub == "" {
				return false
			}
		case len(c.names) == 0:
			if s.sub != "" {
				return false
			}
		case !contains(c.names, s.sub):
			return false
		}
	}
	if r.hosts == nil {
		return true
	}
	for _, h := range r.hosts {
		if h == s.host || strings.HasPrefix(h, ".") && strings.HasSuffix(s.host, h) && len(s.host) > len(h) {
			return true
		}
	}
	return false
}

func contains(names []string, name string) bool {
	if name == "" {
		return false
	}
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}
