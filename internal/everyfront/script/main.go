// Command script is the app of all rows as a CGI program.
package main

import (
	"log/slog"
	"os"

	"github.com/gowebob/gowebob/internal/everyfront"
	"github.com/gowebob/gowebob/webob/gateway"
)

func main() {
	if os.Getenv("QUIET") != "" {
		slog.SetDefault(slog.New(slog.DiscardHandler))
	}
	if err := gateway.ServeCGI(everyfront.App(), nil); err != nil {
		os.Exit(1)
	}
}
