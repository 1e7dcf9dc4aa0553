package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
)

// Server is a registry of methods. It does not change once it is made, and is safe for
// concurrent use.
type Server struct{ methods map[string]Callable }

const (
	maxBody  = 1 << 20 // bytes of a request
	maxBatch = 100     // calls in a batch
)

// NewServer makes a registry. Two methods of one name are a mistake in the program,
// and panic here.
func NewServer(methods ...Callable) *Server {
	s := &Server{make(map[string]Callable, len(methods))}
	for _, m := range methods {
		if _, twice := s.methods[m.name]; twice {
			panic(fmt.Sprintf("jsonrpc: two methods are called %q", m.name))
		}
		s.methods[m.name] = m
	}
	return s
}

// Answer is the app. HTTP and JSON-RPC each have errors of their own: what is wrong
// with the HTTP request (method, type, size) is answered with a status, what is wrong
// with a call with an error object under status 200.
//
// That the type has to be application/json keeps pages of other sites out, too: their
// forms cannot send it, and their scripts only if the server allows it by CORS.
func (s *Server) Answer(req *webob.Request) (*webob.Response, error) {
	if req.Method != http.MethodPost {
		return nil, exc.MethodNotAllowed.Allow(http.MethodPost)
	}
	if t, _ := header.ContentType.Get(req.Header); !t.Is("application/json") {
		return nil, exc.UnsupportedMediaType.With("Send application/json.").WithHeader("Accept", "application/json")
	}
	req.SetLimits(webob.Limits{Body: maxBody})
	var message json.RawMessage
	if err := req.JSON(&message); err != nil {
		return notJSON(err)
	}
	if message[0] == '[' {
		return s.batch(req, message)
	}
	if reply := s.call(req, message); reply != nil {
		return webob.JSON(reply)
	}
	return webob.NewResponse(http.StatusNoContent), nil // a notification
}

// notJSON tells a text that is no JSON, which is an error of JSON-RPC, from a body that
// is too large or could not be read.
func notJSON(err error) (*webob.Response, error) {
	bad, ok := errors.AsType[*webob.InputError](err)
	if !ok || bad.Status != http.StatusBadRequest {
		return nil, err
	}
	return webob.JSON(failed(nil, ParseError.With("%s", bad.Public)))
}

// batch makes the calls of a batch one after the other. The replies come in their
// order; notifications have none, and where nothing else was called, nothing is sent.
func (s *Server) batch(req *webob.Request, message json.RawMessage) (*webob.Response, error) {
	var calls []json.RawMessage
	if err := json.Unmarshal(message, &calls); err != nil {
		return nil, err // cannot be: it has been read as JSON
	}
	switch {
	case len(calls) == 0:
		return webob.JSON(failed(nil, InvalidRequest.With("an empty batch")))
	case len(calls) > maxBatch:
		return webob.JSON(failed(nil, InvalidRequest.With("a batch has at most %d calls", maxBatch)))
	}
	var replies []*reply
	for _, call := range calls {
		if err := req.Context().Err(); err != nil {
			return nil, err // nobody waits for the rest
		}
		if reply := s.call(req, call); reply != nil {
			replies = append(replies, reply)
		}
	}
	if replies == nil {
		return webob.NewResponse(http.StatusNoContent), nil
	}
	return webob.JSON(replies)
}
