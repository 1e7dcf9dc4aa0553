package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

// decLayer is the description of a middleware function.
type decLayer struct {
	Do       string
	Settings map[string]any
	Defaults map[string]any
	Config   map[string]any
	Bind     string
	Error    json.RawMessage
}

// config is what the closure round the function knows: what was given when it was
// put round the app wins, where there was a chance to give something.
func (l decLayer) config() map[string]any {
	config := maps.Clone(l.Defaults)
	if config == nil {
		config = map[string]any{}
	}
	if l.Bind != "outside" {
		maps.Copy(config, l.Config)
	}
	return config
}

// decCallable is an app and the function behind it.
type decCallable struct {
	http.Handler
	direct func(*webob.Request) (any, error)
}

// around puts the layer round an app.
func (l decLayer) around(app decCallable) decCallable {
	run := func(req *webob.Request, inner http.Handler, config map[string]any) (any, error) {
		return l.call(req, decCallable{inner, app.direct}, config)
	}
	return decCallable{
		dec.Middleware(func(req *webob.Request, inner http.Handler) (any, error) { return run(req, inner, l.config()) })(app.Handler),
		func(req *webob.Request) (any, error) { return run(req, app.Handler, l.config()) },
	}
}

// call is the middleware function.
func (l decLayer) call(req *webob.Request, app decCallable, config map[string]any) (any, error) {
	settings := map[string]any{}
	maps.Copy(settings, l.Settings)
	maps.Copy(settings, config)
	text := func(name string) string { return fmt.Sprint(settings[name]) }
	switch l.Do {
	case "app":
		return app.Handler, nil
	case "answer":
		return req.GetResponse(app.Handler), nil
	case "direct":
		if app.direct == nil {
			return nil, errNotOurs // there is no function behind it
		}
		return app.direct(req)
	case "header":
		p := req.GetResponse(app.Handler)
		p.Header().Add(text("name"), Raw(text("value")))
		return p, nil
	case "upper":
		p := req.GetResponse(app.Handler)
		b, err := p.Bytes()
		p.SetBytes([]byte(decUpper(string(b))))
		return p, err
	case "status":
		p := req.GetResponse(app.Handler)
		return p, responseStatus(p, settings["status"])
	case "short":
		return text("text"), nil
	case "nothing":
		return nil, nil
	case "raise":
		err, _, bad := excRaised(l.Error)
		return nil, errors.Join(bad, err)
	case "catch":
		p := req.GetResponse(app.Handler)
		if err := p.Err(); err != nil && excIsHTTP(err) {
			return "caught " + p.StatusText(), nil
		}
		return p, nil
	case "pop":
		segment, ok := req.PathInfoPop()
		if !ok {
			segment = "None"
		}
		inner, err := req.GetResponse(app.Handler).Text()
		return "at " + segment + ": " + inner, err
	case "path":
		req.SetPathInfo(text("path"))
		return app.Handler, nil
	case "cookie":
		if err := decCookie(req.Response(), text("name"), text("value")); err != nil {
			return nil, err
		}
		return req.GetResponse(app.Handler), nil
	case "own":
		req.Response().Header().Set("X-Own", "1")
		return app.Handler, nil
	case "environ":
		return app.Handler, req.Environ().Set(text("key"), Value(settings["value"]))
	case "urlvars":
		vars := map[string]string{}
		for name, v := range config {
			vars[name] = fmt.Sprint(v)
		}
		req.SetURLVars(vars)
		return app.Handler, nil
	case "config":
		return decPairs(config), nil
	}
	panic("unknown layer " + l.Do)
}

// decApp is the innermost app of a pipeline.
type decApp struct {
	decHandler
	WSGI       json.RawMessage `json:"wsgi"`
	RaisesBare json.RawMessage `json:"raises_bare"`
}

func (a decApp) callable() decCallable {
	switch {
	case a.WSGI != nil:
		return decCallable{responseApp(decodeStrict[excApp](a.WSGI)), nil}
	case a.RaisesBare != nil:
		_, respond, err := excRaised(a.RaisesBare)
		if err != nil {
			panic(err)
		}
		return decCallable{excResponder(respond), nil}
	}
	return decCallable{a.app(), func(req *webob.Request) (any, error) { return a.call(req, a.bound()) }}
}

type decMiddlewareIn struct {
	Layers  []decLayer
	App     decApp
	Request excRequest
	Call    string
	Kwargs  map[string]any
}

func decMiddleware(in decMiddlewareIn) (any, error) {
	stack := func(layers []decLayer) decCallable {
		app := in.App.callable()
		for _, layer := range slices.Backward(layers) {
			app = layer.around(app)
		}
		return app
	}
	if in.Call != "direct" {
		return decServe(func() http.Handler { return stack(in.Layers).Handler }, in.Request)
	}
	req, err := in.Request.make()
	if err != nil {
		return nil, err
	}
	config := in.Layers[0].config()
	if len(in.Kwargs) > 0 {
		config = in.Kwargs
	}
	v, err := in.Layers[0].call(req, stack(in.Layers[1:]), config)
	if err != nil {
		return nil, err
	}
	return decDescribed(v, in.Request)
}
