package command

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gowebob/gowebob/deploy"
)

// Exit statuses.
const (
	exitOK     = 0
	exitFaults = 1 // the configuration has faults, or what was asked for has failed
	exitUsage  = 2 // the command line is wrong
)

// Main runs the command line of this process and exits. It is the whole main of a service:
//
//	func main() {
//		r := deploy.NewRegistry()
//		r.App("egg:shop#main", shop)
//		command.Main(r)
//	}
//
// What serve tells of its work goes to slog.Default(), which is as main has left it; with
// --json Main sets it to lines of JSON on standard error.
func Main(r *deploy.Registry) {
	c := &call{
		name: strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe"),
		ctx:  context.Background(), in: os.Stdin, out: os.Stdout, err: os.Stderr, reg: r,
	}
	c.logger = func() *slog.Logger {
		if c.json {
			slog.SetDefault(slog.New(slog.NewJSONHandler(c.err, nil)))
		}
		return slog.Default()
	}
	os.Exit(c.run(os.Args[1:]))
}

// Run runs one command line, args without the name of the program, and gives the exit
// status. It is Main for tests, and for programs with a command line of their own.
//
// The request of the request command has ctx as its context. serve ends by its server,
// which means by signals with one of package server; a ctx that can end ends it where the
// file has no server section, or --listen stands for it, and then signals are left to the
// caller. Nothing of the process is changed but what factories and servers do.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, r *deploy.Registry) int {
	c := &call{name: "gowebob", ctx: ctx, in: stdin, out: stdout, err: stderr, reg: r}
	c.logger = func() *slog.Logger {
		if c.json {
			return slog.New(slog.NewJSONHandler(c.err, nil))
		}
		return slog.New(slog.NewTextHandler(c.err, nil))
	}
	return c.run(args)
}

// call is one run of the program.
type call struct {
	name     string // of the program
	ctx      context.Context
	in       io.Reader
	out, err io.Writer
	reg      *deploy.Registry
	logger   func() *slog.Logger // for serve, when the flags are known
	json     bool
	quiet    bool     // warnings are told by another process
	warned   sync.Map // texts of the warnings that were told
}

// subcommand is one command. run has the flags and what they do.
type subcommand struct {
	name, args, brief string
	text              string // more, for its help
	run               func(*call, []string) int
}

func subcommands() []subcommand {
	return []subcommand{
		{"serve", "FILE [NAME=VALUE ...]", "serve an app until told to stop", serveHelp, (*call).serve},
		{"request", "FILE PATH [NAME=VALUE ...]", "send an app one request, without a server, and print the answer", requestHelp, (*call).request},
		{"check", "FILE [NAME=VALUE ...]", "tell all faults of a file", checkHelp, (*call).check},
		{"show", "FILE [NAME=VALUE ...]", "draw what an app is made of", showHelp, (*call).show},
		{"routes", "FILE [NAME=VALUE ...]", "list what answers which paths", routesHelp, (*call).routes},
		{"version", "", "tell the version of this program", "", (*call).version},
	}
}

// run runs the command line, and looks whether all that it has written has arrived.
func (c *call) run(args []string) int {
	out := &output{w: c.out}
	c.out = out
	status := c.dispatch(args)
	if out.err != nil && status == exitOK {
		fmt.Fprintf(c.err, "%s: %v\n", c.name, out.err)
		return exitFaults
	}
	return status
}

func (c *call) dispatch(args []string) int {
	if len(args) == 0 {
		c.usage(c.err)
		return exitUsage
	}
	name := args[0]
	switch name {
	case "-h", "-help", "--help":
		c.usage(c.out)
		return exitOK
	case "-version", "--version":
		name = "version"
	case "help":
		if len(args) == 1 {
			c.usage(c.out)
			return exitOK
		}
		name, args = args[1], []string{args[1], "--help"}
	}
	for _, s := range subcommands() {
		if s.name == name {
			return s.run(c, args[1:])
		}
	}
	fmt.Fprintf(c.err, "%s: there is no command %q; see %s help\n", c.name, printable(name), c.name)
	return exitUsage
}

// usage lists the commands.
func (c *call) usage(w io.Writer) {
	fmt.Fprintf(w, "%s serves what an INI file puts together of apps and filters.\n\nUsage: %s COMMAND [ARGUMENTS]\n\n", c.name, c.name)
	for _, s := range subcommands() {
		fmt.Fprintf(w, "  %-9s %s\n", s.name, s.brief)
	}
	fmt.Fprintf(w, "\n%s help COMMAND tells more.\n", c.name)
}

// parsed is a command line that has been read.
type parsed struct {
	args    []string // FILE, and PATH where there is one
	globals map[string]string
}

// parse reads the flags and arguments of a command, which takes n arguments before those of
// the form name=value. If it says stop, status is the exit status.
func (c *call) parse(fs *flag.FlagSet, args []string, n int) (p parsed, status int, stop bool) {
	fs.BoolVar(&c.json, "json", false, "for programs: write JSON")
	fs.SetOutput(io.Discard)
	rest, err := interspersed(fs, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		c.help(fs)
		return p, exitOK, true
	case err != nil:
		return p, c.misused(fs.Name(), "%s", flagError(err)), true
	case len(rest) < n:
		return p, c.misused(fs.Name(), "%s", []string{"the name of a FILE", "the PATH of the request"}[len(rest)]+" is missing"), true
	}
	p.args, p.globals = rest[:n], map[string]string{}
	for _, arg := range rest[n:] {
		name, value, ok := strings.Cut(arg, "=")
		if !ok || name == "" || n == 0 {
			return p, c.misused(fs.Name(), "one argument too many: %s", printable(arg)), true
		}
		p.globals[name] = value
	}
	return p, exitOK, false
}

// misused tells of a mistake in the command line.
func (c *call) misused(command, format string, args ...any) int {
	fmt.Fprintf(c.err, "%s %s: %s; see %s help %s\n", c.name, command, fmt.Sprintf(format, args...), c.name, command)
	return exitUsage
}

// help tells all of one command.
func (c *call) help(fs *flag.FlagSet) {
	for _, s := range subcommands() {
		if s.name != fs.Name() {
			continue
		}
		fmt.Fprintf(c.out, "Usage: %s\n\n%s.\n", strings.Join(strings.Fields(c.name+" "+s.name+" [FLAGS] "+s.args), " "), sentence(s.brief))
		if s.text != "" {
			fmt.Fprintf(c.out, "\n%s\n", s.text)
		}
	}
	fmt.Fprint(c.out, "\nFlags, wherever they stand:\n\n")
	fs.VisitAll(func(f *flag.Flag) {
		value, usage := flag.UnquoteUsage(f)
		if usage != "" { // else a short form, which the long one names
			fmt.Fprintf(c.out, "  %-18s %s\n", strings.TrimSpace("--"+f.Name+" "+value), usage)
		}
	})
	if fs.Name() != "version" {
		fmt.Fprintf(c.out, "\n%s\n", commonHelp)
	}
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

const commonHelp = `FILE is a path, with #NAME behind it for an app other than main, or one of the URIs
config:FILE#NAME and egg:NAME#ENTRY. NAME=VALUE sets a global, as [DEFAULT] does.`
