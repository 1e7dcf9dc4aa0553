package conformance

import (
	"crypto/md5"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// Etag asks header.ETag and the conditions over it.
func (adapters) Etag() Family {
	return Family{
		Name: "etag",
		Done: true,
		Ops: map[string]Op{
			"etag.if_match":      Ask(etagIfMatch),
			"etag.if_none_match": Ask(etagIfNoneMatch),
			"etag.if_range":      Ask(etagIfRange),
			"etag.set_request":   Ask(etagSetRequest),
			"etag.get":           Ask(etagGet),
			"etag.set":           Ask(etagSet),
			"etag.md5":           Ask(etagMD5),
		},
		Rules: []Rule{etagList, etagKeepsWeak, etagOne, etagWritten, etagRange},
	}
}

type etagIn struct {
	Header *string  `json:"header"`
	Tags   []string `json:"tags"`
}

// etagKind is a matcher in the notation.
func etagKind(kind string) map[string]any { return map[string]any{"kind": kind} }

// etagMatcher writes what such a field comes to; absent says what no field is.
func etagMatcher(field header.Field[header.EntityTags], h http.Header, absent string, weak bool) map[string]any {
	e, ok, err := field.Lookup(h)
	switch {
	case err != nil:
		return etagKind("none")
	case !ok:
		return etagKind(absent)
	case e.Any:
		return etagKind("any")
	}
	tags := []string{}
	for _, t := range e.Tags {
		if weak || !t.Weak {
			tags = append(tags, Latin(t.Tag))
		}
	}
	return map[string]any{"kind": "tags", "tags": tags}
}

func etagAnswer(matcher map[string]any, matches []bool) map[string]any {
	return map[string]any{"matcher": matcher, "matches": matches, "given": matcher["kind"] == "tags"}
}

func etagIfMatch(in etagIn) (any, error) {
	h := typedField("If-Match", in.Header)
	matches := make([]bool, len(in.Tags))
	for i, tag := range in.Tags {
		matches[i], _ = header.IfMatchHolds(h, `"`+Raw(tag)+`"`)
	}
	return etagAnswer(etagMatcher(header.IfMatch, h, "any", false), matches), nil
}

func etagIfNoneMatch(in etagIn) (any, error) {
	h := typedField("If-None-Match", in.Header)
	matches := make([]bool, len(in.Tags))
	for i, tag := range in.Tags {
		holds, _ := header.IfNoneMatchHolds(h, `"`+Raw(tag)+`"`)
		matches[i] = !holds
	}
	return etagAnswer(etagMatcher(header.IfNoneMatch, h, "none", true), matches), nil
}

// etagNeverMet is how the notation has an If-Range that cannot be read.
var etagNeverMet = map[string]any{"kind": "date", "date": nil}

type etagRangeIn struct {
	Header       *string `json:"header"`
	Etag         string  `json:"etag"`
	LastModified string  `json:"last_modified"`
}

func etagIfRange(in etagRangeIn) (any, error) {
	h := typedField("If-Range", in.Header)
	matches, _ := header.IfRangeHolds(h, Raw(in.Etag), Raw(in.LastModified))
	var matcher map[string]any
	c, ok, err := header.IfRange.Lookup(h)
	switch {
	case err != nil:
		matcher = etagNeverMet
	case !ok:
		matcher = etagKind("any")
	case !c.Date.IsZero():
		matcher = map[string]any{"kind": "date", "date": typedMoment(c.Date)}
	case c.Tag.Weak:
		matcher = map[string]any{"kind": "tags", "tags": []string{}}
	default:
		matcher = map[string]any{"kind": "tags", "tags": []string{Latin(c.Tag.Tag)}}
	}
	return map[string]any{"matcher": matcher, "matches": matches}, nil
}

type etagSetIn struct {
	Field string `json:"field"`
	Value any    `json:"value"`
}

func etagSetRequest(in etagSetIn) (any, error) {
	names := map[string]string{"if_match": "If-Match", "if_none_match": "If-None-Match", "if_range": "If-Range"}
	h := http.Header{}
	h.Set(names[in.Field], `"old"`)
	err := etagAssign(in, names[in.Field], h)
	return typedRaw(h, names[in.Field]), err
}

func etagAssign(in etagSetIn, name string, h http.Header) error {
	if in.Value == nil {
		h.Del(name)
		return nil
	}
	if s, ok := in.Value.(string); ok {
		if s == "" && in.Field == "if_range" { // as good as null there
			h.Del(name)
			return nil
		}
		return header.NewText(name).Set(h, Raw(s))
	}
	if t, ok := typedTime(in.Value, ""); ok {
		return header.IfRange.Set(h, header.RangeCondition{Date: t})
	}
	text := in.Value.(map[string]any)["header"].(string)
	from := typedField(name, &text)
	switch in.Field {
	case "if_match":
		// No field is what matches anything, as a star does.
		return etagCopy(header.IfMatch, from, h, header.EntityTags{Any: true})
	case "if_none_match":
		return etagCopy(header.IfNoneMatch, from, h, header.EntityTags{})
	case "if_range":
		h.Del(name)
		if c, ok := header.IfRange.Get(from); ok {
			return header.IfRange.Set(h, c)
		}
		return nil
	}
	panic("unknown field " + in.Field)
}

// etagCopy writes what has been read; what cannot be read is not written.
func etagCopy(field header.Field[header.EntityTags], from, to http.Header, absent header.EntityTags) error {
	e, ok, err := field.Lookup(from)
	switch {
	case err != nil:
		field.Del(to)
		return nil
	case !ok:
		e = absent
	}
	return field.Set(to, e)
}

func etagGet(in struct {
	Header *string `json:"header"`
}) (any, error) {
	answer := map[string]any{"etag": nil, "strong": nil}
	if t, ok := header.ETag.Get(typedField("ETag", in.Header)); ok {
		answer["etag"] = Latin(t.Tag)
		if !t.Weak {
			answer["strong"] = Latin(t.Tag)
		}
	}
	return answer, nil
}

func etagSet(in struct {
	Value any `json:"value"`
}) (any, error) {
	h := http.Header{"Etag": {`"old"`}}
	var err error
	switch v := in.Value.(type) {
	case nil:
		header.ETag.Del(h)
	case string:
		err = header.ETag.Set(h, header.AsEntityTag(Raw(v)))
	case []any:
		err = header.ETag.Set(h, header.EntityTag{Tag: Raw(v[0].(string)), Weak: !v[1].(bool)})
	default:
		panic(fmt.Sprintf("value %v", v))
	}
	return typedRaw(h, "ETag"), err
}

func etagMD5(in struct {
	Body       string `json:"body"`
	ContentMD5 bool   `json:"content_md5"`
}) (any, error) {
	h, body := http.Header{}, []byte(Raw(in.Body))
	if err := header.ETag.Set(h, header.MD5Tag(body)); err != nil {
		return nil, err
	}
	if in.ContentMD5 {
		if err := header.ContentMD5.Set(h, md5.Sum(body)); err != nil {
			return nil, err
		}
	}
	return map[string]any{"etag": typedRaw(h, "ETag"), "content_md5": typedRaw(h, "Content-MD5")}, nil
}

// Grammar of section 8.8.3, for the rules.
const etagModelTag = `(W/)?"([\x21\x23-\x7e\x80-\x{ff}]*)"`

var (
	etagModelOne  = regexp.MustCompile(`^[ \t]*` + etagModelTag + `[ \t]*$`)
	etagModelList = regexp.MustCompile(`^[ \t,]*(?:` + etagModelTag + `[ \t]*(?:,[ \t,]*|$))*$`)
	etagModelEach = regexp.MustCompile(etagModelTag)
)

// etagModelTags reads a list of tags, given as [weak, tag].
func etagModelTags(s string) (tags [][2]string, ok bool) {
	if !etagModelList.MatchString(s) {
		return nil, false
	}
	for _, m := range etagModelEach.FindAllStringSubmatch(s, -1) {
		tags = append(tags, [2]string{m[1], m[2]})
	}
	return tags, true
}

var etagList = Rule{
	Name: "lists of entity tags are read by RFC 9110's grammar",
	Reason: "WebOb picks quoted texts out of anything, loses tags after a comma without a space, and takes a backslash for an " +
		"escape. Here a list is read as section 8.8.3 has it; one that is malformed matches nothing, so that a conditional PUT " +
		"is refused and a GET answered in full, and is not written again.",
	Applies: ForOps(func(q Question) bool { return etagQuestionHeader(q) != "" },
		"etag.if_match", "etag.if_none_match", "etag.set_request"),
	Answer: func(q Question, want Answer) Answer {
		text := etagQuestionHeader(q)
		tags, ok := etagModelTags(text)
		if q.Op == "etag.set_request" {
			if In[etagSetIn](q).Field == "if_range" {
				return etagModelRange(text)
			}
			if !ok {
				return Says(nil)
			}
			return want
		}
		if strings.Trim(text, " \t") == "*" {
			return etagModelAny(q)
		}
		if !ok {
			return etagModelAnswer(q, etagKind("none"), nil)
		}
		known := []string{}
		for _, t := range tags {
			if t[0] == "" || q.Op == "etag.if_none_match" {
				known = append(known, t[1])
			}
		}
		return etagModelAnswer(q, map[string]any{"kind": "tags", "tags": known}, known)
	},
}

// etagModelRange is what is written for an If-Range that has been read.
func etagModelRange(text string) Answer {
	if m := etagModelOne.FindStringSubmatch(text); m != nil {
		return Says(m[1] + `"` + m[2] + `"`)
	}
	if t, ok := datesModel(strings.Trim(text, " \t")); ok {
		return Says(t.Format(http.TimeFormat))
	}
	return Says(nil)
}

// etagQuestionHeader is the list a question is about.
func etagQuestionHeader(q Question) string {
	if q.Op == "etag.set_request" {
		object, _ := In[etagSetIn](q).Value.(map[string]any)
		text, _ := object["header"].(string)
		return text
	}
	if h := In[etagIn](q).Header; h != nil {
		return *h
	}
	return ""
}

func etagModelAnswer(q Question, matcher map[string]any, known []string) Answer {
	in := In[etagIn](q)
	matches := make([]bool, len(in.Tags))
	for i, tag := range in.Tags {
		for _, k := range known {
			matches[i] = matches[i] || k == tag
		}
	}
	return Says(etagAnswer(matcher, matches))
}

// etagModelAny answers for a star: it matches whatever there is.
func etagModelAny(q Question) Answer {
	matches := make([]bool, len(In[etagIn](q).Tags))
	for i := range matches {
		matches[i] = true
	}
	return Says(etagAnswer(etagKind("any"), matches))
}

var etagKeepsWeak = Rule{
	Name:   "tags that are read and written again stay weak",
	Reason: "In WebOb such a list loses its weak tags (If-Match) or makes them strong (If-None-Match), which is another condition.",
	Applies: ForOps(func(q Question) bool {
		_, ok := etagModelTags(etagQuestionHeader(q))
		return ok && In[etagSetIn](q).Field != "if_range" && strings.Contains(etagQuestionHeader(q), `W/"`)
	}, "etag.set_request"),
	Answer: func(q Question, _ Answer) Answer {
		tags, _ := etagModelTags(etagQuestionHeader(q))
		parts := make([]string, len(tags))
		for i, t := range tags {
			parts[i] = t[0] + `"` + t[1] + `"`
		}
		return Says(strings.Join(parts, ", "))
	},
}

var etagOne = Rule{
	Name: "an entity tag is read by RFC 9110's grammar",
	Reason: "WebOb takes text without quotes for a tag, the first of several, and a backslash for an escape. " +
		"What is no entity tag by section 8.8.3 is none here.",
	Applies: ForOps(func(q Question) bool { return In[etagIn](q).Header != nil }, "etag.get"),
	Answer: func(q Question, _ Answer) Answer {
		m := etagModelOne.FindStringSubmatch(*In[etagIn](q).Header)
		switch {
		case m == nil:
			return Says(map[string]any{"etag": nil, "strong": nil})
		case m[1] != "":
			return Says(map[string]any{"etag": m[2], "strong": nil})
		}
		return Says(map[string]any{"etag": m[2], "strong": m[2]})
	},
}

var etagWritten = Rule{
	Name: "only entity tags are written",
	Reason: "Entity tags know no escapes: one with a quote, white space or a control character in it cannot be written, and is " +
		"refused. A backslash is an ordinary character.",
	Applies: ForOps(func(q Question) bool {
		_, ok := etagModelWrite(In[etagSetIn](q).Value)
		return In[etagSetIn](q).Value != nil || !ok
	}, "etag.set"),
	Answer: func(q Question, _ Answer) Answer {
		if s, ok := etagModelWrite(In[etagSetIn](q).Value); ok {
			return Says(s)
		}
		return Refused
	},
}

// etagModelWrite is what is written for an assigned tag.
func etagModelWrite(v any) (string, bool) {
	s := ""
	switch v := v.(type) {
	case string:
		if s = v; !etagModelOne.MatchString(s) {
			s = `"` + v + `"`
		}
	case []any:
		if s = `"` + v[0].(string) + `"`; v[1] == false {
			s = "W/" + s
		}
	}
	return s, etagModelOne.MatchString(s)
}

var etagRange = Rule{
	Name: "If-Range is one strong tag, or the very Last-Modified",
	Reason: "RFC 9110 section 13.1.5: a single entity tag or a date in one of its three forms, and the date has to be the " +
		"Last-Modified itself. WebOb takes an earlier one too, so that parts of two versions may be glued together, takes lists " +
		"and stars, and fails on a text that merely ends like a date. A malformed field is a condition that is not met.",
	Applies: ForOps(func(q Question) bool { return In[etagRangeIn](q).Header != nil }, "etag.if_range"),
	Answer: func(q Question, _ Answer) Answer {
		in := In[etagRangeIn](q)
		matcher, matches := etagNeverMet, false
		if strings.Trim(*in.Header, " \t") == "" { // as good as absent
			matcher, matches = etagKind("any"), true
		} else if m := etagModelOne.FindStringSubmatch(*in.Header); m != nil {
			tags := []string{m[2]}
			if m[1] != "" {
				tags = []string{}
			}
			matcher = map[string]any{"kind": "tags", "tags": tags}
			matches = m[1] == "" && in.Etag == `"`+m[2]+`"`
		} else if t, ok := datesModel(strings.Trim(*in.Header, " \t")); ok {
			modified, known := datesModel(in.LastModified)
			matcher = map[string]any{"kind": "date", "date": typedMoment(t)}
			matches = known && modified.Truncate(time.Second).Equal(t)
		}
		return Says(map[string]any{"matcher": matcher, "matches": matches})
	},
}
