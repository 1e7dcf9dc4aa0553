package conformance

import (
	"fmt"
	"maps"
	"mime"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// requestBlankRule is a predicate on questions for made-up requests.
func requestBlankRule(applies func(requestBlankIn) bool) func(Question) bool {
	return ForOps(func(q Question) bool { return applies(In[requestBlankIn](q)) }, "request_blank.environ")
}

type requestBlankScript struct {
	Environ map[string]any `json:"environ"`
	Steps   [][]any        `json:"steps"`
}

// requestBlankMissing adds what the environ of a script on headers lacks.
var requestBlankMissing = RequestsAreNetHTTP.On(
	ForOps(func(q Question) bool {
		env := In[requestBlankScript](q).Environ
		return env["SERVER_NAME"] == nil || env["SERVER_PORT"] == nil
	}, "request_blank.headers"),
	func(q Question, want Answer) Answer {
		return Says(Edit(want.Value, "environ", func(v any) any {
			env := v.(map[string]any)
			name, port := "localhost", "80"
			host, _ := env["HTTP_HOST"].(string)
			if m := requestUrlsHostForm.FindStringSubmatch(host); m != nil {
				name = m[1]
				if m[4] != "" {
					port = m[4]
				}
			}
			for key, value := range map[string]string{"SERVER_NAME": name, "SERVER_PORT": port, "REQUEST_METHOD": "GET", "wsgi.url_scheme": "http"} {
				if env[key] == nil {
					v = With(v, key, value)
				}
			}
			return v
		}))
	})

// requestBlankHost is the Host that the options set over the path's.
func requestBlankHost(in requestBlankIn) (host string, ok bool) {
	if v, found := in.Environ["HTTP_HOST"].(string); found {
		host, ok = v, true
	}
	if raw := in.Kw["host"]; raw != nil {
		host, ok = mustDecode(raw).(string)
	}
	for _, h := range in.Headers {
		if strings.EqualFold(h[0], "Host") {
			host, ok = h[1], true
		}
	}
	return host, ok
}

// requestBlankAuthority is what stands before the path of a URL.
var requestBlankAuthority = regexp.MustCompile(`^[A-Za-z]+://[^/?]*`)

var requestBlankScheme = regexp.MustCompile(`^[A-Za-z]+:`)

// requestBlankNoHost tells a URL whose host is missing.
func requestBlankNoHost(s string) bool {
	u, err := url.Parse(s)
	return err == nil && requestBlankScheme.MatchString(s) && u.Host == ""
}

var (
	requestBlankSlash  = regexp.MustCompile(`(?i)%2f`)
	requestBlankEscape = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
)

var requestBlankApart = ReadOneWay.On(
	requestBlankRule(func(in requestBlankIn) bool {
		host, ok := requestBlankHost(in)
		path, _, _ := strings.Cut(in.Path, "?")
		return ok && !requestUrlsIsHost(host) || requestBlankNoHost(in.Path) || requestBlankSlash.MatchString(path+in.BaseURL) ||
			!strings.HasPrefix(path, "/") || in.Kw["path_info"] != nil || in.Environ["PATH_INFO"] != nil
	}),
	func(q Question, want Answer) Answer {
		in := In[requestBlankIn](q)
		if requestBlankNoHost(in.Path) {
			return Refused
		}
		if want.Refused {
			return want
		}
		path, _, _ := strings.Cut(in.Path, "?")
		if requestBlankSlash.MatchString(path) && in.Kw["path_info"] == nil && in.Environ["PATH_INFO"] == nil {
			want = Says(Edit(want.Value, "url", func(v any) any {
				address, query, asked := strings.Cut(v.(string), "?")
				path = requestBlankAuthority.ReplaceAllString(path, "")
				address = strings.TrimSuffix(address, requestBlankQuote(requestBlankUnescape(path))) + requestBlankKept(path)
				if asked {
					address += "?" + query
				}
				return address
			}))
		}
		return Says(requestUrlsApartURL(want.Value))
	})

// requestBlankUnescape undoes escapes, and leaves a % that begins none.
func requestBlankUnescape(s string) string {
	return requestBlankEscape.ReplaceAllStringFunc(s, func(e string) string {
		n, _ := strconv.ParseUint(e[1:], 16, 8)
		return string([]byte{byte(n)})
	})
}

// requestBlankQuote escapes a path, byte by byte.
func requestBlankQuote(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c < 0x80 && regexp.MustCompile(`[A-Za-z0-9_.~!$&'()*+,;=:@/-]`).MatchString(string(rune(c))) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// requestBlankType is the Content-Type that a form is written for.
func requestBlankType(in requestBlankIn) string {
	t, _ := in.Environ["CONTENT_TYPE"].(string)
	if raw := in.Kw["content_type"]; raw != nil {
		if s, ok := mustDecode(raw).(string); ok {
			t = s
		}
	}
	for _, h := range in.Headers {
		if strings.EqualFold(h[0], "Content-Type") {
			t = h[1]
		}
	}
	return t
}

var requestBlankCut = regexp.MustCompile(`(?i)boundary=([^ ]+)`)

// requestBlankBoundaries are the boundary that the reference cuts out of the type
// and the one that a reader takes.
func requestBlankBoundaries(in requestBlankIn) (cut, read string) {
	t := requestBlankType(in)
	if m := requestBlankCut.FindStringSubmatch(t); m != nil {
		cut = strings.Trim(m[1], `"`)
	}
	_, params, _ := mime.ParseMediaType(t)
	return cut, params["boundary"]
}

// requestBlankBody replaces the body, and its length.
func requestBlankBody(want Answer, body string) Answer {
	v := With(want.Value, "body", body)
	return Says(Edit(v, "environ", func(v any) any { return With(v, "CONTENT_LENGTH", strconv.Itoa(len([]rune(body)))) }))
}

var requestBlankReadBack = WrittenReadBack.On(
	requestBlankRule(func(in requestBlankIn) bool {
		cut, read := requestBlankBoundaries(in)
		return in.Post != nil && in.Post.Text == nil && in.Post.Bytes == nil && cut != read && read != ""
	}),
	func(q Question, want Answer) Answer {
		cut, read := requestBlankBoundaries(In[requestBlankIn](q))
		body := "\r\n" + want.Value.(map[string]any)["body"].(string)
		return requestBlankBody(want, strings.ReplaceAll(body, "\r\n--"+cut, "\r\n--"+read)[2:])
	})

var requestBlankToken = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")

var requestBlankDistinct = ReadOneWay.On(
	requestBlankRule(func(in requestBlankIn) bool {
		return slices.ContainsFunc(in.Headers, func(h [2]string) bool {
			return strings.Contains(h[0], "_") || strings.EqualFold(h[0], "Proxy") || !requestBlankToken.MatchString(h[0])
		})
	}),
	func(q Question, want Answer) Answer {
		for _, h := range In[requestBlankIn](q).Headers {
			if !requestBlankToken.MatchString(h[0]) {
				return Refused
			}
			if strings.Contains(h[0], "_") || strings.EqualFold(h[0], "Proxy") {
				key := "HTTP_" + strings.ToUpper(strings.ReplaceAll(h[0], "-", "_"))
				want = Says(Edit(want.Value, "environ", func(v any) any { return Without(v, key) }))
			}
		}
		return want
	})

var requestBlankOddEscape = regexp.MustCompile(`%([0-9A-Fa-f]?($|[^0-9A-Fa-f])|[^0-9A-Fa-f])`)

// requestBlankModel answers by what the standards say, for paths, authorities and
// texts that the reference takes otherwise.
var requestBlankModel = Rule{
	Name: "paths are UTF-8, escapes have two digits, authorities are RFC 3986's",
	Reason: "WebOb refuses what is not ASCII, takes %4 and %+1 for escapes, and cuts an authority at its first colon. We send text as " +
		"UTF-8, leave what is no escape as it is, put IPv6 addresses into brackets, drop user information and refuse an authority that is none.",
	Applies: requestBlankRule(func(in requestBlankIn) bool {
		text := ""
		if in.Post != nil && in.Post.Text != nil {
			text = *in.Post.Text
		}
		at := in.Path + in.BaseURL
		return strings.ContainsFunc(in.Path+text, func(r rune) bool { return r > 0x7e }) || strings.ContainsAny(at, "[@") ||
			strings.Count(at, ":") > 2 || requestBlankOddEscape.MatchString(in.Path)
	}),
	Answer: func(q Question, want Answer) Answer {
		in := In[requestBlankIn](q)
		env := map[string]any{"REQUEST_METHOD": "GET", "SERVER_PROTOCOL": "HTTP/1.0", "SCRIPT_NAME": "", "SERVER_NAME": "localhost",
			"SERVER_PORT": "80", "HTTP_HOST": "localhost:80", "wsgi.url_scheme": "http"}
		body := any("")
		if theirs, ok := want.Value.(map[string]any); ok { // what has nothing to do with the address
			maps.Copy(env, theirs["environ"].(map[string]any))
			body = theirs["body"]
		}
		path := in.Path
		for _, s := range []string{in.Path, in.BaseURL} {
			if !requestBlankScheme.MatchString(s) {
				continue
			}
			u, err := url.Parse(requestBlankOddEscape.ReplaceAllStringFunc(s, func(e string) string { return "%25" + e[1:] }))
			if err != nil {
				return Refused
			}
			port := u.Port()
			if port == "" {
				port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
			}
			name := strings.TrimSuffix(u.Host, ":"+u.Port())
			env["SERVER_NAME"], env["SERVER_PORT"], env["HTTP_HOST"], env["wsgi.url_scheme"] = name, port, name+":"+port, u.Scheme
			if s == in.BaseURL {
				env["SCRIPT_NAME"] = u.Path
			} else {
				path = requestBlankAuthority.ReplaceAllString(s, "")
			}
		}
		path, query, _ := strings.Cut(path, "?")
		query = Latin(query)
		info := requestBlankUnescape(path)
		env["PATH_INFO"], env["QUERY_STRING"] = Latin(info), query
		if in.Post != nil && in.Post.Text != nil {
			body = Latin(*in.Post.Text)
			env["REQUEST_METHOD"], env["CONTENT_TYPE"] = "POST", "application/x-www-form-urlencoded"
			env["CONTENT_LENGTH"] = strconv.Itoa(len(*in.Post.Text))
		}
		base := requestUrlsBase(env)
		full := requestUrlsSlash(base, base+requestBlankQuote(env["SCRIPT_NAME"].(string))+requestBlankKept(path)).(string)
		if query != "" {
			full += "?" + query
		}
		return Says(map[string]any{"environ": env, "body": body, "url": full})
	},
}

// requestBlankKept is a path escaped anew, but for the slashes that were escaped.
func requestBlankKept(path string) string {
	marked := requestBlankSlash.ReplaceAllString(path, "\x00")
	return strings.ReplaceAll(requestBlankQuote(requestBlankUnescape(marked)), "%00", "%2F")
}

func requestBlankFormFields(in requestBlankIn) []requestBlankField {
	if in.Post == nil {
		return nil
	}
	return slices.Concat(in.Post.Dict, in.Post.List)
}

var requestBlankQuotes = strings.NewReplacer(`"`, "%22", "\r", "%0D", "\n", "%0A")

var requestBlankNames = Rule{
	Name:   "names in multipart bodies are escaped",
	Reason: "A quote, CR or LF in a field or file name would end it, or the part's header. They are written %22, %0D, %0A, as browsers do.",
	Applies: requestBlankRule(func(in requestBlankIn) bool {
		return slices.ContainsFunc(requestBlankFormFields(in), func(f requestBlankField) bool {
			return strings.ContainsAny(f.name, "\"\r\n") || f.file != nil && strings.ContainsAny(f.file.Filename, "\"\r\n")
		})
	}),
	Answer: func(q Question, want Answer) Answer {
		body := want.Value.(map[string]any)["body"].(string)
		for _, f := range requestBlankFormFields(In[requestBlankIn](q)) {
			names := []string{f.name}
			if f.file != nil {
				names = append(names, f.file.Filename)
			}
			for _, name := range names {
				body = strings.Replace(body, `"`+name+`"`, `"`+requestBlankQuotes.Replace(name)+`"`, 1)
			}
		}
		return requestBlankBody(want, body)
	},
}

var requestBlankPromise = Rule{
	Name:   "the body of a made-up request is what was given",
	Reason: "A Content-Length that promises more than the body is believed as a header field; reading Body gives what there is.",
	Applies: requestBlankRule(func(in requestBlankIn) bool {
		return in.Kw["content_length"] != nil && in.Kw["body"] == nil && in.Post == nil
	}),
	Answer: func(_ Question, want Answer) Answer { return Says(With(want.Value, "body", "")) },
}

var requestBlankOld = Rule{
	Name: "options that Python alone has are refused",
	Reason: "unicode_errors and decode_param_names chose how text was decoded; newer releases of WebOb refuse them as well. " +
		"A Content-Type in the headers counts in any spelling, so a form of another type is refused there too.",
	Applies: requestBlankRule(func(in requestBlankIn) bool {
		odd := slices.ContainsFunc(in.Headers, func(h [2]string) bool {
			return h[0] != "Content-Type" && strings.EqualFold(h[0], "Content-Type") && in.Post != nil && in.Post.Text == nil && in.Post.Bytes == nil &&
				!strings.HasPrefix(h[1], "multipart/form-data") && !strings.HasPrefix(h[1], "application/x-www-form-urlencoded")
		})
		return odd || in.Kw["unicode_errors"] != nil || in.Kw["decode_param_names"] != nil
	}),
	Answer: func(Question, Answer) Answer { return Refused },
}

// requestBlankStray are the keys of an environ that look like header fields and
// are none.
func requestBlankStray(q Question) []string {
	stray := []string{}
	for key := range In[requestBlankScript](q).Environ {
		name, ok := strings.CutPrefix(key, "HTTP_")
		if ok && (name == "" || name != strings.ToUpper(name) || name == "CONTENT_TYPE" || name == "CONTENT_LENGTH" || name == "PROXY") {
			stray = append(stray, key)
		}
	}
	return stray
}

var requestBlankNoField = Rule{
	Name: "an environ key that no header field has is none",
	Reason: "HTTP_, HTTP_lower and HTTP_CONTENT_TYPE stand for no field of their own: Environ refuses them, and they do not show " +
		"beside the real ones.",
	Applies: ForOps(func(q Question) bool { return len(requestBlankStray(q)) > 0 }, "request_blank.headers"),
	Answer: func(q Question, want Answer) Answer {
		stray := requestBlankStray(q)
		v := Edit(want.Value, "environ", func(v any) any { return Without(v, stray...) })
		is := func(name string) bool {
			key := "HTTP_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
			return slices.ContainsFunc(stray, func(s string) bool { return strings.ToUpper(s) == key })
		}
		return Says(Edit(v, "results", func(v any) any {
			results := slices.Clone(v.([]any))
			for i, step := range In[requestBlankScript](q).Steps {
				switch name, _ := append(step, "")[1].(string); {
				case step[0] == "keys":
					results[i] = slices.DeleteFunc(slices.Clone(results[i].([]any)), func(v any) bool {
						return strings.Contains(v.(string), "_") || is(v.(string)) && v != "Content-Type" && v != "Content-Length"
					})
				case strings.EqualFold(strings.ReplaceAll(name, "_", "-"), "Content-Type"):
					real := In[requestBlankScript](q).Environ["CONTENT_TYPE"]
					if step[0] == "get" {
						results[i] = real
					} else if step[0] == "has" {
						results[i] = real != nil
					}
				case is(name) && step[0] == "get":
					results[i] = nil
				case is(name) && step[0] == "has":
					results[i] = false
				}
			}
			return results
		}))
	},
}

var requestBlankClean = Rule{
	Name:   "header values that split the header are refused",
	Reason: "CR, LF and NUL in a field value (RFC 9110 section 5.5) are refused where it is set, and the old value stays.",
	Applies: ForOps(func(q Question) bool {
		steps := In[requestBlankScript](q).Steps
		return len(steps) > 0 && steps[0][0] == "set" && strings.ContainsAny(steps[0][2].(string), "\r\n\x00")
	}, "request_blank.headers"),
	Answer: func(q Question, want Answer) Answer {
		in := In[requestBlankScript](q)
		key := "HTTP_" + strings.ToUpper(strings.ReplaceAll(in.Steps[0][1].(string), "-", "_"))
		v := Edit(want.Value, "environ", func(v any) any {
			if old := in.Environ[key]; old != nil {
				return With(v, key, old)
			}
			return Without(v, key)
		})
		return Says(Edit(v, "results", func(v any) any {
			results := slices.Clone(v.([]any))
			results[0] = requestUrlsRefused
			for i, step := range in.Steps {
				if step[0] == "get" && strings.EqualFold(step[1].(string), in.Steps[0][1].(string)) {
					results[i] = in.Environ[key]
				}
			}
			return results
		}))
	},
}
