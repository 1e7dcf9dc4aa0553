package command

import (
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
)

const ourModule = "github.com/gowebob/gowebob"

// versions is the answer of version for programs.
type versions struct {
	Program  string `json:"program"`
	Module   string `json:"module,omitempty"`
	Version  string `json:"version"`
	Gowebob  string `json:"gowebob"`
	Revision string `json:"revision,omitempty"`
	Modified bool   `json:"modified,omitempty"` // the tree was not that of the revision
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func (c *call) version(args []string) int {
	fs := flag.NewFlagSet("version", flag.ContinueOnError)
	if _, status, stop := c.parse(fs, args, 0); stop {
		return status
	}
	v := c.versions()
	if c.json {
		c.writeJSON(v)
		return exitOK
	}
	fmt.Fprintf(c.out, "%s %s", v.Program, v.Version)
	if v.Module != ourModule {
		fmt.Fprintf(c.out, " (gowebob %s)", v.Gowebob)
	}
	if v.Revision != "" {
		fmt.Fprintf(c.out, " %s", v.Revision)
		if v.Modified {
			fmt.Fprint(c.out, " and changes")
		}
	}
	fmt.Fprintf(c.out, " %s %s\n", v.Go, v.Platform)
	return exitOK
}

// versions reads what the linker has written into this program.
func (c *call) versions() versions {
	v := versions{Program: c.name, Version: "(unknown)", Gowebob: "(unknown)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	v.Module, v.Version = info.Main.Path, orUnknown(info.Main.Version)
	if v.Module == ourModule {
		v.Gowebob = v.Version
	}
	for _, dep := range info.Deps {
		if dep.Path == ourModule {
			v.Gowebob = orUnknown(dep.Version)
		}
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}

func orUnknown(version string) string {
	if version == "" {
		return "(unknown)"
	}
	return version
}
