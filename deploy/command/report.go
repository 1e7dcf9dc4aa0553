package command

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/gowebob/gowebob/deploy"
)

// fault is a fault as programs read it.
type fault struct {
	Kind    string `json:"kind"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Section string `json:"section,omitempty"`
	Key     string `json:"key,omitempty"`
	Message string `json:"message"`
}

// failure is the answer of any command that fails, as programs read it.
type failure struct {
	Faults   []fault `json:"faults"`
	Warnings []fault `json:"warnings,omitempty"`
}

// faultsOf are the faults of an error, in the order of the lines. One that is none of
// package deploy's has no place.
func faultsOf(err error) deploy.Faults {
	var many deploy.Faults
	if errors.As(err, &many) {
		return inOrder(many)
	}
	var one *deploy.Fault
	if errors.As(err, &one) {
		return deploy.Faults{one}
	}
	return deploy.Faults{{Kind: deploy.Refused, Err: err}}
}

// inOrder sorts faults by their lines, file by file.
func inOrder(faults deploy.Faults) deploy.Faults {
	files := map[string]int{}
	for _, f := range faults {
		if _, ok := files[f.File]; !ok {
			files[f.File] = len(files)
		}
	}
	return slices.SortedStableFunc(slices.Values(faults), func(a, b *deploy.Fault) int {
		return cmp.Or(cmp.Compare(files[a.File], files[b.File]), cmp.Compare(a.Line, b.Line))
	})
}

// plain are faults for JSON.
func plain(faults deploy.Faults) []fault {
	list := make([]fault, len(faults))
	for i, f := range faults {
		list[i] = fault{string(f.Kind), f.File, f.Line, f.Section, f.Key, f.Err.Error()}
	}
	return list
}

// painter writes faults for people, with colours on a terminal that has them.
type painter struct {
	w      io.Writer
	colour bool
}

func newPainter(w io.Writer) painter { return painter{w, isTerminal(w) && wantsColour()} }

// output is standard output. It remembers what went wrong with it.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if o.err == nil {
		o.err = err
	}
	return n, err
}

func isTerminal(w io.Writer) bool {
	if o, ok := w.(*output); ok {
		w = o.w
	}
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// wantsColour heeds https://no-color.org.
func wantsColour() bool { return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" }

func (p painter) paint(code, s string) string {
	if !p.colour || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

const (
	bold   = "1"
	red    = "31"
	yellow = "33"
	green  = "32"
)

// faults writes one line for each: file:line: [section] key: what is wrong.
func (p painter) faults(faults deploy.Faults, warning bool) {
	for _, f := range faults {
		at := f.File
		if at != "" && f.Line > 0 {
			at += ":" + strconv.Itoa(f.Line)
		}
		if at != "" {
			at += ": "
		}
		label := ""
		if warning {
			label = p.paint(yellow, "warning:") + " "
		}
		section, key := f.Section, f.Key
		if section != "" {
			section = "[" + section + "] "
		}
		if key != "" {
			key += ": "
		}
		message := printable(strings.ReplaceAll(f.Err.Error(), "\n", "; "))
		if !warning {
			message = p.paint(red, message)
		}
		fmt.Fprintln(p.w, p.paint(bold, printable(at))+label+printable(section+key)+message)
	}
}

// printable has what would change a terminal's state written as an escape.
func printable(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == unicode.ReplacementChar || unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRune(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// writeJSON writes one document, indented.
func (c *call) writeJSON(v any) {
	e := json.NewEncoder(c.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		fmt.Fprintf(c.err, "%s: %v\n", c.name, err)
	}
}

// failed tells why a command cannot do what it is asked to: on standard error, or with --json on
// standard output.
func (c *call) failed(err error) int {
	if c.json {
		c.writeJSON(failure{Faults: plain(faultsOf(err))})
	} else {
		newPainter(c.err).faults(faultsOf(err), false)
	}
	return exitFaults
}

// warn is the option that has warnings told at once, each once, on standard error. Programs
// get them from check.
func (c *call) warn() deploy.Option {
	return deploy.OnWarning(func(f *deploy.Fault) {
		if c.json || c.quiet {
			return
		}
		if _, told := c.warned.LoadOrStore(f.Error(), true); !told {
			newPainter(c.err).faults(deploy.Faults{f}, true)
		}
	})
}
