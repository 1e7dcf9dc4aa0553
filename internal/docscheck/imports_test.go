package docscheck

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/gowebob/gowebob"

type room struct {
	name    string
	imports []string
}

// rooms are the packages from the ground up, and what each may import beside the standard
// library: a package of ours stands above it, in an earlier row. Examples import what they
// like and are imported by nobody; what is internal and has no row is for tests.
var rooms = []room{
	{"internal/quoted", nil},
	{"internal/heard", nil},
	{"internal/filetype", nil},
	{"contentneg", []string{"internal/quoted", "github.com/golang/gddo"}},
	{"webob/header", []string{"internal/quoted", "github.com/golang/gddo"}},
	{"webob", []string{"contentneg", "webob/header", "internal/filetype", "internal/heard", "github.com/go-playground/form", "golang.org/x/text"}},
	{"webob/cookies", []string{"webob"}},
	{"exc", []string{"webob", "webob/header", "contentneg"}},
	{"webob/static", []string{"webob", "webob/header", "internal/filetype", "exc", "contentneg"}},
	{"webob/client", []string{"webob", "webob/header", "exc"}},
	{"webob/gateway", []string{"webob", "webob/header", "internal/heard", "exc"}},
	{"webob/wsgi", []string{"webob", "webob/header", "exc"}},
	{"dec", []string{"webob", "webob/header", "exc", "contentneg"}},
	{"deploy", []string{"webob", "exc", "github.com/go-playground/form"}},
	{"routes", []string{"webob", "exc"}},
	{"middleware", []string{"webob", "webob/header", "exc", "contentneg", "dec", "routes"}},
	{"server", nil},
	{"deploy/standard", []string{"webob", "exc", "webob/static", "webob/client", "dec", "deploy", "routes", "middleware", "server"}},
	{"deploy/command", []string{"webob", "deploy", "routes", "server"}},
	{"cmd/gowebob", []string{"deploy/command", "deploy/standard"}},
}

// TestNoArrowRunsUpward: a package imports what lies below it and nothing else, so that
// contentneg and webob/header are of use without the rest, and webob without dec and exc.
func TestNoArrowRunsUpward(t *testing.T) {
	below := []string{}
	for _, row := range rooms {
		for _, name := range row.imports {
			if !strings.Contains(name, ".") {
				require.Contains(t, below, name, "%s: a row stands before those that import it", row.name)
			}
		}
		below = append(below, row.name)
	}
	found := map[string]bool{}
	for dir, files := range sources(t) {
		i := slices.IndexFunc(rooms, func(r room) bool { return r.name == dir })
		if i < 0 && free(dir) {
			continue
		}
		if !assert.GreaterOrEqual(t, i, 0, "%s: a package without a row in rooms", dir) {
			continue
		}
		found[dir] = true
		for file, imports := range files {
			for _, path := range imports {
				assert.True(t, allowed(path, rooms[i].imports), "%s imports %s", file, path)
			}
		}
	}
	for _, row := range rooms {
		assert.True(t, found[row.name], "%s: a row without a package", row.name)
	}
}

// free says which packages may import what they like: nothing of the library rests on them.
func free(dir string) bool {
	return strings.HasPrefix(dir, "examples/") || strings.HasPrefix(dir, "internal/") || dir == "benchmarks"
}

// allowed says whether a row has an import, or needs no leave for it.
func allowed(path string, row []string) bool {
	own, ours := strings.CutPrefix(path, module+"/")
	if ours {
		return slices.Contains(row, own)
	}
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return true // the standard library
	}
	return slices.ContainsFunc(row, func(name string) bool {
		return path == name || strings.HasPrefix(path, name+"/")
	})
}

// sources are the imports of each file of the module that is no test, by folder and name.
func sources(t *testing.T) map[string]map[string][]string {
	found := map[string]map[string][]string{}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if name := d.Name(); path != root && (strings.HasPrefix(name, ".") || name == "testdata") {
				return filepath.SkipDir
			}
			if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil && path != root {
				return filepath.SkipDir // a module of its own
			}
			return nil
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(rel))
		if found[dir] == nil {
			found[dir] = map[string][]string{}
		}
		var imports []string
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, name)
		}
		found[dir][filepath.ToSlash(rel)] = imports
		return nil
	})
	require.NoError(t, err)
	return found
}
