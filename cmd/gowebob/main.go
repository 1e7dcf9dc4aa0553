// Command gowebob serves, checks and draws what an INI file puts together of the standard
// apps and filters. A service with factories of its own has the same command line by
// command.Main: see package command.
package main

import (
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/deploy/command"
)

func main() {
	r := deploy.NewRegistry()
	register(r)
	command.Main(r)
}

// register fills in the standard factories.
func register(*deploy.Registry) {}
