package conformance

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var responseBasicRules = []Rule{
	responseRelative, responseLengths, responseGrammar, responseNoCase, responseCharset, responseCut, responseComment,
	responseStatusDigits, responseStatusTypes, responseAnyText, responseAstray, responseClean, responseCookieClean,
	responseUnsetOne, responseValues, responseReadText, responseAnyDirective,
}

// responseQuestion is what the rules look at.
type responseQuestion struct {
	responseSpec
	New      *responseSpec
	Request  excRequest
	Location *string
	Environ  map[string]string
	Onto     struct {
		Response *responseSpec
		WSGI     *excApp `json:"wsgi"`
	}
	App     excApp
	Steps   [][]any
	Start   []string
	Value   any
	Through string
	Data    string
	Mode    string
	Writes  []any
	Calls   []any
}

func responseAsk(q Question) responseQuestion { return In[responseQuestion](q) }

// spec is the description of the response in question.
func (in responseQuestion) spec() responseSpec {
	switch {
	case in.New != nil:
		return *in.New
	case in.Onto.Response != nil:
		return *in.Onto.Response
	}
	return in.responseSpec
}

// location is what the question redirects to.
func (in responseQuestion) location() (string, bool) {
	if in.Location != nil {
		return *in.Location, true
	}
	loc, ok := in.spec().Kw["location"].(string)
	return loc, ok
}

var (
	responseScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)
	responseAway   = regexp.MustCompile("^[/\\\\]{2}|[\x00-\x1f\x7f]|^ | $|^(?i:javascript|data|vbscript):")
)

// responseBase is the URL of the request, without its query.
func (in responseQuestion) base() *url.URL {
	base := &url.URL{Scheme: "http", Host: "localhost"}
	if in.Environ != nil {
		e := in.Environ
		base.Scheme, base.Host = e["wsgi.url_scheme"], e["HTTP_HOST"]
		if base.Host == "" {
			base.Host = e["SERVER_NAME"] + ":" + e["SERVER_PORT"]
		}
		port := map[string]string{"http": ":80", "https": ":443"}[base.Scheme]
		base.Host = strings.TrimSuffix(base.Host, port)
		base.Path = Raw(e["SCRIPT_NAME"] + e["PATH_INFO"])
		if base.Path == "" {
			base.Path = "/"
		}
		return base
	}
	if in.Request.BaseURL != "" {
		base, _ = url.Parse(in.Request.BaseURL)
	}
	path, _, _ := strings.Cut(in.Request.Path, "?")
	if path == "" {
		path = "/"
	}
	base.Path += path
	return base
}

var responseStatusLine = regexp.MustCompile(`^[1-5][0-9][0-9]( [^\x00-\x08\x0a-\x1f\x7f]*)?$`)

