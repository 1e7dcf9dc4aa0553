// Waterworks is put together by a file: a tap, a shower and the boiler before it are
// three functions that know nothing of each other, and waterworks.ini says which
// pipe leads where. It is the program of many an article on PasteDeploy.
//
//	go run ./examples/waterworks serve examples/waterworks/waterworks.ini
//	curl -i http://127.0.0.1:8080/main/tap
//	curl -i http://127.0.0.1:8080/main/shower
//
// Without a server, and to look at the pipes:
//
//	go run ./examples/waterworks request examples/waterworks/waterworks.ini /main/shower
//	go run ./examples/waterworks show examples/waterworks/waterworks.ini
package main

import "github.com/gowebob/gowebob/deploy/command"

func main() { command.Main(registry()) }
