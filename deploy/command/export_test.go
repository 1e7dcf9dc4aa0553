package command

import (
	"context"
	"io"
	"log/slog"

	"github.com/gowebob/gowebob/deploy"
)

// RunAs is Run for a program of another name.
func RunAs(name string, args []string, out io.Writer, r *deploy.Registry) int {
	c := &call{name: name, ctx: context.Background(), out: out, err: out, reg: r, logger: slog.Default}
	return c.run(args)
}
