package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// RequestBlank asks webob.NewBlank, and Environ for the header view.
func (adapters) RequestBlank() Family {
	return Family{
		Name: "request_blank",
		Done: true,
		Ops: map[string]Op{
			"request_blank.environ": Ask(requestBlankEnviron),
			"request_blank.headers": Ask(requestBlankHeaders),
		},
		Fold: requestUrlsFold,
		Rules: []Rule{
			requestBlankMissing, requestBlankApart, requestBlankReadBack, requestBlankDistinct,
			requestBlankModel, requestBlankNames, requestBlankPromise, requestBlankOld, requestBlankNoField, requestBlankClean,
		},
	}
}

type requestBlankIn struct {
	Path    string                     `json:"path"`
	BaseURL string                     `json:"base_url"`
	Environ map[string]any             `json:"environ"`
	Headers [][2]string                `json:"headers"`
	Post    *requestBlankPost          `json:"post"`
	Kw      map[string]json.RawMessage `json:"kw"`
}

type requestBlankPost struct {
	Dict  []requestBlankField `json:"dict"`
	List  []requestBlankField `json:"list"`
	Text  *string             `json:"text"`
	Bytes *string             `json:"bytes"`
}

// requestBlankField is a form field: a name, and a text or an upload.
type requestBlankField struct {
	name, value string
	file        *struct{ Filename, Content string }
}

func (f *requestBlankField) UnmarshalJSON(raw []byte) error {
	var list [2]json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil {
		return err
	}
	if err := json.Unmarshal(list[0], &f.name); err != nil {
		return err
	}
	if list[1][0] == '{' {
		return json.Unmarshal(list[1], &f.file)
	}
	return json.Unmarshal(list[1], &f.value)
}

func requestBlankEnviron(in requestBlankIn) (any, error) {
	opts := []webob.BlankOption{webob.WithBaseURL(in.BaseURL)}
	for _, key := range SortedKeys(in.Environ) {
		opts = append(opts, webob.WithEnviron(key, requestUrlsValue(in.Environ[key])))
	}
	for _, h := range in.Headers {
		opts = append(opts, webob.WithHeader(h[0], Raw(h[1])))
	}
	if in.Post != nil {
		opts = append(opts, requestBlankData(in.Post))
	}
	for _, name := range SortedKeys(in.Kw) {
		opt, err := requestBlankOption(name, in.Kw[name])
		if err != nil {
			return nil, err
		}
		opts = append(opts, opt)
	}
	req, err := webob.NewBlank(in.Path, opts...)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(req.Body)
	keys, text := requestBlankBoundary(requestUrlsEnviron(req), Latin(b))
	return map[string]any{"environ": keys, "body": Step(text, err),
		"url": Step(Latin(req.FullURL()), errors.Join(req.CheckHost(), requestUrlsPathFault(req)))}, nil
}

var requestBlankRandom = regexp.MustCompile(`boundary=([0-9a-f]{20})$`)

// requestBlankBoundary writes BOUNDARY for a generated boundary.
func requestBlankBoundary(keys map[string]any, body string) (map[string]any, string) {
	t, _ := keys["CONTENT_TYPE"].(string)
	if m := requestBlankRandom.FindStringSubmatch(t); m != nil {
		keys["CONTENT_TYPE"] = strings.ReplaceAll(t, m[1], "BOUNDARY")
		body = strings.ReplaceAll(body, m[1], "BOUNDARY")
	}
	return keys, body
}

func requestBlankData(post *requestBlankPost) webob.BlankOption {
	switch {
	case post.Text != nil:
		return webob.WithPost([]byte(*post.Text))
	case post.Bytes != nil:
		return webob.WithPost([]byte(Raw(*post.Bytes)))
	}
	fields := post.List
	for _, f := range post.Dict { // a mapping: the last value of a name, at its first place
		if i := slices.IndexFunc(fields, func(g requestBlankField) bool { return g.name == f.name }); i >= 0 {
			fields[i] = f
		} else {
			fields = append(fields, f)
		}
	}
	form := new(webob.MultiDict)
	for _, f := range fields {
		if f.file == nil {
			form.Add(f.name, f.value)
		} else {
			form.AddFile(webob.NewUpload(f.name, f.file.Filename, "", []byte(Raw(f.file.Content))))
		}
	}
	return webob.WithFormDict(form)
}

