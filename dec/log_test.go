package dec_test

import (
	"io"
	"log"
	"log/slog"
	"os"
	"testing"
)

var quiet = log.New(io.Discard, "", 0)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}
