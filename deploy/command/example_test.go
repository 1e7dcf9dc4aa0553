package command_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/deploy/command"
)

// A service with an app of its own has the whole command line by this main.
func ExampleMain() {
	r := deploy.NewRegistry()
	r.App("egg:shop#main", func(c deploy.Config) (http.Handler, error) {
		greeting, ok := c.Get("greeting")
		if !ok {
			return nil, c.Errorf("greeting", "a shop without a greeting")
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, greeting) }), nil
	})
	command.Main(r)
}

// Run is a command line with everything handed in: a test of a service's files asks for
// their faults, or sends them a request.
func ExampleRun() {
	r := deploy.NewRegistry()
	r.App("egg:shop#main", func(c deploy.Config) (http.Handler, error) {
		var o struct {
			Greeting string `ini:",required"`
		}
		if err := c.Decode(&o); err != nil {
			return nil, err
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprintf(w, "%s to %s\n", o.Greeting, r.URL.Path)
		}), nil
	})

	dir, err := os.MkdirTemp("", "shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "shop.ini")
	run := func(name string, args ...string) int {
		return command.Run(context.Background(), append([]string{name, file}, args...), strings.NewReader(""), os.Stdout, os.Stdout, r)
	}

	os.WriteFile(file, []byte("[app:main]\nuse = egg:shop#main\ngreeting = Welcome\n"), 0o644)
	fmt.Println("status", run("request", "/cart", "--body"))
	fmt.Println("status", run("show"))

	// Output:
	// Welcome to /cart
	// status 0
	// [app:main] = egg:shop#main {greeting = Welcome}
	// status 0
}
