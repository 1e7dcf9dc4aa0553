package webob

// Key is a typed slot in the environ: what a filter stores under it is seen by
// the app inside, and what the app stores is seen by the filters outside, behind
// any mux and any foreign middleware. Make one per package variable:
//
//	var User = webob.NewKey[*Account]("myapp.user")
//
// WebOb: attributes set on a Request, which live in webob.adhoc_attrs.
type Key[T any] struct{ name string }

// NewKey gives the slot of that environ key. Names follow the environ's habit,
// "myapp.user": a word before a dot keeps packages apart. The names that CGI and
// PEP 3333 define (PATH_INFO, REMOTE_USER, HTTP_..., wsgi.input, ...) are no free
// slots, as they live in the http.Request or hold text: NewKey panics on them.
// Environ reads and writes those.
func NewKey[T any](name string) Key[T] {
	if reserved(name) {
		panic("webob: NewKey: " + name + " belongs to CGI; use Environ")
	}
	return Key[T]{name}
}

// Name is the environ key.
func (k Key[T]) Name() string { return k.name }

// Get gives the value stored for this request, and whether there is one of type T.
func (k Key[T]) Get(r *Request) (T, bool) {
	v, ok := r.x.get(k.name)
	if !ok {
		var zero T
		return zero, false
	}
	t, ok := v.(T)
	return t, ok
}

// Value is Get without the second result: the zero value where nothing is stored.
func (k Key[T]) Value(r *Request) T {
	v, _ := k.Get(r)
	return v
}

// Set stores v for this request.
func (k Key[T]) Set(r *Request, v T) { r.ex().set(k.name, v) }

// Delete empties the slot.
func (k Key[T]) Delete(r *Request) { r.x.delete(k.name) }
