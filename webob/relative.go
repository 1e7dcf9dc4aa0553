package webob

import (
	"errors"
	"fmt"
	"strings"
)

// ErrBadReference is what RelativeURL answers for a reference that browsers and
// servers read differently.
var ErrBadReference = errors.New("ambiguous reference")

// RelativeURL resolves a reference against PathURL, or, toApplication, against
// ApplicationURL with a slash at its end (RFC 3986 §5.2). Characters are neither
// escaped nor unescaped; an empty query or fragment is dropped.
//
// It says nothing of where the result leads: //host and https://host leave the
// site. Refused with ErrBadReference are only references that different readers
// take for different places: with control characters, with spaces at the ends,
// and with a backslash before the path. WebOb: Request.relative_url.
func (r *Request) RelativeURL(ref string, toApplication bool) (string, error) {
	if err := checkReference(ref); err != nil {
		return "", err
	}
	base := r.PathURL()
	if toApplication {
		base = strings.TrimSuffix(r.ApplicationURL(), "/") + "/"
		if app := r.ApplicationURL(); strings.HasSuffix(app, "/") {
			base = app
		}
	}
	scheme, rest, _ := strings.Cut(base, "://")
	host, basePath := rest, ""
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		host, basePath = rest[:i], rest[i:]
	}
	return resolve(scheme, host, basePath, ref), nil
}

// reference is a URL reference taken apart, RFC 3986 appendix B. An empty
// authority is none.
type reference struct {
	scheme, authority, path string
	query, fragment         string // with their mark, "" where empty
	absolute, hasAuthority  bool
}

func parseReference(s string) (ref reference) {
	if i := strings.IndexAny(s, ":/?#"); i > 0 && s[i] == ':' && isScheme(s[:i]) {
		ref.scheme, ref.absolute, s = s[:i], true, s[i+1:]
	}
	if i := strings.IndexByte(s, '#'); i >= 0 {
		s, ref.fragment = s[:i], mark(s[i:])
	}
	if i := strings.IndexByte(s, '?'); i >= 0 {
		s, ref.query = s[:i], mark(s[i:])
	}
	if after, ok := strings.CutPrefix(s, "//"); ok {
		ref.hasAuthority, ref.authority, s = true, after, ""
		if i := strings.IndexByte(after, '/'); i >= 0 {
			ref.authority, s = after[:i], after[i:]
		}
	}
	ref.path = s
	return ref
}

func mark(s string) string {
	if len(s) == 1 {
		return ""
	}
	return s
}

func resolve(scheme, host, basePath, s string) string {
	ref := parseReference(s)
	if ref.absolute && !(ref.authority != "" && strings.EqualFold(ref.scheme, scheme)) {
		return s
	}
	path := ref.path
	switch {
	case ref.authority != "":
		return scheme + "://" + ref.authority + path + ref.query + ref.fragment
	case path == "":
		path = basePath
	case path[0] != '/':
		if basePath == "" { // RFC 3986 §5.2.3: an authority and no path
			basePath = "/"
		}
		path = removeDots(basePath[:strings.LastIndexByte(basePath, '/')+1] + path)
	default:
		path = removeDots(path)
	}
	if path != "" && path[0] != '/' {
		path = "/" + path
	}
	return scheme + "://" + host + path + ref.query + ref.fragment
}

// removeDots is RFC 3986 §5.2.4.
func removeDots(path string) string {
	segments := strings.Split(path, "/")
	kept := segments[:0:0]
	for i, segment := range segments {
		last := i == len(segments)-1
		switch segment {
		case ".", "..":
			if segment == ".." && len(kept) > 1 {
				kept = kept[:len(kept)-1]
			}
			if last {
				kept = append(kept, "")
			}
		default:
			kept = append(kept, segment)
		}
	}
	return strings.Join(kept, "/")
}

// checkReference refuses what browsers strip or turn round before they resolve:
// control characters, spaces at the ends, and backslashes where a slash would
// count.
func checkReference(s string) error {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return fmt.Errorf("webob: %w: control character in %q", ErrBadReference, shortVar(s))
		}
	}
	if strings.Trim(s, " ") != s {
		return fmt.Errorf("webob: %w: space at an end of %q", ErrBadReference, shortVar(s))
	}
	ref := parseReference(s)
	if strings.IndexByte(ref.authority, '\\') >= 0 || leadsAway(ref) {
		return fmt.Errorf("webob: %w: backslash in %q", ErrBadReference, shortVar(s))
	}
	return nil
}

// leadsAway tells paths that begin with two slashes once \ is read as /.
func leadsAway(ref reference) bool {
	return !ref.hasAuthority && len(ref.path) > 1 && strings.IndexByte(ref.path[:2], '\\') >= 0 &&
		strings.Trim(ref.path[:2], `/\`) == ""
}
