package middleware

import (
	"errors"
	"net/http"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// HTTPExceptionsOptions are settings of HTTPExceptions.
type HTTPExceptionsOptions struct {
	// Pages renders the errors; nil leaves an app's pages as they are, and renders those
	// of panics by exc.Page.
	Pages *exc.Pages
}

// HTTPExceptions turns HTTP errors that an app fails with into answers: those that are
// thrown from deep inside by panic(exc.Forbidden), as WSGI applications raise them, and,
// with Pages, those that are returned. Other panics go on their way, for Recover or the
// server. Paste: httpexceptions.
func HTTPExceptions(o HTTPExceptionsOptions) func(http.Handler) http.Handler {
	pages := o.Pages
	if pages == nil {
		pages = new(exc.Pages)
	}
	return dec.Middleware(func(req *webob.Request, app http.Handler) (resp *webob.Response, err error) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			thrown, ok := v.(error)
			if !ok || !isHTTPError(thrown) {
				panic(v)
			}
			resp, err = pages.Page(req, thrown), nil
		}()
		resp = req.GetResponse(app)
		if o.Pages == nil || resp.Err() == nil || !isHTTPError(resp.Err()) {
			return resp, nil
		}
		resp.Close()
		return pages.Page(req, resp.Err()), nil
	})
}

// isHTTPError tells an error that has a status of its own, or that answers for itself.
func isHTTPError(err error) bool {
	for _, class := range [...]exc.Class{exc.ClientError, exc.ServerError, exc.Redirection, exc.Success} {
		if errors.Is(err, class) {
			return true
		}
	}
	var app webob.Responder
	return errors.As(err, &app)
}
