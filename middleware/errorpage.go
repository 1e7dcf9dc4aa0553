package middleware

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// ErrorPageOptions are settings of ErrorPage.
type ErrorPageOptions struct {
	// Pages renders the errors; nil is exc.Page. If it is set, it also renders the
	// errors of apps of ours, so that a whole site has one kind of error page.
	Pages *exc.Pages
	// Keep says of an answer that it is to stay as it is. nil keeps none that is
	// recognised.
	Keep func(*webob.Request, *webob.Response) bool
}

// ErrorPage gives one error page to any mux. What http.ServeMux, chi, gorilla/mux,
// httprouter, gin and net/http's own handlers write for an error of theirs (404 page not
// found, Method Not Allowed, or nothing at all) is recognised, and answered by the page of
// that error instead, in the format that the client accepts: HTML, text, JSON or
// problem+json. Allow and the other fields stay. The error is there for filters outside, as
// Response.Err.
//
// Recognised is an error status with an empty body, or with text/plain that is no more than
// the name of the status. An application's own page, of another type or with a word of
// its own, is never touched.
func ErrorPage(o ErrorPageOptions) func(http.Handler) http.Handler {
	pages := o.Pages
	if pages == nil {
		pages = new(exc.Pages)
	}
	return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		resp := req.GetResponse(app)
		if resp.Status() < 400 || o.Keep != nil && o.Keep(req, resp) {
			return resp, nil
		}
		err := resp.Err()
		switch {
		case err != nil && o.Pages == nil:
			return resp, nil
		case err == nil:
			if err = muxError(resp); err == nil {
				return resp, nil
			}
		}
		resp.Close()
		return pages.Page(req, err), nil
	}, dec.Pages(pages))
}

// muxError is the error that a mux has answered with, nil if it is an answer of somebody
// else's.
func muxError(resp *webob.Response) error {
	status := resp.Status()
	e, ok := exc.ForStatus(status)
	if !ok || resp.Hijacked() || !isMuxType(resp.Header().Get("Content-Type")) || resp.Header().Has("Content-Encoding") {
		return nil
	}
	text, whole, err := resp.Peek(longestMuxText)
	if err != nil || !whole || !isMuxText(status, string(text)) {
		return nil
	}
	if n, known := resp.ContentLength(); len(text) == 0 && known && n > 0 {
		return nil // to HEAD: there is a body, and no telling whose
	}
	for name, values := range resp.HTTPHeader() {
		if !ofMuxPage(name) {
			for _, v := range values {
				e = e.WithHeader(name, v)
			}
		}
	}
	return e
}

// isMuxType takes text, and no type for an empty body.
func isMuxType(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.TrimSpace(media)
	return media == "" || strings.EqualFold(media, "text/plain")
}

// longestMuxText is longer than anything that isMuxText knows.
const longestMuxText = 64

// isMuxText tells the name of a status: "Not Found", "404 Not Found", what http.NotFound
// writes, what gin writes, or nothing.
func isMuxText(status int, text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	name := strings.ToLower(http.StatusText(status))
	switch text {
	case "", name, strconv.Itoa(status) + " " + name:
		return true
	case "404 page not found":
		return status == http.StatusNotFound
	case "405 method not allowed":
		return status == http.StatusMethodNotAllowed
	}
	return false
}

// ofMuxPage tells fields that speak of the mux's page, and are those of another now.
func ofMuxPage(name string) bool {
	switch name {
	case "Content-Type", "Content-Length", "X-Content-Type-Options", "Date", "Etag", "Last-Modified":
		return true
	}
	return false
}
