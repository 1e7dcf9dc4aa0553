package client_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/client"
)

func ExampleNew() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "asked for ", r.URL)
	}))
	defer server.Close()

	backend, err := client.New(server.URL+"/v1", client.Options{Timeout: 5 * time.Second})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer backend.Close()
	mux := http.NewServeMux()
	mux.Handle("/api/", http.StripPrefix("/api", backend))

	text, err := webob.Blank("/api/items?page=2").GetResponse(mux).Text()
	fmt.Println(text, err)
	// Output: asked for /v1/items?page=2 <nil>
}

func ExampleDo() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s", r.Method, r.URL, body)
	}))
	defer server.Close()

	resp := client.Do(webob.Blank(server.URL+"/items", webob.WithForm("name", "Ada")))
	text, err := resp.Text()
	fmt.Println(resp.Status(), text, err)
	// Output: 200 POST /items name=Ada <nil>
}

func ExampleNewSender() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/new", http.StatusFound)
	}))
	defer server.Close()

	sender := client.NewSender(client.Options{MaxBody: 1 << 20})
	defer sender.Close()
	resp := webob.Blank(server.URL + "/old").GetResponse(sender)
	defer resp.Close()
	fmt.Println(resp.Status(), resp.Header().Get("Location"))
	// Output: 302 /new
}

// What went wrong is an error that tells its status.
func ExampleApp_Respond() {
	server := httptest.NewServer(nil)
	server.Close() // nobody listens any more

	backend, err := client.New(server.URL, client.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	resp := webob.Blank("/").GetResponse(backend)
	fmt.Println(resp.Status(), errors.Is(resp.Err(), exc.BadGateway))
	// Output: 502 true
}

func ExampleOptions_forward() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Header["Forwarded"])
	}))
	defer server.Close()
	backend, err := client.New(server.URL, client.Options{Forward: client.ForwardRFC7239})
	if err != nil {
		fmt.Println(err)
		return
	}
	req := webob.Blank("http://example.com/", webob.WithEnviron("REMOTE_ADDR", "192.0.2.7"))
	text, err := req.GetResponse(backend).Text()
	fmt.Println(text, err)
	// Output: [for=192.0.2.7;host="example.com:80";proto=http] <nil>
}
