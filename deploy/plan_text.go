package deploy

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var userinfo = regexp.MustCompile(`(://[^/\s:@]*:)[^/\s@]+@`)

// String draws the plan as a tree, a line for each object with its section, its factory and
// its settings.
func (p *Plan) String() string {
	var b strings.Builder
	p.write(&b, "", "")
	return b.String()
}

func (p *Plan) write(b *strings.Builder, first, more string) {
	b.WriteString(first)
	b.WriteString(p.title())
	if p.Factory != "" && p.Section != "" {
		fmt.Fprintf(b, " = %s", p.Factory)
	}
	if len(p.Settings) > 0 {
		fmt.Fprintf(b, " {%s}", p.settings(", "))
	}
	b.WriteByte('\n')
	for i, child := range p.Children {
		if i == len(p.Children)-1 {
			child.write(b, more+"└─ ", more+"   ")
		} else {
			child.write(b, more+"├─ ", more+"│  ")
		}
	}
}

// title is the position, the kind and the name of an object.
func (p *Plan) title() string {
	name := p.Section
	if name == "" {
		name = p.Factory
	}
	title := p.Kind
	if name != "" {
		title += " [" + name + "]"
		if kind, _, _ := strings.Cut(name, ":"); kind == p.Kind {
			title = "[" + name + "]"
		}
	}
	switch p.Position {
	case "", "filter-with", "next":
		return title
	}
	return p.Position + ": " + title
}

func (p *Plan) settings(sep string) string {
	var list []string
	for _, key := range slices.Sorted(maps.Keys(p.Settings)) {
		list = append(list, key+" = "+strings.ReplaceAll(p.Settings[key], "\n", " "))
	}
	return strings.Join(list, sep)
}

// Mermaid draws the plan as a flowchart in the language of Mermaid, which GitHub and others
// show in a ```mermaid block. Arrows go the way of a request.
func (p *Plan) Mermaid() string {
	m := mermaid{}
	m.b.WriteString("flowchart TD\n")
	m.draw(p)
	return m.b.String()
}

type mermaid struct {
	b strings.Builder
	n int
}

// draw draws a node and what follows it, and gives the name of its entrance.
func (m *mermaid) draw(p *Plan) string {
	if p.Kind == "pipeline" {
		return m.chain(p)
	}
	id := m.box(p)
	for _, child := range p.Children {
		m.arrow(id, child.Position, m.draw(child))
	}
	return id
}

// chain draws a pipeline: its parts within a frame, one behind the other.
func (m *mermaid) chain(p *Plan) string {
	m.n++
	fmt.Fprintf(&m.b, "  subgraph g%d[%s]\n", m.n, label(p.Section))
	var first, before string
	for i, part := range p.Children {
		if i == len(p.Children)-1 {
			m.b.WriteString("  end\n")
		}
		id := m.draw(part)
		if before == "" {
			first = id
		} else {
			m.arrow(before, "", id)
		}
		before = m.tail(part, id)
	}
	return first
}

// tail is the innermost of a filter's boxes: filter-with puts several in one place.
func (m *mermaid) tail(p *Plan, id string) string {
	n := 0
	fmt.Sscanf(id, "n%d", &n)
	for ; p.Kind == "filter" && len(p.Children) == 1; n++ {
		p = p.Children[0]
	}
	return fmt.Sprintf("n%d", n)
}

func (m *mermaid) box(p *Plan) string {
	m.n++
	id := fmt.Sprintf("n%d", m.n)
	text := p.Section
	if p.Factory != "" && p.Factory != text {
		text = strings.TrimPrefix(text+"\n"+p.Factory, "\n")
	}
	left, right := "[", "]"
	switch p.Kind {
	case "filter":
		left, right = "([", "])"
	case "composite":
		left, right = "{{", "}}"
	}
	fmt.Fprintf(&m.b, "  %s%s%s%s\n", id, left, label(text), right)
	return id
}

func (m *mermaid) arrow(from, how, to string) {
	switch how {
	case "", "filter-with", "next":
		fmt.Fprintf(&m.b, "  %s --> %s\n", from, to)
	default:
		fmt.Fprintf(&m.b, "  %s -->|%s| %s\n", from, label(how), to)
	}
}

// label quotes a text; what Mermaid or HTML would read as more than text is written as
// an entity.
func label(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range s {
		switch {
		case c == '\n':
			b.WriteString("<br/>")
		case strings.ContainsRune("\"<>&#`;\\|", c) || c < ' ':
			fmt.Fprintf(&b, "#%d;", c)
		default:
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
