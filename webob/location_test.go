package webob

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// locationRows are all ways we know to get a browser to another host, with
// what they try.
var locationRows = []struct {
	name, loc      string
	here, external bool // taken by CheckLocation without and with external
}{
	{"a path", "/x", true, true},
	{"a relative path", "x/y", true, true},
	{"dots", "../x", true, true},
	{"a query", "?a=b", true, true},
	{"a fragment", "#f", true, true},
	{"nothing", "", true, true},
	{"a URL in a query", "/x?next=http://z/", true, true},
	{"a colon behind a slash", "a/b:c", true, true},
	{"a path with spaces inside", "/a b", true, true},
	{"an escaped slash is part of the path", "/%2f/x", true, true},
	{"another slash later", "/x//evil.example", true, true},
	{"bytes above ASCII", "/caf\xe9", true, true},
	{"a digit is no scheme's start", "1:2", true, true},
	{"another site", "http://other.example/", false, true},
	{"another site in capitals", "HTTPS://OTHER.example/x?y#z", false, true},
	{"a backslash in the path of another site", `http://other.example/a\b`, false, true},
	{"the scheme of this page", "//other.example/x", false, true},
	{"mail", "mailto:x@y", false, true},
	{"an app's own scheme", "com.example.app:/callback", false, true},
	{"a scheme alone", "http:", false, true},

	{"CVE-2024-42353: slashes alone", "//", false, false},
	{"three slashes, which browsers read as two", "///evil.example", false, false},
	{"many slashes", "/////evil.example", false, false},
	{"slash and backslash", `/\evil.example`, false, false},
	{"two backslashes", `\\evil.example`, false, false},
	{"backslash and slash", `\/evil.example`, false, false},
	{"a tab between the slashes (WebOb 1.8.10)", "/\t/evil.example", false, false},
	{"several tabs", "/\t\t/www.example.com/test", false, false},
	{"a tab and a backslash", "/\t\\evil.example", false, false},
	{"CR between the slashes", "/\r/evil.example", false, false},
	{"LF between the slashes", "/\n/evil.example", false, false},
	{"CR LF splits the header", "/x\r\nSet-Cookie: a=1", false, false},
	{"vertical tab before (WebOb #495)", "\v//evil.example", false, false},
	{"form feed before (WebOb #495)", "\f//evil.example", false, false},
	{"a space before", " //evil.example", false, false},
	{"spaces and controls before", "  \x1f //evil.example/x", false, false},
	{"NUL before", "\x00/\t/evil.example", false, false},
	{"DEL", "/\x7f/evil.example", false, false},
	{"a space behind", "/x ", false, false},
	{"javascript", "javascript:alert(1)", false, false},
	{"javascript in capitals", "JAVASCRIPT:x", false, false},
	{"javascript with a tab in it", "java\tscript:x", false, false},
	{"javascript with a space before", " javascript:x", false, false},
	{"data", "data:text/html,x", false, false},
	{"vbscript", "vbscript:x", false, false},
	{"a scheme without slashes", "https:evil.example", false, false},
	{"a scheme with one slash", "https:/evil.example", false, false},
	{"a scheme with three", "https:///evil.example", false, false},
	{"a scheme with backslashes", `https:\\evil.example`, false, false},
	{"a backslash ends the host, for browsers", `https://good.example\@evil.example/`, false, false},
	{"the same without a scheme", `//good.example\@evil.example/`, false, false},
	{"no host but a port", "http://:80/", false, true},
}

func TestCheckLocation(t *testing.T) {
	for _, row := range locationRows {
		t.Run(row.name, func(t *testing.T) {
			for external, want := range map[bool]bool{false: row.here, true: row.external} {
				err := CheckLocation(row.loc, external)
				if want {
					assert.NoError(t, err)
					continue
				}
				var fault *LocationError
				require.ErrorAs(t, err, &fault, "external: %v", external)
				assert.Equal(t, row.loc, fault.Location)
				assert.NotEmpty(t, fault.Reason)
			}
		})
	}
}

func TestSetLocation(t *testing.T) {
	p := NewResponse(302)
	require.NoError(t, p.SetLocation("../x?y"))
	assert.Equal(t, "../x?y", p.Header().Get("Location"), "sent as given")
	require.Error(t, p.SetLocation("//evil.example"))
	assert.Equal(t, "../x?y", p.Header().Get("Location"), "a refused one changes nothing")
	require.Error(t, p.SetLocation("https://other.example/"))
	require.NoError(t, p.SetExternalLocation("https://other.example/"))
	assert.Equal(t, "https://other.example/", p.Header().Get("Location"))
}

func TestLocationErrorIsShort(t *testing.T) {
	err := CheckLocation("//"+strings.Repeat("x", 1<<20), false)
	assert.Less(t, len(err.Error()), 400)
}

// browserLeaves is a second, plain reading of the rules: the WHATWG's
// preparation, then what begins with two slashes or a scheme leads away.
func browserLeaves(loc string) bool {
	loc = strings.TrimFunc(loc, func(r rune) bool { return r <= ' ' })
	loc = strings.NewReplacer("\t", "", "\r", "", "\n", "", `\`, "/").Replace(loc)
	if strings.HasPrefix(loc, "//") {
		return true
	}
	head, _, found := strings.Cut(loc, ":")
	return found && head != "" && !strings.ContainsAny(head, "/?#") &&
		strings.IndexFunc(head, func(r rune) bool { return r > 'z' || !strings.ContainsRune(schemeRunes, r) }) < 0 &&
		strings.ContainsRune(schemeRunes[:52], rune(head[0]))
}

const schemeRunes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-."

func FuzzCheckLocation(f *testing.F) {
	for _, row := range locationRows {
		f.Add(row.loc)
	}
	f.Fuzz(func(t *testing.T, loc string) {
		if CheckLocation(loc, false) == nil && browserLeaves(loc) {
			t.Fatalf("%q passes, and leads away", loc)
		}
		if CheckLocation(loc, false) == nil && CheckLocation(loc, true) != nil {
			t.Fatalf("%q may not stay when it may leave", loc)
		}
	})
}

func BenchmarkCheckLocation(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if CheckLocation("/path/to/somewhere?next=/else", false) != nil {
			b.Fatal()
		}
	}
}
