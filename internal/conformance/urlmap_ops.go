package conformance

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/routes"
	"github.com/gowebob/gowebob/webob"
)

// Urlmap asks routes.URLMap and routes.Cascade, and package deploy for files with them.
func (adapters) Urlmap() Family {
	return Family{
		Name: "urlmap",
		Done: true,
		Ops: map[string]Op{
			"urlmap.route":     Ask(urlmapRoute),
			"urlmap.keys":      Ask(urlmapKeys),
			"urlmap.get":       Ask(urlmapGet),
			"urlmap.parse":     Ask(urlmapParse),
			"urlmap.normalize": Ask(urlmapNormalize),
			"cascade.run":      Ask(cascadeRun),
			"deploy.app":       Ask(deployApp),
		},
		Meet:  deployMeet,
		Fold:  urlmapFold,
		Rules: append(kitRules(), urlmapRules()...),
	}
}

// urlmapKey is a text, or a host (null for any) and a path.
type urlmapKey string

func (k *urlmapKey) UnmarshalJSON(raw []byte) error {
	if raw[0] == '"' {
		return json.Unmarshal(raw, (*string)(k))
	}
	var pair [2]*string
	if err := json.Unmarshal(raw, &pair); err != nil {
		return err
	}
	if pair[0] == nil {
		*k = urlmapKey(*pair[1])
	} else {
		*k = urlmapKey("http://" + *pair[0] + *pair[1])
	}
	return nil
}

// urlmapEntry is a key with the label of its app, nil to take the key out.
type urlmapEntry struct {
	key   urlmapKey
	label *string
}

func (e *urlmapEntry) UnmarshalJSON(raw []byte) error {
	return json.Unmarshal(raw, &[]any{&e.key, &e.label})
}

type urlmapIn struct {
	Map         []urlmapEntry
	NotFoundApp string `json:"not_found_app"`
	Requests    []deployRequest
	Key         urlmapKey
}

// urlmapApp tells its label and what it sees.
type urlmapApp string

func (a urlmapApp) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(a, w, r) }

func (a urlmapApp) Respond(req *webob.Request) *webob.Response {
	e := req.Environ()
	p, err := webob.JSON(map[string]string{"app": string(a), "SCRIPT_NAME": Latin(e.String("SCRIPT_NAME")), "PATH_INFO": Latin(e.String("PATH_INFO"))})
	staticMust(err)
	return p
}

