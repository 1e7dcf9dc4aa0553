package webob_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// Limits hold for whatever reads the body from now on. What goes beyond is a 413
// that names the limit.
func ExampleLimits() {
	req := webob.Blank("/", webob.WithPost([]byte(strings.Repeat("x", 100))), webob.WithContentType("text/plain"))
	req.SetLimits(webob.Limits{Body: 10})
	_, err := req.Bytes()
	var in *webob.InputError
	fmt.Println(errors.As(err, &in), in.Status, in.Public)
	fmt.Println("variables of a form:", req.Limits().Pairs)
	// Output:
	// true 413 the body is beyond the limit of 10 bytes
	// variables of a form: 10000
}
