package quoted

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestQuoted(t *testing.T) {
	for _, row := range []struct{ rule, text, written string }{
		{"nothing", ``, `""`},
		{"plain text stays", `a b,;=`, `"a b,;="`},
		{"quotes and backslashes are escaped", `a"b\`, `"a\"b\\"`},
		{"bytes beyond ASCII stay", "é\xff", "\"é\xff\""},
	} {
		t.Run(row.rule, func(t *testing.T) {
			written := string(Append(nil, row.text))
			assert.Equal(t, row.written, written)
			assert.Equal(t, row.text, Unescape(written[1:len(written)-1]))
		})
	}
	assert.Equal(t, `ab`, Unescape(`\a\b`), "any byte may be escaped")
	assert.Equal(t, `a\`, Unescape(`a\`), "a backslash at the end is one")
	assert.Zero(t, testing.AllocsPerRun(100, func() { Unescape("no escapes") }))
}

func FuzzQuoted(f *testing.F) {
	f.Add("a\"b\\")
	f.Fuzz(func(t *testing.T, s string) {
		written := string(Append(nil, s))
		if got := Unescape(written[1 : len(written)-1]); got != s {
			t.Fatalf("%q became %q", s, got)
		}
	})
}
