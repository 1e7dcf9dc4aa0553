package conformance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var responseConditionalRules = []Rule{
	responseRelative, responseConditionalEmpty, responseConditionalTags, responseConditionalModel,
}

// responseConditionalFold also takes the text of a 416 out, and empty chunks, which
// nobody sends.
func responseConditionalFold(q Question, answer any) any {
	folded := responseFoldAll(answer)
	object, ok := folded.(map[string]any)
	if !ok {
		return folded
	}
	if q.Op == "response_conditional.slice" {
		chunks, _ := answer.(map[string]any)["chunks"].([]any)
		chunks = slices.DeleteFunc(slices.Clone(chunks), func(c any) bool { return c == "" })
		return With(folded, "chunks", chunks)
	}
	if object["status"] == "416" {
		folded = Without(folded, "body")
		folded = Edit(folded, "headers", func(h any) any { return DropHeader(h, "Content-Length", "Content-Type") })
	}
	if list := HeaderValues(object["headers"], "Content-Type"); len(list) == 1 && strings.HasPrefix(list[0], "multipart/") {
		_, boundary, _ := strings.Cut(list[0], "boundary=")
		folded = mustDecode([]byte(strings.ReplaceAll(jsonText(folded), boundary, "BOUNDARY")))
		return Edit(folded, "headers", func(h any) any { return DropHeader(h, "Content-Length") }) // as long as its boundary
	}
	return folded
}

var responseConditionalEmpty = GrammarHolds.On(
	ForOps(func(q Question) bool {
		in := In[struct{ Start, Stop *int64 }](q)
		return in.Stop != nil && *in.Start == *in.Stop
	}, "response_conditional.slice"),
	func(Question, Answer) Answer { return Refused })

// responseConditionalTags are tags that the reference writes and reads otherwise.
var responseConditionalTags = GrammarHolds.On(
	ForOps(func(q Question) bool {
		tag, ok := In[responseConditionalIn](q).New.Kw["etag"].(string)
		return ok && (tag == "" || strings.ContainsAny(tag, `" `) && tag[0] != '"')
	}, "response_conditional.call"),
	func(q Question, want Answer) Answer {
		m := responseModel{in: In[responseConditionalIn](q), headers: map[string][]string{}}
		if m.in.New.Kw["etag"] != "" {
			return Refused
		}
		return m.answer()
	})

type responseConditionalIn struct {
	New     responseSpec
	Method  string
	Headers [][2]string

	Chunks []string // of closes
	Length json.Number
	ETag   *string `json:"etag"`
}

var responseConditionalModel = Rule{
	Name: "conditions and ranges are evaluated as RFC 9110 asks",
	Reason: "Section 13.2.2 in its order, for GET and HEAD alone (another method has done its work by then), and where the answer " +
		"would have been 2xx; lists of tags and several ranges are read whole and answered, a star counts, what does not parse " +
		"counts for nothing, If-Range is one strong tag or the very date, Range is for GET.",
	Applies: ForOps(func(Question) bool { return true }, "response_conditional.call", "response_conditional.closes"),
	Answer: func(q Question, want Answer) Answer {
		in := In[responseConditionalIn](q)
		closes := q.Op == "response_conditional.closes"
		if closes {
			in.New = responseSpec{Chunks: &in.Chunks, Kw: map[string]any{"content_length": in.Length}}
			if in.ETag != nil {
				in.New.Kw["etag"] = *in.ETag
			}
		}
		m := responseModel{in: in, headers: map[string][]string{}}
		answer := m.answer()
		if closes && !answer.Refused {
			return Says(With(Without(answer.Value, "headers"), "closed", true))
		}
		return answer
	},
}

// responseModel is a second, plain implementation of sections 13 and 14.
type responseModel struct {
	in      responseConditionalIn
	headers map[string][]string
	body    string
}

const responseTag = `(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`

var (
	responseTagList  = regexp.MustCompile(`^[ \t,]*(?:` + responseTag + `[ \t]*(?:,[ \t,]*|$))*$`)
	responseOneTag   = regexp.MustCompile(responseTag)
	responseRangeSet = regexp.MustCompile(`^(?i:bytes)=[ \t,]*(?:(?:[0-9]+-[0-9]*|-[0-9]+)[ \t]*(?:,[ \t,]*|$))+$`)
	responseOneRange = regexp.MustCompile(`([0-9]*)-([0-9]*)`)
)

