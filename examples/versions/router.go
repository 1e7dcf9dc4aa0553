package main

import (
	"net/http"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/routes"
)

// newRouter makes version 1 of the API: its router says which action of which controller a
// URL stands for. A faulty route is told when the file is loaded, as everything else.
func newRouter(cfg deploy.Config) (http.Handler, error) {
	if err := cfg.Decode(&struct{}{}); err != nil {
		return nil, err
	}
	m := routes.NewMapper()
	c := &controller{urls: m}
	m.Connect("/test", dec.Wsgify(c.index), routes.Name("tests"), routes.Methods("GET"))
	m.Connect("/test", dec.Bind(c.create), routes.Name("create_test"), routes.Methods("POST"))
	m.Connect("/test/{id:[0-9]+}", dec.Bind(c.show), routes.Name("test"), routes.Methods("GET"))
	m.Connect("/test/{id:[0-9]+}", dec.Bind(c.delete), routes.Name("delete_test"), routes.Methods("DELETE"))
	return m, m.Err()
}
