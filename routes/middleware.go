package routes

import (
	"net/http"

	"github.com/gowebob/gowebob/webob"
)

// Middleware finds the route of a request and has app answer, which looks at the match:
// at URLVars, and at Matched for the route. Where no route fits app answers too, with no
// variables and nothing in Matched. A route's own handler is not asked; redirects are
// answered at once. Routes: RoutesMiddleware.
func (m *Mapper) Middleware(app http.Handler) http.Handler { return &around{m, app} }

type around struct {
	m   *Mapper
	app http.Handler
}

// Routes are those of the Mapper, for whoever lists them.
func (a *around) Routes() []*Route { return a.m.Routes() }

// Respond finds the route and asks the app.
func (a *around) Respond(req *webob.Request) *webob.Response {
	if broken := a.m.tables().broken; broken != nil {
		return a.m.nowhere(req, &search{})
	}
	match := a.m.Match(req)
	switch {
	case match == nil:
		req.DelURLVars()
		Matched.Delete(req)
		return req.GetResponse(a.app)
	case match.route.target != nil:
		a.m.note(req, match, false)
		return a.m.redirect(req, match)
	}
	_, native := a.app.(webob.Responder)
	return a.m.note(req, match, !native).GetResponse(a.app)
}

// ServeHTTP is Respond for net/http.
func (a *around) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(a, w, r) }
