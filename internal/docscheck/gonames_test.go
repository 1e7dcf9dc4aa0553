package docscheck

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// packages are those whose names the pages use, by the name they are used with.
var packages = map[string]string{
	"webob": "webob", "header": "webob/header", "contentneg": "contentneg", "dec": "dec", "exc": "exc",
	"cookies": "webob/cookies", "static": "webob/static", "client": "webob/client", "wsgi": "webob/wsgi",
}

// variables are names for a value of a type, as the page uses them.
var variables = map[string]string{"req": "webob.Request", "resp": "webob.Response"}

// goName is a name of Go in the page: of a package, or of a variable.
var goName = regexp.MustCompile(`(?:^|[^\w."])([a-z]+)\.([A-Z]\w*)(?:\.([A-Z]\w*))?`)

// TestGoNamesExist: every name of Go in a page of docs is exported by its package.
func TestGoNamesExist(t *testing.T) {
	known := exported(t)
	pages, err := filepath.Glob("../../docs/*.md")
	require.NoError(t, err)
	require.Contains(t, pages, fromWebOb)
	for _, page := range pages {
		count := checkNames(t, known, page)
		if page == fromWebOb {
			assert.Greater(t, count, 300)
		}
	}
}

// checkNames looks up the names in a page, and counts them.
func checkNames(t *testing.T, known names, page string) (count int) {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		for _, span := range inBackticks.FindAllStringSubmatch(line, -1) {
			for _, m := range goName.FindAllStringSubmatch(span[1], -1) {
				if !checked(m[1]) {
					continue
				}
				count++
				assert.Truef(t, known.has(m[1], m[2], m[3]), "%s: %s: there is no %s", page, strings.TrimSpace(line), strings.TrimSuffix(m[1]+"."+m[2]+"."+m[3], "."))
			}
		}
	}
	return count
}

func checked(name string) bool {
	return packages[name] != "" || variables[name] != "" || name == "http"
}

// names are the names of packages: "webob.Request", and "webob.Request.Path" for what
// a type has.
type names struct {
	known  map[string]bool
	embeds map[string][]string // a type's embedded types of its own package
}

// has looks a name up. A second one counts where the first is a type.
func (n names) has(pkg, first, second string) bool {
	if of, ok := variables[pkg]; ok {
		return n.member(of, first) || of == "webob.Request" && (n.known["http.Request."+first] || first == "Request")
	}
	of := pkg + "." + first
	_, isType := n.embeds[of]
	return n.known[of] && (second == "" || !isType || n.member(of, second))
}

// member tells whether a type has a field or a method, promoted ones included.
func (n names) member(of, name string) bool {
	return n.known[of+"."+name] || slices.ContainsFunc(n.embeds[of], func(inner string) bool { return n.member(inner, name) })
}

// exported parses the packages of this module, and net/http.
func exported(t *testing.T) names {
	t.Helper()
	known := names{map[string]bool{}, map[string][]string{}}
	for name, dir := range packages {
		known.read(t, name, filepath.Join("../..", dir))
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	require.NoError(t, err)
	known.read(t, "http", filepath.Join(strings.TrimSpace(string(root)), "src/net/http"))
	return known
}

func (n names) read(t *testing.T, name, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	require.NoError(t, err)
	require.NotEmpty(t, files, dir)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, decl := range parsed.Decls {
			n.declare(name, decl)
		}
	}
}

func (n names) declare(pkg string, decl ast.Decl) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			n.known[pkg+"."+d.Name.Name] = true
		} else {
			n.known[pkg+"."+baseName(d.Recv.List[0].Type)+"."+d.Name.Name] = true
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.ValueSpec:
				for _, name := range s.Names {
					n.known[pkg+"."+name.Name] = true
				}
			case *ast.TypeSpec:
				n.known[pkg+"."+s.Name.Name] = true
				n.members(pkg, s)
			}
		}
	}
}

// members are the fields of a struct and the methods of an interface.
func (n names) members(pkg string, spec *ast.TypeSpec) {
	of := pkg + "." + spec.Name.Name
	n.embeds[of] = nil
	var list *ast.FieldList
	switch t := spec.Type.(type) {
	case *ast.StructType:
		list = t.Fields
	case *ast.InterfaceType:
		list = t.Methods
	default:
		return
	}
	for _, field := range list.List {
		if field.Names == nil {
			n.embeds[of] = append(n.embeds[of], pkg+"."+baseName(field.Type))
		}
		for _, name := range field.Names {
			n.known[of+"."+name.Name] = true
		}
	}
}

// baseName is the name of a type without its star and its arguments.
func baseName(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.StarExpr:
		return baseName(t.X)
	case *ast.IndexExpr:
		return baseName(t.X)
	case *ast.IndexListExpr:
		return baseName(t.X)
	case *ast.Ident:
		return t.Name
	}
	return "" // a type of another package
}
