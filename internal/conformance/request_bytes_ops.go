package conformance

import (
	"bufio"
	"bytes"
	"io"

	"github.com/gowebob/gowebob/webob"
)

// RequestBytes asks for requests as HTTP text.
func (adapters) RequestBytes() Family {
	return Family{
		Name: "request_bytes",
		Done: true,
		Ops: map[string]Op{
			"request_bytes.parse":     Ask(requestBytesParse),
			"request_bytes.write":     Ask(requestBytesWrite),
			"request_bytes.roundtrip": Ask(requestBytesRoundtrip),
		},
		Fold:  requestBodyFold,
		Rules: requestBytesRules,
	}
}

type requestBytesIn struct {
	Data     string         `json:"data"`
	Via      string         `json:"via"`
	Environ  map[string]any `json:"environ"`
	Body     *string        `json:"body"`
	SkipBody any            `json:"skip_body"`
}

// bytes is the text as it lies in a file.
func (in requestBytesIn) bytes() string {
	if in.Via == "text" {
		return in.Data
	}
	return Raw(in.Data)
}

func requestBytesParse(in requestBytesIn) (any, error) {
	var req *webob.Request
	var rest []byte
	var err error
	if in.Via == "file" {
		r := bufio.NewReader(bytes.NewReader([]byte(in.bytes())))
		if req, err = webob.ReadRequest(r, webob.Limits{}); err == nil {
			rest, err = io.ReadAll(r)
		}
	} else {
		req, err = webob.FromBytes([]byte(in.bytes()))
	}
	if err != nil {
		return nil, err
	}
	body, err := req.Bytes()
	return map[string]any{"environ": requestUrlsEnviron(req), "body": Latin(body), "rest": Latin(rest)}, err
}

func requestBytesWrite(in requestBytesIn) (any, error) {
	body := ""
	if in.Body != nil {
		body = *in.Body
	}
	req, err := requestBodyMake(in.Environ, body, false)
	if err != nil {
		return nil, err
	}
	var text string
	switch skip := in.SkipBody.(type) {
	case nil:
		b, err := req.AsBytes()
		return Latin(b), err
	case bool:
		text, err = req.AsText(skip)
	default:
		n := int64(number(skip))
		if n > 1 { // to Python 0 is False and 1 is True
			text, err = req.AsTextUpTo(n)
		} else {
			text, err = req.AsText(n == 1)
		}
	}
	return Latin(text), err
}

func requestBytesRoundtrip(in requestBytesIn) (any, error) {
	req, err := webob.FromBytes([]byte(Raw(in.Data)))
	if err != nil {
		return nil, err
	}
	once, err := req.AsBytes()
	if err != nil {
		return nil, err
	}
	if req, err = webob.FromBytes(once); err != nil {
		return nil, err
	}
	twice, err := req.AsBytes()
	return map[string]any{"once": Latin(once), "stable": bytes.Equal(once, twice)}, err
}
