package routes

import (
	"regexp"
	"slices"
	"strings"
)

// slowMatchRoute is the plain way to find a route: one regular expression for each, asked
// in order. It is what the tree is compared with.
func slowMatchRoute(m *Mapper, method, path string) (*Route, map[string]string) {
	routes := slices.Clone(m.Routes())
	slices.SortStableFunc(routes, func(a, b *Route) int { return len(b.lead) - len(a.lead) })
	for _, r := range routes {
		if r.methods != nil && !slices.Contains(r.methods, method) && !(method == "HEAD" && slices.Contains(r.methods, "GET")) {
			continue
		}
		expr := r.fullExpr(nil)
		if r.minimize {
			expr = r.minimizedExpr(nil)
		}
		re := regexp.MustCompile(expr)
		found := re.FindStringSubmatch(path)
		if found == nil || !strings.HasPrefix(path, r.lead) {
			continue
		}
		vars := map[string]string{}
		groups := groupsOf(re, r.t.names)
		for i, name := range r.t.names {
			if found[groups[i]] != "" {
				vars[name] = strings.ToValidUTF8(found[groups[i]], "\ufffd")
			}
		}
		return r, vars
	}
	return nil, nil
}
