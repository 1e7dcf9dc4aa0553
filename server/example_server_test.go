package server_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"time"

	"github.com/gowebob/gowebob/server"
)

var hello = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, "hello")
})

var quiet = slog.New(slog.DiscardHandler)

func fetch(url string) string {
	resp, err := http.Get(url)
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		log.Fatal(err)
	}
	return string(body)
}

// A server whose life the program has in its own hands.
func Example() {
	s, err := server.New(hello, server.Options{Listen: []string{"127.0.0.1:0"}, Logger: quiet})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("before:", s.Serving())
	if err := s.Start(); err != nil {
		log.Fatal(err)
	}
	<-s.Ready()
	fmt.Println("after:", s.Serving())
	fmt.Println(fetch("http://" + s.Addrs()[0].String()))

	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	fmt.Println(s.Stop(ctx), s.Wait())
	// Output:
	// before: false
	// after: true
	// hello
	// <nil> <nil>
}

// What cannot be is said before anything is opened.
func ExampleNew() {
	_, err := server.New(hello, server.Options{CertFile: "server.pem"})
	fmt.Println(err)
	fmt.Println(server.ExitCode(err) == server.ExitConfig)
	// Output:
	// server: bad option: cert_file and key_file belong together, "server.pem" and "" are given
	// true
}

// A main with nothing else: serves until SIGTERM, reloads on SIGHUP.
func ExampleRun() {
	err := server.Run(hello, server.Options{
		Listen:  []string{"127.0.0.1:8000", "unix:/run/hello.sock"},
		Workers: 4,
	})
	if err != nil {
		log.Print(err)
	}
	// and then os.Exit(server.ExitCode(err))
}

// counted counts how often it was loaded.
type counted struct{ n int }

func (c *counted) Reload() error { c.n++; return nil }

func (c *counted) ServeHTTP(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "load ", c.n) }

// SIGHUP does the same where Run serves.
func ExampleServer_Reload() {
	s, err := server.New(&counted{n: 1}, server.Options{Listen: []string{"127.0.0.1:0"}, Logger: quiet})
	if err != nil {
		log.Fatal(err)
	}
	if err := s.Start(); err != nil {
		log.Fatal(err)
	}
	defer s.Stop(context.Background())
	url := "http://" + s.Addrs()[0].String()
	fmt.Println(fetch(url))
	fmt.Println(s.Reload())
	fmt.Println(fetch(url))
	// Output:
	// load 1
	// <nil>
	// load 2
}
