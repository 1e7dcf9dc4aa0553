package deploy

import (
	"log/slog"
	"maps"
)

// Option says more about what to load.
type Option func(*options)

type options struct {
	name    string
	named   bool
	dir     string // base of relative paths
	globals map[string]string
	logger  *slog.Logger
	warn    func(*Fault)
	onFile  func(string)
}

func newOptions(opts []Option) options {
	o := options{name: "main", dir: "."}
	for _, opt := range opts {
		opt(&o)
	}
	if o.warn == nil {
		o.warn = o.log
	}
	return o
}

// Name picks a section of the file, or an entry of the egg: "main" if neither it nor a
// "#name" in the URI says otherwise. It goes before the one in the URI.
func Name(section string) Option {
	return func(o *options) { o.name, o.named = section, true }
}

// RelativeTo says against which directory a relative path in the URI is read; the
// current one if not given. With "" relative paths are refused, so that what is loaded cannot
// depend on where the program was started. Paths within a file are relative to that file.
func RelativeTo(dir string) Option {
	return func(o *options) { o.dir = dir }
}

// Globals gives settings to all sections, as [DEFAULT] does. In what factories see they go
// before those of the file; in %(name)s and in defaults of the file the file's own do, as
// in PasteDeploy.
func Globals(globals map[string]string) Option {
	globals = maps.Clone(globals)
	return func(o *options) { o.globals = globals }
}

// WithLogger has warnings written to a logger, slog.Default() if not given.
func WithLogger(l *slog.Logger) Option {
	return func(o *options) { o.logger = l }
}

// OnWarning has warnings given to f instead of to the log: settings that have no effect
// as a global has their name, or as what they stand beside does not pass them on. Their Kind
// is Ignored.
func OnWarning(f func(*Fault)) Option {
	return func(o *options) { o.warn = f }
}

// OnFile has f told the path of each file before it is read, and of one that is not there: a
// program that watches them for changes knows then what to look at, whether the load
// succeeds or not.
func OnFile(f func(path string)) Option {
	return func(o *options) { o.onFile = f }
}

func (o *options) log(f *Fault) {
	l := o.logger
	if l == nil {
		l = slog.Default()
	}
	l.Warn("deploy: "+f.Err.Error(), "file", f.File, "line", f.Line, "section", f.Section, "key", f.Key)
}
