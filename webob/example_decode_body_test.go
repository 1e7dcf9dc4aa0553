package webob_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http/httptest"

	"github.com/gowebob/gowebob/webob"
)

// A filter undoes content codings for the apps behind it; limits on size and ratio
// are on by default.
func ExampleRequest_DecodeBody() {
	var b bytes.Buffer
	zw := gzip.NewWriter(&b)
	io.WriteString(zw, `{"name": "Ada"}`)
	zw.Close()
	r := httptest.NewRequest("POST", "/", &b)
	r.Header.Set("Content-Encoding", "gzip")
	req := webob.NewRequest(r)

	if err := req.DecodeBody(webob.BodyDecoding{}); err != nil {
		fmt.Println(err)
		return
	}
	text, err := req.Text()
	fmt.Println(text, err, req.Header.Get("Content-Encoding") == "")

	r.Header.Set("Content-Encoding", "br")
	err = req.DecodeBody(webob.BodyDecoding{})
	in := err.(*webob.InputError)
	fmt.Println(in.Status, in.Header)
	// Output:
	// {"name": "Ada"} <nil> true
	// 415 map[Accept-Encoding:[gzip, deflate]]
}