func (m *responseModel) field(name string) string {
	value := ""
	for _, h := range m.in.Headers {
		if strings.EqualFold(h[0], name) {
			value = h[1]
		}
	}
	return value
}

// base fills body and headers as they would be without conditions.
func (m *responseModel) base() (status int) {
	spec := m.in.New
	switch {
	case spec.Body != nil:
		m.body = *spec.Body
	case spec.Text != nil:
		m.body = Latin(*spec.Text)
	case spec.Chunks != nil:
		m.body = strings.Join(*spec.Chunks, "")
	}
	status = 200
	if n, ok := spec.Status.(json.Number); ok {
		status, _ = strconv.Atoi(n.String())
	}
	if status != 204 && status != 304 && status != 205 {
		m.headers["Content-Type"] = []string{"text/html; charset=utf-8"}
	} else {
		m.body = ""
	}
	for name, v := range spec.Kw {
		header := http.CanonicalHeaderKey(strings.ReplaceAll(name, "_", "-"))
		m.headers[header] = []string{responseModelValue(name, v)}
	}
	for _, h := range spec.Headers {
		name := http.CanonicalHeaderKey(h[0])
		m.headers[name] = append(m.headers[name], h[1])
	}
	return status
}

func responseModelValue(name string, v any) string {
	switch v := Value(v).(type) {
	case time.Time:
		return v.Format(http.TimeFormat)
	case []any:
		return strings.Join(headerFieldsStrings(v), ", ")
	case string:
		if name == "etag" && !strings.Contains(v, `"`) {
			return `"` + v + `"`
		}
		return v
	default:
		return fmt.Sprint(v)
	}
}

