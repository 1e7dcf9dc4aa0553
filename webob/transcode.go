package webob

import (
	"net/http"
	"regexp"
	"strings"

	"golang.org/x/text/encoding"
)

// Transcode is a Copy in UTF-8 of a request in another character set: its query,
// and its form with names, texts and file names (the contents of uploads stay, and
// so do bodies that are no forms). "" takes the charset that Content-Type names,
// which then says UTF-8. An unknown one is an *InputError of 415, bytes that are
// not in it are one of 400, the form's other errors are those of ReadForm.
// WebOb: Request.decode.
func (r *Request) Transcode(charset string) (*Request, error) {
	cs, err := charsetOf(charset)
	if charset == "" {
		cs, err = r.charset()
	}
	if err != nil {
		return nil, err
	}
	c, err := r.Copy()
	if err != nil || cs == nil {
		return c, err
	}
	l := r.Limits()
	query, err := transcodeVars(c.target().RawQuery, l, cs, "the query")
	if err != nil {
		return nil, err
	}
	c.ownURL().RawQuery = query
	return c, c.transcodeForm(cs, l)
}

// transcodeVars writes variables anew; a text without any stays.
func transcodeVars(raw string, l Limits, cs encoding.Encoding, what string) (string, error) {
	if !strings.Contains(raw, "=") {
		return raw, nil
	}
	d := parseVarsIn(raw, l.Pairs, cs)
	return d.Encode(), strictVars(d, what, http.StatusRequestEntityTooLarge)
}

var charsetParam = regexp.MustCompile(`(?i);\s*charset=[^;]*`)

// transcodeForm writes the form of a copy anew, and its type.
func (r *Request) transcodeForm(cs encoding.Encoding, l Limits) error {
	was := r.Header.Get("Content-Type")
	is := charsetParam.ReplaceAllString(was, `; charset="UTF-8"`)
	body, err := r.Bytes()
	if err != nil {
		return err
	}
	switch r.formKind() {
	case urlencoded:
		var text string
		if text, err = transcodeVars(string(body), l, cs, "the form"); err == nil && was != "" {
			r.SetBytes([]byte(text))
		}
	case multipartForm:
		var d *MultiDict
		if d, err = parseMultipart(&spool{size: int64(len(body)), mem: body}, was, cs, l); err == nil {
			err = strictVars(d, "the form", http.StatusRequestEntityTooLarge)
		}
		if err == nil {
			_, body, err = writeMultipart(is, d)
		}
		if err == nil {
			r.SetBytes(body)
		}
	}
	if err == nil && was != "" {
		r.Header["Content-Type"] = []string{is}
	}
	return err
}
