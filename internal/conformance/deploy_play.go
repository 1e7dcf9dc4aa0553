package conformance

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/webob"
)

// deployRoot stands for the directory of the files, in questions and answers.
const deployRoot = "@ROOT@"

// deploySpec is what questions of deploy, urlmap and paste say of files, and of what to
// load from them.
type deploySpec struct {
	Files      map[string]string
	URI        *string
	Name       *string
	RelativeTo json.RawMessage   `json:"relative_to"` // null: none
	GlobalConf map[string]string `json:"global_conf"`
	Facts      []string
	Requests   []deployRequest
}

// deployRequest is one request.
type deployRequest struct {
	Path    *string // with a query; / if there is none
	Method  string
	Headers deployFields
	Body    *string
	Environ map[string]any
}

// deployFields are an object or a list of pairs.
type deployFields [][2]string

func (f *deployFields) UnmarshalJSON(raw []byte) error {
	if raw[0] != '{' {
		return json.Unmarshal(raw, (*[][2]string)(f))
	}
	var object map[string]string
	if err := json.Unmarshal(raw, &object); err != nil {
		return err
	}
	for _, name := range SortedKeys(object) {
		*f = append(*f, [2]string{name, object[name]})
	}
	return nil
}

// in lays the files out and has work load the URI. A refusal is an answer; the directory is
// written @ROOT@ in all of it.
func (s deploySpec) in(work func(uri string, opts ...deploy.Option) (map[string]any, error)) (any, error) {
	root, err := os.MkdirTemp("", "deploy")
	staticMust(err)
	root, err = filepath.EvalSymlinks(root)
	staticMust(err)
	defer os.RemoveAll(root)
	real := func(text string) string { return strings.ReplaceAll(text, deployRoot, root) }
	for _, name := range SortedKeys(s.Files) {
		path := filepath.Join(root, filepath.FromSlash(name))
		staticMust(os.MkdirAll(filepath.Dir(path), 0o755))
		staticMust(os.WriteFile(path, []byte(real(s.Files[name])), 0o644))
	}
	uri, base := "config:main.ini", root
	if s.URI != nil {
		uri = real(*s.URI)
	}
	if s.RelativeTo != nil {
		base = ""
		if text, ok := mustDecode(s.RelativeTo).(string); ok {
			base = real(text)
		}
	}
	opts := []deploy.Option{deploy.RelativeTo(base), deploy.OnWarning(func(*deploy.Fault) {})}
	if s.Name != nil {
		opts = append(opts, deploy.Name(*s.Name))
	}
	if s.GlobalConf != nil {
		globals := map[string]string{}
		for key, value := range s.GlobalConf {
			globals[key] = real(value)
		}
		opts = append(opts, deploy.Globals(globals))
	}
	answer, err := work(uri, opts...)
	if err != nil {
		answer = deployRefusal(err)
	}
	return deployRewrite(plain(answer), root), nil
}

// deployRefusal is a refusal: the classes of the reference that our kinds of faults stand
// for, and the text. See deployMeet.
func deployRefusal(err error) map[string]any {
	classes := []string{}
	for _, kind := range SortedKeys(deployClasses) {
		if errors.Is(err, deploy.Kind(kind)) {
			classes = append(classes, deployClasses[kind]...)
		}
	}
	slices.Sort(classes)
	return map[string]any{"error": slices.Compact(classes), "message": err.Error()}
}

// deployClasses are the classes of the reference's errors for each kind of ours, as the
// family's page has them. AssertionError and IndexError are refusals by accident: of a
// reference without a section type, and of a pipeline without an app.
var deployClasses = map[string][]string{
	string(deploy.NoFile):        {"FileNotFoundError"},
	string(deploy.Syntax):        {"DuplicateSectionError", "DuplicateOptionError", "MissingSectionHeaderError", "ParsingError"},
	string(deploy.Interpolation): {"InterpolationMissingOptionError", "InterpolationSyntaxError", "InterpolationDepthError"},
	string(deploy.NoGlobal):      {"KeyError"},
	string(deploy.NotFound):      {"LookupError", "AssertionError", "IndexError"},
	string(deploy.BadSetting):    {"LookupError"},
	string(deploy.NotRegistered): {"PackageNotFoundError", "ModuleNotFoundError", "AttributeError"},
	string(deploy.Circle):        {"RecursionError"},
	string(deploy.Refused):       {"TypeError", "ValueError", "RuntimeError", "NameError", "AssertionError"},
}

// deployMeet gives what is wanted for what we said, where that is a refusal of the right kind
// that names all that has to be named. It may say more: all faults are told at once.
func deployMeet(got, want any) any {
	ours, ok := got.(map[string]any)
	theirs, ok2 := want.(map[string]any)
	if !ok || !ok2 {
		return got
	}
	classes, refused := ours["error"].([]any)
	class, wanted := theirs["error"].(string)
	message, _ := ours["message"].(string)
	if !refused || !wanted || !slices.Contains(classes, any(class)) {
		return got
	}
	mentions, _ := theirs["mentions"].([]any)
	for _, fact := range mentions {
		if !strings.Contains(message, fact.(string)) {
			return got
		}
	}
	return want
}

