package conformance

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

func deployRules() []Rule {
	apps := func(uses func(*deployModel) bool) func(Question) bool {
		return ForOps(func(q Question) bool {
			m, responses := deployModelled(q)
			return responses != nil && uses(m)
		}, "deploy.app")
	}
	return []Rule{
		{
			Name: "a bare [app] is [app:main]",
			Reason: "PasteDeploy's documentation says so and loadapp never finds it. It counts where there is no section of " +
				"the full name.",
			Applies: apps(func(m *deployModel) bool { return m.bare }),
			Answer:  deployAnswers,
		},
		{
			Name: "call: takes a dotted attribute",
			Reason: "PasteDeploy's documentation of call: promises Dot notation in both halves; " +
				"paste.app_factory takes it, call: fails.",
			Applies: apps(func(m *deployModel) bool { return m.dotted }),
			Answer:  deployAnswers,
		},
		{
			Name: "filter-with wraps whatever it stands in",
			Reason: "On a pipeline, on a filter-app, and over a used section that has one too PasteDeploy yields something " +
				"that is no app. It wraps, the outer one outside.",
			Applies: apps(func(m *deployModel) bool { return m.wrapped }),
			Answer:  deployAnswers,
		},
		{
			Name: "a byte order mark is passed over",
			Reason: "Editors of Windows write one, and nothing can be meant by it; PasteDeploy reads it as the first letter of a " +
				"line outside of any section.",
			Applies: apps(func(m *deployModel) bool { return m.marked }),
			Answer:  deployAnswers,
		},
		{
			Name:    "settings beside use = a pipeline are refused",
			Reason:  "They reach nobody: PasteDeploy drops them without a word. The fault names the key and its line.",
			Applies: ForOps(func(q Question) bool { return deployBeside(q) != nil }, "deploy.app"),
			Answer: func(q Question, _ Answer) Answer {
				return Says(map[string]any{"error": "LookupError", "mentions": deployBeside(q)})
			},
		},
		{
			Name: "a whole number is written in ASCII digits",
			Reason: "Python reads 1_000 and digits of other scripts as well, which is not what the writer of a configuration " +
				"file expects of another program.",
			Applies: ForOps(func(q Question) bool {
				text, ok := In[struct{ Value any }](q).Value.(string)
				return ok && !deployDigits.MatchString(text)
			}, "deploy.asint"),
			Answer: func(Question, Answer) Answer { return Refused },
		},
	}
}

var deployDigits = regexp.MustCompile(`^\s*[+-]?[0-9]+\s*$`)

func deployAnswers(q Question, _ Answer) Answer {
	_, responses := deployModelled(q)
	return Says(map[string]any{"responses": responses})
}

// deployModel is a second, small reader of simple files: sections of dump apps, tag
// filters, pipelines and filter-apps in one file, without continuation lines and
// references. It notes which of the rules above it came across.
type deployModel struct {
	sections                      map[string]map[string]string
	bare, dotted, wrapped, marked bool
}

// deployModelTree is what a model app is made of: its settings, and the tags around it, the
// outermost first.
type deployModelTree struct {
	locals map[string]string
	tags   []string
	own    bool // it has a filter-with, or is no single app
}

// deployModelled gives the responses by the model, nil where the question is beyond it.
func deployModelled(q Question) (*deployModel, []any) {
	in := In[deploySpec](q)
	text, ok := in.Files["main.ini"]
	if !ok || len(in.Files) != 1 || in.URI != nil || in.GlobalConf != nil || in.RelativeTo != nil {
		return nil, nil
	}
	m := &deployModel{sections: map[string]map[string]string{}}
	text, m.marked = strings.CutPrefix(text, "\ufeff")
	name := "main"
	if in.Name != nil {
		name = *in.Name
	}
	if !m.read(text) {
		return nil, nil
	}
	tree := m.app(name, 0)
	if tree == nil {
		return nil, nil
	}
	requests := in.Requests
	if requests == nil {
		requests = []deployRequest{{}}
	}
	responses := []any{}
	for _, r := range requests {
		path, _, _ := strings.Cut(r.target(), "?")
		path, err := url.PathUnescape(path)
		if r.Environ != nil || err != nil {
			return nil, nil
		}
		if path == "" {
			path = "/"
		}
		responses = append(responses, tree.response(path))
	}
	return m, responses
}

