package conformance

import (
	"io"
	"net/http/httputil"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var requestBytesRules = []Rule{
	requestBytesGrammar, requestBytesCut, requestBytesFields, requestBytesMissing, requestBytesApart,
	requestBytesMethod, requestBytesCookies, requestBytesRaw, requestBytesChunked,
}

func requestBytesIf(applies func(requestBytesIn) bool, ops ...string) func(Question) bool {
	return ForOps(func(q Question) bool { return applies(In[requestBytesIn](q)) }, ops...)
}

const (
	requestBytesToken  = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
	requestBytesTarget = `(?:\*|/[!-~]*|(?i:https?)://[!-~]+)`
)

var (
	requestBytesLine  = regexp.MustCompile(`^` + requestBytesToken + ` ` + requestBytesTarget + ` HTTP/[0-9](?:\.[0-9])?$`)
	requestBytesField = regexp.MustCompile(`^` + requestBytesToken + `:[\t -~\x{80}-\x{10ffff}]*$`)
	requestBytesHost  = regexp.MustCompile(`^(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?$`)
)

// head is the request line and the header fields, and what follows the head.
func (in requestBytesIn) head() (line string, fields [][2]string, rest string, ok bool) {
	first, fieldsOK := true, true
	rest = in.bytes()
	for rest != "" {
		var text string
		text, rest, _ = strings.Cut(rest, "\n")
		text = strings.TrimSuffix(text, "\r")
		switch {
		case first:
			line, first = text, false
		case text == "":
			return line, fields, rest, fieldsOK
		default:
			name, value, _ := strings.Cut(text, ":")
			fields = append(fields, [2]string{name, strings.Trim(value, " \t")})
			fieldsOK = fieldsOK && requestBytesField.MatchString(text)
		}
	}
	return line, fields, "", fieldsOK
}

// values are those of one field.
func requestBytesValues(fields [][2]string, name string) (values []string) {
	for _, f := range fields {
		if strings.EqualFold(f[0], name) {
			values = append(values, f[1])
		}
	}
	return values
}

// grammatical says whether RFC 9112 knows such a head.
func (in requestBytesIn) grammatical() bool {
	line, fields, _, ok := in.head()
	lengths, hosts := requestBytesValues(fields, "Content-Length"), requestBytesValues(fields, "Host")
	for _, n := range lengths {
		ok = ok && regexp.MustCompile(`^[0-9]+$`).MatchString(n) && n == lengths[0]
	}
	for _, h := range hosts {
		ok = ok && requestBytesHost.MatchString(h)
	}
	coded := requestBytesValues(fields, "Transfer-Encoding")
	return ok && requestBytesLine.MatchString(line) && len(hosts) < 2 && (len(coded) == 0 || len(lengths) == 0 && len(coded) == 1 && coded[0] == "chunked")
}

// model is what a text says.
func (in requestBytesIn) model() Answer {
	line, fields, body, _ := in.head()
	parts := strings.Split(line, " ")
	environ := map[string]any{"REQUEST_METHOD": parts[0], "SERVER_PROTOCOL": parts[2], "wsgi.url_scheme": "http",
		"SERVER_NAME": "localhost", "SERVER_PORT": "80"}
	path, query, _ := strings.Cut(parts[1], "?")
	environ["PATH_INFO"], environ["QUERY_STRING"] = path, query
	if path == "*" {
		delete(environ, "PATH_INFO")
	}
	seen := map[string][]string{}
	for _, f := range fields {
		if !strings.Contains(f[0], "_") {
			key := strings.ToUpper(strings.ReplaceAll(f[0], "-", "_"))
			seen[key] = append(seen[key], f[1])
		}
	}
	rest := ""
	if n := seen["CONTENT_LENGTH"]; n != nil {
		length, _ := strconv.Atoi(n[0])
		body, rest = body[:length], body[length:]
	} else if seen["TRANSFER_ENCODING"] != nil {
		b, err := io.ReadAll(httputil.NewChunkedReader(strings.NewReader(body)))
		if err != nil {
			return Refused
		}
		delete(seen, "TRANSFER_ENCODING")
		body = string(b)
	}
	delete(seen, "CONTENT_LENGTH")
	for key, values := range seen {
		separator := ", "
		if key == "COOKIE" {
			separator = "; "
		}
		if key != "CONTENT_TYPE" {
			key = "HTTP_" + key
		}
		environ[key] = Latin(strings.Join(values, separator))
	}
	environ["CONTENT_LENGTH"] = strconv.Itoa(len(body))
	return Says(map[string]any{"environ": environ, "body": Latin(body), "rest": Latin(rest)})
}

// written is how a request is written. The body has been written by the reference.
func (in requestBytesIn) written() Answer {
	get := func(key, missing string) string {
		if s, ok := in.Environ[key].(string); ok && s != "" {
			return s
		}
		return missing
	}
	path := get("SCRIPT_NAME", "") + get("PATH_INFO", "")
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if q := get("QUERY_STRING", ""); q != "" {
		path += "?" + q
	}
	lines := []string{}
	for key, v := range in.Environ {
		name, isField := strings.CutPrefix(key, "HTTP_")
		if key == "CONTENT_TYPE" || key == "CONTENT_LENGTH" {
			name, isField = key, v != ""
		}
		if isField {
			words := strings.Split(strings.ToLower(name), "_")
			for i, w := range words {
				words[i] = strings.ToUpper(w[:1]) + w[1:]
			}
			lines = append(lines, strings.Join(words, "-")+": "+v.(string))
		}
	}
	slices.Sort(lines)
	line := get("REQUEST_METHOD", "GET") + " " + path + " " + get("SERVER_PROTOCOL", "HTTP/1.0")
	return Says(strings.Join(append([]string{line}, lines...), "\r\n"))
}

// bodiless are the questions whose text has no body.
func (in requestBytesIn) bodiless() bool {
	n, _ := in.Environ["CONTENT_LENGTH"].(string)
	return in.Body == nil || n == "" || n == "0"
}

// requestBytesAnswer is the model's, for either reading.
func requestBytesAnswer(q Question, want Answer) Answer {
	in := In[requestBytesIn](q)
	if q.Op == "request_bytes.write" {
		return in.written()
	}
	return in.model()
}

var (
	requestBytesGrammar = GrammarHolds.On(
		func(q Question) bool {
			in := In[requestBytesIn](q)
			if q.Op != "request_bytes.write" {
				return !in.grammatical()
			}
			method, said := in.Environ["REQUEST_METHOD"].(string)
			if said && !regexp.MustCompile(`^`+requestBytesToken+`$`).MatchString(method) {
				return true
			}
			for key, v := range in.Environ {
				s, _ := v.(string)
				path := key == "PATH_INFO" || key == "SCRIPT_NAME" // these are escaped
				if !path && strings.ContainsFunc(s, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }) {
					return true
				}
			}
			return in.Environ["CONTENT_LENGTH"] == ""
		},
		func(q Question, want Answer) Answer {
			if in := In[requestBytesIn](q); q.Op == "request_bytes.write" && in.Environ["CONTENT_LENGTH"] == "" {
				return in.written() // an empty field is none
			}
			return Refused
		})

	requestBytesCut = LengthsAreTrue.On(
		requestBytesIf(func(in requestBytesIn) bool {
			_, fields, rest, _ := in.head()
			n := requestBytesValues(fields, "Content-Length")
			if len(n) == 0 {
				return false
			}
			length, err := strconv.Atoi(n[0])
			return err == nil && len(rest) < length
		}, "request_bytes.parse", "request_bytes.roundtrip"),
		func(Question, Answer) Answer { return Refused })

	requestBytesFields = ReadOneWay.On(
		requestBytesIf(func(in requestBytesIn) bool {
			_, fields, _, _ := in.head()
			return in.grammatical() && slices.ContainsFunc(fields, func(f [2]string) bool { return strings.Contains(f[0], "_") })
		}, "request_bytes.parse"), requestBytesAnswer)

	requestBytesMissing = RequestsAreNetHTTP.On(
		requestBytesIf(func(in requestBytesIn) bool {
			for _, key := range []string{"REQUEST_METHOD", "PATH_INFO", "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "wsgi.url_scheme"} {
				if in.Environ[key] == nil {
					return in.bodiless()
				}
			}
			return false
		}, "request_bytes.write"), requestBytesAnswer)

	requestBytesApart = ReadOneWay.On(
		func(q Question) bool {
			in := In[requestBytesIn](q)
			line, _, _, _ := in.head()
			switch q.Op {
			case "request_bytes.write":
				script, _ := in.Environ["SCRIPT_NAME"].(string)
				path, _ := in.Environ["PATH_INFO"].(string)
				return !strings.HasPrefix(script+path, "/") && in.bodiless()
			case "request_bytes.parse":
				return strings.Contains(line, " * ")
			}
			return strings.Contains(strings.ToUpper(line), "%2F")
		},
		func(q Question, want Answer) Answer {
			if q.Op != "request_bytes.roundtrip" {
				return requestBytesAnswer(q, want)
			}
			line, _, _, _ := In[requestBytesIn](q).head()
			return Says(Edit(want.Value, "once", func(v any) any {
				_, rest, _ := strings.Cut(v.(string), "\r\n")
				return line + "\r\n" + rest
			}))
		})

	requestBytesMethod = Rule{
		Name:   "methods have case",
		Reason: "RFC 9110 section 9.1. WebOb puts them in capitals on reading, so that get, which nobody has to know, becomes GET.",
		Applies: requestBytesIf(func(in requestBytesIn) bool {
			line, _, _, _ := in.head()
			method, _, _ := strings.Cut(line, " ")
			return method != strings.ToUpper(method)
		}, "request_bytes.parse", "request_bytes.roundtrip"),
		Answer: func(q Question, want Answer) Answer {
			line, _, _, _ := In[requestBytesIn](q).head()
			method, _, _ := strings.Cut(line, " ")
			if want.Refused {
				return want
			}
			return Says(Edit(Edit(want.Value, "once", func(v any) any { return method + v.(string)[len(method):] }),
				"environ", func(v any) any { return With(v, "REQUEST_METHOD", method) }))
		},
	}
	requestBytesCookies = Rule{
		Name:   "cookies are joined by semicolons",
		Reason: "RFC 9113 section 8.2.3: a comma is a part of a cookie's value, and would make one cookie of two.",
		Applies: requestBytesIf(func(in requestBytesIn) bool {
			_, fields, _, _ := in.head()
			return len(requestBytesValues(fields, "Cookie")) > 1 && in.grammatical()
		}, "request_bytes.parse"),
		Answer: requestBytesAnswer,
	}
	requestBytesRaw = Rule{
		Name:   "header values stay the bytes they are",
		Reason: "RFC 9110 section 5.5 gives bytes above ASCII no meaning. WebOb reads them as UTF-8, and refuses what is none.",
		Applies: requestBytesIf(func(in requestBytesIn) bool {
			_, fields, _, _ := in.head()
			return in.grammatical() && slices.ContainsFunc(fields, func(f [2]string) bool {
				return strings.ContainsFunc(Latin(f[1]), func(c rune) bool { return c > '~' })
			})
		}, "request_bytes.parse"),
		Answer: requestBytesAnswer,
	}
	requestBytesChunked = Rule{
		Name:   "chunked bodies are put together",
		Reason: "RFC 9112 section 7.1. WebOb takes the chunks with their lengths for the body.",
		Applies: requestBytesIf(func(in requestBytesIn) bool {
			_, fields, _, _ := in.head()
			return in.grammatical() && len(requestBytesValues(fields, "Transfer-Encoding")) > 0
		}, "request_bytes.parse"),
		Answer: requestBytesAnswer,
	}
)
