package main

import (
	"net/http"
	"slices"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/deploy/standard"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// registry holds what files can name: the standard factories, and ours. The filter is there
// as both kinds: the one gives a filter, the other is given the app at once.
func registry() *deploy.Registry {
	r := standard.Registry()
	r.App("egg:Remoteuser#greeting", func(cfg deploy.Config) (http.Handler, error) {
		return dec.Wsgify(greet), cfg.Decode(&struct{}{})
	})
	r.Filter("egg:Remoteuser#auth", newAuth)
	r.FilterApp("egg:Remoteuser#auth_app", newAuthApp)
	return r
}

func greet(req *webob.Request) (string, error) {
	return "Hello " + req.Environ().String("REMOTE_USER") + ", this is " + req.ScriptName() + ".\n", nil
}

// newAuth makes the filter of what the file says.
func newAuth(cfg deploy.Config) (func(http.Handler) http.Handler, error) {
	var opts struct {
		Users []string `ini:"req_usernames,required"`
	}
	if err := cfg.Decode(&opts); err != nil {
		return nil, err
	}
	return onlyFor(opts.Users), nil
}

// newAuthApp is the same as a filter app.
func newAuthApp(cfg deploy.Config, app http.Handler) (http.Handler, error) {
	filter, err := newAuth(cfg)
	if err != nil {
		return nil, err
	}
	return filter(app), nil
}

// onlyFor is the filter: to return the app means that it answers, to return an error that
// the error does.
func onlyFor(users []string) func(http.Handler) http.Handler {
	return dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
		if user := req.Environ().String("REMOTE_USER"); !slices.Contains(users, user) {
			return nil, exc.Forbidden.Withf("This is not for you, %s.", user)
		}
		return app, nil
	})
}
