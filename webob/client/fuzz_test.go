package client

import (
	"net/url"
	"strings"
	"testing"
)

// However a path is written, it stays behind the target's.
func FuzzSetPath(f *testing.F) {
	for _, s := range []string{"/", "/a", "/../a", "/a/../../b", "/%2e%2e/", "/..%2f", "/..%5c..", "/%252e%252e%252fx", "//x", "*", "/%", "/..;/x", "/a/b/../../../c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u := &url.URL{Scheme: "http", Host: "h"}
		if setPath(u, "/base", s) != nil {
			return
		}
		if got := u.RequestURI(); !strings.HasPrefix(got, "/base/") || strings.ContainsAny(got, " \r\n") {
			t.Fatalf("%q leads to %q", s, got)
		}
		depth := 0
		for segment := range strings.SplitSeq(strings.ReplaceAll(strings.TrimPrefix(u.Path, "/base"), `\`, "/"), "/") {
			switch segment {
			case "", ".":
			case "..":
				depth--
			default:
				depth++
			}
			if depth < 0 {
				t.Fatalf("%q climbs", s)
			}
		}
	})
}
