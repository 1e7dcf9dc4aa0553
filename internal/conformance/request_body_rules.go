package conformance

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"
)

// requestBodyFold leaves out a CONTENT_LENGTH of 0, which says that there is no body
// as its absence does, and writes UTF-8 in one way.
func requestBodyFold(q Question, answer any) any {
	answer = Edit(answer, "charset", func(v any) any {
		if name, ok := v.(string); ok && (strings.EqualFold(name, "utf8") || strings.EqualFold(name, "utf-8")) {
			return "UTF-8"
		}
		return v
	})
	answer = Edit(answer, "CONTENT_LENGTH", func(v any) any {
		if v == "0" || v == "" {
			return nil
		}
		return v
	})
	return requestUrlsFold(q, Edit(answer, "environ", func(v any) any {
		if environ, ok := v.(map[string]any); ok && environ["CONTENT_LENGTH"] == "0" {
			v = Without(v, "CONTENT_LENGTH")
		}
		return v
	}))
}

var requestBodyRules = []Rule{
	requestBodyMissing, requestBodyJSON, requestBodyLength, requestBodyLabel, requestBodyNumbers,
}

func requestBodyIf(applies func(requestBodyIn) bool, ops ...string) func(Question) bool {
	return ForOps(func(q Question) bool { return applies(In[requestBodyIn](q)) }, ops...)
}

// requestBodyCharset is the parameter of the Content-Type.
func requestBodyCharset(in requestBodyIn) string {
	ct, _ := in.Environ["CONTENT_TYPE"].(string)
	if m := regexp.MustCompile(`(?i);\s*charset="?([^";\s]*)`).FindStringSubmatch(ct); m != nil {
		return strings.ToLower(m[1])
	}
	return ""
}

// requestBodyParsed is the body as JSON in UTF-8.
func requestBodyParsed(in requestBodyIn) any {
	var v any
	body := Raw(in.Body)
	if !utf8.ValidString(body) || json.Unmarshal([]byte(body), &v) != nil {
		return requestBodyRefused
	}
	return v
}

var requestBodyRefused = map[string]any{"err": "refused"}

var (
	requestBodyMissing = NothingMissing.On(
		requestBodyIf(func(requestBodyIn) bool { return true }, "request_body.copy", "request_body.assign", "request_body.transcode"),
		func(q Question, want Answer) Answer {
			return Says(Edit(want.Value, "environ", func(v any) any {
				host, ok := In[requestBodyIn](q).Environ["HTTP_HOST"].(string)
				if !ok {
					host = "localhost"
				}
				return With(With(With(v, "SERVER_NAME", host), "SERVER_PORT", "80"), "wsgi.url_scheme", "http")
			}))
		})

	requestBodyJSON = JSONIsUTF8.On(
		requestBodyIf(func(in requestBodyIn) bool {
			return requestBodyCharset(in) != "" && in.Environ["CONTENT_LENGTH"] != nil
		}, "request_body.read"),
		func(q Question, want Answer) Answer {
			if want.Refused {
				return want
			}
			return Says(With(want.Value, "json", requestBodyParsed(In[requestBodyIn](q))))
		})

	requestBodyLength = Rule{
		Name: "a Content-Length that is no number is refused",
		Reason: "RFC 9112 section 6.3 asks for 400: what two readers take for different lengths is a hole. WebOb takes it for absent or, " +
			"with a sign, for a number.",
		Applies: requestBodyIf(func(in requestBodyIn) bool {
			length, ok := in.Environ["CONTENT_LENGTH"].(string)
			return ok && !regexp.MustCompile(`^[0-9]*$`).MatchString(length)
		}, "request_body.read"),
		Answer: func(Question, Answer) Answer { return Refused },
	}
	requestBodyLabel = Rule{
		Name: "character sets have the WHATWG's labels",
		Reason: "WebOb looks them up among Python's codecs, of which some are no character sets (rot13, idna, unicode_escape). What has no " +
			"label in the list is a 415; reading JSON does not ask.",
		Applies: requestBodyIf(func(in requestBodyIn) bool {
			_, err := requestParamsLabel(requestBodyCharset(in))
			return requestBodyCharset(in) != "" && err != nil
		}, "request_body.read"),
		Answer: func(q Question, want Answer) Answer {
			return Says(With(With(want.Value, "text", requestBodyRefused), "json", requestBodyParsed(In[requestBodyIn](q))))
		},
	}
	requestBodyNumbers = Rule{
		Name:   "NaN and Infinity are no JSON",
		Reason: "RFC 8259 section 6 has no such numbers, and a half of a surrogate pair is no character: it becomes U+FFFD.",
		Applies: requestBodyIf(func(in requestBodyIn) bool {
			return regexp.MustCompile(`NaN|Infinity|\\u[dD][89a-fA-F]`).MatchString(in.Body)
		}, "request_body.read"),
		Answer: func(q Question, want Answer) Answer {
			return Says(With(want.Value, "json", requestBodyParsed(In[requestBodyIn](q))))
		},
	}
)
