package conformance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// RequestBody asks for a request's body: reading, replacing and copying it.
func (adapters) RequestBody() Family {
	return Family{
		Name: "request_body",
		Done: true,
		Ops: map[string]Op{
			"request_body.read":      Ask(requestBodyRead),
			"request_body.read_file": Ask(requestBodyReadFile),
			"request_body.assign":    Ask(requestBodyAssign),
			"request_body.copy":      Ask(requestBodyCopy),
			"request_body.transcode": Ask(requestBodyTranscode),
		},
		Fold:  requestBodyFold,
		Rules: requestBodyRules,
	}
}

var errRequestBody = errors.New("in Go it would not compile")

// requestBodySeekable is a body that can be rewound.
type requestBodySeekable struct{ *bytes.Reader }

func (requestBodySeekable) Close() error { return nil }

// requestBodyMake makes a request of these keys. Without a length, and unless the
// environ says that the input ends by itself, there is no body, as net/http has it;
// WebOb's own marks say nothing here.
func requestBodyMake(environ map[string]any, body string, seekable bool) (*webob.Request, error) {
	keys := map[string]any{}
	for key, v := range environ {
		if !strings.HasPrefix(key, "webob.") && (key != "CONTENT_LENGTH" || v != "") {
			keys[key] = v
		}
	}
	terminated := keys["wsgi.input_terminated"] == true || environ["webob.is_body_readable"] == true
	delete(keys, "wsgi.input_terminated")
	length, said := keys["CONTENT_LENGTH"]
	delete(keys, "CONTENT_LENGTH")
	req, err := requestUrlsMake(keys)
	if err != nil {
		return nil, err
	}
	req.Body = io.NopCloser(io.MultiReader(strings.NewReader(Raw(body))))
	if seekable {
		req.Body = requestBodySeekable{bytes.NewReader([]byte(Raw(body)))}
	}
	switch {
	case said && length == "0":
		req.Body = http.NoBody
		return req, req.Environ().Set("CONTENT_LENGTH", "0")
	case said:
		if !seekable { // net/http ends the body where the length does
			text := "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + Raw(length.(string)) + "\r\n\r\n" + Raw(body)
			r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(text)))
			if err != nil {
				return nil, err
			}
			req.Body = r.Body
		}
		return req, req.Environ().Set("CONTENT_LENGTH", requestUrlsValue(length))
	case terminated:
		req.ContentLength = -1
	default:
		req.Body = http.NoBody
	}
	return req, nil
}

type requestBodyIn struct {
	Environ  map[string]any `json:"environ"`
	Body     string         `json:"body"`
	Seekable bool           `json:"seekable"`
	Sizes    []*int         `json:"sizes"`
	Steps    [][]any        `json:"steps"`
	How      string         `json:"how"`
	Then     *string        `json:"then"`
	Charset  *string        `json:"charset"`
	Errors   string         `json:"errors"`
}

func requestBodyRead(in requestBodyIn) (any, error) {
	out := map[string]any{}
	for _, name := range []string{"is_body_readable", "body", "text", "json", "charset", "content_length", "content_type"} {
		req, err := requestBodyMake(in.Environ, in.Body, in.Seekable)
		if err != nil {
			return nil, err
		}
		out[name] = Step(requestBodyGet(req, name))
		if name == "body" {
			length, ok := req.Environ().Get("CONTENT_LENGTH")
			out["CONTENT_LENGTH"] = nil
			if ok {
				out["CONTENT_LENGTH"] = length
			}
		}
	}
	return out, nil
}

func requestBodyGet(req *webob.Request, name string) (any, error) {
	switch name {
	case "is_body_readable":
		return req.IsBodyReadable(), nil
	case "body":
		b, err := req.Bytes()
		return Notation(append([]byte{}, b...)), err
	case "text":
		return req.Text()
	case "json":
		var v json.RawMessage
		err := req.JSON(&v)
		return v, err
	case "charset":
		return req.Charset(), nil
	case "content_length":
		if n := req.Environ().String("CONTENT_LENGTH"); n != "" {
			return strconv.Atoi(n)
		}
		return nil, nil
	case "content_type":
		return Latin(req.ContentType()), nil
	}
	panic("unknown attribute " + name)
}

