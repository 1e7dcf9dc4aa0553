package webob

import (
	"bytes"
	"encoding"
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

var (
	jsonReader = reflect.TypeFor[json.Unmarshaler]()
	textReader = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// jsonMisfits finds all values that do not fit the type v points to, and if strict
// all members that it has no field for. encoding/json tells the first alone, and not
// at which index; it has been asked already and has said that there is one.
func jsonMisfits(b []byte, v any, strict bool) FieldErrors {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var value any
	if dec.Decode(&value) != nil {
		return nil
	}
	m := misfits{strict: strict}
	m.walk(reflect.TypeOf(v), value, nil)
	return m.faults
}

type misfits struct {
	strict bool
	faults FieldErrors
}

// walk compares a value with a type, as encoding/json would.
func (m *misfits) walk(t reflect.Type, value any, at []string) {
	const most = 100 // faults to tell of
	for ; t.Kind() == reflect.Pointer; t = t.Elem() {
		if t.Implements(jsonReader) || t.Implements(textReader) {
			return // it decides for itself
		}
	}
	if value == nil || len(m.faults) >= most || reflect.PointerTo(t).Implements(jsonReader) || reflect.PointerTo(t).Implements(textReader) {
		return
	}
	fits := true
	switch value := value.(type) {
	case string:
		fits = t.Kind() == reflect.String || t.Kind() == reflect.Interface ||
			t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
	case bool:
		fits = t.Kind() == reflect.Bool || t.Kind() == reflect.Interface
	case json.Number:
		fits = numberFits(t, value.String())
	case []any:
		fits = m.list(t, value, at)
	case map[string]any:
		fits = m.object(t, value, at)
	}
	if !fits {
		m.faults = append(m.faults, FieldError{InJSON, pointerTo(at...), mustBe(t)})
	}
}

func (m *misfits) list(t reflect.Type, list []any, at []string) (fits bool) {
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		for i, item := range list {
			if t.Kind() == reflect.Array && i >= t.Len() {
				break
			}
			m.walk(t.Elem(), item, append(at[:len(at):len(at)], strconv.Itoa(i)))
		}
		return true
	}
	return t.Kind() == reflect.Interface
}

func (m *misfits) object(t reflect.Type, object map[string]any, at []string) (fits bool) {
	switch t.Kind() {
	case reflect.Map:
		for _, name := range sortedKeys(object) {
			m.walk(t.Elem(), object[name], append(at[:len(at):len(at)], name))
		}
		return true
	case reflect.Struct:
		for _, name := range sortedKeys(object) {
			f, known := jsonField(t, name)
			inside := append(at[:len(at):len(at)], name)
			switch {
			case !known && m.strict:
				m.faults = append(m.faults, FieldError{InJSON, pointerTo(inside...), "is not known"})
			case known && !jsonOption(f, "string"):
				m.walk(f.Type, object[name], inside)
			}
		}
		return true
	}
	return t.Kind() == reflect.Interface
}

// jsonField is the field that encoding/json puts a member into. Of fields of
// embedded structs the outermost counts.
func jsonField(t reflect.Type, member string) (reflect.StructField, bool) {
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "" {
			if f.Anonymous {
				continue
			}
			name = f.Name
		}
		if !f.IsExported() || f.Tag.Get("json") == "-" {
			continue
		}
		if strings.EqualFold(name, member) {
			return f, true
		}
	}
	return reflect.StructField{}, false
}

// jsonOption tells whether a field's tag has an option.
func jsonOption(f reflect.StructField, option string) bool {
	_, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	return slices.Contains(strings.Split(options, ","), option)
}

// numberFits tells whether a number can be held by a type.
func numberFits(t reflect.Type, number string) bool {
	var err error
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		_, err = strconv.ParseInt(number, 10, t.Bits())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		_, err = strconv.ParseUint(number, 10, t.Bits())
	case reflect.Float32, reflect.Float64:
		_, err = strconv.ParseFloat(number, t.Bits())
	case reflect.Interface:
		return true
	case reflect.String:
		return t == reflect.TypeFor[json.Number]()
	default:
		return false
	}
	return err == nil
}

// bits tells the range of a number that is no int or uint.
func bits(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int8, reflect.Int16, reflect.Int32:
		high := int64(math.MaxInt64) >> (64 - t.Bits())
		return " from " + strconv.FormatInt(-high-1, 10) + " to " + strconv.FormatInt(high, 10)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return " up to " + strconv.FormatUint(math.MaxUint64>>(64-t.Bits()), 10)
	}
	return ""
}

func sortedKeys(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
