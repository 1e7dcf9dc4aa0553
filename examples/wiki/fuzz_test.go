package main

import (
	"html"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/gowebob/gowebob/examples/internal/usertext"
)

var markupTag = regexp.MustCompile(`^(?:<(/?)(p|h[234]|ul|li|code|strong)>|<(a) href="/wiki/(?:[^"<>&\s]|&(?:amp|#39);)*"(?: class="missing")?>|<(/)(a)>)`)

// What Markup writes are its own tags, balanced, and text without any "<"; and
// without the tags it is the text again, but for the marks.
func FuzzMarkup(f *testing.F) {
	for _, seed := range []string{
		"", "a\n\nb", "# h\n- i\n**b** `c` [[L]]", "<script>alert(1)</script>", "[[\"><img onerror=x>]]", "** ` [[ ]] ` **",
		"a\x00\xff", "\r\r\n", "&lt;", "####", "[[`a`]]", "**[[a**]]", "- # x", "[[0&0'000]]", "[[a\u2028b]]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		out := string(Markup(text, func(t Title) bool { return len(t)%2 == 0 }))
		if !utf8.ValidString(out) || strings.ContainsRune(out, 0) {
			t.Fatalf("%q becomes %q", text, out)
		}
		var open []string
		var plain strings.Builder
		for s := out; s != ""; {
			if s[0] != '<' {
				n := strings.IndexByte(s, '<')
				if n < 0 {
					n = len(s)
				}
				plain.WriteString(s[:n])
				s = s[n:]
				continue
			}
			m := markupTag.FindStringSubmatch(s)
			if m == nil {
				t.Fatalf("%q becomes %q: foreign tag at %q", text, out, s)
			}
			name := m[2] + m[3] + m[5]
			switch {
			case m[1]+m[4] == "":
				open = append(open, name)
			case len(open) == 0 || open[len(open)-1] != name:
				t.Fatalf("%q becomes %q: unbalanced at %q", text, out, s)
			default:
				open = open[:len(open)-1]
			}
			s = s[len(m[0]):]
		}
		if len(open) > 0 {
			t.Fatalf("%q becomes %q: not closed: %v", text, out, open)
		}
		if got, want := bare(html.UnescapeString(plain.String())), bare(usertext.Clean(text)); got != want {
			t.Fatalf("%q becomes %q: the text is %q, not %q", text, out, got, want)
		}
	})
}

// bare is a text without white space and marks.
func bare(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("#", "", "-", "", "*", "", "`", "", "[", "", "]", "").Replace(s)), "")
}

var safeFolder = regexp.MustCompile(`^[A-Za-z0-9_%-]{1,240}$`)

// Every title has a folder of its own, which lies nowhere else, and comes back out
// of it.
func FuzzTitle(f *testing.F) {
	for _, seed := range []string{"Home", "../../etc/passwd", "a b_c", "%2F", "\x00", "é", "..", "/", "CON", "a\\b", "\u202e"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if back, ok := titleOf(s); ok && back.Folder() != s {
			t.Fatalf("folder %q is of %q, whose folder is %q", s, back, back.Folder())
		}
		title, err := ParseTitle(s)
		if err != nil {
			return
		}
		folder := title.Folder()
		if !safeFolder.MatchString(folder) || !filepath.IsLocal(folder) {
			t.Fatalf("title %q has the folder %q", s, folder)
		}
		if back, ok := titleOf(folder); !ok || back != title {
			t.Fatalf("title %q comes back as %q", s, back)
		}
		if rest, ok := strings.CutPrefix(title.URL(), "/wiki/"); !ok || strings.ContainsAny(rest, "/?#\\\"<> ") {
			t.Fatalf("title %q has the URL %q", s, title.URL())
		}
	})
}
