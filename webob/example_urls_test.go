package webob_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"

	"github.com/gowebob/gowebob/webob"
)

// The URLs of one request, by WebOb's names.
func ExampleRequest_ApplicationURL() {
	req := webob.Blank("/article/1?draft=1", webob.WithBaseURL("https://example.com/blog"))
	fmt.Println(req.Scheme(), req.Authority(), req.Domain(), req.HostPort())
	fmt.Println(req.HostURL())
	fmt.Println(req.ApplicationURL())
	fmt.Println(req.PathURL())
	fmt.Println(req.FullURL())
	fmt.Println(req.Path(), req.PathQS())
	// Output:
	// https example.com:443 example.com 443
	// https://example.com
	// https://example.com/blog
	// https://example.com/blog/article/1
	// https://example.com/blog/article/1?draft=1
	// /blog/article/1 /blog/article/1?draft=1
}

// Popping a segment moves it from PATH_INFO to SCRIPT_NAME.
func ExampleRequest_PathInfoPop() {
	req := webob.Blank("/v1/servers/a%2Fb")
	version, ok := req.PathInfoPop(regexp.MustCompile(`^v[0-9]+$`))
	fmt.Println(version, ok, req.ScriptName(), req.PathInfo())

	req.PathInfoPop()
	last, _ := req.PathInfoPeek()
	fmt.Println(last, req.FullURL())
	// Output:
	// v1 true /v1 /servers/a/b
	// a/b http://localhost/v1/servers/a%2Fb
}

// SCRIPT_NAME is what http.StripPrefix has taken off.
func ExampleRequest_ScriptName() {
	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req := webob.NewRequest(r)
		fmt.Println(req.ScriptName(), req.PathInfo(), req.ApplicationURL())
	})
	http.StripPrefix("/shop", app).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/shop/cart", nil))
	// Output: /shop /cart http://example.com/shop
}

func ExampleRequest_SetScriptName() {
	req := webob.Blank("/page")
	req.SetScriptName("/behind the proxy")
	req.SetPathInfo("/other")
	fmt.Println(req.FullURL())
	// Output: http://localhost/behind%20the%20proxy/other
}

func ExampleRequest_RelativeURL() {
	req := webob.Blank("/article/1", webob.WithBaseURL("https://example.com/blog"))
	fmt.Println(req.RelativeURL("2", false))
	fmt.Println(req.RelativeURL("search?q=x", true))
	_, err := req.RelativeURL("/\t/evil.example", false)
	fmt.Println(errors.Is(err, webob.ErrBadReference))
	// Output:
	// https://example.com/blog/article/2 <nil>
	// https://example.com/blog/search?q=x <nil>
	// true
}

// A Host that is none is the client's mistake; no URL is built of it.
func ExampleRequest_CheckHost() {
	req := webob.Blank("/reset", webob.WithHeader("Host", "good.example@evil.example"))
	fmt.Println(req.CheckHost())
	fmt.Println(req.FullURL())
	// Output:
	// 400 Bad Request: The Host field is not host[:port].: webob: Host "good.example@evil.example": the Host is not host[:port]
	// http://localhost/reset
}

func ExampleRequest_CheckPath() {
	req := webob.Blank("/caf%E9")
	fmt.Println(req.PathInfo())
	var input *webob.InputError
	if err := req.CheckTarget(); errors.As(err, &input) {
		fmt.Println(input.Status, input.Public)
	}
	// Output:
	// /caf�
	// 400 The path of the URL is not UTF-8.
}

// Who is the client? The peer, unless the proxies in front are named.
func ExampleTrustedProxies() {
	req := webob.Blank("/", webob.WithEnviron("REMOTE_ADDR", "10.0.0.7"),
		webob.WithHeader("X-Forwarded-For", "6.6.6.6, 192.0.2.1")) // the first is a lie
	fmt.Println(req.ClientAddr())

	webob.Proxies.Set(req, &webob.TrustedProxies{
		Networks: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		Field:    "X-Forwarded-For",
	})
	fmt.Println(req.ClientAddr())
	// Output:
	// 10.0.0.7
	// 192.0.2.1
}

func ExampleRequest_URLVars() {
	req := webob.Blank("/article/7")
	req.SetURLVars(map[string]string{"id": "7"}) // a mapper does this
	fmt.Println(req.URLVars()["id"])
	// Output: 7
}
