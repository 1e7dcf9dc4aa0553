package usertext

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestClean(t *testing.T) {
	for _, row := range []struct{ name, in, want string }{
		{"line ends of browsers, of old Macs", "a\r\nb\rc\n\r", "a\nb\nc\n\n"},
		{"a tab stays", "a\tb", "a\tb"},
		{"control characters", "a\x00\x1b\x7fb", "a\uFFFD\uFFFD\uFFFDb"},
		{"no UTF-8", "a\xff\xfeb", "a\uFFFDb"},
	} {
		t.Run(row.name, func(t *testing.T) { assert.Equal(t, row.want, Clean(row.in)) })
	}
}
