package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// Callable is a method that a Server can have. Method makes it.
type Callable struct {
	name string
	run  func(req *webob.Request, params json.RawMessage) (result json.RawMessage, err error)
}

// Method makes a method of a function. In is a struct, whose fields are the parameters
// in their order, or a slice, for as many as are sent. A parameter is left out only
// where its field says omitempty or omitzero. What does not fit is InvalidParams
// before the function is called. A name or a type that cannot be is a mistake in the
// program, and panics here.
func Method[In, Out any](name string, fn func(*webob.Request, In) (Out, error)) Callable {
	if name == "" || strings.HasPrefix(name, "rpc.") { // section 4: for extensions of JSON-RPC
		panic(fmt.Sprintf("jsonrpc: a method cannot be called %q", name))
	}
	read := readerOf(reflect.TypeFor[In]())
	return Callable{name, func(req *webob.Request, params json.RawMessage) (json.RawMessage, error) {
		var in In
		if err := read(params, reflect.ValueOf(&in).Elem()); err != nil {
			return nil, err
		}
		out, err := fn(req, in)
		if err != nil {
			return nil, err
		}
		return json.Marshal(out)
	}}
}

// reader fills the parameters of a method.
type reader func(params json.RawMessage, in reflect.Value) error

func readerOf(t reflect.Type) reader {
	switch t.Kind() {
	case reflect.Slice:
		return readSlice
	case reflect.Struct:
		return parametersOf(t).read
	}
	panic(fmt.Sprintf("jsonrpc: parameters are a struct or a slice, not %v", t))
}

// readSlice reads parameters by position.
func readSlice(params json.RawMessage, in reflect.Value) error {
	if params == nil {
		return nil
	}
	if params[0] != '[' {
		return InvalidParams.With("these are sent by position")
	}
	var values []json.RawMessage
	if err := json.Unmarshal(params, &values); err != nil {
		return err
	}
	in.Set(reflect.MakeSlice(in.Type(), len(values), len(values)))
	for i, value := range values {
		if err := readValue(value, in.Index(i), fmt.Sprint("number ", i+1)); err != nil {
			return err
		}
	}
	return nil
}

// parameter is a field of a struct.
type parameter struct {
	name     string
	index    int
	optional bool
}

type parameters []parameter

// parametersOf reads the fields of a struct and their tags, as encoding/json has them.
func parametersOf(t reflect.Type) (ps parameters) {
	for i := range t.NumField() {
		field := t.Field(i)
		tag, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !field.IsExported() || tag == "-" {
			continue
		}
		if tag == "" {
			tag = field.Name
		}
		opts := strings.Split(options, ",")
		optional := slices.Contains(opts, "omitempty") || slices.Contains(opts, "omitzero")
		ps = append(ps, parameter{tag, i, optional})
	}
	return ps
}

func (ps parameters) read(params json.RawMessage, in reflect.Value) error {
	values, err := ps.values(params)
	if err != nil {
		return err
	}
	for i, p := range ps {
		switch {
		case values[i] != nil:
			if err := readValue(values[i], in.Field(p.index), p.name); err != nil {
				return err
			}
		case !p.optional:
			return InvalidParams.With("%s is missing", p.name)
		}
	}
	return nil
}

// values puts what was sent, by name or by position, into the order of the parameters.
func (ps parameters) values(params json.RawMessage) ([]json.RawMessage, error) {
	values := make([]json.RawMessage, len(ps))
	if params == nil {
		return values, nil
	}
	if params[0] == '[' {
		var sent []json.RawMessage
		if err := json.Unmarshal(params, &sent); err != nil {
			return nil, err
		}
		if len(sent) > len(ps) {
			return nil, InvalidParams.With("%d of them, at most %d are wanted", len(sent), len(ps))
		}
		copy(values, sent)
		return values, nil
	}
	var sent map[string]json.RawMessage
	if err := json.Unmarshal(params, &sent); err != nil {
		return nil, err
	}
	for i, p := range ps {
		values[i] = sent[p.name]
		delete(sent, p.name)
	}
	for name := range sent {
		return nil, InvalidParams.With("%.40q is not known", name)
	}
	return values, nil
}

// readValue reads one parameter. encoding/json would take null for anything.
func readValue(value json.RawMessage, into reflect.Value, name string) error {
	if string(value) == "null" && !nullable(into.Kind()) {
		return InvalidParams.With("%s is null", name)
	}
	err := json.Unmarshal(value, into.Addr().Interface())
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return InvalidParams.With("%s is of type %s", name, wrong.Value)
	}
	if err != nil {
		return InvalidParams.With("%s cannot be read", name)
	}
	return nil
}

func nullable(k reflect.Kind) bool {
	return k == reflect.Pointer || k == reflect.Interface || k == reflect.Map || k == reflect.Slice
}
