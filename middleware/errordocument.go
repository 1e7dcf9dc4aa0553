package middleware

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

// ErrTarget is a path that a filter cannot send a request on to.
var ErrTarget = errors.New("middleware: bad path")

// ErrorDocumentOptions are settings of ErrorDocument.
type ErrorDocumentOptions struct {
	// Paths are the paths to answer with, by status, each with a query if need be:
	// "/error.html", "/error?code=404". They are counted from where the filter stands.
	Paths map[int]string
	// Path gives the path for statuses that are not in Paths, "" for none. nil gives
	// none.
	Path func(*webob.Request, *webob.Response) string
}

// Validate says what is wrong with the options.
func (o ErrorDocumentOptions) Validate() error {
	for status, path := range o.Paths {
		if status < 100 || status > 999 {
			return fmt.Errorf("middleware: %d is no status", status)
		}
		if _, err := parseTarget(path); err != nil {
			return fmt.Errorf("status %d: %w", status, err)
		}
	}
	return nil
}

// FailedRequest is what an error document is for.
type FailedRequest struct {
	Status int    // of the answer it replaces
	Path   string // with the query, as it was asked for
	Err    error  // behind that answer, or nil
}

// Failed is the slot in which the app that makes an error document finds what it is for.
var Failed = webob.NewKey[FailedRequest]("gowebob.errordocument")

// ErrorDocument answers an error with another path of the same application: the status and
// the header of the first answer stay, its body and what speaks of the body are the
// document's. The document is asked for with GET, and the request as the filter was given
// it, with a header and an environ of its own, whatever the app has changed; without
// conditions and ranges, which were about something else. The error behind the answer stays
// too.
//
// The document is looked for once: an error in its place is shown as it is, with the first
// status, but for a failure of the server (500 and above, with an error), which is logged,
// and has the first answer sent as it was. Paste: errordocument.
//
// It panics if Validate has an error.
func ErrorDocument(o ErrorDocumentOptions) func(http.Handler) http.Handler {
	if err := o.Validate(); err != nil {
		panic(err)
	}
	return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		in := req.WithContext(req.Context()) // req stays as the filter was given it
		first := in.GetResponse(app)
		req.Pattern = in.Pattern
		target := o.Paths[first.Status()]
		if target == "" && o.Path != nil {
			target = o.Path(req, first)
		}
		if target == "" || first.Hijacked() {
			return first, nil
		}
		doc, err := document(req, target, first)
		if err != nil {
			return nil, err
		}
		page := doc.GetResponse(app)
		if page.Err() != nil && page.Status() >= 500 {
			logOf(req).Error("error document failed", "path", target, "status", first.Status(), "err", page.Err())
			page.Close()
			return first, nil
		}
		keepFirst(page, first)
		return page, nil
	})
}

// document is the request for an error document.
func document(req *webob.Request, target string, first *webob.Response) (*webob.Request, error) {
	t, err := parseTarget(target)
	if err != nil {
		return nil, err
	}
	doc := req.CopyGet()
	if req.Method == http.MethodHead {
		doc.Method = http.MethodHead
	}
	doc.RemoveConditionalHeaders("Accept-Encoding")
	t.apply(doc, true)
	Failed.Set(doc, FailedRequest{first.Status(), req.PathQS(), first.Err()})
	return doc, nil
}

// keepFirst gives a document the status, the error and the header of the answer that it
// replaces, and closes that.
func keepFirst(page, first *webob.Response) {
	page.SetStatus(first.Status())
	page.SetErr(first.Err())
	for name, values := range first.HTTPHeader() {
		switch {
		case name == "Vary":
			for _, field := range strings.Split(strings.Join(values, ","), ",") {
				page.AddVary(strings.TrimSpace(field))
			}
			continue
		case name == "Set-Cookie":
		case ofBody(name) || page.Header().Has(name):
			continue
		}
		for _, v := range values {
			page.Header().Add(name, v)
		}
	}
	first.Close()
}

// ofBody tells fields that speak of the body they came with.
func ofBody(name string) bool {
	switch name {
	case "Etag", "Last-Modified", "Accept-Ranges", "Trailer", "Transfer-Encoding", "Repr-Digest", "Digest":
		return true
	}
	return strings.HasPrefix(name, "Content-") && !strings.HasPrefix(name, "Content-Security-Policy")
}

// target is a path with or without a query, where a request is sent on to.
type target struct {
	path  string
	query string
	asks  bool // there is a query
}

func parseTarget(s string) (t target, err error) {
	if !strings.HasPrefix(s, "/") || strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f || c == '#' }) {
		return t, fmt.Errorf("%w %q: it is no path of the application", ErrTarget, s)
	}
	t.path, t.query, t.asks = strings.Cut(s, "?")
	if t.path, err = url.PathUnescape(t.path); err != nil {
		return t, fmt.Errorf("%w %q: %w", ErrTarget, s, err)
	}
	return t, nil
}

// apply sends a request on. Without a query of its own the target drops that of the request
// or keeps it.
func (t target) apply(req *webob.Request, drop bool) {
	req.SetPathInfo(t.path)
	if t.asks || drop {
		u := *req.URL
		u.RawQuery, u.ForceQuery = t.query, false
		req.URL = &u
		req.Form = nil
	}
}