// deployRewrite puts @ROOT@ for the directory in every text of an answer.
func deployRewrite(v any, root string) any {
	switch v := v.(type) {
	case string:
		return strings.ReplaceAll(v, root, deployRoot)
	case []any:
		return mapSlice(v, func(item any) any { return deployRewrite(item, root) })
	case map[string]any:
		object := map[string]any{}
		for key, item := range v {
			object[strings.ReplaceAll(key, root, deployRoot)] = deployRewrite(item, root)
		}
		return object
	}
	return v
}

// deployPlay puts requests to an app, one GET / if there are none.
func deployPlay(app http.Handler, requests []deployRequest) ([]any, error) {
	if requests == nil {
		requests = []deployRequest{{}}
	}
	answers := []any{}
	for _, r := range requests {
		req, err := r.make()
		if err != nil {
			return nil, err
		}
		answers = append(answers, deployAnswer(req.GetResponse(app)))
		req.Release()
	}
	return answers, nil
}

func (r deployRequest) target() string {
	if r.Path == nil {
		return "/"
	}
	return *r.Path
}

// make makes the request that WebOb's blank one would be.
func (r deployRequest) make() (*webob.Request, error) {
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	opts := []webob.BlankOption{webob.WithMethod(method)}
	if r.Body != nil {
		opts = append(opts, webob.WithBody([]byte(Raw(*r.Body))))
	}
	for _, h := range r.Headers {
		if strings.EqualFold(h[0], "Host") {
			opts = append(opts, webob.WithEnviron("SERVER_NAME", "localhost"), webob.WithEnviron("SERVER_PORT", "80"))
		}
	}
	req, err := webob.NewBlank(r.target(), opts...)
	if err != nil {
		return nil, err
	}
	for _, h := range r.Headers {
		if strings.EqualFold(h[0], "Host") {
			req.Host = h[1]
		} else {
			req.Header.Set(h[0], Raw(h[1]))
		}
	}
	for _, key := range SortedKeys(r.Environ) {
		if r.Environ[key] == nil {
			req.Environ().Delete(key)
		} else if err := req.Environ().Set(key, r.Environ[key]); err != nil {
			return nil, err
		}
	}
	return req, nil
}

// deployAnswer shows a response as the vectors do.
func deployAnswer(p *webob.Response) map[string]any {
	headers := [][2]string{}
	h := p.HTTPHeader() // before the body is gathered, which gives it a length
	for _, name := range SortedKeys(h) {
		for _, v := range h[name] {
			headers = append(headers, [2]string{name, Latin(v)})
		}
	}
	answer := map[string]any{"status": http.StatusText(p.Status()), "headers": headers}
	answer["status"] = strings.TrimSpace(jsonText(p.Status()) + " " + http.StatusText(p.Status()))
	body, err := p.Bytes()
	staticMust(err)
	media, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	if v, err := decodeJSON(body); media == "application/json" && err == nil {
		answer["json"] = v
	} else {
		answer["body"] = Latin(body)
	}
	return answer
}

// deployFold takes out what does not count here: how errors are worded, reason phrases,
// lengths, the order of different fields, and what stands on the page of an error, which is
// the toolkit's own affair.
func deployFold(_ Question, answer any) any {
	return Edit(Without(answer, "message"), "responses", func(v any) any { return EditAll(v, deployFoldOne) })
}

func deployFoldOne(v any) any {
	v = Edit(v, "status", func(s any) any {
		if text, ok := s.(string); ok && len(text) > 3 {
			return text[:3]
		}
		return s
	})
	if o, ok := v.(map[string]any); ok && (o["not_found"] == true || deployIsPage(o)) {
		v = With(With(Without(v, "not_found", "body"), "page", true), "headers", deployPageFields(o["headers"]))
	}
	return Edit(v, "headers", func(h any) any { return FoldHeaders(DropHeader(h, "Content-Length")) })
}

// deployIsPage tells a page of package exc or of Paste, in text: its first line is the
// status, and others follow.
func deployIsPage(answer map[string]any) bool {
	status, _ := answer["status"].(string)
	body, _ := answer["body"].(string)
	line, _, found := strings.Cut(body, "\n")
	return found && len(line) > 4 && len(status) >= 3 && line[:3] == status[:3] && line[3] == ' '
}

// deployPageFields are the fields besides those of the page itself.
func deployPageFields(headers any) any {
	if headers == nil {
		return []any{}
	}
	return DropHeader(headers, "Content-Type", "Vary")
}
