package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/webob/header"
)

// Cachecontrol asks header.Directives and the fields that hold them.
func (adapters) Cachecontrol() Family {
	return Family{
		Name: "cachecontrol",
		Done: true,
		Ops: map[string]Op{
			"cachecontrol.parse":     Ask(cachecontrolParse),
			"cachecontrol.serialize": Ask(cachecontrolSerialize),
			"cachecontrol.edit":      Ask(cachecontrolEdit),
			"cachecontrol.assign":    Ask(cachecontrolAssign),
			"cachecontrol.expires":   Ask(cachecontrolExpires),
		},
		Rules: []Rule{cachecontrolCase, cachecontrolQuoted, cachecontrolGrammar, cachecontrolEscapes, cachecontrolNothing, cachecontrolAnyTime, cachecontrolFalse},
	}
}

// Attributes of the reference, by what they are without a value.
var (
	cachecontrolFlags = []string{"only_if_cached", "public", "must_revalidate", "proxy_revalidate", "no_store", "no_transform"}
	cachecontrolBare  = map[string]any{
		"max_stale": "*", "private": "*", "no_cache": "*", "max_age": -1,
		"min_fresh": nil, "s_maxage": nil, "stale_while_revalidate": nil, "stale_if_error": nil,
	}
)

// cachecontrolName is the directive of an attribute.
func cachecontrolName(attribute string) string { return strings.ReplaceAll(attribute, "_", "-") }

// cachecontrolValue writes a directive's value: a number, text, or null.
func cachecontrolValue(d header.Directives, name string) any {
	v, _ := d.Value(name)
	if n, err := strconv.ParseInt(v, 10, 64); err == nil && v[0] != '+' {
		return n
	}
	if v == "" {
		return nil
	}
	return Latin(v)
}

// cachecontrolArg is a directive's value out of a question.
func cachecontrolArg(v any) string {
	switch v := v.(type) {
	case string:
		return Raw(v)
	case json.Number:
		return v.String()
	}
	return ""
}

type cachecontrolIn struct {
	Type       string   `json:"type"`
	Header     *string  `json:"header"`
	Steps      [][]any  `json:"steps"`
	ReadFirst  bool     `json:"read_first"`
	Value      any      `json:"value"`
	Properties [][2]any `json:"properties"`
}

// field is the field of that type of message.
func (in cachecontrolIn) field() header.Field[header.Directives] {
	if in.Type == "request" {
		return header.RequestCacheControl
	}
	return header.CacheControl
}

func cachecontrolParse(in cachecontrolIn) (any, error) {
	d, err := header.ParseDirectives(Raw(*in.Header))
	if err != nil {
		return nil, err
	}
	properties := [][2]any{}
	for _, x := range d {
		properties = append(properties, [2]any{x.Name, cachecontrolValue(d, x.Name)})
	}
	attributes := map[string]any{}
	for _, name := range cachecontrolFlags {
		attributes[name] = d.Has(cachecontrolName(name))
	}
	for name, bare := range cachecontrolBare {
		attributes[name] = nil
		if v, ok := d.Value(cachecontrolName(name)); ok && v == "" {
			attributes[name] = bare
		} else if ok {
			attributes[name] = cachecontrolValue(d, cachecontrolName(name))
		}
	}
	return map[string]any{"properties": properties, "attributes": attributes, "text": Latin(d.String())}, nil
}

func cachecontrolDirectives(properties []any) header.Directives {
	d := header.Directives{}
	for _, item := range properties {
		p := item.([]any)
		d.Set(Raw(p[0].(string)), cachecontrolArg(p[1]))
	}
	return d
}

func cachecontrolSerialize(in struct {
	Properties []any `json:"properties"`
}) (any, error) {
	h := http.Header{}
	err := header.RequestCacheControl.Set(h, cachecontrolDirectives(in.Properties))
	return Latin(h.Get("Cache-Control")), err
}

func cachecontrolEdit(in cachecontrolIn) (any, error) {
	h := typedField("Cache-Control", in.Header)
	for _, step := range in.Steps {
		if err := in.step(h, step); err != nil {
			return nil, err
		}
	}
	d, _ := in.field().Get(h)
	return map[string]any{"header": typedRaw(h, "Cache-Control"), "text": Latin(d.String())}, nil
}

var errCachecontrolNotThere = errors.New("no such directive")

