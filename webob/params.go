package webob

import (
	"errors"
	"net/http"
)

// queryCache is the query string as it was parsed last.
type queryCache struct {
	dict *MultiDict
	of   *http.Request
	raw  string
}

// GET are the variables of the query string, of any method. Changing them
// changes URL.RawQuery at once; setting URL.RawQuery makes other variables, that
// the next GET gives. They are read leniently, see ParseQuery: Err of the result
// tells of bytes that are no UTF-8 and of more than Limits.Pairs variables. Query
// answers these with a status.
//
// WebOb: Request.GET.
func (r *Request) GET() *MultiDict {
	in := r.input()
	in.mu.Lock()
	defer in.mu.Unlock()
	of, raw := r.Request, r.target().RawQuery
	if c := &in.query; c.dict != nil && c.of == of && c.raw == raw {
		return c.dict
	}
	d := parseVars(raw, in.filled().Pairs)
	in.query = queryCache{d, of, raw}
	d.notify(func() { in.setQuery(of, d) })
	return d
}

// setQuery writes the query string when the variables have changed.
func (in *input) setQuery(of *http.Request, d *MultiDict) {
	raw := d.Encode()
	r := Request{Request: of}
	r.ownURL().RawQuery = raw
	of.Form = nil // net/http's, of the old query
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.query.dict == d {
		in.query.raw = raw
	}
}

// Query is GET for those who want no guesses: bytes that are no UTF-8 are an
// *InputError of 400, too many variables one of 414.
func (r *Request) Query() (*MultiDict, error) {
	d := r.GET()
	return d, strictVars(d, "the query", http.StatusRequestURITooLong)
}

// POST are the variables and the uploads of a form, urlencoded or multipart, of
// any method but GET and HEAD, which have an empty form. It is never nil: a
// request without a form has an empty read-only one. The body is read on the
// first call, and can be read again by whoever comes after. What net/http has
// parsed already (PostForm, MultipartForm) is taken from there.
//
// Bytes that are no UTF-8 become U+FFFD, and Err of the result tells so. A form
// that cannot be read (too large, cut short, malformed) has no variables at all:
// the result is empty and read-only, its Err is the *InputError to be returned,
// and the log has a line, so that nobody takes it for a form left blank. ReadForm
// gives the error where it cannot be overlooked.
//
// WebOb: Request.POST.
func (r *Request) POST() *MultiDict {
	d := r.form()
	if d.fault != nil {
		r.logForm()
	}
	return d
}

// ReadForm is POST for those who want no guesses: a form that cannot be read or
// has bytes that are no UTF-8, and a request without a form, are an *InputError
// (400, 413, 415).
func (r *Request) ReadForm() (*MultiDict, error) {
	d := r.form()
	if r.formKind() == noForm {
		return d, wrongType(r.Header.Get("Content-Type"))
	}
	return d, strictVars(d, "the form", http.StatusRequestEntityTooLarge)
}

// Params are the variables of the query and of the form together, read-only: a
// single value is looked up in the query first, lists have the query's values
// first. For errors see POST. WebOb: Request.params.
func (r *Request) Params() *MultiDict { return NestedMultiDict(r.GET(), r.POST()) }

// strictVars makes an *InputError of what lenient readers may pass over.
func strictVars(d *MultiDict, what string, tooMany int) error {
	err := d.Err()
	if _, ok := errors.AsType[*InputError](err); ok || err == nil {
		return err
	}
	switch {
	case errors.Is(err, ErrTooManyPairs):
		return &InputError{Status: tooMany, Public: what + " has too many variables", Err: err}
	case errors.Is(err, ErrNotUTF8):
		return badInput(err, "%s has characters that are not in its character set", what)
	case errors.Is(err, errNoParts):
		return badInput(err, "%s has no parts: the boundary does not occur in it", what)
	}
	return err // the server's own
}
