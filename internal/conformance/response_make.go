package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// responseSpec is the description of a response.
type responseSpec struct {
	Status      any             `json:"status"`
	Headerlist  *[][2]string    `json:"headerlist"`
	ContentType json.RawMessage `json:"content_type"`
	Charset     json.RawMessage `json:"charset"`
	Conditional *bool           `json:"conditional_response"`
	Body        *string         `json:"body"`
	Text        *string         `json:"text"`
	JSON        json.RawMessage `json:"json"`
	Chunks      *[]string       `json:"chunks"`
	Once        bool            `json:"once"`
	Kw          map[string]any  `json:"kw"`
	Headers     [][2]string     `json:"headers"`
}

// make says aloud what WebOb's constructor does by default: text/html, and no
// type and no body for a status without content.
func (in responseSpec) make() (*webob.Response, error) {
	p := webob.NewResponse(http.StatusOK)
	if in.Status != nil {
		if err := responseStatus(p, in.Status); err != nil {
			return nil, err
		}
	}
	bare := p.Status() < 200 || slices.Contains([]int{204, 205, 304}, p.Status())
	if err := in.head(p, bare); err != nil {
		return nil, err
	}
	if err := in.body(p, bare); err != nil {
		return nil, err
	}
	if in.Conditional != nil {
		p.Conditional(*in.Conditional)
	}
	for _, name := range SortedKeys(in.Kw) {
		if name == "request" {
			continue
		}
		if err := (responseSubject{p, 0}).set(name, Value(in.Kw[name])); err != nil {
			return nil, err
		}
	}
	for _, h := range in.Headers {
		p.Header().Add(h[0], Raw(h[1]))
	}
	return p, p.Header().Err()
}

func responseStatus(p *webob.Response, v any) error {
	switch v := v.(type) {
	case string:
		return p.SetStatusText(v)
	case json.Number:
		return p.SetStatusText(v.String())
	}
	return errResponseValue
}

// errResponseValue refuses what has no place in the API, by its type.
var errResponseValue = errors.New("no such value")

func (in responseSpec) head(p *webob.Response, bare bool) error {
	if in.Headerlist != nil {
		for _, h := range *in.Headerlist {
			p.Header().Add(h[0], Raw(h[1]))
		}
		return p.Header().Err()
	}
	if bare {
		return nil
	}
	ctype := "text/html"
	if in.JSON != nil && in.Body == nil && in.Text == nil {
		ctype = "application/json"
	}
	if given := responseText(in.ContentType); given != "" {
		ctype = given
	}
	if err := p.SetContentType(Raw(ctype)); err != nil {
		return err
	}
	if in.Charset != nil && p.Charset() != "" && !strings.Contains(ctype, "charset=") {
		return p.SetCharset(Raw(responseText(in.Charset)))
	}
	return nil
}

// responseText is a text, "" for null.
func responseText(raw json.RawMessage) string {
	if raw == nil {
		return ""
	}
	s, _ := mustDecode(raw).(string)
	return s
}

func (in responseSpec) body(p *webob.Response, bare bool) error {
	switch {
	case in.Chunks != nil && (in.Body != nil || in.Text != nil):
		return errResponseValue
	case in.Chunks != nil:
		responseSetChunks(p, *in.Chunks, in.Once)
	case bare:
	case in.JSON != nil:
		return responseSetJSON(p, in.JSON)
	case in.Body != nil:
		p.SetBytes([]byte(Raw(*in.Body)))
	case in.Text != nil:
		responseSetText(p, *in.Text)
	}
	if in.Headerlist != nil && in.Chunks != nil { // what is said of the body is said after it
		for _, h := range *in.Headerlist {
			if strings.EqualFold(h[0], "Content-Length") {
				p.Header().Set(h[0], Raw(h[1]))
			}
		}
	}
	return nil
}

// responseSetText keeps a response without a type so: SetText would say
// text/plain.
func responseSetText(p *webob.Response, s string) {
	if p.ContentType() == "" {
		p.SetBytes([]byte(s))
	} else {
		p.SetText(s)
	}
}

// responseSetJSON keeps the type, as assigning to json does in WebOb.
func responseSetJSON(p *webob.Response, raw json.RawMessage) error {
	before := p.Header().Get("Content-Type")
	err := p.SetJSON(raw)
	p.Header().Set("Content-Type", before)
	if before == "" {
		p.Header().Del("Content-Type")
	}
	return err
}

func responseSetChunks(p *webob.Response, chunks []string, once bool) {
	if once {
		readers := make([]io.Reader, len(chunks))
		for i, chunk := range chunks {
			readers[i] = strings.NewReader(Raw(chunk))
		}
		p.SetBody(io.MultiReader(readers...))
		return
	}
	p.SetChunks(func(yield func([]byte, error) bool) {
		for _, chunk := range chunks {
			if !yield([]byte(Raw(chunk)), nil) {
				return
			}
		}
	})
}

