package webob

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
// http.ServeMux keeps its own, see PathValue. WebOb: Request.urlvars.
func (r *Request) URLVars() map[string]string {
	if vars, ok := r.pasteVars(); ok {
		return vars
	}
	args, ok := r.routingArgs()
	if !ok || args.Vars == nil {
		args.Vars = map[string]string{}
		r.ex().set(routingArgsKey, args)
	}
	return args.Vars
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
