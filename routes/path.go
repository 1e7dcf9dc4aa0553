package routes

import (
	"net/url"
	"strings"
)

// An escaped slash is part of its segment. Paths are matched decoded, and such a slash
// is matched as a character of Unicode's private use area that the path does not have;
// the values of the variables have it back.

// slashMarks are the characters that may stand for an escaped slash, the first that the
// path does not have.
var slashMarks = [...]string{"\ue02f", "\ue12f", "\ue22f", "\ue32f"}

func hideSlashes(value string) string { return strings.ReplaceAll(value, "/", slashMarks[0]) }

// matchForm is the path to be matched, and what stands for an escaped slash in it: ""
// almost always.
func matchForm(u *url.URL) (path, mark string) {
	if u.RawPath == "" || !hasEscapedSlash(u.RawPath) || u.EscapedPath() != u.RawPath {
		return u.Path, ""
	}
	for _, m := range slashMarks {
		if strings.Contains(u.Path, m) {
			continue
		}
		raw := strings.ReplaceAll(strings.ReplaceAll(u.RawPath, "%2F", "%2f"), "%2f", url.PathEscape(m))
		if path, err := url.PathUnescape(raw); err == nil {
			return path, m
		}
	}
	return u.Path, ""
}

func hasEscapedSlash(raw string) bool {
	for i := strings.IndexByte(raw, '%'); i >= 0 && i+2 < len(raw); i++ {
		if raw[i] == '%' && raw[i+1] == '2' && raw[i+2]|0x20 == 'f' {
			return true
		}
	}
	return false
}
