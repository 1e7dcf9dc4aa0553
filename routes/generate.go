package routes

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// Generator makes URLs for one request: below its SCRIPT_NAME, on its host. Mapper.For
// gives it. Routes: URLGenerator, url.
type Generator struct {
	m   *Mapper
	req *webob.Request
}

// For gives the Generator for a request.
func (m *Mapper) For(req *webob.Request) Generator { return Generator{m, req} }

// URL makes the URL of the named route from values: of its variables and of its query,
// where all that the route does not know goes, sorted by name, lists repeated. Defaults of
// the route are filled in. The error is a *GenerationError.
func (m *Mapper) URL(name string, values Values, options ...URLOption) (string, error) {
	return Generator{m: m}.URL(name, values, options...)
}

// Generate makes a URL from values alone: of the routes that they fit, with all defaults
// that are no variables among them, the one whose names differ least from theirs.
func (m *Mapper) Generate(values Values, options ...URLOption) (string, error) {
	return Generator{m: m}.Generate(values, options...)
}

// URLOption says more about a URL.
type URLOption func(*urlPlan)

type urlPlan struct {
	anchor, method, host string
	scheme               *string
	qualified            bool
}

// Anchor is the fragment.
func Anchor(s string) URLOption { return func(p *urlPlan) { p.anchor = s } }

// Qualified makes the URL absolute, with the request's scheme and host. What a proxy says
// in Forwarded fields is not believed.
func Qualified() URLOption { return func(p *urlPlan) { p.qualified = true } }

// OnHost makes the URL absolute, with that host, a port behind it perhaps.
func OnHost(host string) URLOption { return func(p *urlPlan) { p.host = host } }

// Scheme makes the URL absolute, with that scheme, or none at all (//host/path) for "".
// Unless OnHost or Qualified says otherwise it is the request's host without its port.
func Scheme(scheme string) URLOption { return func(p *urlPlan) { p.scheme = &scheme } }

// ForMethod takes only routes for that method.
func ForMethod(method string) URLOption {
	return func(p *urlPlan) { p.method = strings.ToUpper(method) }
}

func newPlan(options []URLOption) *urlPlan {
	p := &urlPlan{}
	for _, o := range options {
		o(p)
	}
	return p
}

// URL is Mapper.URL for the request.
func (g Generator) URL(name string, values Values, options ...URLOption) (string, error) {
	r := g.m.Route(name)
	switch {
	case r == nil:
		return "", &GenerationError{Route: name, Err: ErrUnknownRoute}
	case r.err != nil:
		return "", &GenerationError{Route: name, Err: fmt.Errorf("%w: %w", ErrBroken, r.err)}
	}
	return g.route(r, values, newPlan(options))
}

// URL makes the URL of this route, as Mapper.URL does of a named one.
func (r *Route) URL(values Values, options ...URLOption) (string, error) {
	if r.err != nil {
		return "", &GenerationError{Route: r.label(), Err: fmt.Errorf("%w: %w", ErrBroken, r.err)}
	}
	return Generator{m: r.mapper}.route(r, values, newPlan(options))
}

// label names a route in errors.
func (r *Route) label() string {
	if r.name != "" {
		return r.name
	}
	return r.path
}

// route makes the URL of a route.
func (g Generator) route(r *Route, values Values, plan *urlPlan) (string, error) {
	values = r.withDefaults(values)
	if r.filter != nil {
		values = r.filter(values)
	}
	v, err := newGiven(values)
	if err != nil {
		return "", named(err, r.label())
	}
	if g.m.subDomains && !r.external {
		sub, given := v.texts["sub_domain"]
		g.chooseHost(v, plan)
		if given && r.maxKeys["sub_domain"] {
			v.texts["sub_domain"] = sub
		}
	}
	g.m.implicit(v)
	if g.m.looseNames && !r.static {
		return g.best(v, plan)
	}
	made, err := r.make(v, plan, g.m.appendSlash)
	if err != nil {
		return "", err
	}
	return g.finish(r, made, plan)
}

// named adds the route to an error that does not know it.
func named(err error, route string) error {
	var e *GenerationError
	if errors.As(err, &e) && e.Route == "" {
		c := *e
		c.Route = route
		return &c
	}
	return err
}