func (m *responseModel) get(name string) string {
	if v := m.headers[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// has looks for the response's tag in a list.
func (m *responseModel) has(list string, weak bool) bool {
	if strings.TrimSpace(list) == "*" {
		return true
	}
	own := m.get("Etag")
	if own == "" || !responseTagList.MatchString(list) {
		return false
	}
	for _, tag := range responseOneTag.FindAllString(list, -1) {
		if weak && strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(own, "W/") || tag == own && own[0] == '"' {
			return true
		}
	}
	return false
}

// after compares Last-Modified with the date in a field; ok where both are dates.
func (m *responseModel) after(field string) (later, ok bool) {
	own, err1 := http.ParseTime(m.get("Last-Modified"))
	other, err2 := http.ParseTime(m.field(field))
	return own.After(other), err1 == nil && err2 == nil
}

func (m *responseModel) answer() Answer {
	status := m.base()
	length := strconv.Itoa(len([]rune(m.body)))
	if v := m.get("Content-Length"); v != "" && v != length {
		return m.short(v)
	}
	if status != 204 && status != 205 && status != 304 {
		m.headers["Content-Length"] = []string{length}
	}
	on := m.in.New.Conditional == nil || *m.in.New.Conditional
	if on && status/100 == 2 && (m.in.Method == "GET" || m.in.Method == "HEAD") {
		switch m.precondition() {
		case 304:
			delete(m.headers, "Content-Type")
			delete(m.headers, "Content-Length")
			return m.says(304, "")
		case 412:
			m.forget()
			m.headers["Content-Type"] = []string{"text/plain; charset=utf-8"}
			m.headers["Content-Length"] = []string{"20"}
			return m.says(412, "Precondition Failed\n")
		}
		if status == 200 && m.in.Method == "GET" && m.get("Content-Range") == "" {
			if answer, ok := m.ranges(); ok {
				return answer
			}
		}
	}
	return m.says(status, m.body)
}

// forget takes away what described the body and its freshness.
func (m *responseModel) forget() {
	for _, name := range []string{"Content-Encoding", "Content-Language", "Content-Location", "Content-Range", "Cache-Control", "Expires"} {
		delete(m.headers, name)
	}
}

// short is the answer of a body that ends before its announced length: a 500 where
// not a byte of it can be sent, else an aborted connection.
func (m *responseModel) short(announced string) Answer {
	n, err := strconv.Atoi(announced)
	if err != nil {
		panic(err)
	}
	first := 0
	if r := responseOneRange.FindStringSubmatch(m.field("Range")); r != nil {
		if first, err = strconv.Atoi(r[1]); err != nil {
			last, _ := strconv.Atoi(r[2])
			first = n - last
		}
	}
	if first < len([]rune(m.body)) {
		return Refused
	}
	const page = "Internal Server Error\n"
	m.headers = map[string][]string{"Content-Type": {"text/plain; charset=utf-8"}, "Content-Length": {strconv.Itoa(len(page))}}
	return m.says(500, page)
}

func (m *responseModel) precondition() int {
	if v := m.field("If-Match"); v != "" {
		if !m.has(v, false) {
			return 412
		}
	} else if later, ok := m.after("If-Unmodified-Since"); ok && later {
		return 412
	}
	if v := m.field("If-None-Match"); v != "" {
		if m.has(v, true) {
			return 304
		}
	} else if later, ok := m.after("If-Modified-Since"); ok && !later {
		return 304
	}
	return 0
}

func (m *responseModel) ranges() (Answer, bool) {
	asked := strings.TrimSpace(m.field("Range"))
	if !responseRangeSet.MatchString(asked) || !m.ifRange() {
		return Answer{}, false
	}
	body := []rune(m.body)
	var spans [][2]int
	for _, r := range responseOneRange.FindAllStringSubmatch(asked[6:], -1) {
		first, err1 := strconv.ParseInt("0"+r[1], 10, 64)
		last, err2 := strconv.ParseInt("0"+r[2], 10, 64)
		if err1 != nil || err2 != nil || r[1] != "" && r[2] != "" && last < first {
			return Answer{}, false
		}
		start, end := int(first), len(body)
		switch {
		case r[1] == "":
			start = max(len(body)-int(last), 0)
		case r[2] != "":
			end = min(end, int(last)+1)
		}
		if start < end {
			spans = append(spans, [2]int{start, end})
		}
	}
	switch len(spans) {
	case 0:
		m.forget()
		m.headers["Content-Range"] = []string{fmt.Sprintf("bytes */%d", len(body))}
		return m.says(416, ""), true
	case 1:
		part := string(body[spans[0][0]:spans[0][1]])
		m.headers["Content-Range"] = []string{fmt.Sprintf("bytes %d-%d/%d", spans[0][0], spans[0][1]-1, len(body))}
		m.headers["Content-Length"] = []string{strconv.Itoa(spans[0][1] - spans[0][0])}
		return m.says(206, part), true
	}
	var b strings.Builder
	for i, s := range spans {
		lead := "\r\n"
		if i == 0 {
			lead = ""
		}
		fmt.Fprintf(&b, "%s--BOUNDARY\r\nContent-Type: %s\r\nContent-Range: bytes %d-%d/%d\r\n\r\n%s",
			lead, m.get("Content-Type"), s[0], s[1]-1, len(body), string(body[s[0]:s[1]]))
	}
	m.headers["Content-Type"] = []string{"multipart/byteranges; boundary=BOUNDARY"}
	return m.says(206, b.String()+"\r\n--BOUNDARY--\r\n"), true
}

func (m *responseModel) ifRange() bool {
	v := strings.TrimSpace(m.field("If-Range"))
	switch {
	case v == "":
		return true
	case v[0] == '"':
		return v == m.get("Etag") && responseOneTag.FindString(v) == v
	}
	t, err := http.ParseTime(v)
	own, err2 := http.ParseTime(m.get("Last-Modified"))
	return err == nil && err2 == nil && t.Equal(own)
}

func (m *responseModel) says(status int, body string) Answer {
	if m.in.Method == "HEAD" {
		body = ""
	}
	headers := [][2]string{}
	for name, values := range m.headers {
		for _, v := range values {
			headers = append(headers, [2]string{name, v})
		}
	}
	return Says(map[string]any{"status": strconv.Itoa(status), "headers": headers, "body": body})
}
