package header

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gowebob/gowebob/internal/quoted"
)

// ContentDisposition says what to do with the content, RFC 6266:
//
//	content-disposition = disposition-type *( ";" disposition-parm )
//	disposition-parm    = token "=" value / "filename*" "=" ext-value
//
//	Content-Disposition: attachment; filename="plan.txt"
//	Content-Disposition: inline
//	Content-Disposition: attachment; filename="na_ve.txt"; filename*=UTF-8''na%C3%AFve.txt
//
// Attachment makes one for a download. WebOb: Response.content_disposition.
var ContentDisposition = NewField("Content-Disposition", parseDispositionLines, Disposition.format)

// Disposition is what Content-Disposition holds.
type Disposition struct {
	// Type is "attachment", "inline" or "form-data".
	Type string
	// Params are the parameters as they are sent.
	Params Params
}

// Attachment offers the content for download under a name, in any script; the
// empty name leaves the choice to the client.
func Attachment(filename string) Disposition { return named("attachment", filename) }

// Inline shows the content in place, and names it for those who save it.
func Inline(filename string) Disposition { return named("inline", filename) }

// named makes a disposition with a file name. Old clients decode percent signs
// and backslashes in the plain parameter (RFC 6266, appendix D): what has such,
// or is beyond ASCII, goes into filename*, and filename gets a likeness.
func named(kind, filename string) Disposition {
	d := Disposition{Type: kind}
	if filename == "" {
		return d
	}
	filename = strings.ToValidUTF8(filename, "\ufffd")
	plain := strings.Map(plainChar, filename)
	d.Params = Params{{"filename", plain}}
	if plain != filename {
		d.Params = append(d.Params, Param{"filename*", encodeExt(filename)})
	}
	return d
}

// plainChar replaces what does not belong into a plain file name.
func plainChar(r rune) rune {
	if r < 0x20 || r > 0x7e || r == '"' || r == '\\' || r == '%' {
		return '_'
	}
	return r
}

// Filename is the name proposed for the file: filename* if it can be read, else
// filename. It is a name and no path: what stands before a slash or a backslash
// is left out, control characters are, and "." and ".." are no names. Where
// there is none it is "".
func (d Disposition) Filename() string {
	name, ok := decodeExt(d.Params.Get("filename*"))
	if !ok {
		name = d.Params.Get("filename")
		if !utf8.ValidString(name) {
			name = latin1(name)
		}
	}
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, name)
	if name == "." || name == ".." {
		return ""
	}
	return name
}

// String is the value as it is sent; file names are always in quotes.
func (d Disposition) String() string {
	b := []byte(d.Type)
	for _, p := range d.Params {
		b = append(b, "; "...)
		b = append(b, p.Name...)
		b = append(b, '=')
		if strings.HasSuffix(p.Name, "*") && isToken(p.Value) {
			b = append(b, p.Value...)
		} else {
			b = quoted.Append(b, p.Value)
		}
	}
	return string(b)
}

// format is String, but refuses names that are no tokens.
func (d Disposition) format() (string, error) {
	if !isToken(d.Type) {
		return "", bad(d.Type, -1, syntaxError("the type of a disposition is a token"))
	}
	if err := d.Params.check(); err != nil {
		return "", err
	}
	return d.String(), nil
}

// ParseDisposition reads the value of a Content-Disposition field.
func ParseDisposition(s string) (Disposition, error) {
	end := tokenEnd(s, 0)
	if end == 0 {
		return Disposition{}, bad(s, 0, syntaxError("type of a disposition expected"))
	}
	ps, _, err := parseParams(s, end, paramStyle{space: true}, 0)
	if err != nil {
		return Disposition{}, err
	}
	return Disposition{toLower(s[:end]), ps}, nil
}

// parseDispositionLines reads the first line.
func parseDispositionLines(lines []string) (Disposition, error) {
	s := trimOWS(lines[0])
	if s == "" {
		return Disposition{}, ErrAbsent
	}
	return ParseDisposition(s)
}
