package command

import (
	"flag"
	"fmt"

	"github.com/gowebob/gowebob/deploy"
)

const checkHelp = `Loads every section of the file, each by itself, and tells all that is wrong, a line
for each fault: file:line: [section] key: what. Servers do not start. The exit status is 0 if
all is well, else 1.`

// checked is the answer of check for programs.
type checked struct {
	File string `json:"file"`
	OK   bool   `json:"ok"`
	failure
}

func (c *call) check(args []string) int {
	fs := flag.NewFlagSet("check", flag.ContinueOnError)
	strict := fs.Bool("strict", false, "count warnings as faults")
	p, status, stop := c.parse(fs, args, 1)
	if stop {
		return status
	}
	var warnings deploy.Faults
	warn := deploy.OnWarning(func(f *deploy.Fault) { warnings = append(warnings, f) })
	var faults deploy.Faults
	if err := deploy.Check(uri(p.args[0]), c.reg, c.options(p, "", warn)...); err != nil {
		faults = faultsOf(err)
	}
	ok := len(faults) == 0 && !(*strict && len(warnings) > 0)
	if c.json {
		c.writeJSON(checked{p.args[0], ok, failure{plain(faults), plain(warnings)}})
	} else {
		c.verdict(p.args[0], faults, warnings)
	}
	if !ok {
		return exitFaults
	}
	return exitOK
}

// verdict writes what check has found, to standard output: it is what was asked for.
func (c *call) verdict(file string, faults, warnings deploy.Faults) {
	out := newPainter(c.out)
	out.faults(faults, false)
	out.faults(warnings, true)
	summary := "no faults"
	colour := green
	if len(faults) > 0 {
		summary, colour = count(len(faults), "fault"), red
	}
	if len(warnings) > 0 {
		summary += ", " + count(len(warnings), "warning")
	}
	fmt.Fprintln(c.out, out.paint(bold, printable(file))+": "+out.paint(colour, summary))
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
