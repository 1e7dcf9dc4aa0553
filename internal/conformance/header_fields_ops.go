package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob/header"
)

// HeaderFields asks the fields of package header that have no family of their
// own: on a header.List for responses, on an http.Header for requests.
func (adapters) HeaderFields() Family {
	return Family{
		Name: "header_fields",
		Done: true,
		Ops: map[string]Op{
			"header_fields.response_get":    Ask(headerFieldsResponseGet),
			"header_fields.response_set":    Ask(headerFieldsResponseSet),
			"header_fields.response_delete": Ask(headerFieldsResponseDelete),
			"header_fields.request_get":     Ask(headerFieldsRequestGet),
			"header_fields.request_set":     Ask(headerFieldsRequestSet),
			"header_fields.request_delete":  Ask(headerFieldsRequestDelete),
		},
		Fold: func(q Question, answer any) any {
			if strings.HasPrefix(q.Op, "header_fields.response_") && q.Op != "header_fields.response_get" {
				return FoldHeaders(answer)
			}
			return answer
		},
		Rules: []Rule{headerFieldsClean, headerFieldsNumber, headerFieldsWritten, headerFieldsDates, headerFieldsLines,
			headerFieldsOffset, headerFieldsGone},
	}
}

type headerFieldsIn struct {
	Field   string      `json:"field"`
	Headers [][2]string `json:"headers"` // of a response
	Header  *string     `json:"header"`  // of a request
	Value   any         `json:"value"`
	Now     string      `json:"now"`
}

// name is the field's name on the wire.
func (in headerFieldsIn) name() string { return strings.ReplaceAll(in.Field, "_", "-") }

// list is the header of a response.
func (in headerFieldsIn) list() *header.List {
	l := new(header.List)
	for _, p := range in.Headers {
		l.Add(Raw(p[0]), Raw(p[1]))
	}
	return l
}

var (
	headerFieldsDate = map[string]header.Field[time.Time]{
		"date": header.Date, "expires": header.Expires, "last_modified": header.LastModified,
		"if_modified_since": header.IfModifiedSince, "if_unmodified_since": header.IfUnmodifiedSince,
	}
	headerFieldsInt = map[string]header.Field[int64]{
		"content_length": header.ContentLength, "age": header.Age, "max_forwards": header.MaxForwards,
	}
	headerFieldsList = map[string]header.Field[[]string]{
		"allow": header.Allow, "vary": header.Vary, "content_language": header.ContentLanguage,
	}
)

// get reads the field by its type; what the reference has for text is text.
func (in headerFieldsIn) get(h header.Map) any {
	if f, ok := headerFieldsDate[in.Field]; ok {
		if t, ok := f.Get(h); ok {
			return typedMoment(t)
		}
		return nil
	}
	if f, ok := headerFieldsInt[in.Field]; ok {
		if n, ok := f.Get(h); ok {
			return n
		}
		return nil
	}
	if f, ok := headerFieldsList[in.Field]; ok {
		if list, ok := f.Get(h); ok {
			latin := []string{}
			for _, element := range list {
				latin = append(latin, Latin(element))
			}
			return latin
		}
		return nil
	}
	if in.Field == "retry_after" {
		if d, ok := header.RetryAfter.Get(h); ok {
			return typedMoment(d.Time(typedNow(in.Now)))
		}
		return nil
	}
	if s, ok := header.NewText(in.name()).Get(h); ok {
		return Latin(s)
	}
	return nil
}

var errHeaderFieldsType = errors.New("the field does not take such a value")

// set assigns by the field's type. Text goes in as it is, but has to be a
// number where the field holds one.
func (in headerFieldsIn) set(h header.Map) error {
	if in.Value == nil {
		h.Del(in.name())
		return nil
	}
	if s, ok := in.Value.(string); ok {
		if f, ok := headerFieldsInt[in.Field]; ok {
			_, _, err := f.Lookup(http.Header{f.Name(): {Raw(s)}})
			if err != nil {
				return err
			}
		}
		return header.NewText(in.name()).Set(h, Raw(s))
	}
	if f, ok := headerFieldsList[in.Field]; ok {
		return f.Set(h, headerFieldsStrings(in.Value))
	}
	t, isTime := typedTime(in.Value, in.Now)
	n, isNumber := in.Value.(json.Number)
	if f, ok := headerFieldsDate[in.Field]; ok && isNumber {
		return f.Set(h, typedUnix(n))
	} else if ok && isTime {
		return f.Set(h, t)
	}
	if in.Field == "retry_after" && isNumber {
		return header.RetryAfter.Set(h, header.Delay{Seconds: typedWhole(n)})
	} else if in.Field == "retry_after" && isTime {
		return header.RetryAfter.Set(h, header.At(t))
	}
	if f, ok := headerFieldsInt[in.Field]; ok && isNumber {
		return f.Set(h, typedWhole(n))
	}
	return errHeaderFieldsType
}

func headerFieldsStrings(v any) []string {
	list := []string{}
	for _, item := range v.([]any) {
		list = append(list, typedText(item))
	}
	return list
}

// headerFieldsDump lists all fields of a response.
func headerFieldsDump(l *header.List) any {
	all := [][2]string{}
	for name, value := range l.All() {
		all = append(all, [2]string{name, Latin(value)})
	}
	return all
}

func headerFieldsResponseGet(in headerFieldsIn) (any, error) { return in.get(in.list()), nil }

func headerFieldsResponseSet(in headerFieldsIn) (any, error) {
	l := in.list()
	err := in.set(l)
	return headerFieldsDump(l), err
}

func headerFieldsResponseDelete(in headerFieldsIn) (any, error) {
	l := in.list()
	l.Del(in.name())
	return headerFieldsDump(l), nil
}

