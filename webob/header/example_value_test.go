package header_test

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// Values can be read by themselves, without a header around them.
func ExampleParseDirectives() {
	d, err := header.ParseDirectives("max-age=060, no-cache")
	fmt.Println(d, err)
	d.SetSeconds("max-age", 5)
	fmt.Println(d)
	// Output:
	// max-age=60, no-cache <nil>
	// max-age=5, no-cache
}

func ExampleParseEntityTag() {
	for _, s := range []string{`"v1"`, `W/"v1"`, `v1`} {
		tag, err := header.ParseEntityTag(s)
		fmt.Println(tag.Tag, tag.Weak, err)
	}
	// Output:
	// v1 false <nil>
	// v1 true <nil>
	//  false header: v1 at byte 0: malformed: entity tag expected
}

// Retry-After is a date or seconds; Time counts the latter from when it came.
func ExampleParseDelay() {
	now := time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)
	for _, s := range []string{"120", "Fri, 02 Jan 2026 03:10:00 GMT"} {
		d, err := header.ParseDelay(s)
		fmt.Println(d.Time(now).Format(time.TimeOnly), err)
	}
	// Output:
	// 03:06:05 <nil>
	// 03:10:00 <nil>
}

// The parts of a file that ranges name.
func ExampleByteRange_Span() {
	for _, r := range []header.ByteRange{header.FromTo(0, 99), header.LastBytes(100), header.From(2000)} {
		span, ok := r.Span(1000)
		fmt.Println(header.ByteRanges{r}, span.Start, span.End, ok)
	}
	// Output:
	// bytes=0-99 0 100 true
	// bytes=-100 900 1000 true
	// bytes=2000- 0 0 false
}

func ExampleParseContentRange() {
	part, err := header.ParseContentRange("bytes 0-99/1000")
	fmt.Println(part.Start, part.End, part.Length, err)
	_, err = header.ParseContentRange("bytes 99-0/1000")
	fmt.Println(err != nil)
	// Output:
	// 0 100 1000 <nil>
	// true
}

// Structured values by themselves, RFC 9651.
func ExampleParseItem() {
	item, err := header.ParseItem(`"text";lang=en`)
	lang, _ := item.Params.Get("lang")
	fmt.Println(item.Value, lang, err)
	list, err := header.ParseItemList(`a, (1 2);q=0.5`)
	fmt.Println(len(list), err)
	// Output:
	// text en <nil>
	// 2 <nil>
}

// A token that came as Bearer.
func ExampleCredentials_Bearer() {
	for _, s := range []string{"Bearer mF_9.B5f-4.1JqM", "Basic QTpi"} {
		token, ok := header.ParseCredentials(s).Bearer()
		fmt.Println(token, ok)
	}
	// Output:
	// mF_9.B5f-4.1JqM true
	//  false
}

// Shown in place, with a name for those who save it.
func ExampleInline() {
	h := http.Header{}
	_ = header.ContentDisposition.Set(h, header.Inline("naïve.pdf"))
	fmt.Println(h.Get("Content-Disposition"))
	// Output:
	// inline; filename="na_ve.pdf"; filename*=UTF-8''na%C3%AFve.pdf
}

// A field of one's own that holds a date.
func ExampleNewDate() {
	sunset := header.NewDate("Sunset")
	h := http.Header{}
	_ = sunset.Set(h, time.Date(2027, time.January, 1, 0, 0, 0, 0, time.UTC))
	fmt.Println(h.Get("Sunset"))
	// Output:
	// Fri, 01 Jan 2027 00:00:00 GMT
}

// A List of a map's fields, and a map again: neither sees later changes of the other.
func ExampleList_AddHeader() {
	var l header.List
	l.Set("Content-Type", "text/plain")
	l.AddHeader(http.Header{"Link": {"<a>", "<b>"}})
	fmt.Println(l.Values("Link"), l.HTTPHeader())
	// Output:
	// [<a> <b>] map[Content-Type:[text/plain] Link:[<a> <b>]]
}
