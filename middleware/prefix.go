package middleware

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/routes"
	"github.com/gowebob/gowebob/webob"
)

// PrefixOptions are settings of Prefix.
type PrefixOptions struct {
	// Prefix is the path under which a proxy shows the application: "/shop". "" and "/"
	// are none.
	Prefix string
	// Scheme is the scheme that clients use, "https" where the proxy speaks TLS for us;
	// "" leaves it.
	Scheme string
	// Port is the port that clients use: its number, or "default" for that of the
	// scheme, which URLs then leave out; "" leaves it.
	Port string
	// Forwarded are the proxies to believe; the zero value is nobody.
	Forwarded ForwardedOptions
}

// Validate says what is wrong with the options.
func (o PrefixOptions) Validate() error {
	if p := o.Prefix; p != "" && (p[0] != '/' || strings.Contains(p, "//") || strings.ContainsAny(p, "?#\x00")) {
		return fmt.Errorf("middleware: prefix: %q is no path", p)
	}
	if o.Scheme != "" && o.Scheme != "http" && o.Scheme != "https" {
		return fmt.Errorf("middleware: prefix: the scheme %q is neither http nor https", o.Scheme)
	}
	if n, err := strconv.Atoi(o.Port); o.Port != "" && o.Port != "default" && (err != nil || n < 1 || n > 65535) {
		return errors.New("middleware: prefix: the port " + strconv.Quote(o.Port) + " is none")
	}
	return o.Forwarded.Validate()
}

// Prefix tells an application behind a proxy where clients see it: the prefix goes to the
// end of ScriptName, so that URLs have it, and off the beginning of the path, if the proxy
// has left it there. It is text, and matches whole segments: /shop is none of /shops.
// Scheme and Port say what clients use, and Forwarded has proxies tell it.
// PasteDeploy: prefix. It panics if Validate has an error.
func Prefix(o PrefixOptions) func(http.Handler) http.Handler {
	if err := o.Validate(); err != nil {
		panic(err)
	}
	prefix := strings.TrimRight(o.Prefix, "/")
	proxies := newForwarding(o.Forwarded)
	tell := dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
		proxies.apply(req)
		if o.Scheme != "" {
			if err := req.Environ().Set("wsgi.url_scheme", o.Scheme); err != nil {
				return nil, err
			}
		}
		if o.Port != "" {
			return app, setPort(req, o.Port)
		}
		return app, nil
	})
	if prefix == "" {
		return tell
	}
	return func(app http.Handler) http.Handler { return tell(mountAt(prefix, app)) }
}

// mountAt has the prefix in ScriptName, whether it was in the path or a proxy has taken it
// off.
func mountAt(prefix string, app http.Handler) http.Handler {
	m := routes.NewURLMap()
	m.Handle(prefix, dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
		if req.RestPath() == "" {
			req.SetPathInfo("/")
		}
		return app, nil
	})(app))
	m.NotFound = dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
		req.SetScriptName(req.ScriptName() + prefix)
		return app, nil
	})(app)
	return m
}

// setPort makes the port that of the host.
func setPort(req *webob.Request, port string) error {
	env, host := req.Environ(), req.Domain()
	if port == "default" {
		if port = "80"; req.Scheme() == "https" {
			port = "443"
		}
	} else {
		host += ":" + port
	}
	return errors.Join(env.Set("HTTP_HOST", host), env.Set("SERVER_PORT", port))
}
