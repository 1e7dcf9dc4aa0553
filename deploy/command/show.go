package command

import (
	"flag"
	"fmt"
	"strings"

	"github.com/gowebob/gowebob/deploy"
)

const showHelp = `Requests go from the server to the app, through each filter on the way. Composites show
what they choose from, by the settings that name it. What may be a secret is masked. Of the
factories only those of composites are called, and nothing is opened. Formats are text,
mermaid, svg and json.`

// drawing is the answer of show for programs.
type drawing struct {
	Server *deploy.Plan `json:"server,omitempty"`
	App    *deploy.Plan `json:"app"`
}

func (c *call) show(args []string) int {
	fs := flag.NewFlagSet("show", flag.ContinueOnError)
	app := fs.String("app", "", "section `NAME` of the app, main if not given")
	server := fs.String("server", "", "section `NAME` of the server, main if not given")
	format := fs.String("format", "text", "`FORMAT` of the drawing")
	p, status, stop := c.parse(fs, args, 1)
	if stop {
		return status
	}
	if c.json {
		*format = "json"
	}
	write, ok := map[string]func(drawing) string{
		"text":    func(d drawing) string { return d.whole().String() },
		"mermaid": func(d drawing) string { return d.whole().Mermaid() },
		"svg":     func(d drawing) string { return drawSVG(d.whole(), p.args[0]) },
		"json":    nil,
	}[*format]
	if !ok {
		return c.misused("show", "there is no format %s", printable(*format))
	}
	c.json = *format == "json"
	var d drawing
	var err, serverErr error
	d.App, err = deploy.NewPlan(uri(p.args[0]), c.reg, c.options(p, *app, c.warn())...)
	d.Server, _, serverErr = c.serverPlan(p, *server)
	if faults := together(err, serverErr); faults != nil {
		return c.failed(faults)
	}
	if write == nil {
		c.writeJSON(d)
		return exitOK
	}
	text := write(d)
	if *format == "text" { // the others have escapes of their own
		text = printableLines(text)
	}
	fmt.Fprint(c.out, text)
	return exitOK
}

// whole is the server with the app behind it.
func (d drawing) whole() *deploy.Plan {
	if d.Server == nil {
		return d.App
	}
	server := *d.Server
	server.Children = []*deploy.Plan{d.App}
	return &server
}

func printableLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = printable(line)
	}
	return strings.Join(lines, "\n")
}
