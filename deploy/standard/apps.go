package standard

import (
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
	"github.com/gowebob/gowebob/webob/client"
	"github.com/gowebob/gowebob/webob/static"
)

func apps(r *deploy.Registry) {
	for _, dist := range []string{ours, paste} {
		r.App(dist+"static", files)
		r.App(dist+"test", tryOut)
		r.App(dist+"proxy", proxy)
	}
	r.App(paste+"transparent_proxy", transparentProxy)
}

// files serves the files of document_root. A relative path is one from the folder of the
// file it stands in.
func files(c deploy.Config) (http.Handler, error) {
	opts := struct {
		DocumentRoot  string `ini:",required"`
		CacheMaxAge   *time.Duration
		CacheControl  string
		Index         string
		NoIndex       bool
		HideIndex     bool
		List          bool
		Dotfiles      bool
		Precompressed []string
		Tags          bool
		Fallback      string
		Immutable     bool // files with a hash in their name
	}{Tags: true}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	o := static.Options{
		Index: opts.Index, NoIndex: opts.NoIndex, HideIndex: opts.HideIndex, List: opts.List, Dotfiles: opts.Dotfiles,
		Precompressed: opts.Precompressed, Tags: opts.Tags, Fallback: opts.Fallback, CacheControl: opts.CacheControl,
	}
	if opts.CacheMaxAge != nil {
		if opts.CacheControl != "" {
			return nil, c.Errorf("cache_max_age", "cache_control says that already")
		}
		o.CacheControl = "public, max-age=" + strconv.FormatInt(int64(*opts.CacheMaxAge/time.Second), 10)
	}
	if opts.Immutable {
		o.Immutable = static.Hashed
	}
	root := opts.DocumentRoot
	if here, ok := c.Global("here"); ok && !filepath.IsAbs(root) {
		root = filepath.Join(here, root)
	}
	dir, err := static.OpenDir(root, o)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		slog.Warn("document_root does not exist yet", "file", c.File(), "section", c.Section(), "document_root", root)
		return &lateDir{root: root, o: o}, nil
	case err != nil:
		return nil, c.Errorf("document_root", "%w", err)
	}
	return dir, nil
}

// lateDir is a directory that may come to be after the configuration has been loaded, as
// those do that a build makes; until then nothing is found in it.
type lateDir struct {
	root string
	o    static.Options
	mu   sync.Mutex
	dir  *static.Dir
}

func (d *lateDir) open() (*static.Dir, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dir == nil {
		dir, err := static.OpenDir(d.root, d.o)
		if err != nil {
			return nil, err
		}
		d.dir = dir
	}
	return d.dir, nil
}

// Respond answers from the directory, or 404.
func (d *lateDir) Respond(req *webob.Request) *webob.Response {
	dir, err := d.open()
	if err != nil {
		return exc.Page(req, exc.From(err))
	}
	return dir.Respond(req)
}

// ServeHTTP answers as Respond does.
func (d *lateDir) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(d, w, r) }

// Close lets go of the directory.
func (d *lateDir) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dir == nil {
		return nil
	}
	return d.dir.Close()
}

// tryOut answers with a short page, for trying out a configuration.
func tryOut(c deploy.Config) (http.Handler, error) {
	if err := c.Decode(&struct{}{}); err != nil {
		return nil, err
	}
	return webob.Bytes("text/html", []byte("<html><body>simple</body></html>")), nil
}

// proxy hands requests on to the server at address.
func proxy(c deploy.Config) (http.Handler, error) {
	var opts struct {
		Address               string `ini:",required"`
		AllowedRequestMethods []string
		SuppressHTTPHeaders   []string `ini:"suppress_http_headers"`
		Timeout               time.Duration
		MaxBody               deploy.Size
		KeepHost              bool
		Forward               string
	}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	forward, err := forwarding(c, opts.Forward)
	if err != nil {
		return nil, err
	}
	app, err := client.New(opts.Address, client.Options{
		Timeout: opts.Timeout, MaxBody: int64(opts.MaxBody), KeepHost: opts.KeepHost, Forward: forward,
	})
	if err != nil {
		return nil, c.Errorf("address", "%w", err)
	}
	if opts.AllowedRequestMethods == nil && opts.SuppressHTTPHeaders == nil {
		return app, nil
	}
	methods := make([]string, len(opts.AllowedRequestMethods))
	for i, m := range opts.AllowedRequestMethods {
		methods[i] = strings.ToUpper(m)
	}
	narrow := dec.Middleware(func(req *webob.Request, app http.Handler) (http.Handler, error) {
		if len(methods) > 0 && !slices.Contains(methods, req.Method) {
			return nil, exc.MethodNotAllowed.Allow(methods...)
		}
		for _, name := range opts.SuppressHTTPHeaders {
			req.Header.Del(strings.ReplaceAll(name, "_", "-"))
		}
		return app, nil
	})
	return closing{narrow(app), app.Close}, nil
}

// closing is a handler with something to close.
type closing struct {
	http.Handler
	close func() error
}

// Respond keeps an app of ours one.
func (c closing) Respond(req *webob.Request) *webob.Response { return req.GetResponse(c.Handler) }

// Close lets go of what the handler holds.
func (c closing) Close() error { return c.close() }

// forwarding reads which fields tell the server of the client.
func forwarding(c deploy.Config, text string) (client.Forwarding, error) {
	switch text {
	case "", "none":
		return client.ForwardNothing, nil
	case "as_is":
		return client.ForwardAsIs, nil
	case "x":
		return client.ForwardX, nil
	case "rfc7239":
		return client.ForwardRFC7239, nil
	}
	return 0, c.Errorf("forward", "%q is none of none, as_is, x and rfc7239", text)
}

// transparentProxy hands requests on to the one host that is named, with the Host that the
// client has named. Without force_host it would be open for anybody to reach anything.
func transparentProxy(c deploy.Config) (http.Handler, error) {
	opts := struct {
		ForceHost   string `ini:",required"`
		ForceScheme string
	}{ForceScheme: "http"}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	app, err := client.New(opts.ForceScheme+"://"+opts.ForceHost, client.Options{KeepHost: true, Forward: client.ForwardX})
	if err != nil {
		return nil, c.Errorf("force_host", "%w", err)
	}
	return app, nil
}
