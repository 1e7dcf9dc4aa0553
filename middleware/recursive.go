package middleware

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// ErrNoRecursive is Include without a filter that could do it.
var ErrNoRecursive = errors.New("middleware: no Recursive filter outside")

// ErrForwardLoop is the cause of the 508 that answers a request sent on in a circle.
var ErrForwardLoop = errors.New("middleware: forwarded in a circle")

// longestForward is how often a request may be sent on.
const longestForward = 16

// Forward is an error that asks the nearest Recursive filter outside to answer with another
// path, which is counted from there and may have a query:
//
//	return nil, middleware.Forward("/login?next=1")
//
// Without such a filter it is answered like any unexpected error, with a 500.
// Paste: recursive.ForwardRequestException.
func Forward(path string) error { return &forward{path} }

type forward struct{ path string }

func (f *forward) Error() string {
	return fmt.Sprintf("forward to %q, with no Recursive filter outside", f.path)
}

// recursion is what a Recursive filter leaves for Include.
type recursion struct {
	req *webob.Request // as the filter was given it
	app http.Handler
}

var recursionOf = webob.NewKey[recursion]("paste.recursive.include")

// Recursive lets an app answer with another path: by returning Forward, which starts again
// with that path, and by Include, which asks for another page on the way. The request that
// is sent on has method, header and body of the one that came, its query unless the path has
// one, and its environ; it starts from where the filter stands, whatever the app has
// changed. A body that an app of ours has read is there again; one that a foreign handler has
// read is gone, and reading it says so.
//
// A path that is come upon twice, and one after sixteen others, is answered 508, with
// ErrForwardLoop as the cause. Paste: recursive.
func Recursive() func(http.Handler) http.Handler {
	return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		outer, nested := recursionOf.Get(req)
		recursionOf.Set(req, recursion{req, app})
		if nested {
			defer recursionOf.Set(req, outer)
		}
		seen := []string{req.RestPath()}
		in := req.WithContext(req.Context()) // req stays as the filter was given it
		for {
			resp := in.GetResponse(app)
			req.Pattern = in.Pattern
			var to *forward
			if !errors.As(resp.Err(), &to) {
				return resp, nil
			}
			resp.Close()
			var err error
			if in, err = forwarded(req, to.path); err != nil {
				return nil, err
			}
			path := in.RestPath()
			if slices.Contains(seen, path) || len(seen) == longestForward {
				return nil, exc.LoopDetected.Wrap(fmt.Errorf("%w: %q after %q", ErrForwardLoop, path, seen))
			}
			seen = append(seen, path)
		}
	})
}

// forwarded is the request sent on to a path.
func forwarded(req *webob.Request, path string) (*webob.Request, error) {
	t, err := parseTarget(path)
	if err != nil {
		return nil, err
	}
	in := req.WithContext(req.Context())
	t.apply(in, false)
	if in.IsBodyReadable() {
		_ = in.MakeBodySeekable() // whoever reads a body that is gone, or too large, is told so
	}
	return in, nil
}

// Include asks for another page of the application, in the name of the same client, and
// gives its answer: for a page that is put together of others. The path is counted from the
// nearest Recursive filter outside; for what the request is see webob.Request.Subrequest.
// The caller closes the answer, or uses it up. Paste: paste.recursive.include.
func Include(req *webob.Request, path string, opts ...webob.BlankOption) (*webob.Response, error) {
	r, ok := recursionOf.Get(req)
	if !ok {
		return nil, ErrNoRecursive
	}
	sub, err := r.req.Subrequest(path, opts...)
	if err != nil {
		return nil, err
	}
	return sub.GetResponse(r.app), nil
}
