package command_test

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gowebob/gowebob/deploy/command"
)

var update = flag.Bool("update", false, "write the files of testdata/golden anew")

// golden compares with a file of testdata/golden.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("golden", name)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, "%s (-update writes it anew)", path)
}

// TestGolden has the whole output of each command; file is that of standard output.
func TestGolden(t *testing.T) {
	t.Chdir("testdata")
	for _, test := range []struct {
		rule, args, file string
		status           int
		err              string // of standard error
	}{
		{"check tells all faults at once", "check broken.ini", "check-broken.txt", 1, ""},
		{"check for programs", "check broken.ini --json", "check-broken.json", 1, ""},
		{"a good file", "check shop.ini", "check-shop.txt", 0, ""},
		{"a good file, for programs", "check shop.ini --json", "check-shop.json", 0, ""},
		{"a circle is named", "check circle.ini", "check-circle.txt", 1, ""},
		{"warnings are no faults", "check ignored.ini", "check-ignored.txt", 0, ""},
		{"unless they are to be", "check --strict ignored.ini", "check-ignored.txt", 1, ""},
		{"warnings for programs", "check --json ignored.ini", "check-ignored.json", 0, ""},
		{"a broken format", "check syntax.ini", "check-syntax.txt", 1, ""},
		{"nothing in a file reaches the terminal as an escape", "check hostile.ini", "check-hostile.txt", 1, ""},
		{"no file", "check missing.ini", "check-missing.txt", 1, ""},

		{"the tree as text", "show shop.ini", "show-shop.txt", 0, ""},
		{"the tree for Mermaid", "show shop.ini --format mermaid", "show-shop.mmd", 0, ""},
		{"the tree as a picture", "show shop.ini --format=svg", "show-shop.svg", 0, ""},
		{"the tree for programs", "show --json shop.ini", "show-shop.json", 0, ""},
		{"format json is json", "show --format json shop.ini", "show-shop.json", 0, ""},
		{"another app, without a server", "show bare.ini#main", "show-bare.txt", 0, ""},
		{"--app picks the app", "show shop.ini --app office", "show-office.txt", 0, ""},
		{"a composite that is no URL map", "show cascade.ini --format svg", "show-cascade.svg", 0, ""},
		{"faults of app and server", "show broken.ini --json", "show-broken.json", 1, ""},

		{"routes below the keys of a URL map", "routes shop.ini", "routes-shop.txt", 0, ""},
		{"routes for programs", "routes shop.ini --json", "routes-shop.json", 0, ""},
		{"routes of a filter, and of a URL map made in Go", "routes cascade.ini", "routes-cascade.txt", 0, ""},
		{"routes of no app", "routes circle.ini --json", "routes-circle.json", 1, ""},

		{"an answer for programs", "request shop.ini /api/items --json", "request-items.json", 0, ""},
		{"an answer that is no text, for programs", "request bare.ini /binary --json", "request-binary.json", 0, ""},

		{"no arguments", "", "", 2, "gowebob serves what"},
		{"help", "help", "help.txt", 0, ""},
		{"help as a flag", "--help", "help.txt", 0, ""},
		{"help of a command", "help request", "help-request.txt", 0, ""},
		{"help of a command as a flag", "request -h", "help-request.txt", 0, ""},
		{"help of serve", "help serve", "help-serve.txt", 0, ""},
		{"help of a command without arguments", "version --help", "help-version.txt", 0, ""},
		{"help before all else is looked at", "check one two --help", "help-check.txt", 0, ""},
	} {
		t.Run(test.rule, func(t *testing.T) {
			got := run(t, "", strings.Fields(test.args)...)
			assert.Equal(t, test.status, got.status, got.err)
			if test.err == "" {
				assert.Empty(t, got.err)
			} else {
				assert.Contains(t, got.err, test.err)
			}
			if test.file == "" {
				assert.Empty(t, got.out)
				return
			}
			golden(t, test.file, got.out)
			if strings.HasSuffix(test.file, ".json") {
				assert.True(t, json.Valid([]byte(got.out)))
			}
		})
	}
}

