package webob

import (
	"net/http"

	"github.com/gowebob/gowebob/webob/header"
)

// Head is status and header of an answer on its way out, for filters that need
// no more (dec.OnHead). Its body cannot be seen.
type Head struct {
	status int
	fields header.Map
	err    error
}

// NewHead makes the Head of a status and a header. Package dec does so.
func NewHead(status int, fields header.Map, err error) *Head {
	return &Head{status: status, fields: fields, err: err}
}

// Header is the header; changes are sent.
func (h *Head) Header() header.Map { return h.fields }

// Status is the status code.
func (h *Head) Status() int { return h.status }

// SetStatus changes the status code. A status without a body (204, 304) cannot
// be given to an answer that has one.
func (h *Head) SetStatus(code int) { h.status = code }

// Err is the error behind a failure, if the app is ours; nil otherwise.
func (h *Head) Err() error { return h.err }

var _ header.Map = http.Header(nil)
