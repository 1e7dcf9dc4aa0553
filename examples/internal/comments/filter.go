package comments

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
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

// Path is where the form is sent to.
const Path = "/.comments"

// maxPage is how many bytes a page may have; a longer one goes by untouched.
const maxPage = 4 << 20

// Filter puts comments below the pages of an app.
func (s *Store) Filter(app http.Handler) http.Handler {
	return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		switch {
		case req.URL.Path == Path && req.Method == http.MethodPost:
			return s.add(req, app)
		case req.URL.Path == Path:
			return nil, exc.MethodNotAllowed.Allow(http.MethodPost)
		case req.Method != http.MethodGet && req.Method != http.MethodHead:
			return req.GetResponse(app), nil
		}
		return s.annotate(req, app)
	})(app)
}

// annotate answers with the app's page and the comments on it. Whatever is no page
// goes by as it comes: a download is streamed, never gathered.
func (s *Store) annotate(req *webob.Request, app http.Handler) (*webob.Response, error) {
	resp := wholePage(req, app)
	topic := topicOf(req)
	if topic == "" || !isPage(resp) {
		return resp, nil
	}
	html, whole, err := resp.Peek(maxPage)
	at := endOfBody(html)
	if err != nil || !whole || at < 0 {
		return resp, err
	}
	box, err := s.box(req, topic)
	if err != nil {
		return nil, err
	}
	resp.SetBytes(bytes.Join([][]byte{html[:at], box, html[at:]}, nil))
	for _, field := range []string{"Content-Md5", "Content-Digest", "Repr-Digest", "Last-Modified"} {
		resp.Header().Del(field) // the page's own, which the comments are not in
	}
	resp.Conditional(true) // 304 and ranges, decided after all filters
	return resp, resp.MD5ETag()
}

// wholePage asks the app. For HEAD it asks with GET, as only a body shows whether
// there is room for comments; of the answer the header alone is sent. A part of a page
// that the app has cut out would be one of the page without comments: the app is asked
// again for the whole, and the part is cut out after.
func wholePage(req *webob.Request, app http.Handler) *webob.Response {
	if req.Method == http.MethodHead {
		req = req.Clone(req.Context())
		req.Method = http.MethodGet
	}
	resp := req.GetResponse(app)
	if resp.Status() == http.StatusPartialContent && isHTML(resp) {
		resp.Close()
		req = req.Clone(req.Context())
		req.Header.Del("Range")
		resp = req.GetResponse(app)
	}
	return resp
}

// topicOf is the topic of the answer that the app has given to req.
func topicOf(req *webob.Request) string {
	if topic, ok := Topic.Get(req); ok {
		return topic
	}
	return req.URL.Path
}

// isPage says whether something may be put into the answer.
func isPage(resp *webob.Response) bool { return resp.Status() == http.StatusOK && isHTML(resp) }

// isHTML says whether an answer is HTML that is not compressed, in a charset that has
// ASCII in it.
func isHTML(resp *webob.Response) bool {
	t, _ := header.ContentType.Get(resp.Header())
	switch t.Charset() {
	case "", "utf-8", "us-ascii", "iso-8859-1", "windows-1252":
	default:
		return false
	}
	return t.Is("text/html") && !resp.Header().Has("Content-Encoding")
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

// boxTemplate is what is put into a page: the comments and the form.
var boxTemplate = template.Must(template.New("comments").Funcs(template.FuncMap{
	"when":  func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") },
	"stamp": func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
}).Parse(boxHTML))

//go:embed comments.html
var boxHTML string

// box is the comments on a topic as HTML.
func (s *Store) box(req *webob.Request, topic string) ([]byte, error) {
	list, err := s.List(topic)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	err = boxTemplate.Execute(&b, map[string]any{
		"Comments": list, "Action": req.ScriptPath() + Path, "Page": req.URL.RequestURI(),
		"MaxName": maxName, "MaxText": maxText,
	})
	return asASCII(b.String()), err
}

// asASCII writes other characters of HTML as references, so that it can be put into
// a page of any charset.
func asASCII(html string) []byte {
	b := make([]byte, 0, len(html))
	for _, r := range html {
		if r < utf8.RuneSelf {
			b = append(b, byte(r))
		} else {
			b = fmt.Appendf(b, "&#%d;", r)
		}
	}
	return b
}
