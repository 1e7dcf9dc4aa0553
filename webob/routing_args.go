package webob

import "strings"

// RoutingArgs is what a URL mapper leaves under wsgiorg.routing_args: the
// variables of the matched pattern, by place and by name.
type RoutingArgs struct {
	Args []string          // by place, of a pattern without names
	Vars map[string]string // by name; URLVars reads them
}

const (
	routingArgsKey = "wsgiorg.routing_args"
	pasteVarsKey   = "paste.urlvars"
)

// Variables are the named variables that a mapper has matched, made into a map only
// when somebody wants one. Both methods are pure, and safe for concurrent use.
type Variables interface {
	// URLVar gives one variable, and whether there is one of that name.
	URLVar(name string) (string, bool)
	// URLVars gives all of them in a new map.
	URLVars() map[string]string
}

// SetVariables is for mappers: it leaves v as the request's named variables, in place
// of any there are, and v itself under key, where a Key of that name finds it.
// URLVars and the environ show them as if SetURLVars had been called, and PathValue
// reads them too; the map is made when one of these wants it.
func (r *Request) SetVariables(key string, v Variables) {
	if r.x == nil {
		both := new(withMatch)
		both.x.root, both.x.seldom = r.Request, &both.s
		r.x = &both.x
	}
	x := r.x
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.env, pasteVarsKey)
	delete(x.env, key)
	args, _ := x.env[routingArgsKey].(RoutingArgs)
	delete(x.env, routingArgsKey)
	s := x.rare()
	s.matched, s.matchedKey = v, key
	if len(args.Args) > 0 {
		x.put(routingArgsKey, RoutingArgs{Args: args.Args, Vars: v.URLVars()})
	}
}

// withMatch is what a request behind a mapper needs, in one piece.
type withMatch struct {
	x exchange
	s seldom
}

// mapped says that a mapper has left something. Called under mu.
func (x *exchange) mapped() bool { return x.seldom != nil && x.matched != nil }

// ofMatch is get for a key that is not in the map. Called under mu.
func (x *exchange) ofMatch(key string) (any, bool) {
	switch key {
	case x.matchedKey:
		return x.matched, true
	case routingArgsKey:
		args := RoutingArgs{Vars: x.matched.URLVars()}
		x.put(routingArgsKey, args)
		return args, true
	}
	return nil, false
}

// settleMatch writes what a mapper has left into the map, as if it had always been
// there. Called under mu.
func (x *exchange) settleMatch() {
	v := x.matched
	x.matched = nil
	if _, ok := x.env[x.matchedKey]; !ok {
		x.put(x.matchedKey, v)
	}
	if _, ok := x.env[routingArgsKey]; !ok {
		x.put(routingArgsKey, RoutingArgs{Vars: v.URLVars()})
	}
}

// matchedVar is one variable of what a mapper has left. If the map was made, that
// counts: somebody may have changed it.
func (x *exchange) matchedVar(name string) string {
	if x == nil {
		return ""
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if args, ok := x.env[routingArgsKey].(RoutingArgs); ok {
		return args.Vars[name]
	}
	if !x.mapped() {
		return ""
	}
	v, _ := x.matched.URLVar(name)
	return v
}

func (r *Request) routingArgs() (RoutingArgs, bool) {
	v, ok := r.x.get(routingArgsKey)
	if !ok {
		return RoutingArgs{}, false
	}
	return v.(RoutingArgs), true
}

func (r *Request) pasteVars() (map[string]string, bool) {
	v, ok := r.x.get(pasteVarsKey)
	if !ok {
		return nil, false
	}
	return v.(map[string]string), true
}

// URLVars are the named variables that a mapper matched in the URL. It is the
// map itself: what is stored in it is seen by all. Without one an empty map is
// stored first. The older key paste.urlvars goes before wsgiorg.routing_args.
//
// Where no mapper has left any, the map begins with the path values that the
// request's Pattern names: those of http.ServeMux, and of a routes.Mapper whose
// handler was no app of ours. WebOb: Request.urlvars.
func (r *Request) URLVars() map[string]string {
	if vars, ok := r.pasteVars(); ok {
		return vars
	}
	args, ok := r.routingArgs()
	if !ok || args.Vars == nil {
		args.Vars = r.patternVars()
		r.ex().set(routingArgsKey, args)
	}
	return args.Vars
}

// patternVars are the path values that stand in the Pattern, {name} or {name...}.
func (r *Request) patternVars() map[string]string {
	vars := map[string]string{}
	for rest := r.Pattern; ; {
		_, after, ok := strings.Cut(rest, "{")
		if !ok {
			return vars
		}
		var name string
		if name, rest, ok = strings.Cut(after, "}"); !ok {
			return vars
		}
		name = strings.TrimSuffix(name, "...")
		if v := r.Request.PathValue(name); v != "" {
			vars[name] = v
		}
	}
}

// SetURLVars replaces the named variables, under the key that is there; where
// both are, the older one goes.
func (r *Request) SetURLVars(vars map[string]string) {
	args, ok := r.routingArgs()
	_, paste := r.pasteVars()
	if paste && !ok {
		r.ex().set(pasteVarsKey, vars)
		return
	}
	args.Vars = vars
	r.ex().set(routingArgsKey, args)
	r.x.delete(pasteVarsKey)
}

// DelURLVars removes the named variables, and the keys where no others are left.
func (r *Request) DelURLVars() {
	r.x.delete(pasteVarsKey)
	args, ok := r.routingArgs()
	switch {
	case !ok:
	case len(args.Args) == 0:
		r.x.delete(routingArgsKey)
	default:
		r.ex().set(routingArgsKey, RoutingArgs{Args: args.Args, Vars: map[string]string{}})
	}
}

// URLArgs are the variables matched by place. WebOb: Request.urlargs.
func (r *Request) URLArgs() []string {
	args, _ := r.routingArgs()
	return args.Args
}

// SetURLArgs replaces the variables matched by place; named ones under the older
// key move to the newer one.
func (r *Request) SetURLArgs(values ...string) {
	args, _ := r.routingArgs()
	if vars, ok := r.pasteVars(); ok {
		args.Vars = vars
		r.x.delete(pasteVarsKey)
	}
	if args.Vars == nil {
		args.Vars = map[string]string{}
	}
	args.Args = values
	r.ex().set(routingArgsKey, args)
}

// DelURLArgs removes the variables matched by place.
func (r *Request) DelURLArgs() {
	args, ok := r.routingArgs()
	switch {
	case !ok:
	case len(args.Vars) == 0:
		r.x.delete(routingArgsKey)
	default:
		r.ex().set(routingArgsKey, RoutingArgs{Vars: args.Vars})
	}
}
