// Command loadtest puts a server under constant load on the loopback interface while its
// configuration is reloaded, its workers are killed and it is stopped, and counts what
// went wrong:
//
//	go run ./internal/loadtest -connections 300 -reloads 20 -kills 5
//	go run ./internal/loadtest -http h2 -connections 300 -reloads 20 -kills 5
//
// Every answer is checked byte for byte. The exit status is 1 if one failed or was cut off
// that no killed worker had in hand. docs/reliability.md has its figures.
package main
