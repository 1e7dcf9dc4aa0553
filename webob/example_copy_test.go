package webob_test

import (
	"fmt"
	"net/http/httptest"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

func ExampleRequest_Copy() {
	req := webob.NewRequest(httptest.NewRequest("POST", "/", strings.NewReader("hello")))
	c, err := req.Copy()
	if err != nil {
		fmt.Println(err)
		return
	}
	c.SetBytes([]byte("other"))
	fmt.Println(c.Text())
	fmt.Println(req.Text())
	// Output:
	// other <nil>
	// hello <nil>
}

func ExampleRequest_CopyGet() {
	c := formRequest("name=Ada").CopyGet()
	fmt.Println(c.Method, c.URL, c.IsBodyReadable(), c.Header.Get("Content-Type") == "")
	// Output:
	// GET /?page=2 false true
}

func ExampleRequest_SetJSON() {
	req := webob.NewRequest(httptest.NewRequest("POST", "/", nil))
	err := req.SetJSON(map[string]string{"name": "Zoë"})
	text, _ := req.Text()
	fmt.Println(text, req.ContentLength, err)
	// Output:
	// {"name":"Zo\u00eb"} 19 <nil>
}

func ExampleRequest_Transcode() {
	req := formRequest("name=Zo%EB")
	c, err := req.Transcode("iso-8859-1")
	fmt.Println(c.POST().Get("name"), err)
	// Output:
	// Zoë <nil>
}