// withDefaults are the route's defaults and, before them, the caller's values.
func (r *Route) withDefaults(values Values) Values {
	if r.filter == nil && !slices.ContainsFunc(r.slots, func(s slot) bool { return s.has }) {
		return values
	}
	all := make(Values, len(values)+len(r.slots))
	for _, s := range r.slots {
		switch {
		case s.none:
			all[s.name] = nil
		case s.has:
			all[s.name] = s.text
		}
	}
	for name, value := range values {
		all[name] = value
	}
	return all
}

// implicit gives controller and action where the Mapper's routes do.
func (m *Mapper) implicit(v *given) {
	if !m.implies {
		return
	}
	for name, text := range map[string]string{"controller": "content", "action": "index"} {
		if !v.has(name) {
			v.texts[name] = text
		}
	}
}

// Generate is Mapper.Generate for the request.
func (g Generator) Generate(values Values, options ...URLOption) (string, error) {
	v, err := newGiven(values)
	if err != nil {
		return "", err
	}
	plan := newPlan(options)
	if v.has("sub_domain") {
		g.chooseHost(v, plan)
	}
	g.m.implicit(v)
	return g.best(v, plan)
}

// Current is Generate with what is not given filled up from the variables of the
// request's own match; nil takes one of them away. A controller without an action is
// followed by the action index, one that begins with a slash is taken without filling
// up. Routes: url.current.
func (g Generator) Current(values Values, options ...URLOption) (string, error) {
	v, err := newGiven(values)
	if err != nil {
		return "", err
	}
	plan := newPlan(options)
	controller := v.texts["controller"]
	if strings.HasPrefix(controller, "/") {
		v.texts["controller"] = controller[1:]
		g.m.implicit(v)
		return g.best(v, plan)
	}
	if controller != "" && !v.has("action") {
		v.texts["action"] = "index"
	}
	if g.req != nil {
		for name, value := range g.req.URLVars() {
			if !v.has(name) {
				v.texts[name] = value
			}
		}
	}
	clear(v.none)
	g.chooseHost(v, plan)
	g.m.implicit(v)
	return g.best(v, plan)
}

// best makes the URL of the route that fits best.
func (g Generator) best(v *given, plan *urlPlan) (string, error) {
	var failed []error
	for _, r := range g.m.candidates(v) {
		made, err := r.make(v, plan, g.m.appendSlash)
		if err == nil {
			return g.finish(r, made, plan)
		}
		failed = append(failed, err)
	}
	err := ErrNoFit
	if len(failed) == 1 {
		err = fmt.Errorf("%w: %w", ErrNoFit, failed[0])
	}
	return "", &GenerationError{Err: err}
}

// candidates are the routes for which the names suffice, the best first.
func (m *Mapper) candidates(v *given) (routes []*Route) {
	type scored struct {
		r              *Route
		differ, common int
	}
	var list []scored
	names := v.names()
	for _, r := range m.Routes() {
		if r.err != nil || !r.actionFits(v) || slices.ContainsFunc(r.needed, func(n string) bool { return !r.optional[n] && !v.has(n) }) {
			continue
		}
		s := scored{r: r}
		for _, n := range names {
			if r.maxKeys[n] {
				s.common++
			}
		}
		s.differ = len(names) + len(r.maxKeys) - 2*s.common
		list = append(list, s)
	}
	slices.SortStableFunc(list, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.differ, b.differ), cmp.Compare(b.common, a.common))
	})
	for _, s := range list {
		routes = append(routes, s.r)
	}
	return routes
}

// actionFits tells whether controller and action, where the route has them fixed, are
// the given ones.
func (r *Route) actionFits(v *given) bool {
	for _, name := range []string{"controller", "action"} {
		if slices.Contains(r.hardcoded, name) && v.texts[name] != r.defaults[name] {
			return false
		}
	}
	return true
}