// TestUsage: a mistake in the command line is told on standard error, with status 2.
func TestUsage(t *testing.T) {
	t.Chdir("testdata")
	for _, test := range []struct{ rule, args, err string }{
		{"unknown command", "srve shop.ini", `gowebob: there is no command "srve"; see gowebob help`},
		{"help of an unknown command", "help srve", `gowebob: there is no command "srve"; see gowebob help`},
		{"no file", "check", "gowebob check: the name of a FILE is missing; see gowebob help check"},
		{"no path", "request shop.ini", "gowebob request: the PATH of the request is missing; see gowebob help request"},
		{"unknown flag, behind the file", "serve shop.ini --relod", "gowebob serve: there is no flag --relod; see gowebob help serve"},
		{"flag without its value", "show shop.ini --app", "gowebob show: a value is missing behind --app; see gowebob help show"},
		{"too many arguments", "check shop.ini other.ini", "gowebob check: one argument too many: other.ini; see gowebob help check"},
		{"a global without a name", "check shop.ini =x", "gowebob check: one argument too many: =x; see gowebob help check"},
		{"version takes none", "version x=y", "gowebob version: one argument too many: x=y; see gowebob help version"},
		{"unknown format", "show shop.ini --format png", "gowebob show: there is no format png; see gowebob help show"},
		{"a header without a colon", "request bare.ini / -H X-Test", `gowebob request: a header field is "Name: value", not "X-Test"; see gowebob help request`},
		{"a method that cannot be sent", "request bare.ini / -X GE/T", "gowebob request: "},
		{"a path that is none", "request bare.ini nowhere", "gowebob request: nowhere is neither a path, which begins with a slash, nor a URL"},
		{"data of no file", "request bare.ini / -d @missing", "gowebob request: open missing: "},
		{"a switch that is none", "serve shop.ini --reload=perhaps", `gowebob serve: invalid boolean value "perhaps"`},
		{"two servers", "serve shop.ini --listen :0 --server main", "gowebob serve: --listen and --server do not go together"},
		{"escapes do not reach the terminal", "check a \x1b[31m", `one argument too many: \x1b[31m`},
	} {
		t.Run(test.rule, func(t *testing.T) {
			got := run(t, "", strings.Split(test.args, " ")...)
			assert.Equal(t, 2, got.status)
			assert.Empty(t, got.out)
			assert.Contains(t, got.err, test.err)
			assert.Equal(t, 1, strings.Count(got.err, "\n"), "one line")
		})
	}
}

func TestRequest(t *testing.T) {
	t.Chdir("testdata")
	plain := "HTTP/1.1 200 OK\nContent-Type: text/plain; charset=utf-8\n\n"
	for _, test := range []struct {
		rule   string
		args   []string
		stdin  string
		status int
		out    string
		err    string
	}{
		{"GET if nothing else is said", []string{"bare.ini", "/a?b=c"}, "", 0,
			plain + "GET /a?b=c\nHost: localhost:80\nContent-Type: \nX-Test: []\n\n", ""},
		{"a URL gives the host", []string{"bare.ini", "https://example.com/a"}, "", 0,
			plain + "GET /a\nHost: example.com:443\nContent-Type: \nX-Test: []\n\n", ""},
		{"data makes a POST of a form", []string{"bare.ini", "/", "--data", "a=b"}, "", 0,
			plain + "POST /\nHost: localhost:80\nContent-Type: application/x-www-form-urlencoded\nX-Test: []\na=b\n", ""},
		{"data with a type and a method", []string{"-X", "PUT", "-H", "content-type: application/json", "bare.ini", "/", "-d", `{}`}, "", 0,
			plain + "PUT /\nHost: localhost:80\nContent-Type: application/json\nX-Test: []\n{}\n", ""},
		{"data of standard input", []string{"bare.ini", "/", "-d", "@-"}, "from a pipe", 0,
			plain + "POST /\nHost: localhost:80\nContent-Type: application/x-www-form-urlencoded\nX-Test: []\nfrom a pipe\n", ""},
		{"data of a file, the body alone", []string{"bare.ini", "/", "--body", "-d", "@bare.ini"}, "", 0,
			"POST /\nHost: localhost:80\nContent-Type: application/x-www-form-urlencoded\nX-Test: []\n[app:main]\nuse = egg:shop#echo\n\n", ""},
		{"header fields, flags before, between and behind", []string{"-H", "X-Test: 1", "bare.ini", "-H", "Host: a.example", "/", "--header", "x-test:2"}, "", 0,
			plain + "GET /\nHost: a.example\nContent-Type: \nX-Test: [\"2\"]\n\n", ""},
		{"what stands behind -- is no flag", []string{"--body", "--", "bare.ini", "/"}, "", 0,
			"GET /\nHost: localhost:80\nContent-Type: \nX-Test: []\n\n", ""},
		{"--app picks the app", []string{"shop.ini", "/a", "--app", "echo", "--body"}, "", 0,
			"GET /a\nHost: localhost:80\nContent-Type: \nX-Test: []\n\n", ""},
		{"so does #", []string{"shop.ini#echo", "/a", "--body"}, "", 0,
			"GET /a\nHost: localhost:80\nContent-Type: \nX-Test: []\n\n", ""},
		{"a config: URI", []string{"config:shop.ini#echo", "/a", "--body"}, "", 0,
			"GET /a\nHost: localhost:80\nContent-Type: \nX-Test: []\n\n", ""},
		{"an egg: URI needs no file", []string{"egg:shop#echo", "/a", "--body"}, "", 0,
			"GET /a\nHost: localhost:80\nContent-Type: \nX-Test: []\n\n", ""},
		{"name=value is a global", []string{"shop.ini", "/a", "currency=CHF"}, "", 0,
			"X-Currency: CHF\n", ""},
		{"through filters and a URL map", []string{"shop.ini", "http://office.example.com/shop/a"}, "", 0,
			"X-Stamp: log\nX-Stamp: api\n", ""},
		{"a status of 400 to 499 is 4", []string{"shop.ini", "/api/none"}, "", 4, "HTTP/1.1 404 Not Found\n", ""},
		{"a redirect is an answer", []string{"shop.ini", "/api/articles"}, "", 0, "Location: ", ""},
		{"500 and above is 5, and says why", []string{"egg:shop#fails", "/"}, "", 5, "HTTP/1.1 500 Internal Server Error\n",
			"gowebob request: the app says: the till is empty\n"},
		{"an app that panics", []string{"bare.ini", "/panic"}, "", 1, "", "the app panics: on purpose\n"},
		{"an app that panics, for programs", []string{"bare.ini", "/panic", "--json"}, "", 1, `"message": "the app panics: on purpose"`, ""},
		{"faults go to standard error", []string{"circle.ini", "/"}, "", 1, "", "circle.ini:6: [pipeline:shop] pipeline: a circle: "},
		{"warnings go there, and the answer comes", []string{"ignored.ini", "/", "--body"}, "", 0, "Hi to /\n", "ignored.ini:6: warning: [app:main] greeting: "},
	} {
		t.Run(test.rule, func(t *testing.T) {
			got := run(t, test.stdin, append([]string{"request"}, test.args...)...)
			assert.Equal(t, test.status, got.status, got.err)
			assert.Contains(t, got.out, test.out)
			assert.Contains(t, got.err, test.err)
			if test.err == "" {
				assert.Empty(t, got.err)
			}
		})
	}
}

