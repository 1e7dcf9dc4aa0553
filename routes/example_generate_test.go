package routes_test

import (
	"errors"
	"fmt"

	"github.com/gowebob/gowebob/routes"
	"github.com/gowebob/gowebob/webob"
)

func blog() *routes.Mapper {
	m := routes.NewMapper()
	m.Connect("/blog/{id}{.format}", nil, routes.Name("post"))
	m.Connect("/archive/{year:[0-9]{4}}", nil, routes.Default("action", "archive"))
	m.Connect("/docs/*page", nil, routes.Name("docs"), routes.Methods("GET"))
	m.Connect("https://cdn.example.org/{file}", nil, routes.Name("cdn"), routes.Static())
	return m
}

func ExampleMapper_URL() {
	m := blog()
	fmt.Println(m.URL("post", routes.Values{"id": "a/b c", "format": "json"}))
	fmt.Println(m.URL("post", routes.Values{"id": 7, "tag": []string{"x", "y"}}, routes.Anchor("end")))
	fmt.Println(m.URL("docs", routes.Values{"page": "install/linux"}))
	fmt.Println(m.URL("cdn", routes.Values{"file": "site.css"}))
	// Output:
	// /blog/a%2Fb%20c.json <nil>
	// /blog/7?tag=x&tag=y#end <nil>
	// /docs/install/linux <nil>
	// https://cdn.example.org/site.css <nil>
}

func ExampleGenerationError() {
	m := blog()
	for name, values := range map[string]routes.Values{"post": {}} {
		_, err := m.URL(name, values)
		var e *routes.GenerationError
		fmt.Println(errors.Is(err, routes.ErrMissing), errors.As(err, &e), e.Missing)
	}
	_, err := m.URL("posts", nil)
	fmt.Println(err)
	_, err = m.URL("docs", routes.Values{"page": "../../etc"})
	fmt.Println(err)
	// Output:
	// true true [id]
	// routes: URL of "posts": no route of that name
	// routes: URL of "docs": bad value: a segment of dots alone: path is "/docs/../../etc"
}

func ExampleMapper_Generate() {
	m := blog()
	fmt.Println(m.Generate(routes.Values{"action": "archive", "year": 2026}))
	_, err := m.Generate(routes.Values{"action": "archive", "year": "last"})
	fmt.Println(errors.Is(err, routes.ErrNoFit), errors.Is(err, routes.ErrBadValue))
	// Output:
	// /archive/2026 <nil>
	// true true
}

func ExampleMapper_For() {
	m := blog()
	req := webob.Blank("/", webob.WithBaseURL("https://example.com:8443/app"))
	g := m.For(req)
	fmt.Println(g.URL("post", routes.Values{"id": 7}))
	fmt.Println(g.URL("post", routes.Values{"id": 7}, routes.Qualified()))
	fmt.Println(g.URL("post", routes.Values{"id": 7}, routes.OnHost("example.net"), routes.Scheme("http")))
	fmt.Println(g.Link("/static/site.css", routes.Values{"v": 3}))
	// Output:
	// /app/blog/7 <nil>
	// https://example.com:8443/app/blog/7 <nil>
	// http://example.net/app/blog/7 <nil>
	// /app/static/site.css?v=3 <nil>
}

func ExampleGenerator_Current() {
	m := routes.NewMapper()
	m.Connect("/{project}/{action}/{id}", nil)
	req := webob.Blank("/acme/show/7")
	req.SetURLVars(m.Match(req).URLVars())
	fmt.Println(m.For(req).Current(routes.Values{"action": "edit"}))
	// Output: /acme/edit/7 <nil>
}

func ExampleForMethod() {
	m := blog()
	_, err := m.URL("docs", routes.Values{"page": "x"}, routes.ForMethod("POST"))
	fmt.Println(err)
	// Output: routes: URL of "docs": bad value: the route is for GET: method is "POST"
}

func ExampleFilter() {
	type post struct{ Year, Slug string }
	m := routes.NewMapper()
	m.Connect("/{year}/{slug}", nil, routes.Name("post"), routes.Filter(func(v routes.Values) routes.Values {
		if p, ok := v["post"].(post); ok {
			delete(v, "post")
			v["year"], v["slug"] = p.Year, p.Slug
		}
		return v
	}))
	fmt.Println(m.URL("post", routes.Values{"post": post{"2026", "hello"}}))
	// Output: /2026/hello <nil>
}

func ExampleMinimize() {
	m := routes.NewMapper(routes.Minimize(true))
	m.Connect("archive/{year}/{month}", nil, routes.Name("archive"), routes.Optional("month"))
	fmt.Println(m.URL("archive", routes.Values{"year": 2026}))
	fmt.Println(m.URL("archive", routes.Values{"year": 2026, "month": 11}))
	fmt.Println(m.MatchPath("/archive/2026").URLVars())
	// Output:
	// /archive/2026 <nil>
	// /archive/2026/11 <nil>
	// map[year:2026]
}

func ExampleAppendSlash() {
	m := routes.NewMapper(routes.AppendSlash(), routes.Mount("/site"))
	m.Connect("/blog/{id}", nil, routes.Name("post"))
	fmt.Println(m.URL("post", routes.Values{"id": 7}))
	fmt.Println(m.MatchPath("/site/blog/7").URLVars())
	// Output:
	// /site/blog/7/ <nil>
	// map[id:7]
}

func ExampleLooseNames() {
	m := routes.NewMapper(routes.LooseNames())
	m.Connect("/{lang}/post/{id}", nil, routes.Name("translated"))
	m.Connect("/post/{id}", nil, routes.Name("post"))
	fmt.Println(m.URL("post", routes.Values{"id": 7, "lang": "de"}))
	// Output: /de/post/7 <nil>
}

func ExampleSubDomains() {
	m := routes.NewMapper(routes.SubDomains("www"))
	m.Connect("/", nil, routes.Name("shop"), routes.SubDomain("shop"))
	m.Connect("/", nil, routes.Name("any"), routes.SubDomain())
	m.Connect("/", nil, routes.Name("home"), routes.NoSubDomain())
	for _, host := range []string{"example.com", "www.example.com", "shop.example.com", "blog.example.com"} {
		req := webob.Blank("/")
		req.Host = host
		match := m.Match(req)
		fmt.Println(match.Route().Name(), match.URLVars())
	}
	req := webob.Blank("/")
	req.Host = "www.example.com:8080"
	fmt.Println(m.For(req).URL("home", routes.Values{"sub_domain": "shop"}))
	// Output:
	// home map[]
	// home map[]
	// shop map[sub_domain:shop]
	// any map[sub_domain:blog]
	// http://shop.example.com:8080/ <nil>
}
