package dec

import "github.com/gowebob/gowebob/webob"

// Get calls the app with a GET request for url, for tests and for one app that
// asks another: what a client would be answered, as a value. A failure is a
// Response whose Err is not nil. Options change the request, the method included.
// Options or a url that cannot be panic, as webob.Blank does.
// WebOb: wsgify.get.
func (a *App) Get(url string, opts ...webob.BlankOption) *webob.Response {
	return a.Request(url, with(webob.WithMethod("GET"), opts)...)
}

// Post calls the app with a POST request that has this form; nil is an empty one.
// With uploads in it the form is multipart/form-data. WebOb: wsgify.post.
func (a *App) Post(url string, form *webob.MultiDict, opts ...webob.BlankOption) *webob.Response {
	if form == nil {
		form = new(webob.MultiDict)
	}
	return a.Request(url, with(webob.WithMethod("POST"), with(webob.WithFormDict(form), opts))...)
}

// Request calls the app with the request that webob.Blank makes. WebOb: wsgify.request.
func (a *App) Request(url string, opts ...webob.BlankOption) *webob.Response {
	return webob.Blank(url, opts...).GetResponse(a)
}

// with puts one option before others, which may overrule it.
func with(first webob.BlankOption, opts []webob.BlankOption) []webob.BlankOption {
	return append([]webob.BlankOption{first}, opts...)
}