// make makes path and query of a route, without what stands before them.
func (r *Route) make(v *given, plan *urlPlan, appendSlash bool) (string, error) {
	if err := r.admits(v, plan); err != nil {
		return "", err
	}
	var path string
	var err error
	if r.minimize {
		path, err = r.minimizedPath(v)
	} else {
		path, err = r.t.build(v, r.label())
	}
	if err != nil {
		return "", err
	}
	if !r.external && climbs(path) {
		return "", &GenerationError{Route: r.label(), Variable: "path", Value: shorten(path), Err: fmt.Errorf("%w: a segment of dots alone", ErrBadValue)}
	}
	if !strings.HasPrefix(path, "/") && !r.static {
		path = "/" + path
	}
	if appendSlash && !strings.HasSuffix(path, "/") {
		path += "/"
	}
	return addQuery(path, r.query(v)), nil
}

// admits looks at method, requirements and fixed defaults.
func (r *Route) admits(v *given, plan *urlPlan) error {
	if plan.method != "" && r.methods != nil && !slices.Contains(r.methods, plan.method) {
		return badValue(r.label(), "method", plan.method, errors.New("the route is for "+strings.Join(r.methods, ", ")))
	}
	for name, req := range r.t.reqs {
		if s := v.texts[name]; s != "" && !req.fits(s) {
			return badValue(r.label(), name, s, errors.New("it has to match "+req.expr))
		}
	}
	for _, s := range r.slots {
		if s.variable {
			continue
		}
		text, given := v.texts[s.name]
		switch {
		case given && text != "" && !s.none && text != s.text, given && text != s.text && !r.minimize:
			return badValue(r.label(), s.name, text, fmt.Errorf("the route has %q", s.text))
		case !r.minimize && (!given && !s.none || s.none && !v.none[s.name]):
			return &GenerationError{Route: r.label(), Missing: []string{s.name}, Err: ErrMissing}
		}
	}
	return nil
}

// minimizedPath makes the path from its end, leaving out what is a default.
func (r *Route) minimizedPath(v *given) (string, error) {
	var pieces []string
	gaps := false
	for _, p := range slices.Backward(r.t.parts) {
		if p.isText() {
			switch {
			case gaps || !strings.ContainsAny(p.text[len(p.text)-1:], delimiters):
				pieces = append(pieces, escapeText(p.text))
				gaps = true
			case len(p.text) > 1:
				pieces = append(pieces, escapeText(p.text[:len(p.text)-1]))
				gaps = true
			}
			continue
		}
		value, ok, err := r.minimizedValue(p, v, gaps)
		if err != nil {
			return "", err
		}
		if !ok {
			continue
		}
		if err := r.t.check(p, value, r.label()); err != nil {
			return "", err
		}
		pieces = append(pieces, escape(value, r.t.slashes(p)))
		if p.kind == '.' {
			pieces = append(pieces, ".")
		}
		gaps = true
	}
	slices.Reverse(pieces)
	return strings.Join(pieces, ""), nil
}

// minimizedValue is the value of a variable; ok is false where it is left out. gaps says
// that something follows it.
func (r *Route) minimizedValue(p part, v *given, gaps bool) (value string, ok bool, err error) {
	value, given := v.texts[p.name]
	if p.kind == '*' {
		return value, given, nil
	}
	def, hasText := r.defaults[p.name]
	hasDefault := hasText || r.none[p.name]
	switch {
	case hasDefault && !gaps && (!given || hasText && value == def):
		return "", false, nil
	case p.kind == '.' && value == "" && (given || !hasText):
		return "", false, nil
	case given:
		return value, true, nil
	case hasText && !v.none[p.name]:
		return def, true, nil
	}
	return "", false, &GenerationError{Route: r.label(), Missing: []string{p.name}, Err: ErrMissing}
}

// query is what the route does not know. Controller and action never stand in a query.
func (r *Route) query(v *given) string {
	unknown := false
	for name := range v.texts {
		unknown = unknown || !r.maxKeys[name]
	}
	if !unknown && len(v.lists) == 0 {
		return ""
	}
	var b []byte
	for _, name := range v.names() {
		if r.maxKeys[name] || name == "controller" || name == "action" {
			continue
		}
		b = appendQuery(b, v, name, url.QueryEscape)
	}
	return string(b)
}

