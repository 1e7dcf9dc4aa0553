package main

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/deploy/standard"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// registry holds what files can name: the standard factories, and ours.
func registry() *deploy.Registry {
	r := standard.Registry()
	r.App("egg:Waterworks#tap", newTap)
	r.App("egg:Waterworks#shower", newShower)
	r.Filter("egg:Waterworks#boiler", newBoiler)
	return r
}

// degrees is how warm the water is that comes down the pipe, in Celsius. What a filter
// stores under a key is seen by the apps behind it, whatever lies between.
var degrees = webob.NewKey[int]("waterworks.degrees")

const asItComes = 12

func temperature(req *webob.Request) int {
	if t, ok := degrees.Get(req); ok {
		return t
	}
	return asItComes
}

// newTap makes a tap: it gives what comes.
func newTap(cfg deploy.Config) (http.Handler, error) {
	opts := struct{ Litres int }{Litres: 1}
	if err := cfg.Decode(&opts); err != nil {
		return nil, err
	}
	return dec.Wsgify(func(req *webob.Request) (string, error) {
		return fmt.Sprintf("%d l of water at %d °C\n", opts.Litres, temperature(req)), nil
	}), nil
}

// newShower makes a shower, which will not scald anybody.
func newShower(cfg deploy.Config) (http.Handler, error) {
	opts := struct{ AtMost int }{AtMost: 45}
	if err := cfg.Decode(&opts); err != nil {
		return nil, err
	}
	return dec.Wsgify(func(req *webob.Request) (string, error) {
		if t := temperature(req); t > opts.AtMost {
			return "", exc.ServiceUnavailable.Withf("The water has %d °C. Nobody showers at more than %d.", t, opts.AtMost)
		}
		return fmt.Sprintf("a shower at %d °C\n", temperature(req)), nil
	}), nil
}

// newBoiler makes a filter that heats what flows to the app behind it. What comes back
// it has as a value: an answer, or an error.
func newBoiler(cfg deploy.Config) (func(http.Handler) http.Handler, error) {
	opts := struct {
		Degrees int
		CoolsIn time.Duration
	}{Degrees: 38, CoolsIn: 5 * time.Minute}
	if err := cfg.Decode(&opts); err != nil {
		return nil, err
	}
	if opts.Degrees > 100 {
		return nil, cfg.Errorf("degrees", "at %d °C it is steam", opts.Degrees)
	}
	return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		degrees.Set(req, opts.Degrees)
		resp := req.GetResponse(app)
		if resp.Err() != nil { // whoever finds it too hot may come back later
			resp.Header().Set("Retry-After", fmt.Sprint(int(opts.CoolsIn.Seconds())))
		}
		return resp, nil
	}), nil
}
