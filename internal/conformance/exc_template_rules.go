package conformance

import (
	"cmp"
	"regexp"
	"strings"
)

// Templates.

var excTemplate = Rule{
	Name: "a body template sees no environ",
	Reason: "WebOb offers a template every environ key and response header, and with them cookies and credentials. " +
		"We offer explanation, detail, comment, location, and method, media type and Accept of the request; other names stay as " +
		"they are written. In plain text and JSON the markup of the template becomes text, and comments are left out.",
	Applies: excServes(func(p excPage) bool { return p.text("body_template") != "" }),
	Answer: excEach(func(p excPage, answer any) any {
		object := answer.(map[string]any)
		status := object["status"].(string)
		_, title, _ := strings.Cut(status, " ")
		fragment := p.text("body_template")
		switch excMedia(answer) {
		case "text/html":
			said := excSubstitute(fragment, func(name string) string {
				if comment := p.text("comment"); name == "html_comment" && comment != "" {
					return "<!-- " + excEscaped(comment) + " -->"
				} else if name == "comment" {
					return excEscaped(comment)
				}
				return excEscaped(p.offered(name))
			})
			return excWithBody(answer, Latin("<html>\n <head>\n  <title>"+status+"</title>\n </head>\n <body>\n  <h1>"+
				status+"</h1>\n  "+said+"\n </body>\n</html>"))
		case "text/plain":
			return excWithBody(answer, Latin(status+"\n\n"+excSubstitute(excBare(fragment), p.offered)))
		case "application/json":
			said := excSubstitute(excBare(fragment), p.offered)
			return excWithBody(answer, Latin(jsonText(plain(map[string]string{"message": said, "code": status, "title": title}))))
		}
		return answer
	}),
}

// offered is a variable of a template, as text.
func (p excPage) offered(name string) string {
	switch name {
	case "explanation":
		return p.explanation()
	case "detail":
		return p.text("detail")
	case "REQUEST_METHOD":
		return p.method()
	case "CONTENT_TYPE":
		return cmp.Or(p.field("Content-Type"), "none")
	case "HTTP_ACCEPT":
		return cmp.Or(p.field("Accept"), "none")
	}
	return ""
}

var (
	excVariable = regexp.MustCompile(`\$\$|\$\{?([A-Za-z_]+)\b\}?`)
	excMarkup   = regexp.MustCompile(`<[^>]*>`)
)

// excBare is a template without its markup.
func excBare(fragment string) string { return excMarkup.ReplaceAllString(fragment, " ") }

func excSubstitute(fragment string, value func(string) string) string {
	return excVariable.ReplaceAllStringFunc(fragment, func(found string) string {
		name := strings.Trim(found, "${}")
		switch name {
		case "":
			return "$"
		case "explanation", "detail", "comment", "html_comment", "location", "REQUEST_METHOD", "CONTENT_TYPE", "HTTP_ACCEPT":
			if strings.HasPrefix(found, "${") == strings.HasSuffix(found, "}") {
				return value(name)
			}
		}
		return found
	})
}
