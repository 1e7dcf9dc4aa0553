// Command comments puts comments below every HTML page of a site that knows nothing
// of them: a folder of yours, or a small built-in one. It is WebOb's tutorial of a
// comment middleware, as a program; the filter itself is examples/internal/comments.
//
//	go run ./examples/comments                     # the built-in site
//	go run ./examples/comments -site ./public      # a folder with index.html and so on
//
// Then look at http://localhost:8080/ and say something. Without a browser:
//
//	curl -d page=/ -d name=Ada --data-urlencode 'text=Hello <b>you</b>' localhost:8080/.comments
//	curl localhost:8080/ | tail -25                # escaped, below the page
//	curl -r 0-14 localhost:8080/                   # parts are those of the page with comments
//	curl -N localhost:8080/ticks                   # a stream of text goes by untouched
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/gowebob/gowebob/examples/internal/comments"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "address to listen on")
	folder := flag.String("site", "", "folder of the site; without it a small built-in one")
	dir := flag.String("comments", "site-comments", "folder of the comments, made if need be")
	flag.Parse()
	app, err := newApp(*folder, *dir)
	if err != nil {
		log.Fatal("comments: ", err)
	}
	server := &http.Server{Addr: *addr, Handler: app, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute}
	log.Printf("listening on http://%s/ (comments in %s)", *addr, *dir)
	log.Fatal(server.ListenAndServe())
}

// newApp is the site with its comments.
func newApp(folder, dir string) (http.Handler, error) {
	site, err := siteOf(folder)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	if within(folder, dir) {
		return nil, fmt.Errorf("the comments in %s would be served as files: keep them outside of %s", dir, folder)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	// A filter takes any handler and is one: here http.FileServer is inside of it, and
	// net/http's guard against forms on other sites outside.
	return http.NewCrossOriginProtection().Handler(comments.NewStore(root).Filter(site)), nil
}

// siteOf is a handler without any notion of comments.
func siteOf(folder string) (http.Handler, error) {
	if folder == "" {
		return demo(), nil
	}
	root, err := os.OpenRoot(folder) // so that no link leads out of it
	if err != nil {
		return nil, err
	}
	return http.FileServerFS(root.FS()), nil
}

// within says whether a folder lies in the site's, links followed.
func within(site, dir string) bool {
	if site == "" {
		return false
	}
	site, err1 := filepath.EvalSymlinks(absolute(site))
	dir, err2 := filepath.EvalSymlinks(absolute(dir))
	rel, err3 := filepath.Rel(site, dir)
	return errors.Join(err1, err2, err3) == nil && filepath.IsLocal(rel)
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}
