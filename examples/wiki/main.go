// Wiki is a small wiki, and what to read first about gowebob. It keeps its pages as
// text files and needs nothing else:
//
//	go run ./examples/wiki
//
// The files, in the order of reading:
//
//	app.go           the functions that answer, and how they become an app
//	edit.go          the form: preview, save, two editors in conflict
//	filters.go       filters of a few lines each
//	render.go        templates, the stylesheet, ETags, the pages of errors
//	title.go, pages.go, markup.go   what a wiki needs beside HTTP
//
// The comments below its pages are a filter that knows nothing of wikis:
// examples/internal/comments, which examples/comments puts in front of any site.
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
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	dir := flag.String("dir", "wiki-pages", "folder of the pages, made if need be")
	flag.Parse()
	if flag.NArg() > 0 {
		log.Fatalf("wiki: unexpected argument %q", flag.Arg(0))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *addr, *dir); err != nil {
		log.Fatal("wiki: ", err)
	}
}

// run serves the wiki until ctx ends.
func run(ctx context.Context, addr, dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	app, err := newApp(root)
	if err != nil {
		return err
	}
	if err := seed(root); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	fmt.Printf("wiki: http://%s/ (pages in %s)\n", listener.Addr(), dir)

	server := &http.Server{
		Handler: app, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
		WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		patience, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		err := server.Shutdown(patience) // lets requests under way finish
		if errors.Is(err, context.DeadlineExceeded) {
			err = server.Close() // browsers open connections that they may never use
		}
		stopped <- err
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// seed gives a new wiki its first page.
func seed(root *os.Root) error {
	folder, err := subfolder(root, "pages")
	if err != nil {
		return err
	}
	defer folder.Close()
	pages := &Pages{folder}
	if titles, err := pages.Titles(); err != nil || len(titles) > 0 {
		return err
	}
	return pages.Save("Home", 0, welcome)
}
