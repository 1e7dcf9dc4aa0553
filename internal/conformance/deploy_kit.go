package conformance

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/deploy"
	"github.com/gowebob/gowebob/deploy/standard"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/middleware"
	"github.com/gowebob/gowebob/webob"
)

// deployKit are the factories that the files of the vectors name, as the family's page
// describes them.
type deployKit struct {
	served map[string]any // what the last server told
	logger *slog.Logger   // of translogger
}

// registry gives a Registry with all of them.
func (k *deployKit) registry() *deploy.Registry {
	r := standard.Registry(standard.Check("kit:check_password", deployCheck), standard.Logger(func(string) *slog.Logger { return k.logger }))
	for _, name := range []string{"kit:dump_app", "kit:Shop.dump", "egg:Kit#main", "egg:Kit#both", "egg:Kit#server_named"} {
		r.App(name, deployDump)
	}
	for _, name := range []string{"kit:hello_app", "egg:Kit#hello", "egg:Kit#Case"} {
		r.App(name, deployHello)
	}
	for _, name := range []string{"kit:status_app", "egg:Kit#status"} {
		r.App(name, deployStatus)
	}
	for _, name := range []string{"kit:raising_app", "egg:Kit#raising"} {
		r.App(name, deployRaising)
	}
	r.App("egg:Kit#forward", deployForward)
	for _, name := range []string{"kit:broken", "egg:Kit#broken"} {
		r.App(name, func(deploy.Config) (http.Handler, error) { return nil, errors.New("broken on purpose") })
	}
	for _, name := range []string{"kit:by_method", "egg:Kit#by_method", "egg:Kit#both", "egg:Kit#old_spelling"} {
		r.Composite(name, deployByMethod)
	}
	for name, global := range map[string]bool{"pipe": false, "pipe_global": true} {
		r.Composite("kit:"+name, deployPipe(global))
		r.Composite("egg:Kit#"+name, deployPipe(global))
	}
	k.filters(r)
	for _, name := range []string{"kit:server", "egg:Kit#main", "egg:Kit#twice"} {
		r.Server(name, k.server)
	}
	for _, name := range []string{"kit:run_server", "egg:Kit#run", "egg:Kit#twice"} {
		r.ServerRunner(name, k.run)
	}
	r.App("kit:not_callable", nil)
	return r
}

func (k *deployKit) filters(r *deploy.Registry) {
	for _, name := range []string{"kit:tag_filter", "egg:Kit#main", "egg:Kit#tag", "egg:Kit#twice"} {
		r.Filter(name, deployTag)
	}
	for _, name := range []string{"kit:tag_filter_app", "egg:Kit#tag_app"} {
		r.FilterApp(name, deployFilterApp(deployTag))
	}
	for _, name := range []string{"kit:conf_filter", "egg:Kit#conf"} {
		r.Filter(name, deployConf)
	}
	for _, name := range []string{"kit:conf_filter_app", "egg:Kit#twice"} {
		r.FilterApp(name, deployFilterApp(deployConf))
	}
	for _, name := range []string{"kit:auth_filter", "egg:Kit#auth"} {
		r.Filter(name, deployAuth)
	}
	for _, name := range []string{"kit:AuthFilter", "egg:Kit#auth_app"} {
		r.FilterApp(name, deployFilterApp(deployAuth))
	}
}

// deployCheck knows everybody whose password is the name backwards.
func deployCheck(_ *webob.Request, user, password string) (bool, error) {
	b := []byte(user)
	slices.Reverse(b)
	return string(b) == password, nil
}

// deployFilterApp is a filter in the other form.
func deployFilterApp(f func(deploy.Config) (func(http.Handler) http.Handler, error)) func(deploy.Config, http.Handler) (http.Handler, error) {
	return func(c deploy.Config, app http.Handler) (http.Handler, error) {
		filter, err := f(c)
		if err != nil {
			return nil, err
		}
		return filter(app), nil
	}
}

// deployText answers with text/plain.
func deployText(status int, text string) *webob.Response {
	p := webob.NewResponse(status)
	p.Header().Set("Content-Type", "text/plain")
	p.SetBytes([]byte(text))
	return p
}

// deployDump shows what it was made of and what it was asked.
func deployDump(c deploy.Config) (http.Handler, error) {
	show, shows := c.Get("show")
	return dec.Wsgify(func(req *webob.Request) (*webob.Response, error) {
		e := req.Environ()
		seen := map[string]any{"app": "dump", "global_conf": c.Globals(), "local_conf": c.Local(),
			"SCRIPT_NAME": e.String("SCRIPT_NAME"), "PATH_INFO": e.String("PATH_INFO"), "trail": []string{}}
		if trail, ok := e.Get("kit.trail"); ok {
			seen["trail"] = trail
		}
		if confs, ok := e.Get("kit.confs"); ok {
			seen["confs"] = confs
		}
		if shows {
			values := map[string]any{}
			for _, key := range strings.Fields(show) {
				values[key], _ = e.Get(key)
			}
			seen["show"] = values
		}
		text, err := json.Marshal(seen)
		if err != nil {
			return nil, err
		}
		return webob.Bytes("application/json", text), nil
	}), nil
}

func deployHello(c deploy.Config) (http.Handler, error) {
	opts := struct {
		Greeting string `ini:",required"`
		Name     string
	}{Name: "world"}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	return deployText(200, opts.Greeting+", "+opts.Name+"!"), nil
}

