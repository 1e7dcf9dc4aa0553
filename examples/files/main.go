// Command files serves a folder, in four steps from a file read by hand to package
// static. It is WebOb's tutorial on serving files, as a program: each step is an app
// of its own under its own path, and does what the one before could not.
//
//	go run ./examples/files -root examples/files/public
//	curl -i localhost:8080/1/hello.txt
//	curl -i -r 0-4 localhost:8080/3/hello.txt
//	curl -i localhost:8080/4/
package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/header"
	"github.com/gowebob/gowebob/webob/static"
)

// folder is where the files are. Being an os.Root it cannot be left by any name.
type folder struct{ *os.Root }

// whole is the first step: the file is read into memory and answered. It works, and
// costs the size of the file for each request.
func (f folder) whole(req *webob.Request) (*webob.Response, error) {
	name := req.PathValue("name")
	if !filepath.IsLocal(name) {
		return nil, exc.NotFound
	}
	content, err := f.ReadFile(name)
	if err != nil {
		return nil, exc.From(err) // a file that is not there is a 404, and not a 500
	}
	kind, _ := static.Type(name)
	return webob.Bytes(kind, content), nil
}

// streamed is the second: the open file is the body. Memory stays small, the length is
// known, and the system sends the file by itself. The file is closed with the response.
func (f folder) streamed(req *webob.Request) (*webob.Response, error) {
	name := req.PathValue("name")
	if !filepath.IsLocal(name) {
		return nil, exc.NotFound
	}
	file, err := f.Open(name)
	if err != nil {
		return nil, exc.From(err)
	}
	resp := webob.NewResponse(http.StatusOK)
	if err := resp.SetFile(file); err != nil { // which closes it then
		return nil, exc.NotFound.Wrap(err)
	}
	kind, _ := static.Type(name)
	resp.Header().Set("Content-Type", kind)
	return resp, nil
}

// conditional is the third: with a tag, and asked to heed conditions, the response
// answers 304 to a client that has the file, and 206 to one that wants a part. It is
// the second step, changed: a response is a value.
func (f folder) conditional(req *webob.Request) (*webob.Response, error) {
	resp, err := f.streamed(req)
	if err != nil {
		return nil, err
	}
	changed, _ := header.LastModified.Get(resp.Header())
	size, _ := resp.ContentLength()
	tag := header.AsEntityTag(fmt.Sprintf("%x-%x", changed.Unix(), size))
	if err := header.ETag.Set(resp.Header(), tag); err != nil {
		return nil, err
	}
	resp.Header().Set("Accept-Ranges", "bytes")
	resp.Conditional(true)
	return resp, nil
}

// site has the four steps. The last is what one uses: directories, index pages, dot
// files hidden, types, errors, and all of the above.
func site(root *os.Root) (http.Handler, error) {
	all, err := static.NewRootDir(root, static.Options{Precompressed: []string{"gzip"}, Tags: true})
	if err != nil {
		return nil, err
	}
	f := folder{root}
	mux := http.NewServeMux()
	mux.Handle("GET /1/{name...}", dec.Wsgify(f.whole))
	mux.Handle("GET /2/{name...}", dec.Wsgify(f.streamed))
	mux.Handle("GET /3/{name...}", dec.Wsgify(f.conditional))
	mux.Handle("/4/", http.StripPrefix("/4", all))
	mux.Handle("/{$}", exc.Found.To("/4/"))
	return mux, nil
}

func main() {
	path := flag.String("root", ".", "the folder to serve")
	flag.Parse()
	root, err := os.OpenRoot(*path)
	if err != nil {
		log.Fatal(err)
	}
	defer root.Close()
	app, err := site(root)
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Addr: "localhost:8080", Handler: app, ReadHeaderTimeout: 10 * time.Second}
	log.Println("listening on http://" + server.Addr)
	log.Fatal(server.ListenAndServe())
}
