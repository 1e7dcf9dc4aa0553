package conformance

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var showOpen = flag.Int("open", 5, "how many open vectors of a family are shown")

// TestVectors plays testdata. A family that is not done reports its open vectors
// and passes.
func TestVectors(t *testing.T) {
	for _, f := range Families() {
		t.Run(f.Name, func(t *testing.T) {
			vectors, err := readFile(filepath.Join("testdata", f.Name+".jsonl"))
			require.NoError(t, err)
			counted := report(t, f, vectors)
			if !f.Done {
				return
			}
			for _, rule := range f.Rules {
				assert.Positive(t, counted.used[rule.Name], "rule %q decides no vector", rule.Name)
			}
		})
	}
}

// TestConformanceDir plays every *.jsonl of the folder CONFORMANCE_DIR. Files
// may have any name and mix families.
func TestConformanceDir(t *testing.T) {
	dir := os.Getenv("CONFORMANCE_DIR")
	if dir == "" {
		t.Skip("CONFORMANCE_DIR is not set")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	require.NoError(t, err)
	require.NotEmpty(t, files, "no *.jsonl in CONFORMANCE_DIR")
	byFamily := map[string][]Vector{}
	for _, file := range files {
		vectors, err := readFile(file)
		require.NoError(t, err)
		for _, v := range vectors {
			byFamily[v.family()] = append(byFamily[v.family()], v)
		}
	}
	families := Families()
	for _, name := range SortedKeys(byFamily) {
		if !slices.Contains(familyNames, name) {
			families = append(families, Family{Name: name})
		}
	}
	for _, f := range families {
		if vectors := byFamily[f.Name]; len(vectors) > 0 {
			t.Run(f.Name, func(t *testing.T) { report(t, f, vectors) })
		}
	}
}

// report plays the vectors, prints the family's line, and shows open vectors: as
// failures, a subtest each, where the family is done.
func report(t *testing.T, f Family, vectors []Vector) tally {
	counted := f.playAll(vectors)
	fmt.Println(counted)
	if f.Ops == nil {
		return counted
	}
	for i, r := range counted.openResults {
		switch {
		case i == *showOpen:
			t.Logf("... and %d more", len(counted.openResults)-i)
		case i > *showOpen:
		case f.Done:
			t.Run(r.vector.ID, func(t *testing.T) { t.Error(r) })
		default:
			t.Logf("open: %s: %v", r.vector.ID, r)
		}
	}
	if f.Done && len(counted.openResults) > 0 {
		t.Errorf("%d vectors are open", len(counted.openResults))
	}
	return counted
}
