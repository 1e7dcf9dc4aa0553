package dec

import (
	"encoding"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob"
)

// plan is how a struct is filled, worked out when the app is made. For each source
// there is a struct type of its own that has the fields of this source alone: so
// nothing in a body can reach a field of the path.
type plan struct {
	path, query, header part
	body                part
	whole               bool // all fields are the body's: it is decoded in place
	strict              bool
}

// part is the fields of one source.
type part struct {
	t      reflect.Type // of the source's own struct, with form tags
	fields []bound
}

// bound is one field and its place.
type bound struct {
	name  string // in the source
	index []int  // in the struct of the user
	text  bool   // is read by UnmarshalText; the source's own struct has a *string
}

// sources are the tags of fields that are not the body's, in the order in which
// faults are named.
var sources = []string{webob.InPath, webob.InQuery, webob.InHeader}

// newPlan works out how a t is filled, and panics with the name of the field where
// that cannot be.
func newPlan(t reflect.Type, strict bool) *plan {
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("dec: Bind into %v: it must be a struct", t))
	}
	p := &plan{strict: strict, whole: !slices.ContainsFunc(reflect.VisibleFields(t), hasSource)}
	var own [4][]reflect.StructField
	parts := []*part{&p.path, &p.query, &p.header, &p.body}
	taken := map[string]bool{} // members of the body
	for _, f := range bindable(t, p.whole) {
		source, name := sourceOf(t, f)
		b := bound{name: name, index: f.Index}
		made := reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag}
		if source < len(sources) {
			b.text = isText(f.Type)
			if why := unreadable(f.Type, 0); why != "" && !b.text {
				panic(fmt.Sprintf("dec: Bind into %v: field %s (%v) cannot be read from a %s: %s", t, f.Name, f.Type, sources[source], why))
			}
			if b.text {
				made.Type = reflect.TypeFor[*string]()
			}
			made.Tag = reflect.StructTag(fmt.Sprintf(`form:%q`, name))
		} else if !bodyField(t, f, taken) {
			continue
		}
		own[source] = append(own[source], made)
		parts[source].fields = append(parts[source].fields, b)
	}
	for i, part := range parts {
		part.t = reflect.StructOf(own[i])
	}
	if !p.whole && reflect.PointerTo(t).Implements(reflect.TypeFor[interface{ UnmarshalJSON([]byte) error }]()) {
		panic(fmt.Sprintf("dec: Bind into %v: it has an UnmarshalJSON of its own, which would also fill fields of the path, the query or the header", t))
	}
	return p
}

// bindable are the fields to be filled, those of embedded structs in place of the
// embedded field, shadowed ones left out. A struct that is the body's as a whole is
// left to the decoders.
func bindable(t reflect.Type, whole bool) (fields []reflect.StructField) {
	for _, f := range reflect.VisibleFields(t) {
		embedded := f.Anonymous && structOf(f.Type) != nil && f.Tag.Get("json") == "" && !hasSource(f)
		if embedded && f.Type.Kind() == reflect.Pointer && !whole {
			panic(fmt.Sprintf("dec: Bind into %v: %s is embedded by pointer; embed it by value", t, f.Name))
		}
		if embedded || within(t, f) {
			continue
		}
		if !f.IsExported() {
			if hasSource(f) {
				panic(fmt.Sprintf("dec: Bind into %v: field %s has a tag but is not exported", t, f.Name))
			}
			continue
		}
		fields = append(fields, f)
	}
	return fields
}

// structOf is the struct that a type is or points to, or nil. A time is a value.
func structOf(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() {
		return nil
	}
	return t
}

// within says whether f is promoted out of an embedded field that is a member by
// itself, because it has a name in the source.
func within(t reflect.Type, f reflect.StructField) bool {
	for i := 1; i < len(f.Index); i++ {
		outer := t.FieldByIndex(f.Index[:i])
		if outer.Tag.Get("json") != "" || hasSource(outer) {
			return true
		}
	}
	return false
}

