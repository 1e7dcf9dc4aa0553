package webob

import (
	"net/http"
	"strconv"
	"strings"
)

// Where the input of a FieldError stood.
const (
	InForm   = "form"
	InQuery  = "query"
	InPath   = "path"
	InHeader = "header"
	InJSON   = "json"
)

// FieldError is one field of the input that does not fit.
type FieldError struct {
	Source  string `json:"source"`  // InForm, InQuery, InPath, InHeader or InJSON
	Pointer string `json:"pointer"` // RFC 6901: /items/0/price; "" is the whole input; names are cut at 256 bytes
	Message string `json:"message"` // for the client: "must be a whole number"
}

// FieldErrors are all fields of a request that do not fit. errors.As finds them
// behind the *InputError of 422 that Decode and its kin return.
type FieldErrors []FieldError

// maxListed is how many fields Error names: a client can make thousands of them.
const maxListed = 20

// Error lists the fields with their messages, the first twenty of them.
func (e FieldErrors) Error() string {
	var b strings.Builder
	for i, f := range e {
		if i == maxListed {
			b.WriteString("; and " + strconv.Itoa(len(e)-i) + " more")
			break
		}
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(f.Source + " ")
		if f.Pointer != "" { // else the whole of it
			b.WriteString(f.Pointer + " ")
		}
		b.WriteString(f.Message)
	}
	return b.String()
}

// InputError is the 422 that names the fields to the client; nil where there are
// none. It is for those who check input themselves.
func (e FieldErrors) InputError() error {
	if len(e) == 0 {
		return nil
	}
	return &InputError{Status: http.StatusUnprocessableEntity, Public: e.Error(), Err: e}
}

var pointerEscaper = strings.NewReplacer("~", "~0", "/", "~1")

// maxPointerPart is how much of a name a pointer repeats: in JSON it may be as long as
// the body, and stand in each of many pointers.
const maxPointerPart = 256

// pointerTo makes a JSON pointer of its parts. What is too long to be repeated ends
// in "...".
func pointerTo(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteByte('/')
		if len(p) > maxPointerPart {
			p = strings.ToValidUTF8(p[:maxPointerPart], "") + "..."
		}
		pointerEscaper.WriteString(&b, p)
	}
	return b.String()
}

// keyPointer makes a JSON pointer of the key of a form: a[0].b is /a/0/b.
func keyPointer(key string) string {
	return pointerTo(strings.FieldsFunc(key, func(r rune) bool {
		return r == '.' || r == '[' || r == ']'
	})...)
}
