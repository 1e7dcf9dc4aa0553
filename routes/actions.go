package routes

import (
	"net/http"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// Actions are the handlers of a resource by the names of their actions: index, show and
// so on. Where a route has a fixed action it is connected with that handler at once;
// for others the variable action of the request decides, and an action without a
// handler is a 404. Resource connects routes for the actions there are, no others.
type Actions map[string]http.Handler

// Respond has the action's handler answer.
func (a Actions) Respond(req *webob.Request) *webob.Response {
	h := a[req.URLVars()["action"]]
	if h == nil {
		return exc.Page(req, exc.NotFound)
	}
	return req.GetResponse(h)
}

// ServeHTTP is Respond for net/http.
func (a Actions) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(a, w, r) }