func headerFieldsRequestGet(in headerFieldsIn) (any, error) {
	return in.get(typedField(in.name(), in.Header)), nil
}

func headerFieldsRequestSet(in headerFieldsIn) (any, error) {
	h := typedField(in.name(), in.Header)
	err := in.set(h)
	return typedRaw(h, in.name()), err
}

func headerFieldsRequestDelete(in headerFieldsIn) (any, error) {
	h := typedField(in.name(), in.Header)
	h.Del(in.name())
	return typedRaw(h, in.name()), nil
}

// headerFieldsRaw is the value a question reads, the first of several.
func headerFieldsRaw(q Question) (string, bool) {
	in := In[headerFieldsIn](q)
	if in.Header != nil {
		return *in.Header, true
	}
	for _, p := range in.Headers {
		if strings.EqualFold(p[0], in.name()) {
			return p[1], true
		}
	}
	return "", false
}

func headerFieldsReads(q Question) bool { return strings.HasSuffix(q.Op, "_get") }
func headerFieldsSets(q Question) bool  { return strings.HasSuffix(q.Op, "_set") }

var headerFieldsClean = Rule{
	Name:   "a value that would split the header is refused",
	Reason: "WebOb refuses CR and LF on a response only, and NUL nowhere. All three are refused everywhere (RFC 9110 section 5.5).",
	Applies: func(q Question) bool {
		return headerFieldsSets(q) && strings.ContainsAny(jsonDecodedText(In[headerFieldsIn](q).Value), "\r\n\x00")
	},
	Answer: func(Question, Answer) Answer { return Refused },
}

// headerFieldsDigits reads a number as RFC 9110 has it.
func headerFieldsDigits(s string) (int64, bool) {
	s = strings.Trim(s, " \t")
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && strings.Trim(s, "0123456789") == ""
}

var headerFieldsNumber = Rule{
	Name: "a number is digits within 63 bits, anything else is none",
	Reason: "WebOb reads `+5`, `-1` and `1_000`, numbers of any size, and fails on what is no number, which a server would answer " +
		"with 500. Here Get answers none and Lookup tells why.",
	Applies: func(q Question) bool {
		_, isNumber := headerFieldsInt[In[headerFieldsIn](q).Field]
		return isNumber && headerFieldsReads(q)
	},
	Answer: func(q Question, _ Answer) Answer {
		text, _ := headerFieldsRaw(q)
		if n, ok := headerFieldsDigits(text); ok {
			return Says(n)
		}
		return Says(nil)
	},
}

var headerFieldsWritten = Rule{
	Name:   "only numbers are written as numbers",
	Reason: "WebOb writes any text, and negative numbers. Both are refused.",
	Applies: func(q Question) bool {
		in := In[headerFieldsIn](q)
		_, isNumber := headerFieldsInt[in.Field]
		_, ok := headerFieldsDigits(fmt.Sprint(in.Value))
		return isNumber && headerFieldsSets(q) && in.Value != nil && !ok
	},
	Answer: func(Question, Answer) Answer { return Refused },
}

var headerFieldsDates = Rule{
	Name:   datesGrammar.Name,
	Reason: datesGrammar.Reason,
	Applies: func(q Question) bool {
		in := In[headerFieldsIn](q)
		_, isDate := headerFieldsDate[in.Field]
		return headerFieldsReads(q) && (isDate || in.Field == "retry_after")
	},
	Answer: func(q Question, want Answer) Answer {
		text, _ := headerFieldsRaw(q)
		in := In[headerFieldsIn](q)
		op := "dates.parse"
		if in.Field == "retry_after" {
			op = "dates.parse_delta"
		}
		return datesGrammar.Answer(Question{Op: op, In: json.RawMessage(jsonText(map[string]any{"value": text, "now": in.Now}))}, want)
	},
}

var headerFieldsLines = Rule{
	Name:   "several lines of a list are one list",
	Reason: "RFC 9110 section 5.3 says so; WebOb sees the first.",
	Applies: ForOps(func(q Question) bool {
		in := In[headerFieldsIn](q)
		return headerFieldsList[in.Field].Name() != "" && len(headerFieldsValues(in)) > 1
	}, "header_fields.response_get"),
	Answer: func(q Question, _ Answer) Answer {
		list := []string{}
		for element := range strings.SplitSeq(strings.Join(headerFieldsValues(In[headerFieldsIn](q)), ","), ",") {
			list = append(list, strings.Trim(element, " \t"))
		}
		return Says(slices.DeleteFunc(list, func(element string) bool { return element == "" }))
	},
}

// headerFieldsValues are the values of all lines of the field asked for.
func headerFieldsValues(in headerFieldsIn) (values []string) {
	for _, p := range in.Headers {
		if strings.EqualFold(p[0], in.name()) {
			values = append(values, p[1])
		}
	}
	return values
}

var headerFieldsOffset = Rule{
	Name:    datesOffset.Name,
	Reason:  datesOffset.Reason,
	Applies: func(q Question) bool { return headerFieldsSets(q) && typedHasOffset(In[headerFieldsIn](q).Value) },
	Answer: func(q Question, want Answer) Answer {
		in := In[headerFieldsIn](q)
		text := datesOffset.Answer(q, want).Value
		if q.Op == "header_fields.request_set" {
			return Says(text)
		}
		return Says(SetHeader(want.Value, in.name(), text.(string)))
	},
}

var headerFieldsGone = Rule{
	Name:    "deleting what is not there is no error",
	Reason:  "On a request WebOb fails, on a response it does not. In Go deleting from a map never fails.",
	Applies: ForOps(func(q Question) bool { return In[headerFieldsIn](q).Header == nil }, "header_fields.request_delete"),
	Answer:  func(Question, Answer) Answer { return Says(nil) },
}
