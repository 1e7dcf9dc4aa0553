package exc

import (
	"bytes"
	"encoding/json"
	"html/template"
	"strconv"
	"strings"
)

// Content is what a page may show: public text alone.
type Content struct {
	Status      int
	Reason      string // the phrase of the status
	Title       string // the same, unless WithTitle gave another
	Explanation string
	Detail      string
	Location    string          // of a redirect
	Type        string          // URI of the problem's type; about:blank where it is the status alone
	Instance    string          // URI of this occurrence
	Members     []ContentMember // extension members in the order in which they were set
	Message     string          // explanation, detail and what the status adds, as plain text
	Fragment    template.HTML   // the same as HTML, with the comment
}

// ContentMember is an extension member as JSON.
type ContentMember struct {
	Name string
	JSON json.RawMessage
}

// StatusText is the status with its phrase, "404 Not Found".
func (c *Content) StatusText() string { return strconv.Itoa(c.Status) + " " + c.Reason }

// Format is a form that pages are offered in.
type Format struct {
	contentType string // as sent
	mediaType   string // as offered
	render      func(*Content) ([]byte, error)
	index       int // 1 up for those of the standard
}

// NewFormat makes a Format of a media type and a function that writes the page.
// The type is offered without its charset parameter. An error of render leaves
// the client with the page in plain text.
func NewFormat(contentType string, render func(*Content) ([]byte, error)) Format {
	media, _, _ := strings.Cut(contentType, ";")
	return Format{contentType: contentType, mediaType: strings.TrimSpace(media), render: render}
}

const standardFormats = 4

func standardFormat(index int, contentType string, render func(*Content) ([]byte, error)) Format {
	f := NewFormat(contentType, render)
	f.index = index
	return f
}

// The formats of the standard pages.
var (
	// HTML is WebOb's page in text/html.
	HTML = standardFormat(1, "text/html; charset=utf-8", renderHTML)
	// Text is text/plain: status, explanation and detail.
	Text = standardFormat(2, "text/plain; charset=utf-8", renderText)
	// JSON is application/json with the members message, code (the status line)
	// and title, as WebOb has it, and the extension members.
	JSON = standardFormat(3, "application/json", renderJSON)
	// Problem is application/problem+json, RFC 9457.
	Problem = standardFormat(4, "application/problem+json", renderProblem)
)

func renderHTML(c *Content) ([]byte, error) {
	status := escape(c.StatusText())
	return []byte("<html>\n <head>\n  <title>" + status + "</title>\n </head>\n <body>\n  <h1>" + status +
		"</h1>\n  " + string(c.Fragment) + "\n </body>\n</html>"), nil
}

func renderText(c *Content) ([]byte, error) {
	s := c.StatusText() + "\n"
	if c.Message != "" {
		s += "\n" + c.Message + "\n"
	}
	return []byte(strings.ToValidUTF8(s, "\uFFFD")), nil
}

func renderJSON(c *Content) ([]byte, error) {
	o := newObject()
	o.text("message", c.Message)
	o.text("code", c.StatusText())
	o.text("title", c.Title)
	for _, m := range c.Members {
		if m.Name != "message" && m.Name != "code" {
			o.raw(m.Name, m.JSON)
		}
	}
	return o.end(), nil
}

func renderProblem(c *Content) ([]byte, error) {
	o := newObject()
	o.text("type", c.Type)
	o.text("title", c.Title)
	o.raw("status", strconv.AppendInt(nil, int64(c.Status), 10))
	detail := c.Detail
	if detail == "" {
		detail = c.Message
	}
	if detail != "" {
		o.text("detail", detail)
	}
	if c.Instance != "" {
		o.text("instance", c.Instance)
	}
	for _, m := range c.Members {
		o.raw(m.Name, m.JSON)
	}
	return o.end(), nil
}

// object writes a JSON object whose members keep their order.
type object struct {
	bytes.Buffer
	enc *json.Encoder
}

func newObject() *object {
	o := &object{}
	o.enc = json.NewEncoder(&o.Buffer)
	o.WriteByte('{')
	return o
}

func (o *object) name(name string) {
	if o.Len() > 1 {
		o.WriteByte(',')
	}
	o.string(name)
	o.WriteByte(':')
}

func (o *object) string(s string) {
	_ = o.enc.Encode(s) // a string always can be
	o.Truncate(o.Len() - 1)
}

func (o *object) text(name, value string) {
	o.name(name)
	o.string(value)
}

func (o *object) raw(name string, value []byte) {
	o.name(name)
	o.Write(value)
}

func (o *object) end() []byte {
	o.WriteByte('}')
	return o.Bytes()
}
