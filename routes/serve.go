package routes

import (
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// ServeHTTP has the handler of the route that fits answer, with the route's Pattern on
// the request. A handler that is an app of ours finds the variables in URLVars and by
// PathValue, and the match in Matched; any other by http.Request.PathValue. Where no route
// fits the answer is 404, and 405 with Allow where one fits another method.
//
// A variable path_info moves what it did not match from PathInfo to ScriptName.
func (m *Mapper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if t := m.tables(); t.plain && webob.Outermost(w, r) {
		var s search
		if g := m.plain(t, &s, r); g != nil && g.foreign {
			m.serve(&s, g, w, r)
			return
		}
	}
	webob.Serve(m, w, r)
}

// serve has a handler that is not ours answer, with nobody of ours outside. What lies
// behind it finds the variables by the request's Pattern and path values; defaults stand
// in no Pattern, so that for them the match goes along.
func (m *Mapper) serve(s *search, g *target, w http.ResponseWriter, r *http.Request) {
	switch f := g.route.fn; {
	case f != nil:
		r.Pattern = g.route.pattern
		f(w, r, Vars{s.newMatch(m, g, ""), r})
	case len(g.route.slots) == len(g.route.t.names):
		r.Pattern = g.route.pattern
		s.setPathValues(g, r)
		g.route.handler.ServeHTTP(w, r)
	default:
		d, _ := webob.Enter(w, r)
		defer d.Leave()
		m.note(d.Request(), s.newMatch(m, g, ""), true)
		d.Pass(g.route.handler)
	}
}

// plain is search where nothing but the request's method, path and host counts.
func (m *Mapper) plain(t *table, s *search, r *http.Request) *target {
	if r.URL.RawPath != "" || !s.begin(t, r.URL.Path) {
		return nil
	}
	s.bit = t.bit(r.Method)
	if t.hosted {
		s.host, _ = m.hostOf(r)
	}
	s.walk(&t.root, 0)
	return s.best
}

// setPathValues gives a foreign handler its variables.
func (s *search) setPathValues(g *target, r *http.Request) {
	if g.simple {
		names := g.route.t.names
		for i := range g.takes {
			r.SetPathValue(names[i], s.text(s.segment(g.takes[i].segment)))
		}
		return
	}
	s.newMatch(g.route.mapper, g, "").setPathValues(r)
}

func (m *Match) setPathValues(r *http.Request) {
	for name, value := range m.All() {
		r.SetPathValue(name, value)
	}
}

// Respond is ServeHTTP for filters of ours.
func (m *Mapper) Respond(req *webob.Request) *webob.Response {
	var s search
	g, match, mark := m.search(&s, req.Request, func() *webob.Request { return req }, m.method(req))
	return m.answer(req, &s, g, match, mark)
}

// answer has the target of a request answer.
func (m *Mapper) answer(req *webob.Request, s *search, g *target, match *Match, mark string) *webob.Response {
	if g == nil {
		return m.nowhere(req, s)
	}
	if match == nil {
		match = s.newMatch(m, g, mark)
	}
	match.mapper = m
	h := g.route.handler
	switch {
	case g.route.target != nil:
		m.note(req, match, false)
		return m.redirect(req, match)
	case h == nil:
		return exc.Page(req, exc.InternalServerError.Wrap(errNoHandler(g.route)))
	}
	return m.note(req, match, !g.route.native).GetResponse(h)
}

// note leaves the match on a request, and gives the request for the app inside: a copy
// where path_info moves the path.
func (m *Mapper) note(req *webob.Request, match *Match, foreign bool) *webob.Request {
	req.SetVariables(matchKey, match)
	req.Request.Pattern = match.route.pattern
	if foreign {
		match.setPathValues(req.Request)
	}
	if !match.route.shift || m.keepPath {
		return req
	}
	return moved(req, match)
}

// moved moves what the variable path_info did not match to ScriptName.
func moved(req *webob.Request, match *Match) *webob.Request {
	info, _ := match.Get("path_info")
	inner := req.WithContext(req.Context())
	path := req.PathInfo()
	script, ok := strings.CutSuffix(path, info)
	if !ok {
		return req
	}
	inner.SetScriptName(req.ScriptName() + strings.TrimSuffix(script, "/"))
	inner.SetPathInfo("/" + strings.TrimPrefix(info, "/"))
	return inner
}

// nowhere answers a request that no route fits.
func (m *Mapper) nowhere(req *webob.Request, s *search) *webob.Response {
	t := m.tables()
	if t.broken != nil {
		return exc.Page(req, exc.InternalServerError.Wrap(t.broken))
	}
	if allow := t.allow(s); allow != "" {
		return exc.Page(req, exc.MethodNotAllowed.WithHeader("Allow", allow))
	}
	if m.notFound != nil {
		return req.GetResponse(m.notFound)
	}
	return exc.Page(req, exc.NotFound)
}

// allow is the field Allow for the path of a search that found nothing, or "".
func (t *table) allow(s *search) string {
	if s.n == 0 {
		return ""
	}
	s.limit, s.after, s.allowing = none, -1, true
	s.walk(&t.root, 0)
	var names []string
	for _, name := range usualMethods {
		if s.allowed&methodBit(name) != 0 {
			names = append(names, name)
		}
	}
	for _, name := range t.own {
		if s.allowed&t.methods[name] != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

var usualMethods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"}

// method is the method that a request is matched by.
func (m *Mapper) method(req *webob.Request) string {
	if !m.methodOverride || req.Method != http.MethodPost {
		return req.Method
	}
	return overridden(req)
}

// overridden is the method that the query or form of a POST names.
func overridden(req *webob.Request) string {
	if v := req.GET().Get("_method"); v != "" {
		return strings.ToUpper(v)
	}
	if v := req.POST().Get("_method"); v != "" {
		return strings.ToUpper(v)
	}
	return req.Method
}
