package filetype

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestOf(t *testing.T) {
	own := map[string]string{".md": "text/x-own", ".gz": "application/gzip", ".tgz": "application/x-own"}
	for _, row := range []struct {
		rule, name        string
		own               map[string]string
		mediaType, coding string
	}{
		{"a text is in UTF-8", "a.css", nil, "text/css; charset=utf-8", ""},
		{"case does not count", "A.PNG", nil, "image/png", ""},
		{"a coding stands behind the type", "a.tar.gz", nil, "application/x-tar", "gzip"},
		{"short for both", "a.TGZ", nil, "application/x-tar", "gzip"},
		{"a coding alone says no type", "a.gz", nil, "", "gzip"},
		{"the name says nothing", "README", nil, "", ""},
		{"dots and an extension are a name", ".css", nil, "", ""},
		{"only the last segment counts", "a.css/b", nil, "", ""},
		{"no name", "", nil, "", ""},
		{"types of one's own come first", "a.md", own, "text/x-own", ""},
		{"and before codings", "a.tar.gz", own, "application/gzip", ""},
		{"and before what is short for both", "a.tgz", own, "application/x-own", ""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			mediaType, coding := Of(row.name, row.own)
			assert.Equal(t, row.mediaType, mediaType)
			assert.Equal(t, row.coding, coding)
		})
	}
}
