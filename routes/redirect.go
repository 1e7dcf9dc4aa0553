package routes

import (
	"fmt"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// redirect sends a request on to the target of its route.
func (m *Mapper) redirect(req *webob.Request, match *Match) *webob.Response {
	r := match.route
	values := Values{}
	for name, value := range match.All() {
		values[name] = value
	}
	to, err := m.For(req).route(r.target, values, &urlPlan{})
	if err != nil {
		return exc.Page(req, exc.BadRequest.Wrap(err))
	}
	to = addQuery(to, req.URL.RawQuery)
	status, ok := exc.ForStatus(r.code)
	switch {
	case !ok:
		return exc.Page(req, exc.InternalServerError.Wrap(fmt.Errorf("routes: %q: no redirect has status %d", r.path, r.code)))
	case r.target.external:
		return status.ToExternal(to).Respond(req)
	}
	return status.To(to).Respond(req)
}

func errNoHandler(r *Route) error { return fmt.Errorf("routes: %q has no handler", r.path) }
