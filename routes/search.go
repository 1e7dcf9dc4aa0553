package routes

import (
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

	n      int        // of segments
	room   [24]uint32 // where they begin
	starts []uint32   // the same, in a tree deeper than room
}

// begin divides the path.
func (s *search) begin(t *table, path string) bool {
	s.path, s.limit, s.after = path, none, -1
	if path == "" || path[0] != '/' {
		return false
	}
	if t.depth+2 > len(s.room) {
		s.starts = make([]uint32, t.depth+2)
	}
	s.mark(1)
	for i := 1; s.n <= t.depth+1; {
		j := strings.IndexByte(path[i:], '/')
		if j < 0 {
			break
		}
		i += j + 1
		s.mark(i)
	}
	return true
}

func (s *search) mark(at int) {
	if s.starts != nil {
		s.starts[s.n] = uint32(at)
	} else {
		s.room[s.n] = uint32(at)
	}
	s.n++
}

// start is where the i-th segment begins.
func (s *search) start(i int) int {
	if s.starts != nil {
		return int(s.starts[i])
	}
	return int(s.room[i])
}

// segment is the i-th segment of the path. In what is deeper than any route the last
// one is all the rest.
func (s *search) segment(i int) string {
	if i+1 < s.n {
		return s.path[s.start(i) : s.start(i+1)-1]
	}
	return s.path[s.start(i):]
}

// walk looks at a node, before the i-th segment, and at all below it that may win.
func (s *search) walk(n *node, i int) {
	s.steps++
	if n.first >= s.limit {
		return
	}
	for _, g := range n.spans {
		if s.wants(g) {
			s.steps++
			if strings.HasPrefix(s.path, g.route.lead) && g.expr.MatchString(s.path) {
				s.take(g)
			}
		}
	}
	if i == s.n {
		for _, g := range n.ends {
			if s.wants(g) {
				s.take(g)
			}
		}
		return
	}
	for _, g := range n.rests {
		if s.wants(g) {
			rest := s.path[s.start(i):]
			if len(rest) >= g.least && strings.IndexByte(rest, '\n') < 0 {
				s.take(g)
			}
		}
	}
	segment := s.segment(i)
	if n.index != nil {
		if to := n.index[segment]; to != nil {
			s.walk(to, i+1)
		}
	} else {
		for k := range n.texts {
			if n.texts[k].text == segment {
				s.walk(n.texts[k].to, i+1)
				break
			}
		}
	}
	if n.any != nil && segment != "" {
		s.walk(n.any, i+1)
	}
	for k := range n.tests {
		if n.tests[k].to.first >= s.limit {
			continue
		}
		s.steps++
		if n.tests[k].test.match(segment) {
			s.walk(n.tests[k].to, i+1)
		}
	}
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
