package conformance

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// RequestConditional asks for the fields that make a request conditional or partial.
func (adapters) RequestConditional() Family {
	return Family{
		Name: "request_conditional",
		Ops: map[string]Op{
			"request_conditional.read":   Ask(requestConditionalRead),
			"request_conditional.assign": Ask(requestConditionalAssign),
			"request_conditional.remove": Ask(requestConditionalRemove),
		},
		Done:  true,
		Fold:  requestUrlsFold,
		Rules: requestConditionalRules,
	}
}

type requestConditionalIn struct {
	Headers   [][2]string                  `json:"headers"`
	Tags      []string                     `json:"tags"`
	Lengths   []int64                      `json:"lengths"`
	Responses []requestConditionalResponse `json:"responses"`
	Steps     [][]any                      `json:"steps"`
	Environ   map[string]any               `json:"environ"`
	Options   map[string]bool              `json:"options"`
}

type requestConditionalResponse struct {
	Headers [][2]string    `json:"headers"`
	Kw      map[string]any `json:"kw"`
}

// fields are the ETag and the Last-Modified of a response.
func (in requestConditionalResponse) fields() (tag, modified string) {
	h := http.Header{}
	for _, f := range in.Headers {
		h.Set(f[0], Raw(f[1]))
	}
	if s, ok := in.Kw["etag"].(string); ok {
		h.Set("ETag", `"`+s+`"`)
	}
	if v, ok := in.Kw["last_modified"]; ok {
		h.Set("Last-Modified", header.FormatDate(requestConditionalTime(v)))
	}
	return h.Get("ETag"), h.Get("Last-Modified")
}

func (in requestConditionalIn) request() *webob.Request {
	opts := []webob.BlankOption{}
	for _, f := range in.Headers {
		opts = append(opts, webob.WithHeader(f[0], Raw(f[1])))
	}
	return webob.Blank("/", opts...)
}

func requestConditionalRead(in requestConditionalIn) (any, error) {
	h := in.request().Header
	match, noneMatch := map[string]bool{}, map[string]bool{}
	for _, tag := range in.Tags {
		match[tag], _ = header.IfMatchHolds(h, `"`+Raw(tag)+`"`)
		holds, _ := header.IfNoneMatchHolds(h, `"`+Raw(tag)+`"`)
		noneMatch[tag] = !holds
	}
	conditions := []bool{}
	for _, response := range in.Responses {
		tag, modified := response.fields()
		holds, _ := header.IfRangeHolds(h, tag, modified)
		conditions = append(conditions, holds)
	}
	out := map[string]any{
		"if_match": match, "if_none_match": noneMatch, "if_range": conditions,
		"if_match_set": requestConditionalSet(header.IfMatch, h), "if_none_match_set": requestConditionalSet(header.IfNoneMatch, h),
		"if_range_set":  h.Get("If-Range") != "",
		"cache_control": nil, "authorization": nil, "range": nil, "max_forwards": nil,
	}
	for name, field := range requestConditionalDates {
		out[name] = nil
		if t, ok := field.Get(h); ok {
			out[name] = Notation(t)
		}
	}
	for name, field := range requestConditionalTexts {
		out[name] = nil
		if s, ok := field.Get(h); ok {
			out[name] = Latin(s)
		}
	}
	directives, _ := header.RequestCacheControl.Get(h)
	out["cache_control"] = Latin(directives.String())
	if n, ok := header.MaxForwards.Get(h); ok {
		out["max_forwards"] = n
	}
	if c, ok := header.Authorization.Get(h); ok {
		out["authorization"] = requestConditionalCredentials(c)
	}
	return requestConditionalRanges(out, h, in.Lengths), nil
}

// requestConditionalSet tells whether such a field lists tags.
func requestConditionalSet(field header.Field[header.EntityTags], h http.Header) bool {
	e, ok := field.Get(h)
	return ok && !e.Any
}

func requestConditionalCredentials(c header.Credentials) any {
	if !c.HasParams() {
		return []any{Latin(c.Scheme), Latin(c.Text)}
	}
	params, err := c.Params()
	return Step([]any{Latin(c.Scheme), authorizationMap(params)}, err)
}