func deployStatus(c deploy.Config) (http.Handler, error) {
	opts := struct {
		Status  string `ini:",required"`
		Body    string
		Type    string
		Headers map[string]string `ini:",rest"`
	}{Type: "text/plain"}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	code, _, _ := strings.Cut(opts.Status, " ")
	status, err := strconv.Atoi(code)
	if err != nil {
		return nil, c.Errorf("status", "%q is no status line", opts.Status)
	}
	p := webob.NewResponse(status)
	p.Header().Set("Content-Type", opts.Type)
	for _, name := range SortedKeys(opts.Headers) {
		p.Header().Set(name, opts.Headers[name])
	}
	p.SetBytes([]byte(opts.Body))
	return p, nil
}

func deployRaising(c deploy.Config) (http.Handler, error) {
	var opts struct {
		Code             int `ini:",required"`
		Detail, Location string
	}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	failure, ok := exc.ForStatus(opts.Code)
	if !ok {
		return nil, c.Errorf("code", "no HTTP error %d", opts.Code)
	}
	if opts.Detail != "" {
		failure = failure.With(opts.Detail)
	}
	return dec.Wsgify(func(*webob.Request) (any, error) {
		if opts.Location != "" {
			return nil, failure.To(opts.Location)
		}
		return nil, failure
	}), nil
}

// deployForward answers with another path, if a filter helps it.
func deployForward(c deploy.Config) (http.Handler, error) {
	var opts struct {
		To string `ini:",required"`
	}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	return dec.Wsgify(func(*webob.Request) (string, error) { return "", middleware.Forward(opts.To) }), nil
}

func deployByMethod(l deploy.Loader, c deploy.Config) (http.Handler, error) {
	apps := map[string]http.Handler{}
	for _, method := range c.Keys() {
		name, _ := c.Get(method)
		app, err := l.App(name, c.Globals())
		if err != nil {
			return nil, err
		}
		apps[method] = app
	}
	return dec.Wsgify(func(req *webob.Request) (http.Handler, error) {
		if app, ok := apps[req.Method]; ok {
			return app, nil
		}
		return deployText(http.StatusMethodNotAllowed, "no app for "+req.Method), nil
	}), nil
}

func deployPipe(global bool) func(deploy.Loader, deploy.Config) (http.Handler, error) {
	return func(l deploy.Loader, c deploy.Config) (http.Handler, error) {
		var opts struct {
			Pipeline []string `ini:",required"`
		}
		if err := c.Decode(&opts); err != nil {
			return nil, err
		}
		if len(opts.Pipeline) == 0 {
			return nil, c.Errorf("pipeline", "no app")
		}
		var globals map[string]string
		if global {
			globals = c.Globals()
		}
		last := len(opts.Pipeline) - 1
		app, err := l.App(opts.Pipeline[last], globals)
		if err != nil {
			return nil, err
		}
		filters := make([]func(http.Handler) http.Handler, last)
		for i, name := range opts.Pipeline[:last] {
			if filters[i], err = l.Filter(name, globals); err != nil {
				return nil, err
			}
		}
		for _, filter := range slices.Backward(filters) {
			app = filter(app)
		}
		return app, nil
	}
}

// deployAdd adds to a list of the environ.
func deployAdd[T any](req *webob.Request, key string, item T) error {
	list, _ := req.Environ().Get(key)
	known, _ := list.([]T)
	return req.Environ().Set(key, append(slices.Clone(known), item))
}

func deployTag(c deploy.Config) (func(http.Handler) http.Handler, error) {
	var opts struct {
		Tag  string            `ini:",required"`
		More map[string]string `ini:",rest"`
	}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		if err := deployAdd(req, "kit.trail", opts.Tag); err != nil {
			return nil, err
		}
		p := req.GetResponse(app)
		p.Header().Add("X-Tag", opts.Tag)
		return p, nil
	}), nil
}

func deployConf(c deploy.Config) (func(http.Handler) http.Handler, error) {
	seen := map[string]any{"global_conf": c.Globals(), "local_conf": c.Local()}
	return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		if err := deployAdd(req, "kit.confs", seen); err != nil {
			return nil, err
		}
		return req.GetResponse(app), nil
	}), nil
}

func deployAuth(c deploy.Config) (func(http.Handler) http.Handler, error) {
	var opts struct {
		Users []string `ini:"req_usernames,required"`
	}
	if err := c.Decode(&opts); err != nil {
		return nil, err
	}
	return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		user := req.Environ().String("REMOTE_USER")
		if slices.Contains(opts.Users, user) {
			return req.GetResponse(app), nil
		}
		if user == "" {
			user = "-"
		}
		return deployText(http.StatusForbidden, "forbidden: "+user), nil
	}), nil
}

func (k *deployKit) server(c deploy.Config) (func(http.Handler) error, error) {
	return func(app http.Handler) error { return k.describe("server_factory", app, c) }, nil
}

func (k *deployKit) run(app http.Handler, c deploy.Config) error {
	return k.describe("server_runner", app, c)
}

// describe tells what would be served, and where.
func (k *deployKit) describe(via string, app http.Handler, c deploy.Config) error {
	opts := struct {
		Host, Port string
		More       map[string]string `ini:",rest"`
	}{Host: "127.0.0.1", Port: "8080"}
	if err := c.Decode(&opts); err != nil {
		return err
	}
	p := webob.Blank("/").GetResponse(app)
	body, err := p.Bytes()
	k.served = map[string]any{"via": via, "host": opts.Host, "port": opts.Port, "more": opts.More, "global_conf": c.Globals(),
		"status": strconv.Itoa(p.Status()) + " " + http.StatusText(p.Status()), "answer": Latin(body)}
	return err
}
