package exc

import (
	"regexp"
	"strconv"
	"strings"
)

// bodyTemplate is the inside of a page, read once: in HTML, and as text, where
// the markup of the template has become line breaks.
type bodyTemplate struct {
	html, text []piece
	request    bool // something of the request is shown
}

// piece is literal text, or the name of a variable.
type piece struct {
	text     string
	variable bool
}

// The templates of WebOb's classes.
var (
	pageTemplate        = newTemplate("${explanation}<br /><br />\n${detail}\n${html_comment}\n")
	moveTemplate        = newTemplate("${explanation} <a href=\"${location}\">${location}</a>;\nyou should be redirected automatically.\n${detail}\n${html_comment}")
	methodTemplate      = newTemplate("The method ${REQUEST_METHOD} is not allowed for this resource. <br /><br />\n${detail}")
	acceptTemplate      = newTemplate("The resource could not be generated that was acceptable to your browser\n(content of type ${HTTP_ACCEPT}). <br /><br />\n${detail}")
	mediaTypeTemplate   = newTemplate("The request media type ${CONTENT_TYPE} is not supported by this server.\n<br /><br />\n${detail}")
	implementedTemplate = newTemplate("\nThe request method ${REQUEST_METHOD} is not implemented for this server. <br /><br />\n${detail}")
)

// WithTemplate makes a copy whose page has that inside, a fragment of HTML with
// variables written $name or ${name}; $$ is a dollar sign, and a name that is not
// known stays as it is written. The variables are
//
//	explanation, detail, comment
//	html_comment                 the comment as an HTML comment
//	location                     of a redirect
//	REQUEST_METHOD, CONTENT_TYPE, HTTP_ACCEPT   of the request, the first 300 bytes
//
// and no others: WebOb offers the whole environ, and with it cookies and
// credentials. Values are escaped for HTML; in the other formats the markup of
// the template becomes plain text and the values stand as they are.
// WebOb: the argument body_template.
func (e *Error) WithTemplate(fragment string) *Error {
	t := newTemplate(fragment)
	return e.with(func(m *more) { m.template = t })
}

func newTemplate(fragment string) *bodyTemplate {
	t := &bodyTemplate{html: cut(fragment)}
	t.text = bare(t.html)
	for _, p := range t.html {
		t.request = t.request || p.variable && strings.ToUpper(p.text) == p.text
	}
	return t
}

// bare takes the markup off a template that has been cut; variables within tags
// go with them. Each variable stands as NUL, number, NUL meanwhile.
func bare(pieces []piece) (text []piece) {
	var b strings.Builder
	for i, p := range pieces {
		if p.variable {
			b.WriteString("\x00" + strconv.Itoa(i) + "\x00")
		} else {
			b.WriteString(strings.ReplaceAll(p.text, "\x00", ""))
		}
	}
	for i, part := range strings.Split(tidy(PlainText(b.String())), "\x00") {
		if n, err := strconv.Atoi(part); i%2 == 1 && err == nil {
			text = append(text, pieces[n])
		} else {
			text = append(text, piece{text: part})
		}
	}
	return text
}

var variable = regexp.MustCompile(`\$(?:\$|([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})`)

// cut divides a template into pieces.
func cut(s string) (pieces []piece) {
	for s != "" {
		m := variable.FindStringSubmatchIndex(s)
		if m == nil {
			return append(pieces, piece{text: s})
		}
		if m[0] > 0 {
			pieces = append(pieces, piece{text: s[:m[0]]})
		}
		switch name := submatch(s, m, 1) + submatch(s, m, 2); {
		case name == "":
			pieces = append(pieces, piece{text: "$"})
		case known(name):
			pieces = append(pieces, piece{name, true})
		default:
			pieces = append(pieces, piece{text: s[m[0]:m[1]]})
		}
		s = s[m[1]:]
	}
	return pieces
}

func submatch(s string, m []int, i int) string {
	if m[2*i] < 0 {
		return ""
	}
	return s[m[2*i]:m[2*i+1]]
}

func known(name string) bool {
	switch name {
	case "explanation", "detail", "comment", "html_comment", "location", "REQUEST_METHOD", "CONTENT_TYPE", "HTTP_ACCEPT":
		return true
	}
	return false
}

// tidy takes the white space off the ends of lines.
func tidy(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.Trim(line, " ")
	}
	return strings.Join(lines, "\n")
}

// fill writes a template with the facts of one answer.
func fill(pieces []piece, value func(name string) string) string {
	b := make([]byte, 0, 512) // on the stack, unless it grows
	for _, p := range pieces {
		text := p.text
		if p.variable {
			text = value(p.text)
		}
		b = append(b, text...)
	}
	return string(b)
}
