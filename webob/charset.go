package webob

import (
	"net/http"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// Charset is the charset of the body, as the client has named it, or "UTF-8" where
// it names none; of two the first counts. WebOb: Request.charset.
func (r *Request) Charset() string {
	if cs := mediaParams(r.Header.Get("Content-Type")).Get("charset"); cs != "" {
		return cs
	}
	return "UTF-8"
}

// charset is the encoding that Content-Type names, nil for UTF-8.
func (r *Request) charset() (encoding.Encoding, error) {
	return charsetIn(r.Header.Get("Content-Type"))
}

// charsetIn is the encoding that a Content-Type names, nil for UTF-8.
func charsetIn(ct string) (encoding.Encoding, error) {
	if !strings.Contains(ct, "=") {
		return nil, nil
	}
	label, _ := fieldParam(ct, "charset")
	return charsetOf(label)
}

// charsetOf finds an encoding by its label in the WHATWG's list; nil stands for
// UTF-8.
func charsetOf(label string) (encoding.Encoding, error) {
	switch strings.ToLower(label) {
	case "", "utf-8", "utf8":
		return nil, nil
	case "us-ascii", "ascii": // windows-1252 in that list, which says what nobody has said
		return ascii{}, nil
	case "latin-1": // the name everybody writes, which the list has without the hyphen
		label = "latin1"
	}
	enc, err := htmlindex.Get(label)
	if err != nil || enc == encoding.Replacement {
		return nil, &InputError{
			Status: http.StatusUnsupportedMediaType,
			Public: "the character set " + quoteShort(label) + " is not known", Err: err,
		}
	}
	if name, _ := htmlindex.Name(enc); name == "utf-8" {
		return nil, nil
	}
	return enc, nil
}

// inCharset spells text in the charset that the Content-Type names, or makes that
// utf-8 where it cannot.
func (p *Response) inCharset(s string) string {
	name := p.codecName()
	if enc, err := charsetOf(name); err == nil && (isASCII(s) || !strings.HasSuffix(name, "ascii")) {
		if enc == nil {
			return s
		}
		if coded, err := enc.NewEncoder().String(s); err == nil {
			return coded
		}
	}
	// The field was readable enough to name a charset, so a type is there.
	if p.SetCharset("utf-8") != nil {
		p.header.SetContentType(typeText)
	}
	return s
}

// fromCharset is the way back; what the charset does not know is U+FFFD.
func (p *Response) fromCharset(s string) string {
	if ct := p.header.ContentType(); strings.Contains(ct, "=") {
		if enc, err := charsetOf(p.codecName()); err == nil && enc != nil {
			if text, err := enc.NewDecoder().String(s); err == nil {
				return text
			}
		}
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// codecName is the charset under a name that the WHATWG's list has.
func (p *Response) codecName() string {
	switch cs := strings.ToLower(p.Charset()); cs {
	case "latin-1":
		return "latin1"
	default:
		return cs
	}
}
