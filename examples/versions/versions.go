package main

import (
	"net/http"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// version is one version of the API, as the list shows it.
type version struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	Links  []link `json:"links"`
}

type link struct {
	Rel  string `json:"rel"`
	Href string `json:"href"`
}

// newVersions makes the app that lists the versions, at the root and nowhere else: below a
// URL map it is also asked for all that nobody else has.
func newVersions(cfg deploy.Config) (http.Handler, error) {
	return dec.Wsgify(listVersions), cfg.Decode(&struct{}{})
}

func listVersions(req *webob.Request) (map[string][]version, error) {
	if path := req.PathInfo(); path != "" && path != "/" {
		return nil, exc.NotFound
	}
	req.Response().SetStatus(http.StatusMultipleChoices)
	return map[string][]version{"versions": {{
		ID:     "v1.0",
		Status: "CURRENT",
		Links:  []link{{"self", req.ApplicationURL() + "/v1"}},
	}}}, nil
}
