package docscheck

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	specSentence = regexp.MustCompile(`(?m)^(\d+\.\d+) `)
	specQuote    = regexp.MustCompile(`// spec (\d+\.\d+(?:, \d+\.\d+)*)`)
)

// TestSpecIsQuoted: every sentence of docs/spec.md is shown by a test, which says so
// above it, `// spec 5.2` or `// spec 1.5, 5.3`; and no test quotes a sentence that
// is not there.
func TestSpecIsQuoted(t *testing.T) {
	text, err := os.ReadFile("../../docs/spec.md")
	require.NoError(t, err)
	var sentences []string
	for _, m := range specSentence.FindAllSubmatch(text, -1) {
		number := string(m[1])
		assert.NotContains(t, sentences, number, "numbered twice")
		sentences = append(sentences, number)
	}
	require.Greater(t, len(sentences), 40, "has the form of docs/spec.md changed?")
	quoted := map[string]bool{}
	for _, file := range testFiles(t) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range specQuote.FindAllSubmatch(text, -1) {
			for number := range strings.SplitSeq(string(m[1]), ", ") {
				quoted[number] = true
				assert.Truef(t, slices.Contains(sentences, number), "%s quotes spec %s, which docs/spec.md has not got", file, number)
			}
		}
	}
	for _, number := range sentences {
		assert.Truef(t, quoted[number], "no test quotes spec %s", number)
	}
}

// testFiles are all files of tests but those of this package, which talk about
// quoting.
func testFiles(t *testing.T) (files []string) {
	t.Helper()
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "testdata" || d.Name() == "docscheck"):
			return filepath.SkipDir
		case strings.HasSuffix(path, "_test.go"):
			files = append(files, path)
		}
		return nil
	})
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}
