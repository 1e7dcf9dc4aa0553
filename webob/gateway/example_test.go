package gateway_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/gateway"
)

// A FastCGI server and an app that asks it: a program of ours, or php-fpm.
func ExampleServeFastCGI() {
	dir, _ := os.MkdirTemp("", "gateway")
	defer os.RemoveAll(dir)
	l, err := gateway.ListenUnix(filepath.Join(dir, "app.sock"), 0o660)
	if err != nil {
		fmt.Println(err)
		return
	}
	app := dec.Wsgify(func(req *webob.Request) (string, error) {
		return "You are " + req.Environ().String("REMOTE_USER") + " at " + req.ScriptName(), nil
	})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- gateway.ServeFastCGI(ctx, l, app, nil) }()

	behind := &gateway.FastCGI{Network: "unix", Address: l.Addr().String(), Script: "/srv/app", Mount: "/app"}
	resp := webob.Blank("/app/x", webob.WithEnviron("REMOTE_USER", "Ada")).GetResponse(behind)
	text, err := resp.Text()
	fmt.Println(resp.StatusText(), text, err)
	stop()
	fmt.Println(<-ended)
	// Output:
	// 200 OK You are Ada at /app <nil>
	// <nil>
}

func ExampleCGI() {
	app := &gateway.CGI{Path: "/bin/sh", Args: []string{"-c", `
		echo "Content-Type: text/plain"
		echo
		echo "$REQUEST_METHOD $PATH_INFO by $REMOTE_USER"
	`}}
	resp := webob.Blank("/hello", webob.WithEnviron("REMOTE_USER", "Ada")).GetResponse(app)
	text, _ := resp.Text()
	fmt.Print(text)
	// Output: GET /hello by Ada
}

func ExampleFastCGI() {
	// php-fpm behind an app of ours: scripts below a folder, and a front controller.
	www, _ := os.MkdirTemp("", "www")
	defer os.RemoveAll(www)
	mux := http.NewServeMux()
	mux.Handle("/", &gateway.FastCGI{Network: "unix", Address: "/run/php/fpm.sock", Root: www})
	mux.Handle("/shop/", &gateway.FastCGI{Network: "unix", Address: "/run/php/fpm.sock", Script: "/srv/shop/public/index.php", Mount: "/shop"})
	resp := webob.Blank("/upload/cat.jpg/x.php").GetResponse(mux)
	fmt.Println(resp.Status())
	// Output: 404
}

func ExampleServeCGI() {
	// Run by a web server this answers the request; run by hand it says what is missing.
	os.Unsetenv("REQUEST_METHOD")
	fmt.Println(gateway.ServeCGI(webob.Text("Hello"), nil))
	// Output: gateway: this process was not started as a CGI program
}

func ExampleListenUnix() {
	dir, _ := os.MkdirTemp("", "gateway")
	defer os.RemoveAll(dir)
	l, err := gateway.ListenUnix(filepath.Join(dir, "app.sock"), 0o660)
	if err != nil {
		fmt.Println(err)
		return
	}
	server := &http.Server{Handler: webob.Text("Hello")}
	go server.Serve(l)
	fmt.Println(l.Addr().Network(), server.Close())
	// Output: unix <nil>
}
