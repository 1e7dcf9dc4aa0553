package conformance

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// How the house rules touch this family.

var responseRelative = LocationStaysRelative.On(
	ForOps(func(q Question) bool {
		loc, ok := responseAsk(q).location()
		return ok && !responseScheme.MatchString(loc) && !responseAway.MatchString(loc)
	}, "response_basic.call", "response_basic.call_environ", "response_basic.merge_cookies", "response_conditional.call"),
	func(q Question, want Answer) Answer {
		in := responseAsk(q)
		loc, _ := in.location()
		theirs, isText := want.Value.(string)
		if !isText {
			theirs = strings.Join(HeaderValues(want.Value.(map[string]any)["headers"], "Location"), ",")
		}
		ref, err := url.Parse(Raw(loc))
		if err != nil {
			panic(err)
		}
		if a, b := responsePlain(in.base().ResolveReference(ref).String()), responsePlain(Raw(theirs)); a != b {
			panic(fmt.Sprintf("%q leads to %q, not to %q", loc, a, b))
		}
		if isText {
			return Says(loc)
		}
		return Says(Edit(want.Value, "headers", func(h any) any { return SetHeader(h, "Location", loc) }))
	})

// responsePlain is a URL without escapes: WebOb writes more of them, and some less.
func responsePlain(s string) string {
	plain, err := url.PathUnescape(s)
	if err != nil {
		return s
	}
	return responseSlashes.ReplaceAllString(plain, "$1/") // urljoin makes one slash of several
}

var responseSlashes = regexp.MustCompile(`([^:/])//+`)

// responseLengths goes over each state in an answer.
var responseLengths = LengthsAreTrue.On(
	func(q Question) bool {
		in := responseAsk(q)
		switch q.Op {
		case "response_basic.new", "response_basic.script", "response_basic.from_file", "response_basic.write":
			return true
		case "response_basic.copy":
			return in.New.Once
		case "response_basic.merge_cookies":
			return in.Onto.WSGI != nil
		case "response_basic.call":
			status, _ := responseStatusGiven(in)
			return status == "205" || strings.HasPrefix(status, "205 ")
		}
		return q.Op == "response_basic.get_response"
	},
	func(q Question, want Answer) Answer {
		in := responseAsk(q)
		memory := q.Op != "response_basic.new" || in.Chunks == nil
		change := func(state any) any { return responseToldLength(state, memory) }
		switch q.Op {
		case "response_basic.script":
			return Says(responseScriptLengths(in, want.Value))
		case "response_basic.from_file", "response_basic.write":
			return responseState1(want, change, "state")
		case "response_basic.copy":
			return responseState1(want, change, "copy", "original")
		}
		if want.Refused {
			return want
		}
		if q.Op == "response_basic.call" { // 205, as it is sent
			v := Edit(want.Value, "headers", func(h any) any { return SetHeader(h, "Content-Length", "0") })
			return Says(With(v, "body", ""))
		}
		return Says(change(want.Value))
	})

func responseState1(want Answer, change func(any) any, members ...string) Answer {
	if want.Refused {
		return want
	}
	v := want.Value
	for _, member := range members {
		v = Edit(v, member, change)
	}
	return Says(v)
}

// responseToldLength is a state with the length that its body and status have.
func responseToldLength(v any, memory bool) any {
	state := v.(map[string]any)
	body, ok := state["body"].(string)
	status, _, _ := strings.Cut(state["status"].(string), " ")
	code, _ := strconv.Atoi(status)
	_, hasMember := state["content_length"]
	set := func(headers, member any) any {
		v := Edit(state, "headers", func(any) any { return headers })
		if hasMember {
			v = With(v, "content_length", member)
		}
		return v
	}
	switch {
	case code < 200 || code == 204 || code == 205 || code == 304:
		return set(DropHeader(state["headers"], "Content-Length"), nil)
	case ok && memory && len(HeaderValues(state["headers"], "Content-Length")) == 0:
		n := len([]rune(body))
		return set(SetHeader(state["headers"], "Content-Length", strconv.Itoa(n)), n)
	}
	return v
}

var responseNoContent = regexp.MustCompile(`^(1..|204|205|304)( |$)`)

