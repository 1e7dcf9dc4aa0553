package static_test

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing/fstest"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/static"
)

//go:embed testdata
var assets embed.FS

// folder is a directory with a file in it and a secret beside it.
func folder() (path string, remove func()) {
	top, err := os.MkdirTemp("", "static")
	if err != nil {
		panic(err)
	}
	path = filepath.Join(top, "public")
	os.Mkdir(path, 0o755)
	os.WriteFile(filepath.Join(path, "notes.txt"), []byte("some notes\n"), 0o644)
	os.WriteFile(filepath.Join(top, "secret.txt"), []byte("secret\n"), 0o644)
	os.Symlink("../secret.txt", filepath.Join(path, "link.txt"))
	return path, func() { os.RemoveAll(top) }
}

func ExampleOpenDir() {
	path, remove := folder()
	defer remove()
	dir, err := static.OpenDir(path, static.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer dir.Close()
	for _, asked := range []string{"/notes.txt", "/link.txt", "/../secret.txt", "/"} {
		resp := webob.Blank(asked).GetResponse(dir)
		fmt.Println(asked, resp.StatusText(), resp.Header().Get("Content-Type"))
		resp.Close()
	}
	// Output:
	// /notes.txt 200 OK text/plain; charset=utf-8
	// /link.txt 404 Not Found text/plain; charset=utf-8
	// /../secret.txt 403 Forbidden text/plain; charset=utf-8
	// / 404 Not Found text/plain; charset=utf-8
}

func ExampleNewDir() {
	site, err := fs.Sub(assets, "testdata/site")
	if err != nil {
		fmt.Println(err)
		return
	}
	dir, err := static.NewDir(site, static.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/static/", http.StripPrefix("/static", dir))

	resp := webob.Blank("/static/hello.txt").GetResponse(mux)
	text, err := resp.Text()
	fmt.Printf("%q %v\n", text, err)
	tag := resp.Header().Get("ETag")
	again := webob.Blank("/static/hello.txt", webob.WithHeader("Range", "bytes=0-4"), webob.WithHeader("If-Range", tag)).GetResponse(mux)
	text, err = again.Text()
	fmt.Printf("%q %v\n", text, err)
	// Output:
	// "hello, world\n" <nil>
	// "hello" <nil>
}

func ExampleNewRootDir() {
	path, remove := folder()
	defer remove()
	root, err := os.OpenRoot(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer root.Close()
	dir, err := static.NewRootDir(root, static.Options{List: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	page, err := webob.Blank("/").GetResponse(dir).Text()
	fmt.Println(strings.Contains(page, `<a href="./notes.txt">notes.txt</a>`), err)
	// Output: true <nil>
}

func ExampleNewFile() {
	path, remove := folder()
	defer remove()
	notes, err := static.NewFile(filepath.Join(path, "notes.txt"), static.Options{CacheControl: "no-cache"})
	if err != nil {
		fmt.Println(err)
		return
	}
	resp := webob.Blank("/whatever").GetResponse(notes)
	text, err := resp.Text()
	fmt.Printf("%q %s %v\n", text, resp.Header().Get("Cache-Control"), err)
	fmt.Println(errors.Is(webob.Blank("/", webob.WithMethod("PUT")).GetResponse(notes).Err(), exc.MethodNotAllowed))
	// Output:
	// "some notes\n" no-cache <nil>
	// true
}

func ExampleNewFSFile() {
	favicon, err := static.NewFSFile(assets, "testdata/site/hello.txt", static.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(webob.Blank("/favicon.ico").GetResponse(favicon).Header().Get("Content-Type"))
	// Output: text/plain; charset=utf-8
}

// An application that runs in the browser: its page for every path, its assets for
// ever.
func ExampleOptions() {
	dist := fstest.MapFS{
		"index.html":                {Data: []byte("<title>app</title>")},
		"assets/app.3f9a2b1c.js":    {Data: []byte("alert(1)")},
		"assets/app.3f9a2b1c.js.br": {Data: []byte("(brotli)")},
	}
	app, err := static.NewDir(dist, static.Options{
		Fallback:      "index.html",
		Precompressed: []string{"br", "zstd", "gzip"},
		CacheControl:  "no-cache",
		Immutable:     static.Hashed,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, path := range []string{"/users/7", "/assets/app.3f9a2b1c.js", "/assets/gone.js"} {
		resp := webob.Blank(path, webob.WithHeader("Accept-Encoding", "gzip, br")).GetResponse(app)
		fmt.Printf("%d %s %q %q\n", resp.Status(), path, resp.Header().Get("Cache-Control"), resp.Header().Get("Content-Encoding"))
		resp.Close()
	}
	// Output:
	// 200 /users/7 "no-cache" ""
	// 200 /assets/app.3f9a2b1c.js "public, max-age=31536000, immutable" "br"
	// 404 /assets/gone.js "" ""
}

func ExampleType() {
	for _, name := range []string{"logo.svg", "backup.tar.gz", "README"} {
		mediaType, coding := static.Type(name)
		fmt.Printf("%s: %s %q\n", name, mediaType, coding)
	}
	// Output:
	// logo.svg: image/svg+xml; charset=utf-8 ""
	// backup.tar.gz: application/x-tar "gzip"
	// README: application/octet-stream ""
}

func ExampleHashed() {
	fmt.Println(static.Hashed("js/app.3f9a2b1c.js"), static.Hashed("js/app.js"))
	// Output: true false
}

func ExampleBlocks() {
	for block, err := range static.Blocks(strings.NewReader("0123456789"), 2, 9, 3) {
		fmt.Printf("%s %v\n", block, err)
	}
	// Output:
	// 234 <nil>
	// 567 <nil>
	// 8 <nil>
}
