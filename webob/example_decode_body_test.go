package webob_test

import (
	"bytes"
	"compress/gzip"
	"compress/lzw"
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

// A coding that is not built in is a function of a library of one's choice, for requests
// and responses; the limits hold for it too.
func ExampleBodyDecoding() {
	o := webob.BodyDecoding{
		Max:     1 << 20,
		Codings: map[string]func(io.Reader) (io.Reader, error){"lzw": openLZW},
	}
	p := webob.Bytes("text/plain", codedTwice("hello"))
	p.Header().Set("Content-Encoding", "lzw, gzip")
	err := p.DecodeContent(o)
	text, _ := p.Text()
	fmt.Println(text, err)

	r := httptest.NewRequest("POST", "/", bytes.NewReader(codedTwice("hello")))
	r.Header.Set("Content-Encoding", "lzw, gzip")
	req := webob.NewRequest(r)
	err = req.DecodeBody(o)
	text, _ = req.Text()
	fmt.Println(text, err)
	// Output:
	// hello <nil>
	// hello <nil>
}

func openLZW(r io.Reader) (io.Reader, error) { return lzw.NewReader(r, lzw.LSB, 8), nil }

// codedTwice is s in lzw, and that in gzip.
func codedTwice(s string) []byte {
	var b bytes.Buffer
	outer := gzip.NewWriter(&b)
	inner := lzw.NewWriter(outer, lzw.LSB, 8)
	io.WriteString(inner, s)
	inner.Close()
	outer.Close()
	return b.Bytes()
}