func requestBodyReadFile(in requestBodyIn) (any, error) {
	req, err := requestBodyMake(in.Environ, in.Body, in.Seekable)
	if err != nil {
		return nil, err
	}
	chunks := []any{}
	for _, size := range in.Sizes {
		limit := int64(math.MaxInt64)
		if size != nil {
			limit = int64(*size)
		}
		b, err := io.ReadAll(io.LimitReader(req.Body, limit))
		chunks = append(chunks, Step(Latin(b), err))
	}
	return map[string]any{"chunks": chunks, "body": Step(requestBodyGet(req, "body"))}, nil
}

func requestBodyAssign(in requestBodyIn) (any, error) {
	req, err := requestBodyMake(in.Environ, in.Body, in.Seekable)
	if err != nil {
		return nil, err
	}
	results := []any{}
	for _, step := range in.Steps {
		if step[0] == "set" && step[1] == "is_body_readable" && step[2] == true { // it ends by itself
			req.Body, req.ContentLength = io.NopCloser(strings.NewReader(Raw(in.Body))), -1
		}
		results = append(results, Step(requestBodyStep(req, step)))
	}
	body := Step(requestBodyGet(req, "body"))
	return map[string]any{"results": results, "environ": requestUrlsEnviron(req), "body": body}, nil
}

func requestBodyStep(req *webob.Request, step []any) (any, error) {
	name := step[1].(string)
	switch step[0] {
	case "get":
		if name == "method" {
			return req.Method, nil
		}
		return requestBodyGet(req, name)
	case "del":
		switch name {
		case "body", "text", "json":
			req.SetBytes(nil)
			return nil, nil
		case "content_length":
			req.Environ().Delete("CONTENT_LENGTH")
			return nil, nil
		case "content_type":
			return nil, req.SetContentType("")
		}
		return nil, errRequestBody
	}
	value := Value(step[2])
	switch name {
	case "body":
		b, ok := value.([]byte)
		if value != nil && !ok {
			return nil, errRequestBody
		}
		req.SetBytes(b)
		return nil, nil
	case "text":
		s, ok := value.(string)
		if !ok {
			return nil, errRequestBody
		}
		return nil, req.SetText(s)
	case "json":
		return nil, req.SetJSON(value)
	case "content_type":
		t, ok := value.(string)
		if value != nil && !ok {
			return nil, errRequestBody
		}
		return nil, req.SetContentType(t)
	case "content_length":
		if value == nil {
			req.Environ().Delete("CONTENT_LENGTH")
			return nil, nil
		}
		return nil, req.Environ().Set("CONTENT_LENGTH", requestUrlsValue(value))
	case "method":
		return nil, req.Environ().Set("REQUEST_METHOD", value)
	case "is_body_readable":
		return nil, nil // it is known from the body itself
	}
	return nil, errRequestBody
}

func requestBodyCopy(in requestBodyIn) (any, error) {
	req, err := requestBodyMake(in.Environ, in.Body, in.Seekable)
	if err != nil {
		return nil, err
	}
	c := req
	if in.How == "copy_get" {
		c = req.CopyGet()
	} else if c, err = req.Copy(); err != nil {
		return nil, err
	}
	if in.Then != nil {
		c.SetBytes([]byte(Raw(*in.Then)))
	}
	environ := requestUrlsEnviron(c)
	b, err := c.Bytes()
	if err != nil {
		return nil, err
	}
	original, err := req.Bytes()
	return map[string]any{"environ": environ, "body": Latin(b), "original": Step(Latin(original), err)}, nil
}

func requestBodyTranscode(in requestBodyIn) (any, error) {
	req, err := requestBodyMake(in.Environ, in.Body, false)
	if err != nil {
		return nil, err
	}
	charset := ""
	if in.Charset != nil {
		charset = *in.Charset
	}
	c, err := req.Transcode(charset)
	if err != nil {
		return nil, err
	}
	body, err := c.Bytes()
	if err != nil {
		return nil, err
	}
	out := map[string]any{"environ": requestUrlsEnviron(c), "body": Latin(body)}
	for name, vars := range map[string]*webob.MultiDict{"GET": c.GET(), "POST": c.POST()} {
		pairs, err := requestParamsPairs(vars)
		out[name] = Step(pairs, err)
	}
	return out, nil
}
