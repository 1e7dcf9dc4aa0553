package exc

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/gowebob/gowebob/webob"
)

// ErrNoLocation is the cause of the 500 that a redirect without a location is
// answered with.
var ErrNoLocation = errors.New("exc: a redirect needs a location")

// LocationError is the cause of the 400 that a redirect is answered with whose
// location is not safe to send.
type LocationError struct {
	Location string // as it was given
	Reason   string
}

// Error names location and reason.
func (e *LocationError) Error() string {
	return fmt.Sprintf("exc: location %.200q refused: %s", e.Location, e.Reason)
}

// guard refuses what a browser would read otherwise than it was meant. Browsers
// strip control characters and spaces at the ends, take tabs and line ends out
// of the middle, and read a backslash as a slash.
func guard(req *webob.Request, location string, external bool) error {
	if reason := unsafe(req, location, external); reason != "" {
		return &LocationError{location, reason}
	}
	return nil
}

func unsafe(req *webob.Request, location string, external bool) string {
	if strings.ContainsFunc(location, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "control character"
	}
	if strings.Trim(location, " ") != location {
		return "space at an end"
	}
	if strings.HasPrefix(strings.ReplaceAll(location, `\`, "/"), "//") {
		if !external || !strings.HasPrefix(location, "//") {
			return "leads to another host"
		}
		location = "http:" + location
	}
	scheme, ok := schemeOf(location)
	if !ok {
		return ""
	}
	if !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return "scheme " + scheme
	}
	u, err := url.Parse(location)
	if err != nil || u.Host == "" || strings.Contains(u.Host+u.User.String(), `\`) {
		return "not a URL with a host"
	}
	if !external && !sameOrigin(req, u) {
		return "leads to another host"
	}
	return ""
}

// schemeOf is what stands before the first colon, if it can be a scheme.
func schemeOf(location string) (string, bool) {
	i := strings.IndexAny(location, ":/?#\\")
	if i < 0 || location[i] != ':' {
		return "", false
	}
	return location[:i], true
}

// sameOrigin says whether u is on the site of the request: its scheme, host and
// port, or the same host over https.
func sameOrigin(req *webob.Request, u *url.URL) bool {
	if u.User != nil {
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
