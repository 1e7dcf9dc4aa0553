package conformance

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// The rules of this family answer by a second, plain model of RFC 9110 section
// 8.3; they differ in why a question is theirs.
var contentTypeRules = []Rule{
	GrammarHolds.On(contentTypeUngrammatical, contentTypeModel),
	GrammarHolds.On(contentTypeCapitals, contentTypeModel),
	WrittenReadBack.On(ForOps(func(q Question) bool { return In[contentTypeIn](q).Text != nil }, "content_type.new"), contentTypeModel),
	WrittenReadBack.On(contentTypeQuoting, contentTypeModel),
	{
		Name: "a Content-Type is read and written by RFC 9110's grammar",
		Reason: "Space before a semicolon is no part of the media type, names of parameters are tokens without case, values may be " +
			"quoted and escaped, charset is a parameter and not whatever follows its letters, and of two the first counts. What is no " +
			"parameter is passed over; what would not be a media type is refused where it is set.",
		Applies: func(Question) bool { return true },
		Answer:  contentTypeModel,
	},
}

type contentTypeIn struct {
	Header  *string
	Steps   [][2]any
	Value   *string
	Text    *string
	Status  any
	Headers *[][2]string
	Charset any

	ContentType any `json:"content_type"`
}

const contentTypeTokens = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"

var (
	contentTypeName  = regexp.MustCompile("^" + contentTypeTokens + "$")
	contentTypeParam = regexp.MustCompile(`;\s*([^;="]*?)\s*=\s*((?:[^;"]|"(?:\\["\\]|[^"])*(?:"|$))*)|;(?:[^;"]|"(?:\\["\\]|[^"])*(?:"|$))*`)
	contentTypeValid = regexp.MustCompile("^" + contentTypeTokens + "/" + contentTypeTokens + "(?:[ \t]*;[ \t]*(?:" + contentTypeTokens +
		"=(?:" + contentTypeTokens + "|\"(?:[^\"\\\\\\x00-\\x08\\x0a-\\x1f\\x7f]|\\\\[^\\x00-\\x08\\x0a-\\x1f\\x7f])*\"))?)*[ \t]*$")
	contentTypeEscape = regexp.MustCompile(`\\(["\\])`)
)

// contentTypeModelled is a Content-Type taken apart.
type contentTypeModelled struct {
	header string
	media  string
	params [][2]string
}

func contentTypeRead(header string) contentTypeModelled {
	media, _, _ := strings.Cut(header, ";")
	m := contentTypeModelled{header: header, media: strings.Trim(media, " \t")}
	for _, p := range contentTypeParam.FindAllStringSubmatch(header, -1) {
		name, value := p[1], strings.TrimSpace(p[2])
		if !contentTypeName.MatchString(name) {
			continue
		}
		if len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' {
			value = contentTypeEscape.ReplaceAllString(value[1:len(value)-1], "$1")
		}
		m.params = append(m.params, [2]string{strings.ToLower(name), value})
	}
	return m
}

func (m contentTypeModelled) charset() string {
	for _, p := range m.params {
		if p[0] == "charset" {
			return p[1]
		}
	}
	return ""
}

// with writes the parameters anew.
func (m contentTypeModelled) with(params [][2]string) (contentTypeModelled, bool) {
	if m.media == "" {
		return m, len(params) == 0
	}
	header := m.media
	for _, p := range params {
		if !contentTypeName.MatchString(p[0]) || strings.ContainsAny(p[1], "\r\n\x00") {
			return m, false
		}
		value := p[1]
		if !contentTypeName.MatchString(value) {
			value = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
		}
		header += "; " + p[0] + "=" + value
	}
	if !contentTypeValid.MatchString(header) {
		return m, false
	}
	return contentTypeRead(header), true
}

// step is one assignment; ok is false where it is refused.
func (m contentTypeModelled) step(name string, value any) (contentTypeModelled, bool) {
	text, _ := value.(string)
	switch name {
	case "content_type":
		if text == "" {
			return contentTypeModelled{}, true
		}
		if !contentTypeValid.MatchString(text) {
			return m, false
		}
		set := contentTypeRead(text)
		if set.charset() == "" && responseTakesCharset.MatchString(strings.ToLower(set.media)) {
			set = contentTypeRead(text + "; charset=utf-8")
		}
		return set, true
	case "charset":
		params := slices.DeleteFunc(slices.Clone(m.params), func(p [2]string) bool { return p[0] == "charset" })
		if text != "" {
			params = append(params, [2]string{"charset", text})
		}
		return m.with(params)
	}
	var params [][2]string
	object, _ := value.(map[string]any)
	for _, name := range SortedKeys(object) {
		params = append(params, [2]string{name, object[name].(string)})
	}
	return m.with(params)
}

