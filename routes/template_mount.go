package routes

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// normal is the template in ServeMux's notation, as far as that goes: what stands within
// a segment beside text is written as it is.
func (t *template) normal() string {
	var b strings.Builder
	for i, p := range t.parts {
		switch {
		case p.isText():
			if i == 0 && !strings.HasPrefix(p.text, "/") {
				b.WriteByte('/')
			}
			b.WriteString(p.text)
		case i == 0:
			b.WriteByte('/')
			fallthrough
		default:
			if p.kind == '.' {
				b.WriteByte('.')
			}
			b.WriteString("{" + p.name)
			if t.wild(i) {
				b.WriteString("...")
			}
			b.WriteByte('}')
		}
	}
	if b.Len() == 0 {
		return "/"
	}
	return b.String()
}

// wild tells a wildcard that takes all the rest of a path.
func (t *template) wild(i int) bool {
	p := t.parts[i]
	if i != len(t.parts)-1 || i == 0 || !strings.HasSuffix(t.parts[i-1].text, "/") {
		return false
	}
	req := t.reqs[p.name]
	return req == nil && p.kind == '*' || req != nil && req.slash
}

// Pattern is the template in the notation of http.ServeMux without a method. Requirements
// are not in it.
func (t Template) Pattern() string { return t.get().normal() }

// ServeMux is the pattern to mount a handler with on an http.ServeMux, which allows one
// method, and GET includes HEAD; "" for all:
//
//	mux.Handle(t.ServeMux("GET"), t.Require(h))
//
// ServeMux knows no requirements: Require sees to them. Like ServeMux itself, it panics
// for what cannot be said there: a variable beside text or another one in a segment, an
// optional ending, and a variable that takes slashes elsewhere than at the end.
func (t Template) ServeMux(method string) string {
	if err := t.muxable("ServeMux", false); err != nil {
		panic(err)
	}
	pattern := t.get().normal()
	if strings.HasSuffix(pattern, "/") {
		pattern += "{$}"
	}
	if method != "" {
		pattern = method + " " + pattern
	}
	return pattern
}

// Chi is the pattern for a chi router, requirements included:
//
//	r.Method("GET", t.Chi(), h)
//
// A wildcard at the end is * there, and chi.URLParam(r, "*") its value; it may be empty
// there, and has no requirement: Require sees to both. It panics for
// an optional ending and for a variable that takes slashes elsewhere than at the end.
func (t Template) Chi() string {
	if err := t.muxable("chi", true); err != nil {
		panic(err)
	}
	var b strings.Builder
	for i, p := range t.get().parts {
		req := t.get().reqs[p.name]
		switch {
		case p.isText():
			b.WriteString(p.text)
		case t.get().wild(i):
			b.WriteByte('*')
		case req != nil:
			b.WriteString("{" + p.name + ":" + chiExpr(req.expr) + "}")
		default:
			b.WriteString("{" + p.name + "}")
		}
	}
	return b.String()
}

// chiExpr is an expression as chi, which puts ^ and $ beside it, has to be given it.
func chiExpr(expr string) string {
	if strings.Contains(expr, "|") {
		return "(?:" + expr + ")"
	}
	return expr
}

func (t Template) muxable(mux string, beside bool) error {
	for i, p := range t.get().parts {
		refuse := func(what string) error {
			return &TemplateError{t.get().text, p.name, fmt.Errorf("%s has no %s", mux, what)}
		}
		req := t.get().reqs[p.name]
		switch {
		case p.isText():
			if strings.ContainsAny(p.text, "{}*") {
				return &TemplateError{t.get().text, "", fmt.Errorf("%s has no escape for %q", mux, p.text)}
			}
		case p.kind == '.':
			return refuse("optional endings")
		case !t.get().wild(i) && (p.kind == '*' || req != nil && req.slash):
			return refuse("variables with slashes but at the end")
		case !beside && !t.get().alone(i):
			return refuse("variables beside text in a segment")
		}
	}
	return nil
}

// alone tells a variable that is all of its segment.
func (t *template) alone(i int) bool {
	before := i > 0 && strings.HasSuffix(t.parts[i-1].text, "/")
	return before && (i == len(t.parts)-1 || strings.HasPrefix(t.parts[i+1].text, "/"))
}

// Require is h for requests whose path values meet the template's requirements; others
// are answered 404. It is for muxes that know no requirements, and whose wildcards may be
// empty.
func (t Template) Require(h http.Handler) http.Handler {
	if n := len(t.get().parts); len(t.get().reqs) == 0 && (n == 0 || !t.get().wild(n-1)) {
		return h
	}
	return &required{t.get(), h}
}

type required struct {
	t *template
	h http.Handler
}

// Respond answers or refuses.
func (q *required) Respond(req *webob.Request) *webob.Response {
	if !q.met(req.Request) {
		return exc.Page(req, exc.NotFound)
	}
	return req.GetResponse(q.h)
}

// met looks at the values. That of a wildcard has the name * where the mux is chi.
func (q *required) met(r *http.Request) bool {
	for i, p := range q.t.parts {
		if p.isText() {
			continue
		}
		value, wild, req := r.PathValue(p.name), q.t.wild(i), q.t.reqs[p.name]
		if wild && value == "" {
			value = r.PathValue("*")
		}
		if req != nil && !req.fits(value) || req == nil && wild && value == "" {
			return false
		}
	}
	return true
}

// ServeHTTP is Respond for net/http.
func (q *required) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(q, w, r) }
