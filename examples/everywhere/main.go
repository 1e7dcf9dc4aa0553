// Command everywhere serves one app by four ways: its own HTTP server, one on a Unix
// socket for a proxy in front, FastCGI, and CGI. The app does not know which.
//
//	go run ./examples/everywhere -how http -at localhost:8080
//	go run ./examples/everywhere -how unix -at /tmp/app.sock
//	go run ./examples/everywhere -how fcgi -at /tmp/app.sock
//	REQUEST_METHOD=GET SERVER_PROTOCOL=HTTP/1.1 PATH_INFO=/ go run ./examples/everywhere -how cgi
//
// docs/gateways.md has the lines for nginx.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/gateway"
)

// hello says what it is told of the request.
func hello(req *webob.Request) (string, error) {
	user := req.Environ().String("REMOTE_USER")
	if user == "" {
		user = "whoever you are"
	}
	return fmt.Sprintf("Hello %s, this is %s, mounted at %q.\n", user, req.PathInfo(), req.ScriptName()), nil
}

func main() {
	how := flag.String("how", "http", "http, unix, fcgi or cgi")
	at := flag.String("at", "localhost:8080", "address, or path of a Unix socket")
	mount := flag.String("mount", "", "path the front has mounted the app at, if it does not say so itself")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *how, *at, *mount); err != nil {
		log.Fatal(err)
	}
}

// run serves until ctx ends, or, by CGI, its one request.
func run(ctx context.Context, how, at, mount string) error {
	app := dec.Wsgify(hello)
	options := &gateway.Options{Mount: mount}
	if how == "cgi" {
		return gateway.ServeCGI(app, options)
	}
	l, err := listen(at)
	if err != nil {
		return err
	}
	switch how {
	case "http", "unix":
		return serve(ctx, l, http.StripPrefix(strings.TrimSuffix(mount, "/"), app))
	case "fcgi":
		return gateway.ServeFastCGI(ctx, l, app, options)
	}
	l.Close()
	return fmt.Errorf("no way is called %q", how)
}

// listen takes a path for a Unix socket, anything else for an address.
func listen(at string) (net.Listener, error) {
	if strings.Contains(at, "/") {
		return gateway.ListenUnix(at, 0o660)
	}
	return net.Listen("tcp", at)
}

func serve(ctx context.Context, l net.Listener, app http.Handler) error {
	server := &http.Server{Handler: app, ReadHeaderTimeout: 10 * time.Second}
	stopped := make(chan error, 1)
	defer context.AfterFunc(ctx, func() {
		limit, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		stopped <- server.Shutdown(limit)
	})()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
