package exc

import (
	"fmt"
	"html/template"
	"regexp"
	"strconv"
	"strings"
)

// EscapeHTML makes a value safe in HTML text and in quoted attributes: the five
// characters of markup, and everything that is not ASCII, become references, so
// that the result reads alike in any charset. nil is empty; template.HTML is safe
// already and stays; other values are written as fmt.Sprint does.
// WebOb: webob.util.html_escape.
func EscapeHTML(v any) template.HTML {
	switch v := v.(type) {
	case nil:
		return ""
	case template.HTML:
		return v
	case string:
		return template.HTML(escape(v))
	}
	return template.HTML(escape(fmt.Sprint(v)))
}

func escape(s string) string {
	if !strings.ContainsFunc(s, special) {
		return s
	}
	b := make([]byte, 0, len(s)+32)
	for _, r := range s {
		switch {
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '"':
			b = append(b, "&quot;"...)
		case r == '\'':
			b = append(b, "&#x27;"...)
		case r >= 0x80:
			b = append(b, "&#"...)
			b = strconv.AppendInt(b, int64(r), 10)
			b = append(b, ';')
		default:
			b = append(b, byte(r))
		}
	}
	return string(b)
}

func special(r rune) bool { return r >= 0x80 || strings.ContainsRune(`&<>"'`, r) }

var (
	lineBreak   = regexp.MustCompile(`(?is)<br.*?>`)
	commentMark = regexp.MustCompile(`<!--|-->`)
	anyTag      = regexp.MustCompile(`(?s)<.*?>`)
)

// PlainText reduces a fragment of HTML to text: a line feed is a space, <br> is a
// line feed, and what looks like any other tag is taken out, as are the marks of
// comments. References such as &amp; stay. It is for a detail that was written as
// HTML, and no protection: its result is text, which HTML has to escape again.
// WebOb: exc.strip_tags.
func PlainText(fragment string) string {
	s := strings.ReplaceAll(fragment, "\n", " ")
	s = strings.ReplaceAll(s, "\r", "")
	s = lineBreak.ReplaceAllLiteralString(s, "\n")
	s = commentMark.ReplaceAllLiteralString(s, "")
	return anyTag.ReplaceAllLiteralString(s, "")
}
