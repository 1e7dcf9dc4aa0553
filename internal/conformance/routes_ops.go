package conformance

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/routes"
	"github.com/gowebob/gowebob/webob"
)

// Routes asks package routes.
func (adapters) Routes() Family {
	return Family{
		Name: "routes",
		Done: true,
		Ops: map[string]Op{
			"routes.match":        Ask(routesMatch),
			"routes.generate":     Ask(routesGenerate),
			"routes.generate_raw": Ask(routesGenerateRaw),
			"routes.table":        Ask(routesTable),
			"routes.text":         Ask(routesPrinted),
			"routes.middleware":   Ask(routesMiddleware),
		},
		Fold:  routesFold,
		Rules: routesRules(),
	}
}

// routesRequest is a request of routes.match.
type routesRequest struct {
	Path    string
	Method  *string
	Environ map[string]any
}

func (in routesRequest) make() (*webob.Request, error) {
	req := webob.Blank("/")
	req.Host = "example.com"
	req.SetPathInfo(in.Path)
	if in.Method != nil {
		req.Method = *in.Method
	}
	for _, key := range SortedKeys(in.Environ) {
		v := in.Environ[key]
		if key == "HTTPS" { // mod_ssl's way to say so
			key, v = "wsgi.url_scheme", "https"
		}
		if err := req.Environ().Set(key, v); err != nil {
			return nil, err
		}
	}
	return req, nil
}

func routesMatch(in struct {
	Mapper   routesMapper
	Requests []routesRequest
}) (any, error) {
	m, err := in.Mapper.make()
	if err != nil {
		return nil, err
	}
	answers := []any{}
	for _, r := range in.Requests {
		var match *routes.Match
		if r.Method == nil && r.Environ == nil {
			match = m.MatchPath(r.Path)
		} else {
			req, err := r.make()
			if err != nil {
				return nil, err
			}
			match = m.Match(req)
		}
		answers = append(answers, routesShown(match))
	}
	return answers, nil
}

func routesShown(match *routes.Match) any {
	if match == nil {
		return nil
	}
	return map[string]any{"match": routesVars(match), "name": routesName(match.Route()), "path": match.Route().Path()}
}

// routesVars are variables and defaults of a match; what has no value is null.
func routesVars(match *routes.Match) map[string]any {
	vars := map[string]any{}
	for _, name := range match.Names() {
		if v, ok := match.Get(name); ok {
			vars[name] = v
		} else {
			vars[name] = nil
		}
	}
	routesController(vars, match.Route())
	return vars
}

// routesController shows a handler as Python's controller.
func routesController(vars map[string]any, r *routes.Route) {
	if h, ok := r.Handler().(routesHandler); ok {
		vars["controller"] = map[string]any{"object": h.name}
	}
}

func routesName(r *routes.Route) any {
	if r.Name() == "" {
		return nil
	}
	return r.Name()
}

// routesCall is one call of the URL generator.
type routesCall struct {
	Args    []string
	Kw      map[string]any
	Current bool
}

func routesGenerate(in struct {
	Mapper  routesMapper
	Environ map[string]any
	Current map[string]any
	Calls   []routesCall
}) (any, error) {
	m, err := in.Mapper.make()
	if err != nil {
		return nil, err
	}
	req, err := routesRequest{Path: "/", Environ: in.Environ}.make()
	if err != nil {
		return nil, err
	}
	if in.Current != nil {
		vars := map[string]string{}
		for name, v := range in.Current {
			if v != nil {
				vars[name] = routesText(v)
			}
		}
		req.SetURLVars(vars)
	}
	answers := []any{}
	for _, call := range in.Calls {
		u, err := call.on(m.For(req))
		if err != nil {
			answers = append(answers, routesError)
		} else {
			answers = append(answers, u)
		}
	}
	return answers, nil
}

var routesError = map[string]any{"error": "refused"}

// on calls the method that the arguments mean.
func (c routesCall) on(g routes.Generator) (string, error) {
	values, options := routesKeywords(c.Kw)
	switch {
	case len(c.Args) == 0 && c.Current:
		return g.Current(values, options...)
	case len(c.Args) == 0:
		return g.Generate(values, options...)
	case strings.HasPrefix(c.Args[0], "/") || strings.Contains(c.Args[0], "://"):
		return g.Link(c.Args[0], values, options...)
	}
	return g.URL(c.Args[0], values, options...)
}

// routesKeywords divides keywords into values and options, as Python's signature does:
// anchor_ is a value called anchor.
func routesKeywords(kw map[string]any) (routes.Values, []routes.URLOption) {
	values := routes.Values{}
	var options []routes.URLOption
	for _, name := range SortedKeys(kw) {
		v := kw[name]
		s, _ := v.(string)
		switch {
		case name == "qualified":
			if v == true {
				options = append(options, routes.Qualified())
			}
		case name == "protocol" || name == "_protocol":
			if v != nil {
				options = append(options, routes.Scheme(s))
			}
		case (name == "host" || name == "_host") && s != "":
			options = append(options, routes.OnHost(s))
		case (name == "anchor" || name == "_anchor") && s != "":
			options = append(options, routes.Anchor(s))
		case name == "method" && s != "":
			options = append(options, routes.ForMethod(s))
		case name == "anchor_" || name == "host_" || name == "protocol_":
			values[strings.TrimSuffix(name, "_")] = routesValue(v)
		default:
			values[name] = routesValue(v)
		}
	}
	return values, options
}

