package header_test

import (
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/webob/header"
)

// A media type and its parameters.
func ExampleMediaType() {
	h := http.Header{"Content-Type": {`Text/HTML; Charset="UTF-8"`}}
	m, _ := header.ContentType.Get(h)
	fmt.Println(m.Type, m.Charset(), m.Is("text/html"))
	m.Params.Set("title", "a, b")
	_ = header.ContentType.Set(h, m)
	fmt.Println(h.Get("Content-Type"))
	// Output:
	// text/html utf-8 true
	// text/html; charset=UTF-8; title="a, b"
}

// A download with a name in any script, and the name of an upload, which is
// never a path.
func ExampleDisposition() {
	h := http.Header{}
	_ = header.ContentDisposition.Set(h, header.Attachment("Müller 100%.pdf"))
	fmt.Println(h.Get("Content-Disposition"))

	d, _ := header.ParseDisposition(`form-data; name="f"; filename="../../etc/passwd"`)
	fmt.Println(d.Type, d.Params.Get("name"), d.Filename())
	// Output:
	// attachment; filename="M_ller 100_.pdf"; filename*=UTF-8''M%C3%BCller%20100%25.pdf
	// form-data f passwd
}

// Links to other pages.
func ExampleLinkValue() {
	h := http.Header{"Link": {`</p/2>; rel=next, </p/9>; rel="last"; title="The end"`}}
	links, _ := header.Link.Get(h)
	for _, l := range links {
		fmt.Printf("%s %s %q\n", l.Target, l.Rel(), l.Title())
	}
	// Output:
	// /p/2 [next] ""
	// /p/9 [last] "The end"
}

// What proxies have told; only the last ones may be believed.
func ExampleForwardedElement() {
	h := http.Header{"Forwarded": {`for=198.51.100.7, for="[2001:db8::17]:4711";proto=https`}}
	hops, _ := header.Forwarded.Get(h)
	last := hops[len(hops)-1]
	addr, ok := last.ForAddr()
	fmt.Println(addr, ok, last.Proto)
	// Output:
	// 2001:db8::17 true https
}