// hasSource says whether a field is tagged path, query or header.
func hasSource(f reflect.StructField) bool {
	for _, s := range sources {
		if _, ok := f.Tag.Lookup(s); ok {
			return true
		}
	}
	return false
}

// sourceOf is the source of a field, len(sources) for the body, and its name there.
func sourceOf(t reflect.Type, f reflect.StructField) (source int, name string) {
	source = len(sources)
	for i, s := range sources {
		tag, ok := f.Tag.Lookup(s)
		if !ok {
			continue
		}
		if source < len(sources) {
			panic(fmt.Sprintf("dec: Bind into %v: field %s is tagged %s and %s", t, f.Name, sources[source], s))
		}
		source = i
		name, _, _ = strings.Cut(tag, ",")
		if name == "" || strings.ContainsAny(name, "[].") || s == webob.InHeader && !isToken(name) {
			panic(fmt.Sprintf("dec: Bind into %v: field %s: %q cannot be a name in a %s", t, f.Name, name, s))
		}
	}
	if source == 2 {
		name = http.CanonicalHeaderKey(name)
	}
	return source, name
}

// isToken says whether a header field may be called so, RFC 9110 §5.1.
func isToken(name string) bool {
	return strings.Trim(name, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// bodyField says whether a body fills f; what it could never fill is refused. Of
// two fields of one name the outer counts.
func bodyField(t reflect.Type, f reflect.StructField, taken map[string]bool) bool {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "-" && (f.Tag.Get("form") == "-" || f.Tag.Get("form") == "") {
		return false
	}
	switch f.Type.Kind() {
	case reflect.Chan, reflect.Func, reflect.UnsafePointer, reflect.Complex64, reflect.Complex128:
		panic(fmt.Sprintf("dec: Bind into %v: field %s (%v) cannot be read from a body; `json:\"-\"` leaves it out", t, f.Name, f.Type))
	}
	if name == "" || name == "-" {
		name = f.Name
	}
	if taken[name] {
		return false
	}
	taken[name] = true
	return true
}

var textType = reflect.TypeFor[encoding.TextUnmarshaler]()

// isText says whether values are read by UnmarshalText. A time is form/v4's.
func isText(t reflect.Type) bool {
	if t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[*time.Time]() {
		return false
	}
	return reflect.PointerTo(t).Implements(textType) || t.Kind() == reflect.Pointer && t.Implements(textType)
}

// unreadable says why variables cannot fill a type, or "".
func unreadable(t reflect.Type, depth int) string {
	if depth > 20 {
		return "it is nested too deeply"
	}
	if t == reflect.TypeFor[time.Time]() {
		return ""
	}
	if depth > 0 && isText(t) {
		return fmt.Sprintf("%v has an UnmarshalText, which is used for a field itself, not inside of one", t)
	}
	switch t.Kind() {
	case reflect.Chan, reflect.Func, reflect.UnsafePointer, reflect.Complex64, reflect.Complex128, reflect.Uintptr:
		return fmt.Sprintf("no variable is a %v", t.Kind())
	case reflect.Interface:
		return "an interface says nothing of the type"
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return unreadable(t.Elem(), depth+1)
	case reflect.Map:
		if why := unreadable(t.Key(), depth+1); why != "" {
			return why
		}
		return unreadable(t.Elem(), depth+1)
	case reflect.Struct:
		exported := false
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() || f.Tag.Get("form") == "-" {
				continue
			}
			exported = true
			if why := unreadable(f.Type, depth+1); why != "" {
				return "field " + f.Name + ": " + why
			}
		}
		if !exported {
			return "the struct has no exported fields"
		}
	}
	return ""
}

// fill reads the request into v. Values that do not fit are gathered from all
// sources; anything worse is returned at once.
func (p *plan) fill(req *webob.Request, v reflect.Value) error {
	var faults webob.FieldErrors
	for _, read := range []func() error{
		func() error { return p.fillPath(req, v) },
		func() error { return p.fillQuery(req, v) },
		func() error { return p.fillHeader(req, v) },
		func() error { return p.fillBody(req, v) },
	} {
		err := read()
		var some webob.FieldErrors
		if err != nil && !errors.As(err, &some) {
			return err
		}
		faults = append(faults, some...)
	}
	return faults.InputError()
}

// fillPath reads what a mux or a mapper has matched. An empty segment is none.
func (p *plan) fillPath(req *webob.Request, v reflect.Value) error {
	if len(p.path.fields) == 0 {
		return nil
	}
	vars := new(webob.MultiDict)
	for _, f := range p.path.fields {
		value := req.PathValue(f.name)
		if value == "" {
			value = urlVar(req, f.name)
		}
		if value != "" {
			vars.Add(f.name, value)
		}
	}
	return p.path.fill(req, vars, v, webob.InPath)
}

// urlVar is a variable that a mapper has left, if there was one.
func urlVar(req *webob.Request, name string) string {
	for _, key := range []string{"wsgiorg.routing_args", "paste.urlvars"} {
		if _, ok := req.Environ().Get(key); ok {
			return req.URLVars()[name]
		}
	}
	return ""
}

// fillQuery reads the query strictly: what is no UTF-8 is the client's mistake.
func (p *plan) fillQuery(req *webob.Request, v reflect.Value) error {
	if len(p.query.fields) == 0 {
		return nil
	}
	vars, err := req.Query()
	if err != nil {
		return err
	}
	return p.query.fill(req, vars, v, webob.InQuery)
}

// fillHeader reads the lines of the fields there are names for. Of several the last
// counts where the field takes one value.
func (p *plan) fillHeader(req *webob.Request, v reflect.Value) error {
	if len(p.header.fields) == 0 {
		return nil
	}
	vars := new(webob.MultiDict)
	for _, f := range p.header.fields {
		if f.name == "Host" && req.Host != "" { // net/http keeps it elsewhere
			vars.Add(f.name, req.Host)
		}
		for _, value := range req.Header[f.name] {
			vars.Add(f.name, value)
		}
	}
	return p.header.fill(req, vars, v, webob.InHeader)
}

// fillBody reads the body into a struct that has its fields alone. A request that
// neither has a body nor says what it would be leaves them as they are.
func (p *plan) fillBody(req *webob.Request, v reflect.Value) error {
	none := req.Body == nil || req.Body == http.NoBody || req.ContentLength == 0
	if len(p.body.fields) == 0 || none && req.Header.Get("Content-Type") == "" {
		return nil
	}
	decode := req.Decode
	if p.strict {
		decode = req.DecodeStrict
	}
	if p.whole {
		return decode(v.Addr().Interface())
	}
	own := reflect.New(p.body.t)
	if err := decode(own.Interface()); err != nil {
		return err
	}
	for i, f := range p.body.fields {
		v.FieldByIndex(f.index).Set(own.Elem().Field(i))
	}
	return nil
}

// fill reads variables into the source's own struct, and from there into v.
func (s *part) fill(req *webob.Request, vars *webob.MultiDict, v reflect.Value, source string) error {
	own := reflect.New(s.t)
	err := req.DecodeVars(vars, own.Interface(), source)
	var faults webob.FieldErrors
	if err != nil && !errors.As(err, &faults) {
		return err
	}
	for i, f := range s.fields {
		from, to := own.Elem().Field(i), v.FieldByIndex(f.index)
		if !f.text {
			to.Set(from)
			continue
		}
		if from.IsNil() {
			continue
		}
		if to.Kind() == reflect.Pointer {
			to.Set(reflect.New(to.Type().Elem()))
		} else {
			to = to.Addr()
		}
		if err := to.Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(from.Elem().String())); err != nil {
			faults = append(faults, webob.FieldError{Source: source, Pointer: "/" + f.name, Message: "does not fit"})
		}
	}
	return faults.InputError()
}
