package header_test

import (
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/webob/header"
)

// Who makes a request.
func ExampleCredentials() {
	h := http.Header{}
	_ = header.Authorization.Set(h, header.BasicCredentials("Aladdin", "open sesame"))
	fmt.Println(h.Get("Authorization"))
	c, _ := header.Authorization.Get(h)
	user, password, ok := c.Basic()
	fmt.Println(c.Is("basic"), user, password, ok)

	c = header.ParseCredentials(`Digest username="Mufasa", realm="x"`)
	params, err := c.Params()
	fmt.Println(params.Get("username"), err)
	// Output:
	// Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==
	// true Aladdin open sesame true
	// Mufasa <nil>
}

// A 401 says how to authenticate; a client may find several ways.
func ExampleNewCredentials() {
	h := http.Header{}
	_ = header.WWWAuthenticate.Set(h, header.NewCredentials("Basic", header.Params{{Name: "realm", Value: `the "inner" site`}}))
	fmt.Println(h.Get("WWW-Authenticate"))

	h.Add("WWW-Authenticate", `Bearer, Digest realm="x", qop="auth"`)
	ways, _ := header.Challenges.Get(h)
	for _, c := range ways {
		fmt.Println(c.Scheme)
	}
	// Output:
	// Basic realm="the \"inner\" site"
	// Basic
	// Bearer
	// Digest
}
