package webob_test

import (
	"fmt"

	"github.com/gowebob/gowebob/webob"
)

// A filter that changes bodies asks its app for the whole.
func ExampleRequest_RemoveConditionalHeaders() {
	req := webob.Blank("/", webob.WithHeader("If-None-Match", `"a"`), webob.WithHeader("Range", "bytes=0-4"),
		webob.WithHeader("Accept-Encoding", "gzip"))
	req.RemoveConditionalHeaders("Accept-Encoding")
	fmt.Println(req.Header)
	// Output:
	// map[Accept-Encoding:[gzip]]
}
