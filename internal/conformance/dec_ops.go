package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

// Dec asks package dec. Go binds no args and kwargs to a function: here, as in any
// program, they are what a closure knows. A function called directly is called
// directly: it stays what it was.
func (adapters) Dec() Family {
	return Family{
		Name: "dec",
		Done: true,
		Ops: map[string]Op{
			"dec.call":       Ask(decCall),
			"dec.direct":     Ask(decDirect),
			"dec.shortcut":   Ask(decShortcut),
			"dec.clone":      Ask(decClone),
			"dec.middleware": Ask(decMiddleware),
		},
		Fold:  decFold,
		Rules: decRules(),
	}
}

// decHandler is the description of a function.
type decHandler struct {
	Before  [][]any
	Returns json.RawMessage
	Raises  json.RawMessage
	Args    []any
	Kwargs  map[string]any
	Custom  bool `json:"custom_request"`
}

// decCustomRequest is a request type of one's own.
type decCustomRequest struct{ *webob.Request }

// decBound is what the closure round a function knows.
type decBound struct {
	args   []any
	kwargs map[string]any
	class  string
}

func (h decHandler) bound() decBound { return decBound{h.Args, h.Kwargs, "Request"} }

// given is what a direct call passes: arguments given replace the bound ones,
// positional and named each for themselves.
func (b decBound) given(args []any, kwargs map[string]any) decBound {
	if len(args) > 0 {
		b.args = args
	}
	if len(kwargs) > 0 {
		b.kwargs = kwargs
	}
	return b
}

// call is the plain function.
func (h decHandler) call(req *webob.Request, b decBound) (any, error) {
	for _, step := range h.Before {
		if err := decStep(req.Response(), step); err != nil {
			return nil, err
		}
	}
	if h.Raises != nil {
		err, _, bad := excRaised(h.Raises)
		return nil, errors.Join(bad, err)
	}
	kind, value := decResult(h.Returns)
	switch kind {
	case "":
		return nil, nil
	case "text":
		return decodeStrict[string](value), nil
	case "bytes":
		return []byte(Raw(decodeStrict[string](value))), nil
	case "int":
		return decodeStrict[int](value), nil
	case "list":
		return decodeStrict[[]string](value), nil
	case "response":
		return decodeStrict[responseSpec](value).make()
	case "own":
		return req.Response(), nil
	case "exc":
		m, err := decodeStrict[excSpec](value).make()
		if err != nil {
			return nil, err
		}
		return m.value(), nil
	case "wsgi":
		return responseApp(decodeStrict[excApp](value)), nil
	case "handler":
		return decodeStrict[decHandler](value).app(), nil
	case "echo":
		return decEcho(req, b, decodeStrict[[]string](value)), nil
	}
	panic("unknown result " + kind)
}

// decResult is what kind of value a function returns, "" for nothing.
func decResult(raw json.RawMessage) (kind string, value json.RawMessage) {
	var object map[string]json.RawMessage
	if raw == nil || json.Unmarshal(raw, &object) != nil {
		return "", nil
	}
	for kind, value = range object {
	}
	return kind, value
}

// decStep does something to the request's own response.
func decStep(p *webob.Response, step []any) error {
	switch what := step[0].(string); what {
	case "header":
		p.Header().Add(step[1].(string), Raw(step[2].(string)))
		return p.Header().Err()
	case "cookie":
		return decCookie(p, step[1].(string), step[2].(string))
	case "write":
		_, err := p.WriteString(Raw(step[1].(string)))
		return err
	case "text":
		responseSetText(p, step[1].(string))
		return nil
	default:
		return responseSubject{p, 0}.set(what, Value(step[1]))
	}
}

// decCookie sets a cookie as WebOb does by default: for all paths.
func decCookie(p *webob.Response, name, value string) error {
	return p.SetCookie(&http.Cookie{Name: name, Value: value, Path: "/"})
}

// decEcho are lines of what a function was given.
func decEcho(req *webob.Request, b decBound, names []string) string {
	lines := make([]string, len(names))
	for i, name := range names {
		lines[i] = name + ": " + decShown(req, b, name)
	}
	return strings.Join(lines, "\n")
}