func (m contentTypeModelled) state() map[string]any {
	params := map[string]any{}
	for _, p := range m.params {
		params[p[0]] = p[1]
	}
	state := map[string]any{"header": nil, "content_type": nil, "charset": nil, "params": params}
	for name, v := range map[string]string{"header": m.header, "content_type": m.media, "charset": m.charset()} {
		if v != "" {
			state[name] = v
		}
	}
	return state
}

// contentTypeModel answers a question by the model.
func contentTypeModel(q Question, want Answer) Answer {
	in := In[contentTypeIn](q)
	m := contentTypeModelled{}
	if in.Header != nil {
		m = contentTypeRead(*in.Header)
	}
	switch q.Op {
	case "content_type.request_set":
		if in.Value == nil || *in.Value == "" {
			return Says(nil)
		}
		if strings.ContainsAny(*in.Value, "\r\n\x00") {
			return Refused
		}
		return want
	case "content_type.request_get":
		cs := m.charset()
		if cs == "" {
			cs = "UTF-8"
		}
		media, _, _ := strings.Cut(m.header, ";")
		return Says(map[string]any{"content_type": media, "charset": cs})
	case "content_type.get":
		return Says(m.state())
	case "content_type.new":
		return contentTypeMade(in, want)
	}
	for _, step := range in.Steps {
		name, value := step[0].(string), step[1]
		if name == "delete" {
			name, value = value.(string), nil
		}
		changed, ok := m.step(name, value)
		if !ok {
			return Refused
		}
		m = changed
	}
	return Says(m.state())
}

// contentTypeMade models a new response: with what it is made of, or with text.
func contentTypeMade(in contentTypeIn, want Answer) Answer {
	t, _ := in.ContentType.(string)
	if t == "" {
		t = "text/html"
	}
	m, ok := contentTypeModelled{}.step("content_type", t)
	if !ok {
		return Refused
	}
	if cs, _ := in.Charset.(string); in.Charset != nil && contentTypeRead(t).charset() == "" && m.charset() != "" {
		m, _ = m.step("charset", cs)
	}
	state := m.state()
	state["body"] = ""
	if !want.Refused {
		state["body"] = want.Value.(map[string]any)["body"]
	}
	if in.Text != nil {
		spec := responseTextState(responseSpec{Text: in.Text, ContentType: []byte(strconv.Quote(m.media)), Charset: []byte(strconv.Quote(m.charset()))})
		state["body"] = spec["body"]
	}
	return Says(state)
}

// contentTypeUngrammatical: what is set is no media type, or nothing.
func contentTypeUngrammatical(q Question) bool {
	in := In[contentTypeIn](q)
	switch t, _ := in.ContentType.(string); {
	case q.Op == "content_type.request_set":
		return in.Value != nil && *in.Value == ""
	case q.Op == "content_type.new":
		return t != "" && !contentTypeValid.MatchString(t)
	case q.Op != "content_type.edit":
		return false
	}
	return in.Header == nil || slices.ContainsFunc(in.Steps, func(step [2]any) bool {
		t, ok := step[1].(string)
		return step[0] == "content_type" && ok && t != "" && !contentTypeValid.MatchString(t)
	})
}

// contentTypeCapitals: a type that takes a charset in any case.
func contentTypeCapitals(q Question) bool {
	in := In[contentTypeIn](q)
	capitals := func(v any) bool { s, _ := v.(string); return s != strings.ToLower(s) }
	return q.Op == "content_type.new" && capitals(in.ContentType) ||
		slices.ContainsFunc(in.Steps, func(step [2]any) bool { return step[0] == "content_type" && capitals(step[1]) })
}

// contentTypeQuoting: a charset that needs quotes.
func contentTypeQuoting(q Question) bool {
	return slices.ContainsFunc(In[contentTypeIn](q).Steps, func(step [2]any) bool {
		cs, ok := step[1].(string)
		return step[0] == "charset" && ok && !contentTypeName.MatchString(cs)
	})
}
