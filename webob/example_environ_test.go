package webob_test

import (
	"fmt"
	"slices"

	"github.com/gowebob/gowebob/webob"
)

// The environ is a view: it reads and writes the http.Request itself.
func ExampleEnviron() {
	req := webob.Blank("/articles?page=2", webob.WithHeader("Accept", "text/html"))
	env := req.Environ()
	fmt.Println(env.String("PATH_INFO"), env.String("QUERY_STRING"), env.String("HTTP_ACCEPT"))

	if err := env.Set("HTTP_ACCEPT", "application/json"); err != nil {
		fmt.Println(err)
	}
	fmt.Println(req.Header.Get("Accept"))

	req.URL.RawQuery = "page=3"
	fmt.Println(env.String("QUERY_STRING"))
	// Output:
	// /articles page=2 text/html
	// application/json
	// page=3
}

// Keys that CGI does not know are the application's own.
func ExampleEnviron_Set() {
	env := webob.Blank("/").Environ()
	_ = env.Set("myapp.user", "ada")
	user, ok := env.Get("myapp.user")
	fmt.Println(user, ok)

	fmt.Println(env.Set("PATH_INFO", 3))
	fmt.Println(env.Set("HTTP_X_NOTE", "a\r\nSet-Cookie: b"))
	// Output:
	// ada true
	// webob: environ PATH_INFO: value does not fit: int, not a string
	// webob: environ HTTP_X_NOTE: value does not fit: "a\r\nSet-Cookie: b" has CR, LF or NUL
}

func ExampleEnviron_All() {
	req := webob.Blank("http://example.com/x", webob.WithHeader("X-A", "1"))
	var keys []string
	for key := range req.Environ().All() {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	fmt.Println(keys)
	// Output: [GATEWAY_INTERFACE HTTP_HOST HTTP_X_A PATH_INFO REQUEST_METHOD REQUEST_URI SERVER_NAME SERVER_PORT SERVER_PROTOCOL wsgi.errors wsgi.input wsgi.multiprocess wsgi.multithread wsgi.run_once wsgi.url_scheme wsgi.version]
}

func ExampleEnviron_Map() {
	m := webob.Blank("/x").Environ().Map()
	fmt.Println(m["PATH_INFO"], m["wsgi.version"])
	// Output: /x [1 0]
}

func ExampleEnviron_Delete() {
	req := webob.Blank("/", webob.WithHeader("Cookie", "a=b"))
	req.Environ().Delete("HTTP_COOKIE")
	fmt.Println(req.Environ().Has("HTTP_COOKIE"), len(req.Cookies()))
	// Output: false 0
}

func ExampleEnvironKey() {
	fmt.Println(webob.EnvironKey("X-Auth-Token"), webob.EnvironKey("content-type"))
	fmt.Println(webob.HeaderName("HTTP_X_AUTH_TOKEN"))
	fmt.Println(webob.HeaderName("PATH_INFO"))
	// Output:
	// HTTP_X_AUTH_TOKEN CONTENT_TYPE
	// X-Auth-Token true
	//  false
}
