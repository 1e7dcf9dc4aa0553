package main

import (
	"html"
	"html/template"
	"strings"

	"github.com/gowebob/gowebob/examples/internal/usertext"
)

// Markup is how pages are written:
//
//	# Heading              (## and ### are smaller ones)
//	A paragraph ends with an empty line.
//	- an item of a list
//	**bold**, `code` and [[Another page]] within any of these
//
// It escapes the whole text before it looks at anything, so that nothing a writer
// types can become HTML, and then puts in tags of its own. exists says which pages
// there are; links to others are shown as such.
func Markup(text string, exists func(Title) bool) template.HTML {
	m := markup{exists: exists}
	for line := range strings.Lines(html.EscapeString(usertext.Clean(text))) {
		m.line(strings.TrimSpace(line))
	}
	m.open("")
	return template.HTML(m.out.String())
}

// markup is a page being written.
type markup struct {
	out    strings.Builder
	exists func(Title) bool
	block  string // the tag that is open: p, ul, or none
}

// line writes one line, already escaped.
func (m *markup) line(s string) {
	level := len(s) - len(strings.TrimLeft(s, "#"))
	item, isItem := strings.CutPrefix(s, "- ")
	switch {
	case s == "":
		m.open("")
	case 1 <= level && level <= 3 && strings.HasPrefix(s[level:], " "):
		m.open("")
		tag := []string{"h2", "h3", "h4"}[level-1] // h1 is the page's title
		m.wrap(tag, func() { m.inline(s[level+1:]) })
		m.out.WriteByte('\n')
	case isItem:
		m.open("ul")
		m.wrap("li", func() { m.inline(item) })
		m.out.WriteByte('\n')
	case m.block == "p":
		m.out.WriteByte('\n')
		m.inline(s)
	default:
		m.open("p")
		m.inline(s)
	}
}

// open begins a block, unless it is open already, and ends the one before.
func (m *markup) open(tag string) {
	if m.block == tag {
		return
	}
	if m.block != "" {
		m.out.WriteString("</" + m.block + ">\n")
	}
	if tag != "" {
		m.out.WriteString("<" + tag + ">")
	}
	m.block = tag
}

// wrap writes a tag around something.
func (m *markup) wrap(tag string, inside func()) {
	m.out.WriteString("<" + tag + ">")
	inside()
	m.out.WriteString("</" + tag + ">")
}

// marks are what begins and ends something within a line.
var marks = []struct{ begin, end string }{{"`", "`"}, {"**", "**"}, {"[[", "]]"}}

// inline writes what may stand within a line. A mark that is not ended stays as it
// is; that is remembered, so that a line of a thousand such marks is not searched a
// thousand times.
func (m *markup) inline(s string) {
	var hopeless [len("`*[")]bool
next:
	for s != "" {
		at := strings.IndexAny(s, "`*[")
		if at < 0 {
			break
		}
		m.out.WriteString(s[:at])
		s = s[at:]
		for i, mark := range marks {
			rest, found := strings.CutPrefix(s, mark.begin)
			if !found || hopeless[i] {
				continue
			}
			inside, after, ended := strings.Cut(rest, mark.end)
			if ended && inside != "" {
				m.marked(mark.begin, inside)
				s = after
				continue next
			}
			hopeless[i] = !ended
		}
		m.out.WriteByte(s[0])
		s = s[1:]
	}
	m.out.WriteString(s)
}

// marked writes what stood between two marks.
func (m *markup) marked(mark, inside string) {
	switch mark {
	case "`":
		m.wrap("code", func() { m.out.WriteString(inside) })
	case "**":
		m.wrap("strong", func() { m.inline(inside) })
	case "[[":
		m.link(inside)
	}
}

// link writes a link to a page; what is no title stays as it is.
func (m *markup) link(escaped string) {
	title, err := ParseTitle(html.UnescapeString(escaped))
	if err != nil {
		m.out.WriteString("[[" + escaped + "]]")
		return
	}
	class := ""
	if !m.exists(title) {
		class = ` class="missing"`
	}
	m.out.WriteString(`<a href="` + html.EscapeString(title.URL()) + `"` + class + `>` + escaped + `</a>`)
}
