package header

import "strings"

// NewText makes a field that holds text, which is taken and written as it is:
// of several lines the first counts, and an empty one is "". It is for fields
// whose grammar is nobody's business. Set refuses control characters but TAB,
// as all fields do.
func NewText(name string) Field[string] { return NewField(name, parseText, formatText) }

// parseText takes the first line as it is.
func parseText(lines []string) (string, error) { return lines[0], nil }

// formatText writes text as it is; Set sees to control characters.
func formatText(s string) (string, error) { return s, nil }

// NewList makes a field that holds a list divided by commas, RFC 9110, section
// 5.6.1:
//
//	#element = [ element ] *( OWS "," OWS [ element ] )
//
//	GET, HEAD
//
// Elements are trimmed and otherwise taken as they are; empty ones are left
// out; several lines are one list. A field without any text is absent, one of
// commas alone is an empty list. Quotes mean nothing, so it is for lists of
// tokens. Set writes ", " between the elements; nil takes the field away, an
// empty list that is not nil leaves an empty field.
func NewList(name string) Field[[]string] { return NewField(name, parseList, formatList) }

// parseList divides all lines at their commas.
func parseList(lines []string) ([]string, error) {
	if allEmpty(lines) {
		return nil, ErrAbsent
	}
	n := len(lines)
	for _, line := range lines {
		n += strings.Count(line, ",")
	}
	list := make([]string, 0, min(n, 32)) // commas alone buy no memory
	for _, line := range lines {
		for element := range strings.SplitSeq(line, ",") {
			if element = trimOWS(element); element != "" {
				list = append(list, element)
			}
		}
	}
	return list, nil
}

// formatList writes what it gets, even empty elements, as WebOb does.
func formatList(list []string) (string, error) {
	if list == nil {
		return "", ErrAbsent
	}
	return strings.Join(list, ", "), nil
}