// step reads the field, changes the directives and writes them.
func (in cachecontrolIn) step(h http.Header, step []any) error {
	d, there := in.field().Get(h)
	var err error
	switch step[0] {
	case "set":
		err = in.set(&d, step[1].(string), step[2])
		there = there || len(d) > 0
	case "delete":
		err = in.set(&d, step[1].(string), nil)
	case "put":
		d.Set(Raw(step[1].(string)), cachecontrolArg(step[2]))
		there = true
	case "drop":
		if !d.Has(step[1].(string)) {
			return errCachecontrolNotThere
		}
		d.Del(step[1].(string))
	case "clear":
		d, there = header.Directives{}, true
	case "header":
		return header.NewText("Cache-Control").Set(h, Raw(step[1].(string)))
	default:
		panic(fmt.Sprintf("step %v", step))
	}
	if err != nil || !there {
		return err
	}
	return in.field().Set(h, d)
}

// set sets an attribute; null and false take it away. Both want an attribute of
// this type of message.
func (in cachecontrolIn) set(d *header.Directives, attribute string, value any) error {
	name := cachecontrolName(attribute)
	set := d.SetResponse
	if in.Type == "request" {
		set = d.SetRequest
	}
	if err := set(name, cachecontrolArg(value)); err != nil {
		return err
	}
	if value == nil || value == false {
		d.Del(name)
	}
	return nil
}

func cachecontrolAssign(in cachecontrolIn) (any, error) {
	h := typedField("Cache-Control", in.Header)
	var err error
	switch v := in.Value.(type) {
	case nil:
		err = in.field().Set(h, header.Directives{})
	case string:
		if v == "" {
			err = in.field().Set(h, header.Directives{})
		} else {
			err = header.NewText("Cache-Control").Set(h, Raw(v))
		}
	case map[string]any:
		if _, ok := v["delete"]; ok {
			in.field().Del(h)
		} else if properties, ok := v["properties"].([]any); ok {
			err = in.field().Set(h, cachecontrolDirectives(properties))
		} else {
			var d header.Directives
			if d, err = header.ParseDirectives(Raw(v["header"].(string))); err == nil {
				err = in.field().Set(h, d)
			}
		}
	}
	return typedRaw(h, "Cache-Control"), err
}

func cachecontrolExpires(in struct {
	Seconds any               `json:"seconds"`
	Set     map[string]any    `json:"set"`
	Headers map[string]string `json:"headers"`
	Now     string            `json:"now"`
}) (any, error) {
	l := new(header.List)
	for _, name := range SortedKeys(in.Headers) {
		l.Add(name, Raw(in.Headers[name]))
	}
	var further []header.Directive
	for _, name := range SortedKeys(in.Set) {
		further = append(further, header.Directive{Name: cachecontrolName(name), Value: cachecontrolArg(in.Set[name])})
	}
	var err error
	switch v := in.Seconds.(type) {
	case nil:
		d, _ := header.CacheControl.Get(l)
		for _, x := range further {
			d.Set(x.Name, x.Value)
		}
		err = header.CacheControl.Set(l, d)
	case bool:
		err = header.CacheExpires(l, 0, typedNow(in.Now), further...)
	case map[string]any:
		err = header.CacheExpires(l, typedSpan(v["$timedelta"]), typedNow(in.Now), further...)
	default:
		err = header.CacheExpires(l, typedSpan(v), typedNow(in.Now), further...)
	}
	answer := map[string]any{}
	for _, name := range []string{"Cache-Control", "Expires", "Last-Modified", "Pragma"} {
		answer[name] = typedRaw(l, name)
	}
	return answer, err
}

// cachecontrolModelForm finds directives in a text, as the reference does but
// with the names and the escapes of RFC 9110.
var cachecontrolModelForm = regexp.MustCompile("([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \\t]*=(?:\"((?:[^\"\\\\\\x00-\\x08\\x0a-\\x1f\\x7f]|\\\\[^\\x00-\\x08\\x0a-\\x1f\\x7f])*)\"|([^ \\t\",;]*)))?")

var cachecontrolEscape = regexp.MustCompile(`\\(.)`)

// cachecontrolModelRead gives names in order, and their values.
func cachecontrolModelRead(s string) (names []string, values map[string]any) {
	values = map[string]any{}
	for _, m := range cachecontrolModelForm.FindAllStringSubmatch(s, -1) {
		name := strings.ToLower(m[1])
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		text := cachecontrolEscape.ReplaceAllString(m[2], "$1") + m[3]
		n, err := strconv.ParseInt(text, 10, 64)
		switch {
		case text == "":
			values[name] = nil
		case err == nil && text[0] != '+':
			values[name] = n
		default:
			values[name] = text
		}
	}
	return names, values
}

