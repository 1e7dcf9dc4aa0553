package routes

import (
	"net/http"

	"github.com/gowebob/gowebob/webob"
)

// Func is a handler that is given the variables of its route, for those who write for
// net/http and count nanoseconds: http.Request.PathValue costs a map for each request.
// Behind middleware, or mounted on another mux, it reads PathValue itself.
type Func func(w http.ResponseWriter, r *http.Request, v Vars)

// Vars are the variables and defaults of a route.
type Vars struct {
	match *Match
	r     *http.Request
}

// Get gives a variable or default, "" if it has no value.
func (v Vars) Get(name string) string {
	if v.match != nil {
		s, _ := v.match.Get(name)
		return s
	}
	return v.r.PathValue(name)
}

// Match is the match behind the variables; nil where the function was not called by a
// Mapper itself.
func (v Vars) Match() *Match { return v.match }

// ServeHTTP calls the function with what is known of the route.
func (f Func) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if match, ok := Matched.Get(webob.NewRequest(r)); ok {
		f(w, r, Vars{match, r})
		return
	}
	f(w, r, Vars{nil, r})
}
