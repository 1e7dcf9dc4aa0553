package routes_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/routes"
	"github.com/gowebob/gowebob/webob"
)

// action says which action of which route it is.
var action = dec.Wsgify(func(req *webob.Request) (string, error) {
	return req.PathValue("action") + " " + req.PathValue("id"), nil
})

func ask(h http.Handler, method, target string) {
	resp := webob.Blank(target, webob.WithMethod(method)).GetResponse(h)
	text, _ := resp.Text()
	if resp.Status() != http.StatusOK {
		text = resp.Header().Get("Location") + resp.Header().Get("Allow")
	}
	fmt.Println(strings.TrimSpace(fmt.Sprintln(method, target, resp.Status(), text)))
}

func ExampleMapper_Collection() {
	m := routes.NewMapper()
	entries := m.Collection("entries", "entry", action)
	entries.Link("recent")
	entries.Member().Link("publish", routes.Methods("POST"))
	ask(m, "GET", "/entries/7")
	ask(m, "GET", "/entries/recent.json")
	ask(m, "POST", "/entries/7/publish")
	ask(m, "PATCH", "/entries/7")
	fmt.Println(m.URL("edit_entry", routes.Values{"id": 7}))
	// Output:
	// GET /entries/7 200 show 7
	// GET /entries/recent.json 200 recent
	// POST /entries/7/publish 200 publish 7
	// PATCH /entries/7 405 GET, HEAD, PUT, DELETE
	// /entries/7/edit <nil>
}

func ExampleMapper_Resource() {
	m := routes.NewMapper()
	m.Resource("location", "locations", action, routes.Parent("region", "regions"), routes.MemberAction("mark", "POST"))
	fmt.Println(m.URL("region_locations", routes.Values{"region_id": 13}))
	fmt.Println(m.URL("region_mark_location", routes.Values{"region_id": 13, "id": 7}))
	ask(m, "DELETE", "/regions/13/locations/7")
	// Output:
	// /regions/13/locations <nil>
	// /regions/13/locations/7/mark <nil>
	// DELETE /regions/13/locations/7 200 delete 7
}

func ExampleActions() {
	m := routes.NewMapper()
	m.Resource("note", "notes", routes.Actions{
		"index": dec.Wsgify(func(*webob.Request) (string, error) { return "all notes", nil }),
		"show":  dec.Wsgify(func(req *webob.Request) (string, error) { return "note " + req.PathValue("id"), nil }),
	})
	ask(m, "GET", "/notes")
	ask(m, "GET", "/notes/3")
	ask(m, "DELETE", "/notes/3")
	// Output:
	// GET /notes 200 all notes
	// GET /notes/3 200 note 3
	// DELETE /notes/3 405 GET, HEAD
}

func ExampleMapper_SubMapper() {
	m := routes.NewMapper()
	admin := m.SubMapper(routes.PathPrefix("/admin"), routes.NamePrefix("admin_"), routes.Handler(action), routes.Host("admin.example.com"))
	admin.Connect("/users/{id}", nil, routes.Name("user"), routes.Default("action", "show"))
	fmt.Println(m.URL("admin_user", routes.Values{"id": 7}))
	ask(m, "GET", "/admin/users/7")
	req := webob.Blank("/admin/users/7")
	req.Host = "admin.example.com"
	fmt.Println(req.GetResponse(m).Status())
	// Output:
	// /admin/users/7 <nil>
	// GET /admin/users/7 404
	// 200
}

func ExampleMapper_Redirect() {
	m := routes.NewMapper()
	m.Redirect("/old/{id}", "/posts/{id}", routes.Status(301))
	m.Redirect("/docs/{path:.*}", "https://docs.example.org/{path}")
	ask(m, "GET", "/old/7?page=2")
	ask(m, "GET", "/docs/install/linux")
	// Output:
	// GET /old/7?page=2 301 /posts/7?page=2
	// GET /docs/install/linux 302 https://docs.example.org/install/linux
}

func ExampleMapper_Extend() {
	blog := routes.NewMapper()
	blog.Connect("/{id}", action, routes.Name("post"), routes.Default("action", "show"))
	m := routes.NewMapper()
	m.Extend(blog.Routes(), routes.PathPrefix("/blog"))
	ask(m, "GET", "/blog/7")
	fmt.Println(m)
	// Output:
	// GET /blog/7 200 show 7
	// Route name Methods Path       Controller action
	// post               /blog/{id}            show
}

