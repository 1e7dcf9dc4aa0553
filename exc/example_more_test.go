package exc_test

import (
	"fmt"
	"time"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// WithMember is a member without a type of its own; NewMember makes one that can be
// read back.
func ExampleError_WithMember() {
	req := webob.Blank("/", webob.WithHeader("Accept", "application/problem+json"))
	err := exc.Forbidden.With("Your balance is too low.").WithMember("balance", 30)
	text, _ := exc.Page(req, err).Text()
	fmt.Println(text)
	// Output:
	// {"type":"about:blank","title":"Forbidden","status":403,"detail":"Your balance is too low.","balance":30}
}

// The explanation is what a page says of the status in general.
func ExampleError_WithExplanation() {
	text, _ := exc.Page(webob.Blank("/"), exc.NotFound.WithExplanation("Nothing is kept under this name.")).Text()
	fmt.Print(text)
	// Output:
	// 404 Not Found
	//
	// Nothing is kept under this name.
}

func ExampleError_RetryAt() {
	err := exc.ServiceUnavailable.RetryAt(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	fmt.Println(err.Header().Get("Retry-After"))
	// Output:
	// Fri, 02 Jan 2026 03:04:05 GMT
}
