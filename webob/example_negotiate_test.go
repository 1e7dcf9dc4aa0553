package webob_test

import (
	"fmt"

	"github.com/gowebob/gowebob/contentneg"
	"github.com/gowebob/gowebob/webob"
)

func ExampleRequest_AcceptEncoding() {
	req := webob.Blank("/", webob.WithHeader("Accept-Encoding", "gzip;q=0.5, br"))
	fmt.Println(req.AcceptEncoding())
	// Output:
	// gzip;q=0.5, br
}

func ExampleRequest_AcceptCharset() {
	req := webob.Blank("/", webob.WithHeader("Accept-Charset", "utf-8, latin1;q=0.2"))
	fmt.Println(req.AcceptCharset())
	// Output:
	// utf-8, latin1;q=0.2
}

func ExampleRequest_SetBytes() {
	req := webob.Blank("/", webob.WithMethod("PUT"))
	fmt.Println(req.IsBodyReadable())
	req.SetBytes([]byte("tea"))
	b, err := req.Bytes()
	fmt.Println(req.IsBodyReadable(), req.ContentLength, string(b), err)
	// Output:
	// false
	// true 3 tea <nil>
}

func ExampleRequest_SetText() {
	req := webob.Blank("/", webob.WithMethod("PUT"), webob.WithContentType("text/plain; charset=iso-8859-1"))
	err := req.SetText("thé")
	b, _ := req.Bytes()
	fmt.Printf("%q %v\n", b, err)
	// Output:
	// "th\xe9" <nil>
}

func ExampleRequest_IsBodyReadable() {
	fmt.Println(webob.Blank("/").IsBodyReadable(), webob.Blank("/", webob.WithBody([]byte("x"))).IsBodyReadable())
	// Output:
	// false true
}

func ExampleRequest_NegotiateEncoding() {
	req := webob.Blank("/", webob.WithHeader("Accept-Encoding", "gzip"))
	offers := contentneg.MustEncodings("br", "gzip", "identity")
	i, ok := req.NegotiateEncoding(offers)
	fmt.Println(offers.Value(i), ok)
	// Output:
	// gzip true
}

func ExampleRequest_NegotiateCharset() {
	req := webob.Blank("/", webob.WithHeader("Accept-Charset", "latin1;q=0.2, utf-8"))
	offers := contentneg.MustCharsets("iso-8859-1", "utf-8")
	i, ok := req.NegotiateCharset(offers)
	fmt.Println(offers.Value(i), ok)
	// Output:
	// utf-8 true
}
