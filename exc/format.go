package exc

import (
	"encoding/json"
	"html/template"
	"strconv"
	"strings"
)

// Content is what a page may show: public text alone.
type Content struct {
	Status      int             // the status code
	Reason      string          // the phrase of the status
	Title       string          // the same, unless WithTitle gave another
	Explanation string          // of the status, in general
	Detail      string          // what With was given
	Location    string          // of a redirect
	Type        string          // URI of the problem's type; about:blank where it is the status alone
	Instance    string          // URI of this occurrence
	Members     []ContentMember // extension members in the order in which they were set

	sheet *sheet
}

// Message is explanation, detail and what the status adds, as plain text.
func (c *Content) Message() string { return c.sheet.message() }

// Fragment is what Message is, as HTML, with the comment.
func (c *Content) Fragment() template.HTML { return template.HTML(c.sheet.fragment()) }

// ContentMember is an extension member as JSON.
type ContentMember struct {
	Name string          // never one that a problem has already
	JSON json.RawMessage // its value, encoded
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
	status, inside := escape(c.StatusText()), c.sheet.fragment()
	b := make([]byte, 0, 128+2*len(status)+len(inside))
	b = append(b, "<html>\n <head>\n  <title>"...)
	b = append(b, status...)
	b = append(b, "</title>\n </head>\n <body>\n  <h1>"...)
	b = append(b, status...)
	b = append(b, "</h1>\n  "...)
	b = append(b, inside...)
	return append(b, "\n </body>\n</html>"...), nil
}

func renderText(c *Content) ([]byte, error) {
	status, message := c.StatusText(), strings.ToValidUTF8(c.Message(), "\uFFFD")
	b := make([]byte, 0, len(status)+len(message)+3)
	b = append(append(b, status...), '\n')
	if message != "" {
		b = append(b, '\n')
		b = append(append(b, message...), '\n')
	}
	return b, nil
}

func renderJSON(c *Content) ([]byte, error) {
	o := newObject()
	o.text("message", c.Message())
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
		detail = c.Message()
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

// object is a JSON object whose members keep their order.
type object struct{ b []byte }

func newObject() *object { return &object{append(make([]byte, 0, 256), '{')} }

func (o *object) name(name string) {
	if len(o.b) > 1 {
		o.b = append(o.b, ',')
	}
	o.string(name)
	o.b = append(o.b, ':')
}

// string writes a string. What needs no escapes, as most texts do, needs no
// encoder either.
func (o *object) string(s string) {
	if strings.ContainsFunc(s, jsonSpecial) {
		quoted, _ := json.Marshal(s) // a string always can be
		o.b = append(o.b, quoted...)
		return
	}
	o.b = append(o.b, '"')
	o.b = append(o.b, s...)
	o.b = append(o.b, '"')
}

// jsonSpecial holds for what encoding/json may escape.
func jsonSpecial(r rune) bool {
	return r < ' ' || r >= 0x7f || r == '"' || r == '\\' || r == '<' || r == '>' || r == '&'
}

func (o *object) text(name, value string) {
	o.name(name)
	o.string(value)
}

func (o *object) raw(name string, value []byte) {
	o.name(name)
	o.b = append(o.b, value...)
}

func (o *object) end() []byte { return append(o.b, '}') }
