package server_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/gowebob/gowebob/server"
)

// startExample starts a server on any port.
func startExample(app http.Handler, o server.Options) (*server.Server, string) {
	o.Listen, o.Logger = []string{"127.0.0.1:0"}, quiet
	s, err := server.New(app, o)
	if err != nil {
		log.Fatal(err)
	}
	if err := s.Start(); err != nil {
		log.Fatal(err)
	}
	return s, "http://" + s.Addrs()[0].String()
}

// An answer without an end ends when the server stops.
func ExampleEndOnStop() {
	var s *server.Server
	news := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "news")
		http.NewResponseController(w).Flush()
		go s.Stop(context.Background()) // somebody sends SIGTERM
		<-r.Context().Done()
		fmt.Fprint(w, "the end: ", context.Cause(r.Context()))
	}
	s, url := startExample(server.EndOnStop(http.HandlerFunc(news)), server.Options{})
	fmt.Println(fetch(url))
	fmt.Println(s.Wait())
	// Output:
	// news
	// the end: server: stopping
	// <nil>
}

// A stream that wants to say good-bye watches the channel.
func ExampleStopping() {
	var s *server.Server
	ticker := func(w http.ResponseWriter, r *http.Request) {
		go s.Stop(context.Background())
		<-server.Stopping(r.Context())
		fmt.Fprint(w, "back in a minute; still alive: ", r.Context().Err() == nil)
	}
	s, url := startExample(http.HandlerFunc(ticker), server.Options{})
	fmt.Println(fetch(url))
	s.Wait()
	// Output: back in a minute; still alive: true
}

// A load balancer asks here whether to send requests.
func ExampleServer_Health() {
	s, url := startExample(hello, server.Options{HealthPath: "/healthz"})
	fmt.Print(fetch(url + "/healthz"))

	fmt.Println(s.Stop(context.Background()))
	w := httptest.NewRecorder() // on a port of its own it goes on answering
	s.Health().ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	fmt.Print(w.Code, " ", w.Body)
	// Output:
	// ok
	// <nil>
	// 503 stopping
}

// Stop tells what did not come to its end in time.
func ExampleCutOff() {
	entered, release := make(chan bool), make(chan bool)
	stuck := func(http.ResponseWriter, *http.Request) {
		close(entered)
		<-release
	}
	s, url := startExample(http.HandlerFunc(stuck), server.Options{DrainTimeout: 50 * time.Millisecond})
	go http.Get(url)
	<-entered
	err := s.Stop(context.Background())
	var cut *server.CutOff
	fmt.Println(errors.As(err, &cut), cut.Conns)
	fmt.Println(err)
	close(release)
	// Output:
	// true 1
	// server: 1 connections cut off
}

// A program with workers runs main in each of them; some things are for the first process alone.
func ExampleInWorker() {
	if !server.InWorker() {
		fmt.Println("shop, version 3")
	}
	// and then server.Run
	// Output: shop, version 3
}
