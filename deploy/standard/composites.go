package standard

import (
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/routes"
)

func composites(r *deploy.Registry) {
	for _, dist := range []string{ours, paste} {
		r.Composite(dist+"urlmap", urlMap)
		r.Composite(dist+"cascade", cascade)
	}
}

// urlMap mounts apps below the paths that its keys name: "/blog", "domain example.com port
// 8080 /blog". not_found_app, also as a global, names the app for everything else.
func urlMap(l deploy.Loader, c deploy.Config) (http.Handler, error) {
	m := routes.NewURLMap()
	notFound, local := c.Get("not_found_app")
	if !local {
		notFound, _ = c.Global("not_found_app")
	}
	if notFound != "" {
		app, err := l.App(notFound, c.Globals())
		if err != nil {
			return nil, err
		}
		m.NotFound = app
	}
	for _, key := range c.Keys() {
		if key == "not_found_app" {
			continue
		}
		name, _ := c.Get(key)
		app, err := l.App(name, c.Globals())
		if err != nil {
			return nil, err
		}
		url, err := routes.ParseKey(key)
		if err == nil {
			err = m.Set(url, app)
		}
		if err != nil {
			return nil, c.Errorf(key, "%w", err)
		}
	}
	return m, nil
}

// cascade asks the apps that keys beginning with app name, in the order of the keys as
// texts, until one answers with a status that is not in catch (404).
func cascade(l deploy.Loader, c deploy.Config) (http.Handler, error) {
	var opts struct {
		Catch []string
		Apps  map[string]string `ini:",rest"`
	}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	var o routes.CascadeOptions
	if _, given := c.Get("catch"); given {
		o.Catch = []int{}
	}
	for _, text := range opts.Catch {
		status, err := strconv.Atoi(text)
		if err != nil {
			return nil, c.Errorf("catch", "%q is no status", text)
		}
		o.Catch = append(o.Catch, status)
	}
	keys := slices.Sorted(slices.Values(c.Keys()))
	var apps []http.Handler
	for _, key := range keys {
		if key == "catch" {
			continue
		}
		if !strings.HasPrefix(key, "app") {
			return nil, c.Errorf(key, "the keys of a cascade are catch, and any that begin with app")
		}
		app, err := l.App(opts.Apps[key], c.Globals())
		if err != nil {
			return nil, err
		}
		apps = append(apps, app)
	}
	warnOrder(c, keys)
	made, err := routes.NewCascade(apps, o)
	if err != nil {
		return nil, refused(c, err)
	}
	return made, nil
}

// warnOrder warns of app10, which as a text comes before app9.
func warnOrder(c deploy.Config, keys []string) {
	last := -1
	for _, key := range keys {
		n, err := strconv.Atoi(strings.TrimPrefix(key, "app"))
		if err != nil {
			continue
		}
		if n < last {
			slog.Warn("apps of a cascade are asked in the order of their keys as texts", "file", c.File(), "section", c.Section(), "key", key, "before", n, "asked_after", last)
		}
		last = n
	}
}
