package webob

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-playground/form/v4"
)

var (
	timeType   = reflect.TypeFor[time.Time]()
	uploadType = reflect.TypeFor[*Upload]()
	filesType  = reflect.TypeFor[[]*Upload]()
)

// formDecoder keeps what it learns of types. What it would panic on, or work on
// for minutes, is sorted out before it is asked: see formKeys.
var formDecoder = newFormDecoder()

func newFormDecoder() *form.Decoder {
	d := form.NewDecoder()
	d.SetMaxArraySize(math.MaxInt32) // Limits.Index holds already
	return d
}

// decodeVars fills v from variables.
func decodeVars(d *MultiDict, v any, source string, strict bool, l Limits) error {
	switch v := v.(type) {
	case *map[string]string:
		*v = make(map[string]string, d.Len())
		for key, value := range d.All() {
			(*v)[key] = value
		}
		return nil
	case *map[string][]string:
		*v = d.DictOfLists()
		return nil
	case *url.Values:
		*v = d.DictOfLists()
		return nil
	case *map[string]any:
		*v = d.Mixed()
		return nil
	}
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() || target.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("webob: variables decode into a pointer to a struct or a map of strings, not %T", v)
	}
	if !strict {
		if p := flatPlanOf(target.Type().Elem()); p != nil && p.decode(d, target.Elem(), &l) {
			return nil
		}
	}
	keys := formKeys{t: target.Type().Elem(), source: source, strict: strict, limits: l}
	if err := keys.read(d); err != nil {
		return err
	}
	if err := keys.decode(v); err != nil {
		return err
	}
	setUploads(target.Elem(), d)
	return nil
}

// formKeys are the variables that form/v4 is given, its keys checked. It panics on
// brackets that do not match, makes slices as large as an index says, and passes
// over the elements of a slice once for every key below them.
type formKeys struct {
	t      reflect.Type
	source string
	strict bool
	limits Limits

	values url.Values
	leaf   map[string]reflect.Type
	order  []string
	faults FieldErrors
	nested nesting
}

// read sorts the variables.
func (k *formKeys) read(d *MultiDict) error {
	k.values = make(url.Values, d.Len())
	k.leaf = make(map[string]reflect.Type, d.Len())
	for p := range d.Pairs() {
		if p.File != nil {
			if k.strict && !takesUpload(k.t, p.Key) {
				k.fault(p.Key, "is not known")
			}
			continue
		}
		key := strings.TrimSuffix(p.Key, "[]")
		if t, ok := k.leaf[key]; ok {
			k.add(key, p.Value, t)
			continue
		}
		if err := k.check(key); err != nil {
			return err
		}
		at, ok := fieldOf(k.t, key, 0)
		if !ok {
			if k.strict && !takesUpload(k.t, key) {
				k.fault(key, "is not known")
			}
			continue
		}
		if err := k.nested.add(key, at.maps, k.limits.Index); err != nil {
			k.fault(key, err.Error())
			continue
		}
		k.leaf[key] = at.leaf
		k.order = append(k.order, key)
		k.add(key, p.Value, at.leaf)
	}
	if k.nested.work(k.t) > mostWork {
		return &InputError{Status: http.StatusRequestEntityTooLarge, Public: "the keys are nested too often"}
	}
	return nil
}

// add adds one value of a key whose field is of type t.
func (k *formKeys) add(key, value string, t reflect.Type) {
	old := k.values[key]
	most := 1
	switch t.Kind() {
	case reflect.Slice:
		most = math.MaxInt
	case reflect.Array:
		most = t.Len()
	}
	if len(old) < most {
		k.values[key] = append(old, value)
	} else if k.strict && len(old) == most {
		k.fault(key, "is given too often")
	} else if most == 1 {
		old[0] = value // the last one counts, as in MultiDict.Get
	}
}

func (k *formKeys) fault(key, message string) {
	f := FieldError{k.source, keyPointer(key), message}
	if !slices.Contains(k.faults, f) {
		k.faults = append(k.faults, f)
	}
}

// check refuses keys that are too long, too deep, or whose brackets do not match.
func (k *formKeys) check(key string) error {
	if len(key) > k.limits.Key {
		return tooLarge("the key "+quoteShort(key), int64(k.limits.Key), "bytes")
	}
	depth, open := 1, false
	for i := range len(key) {
		switch c := key[i]; {
		case c == '[' && !open && i > 0:
			open = true
			depth++
		case c == ']' && open && (i+1 == len(key) || key[i+1] == '[' || key[i+1] == '.'):
			open = false
		case c == '[' || c == ']':
			return badInput(nil, "the brackets of the key %s do not match", quoteShort(key))
		case c == '.' && !open:
			depth++
		}
	}
	if open {
		return badInput(nil, "the brackets of the key %s do not match", quoteShort(key))
	}
	if depth > k.limits.Depth {
		return tooLarge("the depth of the key "+quoteShort(key), int64(k.limits.Depth), "levels")
	}
	return nil
}

// decode asks form/v4.
func (k *formKeys) decode(v any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = badInput(fmt.Errorf("webob: form/v4 panicked: %v", p), "the form could not be read")
		}
	}()
	err = formDecoder.Decode(v, k.values)
	var misfits form.DecodeErrors
	if errors.As(err, &misfits) {
		k.misfits(misfits)
	} else if err != nil {
		return fmt.Errorf("webob: %w", err)
	}
	return k.faults.InputError()
}

