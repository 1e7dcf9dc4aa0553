package main

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// blog shows the text files of a folder, the newest name first. The first line of a
// post is its title.
type blog struct {
	title string
	posts *os.Root
}

type post struct{ Name, Title, Text string }

// newBlog is the factory that "use = egg:Blog" names.
func newBlog(cfg deploy.Config) (http.Handler, error) {
	var opts struct {
		Posts string `ini:"posts,required"`
		Title string
	}
	if err := cfg.Decode(&opts); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(opts.Posts)
	if err != nil {
		return nil, cfg.Errorf("posts", "%w", err)
	}
	b := &blog{opts.Title, root}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", dec.Wsgify(b.list))
	mux.Handle("GET /{name}", dec.Wsgify(b.show))
	return closing{mux, root}, nil
}

func (b *blog) list(req *webob.Request) (*webob.Response, error) {
	entries, err := fs.ReadDir(b.posts.FS(), ".")
	if err != nil {
		return nil, err
	}
	var posts []post
	for _, e := range slices.Backward(entries) {
		if name, ok := strings.CutSuffix(e.Name(), ".txt"); ok {
			p, err := b.post(name)
			if err != nil {
				return nil, err
			}
			posts = append(posts, p)
		}
	}
	return page(req, "posts.html", map[string]any{"Title": b.title, "Posts": posts})
}

func (b *blog) show(req *webob.Request) (*webob.Response, error) {
	p, err := b.post(req.PathValue("name"))
	if err != nil {
		return nil, err
	}
	return page(req, "post.html", p)
}

func (b *blog) post(name string) (post, error) {
	if !isName(name) {
		return post{}, exc.NotFound
	}
	text, err := b.posts.ReadFile(name + ".txt")
	if errors.Is(err, fs.ErrNotExist) {
		return post{}, exc.NotFound.Withf("There is no post %s.", name)
	}
	title, rest, _ := strings.Cut(string(text), "\n")
	return post{name, title, strings.TrimSpace(rest)}, err
}

// closing is an app with a folder to close, when the app is replaced by a newer one.
type closing struct {
	http.Handler
	folder *os.Root
}

// Close is called after the last request.
func (c closing) Close() error { return c.folder.Close() }
