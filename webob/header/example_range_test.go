package header_test

import (
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/webob/header"
)

// What a Range comes to in a file of 1,000 bytes.
func ExampleByteRanges_Spans() {
	r := http.Header{"Range": {"bytes=0-99, -100, 5000-"}}
	ranges, _ := header.Range.Get(r)
	for _, span := range ranges.Spans(1000) {
		fmt.Println(span.Start, span.End, span.Of(1000))
	}
	unsatisfied := header.ByteRanges{header.From(5000)}
	fmt.Println(len(unsatisfied.Spans(1000)), header.Unsatisfied(1000))
	// Output:
	// 0 100 bytes 0-99/1000
	// 900 1000 bytes 900-999/1000
	// 0 bytes */1000
}

// A client asks for the rest of a file, and reads what it got.
func ExampleByteRange() {
	h := http.Header{}
	_ = header.Range.Set(h, header.ByteRanges{header.From(500)})
	fmt.Println(h.Get("Range"))

	h.Set("Content-Range", "bytes 500-999/1000")
	part, _ := header.ContentRange.Get(h)
	fmt.Println(part.Start, part.End, part.Length)
	// Output:
	// bytes=500-
	// 500 1000 1000
}
