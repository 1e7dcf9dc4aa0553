package conformance

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// urlmapRules are those of routes.URLMap and routes.Cascade.
func urlmapRules() []Rule {
	route := func(applies func(urlmapIn) bool) func(Question) bool {
		return func(q Question) bool { return q.Op == "urlmap.route" && applies(In[urlmapIn](q)) }
	}
	model := func(q Question, _ Answer) Answer { return Says(urlmapModel(In[urlmapIn](q))) }
	return []Rule{
		ReadOneWay.On(route(func(in urlmapIn) bool {
			return slices.ContainsFunc(in.Requests, func(r deployRequest) bool { return urlmapOdd.MatchString(r.target()) })
		}), model),
		GrammarHolds.On(func(q Question) bool {
			return q.Op == "urlmap.parse" && urlmapNoPort.MatchString(" "+In[struct{ Text string }](q).Text)
		}, func(Question, Answer) Answer { return Refused }),
		GrammarHolds.On(func(q Question) bool {
			if q.Op != "urlmap.keys" && q.Op != "urlmap.get" {
				return false
			}
			in := In[urlmapIn](q)
			return urlmapOddKey.MatchString(string(in.Key)) ||
				slices.ContainsFunc(in.Map, func(e urlmapEntry) bool { return urlmapOddKey.MatchString(string(e.key)) })
		}, func(q Question, _ Answer) Answer { return urlmapHeld(q.Op, In[urlmapIn](q)) }),
		GrammarHolds.On(func(q Question) bool {
			return q.Op == "urlmap.normalize" && urlmapOddKey.MatchString(string(In[struct{ URL urlmapKey }](q).URL))
		}, func(_ Question, want Answer) Answer {
			pair, ok := want.Value.([]any)
			if !ok {
				return want
			}
			host, _ := pair[0].(string)
			return Says([]any{strings.ToLower(host), pair[1]})
		}),
		RequestsAreNetHTTP.On(func(q Question) bool {
			length, told := map[string]any(nil), false
			if q.Op == "cascade.run" {
				length = In[cascadeIn](q).Request.Environ
				_, told = length["CONTENT_LENGTH"]
			}
			text, _ := length["CONTENT_LENGTH"].(string)
			return told && (text == "" || strings.Trim(text, "0123456789") != "")
		}, func(Question, Answer) Answer { return Refused }),
		AnswersAreValues.On(func(q Question) bool {
			return q.Op == "cascade.run" && slices.ContainsFunc(In[cascadeIn](q).Apps, func(a cascadeApp) bool { return a.Raise != nil })
		}, func(_ Question, want Answer) Answer {
			return Says(Edit(want.Value, "answer", kitRaised))
		}),
		{
			Name: "a URL map compares hosts as hosts, and paths as text",
			Reason: "Hosts have no case, and a key with a port goes before one without, which would hide it. Keys are " +
				"UTF-8, like paths. The path of OPTIONS * is empty: it is for the root app, where the reference stops.",
			Applies: route(func(in urlmapIn) bool {
				return slices.ContainsFunc(in.Map, func(e urlmapEntry) bool { return urlmapOddKey.MatchString(string(e.key)) }) ||
					slices.ContainsFunc(in.Requests, func(r deployRequest) bool { return r.Environ["PATH_INFO"] == "*" })
			}),
			Answer: model,
		},
		{
			Name:    "a cascade passes over any error status",
			Reason:  "Paste refuses those that it has no exception for. 400 to 599 can be caught.",
			Applies: func(q Question) bool { return q.Op == "cascade.run" && len(In[cascadeIn](q).Catch) > 0 },
			Answer: func(q Question, want Answer) Answer {
				if want.Refused {
					return Says(cascadeModel(In[cascadeIn](q)))
				}
				return want
			},
		},
		{
			Name:   "a cascade has apps",
			Reason: "One without any fails at each request. It is refused when it is loaded.",
			Applies: func(q Question) bool {
				return q.Op == "deploy.app" && slices.ContainsFunc(kitSections(q), func(section string) bool {
					return strings.Contains(section, "#cascade") && !urlmapApps.MatchString(section)
				})
			},
			Answer: func(Question, Answer) Answer {
				return Says(map[string]any{"error": "ValueError", "mentions": []string{"no apps"}})
			},
		},
	}
}

