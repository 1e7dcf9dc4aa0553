package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/gowebob/gowebob/webob"
)

// Error is the error object of JSON-RPC, section 5.1. A method returns one to say its
// code; any other error is an InternalError whose text stays in the log.
type Error struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

func (e *Error) Error() string { return fmt.Sprintf("%s (%d)", e.Message, e.Code) }

// With is a copy that says more.
func (e *Error) With(format string, args ...any) *Error {
	return &Error{e.Code, e.Message, fmt.Sprintf(format, args...)}
}

// The errors that JSON-RPC itself knows. Codes from -32768 to -32000 are its own,
// all others are free.
var (
	ParseError     = &Error{Code: -32700, Message: "Parse error"}
	InvalidRequest = &Error{Code: -32600, Message: "Invalid Request"}
	MethodNotFound = &Error{Code: -32601, Message: "Method not found"}
	InvalidParams  = &Error{Code: -32602, Message: "Invalid params"}
	InternalError  = &Error{Code: -32603, Message: "Internal error"}
)

// reply is the response object, section 5: Result or Error, never both.
type reply struct {
	Version string          `json:"jsonrpc"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *Error          `json:"error,omitempty"`
	ID      json.RawMessage `json:"id"` // as it came, so that no number loses digits
}

// failed is the reply that tells an error; the id is null where none could be read.
func failed(id json.RawMessage, err *Error) *reply {
	if id == nil {
		id = json.RawMessage("null")
	}
	return &reply{Version: "2.0", Error: err, ID: id}
}

// call makes one call. The reply is nil for a notification, whatever has become of it.
func (s *Server) call(req *webob.Request, message json.RawMessage) *reply {
	c, id, err := readCall(message)
	if err != nil {
		return failed(id, err)
	}
	result, err := s.run(req, c)
	switch {
	case id == nil:
		return nil
	case err != nil:
		return failed(id, err)
	}
	return &reply{Version: "2.0", Result: result, ID: id}
}

// call is a request object that has been looked at.
type call struct {
	method string
	params json.RawMessage // an array, an object, or nil
}

// readCall reads the request object, section 4. Names of members count with their
// case, for which encoding/json does not care; unknown members are passed over. A nil
// id stands for a notification, but for an error, which has an answer in any case.
func readCall(message json.RawMessage) (c call, id json.RawMessage, bad *Error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(message, &members); err != nil || members == nil {
		return c, nil, InvalidRequest.With("a call is an object")
	}
	if id = members["id"]; id != nil && !isID(id) {
		return c, nil, InvalidRequest.With("the id is a string, a number or null")
	}
	if version, _ := textOf(members["jsonrpc"]); version != "2.0" {
		return c, id, InvalidRequest.With(`jsonrpc is to be "2.0"`)
	}
	method, ok := textOf(members["method"])
	if !ok {
		return c, id, InvalidRequest.With("the method is a string")
	}
	c.method = method
	if c.params = members["params"]; c.params != nil && c.params[0] != '[' && c.params[0] != '{' {
		return c, id, InvalidRequest.With("params are an array or an object")
	}
	return c, id, nil
}

// textOf reads a string of JSON; false where there is something else, or nothing.
func textOf(value json.RawMessage) (s string, ok bool) {
	ok = len(value) > 0 && value[0] == '"' && json.Unmarshal(value, &s) == nil
	return s, ok
}

// isID says whether JSON is a string, a number or null.
func isID(id json.RawMessage) bool {
	return id[0] == '"' || id[0] == '-' || '0' <= id[0] && id[0] <= '9' || id[0] == 'n'
}

// run calls the method. The client is told of no error but an *Error.
func (s *Server) run(req *webob.Request, c call) (json.RawMessage, *Error) {
	m, ok := s.methods[c.method]
	if !ok {
		return nil, MethodNotFound
	}
	result, err := m.run(req, c.params)
	if err == nil {
		return result, nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return nil, e
	}
	logger, ok := webob.Logger.Get(req)
	if !ok {
		logger = slog.Default()
	}
	logger.ErrorContext(req.Context(), "method failed", "method", c.method, "err", err)
	return nil, InternalError
}
