package contentneg

import (
	"net/http"
	"strings"

	"github.com/golang/gddo/httputil/header"
)

// Kind tells how a field came.
type Kind uint8

// The kinds of a field. A malformed one counts as absent when offers are
// weighed: whoever sends it has said nothing that can be understood.
const (
	Missing Kind = iota // no such field in the request
	Valid               // the field follows the grammar of RFC 9110
	Invalid             // it does not; Err says why
)

// String returns "missing", "valid" or "invalid".
func (k Kind) String() string {
	switch k {
	case Missing:
		return "missing"
	case Valid:
		return "valid"
	}
	return "invalid"
}

// Offer is something the server can answer with, and the weight the client gives
// it, from above 0 to 1.
type Offer struct {
	Value string  // as the caller spelt it
	Q     float64 // from 0.001 to 1
}

// field is what the four kinds of parsed fields have in common.
type field struct {
	name string
	raw  string
	kind Kind
	err  error
}

// Kind tells whether the field was missing, valid or invalid.
func (f field) Kind() Kind { return f.kind }

// Err says what is wrong with an invalid field, as a [*SyntaxError]; it is nil
// for a missing or valid one.
func (f field) Err() error { return f.err }

// Field returns the field's value as it came, several lines joined by ", ", and
// whether there was one.
func (f field) Field() (value string, present bool) { return f.raw, f.kind != Missing }

// setIn is SetIn of the four kinds. A missing field may have no name of its own.
func (f field) setIn(h http.Header, name string) error {
	for i := range len(f.raw) {
		if isControl(f.raw[i]) {
			return ErrControl
		}
	}
	if f.kind == Missing {
		delete(h, name)
	} else {
		h[name] = []string{f.raw}
	}
	return nil
}

// fail marks the field as invalid because of one of its elements.
func (f *field) fail(element, reason string) {
	f.kind, f.err = Invalid, &SyntaxError{Field: f.name, Element: element, Reason: reason}
}

// split joins the lines of a field (RFC 9110 section 5.3) and divides them into
// elements, without the empty ones (section 5.6.1.2). Where the list as a whole
// is malformed the field is marked invalid.
func split(name string, lines []string) (field, []string) {
	f := field{name: name}
	if len(lines) == 0 {
		return f, nil
	}
	f.kind, f.raw = Valid, strings.Join(lines, ", ")
	if strings.ContainsAny(f.raw, "\r\n") { // white space to ParseList
		f.fail(f.raw, "line break in the field value")
		return f, nil
	}
	if !endsFit(f.raw) {
		f.fail(f.raw, "white space at an end of the field value")
		return f, nil
	}
	return f, header.ParseList(http.Header{name: {f.raw}}, name)
}

// endsFit tells whether the white space at the ends of a list is white space the
// grammar of lists knows, that is beside a comma or after a semicolon.
func endsFit(s string) bool {
	if i := skipOWS(s, 0); i > 0 && (i == len(s) || s[i] != ',') {
		return false
	}
	rest := strings.TrimRight(s, " \t")
	return len(rest) == len(s) || strings.HasSuffix(rest, ",") || strings.HasSuffix(rest, ";")
}

// joined returns the lines that make up the sum of two fields: those of the valid
// ones, of which an empty one counts only if there is no other.
func joined(left, right field) (lines []string) {
	empty := false
	for _, f := range []field{left, right} {
		if f.kind == Valid && f.raw != "" {
			lines = append(lines, f.raw)
		}
		empty = empty || f.kind == Valid && f.raw == ""
	}
	if lines == nil && empty {
		lines = []string{""}
	}
	return lines
}
