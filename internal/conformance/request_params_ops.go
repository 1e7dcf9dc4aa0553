package conformance

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// RequestParams asks Request.GET, POST and Params.
func (adapters) RequestParams() Family {
	return Family{
		Name: "request_params",
		Done: true,
		Ops: map[string]Op{
			"request_params.query":  Ask(requestParamsQuery),
			"request_params.form":   Ask(requestParamsForm),
			"request_params.params": Ask(requestParamsBoth),
			"request_params.mutate": Ask(requestParamsMutate),
		},
		Rules: requestParamsRules,
	}
}

type requestParamsIn struct {
	QueryString   string   `json:"query_string"`
	Method        string   `json:"method"`
	ContentType   *string  `json:"content_type"`
	ContentLength *string  `json:"content_length"`
	Body          string   `json:"body"`
	Keys          []string `json:"keys"`
}

// request is the request as net/http reads it from a connection. An empty
// CONTENT_LENGTH is CGI's way to say that there is none.
func (in requestParamsIn) request() (*webob.Request, error) {
	if in.Method == "" {
		in.Method = "POST"
	}
	body := Raw(in.Body)
	length := fmt.Sprint(len(body))
	if in.ContentLength != nil {
		length = Raw(*in.ContentLength)
	}
	text := in.Method + " / HTTP/1.1\r\nHost: localhost\r\n"
	if in.ContentType != nil {
		text += "Content-Type: " + Raw(*in.ContentType) + "\r\n"
	}
	if length != "" {
		text += "Content-Length: " + length + "\r\n"
	}
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text + "\r\n" + body)))
	if err != nil {
		return nil, err
	}
	r.URL.RawQuery = Raw(in.QueryString)
	return webob.NewRequest(r), nil
}

func requestParamsQuery(in struct {
	QueryString string `json:"query_string"`
}) (any, error) {
	req, err := requestParamsIn{QueryString: in.QueryString, Method: "GET"}.request()
	if err != nil {
		return nil, err
	}
	return requestParamsPairs(req.GET())
}

func requestParamsForm(in requestParamsIn) (any, error) {
	req, err := in.request()
	if err != nil {
		return nil, err
	}
	vars := req.POST()
	items, err := requestParamsPairs(vars)
	if err != nil {
		return nil, err
	}
	if errors.Is(vars.Add("", ""), webob.ErrReadOnly) {
		return map[string]any{"form": false}, nil
	}
	body, err := req.Bytes()
	if err != nil {
		return nil, err
	}
	return map[string]any{"form": true, "items": items, "body_same": string(body) == Raw(in.Body)}, nil
}

// requestParamsPairs are the pairs, unless they could not be read.
func requestParamsPairs(vars *webob.MultiDict) ([][]any, error) {
	if fault, ok := errors.AsType[*webob.InputError](vars.Err()); ok {
		return nil, fault
	}
	items := [][]any{}
	for p := range vars.Pairs() {
		if p.File == nil {
			items = append(items, []any{p.Key, p.Value})
			continue
		}
		upload, err := requestParamsUpload(p.File)
		if err != nil {
			return nil, err
		}
		items = append(items, []any{p.Key, upload})
	}
	return items, nil
}

func requestParamsUpload(u *webob.Upload) (any, error) {
	f, err := u.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	return map[string]any{"name": u.Name, "filename": u.Filename, "type": u.ContentType, "content": Latin(content)}, err
}

func requestParamsBoth(in requestParamsIn) (any, error) {
	req, err := in.request()
	if err != nil {
		return nil, err
	}
	vars := req.Params()
	items, err := requestParamsPairs(vars)
	if err != nil {
		return nil, err
	}
	keys := map[string]any{}
	for _, key := range in.Keys {
		found := requestParamsValue(vars, key)
		_, ok := vars.Lookup(key)
		all := requestParamsOf(items, key)
		_, err := vars.GetOne(key)
		keys[key] = map[string]any{
			"get": found, "getitem": found, "getall": all, "getone": Step(append(all, nil)[0], err), "in": vars.Has(key),
		}
		if !ok {
			keys[key] = With(keys[key], "getitem", Refusal(webob.ErrNoKey))
		}
	}
	lists, mixed := map[string]any{}, map[string]any{}
	for key := range vars.DictOfLists() {
		lists[key] = requestParamsOf(items, key)
	}
	for key, value := range vars.Mixed() {
		mixed[key] = lists[key]
		if _, one := value.(string); one {
			mixed[key] = lists[key].([]any)[0]
		}
	}
	return map[string]any{"items": items, "len": vars.Len(), "mixed": mixed, "dict_of_lists": lists, "keys": keys}, nil
}

// requestParamsOf are the values of one name; where WebOb hands out an upload, an
// accessor of ours gives its file name and File the upload.
func requestParamsOf(items [][]any, key string) []any {
	values := []any{}
	for _, item := range items {
		if item[0] == key {
			values = append(values, item[1])
		}
	}
	return values
}

func requestParamsValue(vars *webob.MultiDict, key string) any {
	value, ok := vars.Lookup(key)
	switch u := vars.File(key); {
	case !ok:
		return nil
	case u != nil && u.Filename == value:
		upload, err := requestParamsUpload(u)
		return Step(upload, err)
	}
	return value
}

func requestParamsMutate(in struct {
	QueryString string  `json:"query_string"`
	Steps       [][]any `json:"steps"`
}) (any, error) {
	req, err := requestParamsIn{QueryString: in.QueryString, Method: "GET"}.request()
	if err != nil {
		return nil, err
	}
	results, queries := []any{}, []any{}
	for _, step := range in.Steps {
		if step[0] == "query_string" {
			req.URL.RawQuery = Raw(step[1].(string))
			results = append(results, nil)
		} else {
			results = append(results, Step(multidictDict{req.GET()}.step(step[0].(string), step[1:])))
		}
		queries = append(queries, Latin(req.URL.RawQuery))
	}
	items, err := requestParamsPairs(req.GET())
	return map[string]any{"results": results, "query_strings": queries, "items": items}, err
}
