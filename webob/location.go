package webob

import (
	"fmt"
	"net/url"
	"strings"
)

// LocationError is a redirect's target that was refused, see CheckLocation.
type LocationError struct {
	Location string // as it was given; it may be long, and hostile
	Reason   string // for the log: "control character"
}

// Error names the location, shortened, and the reason.
func (e *LocationError) Error() string {
	return fmt.Sprintf("webob: location %.200q refused: %s", e.Location, e.Reason)
}

// CheckLocation says whether loc may stand in a Location field, or why not, as a
// *LocationError. Without external it has to stay on this host: a path, absolute
// or relative, a query, a fragment, or nothing. With external it may also be a
// full URL, //host included.
//
// It is read as a browser reads it (WHATWG URL): those take white space and
// control characters off the ends, tabs and line ends out of the middle, and a
// backslash for a slash, so that `/\host` and "/\t/host" lead away. What a browser
// would mend so is refused, whether it was meant or not. Of URLs, http and https
// need a host right behind their //, and javascript, vbscript, data, blob and
// filesystem are refused, for they run in a page; other schemes are for the
// application to know (mailto, an app's own).
func CheckLocation(loc string, external bool) error {
	if reason := locationFault(loc, external); reason != "" {
		return &LocationError{loc, reason}
	}
	return nil
}

func locationFault(loc string, external bool) string {
	for i := 0; i < len(loc); i++ {
		if loc[i] < ' ' || loc[i] == 0x7f {
			return "control character"
		}
	}
	if strings.Trim(loc, " ") != loc {
		return "space at an end"
	}
	if strings.HasPrefix(strings.ReplaceAll(loc, `\`, "/"), "//") {
		if !external {
			return "leads to another host"
		}
		return webFault("http:" + loc)
	}
	scheme, rest, ok := cutScheme(loc)
	switch {
	case !ok:
		return ""
	case !external:
		return "leads away from this host"
	}
	switch strings.ToLower(scheme) {
	case "http", "https":
		if rest == "" {
			return ""
		}
		return webFault(loc)
	case "javascript", "vbscript", "data", "blob", "filesystem":
		return "scheme " + scheme
	}
	return ""
}

// webFault says why a URL of http or https is not read the same by everybody.
func webFault(loc string) string {
	u, err := url.Parse(loc)
	if err != nil || u.Host == "" || strings.Contains(authority(loc), `\`) {
		return "not a URL with a host"
	}
	return ""
}

// authority is what stands between // and the next slash, ? or #.
func authority(loc string) string {
	_, rest, _ := strings.Cut(loc, "//")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		return rest[:i]
	}
	return rest
}

// cutScheme finds what a browser takes for a scheme: a letter, then letters,
// digits, +, - and dots, up to a colon.
func cutScheme(loc string) (scheme, rest string, ok bool) {
	for i := 0; i < len(loc); i++ {
		c := loc[i] | 0x20
		switch {
		case c >= 'a' && c <= 'z':
		case i == 0:
			return "", "", false
		case loc[i] >= '0' && loc[i] <= '9' || loc[i] == '+' || loc[i] == '-' || loc[i] == '.':
		case loc[i] == ':':
			return loc[:i], loc[i+1:], true
		default:
			return "", "", false
		}
	}
	return "", "", false
}

// SetLocation says where to go next on this host: a path, absolute or relative to
// the request's, with query and fragment. It is sent as it is given (RFC 9110
// §10.2.2 allows a relative reference), and refused with a *LocationError where a
// browser would read another host. For another site say SetExternalLocation.
//
// Header().Set("Location", ...) checks nothing but the field's grammar.
// WebOb: Response.location.
func (p *Response) SetLocation(loc string) error { return p.setLocation(loc, false) }

// SetExternalLocation is SetLocation for a target that may be on another site.
// Never give it what a client has sent.
func (p *Response) SetExternalLocation(target string) error { return p.setLocation(target, true) }

func (p *Response) setLocation(loc string, external bool) error {
	if err := CheckLocation(loc, external); err != nil {
		return err
	}
	p.header.Set("Location", loc)
	return nil
}
