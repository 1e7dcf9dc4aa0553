package benchmarks

import (
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"reflect"
	"strconv"
	"strings"
)

// Check serves a workload twice and says what is wrong with the answers. Twice,
// because a toolkit that keeps something from the first request would be timed
// at other work than it does. Where the peer is known to be wrong it is the right
// answer that is the error.
func (p *Peer) Check(work string) error {
	h, ok := p.Apps[work]
	if !ok {
		return fmt.Errorf("%s does not do %s", p.Name, work)
	}
	q, w := p.Request(work), NewWriter(true)
	for range 2 {
		q.Reset()
		w.Reset()
		h.ServeHTTP(w, q.Request)
		if w.Status == 0 {
			w.Status = http.StatusOK
		}
		if err := p.judge(work, w); err != nil {
			return err
		}
	}
	return nil
}

func (p *Peer) judge(work string, w *Writer) error {
	err := judge(work, w)
	why := p.Wrong[work]
	switch {
	case why != "" && err == nil:
		return fmt.Errorf("%s, %s: was thought wrong (%s), is right", p.Name, work, why)
	case why == "" && err != nil:
		return fmt.Errorf("%s, %s: status %d, header %v, body %q: %w", p.Name, work, w.Status, w.H, w.Body, err)
	}
	return nil
}

// judge compares an answer with what the workload asks for.
func judge(work string, w *Writer) error {
	var bad []error
	want := func(ok bool, format string, args ...any) {
		if !ok {
			bad = append(bad, fmt.Errorf(format, args...))
		}
	}
	status, ct, body := expected(work)
	want(w.Status == status, "want status %d", status)
	if status != http.StatusNotModified {
		got, _, _ := mime.ParseMediaType(w.H.Get("Content-Type"))
		want(got == ct, "want Content-Type %s", ct)
		cl := w.H.Get("Content-Length")
		want(cl == "" || cl == strconv.Itoa(len(w.Body)), "Content-Length %s for %d bytes", cl, len(w.Body))
	}
	if ct == "application/json" {
		var s Server
		err := json.Unmarshal(w.Body, &s)
		want(err == nil && reflect.DeepEqual(s, TheServer), "not the record: %v", err)
	} else {
		want(string(w.Body) == body, "want body %q", body)
	}
	for _, err := range headerFaults(work, w.H) {
		want(false, "%w", err)
	}
	return errors.Join(bad...)
}

// expected gives the status, media type and body that a workload asks for; the
// body is left out for JSON.
func expected(work string) (status int, ct, body string) {
	switch BaseOf(work) {
	case Hello, Pipeline8:
		return 200, "text/plain", "hello"
	case Pipeline8Err:
		return 503, "text/plain", "boom"
	case JSON, NegotiateJSON:
		return 200, "application/json", ""
	case NegotiateHTML:
		return 200, "text/html", string(TheServer.HTML())
	case Form:
		return 200, "text/plain", "web 01|debian/12|m1.small|3|12.5|true"
	case Cookies:
		return 200, "text/plain", "3f2a91c07b|dark|en-GB"
	case SignedCookie:
		return 200, "text/plain", "alice"
	case Etag200:
		return 200, "text/plain", string(Page)
	case Etag304:
		return 304, "", ""
	}
	panic("no workload " + work)
}

// headerFaults looks at the header fields that a workload is about.
func headerFaults(work string, h http.Header) (bad []error) {
	want := func(ok bool, what string) {
		if !ok {
			bad = append(bad, errors.New(what))
		}
	}
	switch BaseOf(work) {
	case NegotiateHTML, NegotiateJSON:
		want(h.Get("Vary") == "Accept", "want Vary: Accept")
	case Cookies:
		sc := h.Get("Set-Cookie")
		for _, part := range []string{"seen=1", "Path=/", "Max-Age=3600", "HttpOnly", "SameSite=Lax"} {
			want(strings.Contains(strings.ToLower(sc), strings.ToLower(part)), "no "+part+" in Set-Cookie: "+sc)
		}
	case SignedCookie:
		want(strings.HasPrefix(h.Get("Set-Cookie"), "auth="), "want Set-Cookie: auth=")
	case Pipeline8, Pipeline8Err:
		for i := range PipelineDepth {
			v := h[OutKey(i)]
			want(len(v) == 1 && v[0] == pipelineValue(i), "want "+OutKey(i)+": "+pipelineValue(i))
		}
	case Etag200, Etag304:
		want(h.Get("Etag") == EtagOf(Page), "want ETag: "+EtagOf(Page))
	}
	return bad
}
