package exc_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// show has an app answer a request and prints what a client sees.
func show(app http.Handler, method, target, accept string) {
	r := httptest.NewRequest(method, target, nil)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	rec := httptest.NewRecorder()
	app.ServeHTTP(rec, r)
	fmt.Printf("%d %s\n%s\n", rec.Code, rec.Header().Get("Content-Type"), rec.Body)
}

// An error is returned like any other, and answers for itself.
func Example() {
	servers := map[string]string{"1": "atlas"}
	mux := http.NewServeMux()
	mux.Handle("GET /servers/{id}", dec.Wsgify(func(req *webob.Request) (string, error) {
		name, ok := servers[req.PathValue("id")]
		if !ok {
			return "", exc.NotFound.Withf("No server %q.", req.PathValue("id"))
		}
		return name, nil
	}))
	mux.Handle("/old/", exc.Gone) // an error is an app as well

	show(mux, "GET", "/servers/1", "")
	show(mux, "GET", "/servers/7", "")
	show(mux, "GET", "/old/page", "application/json")
	// Output:
	// 200 text/plain; charset=utf-8
	// atlas
	// 404 text/plain; charset=utf-8
	// 404 Not Found
	//
	// The resource could not be found.
	//
	// No server "7".
	//
	// 410 application/json
	// {"message":"This resource is no longer available. No forwarding address is given.","code":"410 Gone","title":"Gone"}
}

// errors.Is matches the sentinel and the class of whatever was made of it.
func ExampleError_Is() {
	err := fmt.Errorf("loading the page: %w", exc.NotFound.With("No such page."))
	fmt.Println(errors.Is(err, exc.NotFound), errors.Is(err, exc.ClientError), errors.Is(err, exc.Gone))

	input := &webob.InputError{Status: http.StatusRequestEntityTooLarge}
	fmt.Println(errors.Is(input, exc.RequestEntityTooLarge))
	// Output:
	// true true false
	// true
}

// The client reads what With was given, the log what Wrap was given.
func ExampleError_Wrap() {
	cause := errors.New("dial tcp 10.0.0.7:5432: connection refused")
	err := exc.ServiceUnavailable.With("The stock is being counted.").Wrap(cause)
	fmt.Println(err.Public())
	fmt.Println(err)
	fmt.Println(errors.Is(err, cause))
	// Output:
	// The stock is being counted.
	// 503 Service Unavailable: The stock is being counted.: dial tcp 10.0.0.7:5432: connection refused
	// true
}

func ExampleError_Withf() {
	fmt.Println(exc.Conflict.Withf("Version %d is not the newest.", 3).Detail())
	// Output: Version 3 is not the newest.
}

// Some statuses need a field to be complete.
func ExampleError_Allow() {
	req := webob.Blank("/")
	fmt.Println(exc.MethodNotAllowed.Allow("GET", "HEAD").Respond(req).Header().Get("Allow"))
	fmt.Println(exc.Unauthorized.Challenge(`Bearer realm="api"`).Respond(req).Header().Get("WWW-Authenticate"))
	fmt.Println(exc.TooManyRequests.RetryAfter(90 * time.Second).Respond(req).Header().Get("Retry-After"))
	fmt.Println(exc.NotFound.WithHeader("X-Trace", "7").Respond(req).Header().Get("X-Trace"))
	// Output:
	// GET, HEAD
	// Bearer realm="api"
	// 90
	// 7
}

// A page of one's own for one error: the inside of the HTML page, which becomes
// text for other clients.
func ExampleError_WithTemplate() {
	moved := exc.Gone.With("It was sold <in 2019>.").WithTemplate("<p>$detail</p><p>See the <a href='/'>catalogue</a>.</p>")
	show(moved, "GET", "/", "text/html")
	show(moved, "GET", "/", "text/plain")
	// Output:
	// 410 text/html; charset=utf-8
	// <html>
	//  <head>
	//   <title>410 Gone</title>
	//  </head>
	//  <body>
	//   <h1>410 Gone</h1>
	//   <p>It was sold &lt;in 2019&gt;.</p><p>See the <a href='/'>catalogue</a>.</p>
	//  </body>
	// </html>
	// 410 text/plain; charset=utf-8
	// 410 Gone
	//
	// It was sold <in 2019>.See the catalogue.
}

func ExampleError_WithBody() {
	show(exc.ServiceUnavailable.WithBody("image/svg+xml", []byte("<svg/>")), "GET", "/", "")
	// Output:
	// 503 image/svg+xml
	// <svg/>
}

// A status that is not in the registry.
func ExampleNew() {
	teapot := exc.New(418, "I'm a teapot", "Short and stout.")
	fmt.Println(teapot.With("No coffee here."))
	fmt.Println(errors.Is(teapot.With("x"), teapot))
	// Output:
	// 418 I'm a teapot: No coffee here.
	// true
}

// A status that comes from elsewhere becomes an error of its own.
func ExampleForStatus() {
	upstream := 404
	if err, ok := exc.ForStatus(upstream); ok {
		fmt.Println(err == exc.NotFound, err.Title())
	}
	// Output: true Not Found
}

// A redirect stays on this site, wherever the location comes from.
func ExampleError_To() {
	login := dec.Wsgify(func(req *webob.Request) (string, error) {
		return "", exc.SeeOther.To(req.URL.Query().Get("next"))
	})
	for _, next := range []string{"/account", "//evil.example", "/%09/evil.example", "https://evil.example"} {
		p := webob.Blank("/login?next=" + next).GetResponse(login)
		fmt.Printf("%d %q\n", p.Status(), p.Header().Get("Location"))
	}
	// Output:
	// 303 "/account"
	// 400 ""
	// 400 ""
	// 400 ""
}

func ExampleError_ToExternal() {
	p := exc.Found.ToExternal("https://login.example/?client=7").Respond(webob.Blank("/"))
	fmt.Println(p.Status(), p.Header().Get("Location"))
	// Output: 302 https://login.example/?client=7
}

func ExampleError_AddSlash() {
	p := exc.MovedPermanently.AddSlash().Respond(webob.Blank("/docs/guide?page=2"))
	fmt.Println(p.Status(), p.Header().Get("Location"))
	// Output: 301 ./guide/?page=2
}
