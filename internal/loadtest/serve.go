package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"

	"github.com/gowebob/gowebob/server"
)

// envServe has this program be the server, with these settings.
const envServe = "GOWEBOB_LOADTEST_SERVE"

type serveSettings struct {
	File    string
	Options server.Options
}

// serveMain is the program under load.
func serveMain(text string) int {
	var s serveSettings
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return server.ExitConfig
	}
	s.Options.Logger = slog.New(slog.NewTextHandler(os.Stderr, nil))
	a, err := newApp(s.File)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return server.ExitConfig
	}
	err = server.Run(a, s.Options)
	if err != nil {
		fmt.Fprintln(os.Stderr, "run:", err)
	}
	return server.ExitCode(err)
}