// responseStatusGiven is the status in question as text.
func responseStatusGiven(in responseQuestion) (string, bool) {
	v := in.Value
	if v == nil {
		v = in.spec().Status
	}
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

var responseStatusDigits = Rule{
	Name:   "a status is three digits from 100 to 599",
	Reason: "RFC 9110 section 15. WebOb reads a number as Python does, with spaces and in any script, and takes line breaks in the reason.",
	Applies: ForOps(func(q Question) bool {
		s, ok := responseStatusGiven(responseAsk(q))
		return ok && !responseStatusLine.MatchString(s)
	}, "response_basic.new", "response_basic.status"),
	Answer: func(Question, Answer) Answer { return Refused },
}

var responseStatusTypes = Rule{
	Name:   "a status is a number or its text",
	Reason: "Python takes bytes, truth values and broken numbers for a status as well; SetStatus takes an int, SetStatusText a string.",
	Applies: ForOps(func(q Question) bool {
		_, ok := responseStatusGiven(responseAsk(q))
		return !ok
	}, "response_basic.status"),
	Answer: func(Question, Answer) Answer { return Refused },
}

var responseAnyText = Rule{
	Name:   "text without a charset is written in UTF-8",
	Reason: "WebOb refuses text for a Content-Type without a charset. UTF-8 is what JSON demands, and what every reader tries.",
	Applies: func(q Question) bool {
		in := responseAsk(q)
		switch q.Op {
		case "response_basic.new":
			return in.Text != nil && (in.ContentType != nil || in.Charset != nil) && in.Status == nil
		case "response_basic.write":
			_, isText := in.Writes[0].(string)
			return isText && len(in.Writes) == 1 && (in.New.Charset != nil || in.New.Status != nil)
		}
		return false
	},
	Answer: func(q Question, want Answer) Answer {
		in := responseAsk(q)
		if q.Op == "response_basic.new" {
			return Says(responseTextState(in.responseSpec))
		}
		text := in.Writes[0].(string)
		v := Edit(want.Value, "state", func(state any) any {
			state = With(With(state, "body", Latin([]byte(text))), "has_body", true)
			if in.New.Status != nil {
				return state // 204 tells no length
			}
			state = Edit(state, "headers", func(h any) any { return SetHeader(h, "Content-Length", strconv.Itoa(len(text))) })
			return With(state, "content_length", len(text))
		})
		return Says(With(v, "results", []any{map[string]any{"tell": len(text)}}))
	},
}

var responseAstray = Rule{
	Name: "a Location that leads astray is refused",
	Reason: "What a browser reads as another host (//host, with backslashes, tabs or leading spaces too) or runs in a page " +
		"(javascript:, data:) is refused where it is set. WebOb sends it, or since 1.8.8 keeps some of it on this host.",
	Applies: ForOps(func(q Question) bool {
		loc, ok := responseAsk(q).location()
		return ok && responseAway.MatchString(loc)
	}, "response_basic.call"),
	Answer: func(Question, Answer) Answer { return Refused },
}

var responseClean = Rule{
	Name:   "control characters are refused in every field",
	Reason: "WebOb's attributes refuse CR and LF alone, its header mapping nothing (RFC 9110 section 5.5).",
	Applies: ForOps(func(q Question) bool {
		in := responseAsk(q)
		return len(in.Steps) > 0 && strings.ContainsAny(fmt.Sprint(in.Steps[0][len(in.Steps[0])-1]), "\x00\r\n\x7f")
	}, "response_basic.script"),
	Answer: func(q Question, want Answer) Answer {
		results := make([]any, len(responseAsk(q).Steps))
		results[0] = map[string]any{"err": "refused"}
		v := With(want.Value, "results", results)
		return Says(Edit(v, "state", func(s any) any {
			return Edit(s, "headers", func(h any) any { return DropHeader(h, "X", "Location") })
		}))
	},
}

var responseCookieClean = Rule{
	Name: "control characters are refused in cookies",
	Reason: "WebOb writes them as backslash escapes, which mean nothing in a path. Values with other odd bytes are " +
		"written as WebOb does, and read back by our requests.",
	Applies: ForOps(func(q Question) bool {
		for _, step := range responseAsk(q).Steps {
			if len(step) == 4 && strings.ContainsAny(fmt.Sprint(step[2], step[3].(map[string]any)["path"]), "\r\n\t\x00") {
				return true
			}
		}
		return false
	}, "response_basic.cookies"),
	Answer: func(Question, Answer) Answer {
		return Says(map[string]any{"results": []any{map[string]any{"err": "refused"}}, "set_cookie": []any{}})
	},
}

var responseUnsetOne = Rule{
	Name:   "unsetting a cookie leaves the others as they were",
	Reason: "WebOb reads all Set-Cookie fields and writes them again, sorted, and loses Secure, HttpOnly and what it does not know.",
	Applies: ForOps(func(q Question) bool {
		in := responseAsk(q)
		return len(in.Start) > 0 && slices.ContainsFunc(in.Steps, func(step []any) bool { return step[0] == "unset" })
	}, "response_basic.cookies"),
	Answer: func(q Question, want Answer) Answer {
		in := responseAsk(q)
		left := slices.Clone(in.Start)
		for _, step := range in.Steps {
			left = slices.DeleteFunc(left, func(c string) bool { return strings.HasPrefix(c, step[1].(string)+"=") })
		}
		return Says(With(want.Value, "set_cookie", left))
	},
}

var responseValues = Rule{
	Name: "a value of the wrong type changes nothing",
	Reason: "In Python an attribute can be set to anything, and the Response is broken after. In Go a body is bytes, a text, a reader " +
		"or an iterator, and a Content-Length a number; what is none of these cannot be passed.",
	Applies: ForOps(func(q Question) bool {
		step := responseAsk(q).Steps[0]
		return step[0] == "set" && (step[1] == "app_iter" && step[2] == nil || step[1] == "content_length" && step[2] == "abc")
	}, "response_basic.script"),
	Answer: func(q Question, want Answer) Answer {
		in := responseAsk(q)
		body := *in.New.Body
		n := len([]rune(body))
		results := make([]any, len(in.Steps))
		for i, step := range in.Steps {
			results[i] = map[string]any{"body": map[string]any{"$bytes": body}, "has_body": n > 0, "content_length": n}[step[1].(string)]
		}
		results[0] = map[string]any{"err": "refused"}
		return Says(map[string]any{"results": results, "state": map[string]any{
			"status": "200 OK", "status_code": 200, "body": body, "has_body": true, "content_length": n,
			"content_type": "text/html", "charset": "utf-8",
			"headers": [][2]string{{"Content-Type", "text/html; charset=utf-8"}, {"Content-Length", strconv.Itoa(n)}},
		}})
	},
}

var responseReadText = Rule{
	Name: "HTTP text is read by RFC 9112",
	Reason: "A reason may be missing, a length is digits that all fields agree on and counts bytes, chunks are put together or " +
		"refused. WebOb refuses the first and does not notice the others.",
	Applies: ForOps(func(Question) bool { return true }, "response_basic.from_file"),
	Answer: func(q Question, want Answer) Answer {
		in := responseAsk(q)
		head, body, _ := strings.Cut(in.Data, "\r\n\r\n")
		lines := strings.Split(head, "\r\n")
		code, _, _ := strings.Cut(strings.TrimPrefix(lines[0], "HTTP/1.1 "), " ")
		headers, lengths := [][2]string{}, []string{}
		for _, line := range lines[1:] {
			name, value, _ := strings.Cut(line, ": ")
			switch name {
			case "Transfer-Encoding":
				return Refused // no vector has whole chunks
			case "Content-Length":
				lengths = append(lengths, value)
			default:
				headers = append(headers, [2]string{name, value})
			}
		}
		n := 0
		if len(lengths) > 0 {
			parsed, err := strconv.ParseUint(lengths[0], 10, 31)
			if err != nil || len(slices.Compact(lengths)) > 1 || lengths[0][0] == '+' {
				return Refused
			}
			n = int(parsed)
		}
		status, _ := strconv.Atoi(code)
		state := map[string]any{
			"status": code, "status_code": status, "body": Latin(body[:n]), "has_body": n > 0, "content_length": n,
			"content_type": nil, "charset": nil,
			"headers": append(headers, [2]string{"Content-Length", strconv.Itoa(n)}),
		}
		if t := HeaderValues(plain(headers), "Content-Type"); len(t) > 0 {
			media, charset, _ := strings.Cut(t[0], "; charset=")
			state["content_type"], state["charset"] = media, charset
		}
		return Says(map[string]any{"rest": body[n:], "state": state})
	},
}

var responseAnyDirective = Rule{
	Name:    "any directive may be set with an expiry",
	Reason:  "In Python an unknown argument becomes an attribute that nobody looks at. Directives are data here, and unknown ones are sent.",
	Applies: ForOps(func(q Question) bool { return strings.Contains(string(q.In), `"unknown"`) }, "response_basic.cache_expires"),
	Answer: func(q Question, want Answer) Answer {
		return Says(EditHeader(want.Value, "Cache-Control", func(v string) string { return v + ", unknown=1" }))
	},
}
