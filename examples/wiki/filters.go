package main

import (
	"net/http"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/middleware"
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

// dressErrors gives every error the wiki's own page: those of the wiki, wherever in the app
// they come from, and those of the mux, which is net/http's and writes text.
var dressErrors = middleware.ErrorPage(middleware.ErrorPageOptions{Pages: errorPages})

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
