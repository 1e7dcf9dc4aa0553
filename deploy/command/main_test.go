package command_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/deploy/command"
	"github.com/gowebob/gowebob/deploy/standard"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/routes"
	"github.com/gowebob/gowebob/server"
	"github.com/gowebob/gowebob/webob"
)

// asProgram has this test binary be the program shop.
const asProgram = "GOWEBOB_TEST_SHOP"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		command.Main(shop())
	}
	os.Exit(m.Run())
}

// shop is the registry of a service with factories of its own beside the standard ones.
func shop() *deploy.Registry {
	r := standard.Registry()
	r.App("egg:shop#main", pages)
	r.App("egg:shop#echo", func(deploy.Config) (http.Handler, error) { return http.HandlerFunc(echo), nil })
	r.App("egg:shop#fails", func(deploy.Config) (http.Handler, error) {
		return dec.Wsgify(func(*webob.Request) (string, error) { return "", errors.New("the till is empty") }), nil
	})
	r.App("egg:shop#items", items)
	r.App("egg:shop#built", func(deploy.Config) (http.Handler, error) {
		m := routes.NewURLMap()
		m.Handle("/made", http.HandlerFunc(echo))
		return m, nil
	})
	r.Filter("egg:shop#stamp", stamp)
	r.Filter("egg:shop#router", func(deploy.Config) (func(http.Handler) http.Handler, error) {
		m := routes.NewMapper()
		m.Connect("/about", nil, routes.Name("about"))
		return m.Middleware, m.Err()
	})
	r.ServerRunner("egg:shop#late", func(app http.Handler, _ deploy.Config) error {
		return server.Run(app, server.Options{Port: -1})
	})
	r.Composite("egg:shop#first", func(l deploy.Loader, c deploy.Config) (http.Handler, error) {
		var apps []http.Handler
		for _, key := range c.Keys() {
			name, _ := c.Get(key)
			app, err := l.App(name, nil)
			if err != nil {
				return nil, err
			}
			apps = append(apps, app)
		}
		return routes.NewCascade(apps, routes.CascadeOptions{})
	})
	return r
}

func pages(c deploy.Config) (http.Handler, error) {
	var o struct {
		Greeting string `ini:",required"`
		Timeout  time.Duration
		Currency string `ini:",global"`
	}
	if err := c.Decode(&o); err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			slog.Info("slow begins")
			time.Sleep(o.Timeout)
		}
		if o.Currency != "" {
			w.Header().Set("X-Currency", o.Currency)
		}
		fmt.Fprintf(w, "%s to %s\n", o.Greeting, r.URL.Path)
	}), nil
}

// echo tells what it was asked.
func echo(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/binary":
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Write([]byte{0xff, 0xfe, 0})
		return
	case "/endless":
		block := bytes.Repeat([]byte("all work and no play "), 4096)
		for {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	case "/panic":
		panic("on purpose")
	}
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintf(w, "%s %s\nHost: %s\nContent-Type: %s\nX-Test: %q\n%s\n", r.Method, r.URL, r.Host, r.Header.Get("Content-Type"), r.Header["X-Test"], body)
}

func items(deploy.Config) (http.Handler, error) {
	m := routes.NewMapper()
	app := http.HandlerFunc(echo)
	m.Connect("/items", app, routes.Name("items"), routes.Methods("GET", "POST"))
	m.Connect("/items/{id}", app, routes.Name("item"), routes.Requirement("id", `\d+`))
	m.Redirect("/articles", "/items")
	m.Connect("/secret", dec.Wsgify(func(*webob.Request) (string, error) { return "", exc.Forbidden }))
	return m, m.Err()
}

func stamp(c deploy.Config) (func(http.Handler) http.Handler, error) {
	mark, ok := c.Get("mark")
	if !ok {
		return nil, c.Errorf("mark", "a stamp needs a mark")
	}
	return func(app http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("X-Stamp", mark)
			app.ServeHTTP(w, r)
		})
	}, nil
}

// result is what a command line has done.
type result struct {
	status   int
	out, err string
}

func run(t testing.TB, stdin string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	status := command.Run(ctx, args, strings.NewReader(stdin), &out, &errs, shop())
	return result{status, out.String(), errs.String()}
}
