package header_test

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// Three forms are read, one is written.
func ExampleParseDate() {
	for _, s := range []string{
		"Sun, 06 Nov 1994 08:49:37 GMT",
		"Sunday, 06-Nov-94 08:49:37 GMT",
		"Sun Nov  6 08:49:37 1994",
	} {
		t, err := header.ParseDate(s)
		fmt.Println(header.FormatDate(t), err)
	}
	_, err := header.ParseDate("Sun, 06 Nov 1994 08:49:37 EST")
	fmt.Println(err)
	// Output:
	// Sun, 06 Nov 1994 08:49:37 GMT <nil>
	// Sun, 06 Nov 1994 08:49:37 GMT <nil>
	// Sun, 06 Nov 1994 08:49:37 GMT <nil>
	// header: "Sun, 06 Nov 1994 08:49:37 EST" at byte 25: malformed: GMT of an HTTP-date expected
}

// Retry-After is a number of seconds or a date.
func ExampleDelay() {
	h := http.Header{}
	_ = header.RetryAfter.Set(h, header.After(90*time.Second))
	fmt.Println(h.Get("Retry-After"))

	now := time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)
	_ = header.RetryAfter.Set(h, header.At(now.Add(time.Hour)))
	d, _ := header.RetryAfter.Get(h)
	fmt.Println(h.Get("Retry-After"), d.Time(now).Sub(now))
	// Output:
	// 90
	// Fri, 02 Jan 2026 04:04:05 GMT 1h0m0s
}
