package header

import (
	"errors"
	"strconv"
	"strings"
)

// What a FieldError says in its Err, for errors.Is.
var (
	// ErrName: the name of a field is no token (RFC 9110, section 5.6.2).
	ErrName = errors.New("name is not a token")
	// ErrValue: a value holds CR, LF, NUL or another control character but
	// TAB, which would split the header or be mended by somebody on its way
	// (RFC 9110, section 5.5).
	ErrValue = errors.New("control character in value")
	// ErrTooMany: a List already holds its 1,000 fields, or a field has more
	// members than its parser takes.
	ErrTooMany = errors.New("too many")
	// ErrSyntax: a value does not follow the grammar of its field.
	ErrSyntax = errors.New("malformed")
	// ErrRange: a value follows the grammar, but says something that no
	// program can use: a number beyond 63 bits, a 31st of February.
	ErrRange = errors.New("out of range")
	// ErrAbsent is for the functions given to NewField. From parse it says
	// that the value counts as no field at all (an empty number), from format
	// that the field is to be taken away (directives without any directive).
	// Neither is an error to the caller of a Field.
	ErrAbsent = errors.New("absent")
)

// FieldError says what is wrong with a header field, and where.
type FieldError struct {
	// Name is the field's name; empty from a parser that was called by itself.
	Name string
	// Value is the field line in question, whole and as it came. It may be
	// secret (Authorization) and is not fit for a page shown to a client.
	Value string
	// Offset is the byte of Value where the trouble is, -1 where that is unknown.
	Offset int
	// Err is the cause: one of this package's errors, or what a function given
	// to NewField has returned.
	Err error
}

// maxShown bounds what an error text shows of a value.
const maxShown = 64

// Error names the field, the place and the cause, and shows up to 64 bytes of
// the value, quoted. Values of fields that hold credentials are not shown.
func (e *FieldError) Error() string {
	var b strings.Builder
	b.WriteString("header")
	if e.Name != "" {
		b.WriteByte(' ')
		b.WriteString(shorten(e.Name))
	}
	if !secret(e.Name) {
		b.WriteString(": ")
		b.WriteString(shorten(e.Value))
	}
	if e.Offset >= 0 {
		b.WriteString(" at byte ")
		b.WriteString(strconv.Itoa(e.Offset))
	}
	if e.Err != nil {
		b.WriteString(": ")
		b.WriteString(e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *FieldError) Unwrap() error { return e.Err }

// shorten quotes what is not plain, and cuts what is long.
func shorten(s string) string {
	if len(s) > maxShown {
		return strconv.Quote(s[:maxShown]) + "..."
	}
	if isToken(s) {
		return s
	}
	return strconv.Quote(s)
}

// secret tells the fields whose values belong in no log.
func secret(name string) bool {
	switch name {
	case "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie":
		return true
	}
	return false
}

// syntaxError is an ErrSyntax that says what was expected; as a constant it
// costs nothing until somebody prints it.
type syntaxError string

// Error is the sentinel's text and what was expected.
func (e syntaxError) Error() string { return "malformed: " + string(e) }

// Is makes errors.Is find ErrSyntax.
func (e syntaxError) Is(target error) bool { return target == ErrSyntax }

// rangeError is an ErrRange with its reason.
type rangeError string

// Error is the sentinel's text and the reason.
func (e rangeError) Error() string { return "out of range: " + string(e) }

// Is makes errors.Is find ErrRange.
func (e rangeError) Is(target error) bool { return target == ErrRange }

// bad makes the error of a parser: the line, the byte, the cause.
func bad(line string, offset int, err error) error {
	return &FieldError{Value: line, Offset: offset, Err: err}
}