var (
	urlmapOdd    = regexp.MustCompile(`//|(?i:%2f)`)
	urlmapNoPort = regexp.MustCompile(`\sport\s+\S*[^\s0-9]`)
	urlmapApps   = regexp.MustCompile(`(?m)^app.*=`)
	urlmapOddKey = regexp.MustCompile(`[^\x00-\x7f]|^https?://[^/]*[A-Z:]`)
)

// urlmapHeld are the keys, or one of them, where hosts have no case and one with a port is
// tried before the same without.
func urlmapHeld(op string, in urlmapIn) Answer {
	type held struct{ host, path, label string }
	var keys []held
	for _, e := range in.Map {
		host, path := urlmapSplit(string(e.key))
		k := held{host: host}
		for _, segment := range urlmapSegments(path) {
			k.path += "/" + segment
		}
		keys = slices.DeleteFunc(keys, func(o held) bool { return o.host == k.host && o.path == k.path })
		if e.label != nil {
			k.label = *e.label
			keys = append(keys, k)
		}
	}
	if op == "urlmap.get" {
		host, path := urlmapSplit(string(in.Key))
		for _, k := range keys {
			if k.host == host && slices.Equal(urlmapSegments(k.path), urlmapSegments(path)) {
				return Says(k.label)
			}
		}
		return Refused
	}
	slices.SortStableFunc(keys, func(a, b held) int {
		nameA, portA, _ := strings.Cut(a.host, ":")
		nameB, portB, _ := strings.Cut(b.host, ":")
		return cmp.Or(
			cmp.Compare(min(1, len(nameB)), min(1, len(nameA))), strings.Compare(nameA, nameB), cmp.Compare(len(portB), len(portA)),
			strings.Compare(portA, portB), cmp.Compare(len(b.path), len(a.path)), strings.Compare(a.path, b.path))
	})
	list := []any{}
	for _, k := range keys {
		list = append(list, []any{responseOrNull(k.host), k.path, k.label})
	}
	return Says(list)
}

// urlmapModel answers by reading keys and paths segment by segment.
func urlmapModel(in urlmapIn) any {
	answers := []any{}
	for _, r := range in.Requests {
		answers = append(answers, urlmapAnswer(in, r))
	}
	return answers
}

func urlmapAnswer(in urlmapIn, r deployRequest) any {
	path, _, _ := strings.Cut(r.target(), "?")
	if r.Environ["PATH_INFO"] == "*" {
		path = ""
	}
	script, _ := r.Environ["SCRIPT_NAME"].(string)
	names := urlmapHosts(r)
	apps := map[string]*string{}
	for _, e := range in.Map {
		host, key := urlmapSplit(string(e.key))
		apps[host+"|"+strings.Join(urlmapSegments(key), "/")] = e.label
	}
	for _, host := range names {
		for n := len(urlmapSegments(path)); n >= 0; n-- {
			segments, rest := urlmapTake(path, n)
			if label := apps[host+"|"+strings.Join(segments, "/")]; label != nil && !slices.ContainsFunc(segments, func(s string) bool { return strings.Contains(s, "/") }) {
				for _, s := range segments {
					script += "/" + Latin(s)
				}
				return map[string]any{"app": *label, "SCRIPT_NAME": script, "PATH_INFO": Latin(urlmapText(rest))}
			}
		}
	}
	if in.NotFoundApp != "" {
		return map[string]any{"app": in.NotFoundApp, "SCRIPT_NAME": script, "PATH_INFO": Latin(urlmapText(path))}
	}
	return map[string]any{"not_found": true}
}

