package conformance

import (
	"errors"
	"fmt"

	"github.com/gowebob/gowebob/webob"
)

// RequestCookies asks Request.CookieDict.
func (adapters) RequestCookies() Family {
	return Family{
		Name:  "request_cookies",
		Done:  true,
		Ops:   map[string]Op{"request_cookies.script": Ask(requestCookiesScript)},
		Fold:  requestCookiesFold,
		Rules: requestCookiesRules,
	}
}

type requestCookiesIn struct {
	Cookie *string
	Steps  [][]any
}

func requestCookiesScript(in requestCookiesIn) (any, error) {
	req := cookiesAsk(in.Cookie)
	results, headers := make([]any, len(in.Steps)), make([]any, len(in.Steps))
	for i, step := range in.Steps {
		results[i] = Step(requestCookiesStep(req, step))
		headers[i] = cookiesField(req)
	}
	return map[string]any{
		"results": results, "headers": headers, "items": cookiesPairs(req.CookieDict().All(), cookiesText),
	}, nil
}

// errNoText is an argument that Go's types refuse.
var errNoText = errors.New("not text")

func requestCookiesStep(req *webob.Request, step []any) (any, error) {
	dict := req.CookieDict()
	texts := make([]string, 0, 2)
	for _, arg := range step[1:] {
		switch arg := arg.(type) {
		case string:
			texts = append(texts, arg)
		case map[string]any, nil:
		default:
			return nil, errNoText
		}
	}
	switch step[0] {
	case "get":
		if v, ok := dict.Lookup(texts[0]); ok {
			return v, nil
		}
		return nil, nil
	case "getitem":
		if v, ok := dict.Lookup(texts[0]); ok {
			return v, nil
		}
		return nil, webob.ErrNoKey
	case "has":
		return dict.Has(texts[0]), nil
	case "len":
		return dict.Len(), nil
	case "items":
		return cookiesPairs(dict.All(), cookiesText), nil
	case "set":
		return nil, dict.Set(texts[0], texts[1])
	case "del":
		return nil, dict.Del(texts[0])
	case "pop":
		v, err := dict.Pop(texts[0])
		if err != nil && len(texts) == 2 {
			return texts[1], nil
		}
		return v, err
	case "setdefault":
		return dict.SetDefault(texts[0], texts[1])
	case "update":
		return nil, requestCookiesUpdate(dict, step[1])
	case "clear":
		dict.Clear()
		return nil, nil
	case "assign":
		dict.Clear()
		return nil, requestCookiesUpdate(dict, step[1])
	case "header":
		delete(req.Header, "Cookie")
		if step[1] != nil {
			req.Header["Cookie"] = []string{Raw(texts[0])}
		}
		return nil, nil
	}
	panic(fmt.Sprintf("unknown step %v", step[0]))
}

func requestCookiesUpdate(dict webob.CookieDict, values any) error {
	object := values.(map[string]any)
	for _, name := range SortedKeys(object) {
		value, ok := object[name].(string)
		if !ok {
			return errNoText
		}
		if err := dict.Set(name, value); err != nil {
			return err
		}
	}
	return nil
}

// requestCookiesFold takes blanks and empty pieces out of the fields.
func requestCookiesFold(_ Question, answer any) any {
	return Edit(answer, "headers", func(v any) any { return EditAll(v, cookiesFoldField) })
}
