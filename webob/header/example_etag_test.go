package header_test

import (
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/webob/header"
)

// Tags are compared strongly or weakly.
func ExampleEntityTag() {
	weak, strong := header.EntityTag{Tag: "v1", Weak: true}, header.AsEntityTag("v1")
	fmt.Println(weak, strong, weak.StrongEqual(strong), weak.WeakEqual(strong))

	h := http.Header{}
	fmt.Println(header.ETag.Set(h, header.EntityTag{Tag: `a"b`}))
	fmt.Println(header.MD5Tag([]byte("hello")))
	// Output:
	// W/"v1" "v1" false true
	// header Etag: "a\"b" at byte 1: malformed: an entity tag holds no quote, white space or control character
	// "XUFAKrxLKna5cZ2REBfFkg"
}

// A GET that may be answered 304.
func ExampleIfNoneMatchHolds() {
	r := http.Header{"If-None-Match": {`"v1", W/"v2"`}}
	changed, err := header.IfNoneMatchHolds(r, `"v2"`)
	fmt.Println(changed, err)
	// Output:
	// false <nil>
}

// A PUT that must not overwrite what its client has not seen. A condition that
// cannot be read does not hold.
func ExampleIfMatchHolds() {
	r := http.Header{"If-Match": {`"v1"`}}
	fmt.Println(header.IfMatchHolds(r, `"v1"`))
	fmt.Println(header.IfMatchHolds(r, `"v2"`))
	r.Set("If-Match", "v2")
	fmt.Println(header.IfMatchHolds(r, `"v2"`))
	// Output:
	// true <nil>
	// false <nil>
	// false header If-Match: v2 at byte 0: malformed: entity tag expected
}

// The list itself.
func ExampleEntityTags() {
	r := http.Header{"If-Match": {`"v1"`, `W/"v2"`}}
	tags, _ := header.IfMatch.Get(r)
	fmt.Println(tags, tags.Any, tags.Strong(header.EntityTag{Tag: "v2"}), tags.Weak(header.EntityTag{Tag: "v2"}))
	// Output:
	// "v1", W/"v2" false false true
}

// A download goes on only where the file is still the same.
func ExampleIfRangeHolds() {
	r := http.Header{"If-Range": {"Fri, 09 Nov 2001 01:08:47 GMT"}}
	fmt.Println(header.IfRangeHolds(r, "", "Fri, 09 Nov 2001 01:08:47 GMT"))
	fmt.Println(header.IfRangeHolds(r, "", "Fri, 09 Nov 2001 01:08:46 GMT"))
	// Output:
	// true <nil>
	// false <nil>
}
