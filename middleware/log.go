package middleware

import (
	"log/slog"

	"github.com/gowebob/gowebob/webob"
)

// logOf is the logger of a request.
func logOf(req *webob.Request) *slog.Logger {
	if l, ok := webob.Logger.Get(req); ok && l != nil {
		return l
	}
	return slog.Default()
}