func cachecontrolModelText(names []string, values map[string]any) string {
	parts := make([]string, 0, len(names))
	for _, name := range slices.Sorted(slices.Values(names)) {
		if v := values[name]; v == nil {
			parts = append(parts, name)
		} else if text := fmt.Sprint(v); cachecontrolPlain.MatchString(text) {
			parts = append(parts, name+"="+text)
		} else {
			parts = append(parts, name+`="`+strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(text)+`"`)
		}
	}
	return strings.Join(parts, ", ")
}

var cachecontrolPlain = regexp.MustCompile(`^[A-Za-z0-9._-]*$`)

var cachecontrolUpper = regexp.MustCompile(`[A-Z]`)

var cachecontrolCase = GrammarHolds.On(func(q Question) bool {
	in := In[cachecontrolIn](q)
	if text := cachecontrolText(in); q.Op != "cachecontrol.parse" && text != nil {
		names, _ := cachecontrolReferenceRead(text)
		return cachecontrolUpper.MatchString(jsonText(names))
	}
	return cachecontrolUpper.MatchString(jsonText(cachecontrolModelNames(cachecontrolPairs(q))))
}, cachecontrolModel)

// cachecontrolPairs are the directives that a question wants written.
func cachecontrolPairs(q Question) [][2]any {
	in := In[cachecontrolIn](q)
	if object, ok := in.Value.(map[string]any); ok && q.Op == "cachecontrol.assign" {
		list, _ := object["properties"].([]any)
		for _, item := range list {
			p := item.([]any)
			in.Properties = append(in.Properties, [2]any{p[0], p[1]})
		}
	}
	return in.Properties
}

// cachecontrolText is the text of a field whose directives are written again.
func cachecontrolText(in cachecontrolIn) *string {
	if in.Steps != nil {
		return in.Header
	}
	object, _ := in.Value.(map[string]any)
	if text, ok := object["header"].(string); ok {
		return &text
	}
	return nil
}

// cachecontrolModel answers what is written, or the edited field.
func cachecontrolModel(q Question, _ Answer) Answer {
	if text := cachecontrolText(In[cachecontrolIn](q)); q.Op == "cachecontrol.assign" && text != nil {
		return Says(cachecontrolModelText(cachecontrolModelRead(*text)))
	}
	if q.Op == "cachecontrol.edit" {
		return cachecontrolModelSet(In[cachecontrolIn](q))
	}
	return cachecontrolModelWrite(cachecontrolPairs(q))
}

// cachecontrolReferenceRead gives the names in a field as they are written.
func cachecontrolReferenceRead(text *string) (names []string, ok bool) {
	if text == nil {
		return nil, false
	}
	for _, m := range cachecontrolModelForm.FindAllStringSubmatch(*text, -1) {
		names = append(names, m[1])
	}
	return names, true
}

func cachecontrolModelNames(properties [][2]any) (names []any) {
	for _, p := range properties {
		names = append(names, p[0])
	}
	return names
}

