package webob_test

import (
	"fmt"
	"io"
	"net/http/httptest"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// A Stream makes its body while it is sent.
func ExampleStream() {
	resp := webob.Stream("text/csv", func(w webob.StreamWriter) error {
		for i := range 3 {
			if _, err := fmt.Fprintf(w, "%d,%d\n", i, i*i); err != nil {
				return err
			}
		}
		return w.Flush()
	})
	rec := httptest.NewRecorder()
	resp.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	fmt.Print(rec.Body)
	// Output:
	// 0,0
	// 1,1
	// 2,4
}

// A failure before the first byte is a proper answer; later it would break the
// connection, so that nobody takes half a body for the whole.
func ExampleStream_failure() {
	resp := webob.Stream("text/csv", func(w webob.StreamWriter) error {
		return &webob.InputError{Status: 422, Public: "no such table"}
	})
	rec := httptest.NewRecorder()
	resp.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	fmt.Println(rec.Code)
	fmt.Print(rec.Body)
	// Output:
	// 422
	// Unprocessable Entity
	//
	// no such table
}

// A body can be changed on its way: the new one reads from the old.
func ExampleResponse_Body() {
	resp := webob.Stream("text/plain", func(w webob.StreamWriter) error {
		_, err := io.WriteString(w, "the answer")
		return err
	})
	resp.SetBody(io.MultiReader(strings.NewReader("<"), resp.Body(), strings.NewReader(">")))
	fmt.Println(resp.Text())
	// Output:
	// <the answer> <nil>
}

// Each element of an iterator is passed on at once.
func ExampleResponse_SetChunks() {
	resp := webob.NewResponse(200)
	resp.SetChunks(func(yield func([]byte, error) bool) {
		_ = yield([]byte("one "), nil) && yield([]byte("two"), nil)
	})
	for chunk, err := range resp.Chunks() {
		fmt.Printf("%q %v\n", chunk, err)
	}
	// Output:
	// "one " <nil>
	// "two" <nil>
}

// What the body needs lives as long as the body.
func ExampleResponse_OnClose() {
	resp := webob.Stream("text/plain", func(w webob.StreamWriter) error {
		fmt.Println("reading the rows")
		return nil
	})
	resp.OnClose(func() { fmt.Println("closing the transaction") })
	resp.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)) // a copy answers
	resp.Close()
	// Output:
	// reading the rows
	// closing the transaction
}
