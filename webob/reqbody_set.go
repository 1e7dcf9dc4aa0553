package webob

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// SetBytes makes b the body, and its length Content-Length. The request keeps b.
// Content-Type stays. WebOb: Request.body.
func (r *Request) SetBytes(b []byte) {
	r.Body = &replay{s: &spool{size: int64(len(b)), mem: b}}
	r.ContentLength, r.TransferEncoding, r.GetBody = int64(len(b)), nil, nil
	r.Form, r.PostForm, r.MultipartForm = nil, nil, nil // of the old body
	if r.Header == nil {
		r.Header = make(http.Header)
	}
	r.Header["Content-Length"] = []string{strconv.Itoa(len(b))}
}

// SetText makes s the body, in the charset that Content-Type names, or UTF-8. A
// charset that is not known or cannot say s is an error, and changes nothing.
// Content-Type stays. WebOb: Request.text.
func (r *Request) SetText(s string) error {
	cs, err := r.charset()
	if err != nil {
		return err
	}
	if cs != nil {
		if s, err = cs.NewEncoder().String(s); err != nil {
			return fmt.Errorf("webob: text in the charset of %q: %w", r.Header.Get("Content-Type"), err)
		}
	}
	r.SetBytes([]byte(s))
	return nil
}

// SetJSON makes v the body, as JSON in ASCII: what is not is written \u00e9, so
// that it is the same in any charset. Content-Type stays. An encoding error
// changes nothing. WebOb: Request.json.
func (r *Request) SetJSON(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("webob: body as JSON: %w", err)
	}
	r.SetBytes(asciiJSON(bytes.TrimSuffix(b.Bytes(), []byte("\n"))))
	return nil
}

// asciiJSON writes \u escapes for what is not ASCII.
func asciiJSON(b []byte) []byte {
	if !bytes.ContainsFunc(b, func(c rune) bool { return c >= utf8.RuneSelf }) {
		return b
	}
	out := make([]byte, 0, len(b)+16)
	for _, c := range string(b) {
		switch {
		case c < utf8.RuneSelf:
			out = append(out, byte(c))
		case c < 0x10000:
			out = fmt.Appendf(out, `\u%04x`, c)
		default:
			high, low := utf16.EncodeRune(c)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		}
	}
	return out
}
