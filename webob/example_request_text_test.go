package webob_test

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// A request from a file; the next one stands behind it.
func ExampleReadRequest() {
	r := bufio.NewReader(strings.NewReader("POST /a HTTP/1.1\r\nHost: example.com\r\nContent-Length: 2\r\n\r\nhi" +
		"GET /b HTTP/1.1\r\nHost: example.com\r\n\r\n"))
	for range 2 {
		req, err := webob.ReadRequest(r, webob.Limits{Body: 1 << 20})
		if err != nil {
			fmt.Println(err)
			return
		}
		text, err := req.Text()
		fmt.Printf("%s %s %q %v\n", req.Method, req.FullURL(), text, err)
	}
	// Output:
	// POST http://example.com/a "hi" <nil>
	// GET http://example.com/b "" <nil>
}

func ExampleFromBytes() {
	req, err := webob.FromBytes([]byte("GET /tea?kind=green HTTP/1.1\r\nHost: example.com\r\n\r\n"))
	fmt.Println(req.GET().Get("kind"), err)
	_, err = webob.FromBytes([]byte("GET /tea\r\n"))
	fmt.Println(err.(*webob.InputError).Status)
	// Output:
	// green <nil>
	// 400
}

func ExampleRequest_AsText() {
	req := webob.Blank("/tea?kind=green", webob.WithBody([]byte("leaves")))
	head, err := req.AsText(true)
	fmt.Println(strings.ReplaceAll(head, "\r\n", "\n"), err)
	// Output:
	// GET /tea?kind=green HTTP/1.0
	// Content-Length: 6
	// Host: localhost:80 <nil>
}

func ExampleRequest_AsBytes() {
	b, err := webob.Blank("/tea", webob.WithBody([]byte("leaves"))).AsBytes()
	fmt.Printf("%q %v\n", b, err)
	// Output:
	// "GET /tea HTTP/1.0\r\nContent-Length: 6\r\nHost: localhost:80\r\n\r\nleaves" <nil>
}

// For a log that wants no large bodies.
func ExampleRequest_AsTextUpTo() {
	text, err := webob.Blank("/tea", webob.WithBody([]byte("many leaves"))).AsTextUpTo(5)
	fmt.Printf("%q %v\n", text, err)
	// Output:
	// "GET /tea HTTP/1.0\r\nContent-Length: 11\r\nHost: localhost:80\r\n\r\n<body skipped (len=11)>" <nil>
}

func ExampleRequest_WriteTo() {
	var w strings.Builder
	n, err := webob.Blank("/tea", webob.WithBody([]byte("leaves"))).WriteTo(&w)
	fmt.Fprintln(os.Stdout, strings.ReplaceAll(w.String(), "\r\n", "\n"))
	fmt.Println(n, err)
	// Output:
	// GET /tea HTTP/1.1
	// Content-Length: 6
	// Host: localhost:80
	//
	// leaves
	// 66 <nil>
}
