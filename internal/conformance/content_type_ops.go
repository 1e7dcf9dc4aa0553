package conformance

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// ContentType asks Response and Request for their Content-Type.
func (adapters) ContentType() Family {
	return Family{
		Name: "content_type",
		Done: true,
		Ops: map[string]Op{
			"content_type.get":         Ask(contentTypeGet),
			"content_type.new":         Ask(contentTypeNew),
			"content_type.edit":        Ask(contentTypeEdit),
			"content_type.request_get": Ask(contentTypeRequestGet),
			"content_type.request_set": Ask(contentTypeRequestSet),
		},
		Fold:  contentTypeFold,
		Rules: contentTypeRules,
	}
}

// contentTypeResponse has that field, as it is.
func contentTypeResponse(field *string) *webob.Response {
	p := webob.NewResponse(http.StatusOK)
	if field != nil {
		p.Header().Set("Content-Type", Raw(*field))
	}
	return p
}

func contentTypeState(p *webob.Response) map[string]any {
	state := map[string]any{
		"header": nil, "content_type": responseOrNull(p.ContentType()),
		"charset": responseOrNull(p.Charset()), "params": responseParams(p.ContentTypeParams()),
	}
	if p.Header().Has("Content-Type") {
		state["header"] = Latin(p.Header().Get("Content-Type"))
	}
	return state
}

func contentTypeGet(in struct{ Header *string }) (any, error) {
	p := contentTypeResponse(in.Header)
	return contentTypeState(p), p.Header().Err()
}

func contentTypeNew(in struct {
	ContentType json.RawMessage `json:"content_type"`
	Charset     json.RawMessage
	Status      any
	Text        *string
	Headers     *[][2]string
	JSON        json.RawMessage
}) (any, error) {
	p, err := responseSpec{
		ContentType: in.ContentType, Charset: in.Charset, Status: in.Status, Text: in.Text, Headerlist: in.Headers, JSON: in.JSON,
	}.make()
	if err != nil {
		return nil, err
	}
	state := contentTypeState(p)
	b, err := p.Bytes()
	state["body"] = Latin(b)
	return state, err
}

func contentTypeEdit(in struct {
	Header *string
	Steps  [][2]any
}) (any, error) {
	p := contentTypeResponse(in.Header)
	for _, step := range in.Steps {
		name, value := step[0].(string), step[1]
		if name == "delete" {
			name, value = value.(string), nil
		}
		if name == "params" {
			name = "content_type_params"
		}
		if err := (responseSubject{p, 0}).setType(name, value); err != nil {
			return nil, err
		}
	}
	return contentTypeState(p), p.Header().Err()
}

func contentTypeRequest(field *string) (*webob.Request, error) {
	req, err := webob.NewBlank("/")
	if err == nil && field != nil {
		req.Header.Set("Content-Type", Raw(*field))
	}
	return req, err
}

func contentTypeRequestGet(in struct{ Header *string }) (any, error) {
	req, err := contentTypeRequest(in.Header)
	if err != nil {
		return nil, err
	}
	return map[string]any{"content_type": Latin(req.ContentType()), "charset": Latin(req.Charset())}, nil
}

func contentTypeRequestSet(in struct{ Header, Value *string }) (any, error) {
	req, err := contentTypeRequest(in.Header)
	if err != nil {
		return nil, err
	}
	value := ""
	if in.Value != nil {
		value = Raw(*in.Value)
	}
	if err := req.SetContentType(value); err != nil {
		return nil, err
	}
	if len(req.Header.Values("Content-Type")) == 0 {
		return nil, nil
	}
	return Latin(req.Header.Get("Content-Type")), nil
}

// contentTypeFold takes out the case of utf-8, how JSON spells its values, and white
// space and needless quotes between parameters.
func contentTypeFold(q Question, answer any) any {
	answer = responseFold(q, answer)
	return Edit(answer, "header", func(v any) any {
		s, ok := v.(string)
		if !ok {
			return v
		}
		parts := contentTypeParam.FindAllString(s, -1)
		media, _, _ := strings.Cut(s, ";")
		for i, part := range parts {
			name, value, found := strings.Cut(strings.TrimSpace(part[1:]), "=")
			if inner := strings.Trim(value, `"`); found && contentTypeName.MatchString(inner) {
				value = inner
			}
			parts[i] = name + "=" + value
		}
		return strings.TrimRight(media, " \t") + ";" + strings.Join(parts, ";")
	})
}
