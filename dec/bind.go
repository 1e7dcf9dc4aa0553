package dec

import (
	"reflect"

	"github.com/gowebob/gowebob/webob"
)

// Bind makes an app of a function that takes a struct filled from the request.
// Tags say where a field comes from:
//
//	type listing struct {
//		Project string    `path:"project"`          // http.ServeMux, or a mapper's variable
//		Page    int       `query:"page"`
//		Tags    []string  `query:"tag"`             // ?tag=a&tag=b
//		Since   time.Time `query:"since"`           // RFC 3339
//		Version string    `header:"X-Api-Version"`
//		Name    string    `json:"name" form:"name"` // the body: JSON or a form, by its type
//	}
//
//	mux.Handle("POST /{project}/servers", dec.Bind(func(req *webob.Request, in listing) (*Server, error) {
//		...
//	}))
//
// A field tagged path, query or header is read only from there, never from the
// body, whatever the body says. All others are the body's, read as webob's Decode does;
// a request without a body and without a Content-Type leaves them zero, as every
// field does that the request does not mention. A pointer tells absent from zero.
// Numbers, strings, bool, time.Time, what has an UnmarshalText, and pointers, slices,
// arrays and maps of these can be read from a path, a query or a header; a query also
// fills structs (?a.b=1). Tagged fields of embedded structs count as the struct's own.
//
// What the client got wrong is a *webob.InputError, answered with its status, and
// fn is not called: 400 for what is malformed, 415 for a body of another type, 413
// for one too large, and 422 for values that do not fit, all of them named together;
// errors.As finds the webob.FieldErrors behind it.
//
// In must be a struct. A field that can never be filled (a channel, a tag on an
// unexported field, two of the three tags at once) makes Bind panic with the names of
// type and field. T and opts are Wsgify's; Strict is for Bind alone.
func Bind[In, T any](fn func(*webob.Request, In) (T, error), opts ...Option) *App {
	if fn == nil {
		panic("dec: Bind of a nil function")
	}
	s := newSettings[T](opts)
	plan := newPlan(reflect.TypeFor[In](), s.strict)
	return &App{build("Bind", func(req *webob.Request) (v T, err error) {
		in := new(In)
		if err := plan.fill(req, reflect.ValueOf(in).Elem()); err != nil {
			return v, err
		}
		return fn(req, *in)
	}, s)}
}

// Strict has Bind answer with 422 what it passes over otherwise: members and
// variables of the body that In has no field for, and variables given twice whose
// field takes one value. Variables of the query and header fields are not meant:
// others may add some on the way.
var Strict Option = func(s *settings) { s.strict = true }
