package webob

import "net/http"

// respond is the smallest app of ours.
type respond func(*Request) *Response

func (f respond) Respond(r *Request) *Response                     { return f(r) }
func (f respond) ServeHTTP(w http.ResponseWriter, r *http.Request) { Serve(f, w, r) }
