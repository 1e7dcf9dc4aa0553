package webob_test

import (
	"fmt"
	"io"
	"net/http/httptest"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// Uploads are passed on while they come; the limits are those of the request.
func ExampleRequest_Parts() {
	body := strings.ReplaceAll(`--B
Content-Disposition: form-data; name="title"

Tea
--B
Content-Disposition: form-data; name="photo"; filename="tea.txt"

leaves
--B--
`, "\n", "\r\n")
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=B")
	req := webob.NewRequest(r)
	req.SetLimits(webob.Limits{Body: 5 << 30, Field: 4 << 10})
	for part, err := range req.Parts() {
		if err != nil {
			fmt.Println(err)
			return
		}
		n, err := io.Copy(io.Discard, part)
		fmt.Println(part.Name, part.Filename, part.ContentType, n, err)
	}
	// Output:
	// title  text/plain 3 <nil>
	// photo tea.txt text/plain 6 <nil>
}
