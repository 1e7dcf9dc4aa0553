package docscheck

import (
	"bufio"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const fromWebOb = "../../docs/from-webob.md"

var (
	inBackticks = regexp.MustCompile("`([^`]+)`")
	webObModule = regexp.MustCompile(`^## (webob\.[a-z_]+)$`)
)

// TestEveryNameOfWebOb: each public name of WebOb, as names.py has listed them, stands
// in the first column of docs/from-webob.md, under its module; a star stands for any
// text. And nothing else stands there.
func TestEveryNameOfWebOb(t *testing.T) {
	rows := webObRows(t)
	used := map[string]bool{}
	names, err := os.Open("testdata/webob_names.txt")
	require.NoError(t, err)
	defer names.Close()
	count := 0
	for lines := bufio.NewScanner(names); lines.Scan(); count++ {
		parts := strings.SplitN(lines.Text(), ".", 3)
		require.Len(t, parts, 3)
		module, name := parts[0]+"."+parts[1], parts[2]
		found := false
		for _, pattern := range rows[module] {
			ok, err := path.Match(pattern, name)
			require.NoError(t, err, pattern)
			if ok {
				found, used[module+" "+pattern] = true, true
			}
		}
		assert.Truef(t, found, "%s: no row for %s", module, name)
	}
	assert.Greater(t, count, 500)
	for module, patterns := range rows {
		for _, pattern := range patterns {
			assert.Truef(t, used[module+" "+pattern], "%s has no public name %s", module, pattern)
		}
	}
}

// webObRows are the names in the first column, by the module whose section it is.
func webObRows(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(fromWebOb)
	require.NoError(t, err)
	rows, module := map[string][]string{}, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "## ") {
			module = ""
			if m := webObModule.FindStringSubmatch(line); m != nil {
				module = m[1]
			}
		}
		cells := strings.Split(line, "|")
		if module == "" || len(cells) < 3 {
			continue
		}
		for _, m := range inBackticks.FindAllStringSubmatch(cells[1], -1) {
			rows[module] = append(rows[module], m[1])
		}
	}
	require.NotEmpty(t, rows)
	return rows
}
