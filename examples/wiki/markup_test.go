package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMarkup(t *testing.T) {
	exists := func(t Title) bool { return t == "Home" || t == "AC/DC" }
	rows := []struct{ name, text, want string }{
		{"nothing is nothing", "", ""},
		{"lines are a paragraph", "a\nb", "<p>a\nb</p>\n"},
		{"an empty line ends it", "a\n\n\nb", "<p>a</p>\n<p>b</p>\n"},
		{"line ends of browsers", "a\r\n\r\nb\rc", "<p>a</p>\n<p>b\nc</p>\n"},
		{"headings", "# A\n## B\n### C\n#### D", "<h2>A</h2>\n<h3>B</h3>\n<h4>C</h4>\n<p>#### D</p>\n"},
		{"a heading needs a space", "#A", "<p>#A</p>\n"},
		{"a heading ends a paragraph", "a\n# B\nc", "<p>a</p>\n<h2>B</h2>\n<p>c</p>\n"},
		{"a list", "a\n- b\n- c\nd", "<p>a</p>\n<ul><li>b</li>\n<li>c</li>\n</ul>\n<p>d</p>\n"},
		{"a hyphen alone is none", "-b\n-", "<p>-b\n-</p>\n"},
		{"bold", "a **b** c", "<p>a <strong>b</strong> c</p>\n"},
		{"bold in a heading and a list", "# **a**\n- **b**", "<h2><strong>a</strong></h2>\n<ul><li><strong>b</strong></li>\n</ul>\n"},
		{"bold that does not end", "a **b", "<p>a **b</p>\n"},
		{"bold does not go over lines", "**a\nb**", "<p>**a\nb**</p>\n"},
		{"nothing to be bold", "****", "<p>****</p>\n"},
		{"code keeps its marks", "`**a** [[b]] <c>`", "<p><code>**a** [[b]] &lt;c&gt;</code></p>\n"},
		{"code within bold", "**a `b` c**", "<p><strong>a <code>b</code> c</strong></p>\n"},
		{"code that does not end", "a ` b **c**", "<p>a ` b <strong>c</strong></p>\n"},
		{"a link", "[[Home]]", `<p><a href="/wiki/Home">Home</a></p>` + "\n"},
		{"a link to a page that is not there", "[[New]]", `<p><a href="/wiki/New" class="missing">New</a></p>` + "\n"},
		{"a link with a slash", "[[AC/DC]]", `<p><a href="/wiki/AC%2FDC">AC/DC</a></p>` + "\n"},
		{"a link with quotes", `[["><b>]]`, `<p><a href="/wiki/%22%3E%3Cb%3E" class="missing">&#34;&gt;&lt;b&gt;</a></p>` + "\n"},
		{"a link to no title", "[[..]] [[ ]] [[]]", "<p>[[..]] [[ ]] [[]]</p>\n"},
		{"a link that does not end", "[[Home] [[Home]", "<p>[[Home] [[Home]</p>\n"},
		{"a link within bold", "**[[Home]]**", `<p><strong><a href="/wiki/Home">Home</a></strong></p>` + "\n"},
		{"HTML is text", "<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"},
		{"references are text", "&lt; &#60;", "<p>&amp;lt; &amp;#60;</p>\n"},
		{"NUL and the like are replaced", "a\x00b\x1bc\xff", "<p>a\uFFFDb\uFFFDc\uFFFD</p>\n"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			assert.Equal(t, row.want, string(Markup(row.text, exists)))
		})
	}
}

// A text of nothing but marks must not take long: it is read a bounded number of
// times, however many of its marks have no end.
func BenchmarkMarkupOfUnendedMarks(b *testing.B) {
	for _, mark := range []string{"[[", "[[x", "`a**", "** ", "[[`**"} {
		text := strings.Repeat(mark, maxText/len(mark))
		b.Run(mark, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Markup(text, func(Title) bool { return false })
			}
		})
	}
}
