package routes_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/gowebob/gowebob/routes"
)

func ExampleTemplate() {
	t := routes.MustTemplate("/v1/{project}/servers/{id:[0-9]+}")
	mux := http.NewServeMux()
	mux.Handle(t.ServeMux("GET"), t.Require(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.PathValue("project")+" "+r.PathValue("id"))
	})))

	u, err := t.Build(routes.Values{"project": "acme", "id": 7})
	fmt.Println(u, err)
	for _, path := range []string{u, "/v1/acme/servers/web1"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		fmt.Println(w.Code, strings.TrimSpace(w.Body.String()[:4]))
	}
	// Output:
	// /v1/acme/servers/7 <nil>
	// 200 acme
	// 404 404
}

func ExampleTemplate_Chi() {
	t := routes.MustTemplate("/v1/:project/files/*path")
	// r.Method("GET", t.Chi(), handler)
	fmt.Println(t.Chi())
	fmt.Println(routes.MustTemplate("/posts/{id:[0-9]+}").Chi())
	// Output:
	// /v1/{project}/files/*
	// /posts/{id:[0-9]+}
}

func ExampleTemplate_Build() {
	t := routes.MustTemplate("/posts/{slug}{.format}")
	fmt.Println(t.Build(routes.Values{"slug": "caf\u00e9/bar"}))
	fmt.Println(t.Build(routes.Values{"format": "json"}))
	fmt.Println(t.Names(), t.Pattern())
	// Output:
	// /posts/caf%C3%A9%2Fbar <nil>
	//  routes: URL of "/posts/{slug}{.format}": value missing: slug
	// [slug format] /posts/{slug}.{format}
}

func ExampleParseTemplate() {
	_, err := routes.ParseTemplate("/posts/{id:[0-9+}")
	fmt.Println(err)
	_, err = routes.ParseTemplate("/{id}/{id}")
	fmt.Println(err)
	// Output:
	// routes: template "/posts/{id:[0-9+}": "{id:[0-9+}": the brace is not closed
	// routes: template "/{id}/{id}": variable "id": it occurs twice
}