func ExampleMapper_Middleware() {
	m := routes.NewMapper()
	m.Connect("/{controller}/{id}", nil, routes.Name("any"), routes.Requirement("id", "[0-9]+"))
	app := m.Middleware(dec.Wsgify(func(req *webob.Request) (string, error) {
		match, ok := routes.Matched.Get(req)
		if !ok {
			return "no route", nil
		}
		return match.Route().Name() + ": " + req.URLVars()["controller"], nil
	}))
	ask(app, "GET", "/posts/7")
	ask(app, "GET", "/posts/x")
	// Output:
	// GET /posts/7 200 any: posts
	// GET /posts/x 200 no route
}

func ExampleMatched() {
	m := routes.NewMapper()
	m.Connect("/posts/{id}", action, routes.Name("post"))
	labels := dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		resp := req.GetResponse(app)
		if match, ok := routes.Matched.Get(req); ok {
			fmt.Println(match.Route().Name(), match.Route().Pattern(), resp.Status())
		}
		return resp, nil
	})
	webob.Blank("/posts/7").GetResponse(labels(m))
	// Output: post /posts/{id} 200
}

func ExampleFunc() {
	m := routes.NewMapper()
	m.Connect("/posts/{id}", routes.Func(func(w http.ResponseWriter, _ *http.Request, v routes.Vars) {
		fmt.Fprintf(w, "post %s in %s", v.Get("id"), v.Get("lang"))
	}), routes.Default("lang", "en"))
	ask(m, "GET", "/posts/7")
	// Output: GET /posts/7 200 post 7 in en
}

func ExampleWhen() {
	m := routes.NewMapper()
	m.Connect("/posts/{id}", action, routes.Defaults(map[string]string{"action": "api"}), routes.When(func(req *webob.Request, match *routes.Match) bool {
		if !strings.Contains(req.Header.Get("Accept"), "json") {
			return false
		}
		match.Set("format", "json")
		return true
	}))
	m.Connect("/posts/{id}", action, routes.Default("action", "page"))
	ask(m, "GET", "/posts/7")
	text, _ := webob.Blank("/posts/7", webob.WithHeader("Accept", "application/json")).GetResponse(m).Text()
	fmt.Println(text)
	// Output:
	// GET /posts/7 200 page 7
	// api 7
}

func ExampleMethodOverride() {
	m := routes.NewMapper(routes.MethodOverride(), routes.NotFound(webob.Text("nothing here")))
	m.Connect("/posts/{id}", action, routes.Default("action", "delete"), routes.Methods("DELETE"))
	text, _ := webob.Blank("/posts/7", webob.WithMethod("POST"), webob.WithForm("_method", "delete")).GetResponse(m).Text()
	fmt.Println(text)
	ask(m, "GET", "/posts/7")
	ask(m, "GET", "/posts")
	// Output:
	// delete 7
	// GET /posts/7 405 DELETE
	// GET /posts 200 nothing here
}

func ExampleImplicit() {
	m := routes.NewMapper(routes.Implicit(true), routes.Minimize(true), routes.Controllers("blog", "admin/user"))
	m.Connect(":controller/:action/:id", nil)
	fmt.Println(m.MatchPath("/blog").URLVars())
	fmt.Println(m.MatchPath("/admin/user/edit/7").URLVars())
	fmt.Println(m.MatchPath("/nobody"))
	fmt.Println(m.Generate(routes.Values{"controller": "admin/user", "action": "edit", "id": 7}))
	// Output:
	// map[action:index controller:blog]
	// map[action:edit controller:admin/user id:7]
	// <nil>
	// /admin/user/edit/7 <nil>
}

func ExampleKeepPath() {
	seen := dec.Wsgify(func(req *webob.Request) (string, error) { return req.ScriptName() + " | " + req.PathInfo(), nil })
	for _, m := range []*routes.Mapper{routes.NewMapper(), routes.NewMapper(routes.KeepPath())} {
		m.Connect("/blog/*path_info", seen)
		ask(m, "GET", "/blog/2026/hello")
	}
	// Output:
	// GET /blog/2026/hello 200 /blog | /2026/hello
	// GET /blog/2026/hello 200  | /blog/2026/hello
}

func ExampleRoute() {
	m := routes.NewMapper()
	r := m.Connect("/posts/{id:[0-9]+}", action, routes.Name("post"), routes.Methods("GET"), routes.Default("lang", "en"))
	fmt.Println(r.Name(), r.Path(), r.Pattern(), r.Methods(), r.Names(), r.Requirements(), r.Err())
	fmt.Println(r.URL(routes.Values{"id": 7}))
	// Output:
	// post /posts/{id:[0-9]+} /posts/{id} [GET] [id lang] map[id:[0-9]+] <nil>
	// /posts/7 <nil>
}
