package header

import (
	"errors"
	"net/http"
	"net/textproto"
	"strings"
)

// Field is a header field with a type: it reads and writes a T under one name.
//
//	t, ok := header.LastModified.Get(resp.Header())
//	err := header.LastModified.Set(resp.Header(), time.Now())
//
// The fields of this package are variables of this type; NewField makes more.
// A Field is a constant value, safe for concurrent use.
//
// WebOb: the descriptors of Request and Response.
type Field[T any] struct {
	name   string
	parse  func(lines []string) (T, error)
	format func(T) (string, error)
}

// NewField makes a field of two functions.
//
// parse gets the values of all lines of that name, at least one, in their
// order. It must not keep or change the slice. An error of it makes the field
// a bad one; return a *FieldError with Value and Offset to say where, ErrAbsent
// where the value is to count as none.
//
// format makes the value of the one line to be sent. Its error is returned by
// Set; ErrAbsent takes the field away.
//
// NewField panics if name is no token, as that is a mistake in the program.
func NewField[T any](name string, parse func(lines []string) (T, error), format func(T) (string, error)) Field[T] {
	if !isToken(name) {
		panic("header: NewField: " + shorten(name) + " is not a token")
	}
	return Field[T]{textproto.CanonicalMIMEHeaderKey(name), parse, format}
}

// Name is the field's name in canonical spelling.
func (f Field[T]) Name() string { return f.name }

// Get reads the field. A bad value reads as an absent one: ok is false and the
// value is T's zero. An absent field costs no allocation.
func (f Field[T]) Get(h Map) (T, bool) {
	lines := linesOf(h, f.name)
	if len(lines) == 0 {
		var zero T
		return zero, false
	}
	v, err := f.parse(lines)
	if err != nil {
		var zero T
		return zero, false
	}
	return v, true
}

// Lookup reads the field and tells an absent one (false and no error) from a
// bad one (false and a *FieldError that names the field).
func (f Field[T]) Lookup(h Map) (T, bool, error) {
	var zero T
	lines := linesOf(h, f.name)
	if len(lines) == 0 {
		return zero, false, nil
	}
	v, err := f.parse(lines)
	switch {
	case err == nil:
		return v, true, nil
	case errors.Is(err, ErrAbsent):
		return zero, false, nil
	}
	return zero, false, f.fault(strings.Join(lines, ", "), err)
}

// linesOf reads the two maps everybody uses without a call through the
// interface; name is canonical.
func linesOf(h Map, name string) []string {
	switch h := h.(type) {
	case http.Header:
		return h[name]
	case *List:
		return h.lines(name)
	}
	return h.Values(name)
}

// fault puts the field's name into an error.
func (f Field[T]) fault(value string, err error) *FieldError {
	if e, ok := errors.AsType[*FieldError](err); ok {
		named := *e
		named.Name = f.name
		return &named
	}
	return &FieldError{Name: f.name, Value: value, Offset: -1, Err: err}
}

// Set takes all lines of the field away and puts one. A value that does not
// fit the field's grammar, or that would split the header (CR, LF, NUL or
// another control character but TAB), is refused with a *FieldError that names
// the field, and h stays as it was.
func (f Field[T]) Set(h Map, v T) error {
	s, err := f.format(v)
	if errors.Is(err, ErrAbsent) {
		h.Del(f.name)
		return nil
	}
	if err != nil {
		return f.fault("", err)
	}
	if i := badByte(s); i >= 0 {
		return &FieldError{Name: f.name, Value: s, Offset: i, Err: ErrValue}
	}
	switch h := h.(type) {
	case http.Header:
		h[f.name] = []string{s}
	case *List:
		if err := h.setChecked(f.name, s); err != nil {
			return err
		}
	default:
		h.Set(f.name, s)
	}
	return nil
}

// Del takes all lines of the field away.
func (f Field[T]) Del(h Map) { h.Del(f.name) }
