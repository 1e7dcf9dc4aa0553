package dec

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/gowebob/gowebob/contentneg"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// Option changes what Wsgify, WsgifyAs, Bind and Middleware make.
type Option func(*settings)

// settings are what options have set, and what an app goes by.
type settings struct {
	renderers []Renderer
	types     *contentneg.Types                           // of the renderers, nil where there is no choice
	page      func(*webob.Request, error) *webob.Response // of errors
	filter    bool                                        // of a middleware, which has to answer something
	strict    bool                                        // of Bind
}

// newSettings applies the options, and refuses those that a T has no use for.
func newSettings[T any](opts []Option) *settings {
	s := &settings{renderers: []Renderer{JSON}, page: exc.Page}
	for _, opt := range opts {
		opt(s)
	}
	s.check(reflect.TypeFor[T]())
	return s
}

// check refuses renderers that will never be able to show a T, and prepares the
// choice among them.
func (s *settings) check(t reflect.Type) {
	var offers []string
	for i := range s.renderers {
		r := &s.renderers[i]
		if t.Kind() != reflect.Interface && !t.AssignableTo(r.takes) {
			panic(fmt.Sprintf("dec: the renderer of %s takes %v, the function returns %v", r.contentType, r.takes, t))
		}
		offers = append(offers, r.offer)
	}
	if len(offers) > 1 {
		s.types = contentneg.MustTypes(offers...)
	}
}

// Renderers says in which formats data (structs, maps, named strings ...) is
// offered, the dearest first; without it that is JSON alone. The request's Accept
// chooses (RFC 9110 §12.5.1), and the answer says Vary: Accept. Where nothing
// offered is acceptable, the answer is a 406 that names the offers. A single
// renderer is used whatever the request accepts. It panics without any.
//
//	dec.Wsgify(server, dec.Renderers(dec.JSON, dec.XML, dec.HTML(page)))
func Renderers(rs ...Renderer) Option {
	if len(rs) == 0 {
		panic("dec: Renderers without a renderer")
	}
	for _, r := range rs {
		if r.render == nil {
			panic("dec: a Renderer is made by NewRenderer")
		}
	}
	return func(s *settings) { s.renderers = append([]Renderer(nil), rs...) }
}

// Pages has errors answered by ps in place of exc.Page: in other formats, or in
// another order.
func Pages(ps *exc.Pages) Option {
	if ps == nil {
		panic("dec: Pages of nil")
	}
	return func(s *settings) { s.page = ps.Page }
}

// choose is the renderer for a request, nil where none is acceptable.
func (s *settings) choose(req *webob.Request) *Renderer {
	if s.types == nil {
		return &s.renderers[0]
	}
	if i, ok := s.types.Best(req.Header); ok {
		return &s.renderers[i]
	}
	return nil
}

// unacceptable is the 406, as an error.
func (s *settings) unacceptable() error {
	return exc.NotAcceptable.Withf("This is available as %s.", strings.Join(s.types.Values(), ", "))
}

// failed is the page of an error, nil for an error that is a typed nil. What the
// function has done to the request's own response gives its cookies.
func (s *settings) failed(req *webob.Request, err error) *webob.Response {
	if isNil(err) {
		return nil
	}
	return req.Settle(s.page(req, err), s.page)
}

var errNoAnswer = errors.New("dec: the middleware has returned neither an answer nor an error")

// nothing is the answer of a function that has returned nil.
func (s *settings) nothing(req *webob.Request) *webob.Response {
	if s.filter {
		return s.failed(req, errNoAnswer)
	}
	return req.Settle(nil, s.page)
}

// isNil says whether v, not a nil interface itself, holds a nil pointer or function.
func isNil(v any) bool {
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer, reflect.Func:
		return r.IsNil()
	}
	return false
}
