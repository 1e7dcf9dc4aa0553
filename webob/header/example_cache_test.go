package header_test

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// Directives are read and written by name.
func ExampleDirectives() {
	h := http.Header{"Cache-Control": {"Max-Age=60, private=\"Set-Cookie\", community=UCI"}}
	cc, _ := header.CacheControl.Get(h)
	age, ok := cc.Seconds("max-age")
	fmt.Println(age, ok, cc.Has("no-store"))
	cc.Set("no-store", "")
	cc.Del("private")
	_ = header.CacheControl.Set(h, cc)
	fmt.Println(h.Get("Cache-Control"))
	fmt.Println(cc.SetResponse("max-stale", "5"))
	// Output:
	// 60 true false
	// community=UCI, max-age=60, no-store
	// header Cache-Control: max-stale: malformed: a directive of requests only
}

// A response that may be kept for an hour, and one that may never be.
func ExampleCacheExpires() {
	now := time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)
	var l header.List
	_ = header.CacheExpires(&l, time.Hour, now, header.Directive{Name: "public"})
	fmt.Println(l.Get("Cache-Control"), "|", l.Get("Expires"))
	_ = header.CacheExpires(&l, 0, now)
	fmt.Println(l.Get("Cache-Control"))
	// Output:
	// max-age=3600, public | Fri, 02 Jan 2026 04:04:05 GMT
	// max-age=0, must-revalidate, no-cache, no-store, public
}
