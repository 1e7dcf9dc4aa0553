package routes_test

import (
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/routes"
	"github.com/gowebob/gowebob/webob"
)

var here = dec.Wsgify(func(req *webob.Request) (string, error) {
	return fmt.Sprintf("mounted at %q, asked for %q", req.ScriptName(), req.PathInfo()), nil
})

func ExampleURLMap() {
	m := routes.NewURLMap()
	m.Handle("/", here)
	m.Handle("/blog", here)
	m.Handle("http://admin.example.com/", exc.Forbidden)

	for _, url := range []string{"/blog/2026", "/blogs", "http://admin.example.com/blog"} {
		text, _ := webob.Blank(url).GetResponse(m).Text()
		fmt.Printf("%.43q\n", text)
	}
	// Output:
	// "mounted at \"/blog\", asked for \"/2026\""
	// "mounted at \"\", asked for \"/blogs\""
	// "403 Forbidden\n\nAccess was denied to this re"
}

func ExampleURLMap_All() {
	m := routes.NewURLMap()
	for _, key := range []string{"/", "/blog", "/blog/admin", "http://example.com/"} {
		m.Handle(key, here)
	}
	for key := range m.All() {
		fmt.Println(key)
	}
	// Output:
	// http://example.com/
	// /blog/admin
	// /blog
	// /
}

func ExampleURLMap_Set() {
	m := routes.NewURLMap()
	fmt.Println(m.Set("blog", here))
	fmt.Println(m.Set("/blog", here), m.Len())
	fmt.Println(m.Set("/blog", nil), m.Len())
	// Output:
	// routes: bad key of a URL map "blog": it begins with neither / nor http://
	// <nil> 1
	// <nil> 0
}

func ExampleURLMap_Get() {
	m := routes.NewURLMap()
	m.Handle("/blog", here)
	_, ok := m.Get("/blog/")
	fmt.Println(ok)
	_, ok = m.Get("/blog/2026")
	fmt.Println(ok, m.Delete("/blog"))
	// Output:
	// true
	// false true
}

func ExampleNewMapKey() {
	key, err := routes.NewMapKey("http://Example.com:8080//blog//")
	fmt.Printf("%q %q %v\n", key.Host, key.Path, err)
	// Output: "example.com:8080" "/blog" <nil>
}

func ExampleParseKey() {
	key, err := routes.ParseKey("domain example.com port 8080 /blog")
	fmt.Println(key, err)
	_, err = routes.ParseKey("port 8080 /blog")
	fmt.Println(err)
	// Output:
	// http://example.com:8080/blog <nil>
	// routes: bad key of a URL map "port 8080 /blog": a port without a domain
}

func ExampleCascade() {
	files := dec.Wsgify(func(req *webob.Request) (string, error) {
		if req.PathInfo() != "/robots.txt" {
			return "", exc.NotFound
		}
		return "User-agent: *\n", nil
	})
	c, err := routes.NewCascade([]http.Handler{files, here}, routes.CascadeOptions{})
	if err != nil {
		panic(err)
	}
	for _, url := range []string{"/robots.txt", "/blog"} {
		text, _ := webob.Blank(url).GetResponse(c).Text()
		fmt.Printf("%q\n", text)
	}
	// Output:
	// "User-agent: *\n"
	// "mounted at \"\", asked for \"/blog\""
}

func ExampleMapKey() {
	m := routes.NewURLMap()
	m.Handle("//blog/", here)
	for key := range m.All() {
		fmt.Printf("%q %q %s\n", key.Host, key.Path, key)
	}
	// Output: "" "/blog" /blog
}
