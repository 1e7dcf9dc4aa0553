package main

import (
	"net/http"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/deploy/standard"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// sayHello is the first hello, a function.
func sayHello(*webob.Request) (string, error) { return "Hello, World!\n", nil }

// Hello is the second one, an object with settings and methods: what is a class with
// __call__ in Python. Its method is an app as any function is.
type Hello struct {
	Greeting string
	Names    []string
}

// Say greets by name.
func (h *Hello) Say(req *webob.Request) (string, error) {
	name := req.GET().Get("name")
	if name == "" {
		name = h.Names[0]
	}
	for _, known := range h.Names {
		if name == known {
			return h.Greeting + ", " + name + "!\n", nil
		}
	}
	return "", exc.NotFound.Withf("Nobody here is called %s.", name)
}

// newHello is its factory, for files.
func newHello(cfg deploy.Config) (http.Handler, error) {
	var opts struct {
		Greeting string   `ini:"greeting,required"`
		Names    []string `ini:"names,required"`
	}
	if err := cfg.Decode(&opts); err != nil {
		return nil, err
	}
	h := &Hello{opts.Greeting, opts.Names}
	return dec.Wsgify(h.Say), nil
}

func registry() *deploy.Registry {
	r := standard.Registry()
	r.App("egg:Hello#function", func(cfg deploy.Config) (http.Handler, error) {
		return dec.Wsgify(sayHello), cfg.Decode(&struct{}{})
	})
	r.App("egg:Hello#object", newHello)
	return r
}
