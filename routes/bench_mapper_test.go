package routes_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gowebob/gowebob/routes"
	"github.com/gowebob/gowebob/webob"
)

// restRoutes is a part of a REST API in OpenStack's manner.
const restRoutes = `GET /v1/{project}/servers
POST /v1/{project}/servers
GET /v1/{project}/servers/{id}
PUT /v1/{project}/servers/{id}
DELETE /v1/{project}/servers/{id}
POST /v1/{project}/servers/{id}/action
GET /v1/{project}/servers/{id}/metadata/{key}
PUT /v1/{project}/servers/{id}/metadata/{key}
GET /v1/{project}/flavors
GET /v1/{project}/flavors/{id}
GET /v1/{project}/images/{id}/metadata
GET /v1/{project}/volumes/{id}`

type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(p []byte) (int, error) { return len(p), nil }
func (d discard) WriteHeader(int)             {}

// BenchmarkMapper finds a route with two variables and reads one, of a request that nobody
// has looked at before: the copy is part of it.
func BenchmarkMapper(b *testing.B) {
	request := httptest.NewRequest("GET", "/v1/acme/servers/0123/metadata/colour", nil)
	read := 0
	foreign := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { read += len(r.PathValue("id")) })
	run := func(name string, h http.Handler) {
		b.Run(name, func(b *testing.B) {
			w := discard{http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				r := *request
				h.ServeHTTP(w, &r)
			}
		})
	}
	mux, m, native := http.NewServeMux(), routes.NewMapper(), routes.NewMapper()
	own := webob.NewResponse(204)
	for line := range strings.Lines(restRoutes) {
		line = strings.TrimSpace(line)
		method, path, _ := strings.Cut(line, " ")
		mux.Handle(line, foreign)
		m.Connect(path, foreign, routes.Methods(method))
		native.Connect(path, own, routes.Methods(method))
	}
	run("servemux", mux)
	run("mapper", m)
	run("mapper-native", native)
	b.Run("match", func(b *testing.B) {
		req := webob.NewRequest(request)
		b.ReportAllocs()
		for b.Loop() {
			m.Match(req)
		}
	})
}

// BenchmarkURL makes URLs: by name, by a template, and by values among twelve routes.
func BenchmarkURL(b *testing.B) {
	m := routes.NewMapper()
	for line := range strings.Lines(restRoutes) {
		method, path, _ := strings.Cut(strings.TrimSpace(line), " ")
		m.Connect(path, nil, routes.Methods(method), routes.Name(line))
	}
	m.Connect("/v1/{project}/servers/{id}/ips", nil, routes.Name("ips"))
	t := routes.MustTemplate("/v1/{project}/servers/{id}/ips")
	values := routes.Values{"project": "acme", "id": 7}
	for name, made := range map[string]func() (string, error){
		"name":     func() (string, error) { return m.URL("ips", values) },
		"template": func() (string, error) { return t.Build(values) },
		"values":   func() (string, error) { return m.Generate(values) },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := made(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
