package webob

import (
	"strings"

	"github.com/gowebob/gowebob/webob/header"
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

// mediaParams reads the parameters of a media type, and passes over what is none.
func mediaParams(field string) header.Params {
	_, rest, _ := strings.Cut(field, ";")
	var params header.Params
	for rest != "" {
		var param string
		param, rest = cutParam(rest)
		name, value, found := strings.Cut(param, "=")
		if name = strings.TrimSpace(name); found && isToken(name) {
			params = append(params, header.Param{Name: strings.ToLower(name), Value: unquoteParam(strings.TrimSpace(value))})
		}
	}
	return params
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
