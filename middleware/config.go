package middleware

import (
	"maps"
	"net/http"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

// Settings is the slot in which apps find the settings that Config has put there.
var Settings = webob.NewKey[map[string]string]("paste.config")

// Config puts settings into the environ, under paste.config, a copy for each request.
// Paste and PasteDeploy: config.
func Config(settings map[string]string) func(http.Handler) http.Handler {
	settings = maps.Clone(settings)
	if settings == nil {
		settings = map[string]string{}
	}
	return dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
		Settings.Set(req, maps.Clone(settings))
		return app, nil
	})
}