func (in urlmapIn) made() (*routes.URLMap, error) {
	m := routes.NewURLMap()
	if in.NotFoundApp != "" {
		m.NotFound = urlmapApp(in.NotFoundApp)
	}
	for _, e := range in.Map {
		var app http.Handler
		if e.label != nil {
			app = urlmapApp(*e.label)
		}
		if err := m.Set(string(e.key), app); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func urlmapRoute(in urlmapIn) (any, error) {
	m, err := in.made()
	if err != nil {
		return nil, err
	}
	answers, err := deployPlay(m, in.Requests)
	for i, a := range answers {
		if answer := a.(map[string]any); answer["json"] != nil {
			answers[i] = answer["json"]
		} else if deployIsPage(answer) {
			answers[i] = map[string]any{"not_found": true}
		}
	}
	return answers, err
}

func urlmapKeys(in urlmapIn) (any, error) {
	m, err := in.made()
	if err != nil {
		return nil, err
	}
	keys := []any{}
	for k, app := range m.All() {
		keys = append(keys, []any{responseOrNull(k.Host), k.Path, app})
	}
	return keys, nil
}

func urlmapGet(in urlmapIn) (any, error) {
	m, err := in.made()
	if err != nil {
		return nil, err
	}
	app, ok := m.Get(string(in.Key))
	if !ok {
		return nil, errors.New("no such key")
	}
	return app, nil
}

func urlmapParse(in struct{ Text string }) (any, error) { return refusable(routes.ParseKey(in.Text)) }

func refusable[T any](v T, err error) (any, error) { return v, err }

// urlmapNormalize asks for a key that goes on, where a slash at the end is not to be trimmed.
func urlmapNormalize(in struct {
	URL  urlmapKey
	Trim *bool
}) (any, error) {
	more := ""
	if in.Trim != nil && !*in.Trim && strings.HasSuffix(string(in.URL), "/") {
		more = "x"
	}
	k, err := routes.NewMapKey(string(in.URL) + more)
	return []any{responseOrNull(k.Host), strings.TrimSuffix(k.Path, more)}, err
}

type cascadeIn struct {
	Apps    []cascadeApp
	Catch   []any
	Request deployRequest
}

type cascadeApp struct {
	Status  string
	Headers [][2]string
	Body    string
	Raise   any
	Path    *string
	Read    *int64
	Stream  bool
}

// cascadeRun tells the answer, and what each app that was asked has seen.
func cascadeRun(in cascadeIn) (any, error) {
	calls := []map[string]any{}
	var apps []http.Handler
	for i, spec := range in.Apps {
		apps = append(apps, excResponder(func(req *webob.Request) *webob.Response {
			call := map[string]any{"index": i, "PATH_INFO": req.Environ().String("PATH_INFO")}
			calls = append(calls, call)
			return spec.answer(req, call)
		}))
	}
	o, err := in.options()
	if err != nil {
		return nil, err
	}
	c, err := routes.NewCascade(apps, o)
	if err != nil {
		return nil, err
	}
	req, err := in.Request.make()
	if err != nil {
		return nil, err
	}
	p := req.GetResponse(c)
	answer := deployAnswer(p)
	p.Close()
	req.Release()
	return map[string]any{"answer": answer, "calls": calls}, nil
}

// options are the statuses to catch: numbers, or lines that begin with one.
func (in cascadeIn) options() (o routes.CascadeOptions, err error) {
	if in.Catch != nil {
		o.Catch = []int{}
	}
	for _, v := range in.Catch {
		text := ""
		switch v := v.(type) {
		case json.Number:
			text = v.String()
		case string:
			text, _, _ = strings.Cut(v, " ")
		}
		status, err := strconv.Atoi(text)
		if err != nil {
			return o, err
		}
		o.Catch = append(o.Catch, status)
	}
	return o, nil
}

func (s cascadeApp) answer(req *webob.Request, call map[string]any) *webob.Response {
	if s.Read != nil {
		var body io.Reader = req.Body
		if *s.Read >= 0 {
			body = io.LimitReader(body, *s.Read)
		}
		b, err := io.ReadAll(body)
		staticMust(err)
		call["body"] = Latin(b)
	}
	if s.Path != nil {
		staticMust(req.Environ().Set("PATH_INFO", *s.Path))
	}
	switch raise := s.Raise.(type) {
	case string:
		return exc.Page(req, errors.New(raise))
	case json.Number:
		e, _ := exc.ForStatus(int(number(raise)))
		return exc.Page(req, e)
	}
	status, err := strconv.Atoi(s.Status[:3])
	staticMust(err)
	p := webob.NewResponse(status)
	for _, h := range s.Headers {
		p.Header().Add(h[0], h[1])
	}
	if s.Stream {
		call["closed"] = false
		p.SetBody(strings.NewReader(Raw(s.Body)))
		p.OnClose(func() { call["closed"] = true })
	} else {
		p.SetBytes([]byte(Raw(s.Body)))
	}
	return p
}

// urlmapFold takes out what does not count: slashes in a row of a key, which become one
// where it is set, and what deployFold takes out.
func urlmapFold(q Question, answer any) any {
	switch q.Op {
	case "urlmap.parse":
		if text, ok := answer.(string); ok {
			scheme, rest, _ := strings.Cut(text, "://")
			return scheme + "|" + urlmapSingle(rest)
		}
	case "cascade.run":
		return Edit(answer, "answer", deployFoldOne)
	case "deploy.app":
		return deployFold(q, answer)
	}
	return answer
}

func urlmapSingle(s string) string {
	for strings.Contains(s, "//") {
		s = strings.ReplaceAll(s, "//", "/")
	}
	return s
}
