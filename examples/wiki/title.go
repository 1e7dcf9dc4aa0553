package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Title names a page. Only ParseTitle makes one of what a client has sent, so that
// whoever is given a Title need not check it again.
type Title string

// maxTitle is how many bytes a title may have. Encoded as a folder name each of
// them takes up to three, and 255 is what file systems allow.
const maxTitle = 80

// ParseTitle checks a title. Almost everything may stand in one, slashes and angle
// brackets too: Folder and URL see to it that they do no harm. What it says in its
// errors may be shown to the client.
func ParseTitle(s string) (Title, error) {
	switch {
	case strings.TrimSpace(s) == "":
		return "", errors.New("a page needs a title")
	case len(s) > maxTitle:
		return "", fmt.Errorf("a title has at most %d bytes", maxTitle)
	case !utf8.ValidString(s):
		return "", errors.New("the title is not UTF-8")
	case strings.ContainsFunc(s, unseen):
		return "", errors.New("the title has characters that nobody can see")
	case s == "." || s == "..": // browsers take these out of a URL
		return "", errors.New("a title needs more than dots")
	case strings.TrimSpace(s) != s:
		return "", errors.New("a title neither begins nor ends with a space")
	}
	return Title(s), nil
}

// unseen tells of control characters, NUL among them, and of those that turn the
// direction of text around, with which a title could pretend to be another.
func unseen(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// URL is the path under which the page is shown. PathEscape writes the slash of
// "AC/DC" as %2F, so that a title is always one segment of the path.
func (t Title) URL() string { return t.at("/wiki/") }

// at is the path of the page under another prefix.
func (t Title) at(prefix string) string { return prefix + url.PathEscape(string(t)) }

// Folder is the name of the folder that holds the page: letters, digits and hyphens
// stay, a space is an underscore, every other byte is written %XX. There is no dot
// and no slash in it, so it leads nowhere else.
func (t Title) Folder() string {
	var b strings.Builder
	for i := 0; i < len(t); i++ {
		switch c := t[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-':
			b.WriteByte(c)
		case c == ' ':
			b.WriteByte('_')
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// titleOf is the way back from Folder; false for a folder that is no page's.
func titleOf(folder string) (Title, bool) {
	s, err := url.PathUnescape(strings.ReplaceAll(folder, "_", " "))
	if err != nil {
		return "", false
	}
	t, err := ParseTitle(s)
	return t, err == nil && t.Folder() == folder
}
