package routes

import (
	"fmt"
	"net/url"
	"reflect"
	"slices"
)

// Builder builds the URLs of a template from structs: from those that dec.Bind fills, by
// the same tags.
//
//	type Page struct {
//		Project string `path:"project"`
//		ID      int    `path:"id"`
//		Page    int    `query:"page"`
//	}
//
// Fields tagged path are the variables, fields tagged query become the query, unless they
// have their zero value. All others are passed over.
type Builder[T any] struct {
	t      Template
	fields []builderField
}

type builderField struct {
	name  string
	index int
	query bool
}

// NewBuilder makes a Builder. A T that is no struct, a variable without a field, and
// a field tagged path without a variable are errors.
func NewBuilder[T any](t Template) (Builder[T], error) {
	b := Builder[T]{t: t}
	typ := reflect.TypeFor[T]()
	if typ.Kind() != reflect.Struct {
		return b, fmt.Errorf("routes: builder of %q: %v is no struct", t, typ)
	}
	have := map[string]bool{}
	for i := range typ.NumField() {
		f := typ.Field(i)
		path, isPath := f.Tag.Lookup("path")
		query, isQuery := f.Tag.Lookup("query")
		switch {
		case !isPath && !isQuery:
			continue
		case !f.IsExported():
			return b, fmt.Errorf("routes: builder of %q: field %s is not exported", t, f.Name)
		case isPath && !slices.Contains(t.get().names, path):
			return b, fmt.Errorf("routes: builder of %q: field %s: no variable %q", t, f.Name, path)
		case isPath:
			have[path] = true
			b.fields = append(b.fields, builderField{path, i, false})
		default:
			b.fields = append(b.fields, builderField{query, i, true})
		}
	}
	for i, name := range t.get().names {
		if optional := slices.ContainsFunc(t.get().parts, func(p part) bool { return p.name == name && p.kind == '.' }); !have[name] && !optional {
			return b, fmt.Errorf("routes: builder of %q: %v has no field for variable %d, %q", t, typ, i+1, name)
		}
	}
	return b, nil
}

// MustBuilder is NewBuilder for package variables: it panics where that fails.
func MustBuilder[T any](t Template) Builder[T] {
	b, err := NewBuilder[T](t)
	if err != nil {
		panic(err)
	}
	return b
}

// Build makes the URL. The error is a *GenerationError, as Template.Build has it.
func (b Builder[T]) Build(v T) (string, error) {
	path, query := Values{}, Values{}
	rv := reflect.ValueOf(v)
	for _, f := range b.fields {
		field := rv.Field(f.index)
		switch value := fieldValue(field); {
		case !f.query:
			path[f.name] = value
		case !field.IsZero():
			query[f.name] = value
		}
	}
	made, err := b.t.Build(path)
	if err != nil {
		return "", err
	}
	g, err := newGiven(query)
	if err != nil {
		return "", named(err, b.t.get().text)
	}
	var q []byte
	for _, name := range g.names() {
		q = appendQuery(q, g, name, url.QueryEscape)
	}
	return addQuery(made, string(q)), nil
}

// fieldValue is a field as a value of a URL: what a pointer points to, and the plain
// value of a type of one's own that has no text itself.
func fieldValue(v reflect.Value) any {
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	if _, ok := v.Interface().(fmt.Stringer); ok {
		return v.Interface()
	}
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return v.Uint()
	case reflect.Float32, reflect.Float64:
		return v.Float()
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = fieldValue(v.Index(i))
		}
		return list
	}
	return v.Interface()
}
