package conformance

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// routesModel is the matching of Routes without minimization, by one regular expression a
// route, as the page says it should be: expressions in braces are read whole, $ is the end
// of the path, HEAD finds what GET finds, methods are compared whole, requirements
// hold for all routes of a resource, and ANY is any method.
type routesModel struct {
	name, path string
	lead       int
	re         *regexp.Regexp
	vars       []string
	defaults   map[string]any
	methods    []string // nil: all
}

// routesModelled tells whether the model knows a Mapper: connect, redirect and resource
// alone, not minimized, no sub-domains, functions or prefix.
func routesModelled(in routesMapper) bool {
	for _, name := range SortedKeys(in.Options) {
		switch v := in.Options[name]; name {
		case "minimization", "sub_domains":
			if v == true {
				return false
			}
		case "prefix", "explicit":
			return false
		}
	}
	for _, s := range in.Routes {
		if s.Connect == nil && s.Resource == nil && s.Redirect == nil {
			return false
		}
		if s.Kw["_minimize"] == true || s.Kw["_static"] == true {
			return false
		}
		if c, ok := s.Kw["conditions"].(map[string]any); ok && (c["function"] != nil || len(c) > 1) {
			return false
		}
	}
	return true
}

// routesModelOf makes the routes in the order in which they are tried; ok is false where
// one is refused.
func routesModelOf(in routesMapper) (list []routesModel, ok bool) {
	for _, s := range in.Routes {
		var more []routesModel
		if s.Resource != nil {
			more = routesModelResource(s)
		} else {
			m := routesModel{defaults: map[string]any{}}
			at := s.Connect
			if s.Redirect != nil {
				at = s.Redirect[:1]
			}
			if len(at) == 2 {
				m.name = at[0]
			}
			m.path = at[len(at)-1]
			for name, v := range s.Kw {
				switch {
				case name == "conditions" || name == "requirements" || name[0] == '_':
				case v == nil:
					m.defaults[name] = nil
				default:
					m.defaults[name] = routesText(v)
				}
			}
			if c, ok := s.Kw["conditions"].(map[string]any); ok {
				m.methods = routesTexts(c["method"])
			}
			more = []routesModel{m}
		}
		for _, m := range more {
			if !m.compile(routesStrings(s.Kw["requirements"])) {
				return nil, false
			}
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b routesModel) int { return b.lead - a.lead })
	return list, true
}

// routesModelResource are the routes of a resource: an id is one segment, a format what
// follows a dot.
func routesModelResource(s routesStep) (list []routesModel) {
	base := "/" + s.Resource[1]
	if prefix, _ := s.Kw["path_prefix"].(string); prefix != "" {
		base = "/" + strings.Trim(prefix, "/") + base
	}
	add := func(name, path, method, action string) {
		m := routesModel{name: name, path: path, defaults: map[string]any{"controller": s.Resource[1], "action": action}}
		if method != "ANY" {
			m.methods = []string{method}
		}
		formatted := m
		formatted.path += ".:(format)"
		if name != "" {
			formatted.name = "formatted_" + name
		}
		list = append(list, formatted, m)
	}
	member, collection := s.Resource[0], s.Resource[1]
	add("", base, "POST", "create")
	add(collection, base, "GET", "index")
	fresh := routesStrings(s.Kw["new"])
	for _, action := range SortedKeys(fresh) {
		add(action+"_new_"+member, base+"/new/"+action, fresh[action], action)
	}
	add("new_"+member, base+"/new", "GET", "new")
	members := routesStrings(s.Kw["member"])
	for _, action := range SortedKeys(members) {
		add(action+"_"+member, base+"/:(id)/"+action, members[action], action)
	}
	add("edit_"+member, base+"/:(id)/edit", "GET", "edit")
	add("", base+"/:(id)", "PUT", "update")
	add("", base+"/:(id)", "DELETE", "delete")
	add(member, base+"/:(id)", "GET", "show")
	return list
}

// routesVariable finds a variable in a path, but for the expression in braces.
var routesVariable = regexp.MustCompile(`^(?:\{(\.?)([A-Za-z_]\w*)|([:*])\(([A-Za-z_]\w*)\)|([:*])([A-Za-z_]\w*))`)

// compile makes the expression of a path.
func (m *routesModel) compile(reqs map[string]string) bool {
	path := m.path
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	expr, literal, first := "^", "", true
	flush := func(variable bool) {
		expr += regexp.QuoteMeta(literal)
		if first && (variable || path == "") {
			m.lead, first = len(strings.TrimRight(literal, "/")), false
		}
		literal = ""
	}
	for path != "" {
		v := routesVariable.FindStringSubmatch(path)
		switch {
		case path[0] == '\\' && len(path) > 1 && strings.ContainsRune(`:*{}\`, rune(path[1])):
			literal, path = literal+path[1:2], path[2:]
		case v == nil && (path[0] == '{' || path[0] == '*'):
			return false
		case v == nil:
			literal, path = literal+path[:1], path[1:]
		default:
			flush(true)
			path = path[len(v[0]):]
			own := ""
			if v[2] != "" {
				end := routesClosing(path)
				if end < 0 {
					return false
				}
				own, path = strings.TrimPrefix(path[:end], ":"), path[end+1:]
			}
			name := v[2] + v[4] + v[6]
			if slices.Contains(m.vars, name) {
				return false
			}
			m.vars = append(m.vars, name)
			expr += routesModelExpr(name, v[1], v[3]+v[5], own, reqs)
			if v[6] != "" && strings.HasPrefix(path, "-") {
				path = path[1:]
			}
		}
	}
	flush(false)
	re, err := regexp.Compile(expr + `\z`)
	m.re = re
	return err == nil
}

// routesClosing is where the brace ends that was opened before.
func routesClosing(s string) int {
	depth := 0
	for i, c := range s {
		switch {
		case c == '{':
			depth++
		case c == '}' && depth == 0:
			return i
		case c == '}':
			depth--
		}
	}
	return -1
}

func routesModelExpr(name, dot, sigil, own string, reqs map[string]string) string {
	switch {
	case own != "":
	case reqs[name] != "":
		own = reqs[name]
	case dot != "":
		own = `[^/.]+?`
	case sigil == "*":
		own = `.+?`
	default:
		own = `[^/]+?`
	}
	group := "(?P<" + name + ">" + own + ")"
	if dot != "" {
		return `(?:\.` + group + `)??`
	}
	return group
}

// routesModelMatch is what a request finds. Without a method all are.
func routesModelMatch(list []routesModel, path string, method *string) any {
	for _, m := range list {
		found := m.re.FindStringSubmatchIndex(path)
		if found == nil || method != nil && !m.takes(*method) {
			continue
		}
		match := maps.Clone(m.defaults)
		for _, name := range m.vars {
			i := m.re.SubexpIndex(name)
			switch from := found[2*i]; {
			case from >= 0 && (found[2*i+1] > from || match[name] == nil):
				match[name] = path[from:found[2*i+1]]
			case match[name] == nil:
				match[name] = nil
			}
		}
		shown := map[string]any{"match": match, "name": nil, "path": m.path}
		if m.name != "" {
			shown["name"] = m.name
		}
		return shown
	}
	return nil
}

func (m *routesModel) takes(method string) bool {
	return m.methods == nil || slices.Contains(m.methods, method) || method == "HEAD" && slices.Contains(m.methods, "GET")
}
