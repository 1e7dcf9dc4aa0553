package header_test

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/webob/header"
)

// The readers of single values are there for text from elsewhere.
func ExampleParseMediaType() {
	m, err := header.ParseMediaType(`Text/HTML; charset="utf-8"`)
	fmt.Println(m.Type, m.Params.Get("charset"), err)
	_, err = header.ParseMediaType("text")
	fmt.Println(errors.Is(err, header.ErrSyntax))
	// Output:
	// text/html utf-8 <nil>
	// true
}

func ExampleParseRange() {
	ranges, err := header.ParseRange("bytes=0-99, -50")
	fmt.Println(ranges, ranges.Spans(1000), err)
	// Output:
	// bytes=0-99,-50 [{0 100} {950 1000}] <nil>
}

func ExampleParseDictionary() {
	d, err := header.ParseDictionary("u=1, i")
	u, ok := d.Get("u")
	fmt.Println(u.Value, ok, err)
	// Output:
	// 1 true <nil>
}

func ExampleBearerCredentials() {
	h := http.Header{}
	err := header.Authorization.Set(h, header.BearerCredentials("abc.def"))
	fmt.Println(h.Get("Authorization"), err)
	// Output:
	// Bearer abc.def <nil>
}

func ExampleNewText() {
	note := header.NewText("X-Note")
	h := http.Header{}
	fmt.Println(note.Set(h, "as it is"), h.Get("X-Note"))
	fmt.Println(note.Set(h, "two\r\nlines") != nil, h.Get("X-Note"))
	// Output:
	// <nil> as it is
	// true as it is
}
