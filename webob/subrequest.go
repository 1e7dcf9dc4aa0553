package webob

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// ScriptPath is ScriptName as it stands in a URL: what to put before a path of the
// application's own in a link. It keeps the escapes that the client has used.
func (r *Request) ScriptPath() string { return r.script() }

// RestPath is PathInfo as it stands in a URL. ScriptPath and RestPath make up Path.
func (r *Request) RestPath() string {
	_, path := r.paths()
	return path
}

// maxSubrequests is how deep requests may be made for requests.
const maxSubrequests = 16

// Subrequest makes a request for another page of the same application, in the name of
// the same client: for a filter or an app that asks, in process, what that client would
// be shown there.
//
//	sub, err := req.Subrequest("/articles/7?view=short")
//	if err != nil {
//		return nil, err // 400: no page of this application
//	}
//	resp := sub.GetResponse(app)
//
// The target is a path within the application, with a query if need be, as it stands
// in a URL; or a URL that begins with ApplicationURL. It may come from the client:
// whatever it is, the request is for this host and this application, and what is no
// such target gives an *InputError with status 400.
//
// It is a GET with the Accept fields, Authorization and Cookie of the request, its
// peer, protocol and limits, and what opts add or replace; WithBaseURL, WithContext and
// another Host are not heeded. Its environ is empty: what filters have stored on the way
// is for them to store again. It ends with the request: its context does, though values
// that inner muxes and middleware have put there are not seen, and so what it has
// opened is closed at the latest. What it is told beside its answer (1xx, Hijack)
// never reaches the client. To copy cookies of the answer is up to the caller.
//
// A request made for one made for one, and so on sixteen deep, is an error.
func (r *Request) Subrequest(target string, opts ...BlankOption) (*Request, error) {
	path, err := r.ownTarget(target)
	if err != nil {
		return nil, &InputError{Status: http.StatusBadRequest, Public: "That is no page of this site.",
			Err: fmt.Errorf("webob: subrequest for %q: %w", shortVar(target), err)}
	}
	ctx := &subContext{Context: r.Context(), values: r.identity().Context()}
	if outer, ok := ctx.values.Value(subKey{}).(*subContext); ok {
		ctx.depth = outer.depth + 1
	}
	if ctx.depth >= maxSubrequests {
		return nil, fmt.Errorf("webob: subrequest for %q: %d of them, one for another", shortVar(target), maxSubrequests)
	}
	opts = append(slices.Clip(opts), WithBaseURL(r.ApplicationURL()), WithContext(ctx))
	sub, err := NewBlank(path, opts...)
	if err != nil {
		return nil, err
	}
	r.lendClient(sub)
	return sub, nil
}

type targetError string

func (e targetError) Error() string { return string(e) }

// ownTarget is the path and query that a target means within the application.
func (r *Request) ownTarget(target string) (string, error) {
	for i := range len(target) {
		switch c := target[i]; {
		case c <= ' ', c == 0x7f:
			return "", targetError("white space or a control character")
		case c == '#':
			return "", targetError("a fragment is never sent")
		}
	}
	if strings.HasPrefix(target, "/") {
		return target, nil
	}
	rest, ok := strings.CutPrefix(target, r.ApplicationURL())
	switch {
	case ok && strings.HasPrefix(rest, "/"):
		return rest, nil
	case ok && (rest == "" || rest[0] == '?'):
		return "/" + rest, nil
	}
	return "", targetError("not within the application")
}

// lendClient gives another request what says who asks, unless it says so itself.
func (r *Request) lendClient(sub *Request) {
	for _, name := range [...]string{"Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Authorization", "Cookie"} {
		if lines, ok := r.Header[name]; ok && sub.Header[name] == nil {
			sub.Header[name] = slices.Clone(lines)
		}
	}
	sub.Host, sub.RemoteAddr = r.Authority(), r.RemoteAddr
	sub.Proto, sub.ProtoMajor, sub.ProtoMinor = r.Proto, r.ProtoMajor, r.ProtoMinor
	if r.TLS != nil && sub.TLS != nil {
		sub.TLS = r.TLS
	}
	if r.x != nil && r.x.in != nil {
		sub.input().limits.Store(r.x.in.limits.Load())
	}
	r.own(releaser{sub.ex()})
}

// subContext ends with one request and has the values of another, the one that came
// from outside: those put in further on belong to the way that it has gone.
type subContext struct {
	context.Context
	values context.Context
	depth  int
}

type subKey struct{}

// Value hides the call that the request was made under.
func (c *subContext) Value(key any) any {
	switch key {
	case callKey{}:
		return nil
	case subKey{}:
		return c
	}
	return c.values.Value(key)
}
