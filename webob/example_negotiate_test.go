package webob_test

import (
	"fmt"

	"github.com/gowebob/gowebob/contentneg"
	"github.com/gowebob/gowebob/webob"
)

// A compressing filter asks for the field, and the answer says Vary by itself.
func ExampleRequest_NegotiateEncoding() {
	codings := contentneg.MustEncodings("gzip", "identity")
	req := webob.Blank("/", webob.WithHeader("Accept-Encoding", "br, gzip;q=0.8"))
	i, ok := req.NegotiateEncoding(codings)
	fmt.Println(codings.Value(i), ok)

	language, err := req.AcceptLanguage().Lookup([]string{"de", "en"}, contentneg.DefaultTag("en"))
	fmt.Println(language, err)
	// Output:
	// gzip true
	// en <nil>
}
