package routes

import (
	"strings"
	"unicode/utf8"
)

// String is a table of the routes, in the order of connection, for people: name, methods,
// path, controller and action. Routes: str(mapper).
func (m *Mapper) String() string {
	rows := [][5]string{{"Route name", "Methods", "Path", "Controller", "action"}}
	for _, r := range m.Routes() {
		rows = append(rows, [5]string{r.name, strings.Join(r.methods, ", "), r.path, r.defaults["controller"], r.defaults["action"]})
	}
	var width [5]int
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for n, row := range rows {
		if n > 0 {
			b.WriteByte('\n')
		}
		line := ""
		for i, cell := range row {
			line += cell + strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell)+1)
		}
		b.WriteString(strings.TrimRight(line, " "))
	}
	return b.String()
}
