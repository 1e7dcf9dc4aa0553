package header_test

import (
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/webob/header"
)

// Two filters each say what their part of the answer depends on.
func ExampleAddVary() {
	h := http.Header{}
	header.AddVary(h, "Accept", "Cookie")
	header.AddVary(h, "accept", "Origin")
	names, _ := header.Vary.Get(h)
	fmt.Println(names)
	// Output:
	// [Accept Cookie Origin]
}
