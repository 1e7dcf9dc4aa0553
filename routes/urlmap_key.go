package routes

import (
	"errors"
	"fmt"
	"strings"
)

// ErrMapKey is a key that a URLMap cannot have.
var ErrMapKey = errors.New("routes: bad key of a URL map")

// MapKey is a key of a URLMap in its normal form.
type MapKey struct {
	Host string // in lower case, with a port if there is one; "" for any host
	Path string // "" for the root; otherwise with a slash in front and none at the end
}

// String is the key as Set takes it: "/blog", "http://example.com:8080/blog".
func (k MapKey) String() string {
	path := k.Path
	if path == "" {
		path = "/"
	}
	if k.Host == "" {
		return path
	}
	return "http://" + k.Host + path
}

// NewMapKey reads a key: a path ("/blog"; "/" and "" are the root), or a host with a
// path, "http://host[:port]/path", whose scheme does not count. The path is text, not
// escaped: "/a b" is the key of the URL /a%20b. Slashes in a row become one, and those at
// the end go. The error is an ErrMapKey. Paste: URLMap.normalize_url.
func NewMapKey(s string) (MapKey, error) {
	host, path, ok := cutScheme(s)
	if ok {
		if err := checkMapHost(host); err != nil {
			return MapKey{}, fmt.Errorf("%w %q: %w", ErrMapKey, s, err)
		}
	} else if s != "" && s[0] != '/' {
		return MapKey{}, fmt.Errorf("%w %q: it begins with neither / nor http://", ErrMapKey, s)
	}
	if strings.IndexByte(path, 0) >= 0 {
		return MapKey{}, fmt.Errorf("%w %q: NUL in the path", ErrMapKey, s)
	}
	return MapKey{strings.ToLower(host), strings.TrimRight(singleSlashes(path), "/")}, nil
}

func cutScheme(s string) (host, path string, ok bool) {
	rest, ok := strings.CutPrefix(s, "http://")
	if !ok {
		if rest, ok = strings.CutPrefix(s, "https://"); !ok {
			return "", s, false
		}
	}
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		return rest[:i], rest[i:], true
	}
	return rest, "", true
}

// checkMapHost refuses what no request can name, so that a typing error is seen.
func checkMapHost(host string) error {
	name, port := cutPort(host)
	switch {
	case name == "":
		return errors.New("no host")
	case strings.ContainsFunc(name, func(c rune) bool { return c <= ' ' || c == 0x7f || strings.ContainsRune("@,?#\\", c) }):
		return errors.New("a character that no host has")
	case name[0] != '[' && strings.IndexByte(name, ':') >= 0:
		return errors.New("more than one port, or an IPv6 address without brackets")
	case len(name)+1 == len(host), strings.Trim(port, "0123456789") != "":
		return errors.New("a port that is no number")
	}
	return nil
}

// cutPort takes the port off host[:port].
func cutPort(host string) (name, port string) {
	i := strings.LastIndexByte(host, ':')
	if i < 0 || i < strings.LastIndexByte(host, ']') {
		return host, ""
	}
	return host[:i], host[i+1:]
}

// ParseKey reads a key as INI files have it, whose lines end their keys at a colon: the
// words "domain NAME", "port N" and a path, in any order, as in
//
//	domain example.com port 8080 /blog = blog
//
// It gives the key for Set, "http://example.com:8080/blog"; one word alone stays as it is.
// The error is an ErrMapKey: a word without its value or given twice, two paths, a port
// without a domain. Paste: urlmap.parse_path_expression.
func ParseKey(text string) (string, error) {
	words := strings.Fields(text)
	var domain, port, path string
	for i := 0; i < len(words); i++ {
		into, what := &path, "path"
		if w := words[i]; w == "domain" || w == "port" {
			what = w
			if into = &domain; w == "port" {
				into = &port
			}
			if i++; i == len(words) {
				return "", fmt.Errorf("%w %q: nothing behind the word %s", ErrMapKey, text, w)
			}
		}
		if *into != "" {
			return "", fmt.Errorf("%w %q: a second %s, %q", ErrMapKey, text, what, words[i])
		}
		*into = words[i]
	}
	return joinKey(text, domain, port, path)
}

func joinKey(text, domain, port, path string) (string, error) {
	switch {
	case domain == "" && port == "":
		return path, nil
	case domain == "":
		return "", fmt.Errorf("%w %q: a port without a domain", ErrMapKey, text)
	case strings.Trim(port, "0123456789") != "":
		return "", fmt.Errorf("%w %q: the port %q is no number", ErrMapKey, text, port)
	case path != "" && path[0] != '/':
		path = "/" + path
	}
	if port != "" {
		domain += ":" + port
	}
	return "http://" + domain + path, nil
}
