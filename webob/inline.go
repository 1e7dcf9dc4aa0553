package webob

import (
	"errors"
	"net/http"
)

// ErrInlineOverflow is an answer larger than the limit given to Inline.
var ErrInlineOverflow = errors.New("webob: answer larger than the limit of Inline")

// ErrInlineStream is a Flush under Inline: nothing is passed on before the end.
var ErrInlineStream = errors.New("webob: Flush in a handler marked Inline")

type inline struct {
	http.Handler
	limit int
}

// Inline marks a handler as one that answers small: a router over apps of ours,
// a health check. GetResponse runs it on the spot, without a goroutine, and
// collects its answer; an answer above limit bytes (0 or less: 32 KiB) and one
// that flushes are errors, answered as a 500. Apps of ours behind a router
// marked so are not touched by the limit, but a streamed body of theirs is.
//
// Outside of GetResponse it is h as it is.
func Inline(h http.Handler, limit int) http.Handler {
	if limit <= 0 {
		limit = threshold
	}
	return &inline{h, limit}
}
