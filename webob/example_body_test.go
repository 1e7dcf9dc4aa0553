package webob_test

import (
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// A filter looks at the body, and the handler after it finds it whole.
func ExampleRequest_Bytes() {
	req := webob.NewRequest(httptest.NewRequest("POST", "/", strings.NewReader("hello")))

	b, err := req.Bytes() // a filter, checking a signature say
	fmt.Println(len(b), err)

	rest, err := io.ReadAll(req.Body) // whoever comes after
	fmt.Println(string(rest), err)
	// Output:
	// 5 <nil>
	// hello <nil>
}

func ExampleRequest_Text() {
	r := httptest.NewRequest("POST", "/", strings.NewReader("caf\xe9"))
	r.Header.Set("Content-Type", "text/plain; charset=iso-8859-1")
	fmt.Println(webob.NewRequest(r).Text())
	// Output:
	// café <nil>
}

func ExampleRequest_JSON() {
	var in struct {
		Name  string
		Price float64
	}
	req := webob.NewRequest(httptest.NewRequest("POST", "/", strings.NewReader(`{"name": "tea", "price": 2.5}`)))
	fmt.Println(req.JSON(&in), in)

	req = webob.NewRequest(httptest.NewRequest("POST", "/", strings.NewReader(`{"name": "tea",}`)))
	fmt.Println(req.JSON(&in))
	// Output:
	// <nil> {tea 2.5}
	// 400 Bad Request: malformed JSON at byte 16: invalid character '}' looking for beginning of object key string: invalid character '}' looking for beginning of object key string
}

// Limits are on by default and can be set for each request.
func ExampleRequest_SetLimits() {
	req := webob.NewRequest(httptest.NewRequest("POST", "/", strings.NewReader("too much")))
	req.SetLimits(webob.Limits{Body: 4})
	_, err := req.Bytes()
	var in *webob.InputError
	if errors.As(err, &in) {
		fmt.Println(in.Status, in.Public)
	}
	// Output:
	// 413 the body is beyond the limit of 4 bytes
}

func ExampleRequest_MakeBodySeekable() {
	req := webob.NewRequest(httptest.NewRequest("POST", "/", strings.NewReader("hello")))
	if err := req.MakeBodySeekable(); err != nil {
		fmt.Println(err)
	}
	_, err := req.Body.(io.Seeker).Seek(-2, io.SeekEnd)
	rest, _ := io.ReadAll(req.Body)
	fmt.Println(string(rest), err)
	// Output:
	// lo <nil>
}