// responseScriptLengths follows a script: whether the body lies in memory, and how
// long it is (-1: not followed).
func responseScriptLengths(in responseQuestion, v any) any {
	object, ok := v.(map[string]any)
	if !ok {
		return v
	}
	memory, length := in.New.Chunks == nil, -1
	switch {
	case in.New.Body != nil:
		length = len([]rune(*in.New.Body))
	case in.New.Text == nil && in.New.JSON == nil:
		length = 0
	}
	status, _ := responseStatusGiven(in)
	results := slices.Clone(object["results"].([]any))
	for i, step := range in.Steps {
		switch fmt.Sprint(step[0], " ", step[1]) {
		case "set app_iter":
			memory, length = step[2] == nil, -1
		case "set body", "set text", "set json", "get body", "get text", "get json":
			if memory = true; step[0] == "set" {
				length = -1
			}
		case "set status":
			status = fmt.Sprint(step[2])
		case "get content_length":
			switch {
			case responseNoContent.MatchString(status):
				results[i] = nil
			case memory && length >= 0 && results[i] == nil:
				results[i] = length
			}
		}
	}
	v = With(object, "results", results)
	return Edit(v, "state", func(state any) any { return responseToldLength(state, memory) })
}

var (
	responseMedia = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+")
	responseBare  = regexp.MustCompile(`;\s*[^;="]+\s*(;|$)`)
)

// responseBadTag tells a tag with a quote inside.
func responseBadTag(s string) bool {
	inside := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(s, "W/"), `"`), `"`)
	return strings.Contains(inside, `"`)
}

var responseGrammar = GrammarHolds.On(
	func(q Question) bool {
		in := responseAsk(q)
		t := responseText(in.spec().ContentType)
		switch {
		case t != "" && (!responseMedia.MatchString(t) || responseBare.MatchString(t)):
			return true
		case q.Op == "response_basic.from_file":
			return strings.Contains(in.Data, "\n:")
		}
		return responseBadField(in.spec()) || slices.ContainsFunc(in.Steps, responseBadStep)
	},
	func(q Question, want Answer) Answer {
		in := responseAsk(q)
		if q.Op != "response_basic.script" && q.Op != "response_basic.cookies" || in.New != nil && in.New.ContentType != nil {
			return Refused
		}
		v := Edit(want.Value, "results", func(results any) any {
			changed := slices.Clone(results.([]any))
			for i, step := range in.Steps {
				switch {
				case responseBadStep(step):
					changed[i] = map[string]any{"err": "refused"}
				case step[0] == "get":
					changed[i] = nil
				}
			}
			return changed
		})
		if q.Op == "response_basic.cookies" {
			return Says(With(v, "set_cookie", []any{}))
		}
		if !responseBadField(in.spec()) {
			v = Edit(v, "state", func(s any) any {
				return Edit(s, "headers", func(h any) any { return DropHeader(h, "ETag") })
			})
		}
		return Says(v)
	})

// responseBadField tells a spec with a field that cannot be read.
func responseBadField(spec responseSpec) bool {
	return slices.ContainsFunc(spec.Headers, func(h [2]string) bool {
		return h[0] == "ETag" && responseBadTag(h[1]) || h[0] == "Age" && strings.HasPrefix(h[1], "-")
	})
}

// responseBadStep tells a step that sets what cannot be written.
func responseBadStep(step []any) bool {
	if step[0] != "set" {
		return false
	}
	if tag, ok := step[2].(string); ok && step[1] == "etag" {
		return responseBadTag(tag)
	}
	if len(step) == 4 { // a cookie
		path, _ := step[3].(map[string]any)["path"].(string)
		return strings.Contains(path, ";")
	}
	return false
}

var responseNoCase = GrammarHolds.On(
	ForOps(func(q Question) bool {
		t := responseText(responseAsk(q).ContentType)
		return t != strings.ToLower(t) && responseTakesCharset.MatchString(strings.ToLower(t)) && !strings.Contains(t, ";")
	}, "response_basic.new"),
	func(q Question, want Answer) Answer {
		t := responseText(responseAsk(q).ContentType) + "; charset=utf-8"
		v := Edit(want.Value, "headers", func(h any) any { return SetHeader(h, "Content-Type", t) })
		return Says(With(v, "charset", "utf-8"))
	})

var responseTakesCharset = regexp.MustCompile(`^(text/.*|application/(xml.*|.*\+xml)|image/.*\+xml)$`)

