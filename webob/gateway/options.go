package gateway

import (
	"log/slog"
	"time"
)

// Options are those of ServeCGI and ServeFastCGI. The zero value, and nil, are good.
type Options struct {
	// Mount is the path the front has mounted the app at, "/app", where the front
	// itself does not say so right: SCRIPT_NAME is that, PATH_INFO what follows.
	// Without it SCRIPT_NAME and PATH_INFO are what the front says; a FastCGI front
	// that sends no PATH_INFO at all (the parameters that come with nginx) has
	// mounted the app at the root.
	Mount string

	// MaxVariables bounds the variables of a FastCGI request, in bytes. 0 is 1 MiB.
	MaxVariables int

	// Grace is how long ServeFastCGI waits for running requests when its context
	// has ended. 0 is 30 seconds.
	Grace time.Duration

	// Logger is told of panics and of requests that are none, and is that of the
	// requests (webob.Logger); nil is slog.Default.
	Logger *slog.Logger

	told bool // Logger was
}

// filled is o with its defaults.
func (o *Options) filled() *Options {
	var f Options
	if o != nil {
		f = *o
	}
	if f.MaxVariables <= 0 {
		f.MaxVariables = 1 << 20
	}
	if f.Grace <= 0 {
		f.Grace = 30 * time.Second
	}
	if f.told = f.Logger != nil; !f.told {
		f.Logger = slog.Default()
	}
	return &f
}