// appendQuery adds the values of a name to a query.
func appendQuery(b []byte, v *given, name string, escape func(string) string) []byte {
	values := v.lists[name]
	if s, ok := v.texts[name]; ok {
		values = []string{s}
	}
	for _, s := range values {
		if len(b) > 0 {
			b = append(b, '&')
		}
		b = append(b, escape(name)...)
		b = append(b, '=')
		b = append(b, escape(s)...)
	}
	return b
}

// addQuery puts a query behind a URL, which may have one already.
func addQuery(s, query string) string {
	switch {
	case query == "":
		return s
	case strings.Contains(s, "?"):
		return s + "&" + query
	}
	return s + "?" + query
}

// Link makes a URL of one that is no route's: SCRIPT_NAME stands before a path that begins
// with a slash, values become the query.
func (g Generator) Link(ref string, values Values, options ...URLOption) (string, error) {
	v, err := newGiven(values)
	if err != nil {
		return "", err
	}
	var query []byte
	for _, name := range v.names() {
		query = appendQuery(query, v, name, func(s string) string { return escape(s, true) })
	}
	if err := checkRef(ref); err != nil {
		return "", &GenerationError{Variable: "URL", Value: shorten(ref), Err: err}
	}
	external := strings.Contains(ref, "://")
	if strings.HasPrefix(ref, "/") {
		ref = g.script() + ref
	}
	return g.complete(addQuery(ref, string(query)), newPlan(options), external)
}

func checkRef(ref string) error {
	for i := range len(ref) {
		if ref[i] <= ' ' || ref[i] >= 0x7f {
			return fmt.Errorf("%w: it is no URL", ErrBadValue)
		}
	}
	return nil
}

// script is SCRIPT_NAME, escaped.
func (g Generator) script() string {
	if g.req == nil {
		return ""
	}
	return escapeText(g.req.ScriptName())
}

// finish puts the Mapper's prefix and SCRIPT_NAME before what a route has made.
func (g Generator) finish(r *Route, made string, plan *urlPlan) (string, error) {
	made = g.m.prefix + made
	if !r.absolute && !r.external {
		if script := g.script(); script != "" {
			if !strings.HasPrefix(made, "/") {
				made = "/" + made
			}
			made = script + made
		}
	}
	return g.complete(made, plan, r.external)
}

// complete adds the fragment and, where they are asked for, scheme and host.
func (g Generator) complete(made string, plan *urlPlan, external bool) (string, error) {
	if plan.anchor != "" {
		made += "#" + escape(plan.anchor, true)
	}
	if external {
		return made, nil
	}
	if plan.host == "" && plan.scheme == nil && !plan.qualified {
		if strings.HasPrefix(made, "//") {
			return "", &GenerationError{Variable: "path", Value: shorten(made), Err: ErrOffSite}
		}
		return made, nil
	}
	host, scheme := plan.host, ""
	if g.req != nil {
		scheme = g.req.Scheme()
		if host == "" {
			host = g.req.Host
			if !plan.qualified {
				host, _ = splitPort(host)
			}
		}
	}
	if plan.scheme != nil {
		scheme = *plan.scheme
	}
	switch {
	case host == "":
		return "", &GenerationError{Err: ErrNoRequest}
	case strings.ContainsAny(host, "/?#@\\%\"<> ") || checkRef(host) != nil:
		return "", badValue("", "host", host, errors.New("it is no host"))
	case scheme == "" && plan.scheme == nil:
		scheme = "http"
	}
	if scheme != "" {
		scheme += ":"
	}
	return scheme + "//" + host + "/" + strings.TrimLeft(made, "/"), nil
}

// ErrNoRequest: an absolute URL needs the request's host, or OnHost.
var ErrNoRequest = errors.New("no request to take the host from")

// chooseHost takes sub_domain from the values and says on which host it is.
func (g Generator) chooseHost(v *given, plan *urlPlan) {
	if !g.m.subDomains {
		return
	}
	sub := v.texts["sub_domain"]
	v.forget("sub_domain")
	if g.req == nil || g.req.Host == "" || plan.host != "" {
		return
	}
	host, port := splitPort(g.req.Host)
	now, domain := divide(host)
	switch {
	case sub != "" && !slices.Contains(g.m.ignored, sub):
		if now != sub {
			plan.host = sub + "." + domain + port
		}
	case domain != host:
		plan.host = domain + port
	}
}
