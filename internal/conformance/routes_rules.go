package conformance

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// routesQuestion is as much of a question as the rules look at.
type routesQuestion struct {
	Mapper   routesMapper
	Requests []struct {
		Path    string
		Method  *string
		Environ map[string]any
		Body    *string
		Headers map[string]string
	}
	Environ map[string]any
	Calls   json.RawMessage
}

// calls are the calls of routes.generate, and those of routes.generate_raw in the same form.
func (in routesQuestion) calls(q Question) (calls []routesCall) {
	if q.Op == "routes.generate" {
		staticMust(json.Unmarshal(in.Calls, &calls))
		return calls
	}
	var raw []map[string]any
	staticMust(json.Unmarshal(in.Calls, &raw))
	for _, kw := range raw {
		calls = append(calls, routesCall{Kw: kw})
	}
	return calls
}

func routesRules() []Rule {
	generates := func(touches func(routesQuestion, routesCall, any) bool, ours func(routesQuestion, routesCall, string) any) (func(Question) bool, func(Question, Answer) Answer) {
		return routesOfCalls(touches, ours)
	}
	model := func(house *HouseRule, name, reason string, touches func(routesQuestion) bool) Rule {
		applies := ForOps(func(q Question) bool {
			in := In[routesQuestion](q)
			return routesModelled(in.Mapper) && touches(in)
		}, "routes.match")
		if house != nil {
			return house.On(applies, routesByModel)
		}
		return Rule{Name: name, Reason: reason, Applies: applies, Answer: routesByModel}
	}
	call := func(house *HouseRule, name, reason string, touches func(routesQuestion, routesCall, any) bool, ours func(routesQuestion, routesCall, string) any) Rule {
		applies, answer := generates(touches, ours)
		if house != nil {
			return house.On(applies, answer)
		}
		return Rule{Name: name, Reason: reason, Applies: applies, Answer: answer}
	}
	refuse := func(routesQuestion, routesCall, string) any { return routesError }
	return []Rule{
		call(&ReadOneWay, "", "", routesNoName, refuse),
		model(&ReadOneWay, "", "", func(in routesQuestion) bool {
			return slices.ContainsFunc(in.Mapper.Routes, func(s routesStep) bool {
				return s.Connect != nil && !strings.HasPrefix(s.Connect[len(s.Connect)-1], "/")
			})
		}),
		call(&ReadOneWay, "", "", routesSlashed, routesEscaped),
		call(&WrittenReadBack, "", "", routesLatin, routesUTF8),
		call(&WrittenReadBack, "", "", routesUnmet, refuse),
		call(&WrittenReadBack, "", "", routesNone, routesNoNone),
		WrittenReadBack.On(ForOps(routesResourceID, "routes.table"), routesKeepsID),
		model(nil, "a path ends where it ends",
			"In Python $ also matches before a line feed at the end. Ours is the end, so that no two paths are one.",
			func(in routesQuestion) bool {
				return in.asks(func(path, _ string) bool { return strings.HasSuffix(path, "\n") })
			}),
		model(nil, "an expression in braces is read whole",
			`Routes ends a variable at the first brace and drops what follows a second colon, so that {id:\d{4}} and (?:x|y) cannot be said. `+
				"Braces are counted here, the first colon divides, and a brace that is not closed is refused.",
			func(in routesQuestion) bool {
				return in.Mapper.connects(func(path string) bool {
					return routesOddBraces.MatchString(path) || strings.Count(path, "{") != strings.Count(path, "}")
				})
			}),
		model(nil, `\d and \w are ASCII`,
			"RE2's classes are, and so are the ids that are meant. A letter of another script would pass for one elsewhere.",
			func(in routesQuestion) bool {
				return in.asks(func(path, _ string) bool { return strings.IndexFunc(path, func(r rune) bool { return r > 0x7f }) >= 0 }) &&
					in.Mapper.connects(func(path string) bool { return strings.Contains(path, `\w`) || strings.Contains(path, `\d`) })
			}),
		model(nil, "methods are compared whole",
			"A method given to Routes as text matches any part of it: GE is found in GET.",
			func(in routesQuestion) bool {
				return in.asks(func(_, method string) bool {
					return slices.ContainsFunc(in.Mapper.Routes, func(s routesStep) bool {
						text, ok := routesMethodText(s)
						return ok && method != "" && text != method && strings.Contains(text, method)
					})
				})
			}),
		model(nil, "HEAD finds what GET finds",
			"RFC 9110 section 9.3.2: HEAD is GET without the content. net/http's mux does the same.",
			func(in routesQuestion) bool { return in.asks(func(_, method string) bool { return method == "HEAD" }) }),
		model(nil, "a resource keeps its requirements, and ANY is any method",
			"Routes forgets requirements given to a resource for its member routes, and takes ANY for the name of a method that no request has.",
			func(in routesQuestion) bool {
				return slices.ContainsFunc(in.Mapper.Routes, func(s routesStep) bool {
					return s.Resource != nil && (s.Kw["requirements"] != nil || strings.Contains(jsonText(s.Kw), `"ANY"`))
				})
			}),
		call(nil, "an empty value is none",
			"It makes a path that the route does not match, unless its requirement allows it.",
			routesEmpty, refuse),
		call(nil, "nobody's word is taken for the host",
			"X-Forwarded-Host and -Proto are believed of everyone by Routes, so that a client chooses where links lead. The host is the request's.",
			func(in routesQuestion, _ routesCall, _ any) bool { return in.Environ["HTTP_X_FORWARDED_HOST"] != nil },
			func(_ routesQuestion, _ routesCall, want string) any {
				u, err := url.Parse(want)
				staticMust(err)
				u.Scheme, u.Host = "http", "example.com"
				return u.String()
			}),
		call(nil, "a URL has one query",
			"Routes adds a second ? to a URL that has one. Ours is joined with &.",
			func(_ routesQuestion, c routesCall, _ any) bool {
				return len(c.Args) > 0 && strings.Contains(c.Args[0], "?") && len(c.Kw) > 0
			},
			func(_ routesQuestion, c routesCall, want string) any {
				return c.Args[0] + "&" + strings.TrimPrefix(want, c.Args[0]+"?")
			}),
		call(nil, "a % in a path is text",
			"In Routes it breaks the formatting that URLs are made with. It is text, and escaped.",
			func(in routesQuestion, c routesCall, _ any) bool {
				return len(c.Args) == 1 && strings.Contains(in.Mapper.pathOf(c.Args[0]), "%{")
			},
			func(in routesQuestion, c routesCall, _ string) any {
				path := strings.ReplaceAll(strings.ReplaceAll(in.Mapper.pathOf(c.Args[0]), `\`, ""), "%", "%25")
				for name, v := range c.Kw {
					path = strings.ReplaceAll(path, "{"+name+"}", routesText(v))
				}
				return path
			}),
		call(nil, "SCRIPT_NAME and a path are divided",
			"Routes puts a static path without its slash right behind SCRIPT_NAME: /mountcss/x.css.",
			func(in routesQuestion, c routesCall, _ any) bool {
				script, _ := in.Environ["SCRIPT_NAME"].(string)
				path := in.Mapper.pathOf(append(slices.Clone(c.Args), "")[0])
				return script != "" && path != "" && path[0] != '/' && !strings.Contains(path, "://")
			},
			func(in routesQuestion, _ routesCall, want string) any {
				script := in.Environ["SCRIPT_NAME"].(string)
				return script + "/" + strings.TrimPrefix(want, script)
			}),
		{
			Name: "_method is for POST alone",
			Reason: "Routes heeds it in the query of any request, so that a link in a page of somebody else deletes something. RFC 9110 " +
				"section 9.2.1 wants GET to be safe.",
			Applies: ForOps(func(q Question) bool {
				return routesSeen(q, func(path, method string) bool { return method != "POST" && strings.Contains(path, "_method=") })
			}, "routes.middleware"),
			Answer: routesSeenBy(func(in routesQuestion, i int, saw any) any {
				method := http.MethodGet
				if m := in.Requests[i].Method; m != nil {
					method = *m
				}
				if method == "POST" || !strings.Contains(in.Requests[i].Path, "_method=") {
					return saw
				}
				return routesSaw(in, i, method, saw)
			}),
		},
		{
			Name:   "HEAD finds what GET finds, in the middleware too",
			Reason: "RFC 9110 section 9.3.2, as for matching by itself.",
			Applies: ForOps(func(q Question) bool {
				return routesModelled(In[routesQuestion](q).Mapper) && routesSeen(q, func(_, method string) bool { return method == "HEAD" })
			}, "routes.middleware"),
			Answer: routesSeenBy(func(in routesQuestion, i int, saw any) any {
				if m := in.Requests[i].Method; m == nil || *m != "HEAD" {
					return saw
				}
				return routesSaw(in, i, "HEAD", saw)
			}),
		},
		{
			Name: "variables are text, and an escaped slash is part of one",
			Reason: "In the middleware of Routes they hold a character for each byte, Ã© for é, and a path is divided after it has been decoded. They are " +
				"UTF-8, with U+FFFD for what is none; %2F stays in its segment.",
			Applies: ForOps(func(q Question) bool {
				return routesModelled(In[routesQuestion](q).Mapper) && routesSeen(q, func(path, _ string) bool { return routesHighByte.MatchString(path) })
			}, "routes.middleware"),
			Answer: routesSeenBy(func(in routesQuestion, i int, saw any) any {
				if !routesHighByte.MatchString(in.Requests[i].Path) {
					return saw
				}
				return routesDecoded(in, i, saw)
			}),
		},
		{
			Name:   "a form that was looked through can be read again",
			Reason: "Routes uses the body of a POST form up when it looks for _method, for all who read the input itself.",
			Applies: ForOps(func(q Question) bool {
				in := In[routesQuestion](q)
				for i := range in.Requests {
					if in.form(i) {
						return true
					}
				}
				return false
			}, "routes.middleware"),
			Answer: routesSeenBy(func(in routesQuestion, i int, saw any) any {
				if !in.form(i) {
					return saw
				}
				return Edit(saw, "body", func(any) any { return *in.Requests[i].Body })
			}),
		},
		{
			Name:   "a redirect keeps the query and stays on the site",
			Reason: "Routes drops the query of the request, and sends a browser to //host where a variable begins with a slash: that is a 400.",
			Applies: ForOps(func(q Question) bool {
				return slices.ContainsFunc(In[routesQuestion](q).Mapper.Routes, func(s routesStep) bool { return s.Redirect != nil })
			}, "routes.middleware"),
			Answer: routesSeenBy(func(in routesQuestion, i int, saw any) any {
				object, _ := saw.(map[string]any)
				to, ok := object["location"].(string)
				if !ok {
					return saw
				}
				if strings.HasPrefix(to, "//") {
					return map[string]any{"status": 400}
				}
				if _, query, ok := strings.Cut(in.Requests[i].Path, "?"); ok {
					if strings.Contains(to, "?") {
						return With(object, "location", to+"&"+query)
					}
					return With(object, "location", to+"?"+query)
				}
				return saw
			}),
		},
	}
}

// routesByModel answers all requests by the model.
func routesByModel(q Question, _ Answer) Answer {
	in := In[routesQuestion](q)
	list, ok := routesModelOf(in.Mapper)
	if !ok {
		return Refused
	}
	answers := []any{}
	for _, r := range in.Requests {
		method := r.Method
		if method == nil && r.Environ != nil {
			get := http.MethodGet
			method = &get
		}
		answers = append(answers, routesModelMatch(list, r.Path, method))
	}
	return Says(answers)
}

// form tells a POST with a form.
func (in routesQuestion) form(i int) bool {
	r := in.Requests[i]
	return r.Method != nil && *r.Method == "POST" && r.Body != nil && r.Headers["Content-Type"] == "application/x-www-form-urlencoded"
}

// asks tells whether some request has such a path and method.
func (in routesQuestion) asks(is func(path, method string) bool) bool {
	for _, r := range in.Requests {
		method := ""
		if r.Method != nil {
			method = *r.Method
		}
		if is(r.Path, method) {
			return true
		}
	}
	return false
}

// connects tells whether some route has such a path.
func (in routesMapper) connects(is func(path string) bool) bool {
	return slices.ContainsFunc(in.Routes, func(s routesStep) bool { return s.Connect != nil && is(s.Connect[len(s.Connect)-1]) })
}

// pathOf is the path connected under a name.
func (in routesMapper) pathOf(name string) string {
	for _, s := range slices.Backward(in.Routes) {
		if len(s.Connect) == 2 && s.Connect[0] == name {
			return s.Connect[1]
		}
	}
	return ""
}

// routesOddBraces finds braces or a second colon within an expression in braces.
var routesOddBraces = regexp.MustCompile(`\{[^{}:]+:[^{}]*[:{]`)

var routesHighByte = regexp.MustCompile(`%[89A-Fa-f][0-9A-Fa-f]|%2[Ff]`)

func routesMethodText(s routesStep) (string, bool) {
	c, _ := s.Kw["conditions"].(map[string]any)
	text, ok := c["method"].(string)
	return text, ok
}

// routesOfCalls makes predicate and answer of a rule that looks at single calls.
func routesOfCalls(touches func(routesQuestion, routesCall, any) bool, ours func(routesQuestion, routesCall, string) any) (func(Question) bool, func(Question, Answer) Answer) {
	applies := func(q Question) bool {
		in := In[routesQuestion](q)
		return slices.ContainsFunc(in.calls(q), func(c routesCall) bool { return touches(in, c, nil) })
	}
	answer := func(q Question, want Answer) Answer {
		in := In[routesQuestion](q)
		calls := in.calls(q)
		list, ok := want.Value.([]any)
		if !ok {
			return want
		}
		list = slices.Clone(list)
		for i, c := range calls {
			if s, ok := list[i].(string); ok && touches(in, c, s) {
				list[i] = ours(in, c, s)
				if q.Op == "routes.generate_raw" && equalJSON(plain(list[i]), plain(routesError)) {
					list[i] = nil
				}
			}
		}
		return Says(list)
	}
	return ForOps(applies, "routes.generate", "routes.generate_raw"), answer
}

// routesNoName tells a first argument that is neither a path nor a URL and that Routes,
// not finding a route of that name, has taken for one.
func routesNoName(_ routesQuestion, c routesCall, want any) bool {
	if len(c.Args) == 0 || strings.HasPrefix(c.Args[0], "/") || strings.Contains(c.Args[0], "://") {
		return false
	}
	s, answered := want.(string)
	if _, rest, ok := strings.Cut(s, "://"); ok {
		_, s, _ = strings.Cut(rest, "/")
	}
	return !answered || strings.HasPrefix(s, c.Args[0])
}

// routesSlashed tells a call with a slash in a value.
func routesSlashed(in routesQuestion, c routesCall, _ any) bool {
	for _, v := range c.Kw {
		if s, ok := v.(string); ok && strings.Contains(s, "/") {
			return true
		}
	}
	return false
}

// routesEscaped escapes the slashes of values, but for wildcards, controllers, anchors and
// what an expression with a dot takes.
func routesEscaped(in routesQuestion, c routesCall, want string) any {
	path, query, _ := strings.Cut(want, "?")
	for _, name := range SortedKeys(c.Kw) {
		s, ok := c.Kw[name].(string)
		if !ok || !strings.Contains(s, "/") || name == "controller" || name == "anchor" || name == "_anchor" {
			continue
		}
		if in.Mapper.connects(func(p string) bool {
			return regexp.MustCompile(`\*\(?` + name + `\b|\{` + name + `:[^}]*\.[*+]`).MatchString(p)
		}) {
			continue
		}
		whole := strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
		path = strings.Replace(path, strings.ReplaceAll(whole, "%2F", "/"), whole, 1)
	}
	if query != "" {
		path += "?" + query
	}
	return path
}

// routesLatin tells a Mapper or route with another encoding.
func routesLatin(in routesQuestion, _ routesCall, _ any) bool {
	return in.Mapper.Options["encoding"] == "latin-1" ||
		slices.ContainsFunc(in.Mapper.Routes, func(s routesStep) bool { return s.Kw["_encoding"] == "latin-1" })
}

// routesUTF8 writes a URL of latin-1 in UTF-8.
func routesUTF8(_ routesQuestion, _ routesCall, want string) any {
	return regexp.MustCompile(`%[89A-F][0-9A-F]`).ReplaceAllStringFunc(want, func(s string) string {
		b, err := url.PathUnescape(s)
		staticMust(err)
		return url.PathEscape(string(rune(b[0])))
	})
}

// routesUnmet tells a call by name with a value that does not meet the requirement of its
// variable as a whole, though a part of it may.
func routesUnmet(in routesQuestion, c routesCall, _ any) bool {
	if len(c.Args) == 0 || in.Mapper.Options["hardcode_names"] == false {
		return false
	}
	for _, s := range slices.Backward(in.Mapper.Routes) {
		if len(s.Connect) == 2 && s.Connect[0] == c.Args[0] {
			return routesUnmetBy(s, c)
		}
	}
	return false
}

var routesInline = regexp.MustCompile(`\{\.?(\w+):([^{}]+)\}`)

func routesUnmetBy(s routesStep, c routesCall) bool {
	reqs := routesStrings(s.Kw["requirements"])
	for _, m := range routesInline.FindAllStringSubmatch(s.Connect[1], -1) {
		reqs[m[1]] = m[2]
	}
	for name, expr := range reqs {
		v, ok := c.Kw[name]
		if !ok || v == nil {
			continue
		}
		switch v.(type) {
		case string, float64:
		default:
			continue
		}
		text, _ := v.(string)
		if n, ok := v.(float64); ok {
			text = jsonText(n)
		}
		re, err := regexp.Compile(`^(?:` + expr + `)\z`)
		if err == nil && text != "" && !re.MatchString(text) {
			return true
		}
	}
	return false
}

// routesNone tells a value None: given, as text or not, or as the default that fills a gap.
func routesNone(_ routesQuestion, c routesCall, want any) bool {
	if s, ok := want.(string); ok {
		return routesNoneIn.MatchString(s) && !strings.Contains(jsonText(c.Kw), `"None"`) || strings.Contains(jsonText(c.Kw), `"None"`)
	}
	return true
}

var routesNoneIn = regexp.MustCompile(`[/=.-]None\b`)

// routesNoNone: text None stands where it was given; no value stands nowhere, and a path
// that needs it is refused.
func routesNoNone(_ routesQuestion, c routesCall, want string) any {
	path, query, _ := strings.Cut(want, "?")
	given := strings.Contains(jsonText(c.Kw), `"None"`)
	switch {
	case given && !routesNoneIn.MatchString(path):
		return path + "/None"
	case !given && routesNoneIn.MatchString(path):
		return routesError
	}
	var kept []string
	for _, item := range strings.Split(query, "&") {
		if item != "" && (given || !strings.HasSuffix(item, "=None")) {
			kept = append(kept, item)
		}
	}
	if kept == nil {
		return path
	}
	return path + "?" + strings.Join(kept, "&")
}

// routesEmpty tells a call by name with an empty value of a variable without a requirement.
func routesEmpty(in routesQuestion, c routesCall, _ any) bool {
	if len(c.Args) == 0 {
		return false
	}
	path := in.Mapper.pathOf(c.Args[0])
	for name, v := range c.Kw {
		if v == "" && (strings.Contains(path, "{"+name+"}") || strings.Contains(path, ":("+name+")")) {
			return true
		}
	}
	return false
}

func routesResourceID(q Question) bool {
	steps := In[routesQuestion](q).Mapper.Routes
	return len(steps) == 1 && steps[0].Resource != nil && routesStrings(steps[0].Kw["requirements"])["id"] != ""
}

// routesKeepsID gives the member routes of a resource the id that was asked for.
func routesKeepsID(q Question, want Answer) Answer {
	in := In[routesQuestion](q)
	expr := routesStrings(in.Mapper.Routes[0].Kw["requirements"])["id"]
	return Says(EditAll(want.Value, func(row any) any {
		return Edit(row, "requirements", func(v any) any { return Edit(v, "id", func(any) any { return expr }) })
	}))
}

// routesSeen tells whether some request of the middleware has such a path and method.
func routesSeen(q Question, is func(path, method string) bool) bool {
	return In[routesQuestion](q).asks(func(path, method string) bool {
		if method == "" {
			method = http.MethodGet
		}
		return is(path, method)
	})
}

// routesSeenBy answers for single requests of the middleware.
func routesSeenBy(ours func(in routesQuestion, i int, saw any) any) func(Question, Answer) Answer {
	return func(q Question, want Answer) Answer {
		in := In[routesQuestion](q)
		list, ok := want.Value.([]any)
		if !ok {
			return want
		}
		list = slices.Clone(list)
		for i := range list {
			list[i] = ours(in, i, list[i])
		}
		return Says(list)
	}
}

// routesSaw is what the app sees of a request of that method, by the model.
func routesSaw(in routesQuestion, i int, method string, saw any) any {
	path, _, _ := strings.Cut(in.Requests[i].Path, "?")
	list, _ := routesModelOf(in.Mapper)
	saw = With(With(saw.(map[string]any), "match", map[string]any{}), "route", nil)
	if found, ok := routesModelMatch(list, path, &method).(map[string]any); ok {
		return With(With(saw.(map[string]any), "match", found["match"]), "route", found["name"])
	}
	return saw
}

// routesDecoded is what the app sees of a path with escapes: each segment decoded by
// itself, as the model matches what stands for it.
func routesDecoded(in routesQuestion, i int, saw any) any {
	const mark = "\uf8ff"
	path := strings.NewReplacer("%2F", mark, "%2f", mark).Replace(in.Requests[i].Path)
	path, err := url.PathUnescape(path)
	staticMust(err)
	list, _ := routesModelOf(in.Mapper)
	get := http.MethodGet
	found, ok := routesModelMatch(list, strings.ToValidUTF8(path, "\ufffd"), &get).(map[string]any)
	if !ok {
		return saw
	}
	match := map[string]any{}
	for name, v := range found["match"].(map[string]any) {
		if s, ok := v.(string); ok {
			v = strings.ReplaceAll(s, mark, "/")
		}
		match[name] = v
	}
	return With(With(saw.(map[string]any), "match", match), "route", found["name"])
}