// routesValue is a JSON value as a value of a URL.
func routesValue(v any) any {
	switch v := v.(type) {
	case json.Number, bool:
		return routesText(v)
	case []any:
		return mapSlice(v, routesValue)
	}
	return v
}

func routesGenerateRaw(in struct {
	Mapper routesMapper
	Calls  []map[string]any
}) (any, error) {
	m, err := in.Mapper.make()
	if err != nil {
		return nil, err
	}
	answers := []any{}
	for _, kw := range in.Calls {
		values, options := routes.Values{}, []routes.URLOption{}
		for name, v := range kw {
			if s, ok := v.(string); ok && name == "method" {
				options = append(options, routes.ForMethod(s))
			} else {
				values[name] = routesValue(v)
			}
		}
		u, err := m.Generate(values, options...)
		if err != nil {
			answers = append(answers, nil)
		} else {
			answers = append(answers, u)
		}
	}
	return answers, nil
}

func routesTable(in struct{ Mapper routesMapper }) (any, error) {
	m, err := in.Mapper.make()
	if err != nil {
		return nil, err
	}
	rows := []any{}
	for _, r := range m.Routes() {
		defaults := map[string]any{}
		for _, name := range r.Names() {
			switch v, set, valued := r.Default(name); {
			case valued:
				defaults[name] = v
			case set:
				defaults[name] = nil
			}
		}
		routesController(defaults, r)
		row := map[string]any{
			"name": routesName(r), "path": r.Path(), "defaults": defaults, "requirements": r.Requirements(),
			"method": nil, "redirect": nil,
		}
		if r.Methods() != nil {
			row["method"] = r.Methods()
		}
		if code := r.Redirect(); code != 0 {
			row["redirect"] = routesStatus(code)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func routesStatus(code int) string { return jsonText(code) + " " + http.StatusText(code) }

func routesPrinted(in struct{ Mapper routesMapper }) (any, error) {
	m, err := in.Mapper.make()
	if err != nil {
		return nil, err
	}
	return strings.Split(m.String(), "\n"), nil
}

func routesMiddleware(in struct {
	Mapper   routesMapper
	Options  map[string]bool
	Requests []deployRequest
}) (any, error) {
	var more []routes.MapperOption
	if override, ok := in.Options["use_method_override"]; override || !ok {
		more = append(more, routes.MethodOverride())
	}
	if move, ok := in.Options["path_info"]; ok && !move {
		more = append(more, routes.KeepPath())
	}
	m, err := in.Mapper.make(more...)
	if err != nil {
		return nil, err
	}
	answers := []any{}
	for _, r := range in.Requests {
		req, err := r.make()
		if err != nil {
			return nil, err
		}
		app := &routesApp{}
		resp := req.GetResponse(m.Middleware(app))
		switch {
		case app.saw != nil:
			answers = append(answers, app.saw)
		case resp.Header().Get("Location") != "":
			answers = append(answers, map[string]any{"redirect": routesStatus(resp.Status()), "location": resp.Header().Get("Location")})
		default:
			answers = append(answers, map[string]any{"status": resp.Status()})
		}
	}
	return answers, nil
}

// routesApp is the app within the middleware, which tells what it sees.
type routesApp struct{ saw map[string]any }

func (a *routesApp) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(a, w, r) }

func (a *routesApp) Respond(req *webob.Request) *webob.Response {
	body, _ := req.Bytes()
	a.saw = map[string]any{
		"match": map[string]any{}, "route": nil,
		"SCRIPT_NAME": Latin(req.Environ().String("SCRIPT_NAME")), "PATH_INFO": Latin(req.Environ().String("PATH_INFO")),
		"REQUEST_METHOD": req.Method, "body": Latin(body),
	}
	if match, ok := routes.Matched.Get(req); ok {
		a.saw["match"], a.saw["route"] = routesVars(match), routesName(match.Route())
	}
	return webob.NewResponse(http.StatusOK)
}

// routesFold takes out what does not count: the class of an error, whether one
// method is text or a list, the slash that
// minimization takes off a path, and how Go's notation says that an id does not end with a
// backslash.
func routesFold(q Question, answer any) any {
	return EditAll(answer, func(item any) any {
		if object, ok := item.(map[string]any); ok && object["error"] != nil {
			return routesError
		}
		item = Edit(item, "method", func(v any) any {
			if s, ok := v.(string); ok {
				return []any{s}
			}
			return v
		})
		item = Edit(item, "path", func(v any) any {
			if s, ok := v.(string); ok {
				return strings.TrimPrefix(s, "/")
			}
			return v
		})
		return Edit(item, "requirements", func(v any) any {
			return Edit(v, "id", func(expr any) any {
				if expr == `[^\/]+(?<!\\)` {
					return `[^/]*[^/\\]`
				}
				return expr
			})
		})
	})
}
