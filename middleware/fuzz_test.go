package middleware

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gowebob/gowebob/webob"
)

// FuzzAccessLine: whatever a client sends, a line is one line of printable ASCII, and its
// quotes stand where the format has them.
func FuzzAccessLine(f *testing.F) {
	for _, s := range []string{"", "curl/8", "a\"b", "\\", "\n127.0.0.1 - - [", "é", "\xff\x00", `\" 200 1 "`} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, agent, user string) {
		line := CombinedLog.String(&AccessEntry{Agent: agent, Referer: agent, URL: agent, User: user, Method: user, Status: 200})
		for i := range len(line) {
			assert.True(t, ' ' <= line[i] && line[i] < 0x7f, "%q", line)
		}
		bare := strings.ReplaceAll(strings.ReplaceAll(line, `\\`, ""), `\"`, "")
		assert.Equal(t, 6, strings.Count(bare, `"`), line)
		head, _, _ := strings.Cut(line, "[")
		if !strings.ContainsAny(user, "[") {
			assert.Len(t, strings.Split(head, " "), 4, line)
		}
	})
}

// FuzzParseAccessFormat: a format that is taken writes what it says.
func FuzzParseAccessFormat(f *testing.F) {
	for _, s := range []string{"", "%%", "%(status)s", "%(nothing)s", "%(status", `"%(HTTP_REFERER)s" %%(x)s`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		format, err := ParseAccessFormat(s)
		if err != nil {
			assert.ErrorIs(t, err, ErrAccessFormat)
			return
		}
		if !strings.Contains(s, "%") {
			assert.Equal(t, s, format.String(&AccessEntry{}))
		}
	})
}

// FuzzTarget: what a request is sent on to stays on this site and has no control characters.
func FuzzTarget(f *testing.F) {
	for _, s := range []string{"/", "/a?b", "//evil", "/a%2Fb", "/%zz", "http://evil/", "/a#b", "/\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		to, err := parseTarget(s)
		if err != nil {
			return
		}
		req := webob.Blank("/x?y")
		to.apply(req, true)
		assert.True(t, strings.HasPrefix(req.PathURL(), "http://localhost/"), req.PathURL())
		assert.Equal(t, to.query, req.URL.RawQuery)
	})
}
