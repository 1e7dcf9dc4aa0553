package deploy

import (
	"encoding"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/go-playground/form/v4"
)

// Decode fills a struct with the settings, each field with that of its name:
//
//	type options struct {
//		Greeting string        `ini:"greeting,required"`
//		Users    []string      `ini:"req_usernames"`
//		Hosts    []string      `ini:"hosts" sep:","`
//		Timeout  time.Duration `ini:"timeout"`
//		MaxBody  deploy.Size   `ini:"max_body"`
//		Debug    bool          `ini:"debug,global"`
//	}
//	opts := options{Timeout: 30 * time.Second} // a default
//	if err := cfg.Decode(&opts); err != nil {
//		return nil, err
//	}
//
// A field without a tag has its name in snake case (MaxBody: max_body); one tagged "-" is
// left alone, and so is one whose setting is missing, which keeps its default. Options after
// the name: "required" refuses a missing setting (an empty one is there), "global" takes a global where the
// object has no such setting, "rest" on a map[string]string has it take all settings that no
// field has.
//
// Strings are taken as they are, switches as ParseBool and whole numbers as ParseInt read
// them, within the range of their type; a time.Duration is "1m30s" or a number of seconds;
// a type with UnmarshalText reads itself, as Size does. A slice is a list: at white space, or at
// what the tag sep says. Structs that are embedded count as part of the struct.
//
// A setting that no field has is an error, with a suggestion if one is like it. All errors are
// told at once, as Faults. A struct that cannot be filled is a mistake in the program:
// Decode panics.
func (c Config) Decode(into any) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		panic(fmt.Sprintf("deploy: Decode fills a struct through a pointer, not %T", into))
	}
	d := decoding{c: c, dec: form.NewDecoder(), values: url.Values{}, taken: map[string]bool{}, places: map[string]place{}}
	d.dec.SetMode(form.ModeImplicit)
	d.dec.RegisterTagNameFunc(func(f reflect.StructField) string { return f.Name })
	d.collect(v.Elem())
	d.fill(into)
	d.leftOver()
	if len(d.faults) > 0 {
		return d.faults
	}
	return nil
}

// decoding is one Decode. Form values are named after the struct's fields.
type decoding struct {
	c      Config
	dec    *form.Decoder
	values url.Values
	places map[string]place // where the value of a field stands
	taken  map[string]bool  // settings that a field has
	names  []string
	rest   reflect.Value
	faults Faults
}

// collect finds the setting of each field, and teaches the decoder the field's type.
func (d *decoding) collect(v reflect.Value) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		tag, tagged := f.Tag.Lookup("ini")
		name, more, _ := strings.Cut(tag, ",")
		switch {
		case tag == "-" || !f.IsExported() && !f.Anonymous:
		case f.Anonymous && !tagged && f.Type.Kind() == reflect.Struct && !reads(f.Type):
			d.collect(v.Field(i))
		case !f.IsExported():
		default:
			if name == "" {
				name = snake(f.Name)
			}
			d.field(f, v.Field(i), name, strings.Split(more, ","))
		}
	}
}

func (d *decoding) field(f reflect.StructField, v reflect.Value, name string, opts []string) {
	if slices.Contains(opts, "rest") {
		if f.Type != reflect.TypeFor[map[string]string]() {
			panic(fmt.Sprintf("deploy: field %s: rest is for a map[string]string, not %v", f.Name, f.Type))
		}
		d.rest = v
		return
	}
	d.names = append(d.names, name)
	d.taken[name] = true
	s, ok := d.c.data().locals.m[name]
	if !ok && slices.Contains(opts, "global") {
		s, ok = d.c.data().globals.m[name]
	}
	at := s.at
	at.key = name
	if !ok && slices.Contains(opts, "required") {
		d.faults = append(d.faults, d.c.place(name).fault(Refused, "the setting %s is required", name))
		return
	}
	d.learn(f)
	if !ok {
		return
	}
	d.places[f.Name] = at
	values := []string{s.value}
	if f.Type.Kind() == reflect.Slice && !reads(f.Type) {
		values = SplitList(s.value, f.Tag.Get("sep"))
		if s.value == "" {
			values = nil
		}
		v.Set(reflect.MakeSlice(f.Type, 0, len(values)))
	}
	if len(values) > 0 {
		d.values[f.Name] = values
	}
}

