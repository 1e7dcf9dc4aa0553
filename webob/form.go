package webob

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"mime/multipart"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
)

// formKind is how a request's form is written.
type formKind uint8

const (
	noForm formKind = iota
	urlencoded
	multipartForm
)

// formKind tells by Content-Type; a POST without one is taken for urlencoded.
func (r *Request) formKind() formKind {
	ct := r.Header.Get("Content-Type")
	if ct == "application/x-www-form-urlencoded" { // as everybody writes it
		return urlencoded
	}
	switch mediaType(ct) {
	case "application/x-www-form-urlencoded":
		return urlencoded
	case "multipart/form-data":
		return multipartForm
	case "":
		if r.Method == http.MethodPost {
			return urlencoded
		}
	}
	return noForm
}

// formCache is the form as it was parsed last, and what it was parsed from.
type formCache struct {
	dict   *MultiDict
	from   formSource
	err    error // why dict is empty
	logged bool
}

// formSource is what makes a form: while it is the same, so is the form.
type formSource struct {
	method, ctype string
	spool         *spool          // the body
	files         *multipart.Form // or what net/http has made of it
	values        uintptr         // or of an urlencoded one, the map's address
	limits        Limits          // a copy, as it is compared
	failed        bool
}

// form reads the form once.
func (r *Request) form() *MultiDict { return r.formOf(r.formKind()) }

func (r *Request) formOf(kind formKind) *MultiDict {
	if kind == noForm {
		return NoVars("the request has no form")
	}
	in := r.input()
	in.bodyMu.Lock()
	defer in.bodyMu.Unlock()
	from, err := in.formSource(r, kind)
	if in.form != nil && in.form.from == from {
		return in.form.dict
	}
	var d *MultiDict
	if err == nil {
		d, err = r.parseForm(kind, from, &from.limits)
	}
	if err != nil {
		d = NoVars("the form could not be read")
		d.fault = err
	}
	in.form = &formCache{dict: d, from: from, err: err}
	return d
}

// logForm writes down once that a form could not be read: whoever asks POST may
// forget to ask for its error.
func (r *Request) logForm() {
	in := r.input()
	in.bodyMu.Lock()
	err := in.form.err
	if in.form.logged {
		err = nil
	}
	in.form.logged = true
	in.bodyMu.Unlock()
	if err != nil {
		r.logger().LogAttrs(r.Context(), slog.LevelWarn, "form not readable", slog.String("method", r.Method),
			slog.String("path", r.URL.Path), slog.Any("err", err))
	}
}

// formSource finds where the form is, and reads the body if it is there.
func (in *input) formSource(r *Request, kind formKind) (formSource, error) {
	from := formSource{method: r.Method, ctype: r.Header.Get("Content-Type"), limits: *in.filled()}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return from, nil
	}
	if !in.holds(r.Body) {
		// The body may have been read by net/http, for which see ParseForm: it
		// leaves forms of other methods and of no type alone.
		switch {
		case kind == multipartForm && r.MultipartForm != nil:
			from.files = r.MultipartForm
			return from, nil
		case kind == urlencoded && r.PostForm != nil && from.ctype != "" &&
			(r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch):
			from.values = reflect.ValueOf(r.PostForm).Pointer()
			return from, nil
		}
	}
	if !r.IsBodyReadable() {
		return from, nil
	}
	s, err := in.load(r, kind == urlencoded)
	from.spool, from.failed = s, err != nil
	return from, err
}

func (r *Request) parseForm(kind formKind, from formSource, l *Limits) (*MultiDict, error) {
	switch {
	case from.files != nil:
		return collectForm(from.files.Value, from.files.File), nil
	case from.values != 0:
		return collectForm(r.PostForm, nil), nil
	}
	cs, err := r.charset()
	if err != nil {
		return nil, err
	}
	if kind == multipartForm {
		return parseMultipart(from.spool, from.ctype, cs, *l)
	}
	if from.spool == nil {
		return new(MultiDict), nil
	}
	b, err := from.spool.bytes()
	if err != nil {
		return nil, err
	}
	d := parseVarsIn(string(b), l.Pairs, cs)
	if errors.Is(d.fault, ErrTooManyPairs) {
		return nil, tooLarge("the form", int64(l.Pairs), "variables")
	}
	return d, nil
}

// collectForm takes what net/http has parsed, where the order of keys is lost:
// they are sorted.
func collectForm(values map[string][]string, files map[string][]*multipart.FileHeader) *MultiDict {
	d := new(MultiDict)
	for _, key := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[key] {
			d.push(Pair{Key: d.mended(key), Value: d.mended(value)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		for _, f := range files[name] {
			u := newUpload(d.mended(name), d.mended(f.Filename), http.Header(f.Header), f.Size)
			u.open = func() (readSeekCloser, error) { return f.Open() }
			d.push(Pair{Key: u.Name, Value: u.Filename, File: u})
		}
	}
	return d
}

// parseVarsIn is parseVars for text in another character set.
func parseVarsIn(raw string, limit int, cs encoding.Encoding) *MultiDict {
	if cs == nil {
		return parseVars(raw, limit)
	}
	d := new(MultiDict)
	for piece := range strings.SplitSeq(raw, "&") {
		if piece == "" {
			continue
		}
		if len(d.pairs) == limit {
			d.fault = ErrTooManyPairs
			return d
		}
		key, value, _ := strings.Cut(piece, "=")
		d.push(Pair{Key: d.decoded(unescapeVar(key), cs), Value: d.decoded(unescapeVar(value), cs)})
	}
	return d
}

// decoded makes UTF-8 of s, noting what does not fit.
func (d *MultiDict) decoded(s string, cs encoding.Encoding) string {
	if cs == nil {
		return d.mended(s)
	}
	out, err := cs.NewDecoder().String(s)
	if err != nil || strings.ContainsRune(out, utf8.RuneError) {
		d.misfit(s)
	}
	return out
}

// mended is s with U+FFFD for what is no UTF-8, noting it.
func (d *MultiDict) mended(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	d.misfit(s)
	return mendUTF8(s)
}

// misfit notes the first variable that is not in its character set.
func (d *MultiDict) misfit(s string) {
	if d.fault == nil {
		d.fault = fmt.Errorf("webob: variable %q: %w", shortVar(mendUTF8(s)), ErrNotUTF8)
	}
}
