package webob

import (
	"net/http"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
)

// mediaType is the media type of a Content-Type, in lower case.
func mediaType(field string) string {
	media, _, _ := strings.Cut(field, ";")
	return strings.ToLower(strings.TrimSpace(media))
}

// fieldParam is the last parameter of that name in a Content-Type or a
// Content-Disposition. Clients are careless with these, and browsers write
// backslashes as they are, so a backslash escapes a quote or a backslash alone:
// mime.ParseMediaType would refuse or change what everybody sends.
func fieldParam(field, name string) (value string, ok bool) {
	_, rest, _ := strings.Cut(field, ";")
	for rest != "" {
		var param string
		param, rest = cutParam(rest)
		n, v, found := strings.Cut(param, "=")
		if found && strings.EqualFold(strings.TrimSpace(n), name) {
			value, ok = unquoteParam(strings.TrimSpace(v)), true
		}
	}
	return value, ok
}

// cutParam cuts at the first semicolon that is not in quotes.
func cutParam(s string) (param, rest string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '\\' && quoted && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
		case s[i] == ';' && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

var paramUnescaper = strings.NewReplacer(`\\`, `\`, `\"`, `"`)

func unquoteParam(s string) string {
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		return paramUnescaper.Replace(s[1 : len(s)-1])
	}
	return s
}

// charset is the encoding that Content-Type names, nil for UTF-8.
func (r *Request) charset() (encoding.Encoding, error) {
	ct := r.Header.Get("Content-Type")
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
