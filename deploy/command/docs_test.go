package command_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy/command"
)

var blocks = regexp.MustCompile("(?ms)^```(ini|console)\n(.*?)^```$")

// TestDocs runs the commands of docs/command.md on the files that it shows, and compares
// what they write.
func TestDocs(t *testing.T) {
	page := filepath.Join("..", "..", "docs", "command.md")
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	picture, err := filepath.Abs(filepath.Join("..", "..", "docs", "command.svg"))
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	commands := 0
	for _, m := range blocks.FindAllStringSubmatch(string(text), -1) {
		kind, block := m[1], m[2]
		if kind == "ini" {
			name, ok := strings.CutPrefix(strings.SplitN(block, "\n", 2)[0], "# ")
			require.True(t, ok, "a file begins with its name: %s", block)
			require.NoError(t, os.WriteFile(name, []byte(block), 0o644))
			continue
		}
		var got strings.Builder
		for line := range strings.Lines(block) {
			if ask, ok := strings.CutPrefix(line, "$ "); ok {
				commands++
				got.WriteString(line)
				got.WriteString(shell(t, strings.TrimSpace(ask)))
			}
		}
		assert.Equal(t, block, got.String())
	}
	require.Greater(t, commands, 8, "has the form of the page changed?")

	var drawn bytes.Buffer
	require.Equal(t, 0, command.RunAs("shop", strings.Fields("show shop.ini --format svg"), &drawn, shop()))
	if *update {
		require.NoError(t, os.WriteFile(picture, drawn.Bytes(), 0o644))
	}
	want, err := os.ReadFile(picture)
	require.NoError(t, err)
	assert.Equal(t, string(want), drawn.String(), "docs/command.svg (-update writes it anew)")
}

var last int // exit status of the command before

// shell runs one line of the page.
func shell(t *testing.T, line string) string {
	t.Helper()
	if line == "echo $?" {
		return fmt.Sprintln(last)
	}
	args := strings.Fields(line)
	require.Equal(t, "shop", args[0])
	var out bytes.Buffer
	last = command.RunAs("shop", args[1:], &out, shop())
	return out.String()
}
