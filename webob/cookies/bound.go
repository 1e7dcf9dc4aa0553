package cookies

import "github.com/gowebob/gowebob/webob"

// Bound is a profile together with a request: reading asks that request, writing goes
// to its own response (Request.Response), which travels with whatever the function
// returns. WebOb: what CookieProfile.bind gives.
type Bound[T any] struct {
	profile *Profile[T]
	req     *webob.Request
}

// Bind puts a profile and a request together. WebOb: bind.
func (p *Profile[T]) Bind(req *webob.Request) Bound[T] { return Bound[T]{p, req} }

// Get is Profile.Get.
func (b Bound[T]) Get() (T, bool) { return b.profile.Get(b.req) }

// Lookup is Profile.Lookup.
func (b Bound[T]) Lookup() (T, error) { return b.profile.Lookup(b.req) }

// Set stores a value with the request's own response.
func (b Bound[T]) Set(v T) error { return b.profile.SetCookies(b.req.Response(), v) }

// Delete makes the client forget the cookie, with the request's own response.
func (b Bound[T]) Delete() error { return b.profile.DeleteCookies(b.req.Response()) }
