// Package standard has the factories that configuration files name without writing one:
// composites, apps, filters and a server, under egg:gowebob#NAME, and those of Paste and
// PasteDeploy that make sense in Go under the names that existing files use.
//
//	registry := standard.Registry()
//	registry.App("shop.cart:make", makeCart) // a service's own
//	app, err := deploy.LoadApp("config:shop.ini", registry)
//
// with a file such as
//
//	[composite:main]
//	use = egg:gowebob#urlmap
//	/ = pages
//	/cart = cart
//	[app:pages]
//	use = egg:gowebob#static
//	document_root = %(here)s/pages
//	[app:cart]
//	paste.app_factory = shop.cart:make
//	filter-with = gzip
//	[filter:gzip]
//	use = egg:gowebob#gzip
//
// The filters are those of package middleware, the composites those of package routes, and
// so on; a setting has the name of the option in small letters, and a setting that there is
// not is refused, with what is like it.
//
// # What Paste has and this has not
//
// What runs programs or code that a browser sends (cgi, evalerror), imports by URL
// (urlparser, pkg_resources), or belongs to an application (sessions, other ways to log in).
// A file that names one fails with the name and the list of those that there are.
package standard

import (
	"log/slog"
	"net/http"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/middleware"
)

// Option says what files can name beside factories.
type Option func(*library)

// Check registers a function that auth_basic can be told to check passwords with, by the
// name that files use: authfunc = shop.users:check.
func Check(name string, check middleware.CheckPassword) Option {
	return func(l *library) { l.checks[name] = check }
}

// Logger says which logger a name stands for (logger_name of translogger). Without it that
// is slog.Default with an attribute logger, which has the name.
func Logger(named func(name string) *slog.Logger) Option {
	return func(l *library) { l.logger = named }
}

// library is what factories draw on.
type library struct {
	checks map[string]middleware.CheckPassword
	logger func(name string) *slog.Logger
}

// Registry gives a new Registry with all standard factories.
func Registry(opts ...Option) *deploy.Registry {
	r := deploy.NewRegistry()
	Register(r, opts...)
	return r
}

// Register adds all standard factories to a Registry. What is registered under one of their
// names after that replaces it.
func Register(r *deploy.Registry, opts ...Option) {
	l := &library{
		checks: map[string]middleware.CheckPassword{},
		logger: func(name string) *slog.Logger { return slog.Default().With("logger", name) },
	}
	for _, o := range opts {
		o(l)
	}
	composites(r)
	apps(r)
	l.filters(r)
	servers(r)
}

const (
	ours        = "egg:gowebob#"
	paste       = "egg:Paste#"
	pasteDeploy = "egg:PasteDeploy#"
)

// filter registers a filter under several names.
func filter(r *deploy.Registry, f func(deploy.Config) (func(http.Handler) http.Handler, error), names ...string) {
	for _, name := range names {
		r.Filter(name, f)
	}
}

// refused is the error of a factory whose options are no good.
func refused(c deploy.Config, err error) error { return c.Errorf("", "%w", err) }