func decShown(req *webob.Request, b decBound, name string) string {
	switch name {
	case "args":
		return decJoin(b.args, func(v any) string { return fmt.Sprint(v) })
	case "kwargs":
		return decPairs(b.kwargs)
	case "urlvars":
		return decPairs(req.URLVars())
	case "class":
		return b.class
	case "method":
		return req.Method
	case "path_info":
		return req.PathInfo()
	case "script_name":
		return req.ScriptName()
	case "path":
		return req.Path()
	case "query_string":
		return req.URL.RawQuery
	case "url":
		return req.FullURL()
	case "host":
		return req.Host
	case "content_type":
		return req.ContentType()
	case "body":
		body, err := req.Bytes()
		if err != nil {
			panic(err)
		}
		return Latin(body)
	case "params":
		var pairs []string
		for name, value := range req.Params().All() {
			pairs = append(pairs, name+"="+value)
		}
		return strings.Join(pairs, ",")
	}
	panic("unknown name " + name)
}

func decJoin[T any](list []T, text func(T) string) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = text(v)
	}
	return strings.Join(texts, ",")
}

// decPairs shows a mapping, sorted.
func decPairs[V any](m map[string]V) string {
	return decJoin(SortedKeys(m), func(name string) string { return fmt.Sprint(name, "=", m[name]) })
}

// app is the function made an app, with the result type it would be written with.
func (h decHandler) app() *dec.App {
	if h.Custom {
		return h.appOf(h.call)
	}
	switch kind, _ := decResult(h.Returns); kind {
	case "text", "echo":
		return decTyped[string](h)
	case "bytes":
		return decTyped[[]byte](h)
	case "response", "own":
		return decTyped[*webob.Response](h)
	case "wsgi":
		return decTyped[http.Handler](h)
	}
	return decTyped[any](h)
}

// appOf is a function of any result made an app, for the request type it wants.
func (h decHandler) appOf(fn func(*webob.Request, decBound) (any, error)) *dec.App {
	if !h.Custom {
		return dec.Wsgify(func(req *webob.Request) (any, error) { return fn(req, h.bound()) })
	}
	return dec.WsgifyAs(func(req *webob.Request) (decCustomRequest, error) { return decCustomRequest{req}, nil },
		func(r decCustomRequest) (any, error) {
			b := h.bound()
			b.class = "CustomRequest"
			return fn(r.Request, b)
		})
}

func decTyped[T any](h decHandler) *dec.App {
	return dec.Wsgify(func(req *webob.Request) (T, error) {
		v, err := h.call(req, h.bound())
		t, _ := v.(T)
		return t, err
	})
}

// decServe has an app answer as a server would. An error that is no HTTP error is
// refused, as WebOb hands it on to the server. The app is made for each run.
func decServe(app func() http.Handler, in excRequest) (any, error) {
	req, err := in.make()
	if err != nil {
		return nil, err
	}
	if err := req.GetResponse(app()).Err(); err != nil && !excIsHTTP(err) {
		return nil, err
	}
	if req, err = in.make(); err != nil {
		return nil, err
	}
	return decAnswer(app(), req), nil
}

func decAnswer(app http.Handler, req *webob.Request) any {
	rec := httptest.NewRecorder()
	app.ServeHTTP(rec, req.Request)
	return excAnswer(rec.Code, rec.Result().Header, rec.Body.String())
}

func decCall(in struct {
	App     decHandler
	Request excRequest
}) (any, error) {
	return decServe(func() http.Handler { return in.App.app() }, in.Request)
}

// decDescribed tells of a value that a function has returned.
func decDescribed(v any, again excRequest) (any, error) {
	kind := ""
	switch v := v.(type) {
	case nil:
		return decValue("none", nil), nil
	case string:
		return decValue("text", v), nil
	case []byte:
		return decValue("bytes", Latin(v)), nil
	case int:
		return decValue("other", v), nil
	case []string:
		list := make([]any, len(v))
		for i, text := range v {
			list[i] = map[string]string{"$bytes": text}
		}
		return decValue("other", list), nil
	case error:
		kind = "exception"
	case *webob.Response:
		kind = "response"
	default:
		return decValue("application", nil), nil
	}
	req, err := again.make()
	if err != nil {
		return nil, err
	}
	return decValue(kind, decAnswer(v.(http.Handler), req)), nil
}

func decValue(kind string, v any) any { return map[string]any{"type": kind, "value": v} }

// decFold takes out what does not count in an answer, be it within others.
func decFold(q Question, answer any) any {
	object, ok := answer.(map[string]any)
	switch {
	case !ok:
		return answer
	case object["headers"] != nil:
		return excFold(q, answer)
	}
	folded := map[string]any{}
	for name, item := range object {
		folded[name] = decFold(q, item)
	}
	return folded
}
