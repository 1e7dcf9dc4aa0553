package conformance

import (
	"encoding/json"
	"io"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// responseSubject is a response that attributes are set and read on, at a moment.
type responseSubject struct {
	*webob.Response
	now int64
}

var responseDates = map[string]header.Field[time.Time]{
	"date": header.Date, "expires": header.Expires, "last_modified": header.LastModified,
}

var responseLists = map[string]header.Field[[]string]{
	"allow": header.Allow, "vary": header.Vary, "content_language": header.ContentLanguage,
}

var responseTexts = []string{
	"content_location", "content_md5", "content_disposition", "content_encoding", "accept_ranges", "pragma", "server", "location",
	"allow", "vary", "content_language", "date", "expires", "last_modified", "retry_after", "www_authenticate", "content_range",
	"cache_control",
}

// responseField is the field of an attribute, as text.
func responseField(name string) header.Field[string] {
	for _, known := range responseTexts {
		if known == name {
			return header.NewText(strings.ReplaceAll(name, "_", "-"))
		}
	}
	panic("unknown attribute " + name)
}

// set assigns an attribute; v is decoded.
func (s responseSubject) set(name string, v any) error {
	switch name {
	case "body", "app_iter", "text", "json", "content_length":
		return s.setBody(name, v)
	case "status", "status_code":
		return responseStatus(s.Response, v)
	case "headerlist", "headers":
		return s.setHeaders(v)
	case "content_type", "charset", "content_type_params":
		return s.setType(name, v)
	case "unicode_errors":
		return nil // text is always read with replacements
	case "location":
		return s.setLocation(v)
	case "etag":
		return s.setETag(v)
	case "wrong_key":
		return errResponseValue
	}
	if v == nil {
		s.Header().Del(strings.ReplaceAll(name, "_", "-"))
		return nil
	}
	return s.setField(name, v)
}

func (s responseSubject) setBody(name string, v any) error {
	switch b, isBytes := v.([]byte); {
	case name == "content_length":
		return s.setLength(v)
	case name == "json":
		return responseSetJSON(s.Response, json.RawMessage(jsonText(v)))
	case name == "app_iter":
		list, ok := v.([]any)
		if !ok {
			return errResponseValue
		}
		chunks := make([]string, len(list))
		for i, item := range list {
			chunks[i] = Latin(item.([]byte))
		}
		responseSetChunks(s.Response, chunks, false)
		return nil
	case name == "body" && isBytes:
		s.SetBytes(b)
		return nil
	}
	text, ok := v.(string)
	if !ok || name == "body" {
		return errResponseValue
	}
	responseSetText(s.Response, text)
	return nil
}

// setLength announces a length; null makes the body one of unknown length.
func (s responseSubject) setLength(v any) error {
	switch v := v.(type) {
	case nil:
		s.Header().Del("Content-Length")
		return nil
	case json.Number:
		return header.ContentLength.Set(s.Header(), typedWhole(v))
	case string:
		n, _, err := header.ContentLength.Lookup(responseOne("Content-Length", v))
		if err != nil {
			return err
		}
		return header.ContentLength.Set(s.Header(), n)
	}
	return errResponseValue
}

// responseUnknownLength makes the body a stream.
func responseUnknownLength(p *webob.Response) {
	body := p.Body()
	p.SetBody(struct{ io.Reader }{body})
}

func (s responseSubject) setHeaders(v any) error {
	s.Header().Reset()
	switch v := v.(type) {
	case map[string]any:
		for _, name := range SortedKeys(v) {
			s.Header().Add(name, Raw(v[name].(string)))
		}
	case []any:
		for _, item := range v {
			name, value, _ := pair(item)
			s.Header().Add(name, Raw(value))
		}
	}
	return s.Header().Err()
}

func (s responseSubject) setType(name string, v any) error {
	if name == "content_type_params" {
		object, _ := v.(map[string]any)
		return s.SetContentTypeParams(responseParamsOf(object))
	}
	text, ok := v.(string)
	if !ok && v != nil {
		return errResponseValue
	}
	if name == "charset" {
		return s.SetCharset(Raw(text))
	}
	return s.SetContentType(Raw(text))
}

// setLocation asks for another site where the question does, by a full URL.
func (s responseSubject) setLocation(v any) error {
	if v == nil {
		s.Header().Del("Location")
		return nil
	}
	loc := Raw(v.(string))
	if scheme, _, ok := strings.Cut(loc, ":"); ok && !strings.ContainsAny(scheme, "/?#\\") {
		return s.SetExternalLocation(loc)
	}
	return s.SetLocation(loc)
}

func (s responseSubject) setETag(v any) error {
	switch v := v.(type) {
	case nil:
		s.Header().Del("ETag")
		return nil
	case string:
		return header.ETag.Set(s.Header(), header.AsEntityTag(Raw(v)))
	case Tuple:
		tag := header.AsEntityTag(Raw(v[0].(string)))
		tag.Weak = v[1] == false
		return header.ETag.Set(s.Header(), tag)
	}
	return errResponseValue
}

func (s responseSubject) setField(name string, v any) error {
	h := s.Header()
	switch v := v.(type) {
	case time.Time:
		if name == "retry_after" {
			return header.RetryAfter.Set(h, header.At(v))
		}
		return responseDates[name].Set(h, v)
	case []any:
		list := []string{}
		for _, item := range v {
			list = append(list, Raw(item.(string)))
		}
		return responseLists[name].Set(h, list)
	case json.Number:
		if f, ok := responseDates[name]; ok {
			return f.Set(h, time.Unix(int64(number(v)), 0))
		}
		if name == "retry_after" {
			return header.RetryAfter.Set(h, header.Delay{Seconds: typedWhole(v)})
		}
		return header.Age.Set(h, typedWhole(v))
	case Tuple:
		return s.setPair(name, v)
	case map[string]any:
		var d header.Directives
		for _, directive := range SortedKeys(v) {
			value, _ := v[directive].(string)
			d.Set(directive, value)
		}
		return header.CacheControl.Set(h, d)
	case string:
		if name == "age" {
			_, _, err := header.Age.Lookup(header.Map(responseOne("Age", v)))
			h.Set("Age", v)
			return err
		}
		return responseField(name).Set(h, Raw(v))
	}
	return errResponseValue
}

// responseOne is a header of one field.
func responseOne(name, value string) *header.List {
	l := new(header.List)
	l.Add(name, value)
	return l
}

// setPair sets what Python has tuples for.
func (s responseSubject) setPair(name string, v Tuple) error {
	if name == "content_range" {
		var n [3]int64
		for i := range n {
			n[i] = -1
			if x, ok := v[i].(json.Number); ok {
				n[i] = typedWhole(x)
			}
		}
		return header.ContentRange.Set(s.Header(), header.ContentSpan{Start: n[0], End: n[1], Length: n[2]})
	}
	return header.WWWAuthenticate.Set(s.Header(), authorizationCredentials(map[string]any{"scheme": v[0], "params": v[1]}))
}

// get reads an attribute, in the notation.
func (s responseSubject) get(name string) (any, error) {
	switch name {
	case "body":
		b, err := s.Bytes()
		return Notation(b), err
	case "text":
		return s.Text()
	case "json":
		b, err := s.Bytes()
		if err != nil {
			return nil, err
		}
		return decodeJSON(b)
	case "status_code":
		return s.Status(), nil
	case "has_body":
		return s.HasBody(), nil
	case "content_length":
		return responseState(s.Copy())["content_length"], nil
	case "content_type":
		return responseOrNull(s.ContentType()), nil
	case "charset":
		return responseOrNull(s.Charset()), nil
	case "content_type_params":
		return responseParams(s.ContentTypeParams()), nil
	}
	return s.getField(name)
}

func (s responseSubject) getField(name string) (any, error) {
	h := s.Header()
	if f, ok := responseDates[name]; ok {
		return responseFound(f.Get(h))
	}
	if f, ok := responseLists[name]; ok {
		return responseFound(f.Get(h))
	}
	switch name {
	case "age":
		return responseFound(header.Age.Get(h))
	case "retry_after":
		d, ok := header.RetryAfter.Get(h)
		return responseFound(d.Time(time.Unix(s.now, 0)), ok)
	case "etag":
		tag, ok := header.ETag.Get(h)
		return responseFound(Latin(tag.Tag), ok)
	case "etag_strong":
		tag, ok := header.ETag.Get(h)
		return responseFound(Latin(tag.Tag), ok && !tag.Weak)
	case "content_range":
		span, ok := header.ContentRange.Get(h)
		return responseFound(span.String(), ok)
	case "cache_control":
		d, _ := header.CacheControl.Get(h)
		return Latin(d.String()), nil
	case "www_authenticate":
		c, ok := header.WWWAuthenticate.Get(h)
		if params, err := c.Params(); ok && err == nil && c.HasParams() {
			return []any{c.Scheme, authorizationMap(params)}, nil
		}
		return responseFound([]any{c.Scheme, c.Text}, ok)
	}
	text, ok := responseField(name).Get(h)
	return responseFound(Latin(text), ok)
}

// responseFound is a value that may be absent.
func responseFound[T any](v T, ok bool) (any, error) {
	if !ok {
		return nil, nil
	}
	return Notation(any(v)), nil
}
