package main

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// Topic says under which topic the comments of the answer are kept. An app may set
// it while it answers: the filter outside sees what was stored inside. Without it
// the topic is the path; the empty topic means that there is nothing to comment on.
var Topic = webob.NewKey[string]("comments.topic")

const (
	commentPath  = "/.comments" // where the form is sent to
	maxAnnotated = 4 << 20      // bytes of a page; a longer one goes by untouched
	maxName      = 80           // bytes
	maxComment   = 8 << 10      // bytes
)

// Filter puts comments and a form for more below every HTML page of any app. The app
// knows nothing of it. It is WebOb's tutorial of a comment middleware, with what the
// tutorial left out: conditional requests, HEAD, charsets, limits, and comments only
// on pages that exist.
func (c *Comments) Filter(app http.Handler) http.Handler {
	return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		switch {
		case req.URL.Path == commentPath && req.Method == http.MethodPost:
			return c.add(req, app)
		case req.URL.Path == commentPath:
			return nil, exc.MethodNotAllowed.Allow(http.MethodPost)
		case req.Method != http.MethodGet && req.Method != http.MethodHead:
			return req.GetResponse(app), nil
		}
		return c.annotate(req, app)
	})(app)
}

// annotate answers with the app's page and the comments on it.
func (c *Comments) annotate(req *webob.Request, app http.Handler) (*webob.Response, error) {
	resp := answerOf(req, app)
	topic := topicOf(req)
	if topic == "" || !isPage(resp) {
		return resp, nil
	}
	html, whole, err := peek(resp)
	at := endOfBody(html)
	if err != nil || !whole || at < 0 {
		return resp, err
	}
	list, err := c.List(topic)
	if err != nil {
		return nil, err
	}
	box, err := execute("comments", map[string]any{
		"Comments": list, "Action": scriptName(req) + commentPath, "Page": req.URL.RequestURI(),
		"MaxName": maxName, "MaxComment": maxComment,
	})
	if err != nil {
		return nil, err
	}
	resp.SetBytes(bytes.Join([][]byte{html[:at], asASCII(box), html[at:]}, nil))
	header.ContentLength.Del(resp.Header())
	header.LastModified.Del(resp.Header()) // the page's date, not that of its comments
	return resp, tag(resp)
}

// answerOf asks the app. For HEAD it asks with GET, as only a body shows whether
// there is room for comments; of the answer the header alone is sent.
func answerOf(req *webob.Request, app http.Handler) *webob.Response {
	if req.Method == http.MethodHead {
		req = req.Clone(req.Context())
		req.Method = http.MethodGet
	}
	return req.GetResponse(app)
}

// topicOf is the topic of the answer that the app has given to req.
func topicOf(req *webob.Request) string {
	if topic, ok := Topic.Get(req); ok {
		return topic
	}
	return req.URL.Path
}

// isPage says whether something may be put into the answer: whole HTML, not
// compressed, in a charset that has ASCII in it.
func isPage(resp *webob.Response) bool {
	t, _ := header.ContentType.Get(resp.Header())
	switch t.Charset() {
	case "", "utf-8", "us-ascii", "iso-8859-1", "windows-1252":
	default:
		return false
	}
	return resp.Status() == http.StatusOK && t.Is("text/html") && !resp.Header().Has("Content-Encoding")
}

// peek reads a page into memory. One that is too long is put together again, to be
// sent as it is: what has been read, and then the rest as it comes.
func peek(resp *webob.Response) (html []byte, whole bool, err error) {
	length, known := resp.ContentLength()
	body := resp.Body()
	html, err = io.ReadAll(io.LimitReader(body, maxAnnotated+1))
	if err != nil || len(html) <= maxAnnotated {
		resp.SetBytes(html)
		return html, true, err
	}
	resp.SetBody(io.MultiReader(bytes.NewReader(html), body))
	if known {
		err = header.ContentLength.Set(resp.Header(), length)
	}
	return nil, false, err
}

var bodyEnd = regexp.MustCompile(`(?i)</body\s*>`)

// endOfBody is where the last </body> stands, or -1.
func endOfBody(html []byte) int {
	ends := bodyEnd.FindAllIndex(html, -1)
	if len(ends) == 0 {
		return -1
	}
	return ends[len(ends)-1][0]
}

// asASCII writes other characters of HTML as references, so that it can be put into
// a page of any charset.
func asASCII(html template.HTML) []byte {
	var b []byte
	for _, r := range html {
		if r < utf8.RuneSelf {
			b = append(b, byte(r))
		} else {
			b = fmt.Appendf(b, "&#%d;", r)
		}
	}
	return b
}

// commentForm is what the form sends.
type commentForm struct {
	Page string `form:"page"` // path and query of the page it stood on
	Name string `form:"name"`
	Text string `form:"text"`
}

// add stores a comment and sends the browser back to the page.
func (c *Comments) add(req *webob.Request, app http.Handler) (*webob.Response, error) {
	var form commentForm
	if err := req.Decode(&form); err != nil {
		return nil, err // an *InputError: 400, 413, 415 or 422, as the case may be
	}
	comment := Comment{
		Name: strings.Join(strings.Fields(cleanText(form.Name)), " "),
		Text: strings.TrimSpace(cleanText(form.Text)),
		Time: time.Now().UTC().Truncate(time.Second),
	}
	switch {
	case comment.Name == "" || comment.Text == "":
		return nil, exc.UnprocessableContent.With("A comment needs a name and a text.")
	case len(comment.Name) > maxName || len(comment.Text) > maxComment:
		return nil, exc.ContentTooLarge.Withf("A name has at most %d bytes, a comment %d.", maxName, maxComment)
	}
	topic, err := c.pageTopic(req, app, form.Page)
	if err != nil {
		return nil, err
	}
	if err := c.Add(topic, comment); err != nil {
		return nil, err
	}
	return nil, exc.SeeOther.To(scriptName(req) + form.Page + "#comments")
}

// pageTopic asks the app, in process, for the page that a comment is about. So there
// are comments only on pages that exist and that this client may see, and the topic
// is what the app says and not what the client says.
func (c *Comments) pageTopic(req *webob.Request, app http.Handler, page string) (string, error) {
	ask, err := webob.NewBlank(page, webob.WithBaseURL(req.ApplicationURL()), webob.WithContext(req.Context()))
	if err != nil || !strings.HasPrefix(page, "/") {
		return "", exc.BadRequest.With("The comment does not say which page it is about.").Wrap(err)
	}
	for _, field := range []string{"Accept", "Authorization", "Cookie"} {
		ask.Header[field] = req.Header[field]
	}
	defer ask.Release()
	resp := ask.GetResponse(app)
	if topic := topicOf(ask); topic != "" && isPage(resp) {
		return topic, nil
	}
	return "", exc.NotFound.With("There is no such page to comment on.")
}

// scriptName is where the app is mounted, as it stands in a URL.
func scriptName(req *webob.Request) string {
	return strings.TrimSuffix(req.Path(), req.URL.EscapedPath())
}
