package client

import (
	"log/slog"
	"os"
	"testing"
)

// TestMain keeps what the tests provoke out of their output. A test that looks at the
// log has one of its own.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}
