// Remoteuser lets only some users in: one filter on REMOTE_USER, and the three ways in
// which a file can put it in front of an app: filter-with, a filter-app, a pipeline.
//
//	go run ./examples/remoteuser serve examples/remoteuser/remoteuser.ini
//	curl -i -u ada:ada http://127.0.0.1:8080/with
//	curl -i -u bob:bob http://127.0.0.1:8080/pipeline
//	curl -i http://127.0.0.1:8080/filterapp
//
// In real life a front server or a login sets REMOTE_USER. Here it is the toolkit's
// auth_basic, with passwords in the file that are good for nothing but trying.
package main

import "github.com/gowebob/gowebob/deploy/command"

func main() { command.Main(registry()) }
