package conformance

import (
	"net/http"
	"slices"

	"github.com/gowebob/gowebob/webob"
)

func decDirect(in struct {
	App     decHandler
	Request excRequest
	Args    []any
	Kwargs  map[string]any
}) (any, error) {
	req, err := in.Request.make()
	if err != nil {
		return nil, err
	}
	v, err := in.App.call(req, in.App.bound().given(in.Args, in.Kwargs))
	if err != nil {
		return nil, err
	}
	return decDescribed(v, in.Request)
}

// decShortcut tells what the function returned; the helpers themselves give its
// answer.
func decShortcut(in struct {
	App  decHandler
	Via  string
	Path string
	Post *[][2]string
	Kw   map[string]any
}) (any, error) {
	var returned any
	var raised error
	app := in.App.appOf(func(req *webob.Request, b decBound) (any, error) {
		returned, raised = in.App.call(req, b)
		return returned, raised
	})
	var opts []webob.BlankOption
	for _, name := range SortedKeys(in.Kw) {
		opts = append(opts, decOption(name, Value(in.Kw[name]))...)
	}
	var form *webob.MultiDict
	if in.Post != nil {
		form = new(webob.MultiDict)
		for _, pair := range *in.Post {
			form.Add(pair[0], pair[1])
		}
	}
	if _, err := webob.NewBlank(in.Path, slices.Concat(opts, decForm(form))...); err != nil {
		return nil, err // what the helpers panic with
	}
	var p *webob.Response
	switch {
	case in.Via == "get":
		p = app.Get(in.Path, slices.Concat(opts, decForm(form))...)
	case in.Via == "request":
		p = app.Request(in.Path, slices.Concat(opts, decForm(form))...)
	case form == nil:
		p = app.Request(in.Path, append([]webob.BlankOption{webob.WithMethod("POST")}, opts...)...)
	default:
		p = app.Post(in.Path, form, opts...)
	}
	if raised != nil {
		return nil, p.Err()
	}
	if own, ok := returned.(*webob.Response); ok {
		returned = own.Copy()
	}
	return decDescribed(returned, excRequest{Path: in.Path})
}

func decForm(form *webob.MultiDict) []webob.BlankOption {
	if form == nil {
		return nil
	}
	return []webob.BlankOption{webob.WithFormDict(form)}
}

func decOption(name string, v any) []webob.BlankOption {
	switch name {
	case "method":
		return []webob.BlankOption{webob.WithMethod(v.(string))}
	case "content_type":
		return []webob.BlankOption{webob.WithContentType(v.(string))}
	case "base_url":
		return []webob.BlankOption{webob.WithBaseURL(v.(string))}
	case "body":
		return []webob.BlankOption{webob.WithBody(v.([]byte))}
	case "environ":
		var opts []webob.BlankOption
		environ := v.(map[string]any)
		for _, key := range SortedKeys(environ) {
			opts = append(opts, webob.WithEnviron(key, environ[key]))
		}
		return opts
	case "headers":
		var opts []webob.BlankOption
		if object, ok := v.(map[string]any); ok {
			for _, key := range SortedKeys(object) {
				opts = append(opts, webob.WithHeader(key, Raw(object[key].(string))))
			}
			return opts
		}
		for _, pair := range v.([]any) {
			opts = append(opts, webob.WithHeader(pair.([]any)[0].(string), Raw(pair.([]any)[1].(string))))
		}
		return opts
	}
	panic("unknown argument " + name)
}

type decCloneIn struct {
	App   decHandler
	Clone struct {
		Args    []any
		Kwargs  map[string]any
		Handler *decHandler
	}
	Request excRequest
}

// variant is a function with other things bound, or another function with the
// same: a closure made anew.
func (in decCloneIn) variant() decHandler {
	h := in.App
	if other := in.Clone.Handler; other != nil {
		h.Before, h.Returns, h.Raises = other.Before, other.Returns, other.Raises
	}
	if in.Clone.Args != nil {
		h.Args = in.Clone.Args
	}
	if in.Clone.Kwargs != nil {
		h.Kwargs = in.Clone.Kwargs
	}
	return h
}

func decClone(in decCloneIn) (any, error) {
	clone, err := decServe(func() http.Handler { return in.variant().app() }, in.Request)
	if err != nil {
		return nil, err
	}
	original, err := decServe(func() http.Handler { return in.App.app() }, in.Request)
	if err != nil {
		return nil, err
	}
	req, err := in.Request.make()
	if err != nil {
		return nil, err
	}
	bare, err := in.App.call(req, decBound{class: "Request"})
	if err != nil {
		return nil, err
	}
	undecorated, err := decDescribed(bare, in.Request)
	return map[string]any{"clone": clone, "original": original, "undecorated": undecorated}, err
}