// requestBlankOption is the option for an attribute. Those that stand for a header
// field are set as that, by its typed field where it has a value of its own.
func requestBlankOption(name string, raw json.RawMessage) (webob.BlankOption, error) {
	v := Value(mustDecode(raw))
	text, isText := v.(string)
	switch name {
	case "method":
		return webob.WithMethod(text), nil
	case "content_type":
		return webob.WithContentType(text), nil
	case "body":
		b, ok := v.([]byte)
		if !ok && v != nil {
			return nil, errRequestUrls // in Go it would not compile
		}
		return webob.WithBody(b), nil
	case "text":
		if !isText {
			return nil, errRequestUrls
		}
		return webob.WithBody([]byte(text)), nil
	case "json": // WebOb's attribute sets the body alone, WithJSON the type and method too
		var b bytes.Buffer
		err := json.Compact(&b, raw)
		return webob.WithBody(b.Bytes()), err
	case "cookies":
		opts := []webob.BlankOption{}
		for _, name := range SortedKeys(v.(map[string]any)) {
			opts = append(opts, webob.WithCookie(name, v.(map[string]any)[name].(string)))
		}
		return webob.WithAll(opts...), nil
	case "charset":
		return webob.WithAll(), nil // UTF-8 is all there is
	}
	if key, ok := requestUrlsKeys[name]; ok {
		if isText {
			return webob.WithEnviron(key, text), nil
		}
		return webob.WithEnviron(key, requestUrlsValue(v)), nil
	}
	if !slices.Contains(requestBlankFields, name) {
		return nil, errRequestUrls
	}
	return webob.WithHeader(strings.ReplaceAll(name, "_", "-"), requestBlankFieldText(v)), nil
}

// requestBlankFields are the attributes that stand for a header field.
var requestBlankFields = []string{"accept", "accept_charset", "accept_encoding", "accept_language", "authorization",
	"cache_control", "date", "if_match", "if_modified_since", "if_none_match", "if_range", "if_unmodified_since",
	"max_forwards", "pragma", "range", "user_agent", "referer"}

func requestBlankFieldText(v any) string {
	h := http.Header{}
	switch v := v.(type) {
	case string:
		return v
	case time.Time:
		if err := header.Date.Set(h, v); err != nil {
			panic(err)
		}
		return h.Get("Date")
	case Tuple:
		if scheme, ok := v[0].(string); ok {
			return scheme + " " + v[1].(string)
		}
		return fmt.Sprintf("bytes=%v-%v", v[0], int(number(v[1]))-1)
	}
	return fmt.Sprint(v)
}

func requestBlankHeaders(in struct {
	Environ map[string]any `json:"environ"`
	Steps   [][]any        `json:"steps"`
}) (any, error) {
	req := webob.NewRequest(&http.Request{})
	for _, key := range SortedKeys(in.Environ) {
		err := req.Environ().Set(key, requestUrlsValue(in.Environ[key]))
		if err != nil && strings.HasPrefix(key, "HTTP_") {
			continue // a key that stands for no field
		} else if err != nil {
			return nil, err
		}
	}
	results := make([]any, len(in.Steps))
	for i, step := range in.Steps {
		results[i] = Step(requestBlankStep(req.Environ(), step))
	}
	return map[string]any{"results": results, "environ": requestUrlsEnviron(req)}, nil
}

func requestBlankStep(env webob.Environ, step []any) (any, error) {
	key := ""
	if len(step) > 1 {
		if name, ok := step[1].(string); ok {
			key = webob.EnvironKey(name)
		}
	}
	switch step[0] {
	case "get", "pop":
		v, ok := env.Get(key)
		switch {
		case ok && step[0] == "pop":
			env.Delete(key)
		case !ok && len(step) > 2:
			return step[2], nil
		case !ok:
			return nil, errRequestUrls
		}
		return Latin(v.(string)), nil
	case "has":
		return env.Has(key), nil
	case "set":
		return nil, env.Set(key, Raw(step[2].(string)))
	case "del":
		if !env.Has(key) {
			return nil, errRequestUrls
		}
		env.Delete(key)
		return nil, nil
	case "keys":
		return requestBlankKeys(env), nil
	case "len":
		return len(requestBlankKeys(env)), nil
	case "clear", "assign", "update":
		if step[0] != "update" {
			for _, name := range requestBlankKeys(env) {
				env.Delete(webob.EnvironKey(name))
			}
		}
		if step[0] == "clear" {
			return nil, nil
		}
		for _, item := range step[1].([]any) {
			name, value, _ := pair(item)
			if err := env.Set(webob.EnvironKey(name), Raw(value)); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
	panic("unknown step")
}

// requestBlankKeys are the names of all header fields, sorted.
func requestBlankKeys(env webob.Environ) []string {
	names := []string{}
	for key := range env.All() {
		if name, ok := webob.HeaderName(key); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
