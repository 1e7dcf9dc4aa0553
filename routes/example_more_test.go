package routes_test

import (
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/routes"
	"github.com/gowebob/gowebob/webob"
)

func ExampleNewMapper() {
	m := routes.NewMapper(routes.PathPrefix("/api"), routes.Requirements(map[string]string{"id": "[0-9]+"}))
	m.Connect("/posts/{id}", action, routes.Default("action", "show"))
	m.Connect("/posts/{", action)
	fmt.Println(m.Err())
	// Output: routes: template "/api/posts/{": "{": the brace is not closed
}

func ExampleMapper_Match() {
	m := routes.NewMapper()
	m.Connect("/posts/{id}{.format}", nil, routes.Name("post"), routes.Methods("GET"))
	match := m.Match(webob.Blank("/posts/7.json"))
	fmt.Println(match.Route().Name(), match.Names())
	for name, value := range match.All() {
		fmt.Println(name, value)
	}
	fmt.Println(m.Match(webob.Blank("/posts/7", webob.WithMethod("POST"))))
	// Output:
	// post [id format]
	// id 7
	// format json
	// <nil>
}

func ExampleMapper_BareCollection() {
	m := routes.NewMapper()
	posts := m.BareCollection("posts", "post", action, routes.Formatted(false), routes.MemberPrefix("/{slug}"))
	posts.Index()
	posts.Create()
	posts.Action("purge", routes.Methods("DELETE"))
	posts.New()
	posts.Member().Show()
	posts.Member().Edit()
	posts.Member().Update()
	posts.Member().Delete()
	posts.Member().Actions()
	for _, r := range m.Routes() {
		fmt.Println(r.Methods(), r.Path(), r.Name())
	}
	// Output:
	// [GET] /posts posts
	// [POST] /posts create_post
	// [DELETE] /posts purge_post
	// [GET] /posts/new new_post
	// [GET] /posts/{slug} post
	// [GET] /posts/{slug}/edit edit_post
	// [PUT] /posts/{slug} update_post
	// [DELETE] /posts/{slug} delete_post
}

func ExampleResourceName() {
	m := routes.NewMapper()
	s := m.SubMapper(routes.PathPrefix("/log"), routes.ResourceName("entry"), routes.CollectionName("log"), routes.Formatted(false))
	s.Index()
	s.Link("today")
	fmt.Println(m.URL("log", nil))
	fmt.Println(m.URL("today_entry", nil))
	// Output:
	// /log <nil>
	// /log/today <nil>
}

func ExampleCollectionAction() {
	m := routes.NewMapper()
	m.Resource("post", "posts", action, routes.CollectionAction("rss", "GET"), routes.NewAction("preview", "POST"), routes.MemberAction("mark", "ANY"))
	ask(m, "GET", "/posts/rss")
	ask(m, "POST", "/posts/new/preview")
	ask(m, "PUT", "/posts/7/mark")
	// Output:
	// GET /posts/rss 200 rss
	// POST /posts/new/preview 200 preview
	// PUT /posts/7/mark 200 mark 7
}

func ExampleHost() {
	m := routes.NewMapper()
	m.Connect("/", http.NotFoundHandler(), routes.Name("ours"), routes.Host("example.com", ".example.com"))
	m.Connect("/", http.NotFoundHandler(), routes.Name("any"))
	for _, host := range []string{"example.com", "www.example.com:8080", "example.org"} {
		req := webob.Blank("/")
		req.Host = host
		fmt.Println(m.Match(req).Route().Name())
	}
	// Output:
	// ours
	// ours
	// any
}

func ExampleAbsolute() {
	m := routes.NewMapper()
	m.Connect("/login", nil, routes.Name("login"), routes.Absolute())
	m.Connect("/blog", nil, routes.Name("blog"))
	g := m.For(webob.Blank("/", webob.WithEnviron("SCRIPT_NAME", "/app")))
	fmt.Println(g.URL("login", nil))
	fmt.Println(g.URL("blog", nil))
	// Output:
	// /login <nil>
	// /app/blog <nil>
}