// read reads the text, and refuses what it is too simple for.
func (m *deployModel) read(text string) bool {
	var section map[string]string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		key, value, ok := strings.Cut(line, "=")
		switch {
		case line == "" || line[0] == '#' || line[0] == ';':
		case line[0] == '[' && strings.HasSuffix(line, "]"):
			name := line[1 : len(line)-1]
			if m.sections[name] != nil || name == "DEFAULT" {
				return false
			}
			section = map[string]string{}
			m.sections[name] = section
		case !ok || section == nil || line[0] == ' ' || strings.ContainsAny(key, ":") || strings.Contains(value, "%") ||
			strings.HasPrefix(key, "get ") || strings.HasPrefix(key, "set "):
			return false
		default:
			section[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return true
}

// find finds the one section of a name, by the words that may stand before it.
func (m *deployModel) find(name string, words ...string) (kind string, section map[string]string) {
	for _, word := range words {
		if s, ok := m.sections[word+":"+name]; ok {
			if section != nil {
				return "", nil
			}
			kind, section = word, s
		}
	}
	if section == nil && name == "main" {
		for _, word := range words {
			if s, ok := m.sections[word]; ok {
				m.bare = true
				return word, s
			}
		}
	}
	return kind, section
}

var deployDumps = []string{"egg:Kit", "egg:Kit#main", "call:kit:dump_app", "call:kit:Shop.dump"}

// app models an app.
func (m *deployModel) app(name string, depth int) *deployModelTree {
	kind, section := m.find(name, "app", "application", "pipeline", "filter-app")
	if section == nil || depth > 20 {
		return nil
	}
	rest := map[string]string{}
	for key, value := range section {
		rest[key] = value
	}
	outer, wrapped := rest["filter-with"]
	delete(rest, "filter-with")
	var tree *deployModelTree
	switch kind {
	case "pipeline":
		tree = m.pipeline(rest, depth)
	case "filter-app":
		tree = m.filterApp(rest, depth)
	default:
		tree = m.single(rest, depth)
	}
	if tree == nil || !wrapped {
		return tree
	}
	tags := m.filter(outer, depth)
	if tags == nil {
		return nil
	}
	m.wrapped = m.wrapped || tree.own
	return &deployModelTree{tree.locals, slices.Concat(tags, tree.tags), true}
}

func (m *deployModel) single(rest map[string]string, depth int) *deployModelTree {
	use, used := rest["use"]
	factory, made := rest["paste.app_factory"]
	delete(rest, "use")
	delete(rest, "paste.app_factory")
	switch {
	case made && !used && (factory == "kit:dump_app" || factory == "kit:Shop.dump"),
		used && !made && slices.Contains(deployDumps, use):
		m.dotted = m.dotted || use == "call:kit:Shop.dump"
		return &deployModelTree{locals: rest}
	case !used || made || strings.Contains(use, ":"):
		return nil
	}
	tree := m.app(use, depth+1)
	if tree == nil || tree.own && len(rest) > 0 {
		return nil
	}
	for key, value := range rest {
		tree.locals[key] = value
	}
	return tree
}

func (m *deployModel) pipeline(rest map[string]string, depth int) *deployModelTree {
	names := strings.Fields(rest["pipeline"])
	if len(names) == 0 || len(rest) != 1 {
		return nil
	}
	last := len(names) - 1
	tree := m.app(names[last], depth+1)
	if tree == nil {
		return nil
	}
	var tags []string
	for _, name := range names[:last] {
		more := m.filter(name, depth)
		if more == nil {
			return nil
		}
		tags = append(tags, more...)
	}
	return &deployModelTree{tree.locals, append(tags, tree.tags...), true}
}

func (m *deployModel) filterApp(rest map[string]string, depth int) *deployModelTree {
	tree := m.app(rest["next"], depth+1)
	delete(rest, "next")
	tags := m.tag(rest)
	if tree == nil || tags == nil {
		return nil
	}
	return &deployModelTree{tree.locals, append(tags, tree.tags...), true}
}

// filter models a filter: the tags it adds, the outermost first.
func (m *deployModel) filter(name string, depth int) []string {
	_, section := m.find(name, "filter")
	if section == nil || depth > 20 {
		return nil
	}
	tags := m.tag(section)
	if outer, ok := section["filter-with"]; ok && tags != nil {
		more := m.filter(outer, depth+1)
		if more == nil {
			return nil
		}
		tags = append(more, tags...)
	}
	return tags
}

// tag is what a filter of the kit adds, if it is one that tags.
func (m *deployModel) tag(section map[string]string) []string {
	made := section["use"] + section["paste.filter_factory"] + section["paste.filter_app_factory"]
	tag, ok := section["tag"]
	known := []string{"egg:Kit", "egg:Kit#main", "egg:Kit#tag", "egg:Kit#tag_app", "kit:tag_filter", "kit:tag_filter_app"}
	if !ok || !slices.Contains(known, made) {
		return nil
	}
	return []string{tag}
}

// response is what the dump app answers.
func (t *deployModelTree) response(path string) map[string]any {
	headers := [][2]string{{"Content-Type", "application/json"}}
	for _, tag := range slices.Backward(t.tags) {
		headers = append(headers, [2]string{"X-Tag", tag})
	}
	return map[string]any{"status": "200 OK", "headers": headers, "json": map[string]any{
		"app": "dump", "SCRIPT_NAME": "", "PATH_INFO": path, "trail": append([]string{}, t.tags...), "local_conf": t.locals,
		"global_conf": map[string]string{"here": deployRoot, "__file__": deployRoot + "/main.ini"},
	}}
}

// deployBeside gives the keys beside "use = a pipeline" in the section that is asked for.
func deployBeside(q Question) []string {
	in := In[deploySpec](q)
	m := &deployModel{sections: map[string]map[string]string{}}
	name := "main"
	if in.Name != nil {
		name = *in.Name
	}
	if in.URI != nil || !m.read(in.Files["main.ini"]) {
		return nil
	}
	_, section := m.find(name, "app", "application")
	if m.sections["pipeline:"+section["use"]] == nil {
		return nil
	}
	var keys []string
	for _, key := range SortedKeys(section) {
		if key != "use" && key != "filter-with" {
			keys = append(keys, key)
		}
	}
	return keys
}
