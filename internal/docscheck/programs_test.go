package docscheck

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var goBlock = regexp.MustCompile("(?ms)^```go\n(package .*?)^```$")

// TestPrograms builds every whole program of README.md and docs/, as a newcomer
// who copies it would: in a module of its own.
func TestPrograms(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	found := 0
	for _, page := range append(pages, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for i, m := range goBlock.FindAllSubmatch(text, -1) {
			found++
			t.Run(filepath.Base(page)+"/"+string(rune('1'+i)), func(t *testing.T) {
				vet(t, root, string(m[1]))
			})
		}
	}
	require.NotZero(t, found, "no program found: has the form of the pages changed?")
}

// vet checks a program in a new module that requires this one.
func vet(t *testing.T, root, program string) {
	t.Helper()
	dir := t.TempDir()
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	mod = []byte(strings.Replace(string(mod), "module github.com/gowebob/gowebob", "module program", 1) +
		"\nrequire github.com/gowebob/gowebob v0.0.0\nreplace github.com/gowebob/gowebob => " + root + "\n")
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	for name, text := range map[string][]byte{"go.mod": mod, "go.sum": sum, "main.go": []byte(program)} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	cmd := exec.Command("go", "vet", "-mod=mod", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOPROXY=off", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	require.NoErrorf(t, err, "%s\n%s", out, program)
}
