// Versions is the beginning of a service in the manner of OpenStack: / tells which
// versions of the API there are, /v1 is one of them, with a router, a controller and the
// action /v1/test.
//
//	go run ./examples/versions serve examples/versions/api-paste.ini
//	curl -i http://127.0.0.1:8080/
//	curl -i http://127.0.0.1:8080/v1/test
//	curl -i -H 'Content-Type: application/json' -d '{"name":"smoke"}' http://127.0.0.1:8080/v1/test
//
// The routes of a file, without a server:
//
//	go run ./examples/versions routes examples/versions/api-paste.ini
package main

import (
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/deploy/command"
	"github.com/gowebob/gowebob/deploy/standard"
)

func main() { command.Main(registry()) }

// registry names our factories as the file does: by module and attribute. In Go that is
// just a name, and so files written for a service in Python load as they are.
func registry() *deploy.Registry {
	r := standard.Registry()
	r.App("versions.api:Versions.factory", newVersions)
	r.App("versions.api.v1:Router.factory", newRouter)
	return r
}
