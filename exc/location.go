package exc

import (
	"errors"
	"net/url"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// ErrNoLocation is the cause of the 500 that a redirect without a location is
// answered with.
var ErrNoLocation = errors.New("exc: a redirect needs a location")

// guard refuses what webob.CheckLocation does, but for URLs of the own site.
func guard(req *webob.Request, location string, external bool) error {
	err := webob.CheckLocation(location, external)
	if err == nil || external || webob.CheckLocation(location, true) != nil {
		return err
	}
	if u, parseErr := url.Parse(location); parseErr == nil && sameOrigin(req, u) {
		return nil
	}
	return err
}

// sameOrigin says whether u is on the site of the request: its scheme, host and
// port, or the same host over https.
func sameOrigin(req *webob.Request, u *url.URL) bool {
	if u.User != nil {
		return false
	}
	if !strings.EqualFold(u.Scheme, "http") && !strings.EqualFold(u.Scheme, "https") {
		return false
	}
	own := url.URL{Scheme: req.Scheme(), Host: req.Host}
	if !strings.EqualFold(own.Hostname(), u.Hostname()) || own.Hostname() == "" {
		return false
	}
	scheme := strings.ToLower(u.Scheme)
	if scheme == strings.ToLower(own.Scheme) && portOf(&own) == portOf(u) {
		return true
	}
	return scheme == "https" && portOf(u) == "443"
}

// portOf is the port, be it that of the scheme.
func portOf(u *url.URL) string {
	switch port := u.Port(); {
	case port != "":
		return port
	case strings.EqualFold(u.Scheme, "https"):
		return "443"
	}
	return "80"
}
