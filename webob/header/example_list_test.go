package header_test

import (
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/webob/header"
)

// A List keeps fields in order, with the Content-Type first.
func ExampleList() {
	var l header.List
	l.Add("set-cookie", "a=1")
	l.Add("Set-Cookie", "b=2")
	l.Set("Content-Type", "text/html; charset=utf-8")
	_ = header.ContentLength.Set(&l, 42)
	for name, value := range l.All() {
		fmt.Println(name+":", value)
	}
	fmt.Println(l.Values("SET-COOKIE"), l.Has("Vary"), l.Len())
	// Output:
	// Content-Type: text/html; charset=utf-8
	// Set-Cookie: a=1
	// Set-Cookie: b=2
	// Content-Length: 42
	// [a=1 b=2] false 4
}

// What cannot be sent is not stored; the first such field is remembered.
func ExampleList_Err() {
	var l header.List
	l.Set("X-Name", "Zoë\nX-Admin: yes")
	l.Set("X-Ok", "yes")
	fmt.Println(l.Len(), l.Err())
	// Output:
	// 1 header X-Name: "Zoë\nX-Admin: yes" at byte 4: control character in value
}

// One of several cookies can be taken away.
func ExampleList_DeleteFunc() {
	var l header.List
	l.Add("Set-Cookie", "a=1")
	l.Add("Set-Cookie", "b=2")
	l.DeleteFunc(func(name, value string) bool { return name == "Set-Cookie" && value == "a=1" })
	fmt.Println(l.Values("Set-Cookie"))
	// Output:
	// [b=2]
}

// AppendTo writes into the header of a ResponseWriter: the List wins, but
// Set-Cookie and Vary add up.
func ExampleList_AppendTo() {
	h := http.Header{"Vary": {"Origin"}, "Server": {"theirs"}}
	var l header.List
	l.Set("Server", "ours")
	l.Set("Vary", "Accept")
	l.AppendTo(h)
	fmt.Println(h)
	// Output:
	// map[Server:[ours] Vary:[Origin Accept]]
}

// A map can be taken over, and given back.
func ExampleFromHeader() {
	l := header.FromHeader(http.Header{"Accept": {"text/html"}})
	l.Add("Accept", "text/plain")
	c := l.Clone()
	c.Del("Accept")
	fmt.Println(l.HTTPHeader(), c.Len())
	// Output:
	// map[Accept:[text/html text/plain]] 0
}
