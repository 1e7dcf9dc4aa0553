package static

import (
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// However a path is written, what resolve gives lies inside.
func FuzzResolve(f *testing.F) {
	for _, s := range []string{"", "/", "/a", "a/../..", "/../a", "/a//b/./c/", "/a\\..\\b", "/\x00", "/%2e%2e/", "/\xff", "/nul", "/a.", "//h/x", "/.well-known/x", "/a/..", "/..x"} {
		f.Add(s, false)
		f.Add(s, true)
	}
	f.Fuzz(func(t *testing.T, p string, strict bool) {
		name, err := resolve(p, strict)
		if err != nil {
			return
		}
		if !fs.ValidPath(name) || strings.ContainsAny(name, "\x00\\") || !utf8.ValidString(name) {
			t.Fatalf("%q is %q", p, name)
		}
		if again, err := resolve("/"+name, strict); err != nil || again != name {
			t.Fatalf("%q is %q, and that %q, %v", p, name, again, err)
		}
		if strict && !filepath.IsLocal(name) {
			t.Fatalf("%q leads to %q", p, name)
		}
		hidden(name)
	})
}

// However a path is written, no answer has what lies outside.
func FuzzDir(f *testing.F) {
	top := plant(f, map[string]string{"secret": "SECRET", "index.html": "SECRET", "pub/a.txt": "a", "pub/sub/index.html": "sub", "pub2/x": "SECRET", "pub/.env": "HIDDEN"})
	for link, to := range map[string]string{"up": "..", "out": "../secret", "abs": filepath.Join(top, "secret"), "in": "sub"} {
		if err := os.Symlink(to, filepath.Join(top, "pub", link)); err != nil {
			f.Fatal(err)
		}
	}
	d := opened(f, filepath.Join(top, "pub"), Options{List: true, HideIndex: true, Precompressed: []string{"gzip"}, Fallback: "a.txt"})
	for _, s := range []string{"/", "/a.txt", "/../secret", "/up/secret", "/out", "/abs", "/sub", "/in/../../secret", "/.env", "/sub/index.html", "//..", "/a.txt/", "/..\\secret", "/\x00", "/.well-known/../../pub2/x"} {
		f.Add(s, "gzip")
	}
	f.Fuzz(func(t *testing.T, p, accept string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL.Path, r.RequestURI = p, ""
		r.Header.Set("Accept-Encoding", accept)
		rec := httptest.NewRecorder()
		d.ServeHTTP(rec, r)
		if body := rec.Body.String(); strings.Contains(body, "SECRET") || strings.Contains(body, "HIDDEN") || strings.Contains(body, top) {
			t.Fatalf("%q is answered with %q", p, body)
		}
		if rec.Code >= 500 {
			t.Fatalf("%q is answered %d", p, rec.Code)
		}
		if to := rec.Header().Get("Location"); to != "" && !strings.HasPrefix(to, "./") {
			t.Fatalf("%q leads to %q", p, to)
		}
	})
}
