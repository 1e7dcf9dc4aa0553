package header_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// A field has a type; absent, bad and present can be told apart.
func ExampleField() {
	h := http.Header{}
	_, ok := header.LastModified.Get(h)
	fmt.Println("absent:", ok)

	err := header.LastModified.Set(h, time.Date(1994, time.November, 6, 8, 49, 37, 0, time.UTC))
	fmt.Println(h.Get("Last-Modified"), err)

	h.Set("Last-Modified", "Sun, 6 Nov 1994 08:49:37 GMT")
	_, ok, err = header.LastModified.Lookup(h)
	fmt.Println("bad:", ok, err)
	// Output:
	// absent: false
	// Sun, 06 Nov 1994 08:49:37 GMT <nil>
	// bad: false header Last-Modified: "Sun, 6 Nov 1994 08:49:37 GMT" at byte 5: malformed: day of an HTTP-date expected
}

// A field of one's own takes two functions.
func ExampleNewField() {
	type level int
	field := header.NewField("X-Level",
		func(lines []string) (level, error) {
			for i, name := range []string{"low", "high"} {
				if strings.EqualFold(lines[0], name) {
					return level(i), nil
				}
			}
			return 0, errors.New("low or high expected")
		},
		func(l level) (string, error) { return [...]string{"low", "high"}[l], nil })

	h := http.Header{}
	_ = field.Set(h, 1)
	fmt.Println(h.Get("X-Level"))
	h.Set("X-Level", "medium")
	_, _, err := field.Lookup(h)
	fmt.Println(err)
	// Output:
	// high
	// header X-Level: medium: low or high expected
}

// Nothing that would split the header gets in.
func ExampleField_Set() {
	h := http.Header{}
	err := header.Server.Set(h, "mine\r\nSet-Cookie: session=stolen")
	fmt.Println(errors.Is(err, header.ErrValue), len(h))
	fmt.Println(err)
	// Output:
	// true 0
	// header Server: "mine\r\nSet-Cookie: session=stolen" at byte 4: control character in value
}

// The kinds that many fields share need no function at all.
func ExampleNewList() {
	features := header.NewList("X-Features")
	h := http.Header{"X-Features": {"a, b", "c"}}
	list, _ := features.Get(h)
	fmt.Printf("%q\n", list)

	count := header.NewNumber("X-Count")
	_ = count.Set(h, 3)
	n, _ := count.Get(h)
	fmt.Println(n)
	// Output:
	// ["a" "b" "c"]
	// 3
}