// TestEndlessAnswer: an answer without an end is cut for programs, and says so.
func TestEndlessAnswer(t *testing.T) {
	t.Chdir("testdata")
	got := run(t, "", "request", "bare.ini", "/endless", "--json")
	require.Equal(t, 0, got.status, got.err)
	var doc struct {
		Body      string
		Truncated bool
	}
	require.NoError(t, json.Unmarshal([]byte(got.out), &doc))
	assert.True(t, doc.Truncated)
	assert.Len(t, doc.Body, 16<<20)
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

// TestOutputFails: what could not be written is not called a success.
func TestOutputFails(t *testing.T) {
	t.Chdir("testdata")
	for _, args := range []string{"check shop.ini", "show shop.ini", "routes shop.ini --json", "version", "help", "request bare.ini /"} {
		var errs strings.Builder
		status := command.Run(t.Context(), strings.Fields(args), strings.NewReader(""), full{}, &errs, shop())
		assert.Equal(t, 1, status, args)
		assert.Contains(t, errs.String(), "no space left on device", args)
	}
}

func TestVersion(t *testing.T) {
	got := run(t, "", "version", "--json")
	require.Equal(t, 0, got.status)
	var v map[string]any
	require.NoError(t, json.Unmarshal([]byte(got.out), &v))
	assert.Equal(t, "gowebob", v["program"])
	assert.Contains(t, v["go"], "go1.")
	for _, flag := range []string{"version", "--version", "-version"} {
		got := run(t, "", flag)
		assert.Equal(t, 0, got.status)
		assert.Regexp(t, `^gowebob \S+ .*go1\.\S+ \w+/\w+\n$`, got.out)
	}
}

// TestPath: a FILE is a path, whatever is in it.
func TestPath(t *testing.T) {
	t.Chdir(t.TempDir())
	text := []byte("[app:main]\nuse = egg:shop#echo\n")
	for _, name := range []string{"a b.ini", "a:b.ini", "50%20.ini", "c#.ini", "call.ini"} {
		require.NoError(t, os.WriteFile(name, text, 0o644))
		got := run(t, "", "check", name)
		assert.Equal(t, result{0, name + ": no faults\n", ""}, got)
	}
	require.NoError(t, os.Mkdir("dir", 0o755))
	require.NoError(t, os.WriteFile("dir/x.ini", []byte("[app:main]\n"), 0o644))
	assert.Contains(t, run(t, "", "check", "dir/x.ini").out, "dir/x.ini:1: [app:main] ")
	assert.Contains(t, run(t, "", "check", "dir").out, "dir: not a file but ")
}