// learn has the decoder read a type our way.
func (d *decoding) learn(f reflect.StructField) {
	t := f.Type
	if !reads(t) && t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if !readable(t) {
		panic(fmt.Sprintf("deploy: field %s: a setting cannot become a %v", f.Name, f.Type))
	}
	d.dec.RegisterCustomTypeFunc(func(values []string) (any, error) {
		v := reflect.New(t).Elem()
		err := read(v, values[0])
		return v.Interface(), err
	}, reflect.Zero(t).Interface())
}

var textType = reflect.TypeFor[encoding.TextUnmarshaler]()

// reads tells whether a type reads itself.
func reads(t reflect.Type) bool { return reflect.PointerTo(t).Implements(textType) }

func readable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return true
	}
	return reads(t)
}

// read sets v to what a text means.
func read(v reflect.Value, s string) error {
	if reads(v.Type()) {
		return v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s))
	}
	if v.Type() == reflect.TypeFor[time.Duration]() {
		d, err := parseDuration(s)
		v.SetInt(int64(d))
		return err
	}
	switch v.Kind() {
	case reflect.Bool:
		b, err := ParseBool(s)
		v.SetBool(b)
		return err
	case reflect.Float32, reflect.Float64:
		x, err := strconv.ParseFloat(strings.TrimFunc(s, isSpace), v.Type().Bits())
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || strings.ContainsAny(s, "_xX") {
			return fmt.Errorf("%s is no number", quote(s))
		}
		v.SetFloat(x)
	case reflect.String:
		v.SetString(s)
	default:
		return readInt(v, s)
	}
	return nil
}

func readInt(v reflect.Value, s string) error {
	n, err := ParseInt(s)
	switch {
	case err != nil:
		return err
	case v.CanInt() && !v.OverflowInt(int64(n)):
		v.SetInt(int64(n))
	case v.CanUint() && n >= 0 && !v.OverflowUint(uint64(n)):
		v.SetUint(uint64(n))
	case n < 0 && v.CanUint():
		return fmt.Errorf("%s is negative", quote(s))
	default:
		return fmt.Errorf("%s is too large", quote(s))
	}
	return nil
}

// parseDuration reads "1m30s", or a number of seconds.
func parseDuration(s string) (time.Duration, error) {
	t := strings.TrimFunc(s, isSpace)
	if d, err := time.ParseDuration(t); err == nil {
		return d, nil
	}
	if d, err := time.ParseDuration(t + "s"); err == nil && strings.Trim(t, "0123456789.") == "" {
		return d, nil
	}
	return 0, fmt.Errorf("%s is no duration, as 1m30s, 250ms or 30 (seconds)", quote(s))
}

func (d *decoding) fill(into any) {
	err := d.dec.Decode(into, d.values)
	var wrong form.DecodeErrors
	if !errors.As(err, &wrong) {
		if err != nil {
			panic(fmt.Sprintf("deploy: Decode of %T: %v", into, err))
		}
		return
	}
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		field, _, _ := strings.Cut(name, "[")
		d.faults = append(d.faults, d.places[field].faultOf(Refused, wrong[name]))
	}
}

// leftOver finds settings that no field has.
func (d *decoding) leftOver() {
	rest := map[string]string{}
	for _, key := range d.c.data().locals.keys {
		v := d.c.data().locals.m[key]
		switch {
		case d.taken[key]:
		case d.rest.IsValid():
			rest[key] = v.value
		default:
			at := d.c.place(key)
			d.faults = append(d.faults, at.fault(Refused, "there is no setting %s%s", key, didYouMean(key, d.names)))
		}
	}
	if d.rest.IsValid() && (len(rest) > 0 || d.rest.IsNil()) {
		d.rest.Set(reflect.ValueOf(rest))
	}
}

// snake is the name of a setting for a field: MaxBody is max_body, URLPrefix url_prefix.
func snake(name string) string {
	var b strings.Builder
	letters := []rune(name)
	for i, c := range letters {
		if i > 0 && unicode.IsUpper(c) && (!unicode.IsUpper(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
