package conformance

import (
	"encoding/json"
	"slices"
	"strings"
)

var requestConditionalRules = []Rule{
	requestConditionalGrammar, requestConditionalTags, requestConditionalParts, requestConditionalVersion, requestConditionalNumber,
	requestConditionalGone, requestConditionalClean, requestConditionalWritten,
}

// header is the last value of a field, as the headers of a question are set.
func (in requestConditionalIn) header(name string) (value string, ok bool) {
	for _, f := range in.Headers {
		if strings.EqualFold(f[0], name) {
			value, ok = f[1], true
		}
	}
	return value, ok
}

// requestConditionalHas is the predicate of questions that read one of some fields.
func requestConditionalHas(names ...string) func(Question) bool {
	return ForOps(func(q Question) bool {
		in := In[requestConditionalIn](q)
		return slices.ContainsFunc(names, func(name string) bool { _, ok := in.header(name); return ok })
	}, "request_conditional.read")
}

var requestConditionalGrammar = GrammarHolds.On(
	requestConditionalHas("If-Modified-Since", "If-Unmodified-Since", "Date", "Authorization"),
	func(q Question, want Answer) Answer {
		in, v := In[requestConditionalIn](q), want.Value
		for member, name := range map[string]string{"if_modified_since": "If-Modified-Since", "if_unmodified_since": "If-Unmodified-Since", "date": "Date"} {
			v = With(v, member, nil)
			text, _ := in.header(name)
			if t, ok := datesModel(strings.Trim(text, " \t")); ok {
				v = With(v, member, Notation(t))
			}
		}
		if text, ok := in.header("Authorization"); ok {
			scheme, params, _ := strings.Cut(text, " ")
			if _, read := authorizationModel(strings.TrimLeft(params, " ")); !read && authorizationHas.MatchString(scheme) {
				v = With(v, "authorization", requestBodyRefused)
			}
		}
		return Says(v)
	})

var requestConditionalTags = Rule{
	Name:    etagList.Name,
	Reason:  etagList.Reason,
	Applies: requestConditionalHas("If-Match", "If-None-Match"),
	Answer: func(q Question, want Answer) Answer {
		in, v := In[requestConditionalIn](q), want.Value
		for member, name := range map[string]string{"if_match": "If-Match", "if_none_match": "If-None-Match"} {
			text, ok := in.header(name)
			if !ok || text == "" {
				continue
			}
			tags, read := etagModelTags(text)
			star := strings.Trim(text, " \t") == "*"
			matches := map[string]any{}
			for _, tag := range in.Tags {
				matches[tag] = star || slices.ContainsFunc(tags, func(t [2]string) bool {
					return t[1] == tag && (t[0] == "" || member == "if_none_match")
				})
			}
			v = With(With(v, member, matches), member+"_set", read && !star)
		}
		return Says(v)
	},
}

var requestConditionalParts = Rule{
	Name:    byterangeGrammar.Name,
	Reason:  byterangeGrammar.Reason,
	Applies: requestConditionalHas("Range"),
	Answer: func(q Question, want Answer) Answer {
		in := In[requestConditionalIn](q)
		text, _ := in.header("Range")
		ranges, texts, ok := byterangeModel(text)
		if !ok {
			ranges, texts = nil, nil
		}
		all, parts := []any{}, []any{}
		for _, r := range ranges {
			all = append(all, map[string]any{"start": r.start, "end": r.end})
		}
		for _, length := range in.Lengths {
			spans := []any{}
			found, isList := byterangeModelParts(ranges, texts, &length).Value.([]any)
			if !isList {
				found = []any{byterangeModelParts(ranges, texts, &length).Value}
			}
			for _, part := range found {
				if span := part.(map[string]any)["bytes"]; span != nil {
					spans = append(spans, span)
				}
			}
			parts = append(parts, requestConditionalOne(spans, len(ranges)))
		}
		return Says(With(With(want.Value, "range", requestConditionalOne(all, len(ranges))), "ranges", parts))
	},
}

var requestConditionalVersion = Rule{
	Name:    etagRange.Name,
	Reason:  etagRange.Reason,
	Applies: requestConditionalHas("If-Range"),
	Answer: func(q Question, want Answer) Answer {
		in := In[requestConditionalIn](q)
		text, _ := in.header("If-Range")
		passes := []any{}
		for _, response := range in.Responses {
			tag, modified := response.fields()
			ask := jsonText(map[string]any{"header": text, "etag": tag, "last_modified": modified})
			answer := etagRange.Answer(Question{Op: "etag.if_range", In: json.RawMessage(ask)}, want)
			passes = append(passes, answer.Value.(map[string]any)["matches"])
		}
		return Says(With(With(want.Value, "if_range", passes), "if_range_set", text != ""))
	},
}

var requestConditionalNumber = Rule{
	Name:    headerFieldsNumber.Name,
	Reason:  headerFieldsNumber.Reason,
	Applies: requestConditionalHas("Max-Forwards"),
	Answer: func(q Question, want Answer) Answer {
		text, _ := In[requestConditionalIn](q).header("Max-Forwards")
		if n, ok := headerFieldsDigits(text); ok {
			return Says(With(want.Value, "max_forwards", n))
		}
		return Says(With(want.Value, "max_forwards", nil))
	},
}

// requestConditionalOnly is the predicate of questions with one step of a kind.
func requestConditionalOnly(kind func(step []any) bool) func(Question) bool {
	return ForOps(func(q Question) bool {
		steps := In[requestConditionalIn](q).Steps
		return len(steps) == 1 && kind(steps[0])
	}, "request_conditional.assign")
}

// requestConditionalEnviron is what the assignment of a value leaves of a field: key
// is gone, and the step has this result.
func requestConditionalEnviron(q Question, want Answer, result any) Answer {
	name := requestConditionalNames[In[requestConditionalIn](q).Steps[0][1].(string)]
	key := "HTTP_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	v := Edit(want.Value, "environ", func(v any) any { return Without(v, key) })
	return Says(With(v, "results", []any{result}))
}

var requestConditionalGone = Rule{
	Name:   "deleting what is not there is no error, and setting to nothing deletes",
	Reason: "WebOb fails at the first, and leaves a key with nothing under it at the second. In Go deleting from a map never fails.",
	Applies: requestConditionalOnly(func(step []any) bool {
		return step[0] == "del" || step[2] == nil
	}),
	Answer: func(q Question, want Answer) Answer { return requestConditionalEnviron(q, want, nil) },
}

var requestConditionalClean = Rule{
	Name:   headerFieldsClean.Name,
	Reason: headerFieldsClean.Reason,
	Applies: requestConditionalOnly(func(step []any) bool {
		return step[0] == "set" && strings.ContainsAny(jsonDecodedText(step[2]), "\r\n\x00")
	}),
	Answer: func(q Question, want Answer) Answer {
		return requestConditionalEnviron(q, want, map[string]any{"err": "refused"})
	},
}

var requestConditionalWritten = Rule{
	Name:   byterangeWritten.Name,
	Reason: byterangeWritten.Reason,
	Applies: requestConditionalOnly(func(step []any) bool {
		if step[0] != "set" || step[1] != "range" {
			return false
		}
		ends, ok := Value(step[2]).(Tuple)
		if !ok || len(ends) != 2 || ends[1] == nil {
			return false
		}
		return number(ends[1]) <= max(number(ends[0]), 0) || number(ends[0]) < 0
	}),
	Answer: func(q Question, want Answer) Answer {
		return requestConditionalEnviron(q, want, map[string]any{"err": "refused"})
	},
}
