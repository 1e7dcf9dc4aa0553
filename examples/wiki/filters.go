package main

import (
	"net/http"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// A filter is a func(http.Handler) http.Handler. dec.Middleware makes one of a
// function that is given the request and the app inside. These are in the order in
// which a request meets them.

// secure sets the fields that tell browsers to be careful. The policy allows no
// script at all, as the wiki has none: should HTML ever get through, it is dead.
var secure = dec.OnHead(func(_ *webob.Request, head *webob.Head) error {
	h := head.Header()
	h.Set("Content-Security-Policy",
		"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	return nil
})

// dressErrors gives every error the wiki's own page. It sees errors as values,
// wherever in the app they come from, and so cannot miss one.
var dressErrors = dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
	resp := req.GetResponse(app)
	err := resp.Err()
	if err == nil && resp.Status() >= 400 && resp.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		err = muxError(resp) // the mux is net/http's: its 404 and 405 are text, not errors
	}
	if err == nil {
		return resp, nil
	}
	resp.Close()
	return errorPages.Page(req, err), nil
})

// muxError is the error that an answer of the mux stands for. Its 405 says which
// methods there are.
func muxError(resp *webob.Response) error {
	e, ok := exc.ForStatus(resp.Status())
	if !ok {
		return nil
	}
	if allow := resp.Header().Get("Allow"); allow != "" {
		return e.WithHeader("Allow", allow)
	}
	return e
}

// limited bounds what a request may send. To return the app means: it answers.
var limited = dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
	req.SetLimits(webob.Limits{Body: maxBody, Field: maxBody, Pairs: 20, Parts: 20})
	return app, nil
})

// crossOrigin tells a form of our own from one on another site, which could make
// the browser of a visitor post here in his name.
var crossOrigin = http.NewCrossOriginProtection()

// sameOrigin refuses those others. What was wrong goes to the log, not the client.
var sameOrigin = dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
	if err := crossOrigin.Check(req.Request); err != nil {
		return nil, exc.Forbidden.With("This form was sent from another site.").Wrap(err)
	}
	return app, nil
})
