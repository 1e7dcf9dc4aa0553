package conformance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"mime"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
)

// requestBodyFold leaves out a CONTENT_LENGTH of 0, which says that there is no body
// as its absence does, and zeros in front, and writes UTF-8 in one way.
func requestBodyFold(q Question, answer any) any {
	answer = Edit(answer, "charset", func(v any) any {
		if name, ok := v.(string); ok && (strings.EqualFold(name, "utf8") || strings.EqualFold(name, "utf-8")) {
			return "UTF-8"
		}
		return v
	})
	answer = Edit(answer, "CONTENT_LENGTH", func(v any) any {
		if digits, ok := v.(string); ok {
			v = strings.TrimLeft(digits, "0") // 0005 is 5
		}
		if v == "" {
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
	requestBodyMissing, requestBodyAmpersand, requestBodyReadBack, requestBodyNameless, requestBodyStream, requestBodyWhole, requestBodyTold, requestBodyJSON, requestBodyLength, requestBodyLabel, requestBodyNumbers,
	requestBodyFixed,
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
	requestBodyMissing = RequestsAreNetHTTP.On(
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

	requestBodyAmpersand = ReadOneWay.On(
		requestBodyIf(func(in requestBodyIn) bool {
			query, _ := in.Environ["QUERY_STRING"].(string)
			return strings.Contains(query+in.Body, ";") && in.form().ContentType != nil && len(in.form().parts()) == 0
		}, "request_body.transcode"), requestBodyTranscoded)

	requestBodyReadBack = WrittenReadBack.On(
		requestBodyIf(func(in requestBodyIn) bool { return len(in.form().parts()) > 0 && requestBodyCharset(in) != "" }, "request_body.transcode"),
		requestBodyTranscoded)

	requestBodyNameless = GrammarHolds.On(
		requestBodyIf(func(in requestBodyIn) bool { return in.form().nameless() }, "request_body.transcode"), requestBodyTranscoded)

	requestBodyStream = RequestsAreNetHTTP.On(
		requestBodyIf(func(in requestBodyIn) bool {
			length, _ := in.Environ["CONTENT_LENGTH"].(string)
			n, err := strconv.Atoi(length)
			return err == nil && !in.Seekable && len([]rune(in.Body)) < n
		}, "request_body.read_file"),
		func(q Question, want Answer) Answer {
			in := In[requestBodyIn](q)
			left, chunks, ended := []rune(in.Body), []any{}, false
			for _, size := range in.Sizes {
				switch {
				case ended:
					chunks = append(chunks, "")
				case size == nil || *size > len(left):
					chunks, ended = append(chunks, requestBodyRefused), true
				default:
					chunks, left = append(chunks, string(left[:*size])), left[*size:]
				}
			}
			return Says(With(want.Value, "chunks", chunks))
		})

	requestBodyJSON = ReadOneWay.On(
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
	requestBodyWhole = WrittenReadBack.On(
		requestBodyIf(func(in requestBodyIn) bool {
			cs, err := requestParamsLabel(strings.ToLower(*cmp.Or(in.Charset, new(string))))
			if (in.Errors != "ignore" && in.Errors != "replace") || err != nil || cs == nil {
				return false
			}
			query, _ := in.Environ["QUERY_STRING"].(string)
			for _, text := range []string{query, in.Body} {
				if raw, err := url.QueryUnescape(Raw(text)); err == nil {
					text = raw
				}
				if read, err := cs.NewDecoder().String(text); err != nil || strings.ContainsRune(read, utf8.RuneError) {
					return true
				}
			}
			return false
		}, "request_body.transcode"),
		func(Question, Answer) Answer { return Refused })

	requestBodyTold = LengthsAreTrue.On(
		requestBodyIf(func(in requestBodyIn) bool {
			return len(in.Steps) == 2 && in.Steps[0][1] == "content_length" && (in.Steps[0][0] == "del" || in.Steps[0][2] == nil) &&
				in.Steps[1][0] == "get" && in.Steps[1][1] == "body" && in.Environ["CONTENT_LENGTH"] == strconv.Itoa(len(in.Body))
		}, "request_body.assign"),
		func(q Question, want Answer) Answer {
			in := In[requestBodyIn](q)
			body := map[string]any{"$bytes": in.Body}
			v := With(With(want.Value, "body", body), "results", []any{nil, body})
			return Says(Edit(v, "environ", func(v any) any { return With(v, "CONTENT_LENGTH", strconv.Itoa(len(in.Body))) }))
		})

	requestBodyFixed = Rule{
		Name:   "a request's charset is what its Content-Type says",
		Reason: "WebOb takes an assignment of UTF-8 to the charset and does nothing, and refuses any other. We offer none.",
		Applies: requestBodyIf(func(in requestBodyIn) bool {
			return len(in.Steps) == 1 && in.Steps[0][0] == "set" && in.Steps[0][1] == "charset"
		}, "request_body.assign"),
		Answer: func(_ Question, want Answer) Answer {
			return Says(With(want.Value, "results", []any{requestBodyRefused}))
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

// form is the question as the form family knows it.
func (in requestBodyIn) form() requestParamsIn {
	out := requestParamsIn{Method: "POST", Body: in.Body}
	if ct, ok := in.Environ["CONTENT_TYPE"].(string); ok {
		out.ContentType = &ct
	}
	return out
}

// requestBodyTranscoded is the request in UTF-8 as a form family reads it.
func requestBodyTranscoded(q Question, want Answer) Answer {
	in := In[requestBodyIn](q)
	charset := requestBodyCharset(in)
	if in.Charset != nil {
		charset = *in.Charset
	}
	cs, err := requestParamsLabel(charset)
	if err != nil || want.Refused {
		return Refused
	}
	raw, _ := in.Environ["QUERY_STRING"].(string)
	get := requestParamsRead(raw, cs)
	v := With(want.Value, "GET", get)
	if strings.Contains(raw, "=") {
		v = Edit(v, "environ", func(v any) any { return With(v, "QUERY_STRING", requestBodyWrite(get)) })
	}
	var post [][]any
	body := in.Body
	if parts := in.form().parts(); len(parts) > 0 {
		post, body = requestBodyParts(in, parts, cs)
	} else {
		post = requestParamsRead(in.Body, cs)
		if strings.Contains(body, "=") {
			body = requestBodyWrite(post)
		}
	}
	v = With(With(v, "POST", post), "body", body)
	return Says(Edit(v, "environ", func(v any) any { return With(v, "CONTENT_LENGTH", fmt.Sprint(len([]rune(body)))) }))
}

func requestBodyWrite(pairs [][]any) string {
	pieces := make([]string, len(pairs))
	for i, p := range pairs {
		pieces[i] = url.QueryEscape(p[0].(string)) + "=" + url.QueryEscape(p[1].(string))
	}
	return strings.Join(pieces, "&")
}

// requestBodyParts reads a multipart form and writes it in UTF-8.
func requestBodyParts(in requestBodyIn, parts [][]string, cs encoding.Encoding) (post [][]any, body string) {
	_, params, _ := mime.ParseMediaType(*in.form().ContentType)
	post = [][]any{}
	for _, part := range parts {
		item, _ := requestParamsField(part[0], part[1], cs)
		if item == nil {
			continue
		}
		post = append(post, item)
		body += "--" + params["boundary"] + "\r\nContent-Disposition: form-data; name=\"" + Latin(item[0].(string)) + "\""
		switch value := item[1].(type) {
		case string:
			body += "\r\n\r\n" + Latin(value) + "\r\n"
		case map[string]any:
			body += "; filename=\"" + Latin(value["filename"].(string)) + "\"\r\nContent-type: " + value["type"].(string) + "\r\n\r\n" +
				value["content"].(string) + "\r\n"
		}
	}
	return post, body + "--" + params["boundary"] + "--"
}