// misfits names the fields in the order in which they came.
func (k *formKeys) misfits(found form.DecodeErrors) {
	for _, key := range k.order {
		if _, ok := found[key]; ok {
			k.fault(key, mustBe(valueType(k.leaf[key])))
			delete(found, key)
		}
	}
	rest := make([]string, 0, len(found))
	for key := range found {
		rest = append(rest, key)
	}
	slices.Sort(rest)
	for _, key := range rest {
		k.fault(key, "does not fit")
	}
}

// valueType is the type of one value of a field.
func valueType(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Array || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// formPlace is where a key leads: a type, and which of its brackets are keys of maps
// (the lowest bit is the first bracket) and not indexes of lists.
type formPlace struct {
	leaf reflect.Type
	maps uint64
}

// fieldOf finds where a key leads, by form/v4's rules. Nothing leads into an
// Upload.
func fieldOf(t reflect.Type, key string, depth int) (formPlace, bool) {
	const deepest = 100 // of structs embedded in one another
	for t.Kind() == reflect.Pointer && t != uploadType {
		t = t.Elem()
	}
	if depth > deepest+len(key) || t == uploadType || t == uploadType.Elem() {
		return formPlace{}, false
	}
	here := formPlace{leaf: t}
	switch t.Kind() {
	case reflect.Struct:
		if t == timeType {
			return here, key == ""
		}
		return fieldOfStruct(t, key, depth)
	case reflect.Slice, reflect.Array:
		if key == "" {
			_, ok := fieldOf(t.Elem(), "", depth+1)
			return here, ok
		}
		return fieldOfElem(t, key, depth)
	case reflect.Map:
		p, ok := fieldOfElem(t, key, depth)
		p.maps |= 1
		return p, ok
	case reflect.Chan, reflect.Func, reflect.UnsafePointer, reflect.Complex64, reflect.Complex128, reflect.Uintptr:
		return formPlace{}, false
	case reflect.Interface:
		return here, key == "" && t.NumMethod() == 0
	}
	return here, key == ""
}

func fieldOfStruct(t reflect.Type, key string, depth int) (formPlace, bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, ok := formName(f)
		if !ok {
			continue
		}
		if f.Anonymous {
			if p, ok := fieldOf(f.Type, key, depth+1); ok {
				return p, true
			}
		}
		if rest, ok := strings.CutPrefix(key, name); ok {
			if p, ok := fieldOfRest(f.Type, rest, depth); ok {
				return p, true
			}
		}
	}
	return formPlace{}, false
}

// formName is the name of a field in keys; ok is false for one that has none.
func formName(f reflect.StructField) (name string, ok bool) {
	if !f.IsExported() && !f.Anonymous {
		return "", false
	}
	name = f.Tag.Get("form")
	if name == "-" {
		return "", false
	}
	if i := strings.LastIndexByte(name, ','); i >= 0 {
		name = name[:i]
	}
	if name == "" {
		name = f.Name
	}
	return name, true
}

// fieldOfElem follows [...] into a slice, an array or a map.
func fieldOfElem(t reflect.Type, key string, depth int) (formPlace, bool) {
	if key == "" || key[0] != '[' {
		return formPlace{}, false
	}
	index, rest, ok := strings.Cut(key[1:], "]")
	if !ok {
		return formPlace{}, false
	}
	if t.Kind() == reflect.Array {
		if i, err := strconv.Atoi(index); err == nil && i >= t.Len() {
			return formPlace{}, false
		}
	}
	p, ok := fieldOfRest(t.Elem(), rest, depth)
	p.maps <<= 1
	return p, ok
}

// fieldOfRest follows what is behind a name or a bracket: a dot leads into a
// struct, a bracket into a slice or a map.
func fieldOfRest(t reflect.Type, rest string, depth int) (formPlace, bool) {
	if rest == "" || rest[0] == '[' {
		return fieldOf(t, rest, depth+1)
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if rest[0] != '.' || t.Kind() != reflect.Struct || t == timeType {
		return formPlace{}, false
	}
	return fieldOf(t, rest[1:], depth+1)
}

// takesUpload tells whether the struct has a field for uploads of that name.
func takesUpload(t reflect.Type, name string) bool {
	found := false
	eachUploadField(reflect.New(t).Elem(), func(n string, _ reflect.Value) { found = found || n == name })
	return found
}

// setUploads puts uploads into the fields made for them.
func setUploads(v reflect.Value, d *MultiDict) {
	eachUploadField(v, func(name string, field reflect.Value) {
		if field.Type() == filesType {
			if files := d.Files(name); files != nil {
				field.Set(reflect.ValueOf(files))
			}
		} else if u := d.File(name); u != nil {
			field.Set(reflect.ValueOf(u))
		}
	})
}

// eachUploadField calls f for the fields of a struct that take uploads, those of
// embedded structs included.
func eachUploadField(v reflect.Value, f func(name string, field reflect.Value)) {
	t := v.Type()
	for i := range t.NumField() {
		sf := t.Field(i)
		name, ok := formName(sf)
		switch {
		case !ok:
		case sf.Type == uploadType || sf.Type == filesType:
			if sf.IsExported() {
				f(name, v.Field(i))
			}
		case sf.Anonymous && sf.Type.Kind() == reflect.Struct:
			eachUploadField(v.Field(i), f)
		}
	}
}
