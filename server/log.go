package server

import (
	"context"
	"log"
	"log/slog"
	"strings"
)

// newErrorLog is where net/http writes what goes wrong with connections and panics.
func newErrorLog(l *slog.Logger) *log.Logger { return log.New(&errorLog{l}, "", 0) }

type errorLog struct{ log *slog.Logger }

// Write logs one message of net/http. What any scanner can cause is told for debugging
// only, a panic is an error.
func (e *errorLog) Write(p []byte) (int, error) {
	text := strings.TrimSuffix(string(p), "\n")
	level := slog.LevelWarn
	switch {
	case strings.HasPrefix(text, "http: panic"), strings.HasPrefix(text, "http2: panic"):
		level = slog.LevelError
	case strings.HasPrefix(text, "http: TLS handshake error"), strings.HasPrefix(text, "http2: server"):
		level = slog.LevelDebug
	}
	e.log.Log(context.Background(), level, text)
	return len(p), nil
}
