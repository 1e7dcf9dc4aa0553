package webob

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"unicode/utf8"
)

// Decode fills v, a pointer, from the body by its Content-Type: a urlencoded or
// multipart form, or JSON (application/json, or any type with the suffix +json).
// A POST without a Content-Type is taken for a form, as POST takes it.
//
// A form fills a struct through go-playground/form: fields are found by the tag
// form or by their name, a[0].b and a[k] reach into slices and maps, a[] appends.
// A field of type *Upload or []*Upload takes the uploads of its name. A form also
// fills a map[string]string (last values), a map[string][]string such as
// url.Values, and a map[string]any (see MultiDict.Mixed). Keys that v has no
// field for are passed over.
//
// What the client got wrong is an *InputError: 400 for a body that is malformed,
// 413 for one beyond the Limits, 415 for another type or a content coding that
// DecodeBody has not undone, and 422 for values that
// do not fit, with a FieldErrors behind it that names all of them. v may be half
// filled then. The body can be read again afterwards.
func (r *Request) Decode(v any) error { return r.decode(v, false) }

// DecodeStrict is Decode, and answers with 422 what Decode passes over: keys that
// v has no field for, and keys given twice whose field takes one value.
func (r *Request) DecodeStrict(v any) error { return r.decode(v, true) }

func (r *Request) decode(v any, strict bool) error {
	if err := r.stillCoded(); err != nil {
		return err
	}
	if kind := r.formKind(); kind != noForm {
		if kind == urlencoded && !strict && r.decodeInPlace(v) {
			return nil
		}
		d := r.formOf(kind)
		if err := strictVars(d, "the form", http.StatusRequestEntityTooLarge); err != nil {
			return err
		}
		return decodeVars(d, v, InForm, strict, r.Limits())
	}
	if ct := r.Header.Get("Content-Type"); !isJSON(mediaType(ct)) {
		return wrongType(ct)
	}
	return r.decodeJSON(v, strict)
}

// DecodeQuery fills v from the query string, as Decode does from a form.
func (r *Request) DecodeQuery(v any) error {
	d, err := r.Query()
	if err != nil {
		return err
	}
	return decodeVars(d, v, InQuery, false, r.Limits())
}

// JSON fills v, a pointer, from a JSON body (RFC 8259) as encoding/json does,
// whatever its Content-Type; Decode asks for the type as well. What the client got
// wrong is an *InputError: 400, with the offset, for a text that is no JSON or no
// UTF-8, 413 for one too large or nested too deeply, 422 for values of another
// type than v has. WebOb: Request.json.
func (r *Request) JSON(v any) error {
	if err := r.stillCoded(); err != nil {
		return err
	}
	return r.decodeJSON(v, false)
}

func (r *Request) decodeJSON(v any, strict bool) error {
	b, err := r.Bytes()
	if err != nil {
		return err
	}
	b = bytes.TrimPrefix(b, []byte("\uFEFF")) // RFC 8259 section 8.1 allows to pass over it
	if len(b) == 0 {
		return badInput(io.ErrUnexpectedEOF, "the body is empty where JSON is expected")
	}
	if i := invalidUTF8(b); i >= 0 {
		return badInput(ErrNotUTF8, "malformed JSON at byte %d: not UTF-8", i+1)
	}
	l := r.Limits()
	if jsonDepth(b) > l.Depth {
		return tooLarge("the nesting of the JSON text", int64(l.Depth), "levels")
	}
	if !strict {
		return jsonFault(json.Unmarshal(b, v), b, v, false)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	err = dec.Decode(v)
	if err == nil && json.Unmarshal(b, new(json.RawMessage)) != nil { // something behind it
		err = json.Unmarshal(b, new(json.RawMessage))
	}
	return jsonFault(err, b, v, true)
}

// jsonFault gives what encoding/json says its status.
func jsonFault(err error, b []byte, v any, strict bool) error {
	var syntax *json.SyntaxError
	var misfit *json.UnmarshalTypeError
	var misuse *json.InvalidUnmarshalError
	switch {
	case err == nil || errors.As(err, &misuse):
		return err
	case errors.As(err, &syntax):
		return badInput(err, "malformed JSON at byte %d: %s", syntax.Offset, syntax.Error())
	case errors.Is(err, io.ErrUnexpectedEOF):
		return badInput(err, "malformed JSON at byte %d: unexpected end", len(b))
	case errors.As(err, &misfit):
		faults := FieldErrors{{InJSON, pointerTo(strings.FieldsFunc(misfit.Field, isDot)...), mustBe(misfit.Type)}}
		if all := jsonMisfits(b, v, strict); len(all) > 0 {
			faults = all
		}
		return faults.InputError()
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		faults := FieldErrors{{InJSON, pointerTo(strings.Trim(name, `"`)), "is not known"}}
		if all := jsonMisfits(b, v, strict); len(all) > 0 {
			faults = all
		}
		return faults.InputError()
	}
	// From an UnmarshalJSON of the application's: its text may be private.
	return &InputError{Status: http.StatusUnprocessableEntity, Public: "the JSON text does not fit", Err: err}
}

func isDot(r rune) bool { return r == '.' }

func isJSON(media string) bool {
	return media == "application/json" || strings.HasSuffix(media, "+json")
}

// wrongType is the 415 of a body that nobody knows how to read.
func wrongType(ct string) *InputError {
	public := "the body has no Content-Type"
	if ct != "" {
		public = "a body of type " + quoteShort(mendUTF8(ct)) + " is not taken here"
	}
	return &InputError{Status: http.StatusUnsupportedMediaType, Public: public}
}

// invalidUTF8 is the index of the first byte that is no UTF-8, or -1.
func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// jsonDepth is how deep b is nested, whether it is valid or not.
func jsonDepth(b []byte) (deepest int) {
	depth, quoted := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
			deepest = max(deepest, depth)
		case c == ']' || c == '}':
			depth--
		}
	}
	return deepest
}

// mustBe says what a field of type t takes.
func mustBe(t reflect.Type) string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil {
		return "does not fit"
	}
	if t == timeType {
		return "must be a date and time such as 2006-01-02T15:04:05Z"
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "must be a whole number" + bits(t)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "must be a whole number, not negative" + bits(t)
	case reflect.Float32, reflect.Float64:
		return "must be a number"
	case reflect.Bool:
		return "must be true or false"
	case reflect.String:
		return "must be a text"
	case reflect.Slice, reflect.Array:
		return "must be a list"
	case reflect.Struct, reflect.Map:
		return "must be an object"
	}
	return "does not fit"
}
