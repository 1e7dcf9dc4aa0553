package conformance

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// decState is what layers have made of a request's path.
type decState struct {
	req          excRequest
	script, path string
	vars         map[string]any
}

func decStart(req excRequest) decState {
	path, _, _ := strings.Cut(req.Path, "?")
	s := decState{req: req}
	s.path, _ = url.PathUnescape(path)
	if base, err := url.Parse(req.BaseURL); err == nil {
		s.script = base.Path
	}
	return s
}

func (s decState) method() string {
	if s.req.Method == "" {
		return "GET"
	}
	return s.req.Method
}

// pop moves the first segment of the path.
func (s *decState) pop() string {
	rest := strings.TrimLeft(s.path, "/")
	if s.path == "" {
		return "None"
	}
	slashes := s.path[:len(s.path)-len(rest)]
	segment, _, _ := strings.Cut(rest, "/")
	s.script += slashes + segment
	s.path = rest[len(segment):]
	return segment
}

// echo are the lines a function shows; ok is false for what the model does not know.
func (s decState) echo(names []string, b decBound) (text string, ok bool) {
	known := map[string]string{
		"args":         decJoin(b.args, func(v any) string { return fmt.Sprint(v) }),
		"kwargs":       decPairs(b.kwargs),
		"class":        b.class,
		"method":       s.method(),
		"path_info":    s.path,
		"script_name":  s.script,
		"urlvars":      decPairs(s.vars),
		"query_string": "",
	}
	_, known["query_string"], _ = strings.Cut(s.req.Path, "?")
	if !strings.Contains(s.script+s.path, " ") && s.req.BaseURL == "" {
		known["path"] = s.script + s.path
	}
	var lines []string
	for _, name := range names {
		shown, ok := known[name]
		if !ok {
			return "", false
		}
		lines = append(lines, name+": "+shown)
	}
	return strings.Join(lines, "\n"), true
}

// body is the body of a function's answer, where it is plain to see.
func (s decState) body(h decHandler, b decBound) (text string, ok bool) {
	if h.Raises != nil {
		return "", false
	}
	var written strings.Builder
	for _, step := range h.Before {
		switch step[0] {
		case "write":
			written.WriteString(Raw(step[1].(string)))
		case "header", "cookie", "status", "content_type":
		default:
			return "", false
		}
	}
	switch kind, value := decResult(h.Returns); kind {
	case "", "own":
		return written.String(), true
	case "text":
		return written.String() + decodeStrict[string](value), true
	case "bytes":
		return written.String() + Raw(decodeStrict[string](value)), true
	case "echo":
		text, ok := s.echo(decodeStrict[[]string](value), b)
		return written.String() + text, ok
	case "handler":
		inner := decodeStrict[decHandler](value)
		return s.body(inner, decClassOf(inner))
	case "wsgi":
		return decodeStrict[excApp](value).body(), true
	case "response":
		spec := decodeStrict[responseSpec](value)
		switch {
		case spec.Body != nil:
			return Raw(*spec.Body), true
		case spec.Text != nil:
			return *spec.Text, true
		}
	}
	return "", false
}

func (a excApp) body() string { return Raw(a.Body + strings.Join(a.Chunks, "")) }

// decClassOf is what is bound to a function, and its request's class.
func decClassOf(h decHandler) decBound {
	b := h.bound()
	if h.Custom {
		b.class = "CustomRequest"
	}
	return b
}

// through is the body that comes out of layers.
func (s decState) through(layers []decLayer, app decApp) (text string, ok bool) {
	if len(layers) == 0 {
		switch {
		case app.WSGI != nil:
			return decodeStrict[excApp](app.WSGI).body(), true
		}
		if m := decMadeThrough(nil, app, s.req); m.page != nil {
			return decPageText(*m.page)
		}
		return s.body(app.decHandler, decClassOf(app.decHandler))
	}
	l, rest := layers[0], layers[1:]
	settings := maps.Clone(l.Settings)
	if settings == nil {
		settings = map[string]any{}
	}
	maps.Copy(settings, l.config())
	switch l.Do {
	case "nothing", "raise":
		return "", false
	case "short":
		return fmt.Sprint(settings["text"]), true
	case "config":
		return decPairs(l.config()), true
	case "path":
		s.path = fmt.Sprint(settings["path"])
	case "urlvars":
		s.vars = l.config()
	case "pop":
		segment := s.pop()
		text, ok = s.through(rest, app)
		return "at " + segment + ": " + text, ok
	case "catch":
		if m := decMadeThrough(rest, app, s.req); m.page != nil {
			code := excCode(m.page.Name)
			return "caught " + strconv.Itoa(code) + " " + http.StatusText(code), true
		}
	case "upper":
		text, ok = s.through(rest, app)
		return decUpper(text), ok
	}
	return s.through(rest, app)
}

// decPageText is the page of an error for a request without Accept.
func decPageText(p excPage) (text string, ok bool) {
	if p.field("Accept") != "" || !excNegotiated(p) || p.redirects() {
		return "", false
	}
	return strconv.Itoa(excCode(p.Name)) + " " + excReplaceToday(p.Name, excTitles()[p.Name].title) + "\n\n" + p.message() + "\n", true
}

// decUpper is what bytes.upper of Python makes of bytes.
func decUpper(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

// decReached are the layers that are asked, from the outside in.
func decReached(layers []decLayer) []decLayer {
	i := slices.IndexFunc(layers, func(l decLayer) bool {
		return slices.Contains([]string{"short", "config", "nothing", "raise"}, l.Do)
	})
	if i >= 0 {
		return layers[:i+1]
	}
	return layers
}

// decCookies are those that layers have set, and how many of them come out: those
// further in than a layer that answers with a text of its own do not.
func decCookies(layers []decLayer) (cookies []string, out int) {
	out = -1
	for _, l := range decReached(layers) {
		switch l.Do {
		case "pop", "short", "config":
			if out < 0 {
				out = len(cookies)
			}
		case "cookie":
			settings := map[string]any{}
			maps.Copy(settings, l.Settings)
			maps.Copy(settings, l.config())
			cookies = append(cookies, fmt.Sprintf("%v=%v; Path=/", settings["name"], settings["value"]))
		}
	}
	if out < 0 {
		out = len(cookies)
	}
	return cookies, out
}