// urlmapHosts are the hosts to look for, in order: with the port, without it, none.
func urlmapHosts(r deployRequest) []string {
	host := "localhost:80"
	if name, ok := r.Environ["SERVER_NAME"].(string); ok && r.Environ["HTTP_HOST"] == nil {
		host = name
	}
	for _, h := range r.Headers {
		if strings.EqualFold(h[0], "Host") {
			host = h[1]
		}
	}
	name, port, told := strings.Cut(strings.ToLower(host), ":")
	if !told {
		port = "80"
		if r.Environ["wsgi.url_scheme"] == "https" {
			port = "443"
		}
	}
	return []string{name + ":" + port, name, ""}
}

func urlmapSplit(key string) (host, path string) {
	if _, rest, ok := strings.Cut(key, "://"); ok {
		host, path, _ = strings.Cut(rest, "/")
		return strings.ToLower(host), path
	}
	return "", key
}

func urlmapSegments(path string) []string {
	return strings.FieldsFunc(path, func(c rune) bool { return c == '/' })
}

// urlmapTake takes the first n segments off a path, unescaped.
func urlmapTake(path string, n int) (segments []string, rest string) {
	rest = path
	for range n {
		trimmed := strings.TrimLeft(rest, "/")
		end := strings.IndexByte(trimmed, '/')
		if end < 0 {
			end = len(trimmed)
		}
		segments, rest = append(segments, urlmapText(trimmed[:end])), trimmed[end:]
	}
	return segments, rest
}

func urlmapText(escaped string) string {
	s, err := url.PathUnescape(escaped)
	staticMust(err)
	return s
}

// cascadeModel is the answer where a status is caught that Paste does not know: no app of the
// question reads or streams.
func cascadeModel(in cascadeIn) any {
	o, err := in.options()
	staticMust(err)
	calls := []any{}
	for i, a := range in.Apps {
		calls = append(calls, map[string]any{"index": i, "PATH_INFO": "/"})
		caught := slices.ContainsFunc(o.Catch, func(status int) bool { return strings.HasPrefix(a.Status, jsonText(status)) })
		if !caught || i == len(in.Apps)-1 {
			return map[string]any{"calls": calls, "answer": map[string]any{"status": a.Status, "headers": a.Headers, "body": a.Body}}
		}
	}
	panic("a cascade without apps")
}

// kitRaised is the answer where WebOb's app raised an exception: the page of that error.
func kitRaised(v any) any {
	answer, _ := v.(map[string]any)
	class, ok := answer["raised"].(string)
	if !ok {
		return v
	}
	code := 500
	if strings.HasPrefix(class, "HTTP") {
		code = excCode(class)
	}
	return map[string]any{"status": jsonText(code), "headers": []any{}, "page": true}
}

// kitRules are those of files whose apps fail, and of entries that package standard has.
func kitRules() []Rule {
	return []Rule{
		AnswersAreValues.On(func(q Question) bool {
			return q.Op == "paste.app" && strings.Contains(string(q.In), "egg:Kit#raising") || q.Op == "deploy.app" && strings.Contains(string(q.In), "egg:Kit#raising")
		}, kitEach(kitRaised)),
	}
}

// kitSections are the sections of the files of a question.
func kitSections(q Question) (sections []string) {
	files := In[deploySpec](q).Files
	for _, name := range SortedKeys(files) {
		sections = append(sections, strings.Split("\n"+files[name], "\n[")...)
	}
	return sections
}

// kitEach changes each answer.
func kitEach(change func(any) any) func(Question, Answer) Answer {
	return func(q Question, want Answer) Answer {
		requests, i := In[deploySpec](q).Requests, -1
		return Says(Edit(want.Value, "responses", func(v any) any {
			return EditAll(v, func(answer any) any {
				i++
				changed := change(answer)
				if page, ok := changed.(map[string]any); ok && page["page"] == true && i < len(requests) && requests[i].Method == "HEAD" {
					delete(page, "page") // there is none to be seen
					page["body"], page["headers"] = "", []any{[]any{"Content-Type", "text/plain; charset=utf-8"}, []any{"Vary", "Accept"}}
				}
				return changed
			})
		}))
	}
}
