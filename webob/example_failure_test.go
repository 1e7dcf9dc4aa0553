package webob_test

import (
	"errors"
	"fmt"

	"github.com/gowebob/gowebob/webob"
)

// SetErr makes an answer a failure, which a filter outside sees as such: it is logged,
// a transaction is rolled back.
func ExampleResponse_SetErr() {
	p := webob.Text("sold out")
	p.SetStatus(409)
	p.SetErr(errors.New("stock is 0"))
	text, _ := p.Text()
	fmt.Println(p.StatusText(), text, p.Err())
	// Output:
	// 409 Conflict sold out stock is 0
}
