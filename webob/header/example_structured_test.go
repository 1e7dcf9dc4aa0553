package header_test

import (
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/webob/header"
)

// A dictionary, RFC 9651: the urgency of a response.
func ExampleNewDictionary() {
	h := http.Header{"Priority": {"u=3, i"}}
	d, _ := header.Priority.Get(h)
	urgency, _ := d.Get("u")
	incremental, _ := d.Get("i")
	fmt.Println(urgency.Value, incremental.Value)

	d.Set("u", header.Item{Value: 5})
	_ = header.Priority.Set(h, d)
	fmt.Println(h.Get("Priority"))
	// Output:
	// 3 true
	// u=5, i
}

// A list of a field of one's own.
func ExampleNewItemList() {
	field := header.NewItemList("Example")
	h := http.Header{}
	_ = field.Set(h, []header.Item{
		{Value: header.Token("gzip"), Params: header.ItemParams{{Name: "q", Value: 0.5}}},
		{Value: header.InnerList{{Value: "a"}, {Value: []byte("b")}}},
	})
	fmt.Println(h.Get("Example"))
	// Output:
	// gzip;q=0.5, ("a" :Yg==:)
}

// A single item; what it is shows in the type of its value.
func ExampleNewItem() {
	field := header.NewItem("Example")
	for _, text := range []string{`42`, `4.5`, `"text"`, `token`, `?1`, `@1659578233`, `%"f%c3%bc"`, `"open`} {
		item, _, err := field.Lookup(http.Header{"Example": {text}})
		fmt.Printf("%T %v %v\n", item.Value, item.Value, err)
	}
	// Output:
	// int64 42 <nil>
	// float64 4.5 <nil>
	// string text <nil>
	// header.Token token <nil>
	// bool true <nil>
	// time.Time 2022-08-04 01:57:13 +0000 UTC <nil>
	// header.DisplayString fü <nil>
	// <nil> <nil> header Example: "\"open" at byte 5: malformed: closing quote expected
}
