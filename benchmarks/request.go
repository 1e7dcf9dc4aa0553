package benchmarks

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"strings"
)

// Request is a prebuilt request that can be sent again and again.
type Request struct {
	*http.Request
	raw  []byte
	body rewindable
}

// rewindable is a request body that can be rewound.
type rewindable struct{ bytes.Reader }

func (*rewindable) Close() error { return nil }

// NewRequest makes the request of a workload, parsed by net/http from wire text.
// It panics if the text is wrong, which only a change of this file can make it.
func NewRequest(work string) *Request {
	head, body := wire(work)
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(head + body)))
	if err != nil {
		panic(err)
	}
	r.RemoteAddr = "127.0.0.1:40000"
	q := &Request{Request: r}
	if body == "" {
		r.Body = http.NoBody
		return q
	}
	q.raw = []byte(body)
	q.Reset()
	return q
}

// Reset undoes what serving the request did to it: the body is there again,
// what was parsed from it is not, and no mux has matched.
func (q *Request) Reset() {
	if q.Request.Pattern != "" {
		q.Request.Pattern = ""
	}
	if q.raw != nil {
		q.body.Reader.Reset(q.raw)
		q.Request.Body = &q.body
		q.Request.Form, q.Request.PostForm, q.Request.MultipartForm = nil, nil, nil
	}
}

// wire gives the request text of a workload.
func wire(work string) (head, body string) {
	method := "GET"
	if work == Form {
		method, body = "POST", FormBody
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s /%s HTTP/1.1\r\nHost: example.com\r\nUser-Agent: bench/1.0\r\n", method, work)
	switch BaseOf(work) {
	case Hello:
		b.WriteString("Accept: */*\r\n")
	case JSON:
		b.WriteString("Accept: application/json\r\n")
	case NegotiateHTML:
		b.WriteString("Accept: " + ChromeAccept + "\r\n")
	case NegotiateJSON:
		b.WriteString("Accept: " + QAccept + "\r\n")
	case Form:
		fmt.Fprintf(&b, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n", len(body))
	case Cookies:
		b.WriteString("Cookie: _ga=GA1.2.1234567890.1700000000; session=3f2a91c07b; theme=dark; lang=en-GB\r\n")
	case Pipeline8, Pipeline8Err:
		for i := range PipelineDepth {
			fmt.Fprintf(&b, "%s: %s\r\n", InKey(i), pipelineValue(i))
		}
	case Etag200:
		b.WriteString("If-None-Match: \"something-else\", \"and-another\"\r\n")
	case Etag304:
		b.WriteString("If-None-Match: \"something-else\", " + EtagOf(Page) + "\r\n")
	}
	b.WriteString("\r\n")
	return b.String(), body
}
