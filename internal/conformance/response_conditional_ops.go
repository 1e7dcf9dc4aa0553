package conformance

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// ResponseConditional asks Responses that heed conditions and ranges.
func (adapters) ResponseConditional() Family {
	return Family{
		Name: "response_conditional",
		Done: true,
		Ops: map[string]Op{
			"response_conditional.call":   Ask(responseConditionalCall),
			"response_conditional.closes": Ask(responseConditionalCloses),
			"response_conditional.slice":  Ask(responseConditionalSlice),
		},
		Fold:  responseConditionalFold,
		Rules: responseConditionalRules,
	}
}

// responseConditionalRequest is a request to /.
func responseConditionalRequest(method string, headers [][2]string) (*webob.Request, error) {
	return excRequest{Path: "/", Method: method, Headers: headers}.make()
}

func responseConditionalCall(in struct {
	New     responseSpec
	Method  string
	Headers [][2]string
}) (any, error) {
	p, err := in.New.make()
	if err != nil {
		return nil, err
	}
	if in.New.Conditional == nil {
		p.Conditional(true)
	}
	req, err := responseConditionalRequest(in.Method, in.Headers)
	if err != nil {
		return nil, err
	}
	answer, whole := responseConditionalServe(p, req)
	if !whole {
		return nil, io.ErrUnexpectedEOF
	}
	return answer, nil
}

// responseConditionalServe says also whether the answer was whole: a body that
// turns out short aborts the connection.
func responseConditionalServe(p *webob.Response, req *webob.Request) (answer map[string]any, whole bool) {
	defer func() {
		if v := recover(); v != nil && v != http.ErrAbortHandler {
			panic(v)
		}
	}()
	return responseServe(p, req), true
}

func responseConditionalCloses(in struct {
	Chunks  []string
	Length  int64
	ETag    *string `json:"etag"`
	Method  string
	Headers [][2]string
}) (any, error) {
	p := webob.NewResponse(http.StatusOK)
	source := &responseSource{Reader: strings.NewReader(Raw(strings.Join(in.Chunks, "")))}
	p.SetBody(source)
	s := responseSubject{p, 0}
	if in.ETag != nil {
		if err := s.setETag(*in.ETag); err != nil {
			return nil, err
		}
	}
	p.Header().Set("Content-Length", jsonText(in.Length))
	p.Conditional(true)
	req, err := responseConditionalRequest(in.Method, in.Headers)
	if err != nil {
		return nil, err
	}
	answer, _ := responseConditionalServe(p, req)
	return map[string]any{"status": answer["status"], "body": answer["body"], "closed": source.closed}, nil
}

// responseSource is a reader, and nothing more, that knows when it is closed.
type responseSource struct {
	io.Reader
	closed bool
}

func (s *responseSource) Close() error {
	s.closed = true
	return nil
}

// responseConditionalSlice asks for the range by a request, and looks at what is
// written piece by piece.
func responseConditionalSlice(in struct {
	Chunks []string
	Start  int64
	Stop   *int64
}) (any, error) {
	p := webob.NewResponse(http.StatusOK)
	responseSetChunks(p, in.Chunks, false)
	total := len(Raw(strings.Join(in.Chunks, "")))
	p.Header().Set("Content-Length", jsonText(total))
	p.Conditional(true)
	spec := "bytes=" + jsonText(in.Start) + "-"
	if in.Stop != nil {
		spec += jsonText(*in.Stop - 1)
	}
	if _, err := header.ParseRange(spec); err != nil {
		return nil, err
	}
	req, err := responseConditionalRequest("GET", [][2]string{{"Range", spec}})
	if err != nil {
		return nil, err
	}
	pieces := &responsePieces{ResponseRecorder: httptest.NewRecorder()}
	webob.Serve(excResponder(func(*webob.Request) *webob.Response { return p }), pieces, req.Request)
	if pieces.Code == http.StatusRequestedRangeNotSatisfiable {
		return map[string]any{"chunks": []string{}, "body": ""}, nil
	}
	return map[string]any{"chunks": pieces.list, "body": Latin(pieces.Body.Bytes())}, nil
}

// responsePieces records each Write by itself.
type responsePieces struct {
	*httptest.ResponseRecorder
	list []string
}

func (w *responsePieces) Write(b []byte) (int, error) {
	w.list = append(w.list, Latin(b))
	return w.ResponseRecorder.Write(b)
}
