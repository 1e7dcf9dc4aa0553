package webob

import "strings"

// Charset is the charset of the body, as the client has named it, or "UTF-8" where
// it names none; of two the first counts. WebOb: Request.charset.
func (r *Request) Charset() string {
	if cs := mediaParams(r.Header.Get("Content-Type")).Get("charset"); cs != "" {
		return cs
	}
	return "UTF-8"
}

// inCharset spells text in the charset that the Content-Type names, or makes that
// utf-8 where it cannot.
func (p *Response) inCharset(s string) string {
	if ct := p.header.ContentType(); ct == typeText || ct == typeHTML {
		return s
	}
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