func requestConditionalRanges(out map[string]any, h http.Header, lengths []int64) any {
	ranges, _ := header.Range.Get(h)
	all := []any{}
	for _, r := range ranges {
		one := byterangeOne(r)
		delete(one, "text")
		all = append(all, one)
	}
	out["range"] = requestConditionalOne(all, len(ranges))
	parts := []any{}
	for _, length := range lengths {
		spans := []any{}
		for _, s := range ranges.Spans(length) {
			spans = append(spans, []int64{s.Start, s.End})
		}
		parts = append(parts, requestConditionalOne(spans, len(ranges)))
	}
	out["ranges"] = parts
	return out
}

// requestConditionalOne writes the first alone unless several were asked for.
func requestConditionalOne(list []any, asked int) any {
	switch {
	case len(list) == 0:
		return nil
	case asked == 1:
		return list[0]
	}
	return list
}

var (
	requestConditionalDates = map[string]header.Field[time.Time]{
		"if_modified_since": header.IfModifiedSince, "if_unmodified_since": header.IfUnmodifiedSince, "date": header.Date,
	}
	requestConditionalTexts = map[string]header.Field[string]{
		"pragma": header.NewText("Pragma"), "referer": header.Referer, "user_agent": header.UserAgent,
	}
	requestConditionalNames = map[string]string{
		"if_match": "If-Match", "if_none_match": "If-None-Match", "if_range": "If-Range", "range": "Range", "date": "Date",
		"if_modified_since": "If-Modified-Since", "if_unmodified_since": "If-Unmodified-Since", "max_forwards": "Max-Forwards",
		"pragma": "Pragma", "referer": "Referer", "user_agent": "User-Agent", "authorization": "Authorization",
	}
)

var errRequestConditional = errors.New("in Go it would not compile")

func requestConditionalAssign(in requestConditionalIn) (any, error) {
	req := in.request()
	results := []any{}
	for _, step := range in.Steps {
		name, attribute := requestConditionalNames[step[1].(string)], step[1].(string)
		if step[0] == "del" || step[2] == nil {
			req.Header.Del(name)
			results = append(results, nil)
			continue
		}
		results = append(results, Step(nil, requestConditionalStep(req.Header, attribute, name, Value(step[2]))))
	}
	return map[string]any{"results": results, "environ": requestUrlsEnviron(req)}, nil
}

func requestConditionalStep(h http.Header, attribute, name string, value any) error {
	switch v := value.(type) {
	case string:
		return header.NewText(name).Set(h, Raw(v))
	case time.Time:
		if attribute == "if_range" {
			return header.IfRange.Set(h, header.RangeCondition{Date: v})
		}
		if field, ok := requestConditionalDates[attribute]; ok {
			return field.Set(h, v)
		}
	case Tuple:
		switch {
		case attribute == "authorization" && len(v) == 2:
			return header.Authorization.Set(h, authorizationCredentials(map[string]any{"scheme": v[0], "params": v[1]}))
		case attribute == "range" && len(v) == 0:
			header.Range.Del(h)
			return nil
		case attribute == "range" && len(v) == 2:
			n := byterangeNumbers(v)
			if n[0] == nil {
				return errByterange
			}
			r, err := byterangeOf(*n[0], n[1])
			if err != nil {
				return err
			}
			return header.Range.Set(h, header.ByteRanges{r})
		}
	case json.Number:
		if attribute == "max_forwards" {
			return header.MaxForwards.Set(h, typedWhole(v))
		}
	}
	return errRequestConditional
}

func requestConditionalRemove(in requestConditionalIn) (any, error) {
	req, err := requestUrlsMake(in.Environ)
	if err != nil {
		return nil, err
	}
	var keep []string
	for option, names := range map[string][]string{
		"remove_encoding": {"Accept-Encoding"}, "remove_range": {"Range", "If-Range"},
		"remove_match": {"If-None-Match"}, "remove_modified": {"If-Modified-Since"},
	} {
		if remove, said := in.Options[option]; said && !remove {
			keep = append(keep, names...)
		}
	}
	req.RemoveConditionalHeaders(keep...)
	environ := map[string]any{}
	for key, v := range requestUrlsEnviron(req) {
		if _, given := in.Environ[key]; given {
			environ[key] = v
		}
	}
	return environ, nil
}

func requestConditionalTime(v any) time.Time { return Value(v).(time.Time) }
