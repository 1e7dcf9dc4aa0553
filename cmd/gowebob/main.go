// Command gowebob serves, checks and draws what an INI file puts together of the standard
// apps and filters. A service with factories of its own has the same command line by
// command.Main: see package command, and docs/command.md.
package main

import (
	"github.com/gowebob/gowebob/deploy/command"
	"github.com/gowebob/gowebob/deploy/standard"
)

func main() { command.Main(standard.Registry()) }
