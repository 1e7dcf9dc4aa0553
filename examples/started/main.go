// Started says hello three times: as a function, as an object with settings, and from a
// server that the program itself starts, waits for and stops, as services built on
// eventlet do.
//
//	go run ./examples/started
//	curl http://127.0.0.1:8080/function
//	curl 'http://127.0.0.1:8080/object?name=Ada'
//
// Ctrl-C stops it, when the requests under way have their answers.
package main

import (
	"context"
	"flag"
	"log"
	"net/http"
	"os/signal"
	"syscall"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/server"
)

func main() {
	file := flag.String("file", "examples/started/hello.ini", "the configuration")
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	s, err := start(*file, *addr)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("started: http://%s/", s.Addrs()[0])
	if err := wait(ctx, s); err != nil {
		log.Fatal(err)
	}
}

// start loads the app and starts a server for it.
func start(file, addr string) (*server.Server, error) {
	app, err := deploy.NewLive(func() (http.Handler, error) { return deploy.LoadApp(file, registry()) })
	if err != nil {
		return nil, err
	}
	s, err := server.New(app, server.Options{Listen: []string{addr}})
	if err != nil {
		return nil, err
	}
	return s, s.Start()
}

// wait stops the server when ctx ends, and returns when it has stopped. server.Run does
// all of this, signals and worker processes too, in one call.
func wait(ctx context.Context, s *server.Server) error {
	go func() {
		<-ctx.Done()
		s.Stop(context.Background())
	}()
	return s.Wait()
}
