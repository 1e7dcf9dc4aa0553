package exc

import (
	"encoding/json"
	"errors"
	"fmt"
)

// member is an extension member of a problem, encoded when it is set, so that a
// value that cannot be is found out then and later changes do not show.
type member struct {
	name  string
	value any
	raw   json.RawMessage
}

// Member is a typed extension member of a problem (RFC 9457 §3.2): it is set on
// an Error, shown by the JSON formats, and read back with its type.
//
//	var Balance = exc.NewMember[int]("balance")
//
//	return nil, Balance.Set(exc.Forbidden, 30)
//	n, ok := Balance.Get(resp.Err())
type Member[T any] struct{ name string }

// NewMember makes a Member. It panics for the names a problem has already (type,
// title, status, detail, instance): it belongs into a package variable.
func NewMember[T any](name string) Member[T] {
	if err := checkMember(name); err != nil {
		panic(err)
	}
	return Member[T]{name}
}

// Name is the member's name.
func (m Member[T]) Name() string { return m.name }

// Set makes a copy of e with v as this member.
func (m Member[T]) Set(e *Error, v T) *Error { return e.WithMember(m.name, v) }

// Get is the member of the first Error or Redirect in err's chain, and false
// where it has none or one of another type.
func (m Member[T]) Get(err error) (v T, ok bool) {
	e := asError(err)
	if e == nil || e.more == nil {
		return v, false
	}
	for _, have := range e.more.members {
		if have.name == m.name {
			v, ok = have.value.(T)
			return v, ok
		}
	}
	return v, false
}

// From is the member of what a page shows, for a Format of one's own (NewFormat),
// and false where it has none, or one that is no T.
//
//	func html(c *exc.Content) ([]byte, error) {
//		balance, ok := Balance.From(c)
//		...
//	}
func (m Member[T]) From(c *Content) (v T, ok bool) {
	for _, have := range c.Members {
		if have.Name != m.name {
			continue
		}
		if c.sheet != nil {
			if v, ok := m.Get(c.sheet.e); ok {
				return v, true
			}
		}
		err := json.Unmarshal(have.JSON, &v)
		if err != nil {
			v = *new(T)
		}
		return v, err == nil
	}
	return v, false
}

// WithMember makes a copy with an extension member, shown by the JSON formats;
// one of that name is replaced. v is encoded at once. A value that JSON has no
// form for, or a name a problem has already, is a fault: the answer is a 500
// whose Err says so.
func (e *Error) WithMember(name string, v any) *Error {
	fault := checkMember(name)
	raw, err := json.Marshal(v)
	if err != nil {
		fault = fmt.Errorf("exc: member %q: %w", name, err)
	}
	return e.with(func(m *more) {
		if fault != nil {
			m.fault = errors.Join(m.fault, fault)
			return
		}
		var kept []member
		for _, old := range m.members {
			if old.name != name {
				kept = append(kept, old)
			}
		}
		m.members = append(kept, member{name, v, raw})
	})
}

func checkMember(name string) error {
	switch name {
	case "", "type", "title", "status", "detail", "instance":
		return fmt.Errorf("exc: %q cannot be an extension member of a problem", name)
	}
	return nil
}

// WithType makes a copy whose problem is of that type, a URI; WithTitle names it.
// Without one the type is about:blank, the status alone. RFC 9457 §3.1.1, §4.2.1.
func (e *Error) WithType(uri string) *Error {
	return e.with(func(m *more) { m.typeURI = uri })
}

// WithInstance makes a copy whose problem names this occurrence of it by a URI.
// RFC 9457 §3.1.5.
func (e *Error) WithInstance(uri string) *Error {
	return e.with(func(m *more) { m.instance = uri })
}
