// Command serve serves one workload of one peer on loopback, for cmd/e2e or by
// hand. It prints its address on the first line of standard output and ends when
// standard input ends.
//
//	go run ./cmd/serve -peer chi -work pipeline8
package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"github.com/gofiber/fiber/v3"
	"github.com/gowebob/gowebob/benchmarks"
)

func main() {
	peer := flag.String("peer", "raw", "peer")
	work := flag.String("work", "hello", "workload")
	flag.Parse()
	if err := run(*peer, *work); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(1)
	}
}

func run(peer, work string) error {
	serve, err := server(peer, work)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(ln.Addr())
	failed := make(chan error, 1)
	go func() { failed <- serve(ln) }()
	go func() {
		io.Copy(io.Discard, os.Stdin)
		failed <- nil
	}()
	return <-failed
}

// server gives the loop that serves a workload.
func server(peer, work string) (func(net.Listener) error, error) {
	if peer == "fiber" {
		app := fiberApp()
		return func(ln net.Listener) error {
			return app.Listener(ln, fiber.ListenConfig{DisableStartupMessage: true})
		}, nil
	}
	p := benchmarks.PeerNamed(peer)
	if p == nil {
		return nil, fmt.Errorf("no peer %q", peer)
	}
	h, ok := p.Apps[work]
	if !ok {
		return nil, fmt.Errorf("%s does not do %q", peer, work)
	}
	return func(ln net.Listener) error { return http.Serve(ln, h) }, nil
}