var cachecontrolQuoted = WrittenReadBack.On(func(q Question) bool {
	if q.Op == "cachecontrol.edit" {
		return strings.Contains(jsonText(In[cachecontrolIn](q).Steps), `\\`)
	}
	return slices.ContainsFunc(cachecontrolPairs(q), func(p [2]any) bool {
		text, _ := p[1].(string)
		return strings.ContainsAny(text, `"\`)
	})
}, cachecontrolModel)

// cachecontrolUsual is what fields consist of that the reference reads as we do.
const cachecontrolUsual = "abcdefghijklmnopqrstuvwxyz -_=,;"

var cachecontrolGrammar = Rule{
	Name: "directives have the names and values of RFC 9110 and 9111",
	Reason: "WebOb compares names with case, so that `Max-Age=5` goes unseen, ends them at the first digit, knows no escapes in " +
		"quotes, and takes a plus sign and underscores for parts of numbers. Here a name is any token, without case, and a number has " +
		"63 bits; anything else is text. What is no directive is passed over, as there.",
	Applies: func(q Question) bool {
		in := In[cachecontrolIn](q)
		return q.Op == "cachecontrol.parse" || q.Op == "cachecontrol.edit" && in.Header != nil &&
			strings.Trim(*in.Header, cachecontrolUsual) != ""
	},
	Answer: func(q Question, _ Answer) Answer {
		if q.Op == "cachecontrol.edit" {
			return cachecontrolModelSet(In[cachecontrolIn](q))
		}
		names, values := cachecontrolModelRead(*In[cachecontrolIn](q).Header)
		properties := make([][2]any, len(names))
		for i, name := range names {
			properties[i] = [2]any{name, values[name]}
		}
		attributes := map[string]any{}
		for _, name := range cachecontrolFlags {
			attributes[name] = slices.Contains(names, cachecontrolName(name))
		}
		for name, bare := range cachecontrolBare {
			if attributes[name] = values[cachecontrolName(name)]; attributes[name] == nil && slices.Contains(names, cachecontrolName(name)) {
				attributes[name] = bare
			}
		}
		return Says(map[string]any{"properties": properties, "attributes": attributes, "text": cachecontrolModelText(names, values)})
	},
}

var cachecontrolEscapes = Rule{
	Name: "values never split the field",
	Reason: "WebOb writes quotes as they are, so that a value can bring directives with it, and lets line breaks " +
		"through. Quotes are escaped, and line breaks refused.",
	Applies: func(q Question) bool {
		return q.Op == "cachecontrol.serialize" && strings.ContainsAny(jsonText(In[cachecontrolIn](q).Properties), `\`) ||
			q.Op == "cachecontrol.edit" && strings.Contains(jsonText(In[cachecontrolIn](q).Steps), `\"`)
	},
	Answer: func(q Question, _ Answer) Answer {
		in := In[cachecontrolIn](q)
		if q.Op == "cachecontrol.serialize" {
			return cachecontrolModelWrite(in.Properties)
		}
		return cachecontrolModelSet(in)
	},
}

// cachecontrolModelSet answers where all steps put, set, delete or drop.
func cachecontrolModelSet(in cachecontrolIn) Answer {
	var text string
	if in.Header != nil {
		text = *in.Header
	}
	names, values := cachecontrolModelRead(text)
	for _, step := range in.Steps {
		if step[0] == "clear" || step[0] == "header" {
			names, values = cachecontrolModelRead(fmt.Sprint(append(step, "")[1]))
			continue
		}
		name := strings.ToLower(cachecontrolName(step[1].(string)))
		if step[0] == "drop" && !slices.Contains(names, name) {
			return Refused
		}
		names = slices.DeleteFunc(names, func(n string) bool { return n == name })
		if step[0] == "put" || step[0] == "set" && step[2] != nil && step[2] != false {
			names, values[name] = append(names, name), step[2]
		}
		if values[name] == true {
			values[name] = nil
		}
	}
	text = cachecontrolModelText(names, values)
	if text == "" && in.Type == "response" {
		return Says(map[string]any{"header": nil, "text": ""})
	}
	return Says(map[string]any{"header": text, "text": text})
}

func cachecontrolModelWrite(properties [][2]any) Answer {
	var names []string
	values := map[string]any{}
	for _, p := range properties {
		if strings.ContainsAny(fmt.Sprint(p[1]), "\r\n\x00") {
			return Refused
		}
		name := strings.ToLower(p[0].(string))
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		values[name] = p[1]
	}
	return Says(cachecontrolModelText(names, values))
}

var cachecontrolNothing = Rule{
	Name:   "a response without directives has no Cache-Control",
	Reason: "In WebOb it depends on whether the property has been read before: then the field is gone, else it is left empty.",
	Applies: ForOps(func(q Question) bool {
		in := In[cachecontrolIn](q)
		return in.Type == "response" && cachecontrolEmpty(in.Value)
	}, "cachecontrol.assign"),
	Answer: func(Question, Answer) Answer { return Says(nil) },
}

// cachecontrolEmpty tells whether an assigned value holds no directive.
func cachecontrolEmpty(v any) bool {
	object, _ := v.(map[string]any)
	properties, _ := object["properties"].([]any)
	text, isText := object["header"].(string)
	return v == nil || v == "" || object != nil && len(properties) == 0 && (!isText || text == "")
}

var cachecontrolAnyTime = Rule{
	Name:   "text can be assigned at any time",
	Reason: "In WebOb assigning text fails once the property has been read, because of a defect.",
	Applies: ForOps(func(q Question) bool {
		in := In[cachecontrolIn](q)
		text, ok := in.Value.(string)
		return ok && text != "" && in.ReadFirst
	}, "cachecontrol.assign"),
	Answer: func(q Question, _ Answer) Answer { return Says(In[cachecontrolIn](q).Value) },
}

var cachecontrolFalse = Rule{
	Name:   "false takes any directive away",
	Reason: "WebOb writes `max-age=False`.",
	Applies: ForOps(func(q Question) bool {
		in := In[cachecontrolIn](q)
		return len(in.Steps) == 1 && in.Steps[0][0] == "set" && in.Steps[0][2] == false && in.Header == nil
	}, "cachecontrol.edit"),
	Answer: func(q Question, _ Answer) Answer { return Says(map[string]any{"header": nil, "text": ""}) },
}
