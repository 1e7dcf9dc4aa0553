package command

import (
	"strings"

	"github.com/gowebob/gowebob/deploy"
)

// together are the faults of several loads of one file, each once. It is nil if there are none.
func together(errs ...error) error {
	var all deploy.Faults
	told := map[string]bool{}
	for _, err := range errs {
		if err == nil {
			continue
		}
		for _, f := range faultsOf(err) {
			if text := f.Error(); !told[text] {
				told[text] = true
				all = append(all, f)
			}
		}
	}
	if len(all) == 0 {
		return nil
	}
	return inOrder(all)
}

// serverOptions are those of options for a server section, which a name in the URI does not
// mean.
func (c *call) serverOptions(p parsed, name string, more ...deploy.Option) []deploy.Option {
	if name == "" {
		name = "main"
	}
	return c.options(p, name, more...)
}

// serverPlan is what the server section says. Without one, and without a name that asks for
// it, the plan is nil, and why says so.
func (c *call) serverPlan(p parsed, name string) (plan *deploy.Plan, why string, err error) {
	file := uri(p.args[0])
	if !strings.HasPrefix(strings.ToLower(file), "config:") {
		return nil, printable(p.args[0]) + " is no file with a server section", nil
	}
	plan, err = deploy.NewServerPlan(file, c.reg, c.serverOptions(p, name, c.warn())...)
	if fault := noServer(err); name == "" && fault != nil {
		return nil, fault.Err.Error(), nil
	}
	return plan, "", err
}

// noServer finds the fault that there is no server section. It has no section and no line, as
// nothing in the file asked for it.
func noServer(err error) *deploy.Fault {
	if err == nil {
		return nil
	}
	faults := faultsOf(err)
	if f := faults[0]; len(faults) == 1 && f.Kind == deploy.NotFound && f.Section == "" && f.Line == 0 {
		return f
	}
	return nil
}