// responseState is what a response looks like from outside; headers are taken
// before the body is read.
func responseState(p *webob.Response) map[string]any {
	state := map[string]any{
		"status": p.StatusText(), "status_code": p.Status(), "headers": responseHeaders(p.HTTPHeader()),
		"content_type": responseOrNull(p.ContentType()), "charset": responseOrNull(p.Charset()),
		"has_body": p.HasBody(), "content_length": nil,
	}
	if n, ok := p.ContentLength(); ok && len(p.HTTPHeader()["Content-Length"]) > 0 {
		state["content_length"] = n
	}
	b, err := p.Bytes()
	state["body"] = Step(Latin(b), err)
	return state
}

func responseHeaders(h http.Header) [][2]string {
	list := [][2]string{}
	for _, name := range SortedKeys(h) {
		for _, v := range h[name] {
			list = append(list, [2]string{name, Latin(v)})
		}
	}
	return list
}

func responseOrNull(s string) any {
	if s == "" {
		return nil
	}
	return Latin(s)
}

// responseServe has a response answer a request as a server would.
func responseServe(p *webob.Response, req *webob.Request) map[string]any {
	rec := httptest.NewRecorder()
	webob.Serve(excResponder(func(*webob.Request) *webob.Response { return p }), rec, req.Request)
	return map[string]any{
		"status": fmt.Sprint(rec.Code), "headers": responseHeaders(rec.Result().Header), "body": Latin(rec.Body.Bytes()),
	}
}

// responseFold takes out what does not count: the names of statuses, the case of
// utf-8 and of header names, the order of fields, how cookies spell their
// attributes, how JSON spells its values.
func responseFold(q Question, answer any) any {
	answer = responseFoldAll(answer)
	if strings.Contains(string(q.In), `"json"`) {
		answer = responseFoldJSON(answer)
	}
	return answer
}

func responseFoldAll(v any) any {
	switch v := v.(type) {
	case []any:
		return mapSlice(v, responseFoldAll)
	case string:
		return strings.ReplaceAll(v, "UTF-8", "utf-8")
	case map[string]any:
		folded := map[string]any{}
		for name, item := range v {
			item = responseFoldAll(item)
			switch name {
			case "status":
				item, _, _ = strings.Cut(item.(string), " ")
			case "headers":
				item = responseFoldHeaders(item)
			case "set_cookie":
				item = EditAll(item, func(c any) any { return responseFoldCookie(c.(string)) })
			case "chunks", "start": // how a body is kept; gzip's head
				continue
			}
			folded[name] = item
		}
		if folded["body"] == "" { // whether nothing is a body is how it is kept
			delete(folded, "has_body")
		}
		return folded
	}
	return v
}

func responseFoldHeaders(v any) any {
	v = EditAll(v, func(item any) any {
		name, value, ok := pair(item)
		if !ok {
			return item
		}
		name = strings.ToLower(strings.TrimSpace(name))
		switch name {
		case "set-cookie":
			value = fmt.Sprint(responseFoldCookie(value))
		case "cache-control":
			directives := strings.Split(value, ", ")
			slices.Sort(directives)
			value = strings.Join(directives, ", ")
		}
		return []any{name, value}
	})
	if list, ok := v.([]any); ok {
		v = slices.DeleteFunc(list, func(item any) bool { // an empty Cache-Control is none
			name, value, _ := pair(item)
			return name == "cache-control" && value == ""
		})
	}
	return FoldHeaders(v)
}

// responseFoldCookie takes a Set-Cookie apart: the pair, and the attributes, which
// have no order and no case. A Max-Age below zero is one of zero; its date is past.
func responseFoldCookie(value string) any {
	parts := strings.Split(FoldCookieDate(value), ";")
	attributes := map[string]string{}
	for _, part := range parts[1:] {
		name, v, _ := strings.Cut(strings.TrimSpace(part), "=")
		name = strings.ToLower(name)
		if name == "samesite" {
			v = strings.ToLower(v)
		}
		attributes[name] = v
	}
	if age := attributes["max-age"]; age == "0" || strings.HasPrefix(age, "-") {
		attributes["max-age"] = "0"
		delete(attributes, "expires")
	}
	return fmt.Sprint(parts[0], attributes)
}

// responseFoldJSON compares a JSON body by its value, without its length.
func responseFoldJSON(v any) any {
	switch v := v.(type) {
	case []any:
		return mapSlice(v, responseFoldJSON)
	case map[string]any:
		folded := map[string]any{}
		for name, item := range v {
			switch name {
			case "body":
				if s, ok := item.(string); ok {
					if b, err := LatinBytes(s); err == nil {
						if value, err := decodeJSON(b); err == nil {
							item = value
						}
					}
				}
			case "headers":
				item = DropHeader(item, "Content-Length")
			case "content_length":
				continue
			default:
				item = responseFoldJSON(item)
			}
			folded[name] = item
		}
		return folded
	}
	return v
}

// responseParams are the parameters of a media type as an object.
func responseParams(params header.Params) map[string]any {
	object := map[string]any{}
	for _, x := range params {
		object[Latin(x.Name)] = Latin(x.Value)
	}
	return object
}

func responseParamsOf(object map[string]any) header.Params {
	var params header.Params
	for _, name := range SortedKeys(object) {
		params = append(params, header.Param{Name: Raw(name), Value: Raw(object[name].(string))})
	}
	return params
}