// responseTextState is the state of a response made of text, by a model of its own.
func responseTextState(in responseSpec) map[string]any {
	t := responseText(in.ContentType)
	if t == "" {
		t = "text/html"
	}
	media, _, _ := strings.Cut(t, ";")
	charset, asked := "", responseText(in.Charset)
	if responseTakesCharset.MatchString(media) {
		charset = "utf-8"
		if in.Charset != nil {
			charset = asked
		}
	}
	var body []byte
	switch latin, err := LatinBytes(*in.Text); {
	case charset == "utf-16":
		for _, unit := range utf16.Encode([]rune(*in.Text)) {
			body = append(body, byte(unit), byte(unit>>8))
		}
	case (charset == "latin-1" || charset == "iso-8859-1") && err == nil:
		body = latin
	default:
		if body = []byte(*in.Text); charset != "" {
			charset = "utf-8"
		}
	}
	state := map[string]any{
		"status": "200 OK", "status_code": 200, "content_type": media, "charset": nil,
		"content_length": len(body), "has_body": len(body) > 0, "body": Latin(body),
	}
	if charset != "" {
		state["charset"] = charset
		t += "; charset=" + charset
	}
	state["headers"] = [][2]string{{"Content-Type", t}, {"Content-Length", strconv.Itoa(len(body))}}
	return state
}

var responseCharset = WrittenReadBack.On(
	func(q Question) bool {
		in := responseAsk(q).spec()
		return in.Text != nil && responseText(in.Charset) != "" && in.Headerlist == nil && len(in.Kw) == 0 && in.Status == nil &&
			(q.Op == "response_basic.new" || q.Op == "response_basic.script")
	},
	func(q Question, want Answer) Answer {
		in := responseAsk(q)
		state := responseTextState(in.spec())
		if q.Op == "response_basic.new" {
			return Says(state)
		}
		return Says(Edit(want.Value, "results", func(results any) any {
			changed := slices.Clone(results.([]any))
			for i, step := range in.Steps {
				if step[0] != "get" {
					break
				}
				if step[1] == "content_length" {
					changed[i] = state["content_length"]
				}
			}
			return changed
		}))
	})

// responseAnnounced is a length that was announced for chunks of another length.
func responseAnnounced(q Question) bool {
	in := responseAsk(q)
	if q.Op == "response_basic.get_response" {
		for _, h := range in.App.Headers {
			if strings.EqualFold(h[0], "Content-Length") && in.Request.Method != "HEAD" {
				return h[1] != strconv.Itoa(len([]rune(strings.Join(in.App.Chunks, "")+in.App.Body)))
			}
		}
		return false
	}
	spec := in.spec()
	if spec.Chunks == nil {
		return false
	}
	total := len([]rune(strings.Join(*spec.Chunks, "")))
	if n, ok := spec.Kw["content_length"].(json.Number); ok {
		return n.String() != strconv.Itoa(total)
	}
	if spec.Headerlist == nil {
		return false
	}
	return slices.ContainsFunc(*spec.Headerlist, func(h [2]string) bool {
		return strings.EqualFold(h[0], "Content-Length") && h[1] != strconv.Itoa(total)
	})
}

var responseCut = LengthsAreTrue.On(
	ForOps(responseAnnounced, "response_basic.new", "response_basic.script", "response_basic.get_response"),
	func(q Question, want Answer) Answer {
		broken := map[string]any{"err": "refused"}
		cut := func(state any) any { return With(state, "body", broken) }
		switch q.Op {
		case "response_basic.new":
			return Says(cut(want.Value))
		case "response_basic.script":
			// Once read the body is known to be broken, and of no length.
			results := make([]any, len(responseAsk(q).Steps))
			results[0] = broken
			v := Edit(want.Value, "state", func(state any) any {
				state = Edit(cut(state), "headers", func(h any) any { return DropHeader(h, "Content-Length") })
				return With(With(state, "content_length", nil), "has_body", true)
			})
			return Says(With(v, "results", results))
		}
		const page = "Internal Server Error\n"
		return Says(map[string]any{
			"status": "500 Internal Server Error", "status_code": 500, "body": page, "has_body": true,
			"content_type": "text/plain", "charset": "utf-8", "content_length": len(page),
			"headers": [][2]string{{"Content-Type", "text/plain; charset=utf-8"}, {"Content-Length", strconv.Itoa(len(page))}},
		})
	})

var responseCommentPart = regexp.MustCompile(`(?i); comment=("[^"]*"|[^;]*)`)

var responseComment = GrammarHolds.On(
	ForOps(func(q Question) bool {
		return slices.ContainsFunc(responseAsk(q).Steps, func(step []any) bool {
			return len(step) == 4 && step[3].(map[string]any)["comment"] != nil
		})
	}, "response_basic.cookies"),
	func(q Question, want Answer) Answer {
		return Says(Edit(want.Value, "set_cookie", func(v any) any {
			return EditAll(v, func(c any) any { return responseCommentPart.ReplaceAllString(c.(string), "") })
		}))
	})
