package conformance

import (
	"regexp"
	"strings"
)

// prefixRules are those of egg:PasteDeploy#prefix, which files of several families name.
func prefixRules() []Rule {
	return []Rule{
		GrammarHolds.On(func(q Question) bool { return prefixNamed(q) && prefixNoPort.MatchString(prefixFiles(q)) },
			func(Question, Answer) Answer {
				return Says(map[string]any{"error": "ValueError", "mentions": []string{"port"}})
			}),
		ReadOneWay.On(func(q Question) bool { return prefixNamed(q) && strings.Contains(string(q.In), "X-Forwarded-") },
			prefixEach(func(r deployRequest, _ string, answer map[string]any) {
				show, _ := answer["show"].(map[string]any)
				for key := range show {
					switch key {
					case "HTTP_HOST":
						show[key] = prefixField(r, "Host", "localhost:80")
					case "HTTP_X_FORWARDED_HOST":
						show[key] = prefixField(r, "X-Forwarded-Host", nil)
					case "REMOTE_ADDR":
						show[key] = r.Environ[key]
					case "SERVER_NAME":
						show[key] = "localhost"
					case "wsgi.url_scheme":
						show[key] = "http"
					}
				}
			})),
		{
			Name: "a prefix is text, of whole segments",
			Reason: "PasteDeploy's prefix takes it as a regular expression that may end anywhere, so that /app also strips " +
				"/apple, and forgets the SCRIPT_NAME that was there. The prefix goes behind that, and off a path where it is followed by a slash.",
			Applies: func(q Question) bool { return prefixNamed(q) && prefixSet.MatchString(prefixFiles(q)) },
			Answer: prefixEach(func(r deployRequest, prefix string, answer map[string]any) {
				script, _ := r.Environ["SCRIPT_NAME"].(string)
				path, _, _ := strings.Cut(r.target(), "?")
				if path == prefix || strings.HasPrefix(path, prefix+"/") {
					path = strings.TrimPrefix(path, prefix)
				}
				if path == "" {
					path = "/"
				}
				answer["SCRIPT_NAME"], answer["PATH_INFO"] = script+prefix, path
			}),
		},
	}
}

var (
	prefixNoPort = regexp.MustCompile(`(?m)^force_port\s*[=:][ \t]*\S*[^\d\s]`)
	prefixSet    = regexp.MustCompile(`(?m)^prefix\s*[=:][ \t]*(/\S*)`)
)

func prefixNamed(q Question) bool {
	return (q.Op == "deploy.app" || q.Op == "paste.app") && strings.Contains(prefixFiles(q), "egg:PasteDeploy#prefix")
}

// prefixFiles are the texts of all files.
func prefixFiles(q Question) string { return strings.Join(kitSections(q), "\n[") }

// prefixEach changes what the dump app has said in each answer.
func prefixEach(change func(r deployRequest, prefix string, answer map[string]any)) func(Question, Answer) Answer {
	return func(q Question, want Answer) Answer {
		prefix := ""
		if m := prefixSet.FindStringSubmatch(prefixFiles(q)); m != nil {
			prefix = strings.TrimRight(m[1], "/")
		}
		requests := In[deploySpec](q).Requests
		i := -1
		return Says(Edit(want.Value, "responses", func(v any) any {
			return EditAll(v, func(answer any) any {
				i++
				return Edit(answer, "json", func(said any) any {
					object, ok := said.(map[string]any)
					if ok {
						change(requests[i], prefix, object)
					}
					return object
				})
			})
		}))
	}
}

func prefixField(r deployRequest, name string, missing any) any {
	for _, h := range r.Headers {
		if strings.EqualFold(h[0], name) {
			return h[1]
		}
	}
	return missing
}
