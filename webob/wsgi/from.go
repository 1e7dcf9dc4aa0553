package wsgi

import (
	"errors"
	"io"
	"iter"
	"net/http"
	"strconv"

	"github.com/gowebob/gowebob/webob"
)

// FromHandler makes h, any http.Handler, an application of PEP 3333's shape. Its
// body streams: each piece that h flushes is a chunk. The request is
// Environ.Request, so that h sees what was stored in the environ. Conditions and
// ranges are settled by then, hop-by-hop fields of h are left out. If h has failed,
// the error goes to start as excInfo, with its page. A handler that takes the
// connection over (Hijack) is an error: WSGI has no such thing.
func FromHandler(h http.Handler) App {
	app := settled{h}
	return func(env webob.Environ, start StartResponse) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			defer unguarded(env.Request())()
			resp := env.Request().GetResponse(app)
			defer resp.Close()
			if resp.Hijacked() {
				yield(nil, errHijacked)
				return
			}
			if _, err := start(statusLine(resp), headersOf(resp), resp.Err()); err != nil {
				yield(nil, err)
				return
			}
			for chunk, err := range resp.Chunks() {
				if !yield(chunk, err) {
					return
				}
			}
		}
	}
}

var errHijacked = errors.New("wsgi: the handler has taken the connection over")

// unguarded takes the body from under Lint's eyes: handlers may close it.
func unguarded(req *webob.Request) (undo func()) {
	g, ok := req.Body.(*guarded)
	if !ok {
		return func() {}
	}
	req.Body = g.ReadCloser
	return func() { req.Body = g }
}

// settled has an app of ours write its answer, and so look at the request's
// conditions, which it does not where it hands a Response over.
type settled struct{ http.Handler }

func (s settled) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if all, ok := w.(everything); ok {
		w = wrapped{all}
	}
	s.Handler.ServeHTTP(w, r)
}

// everything is what the writer of a call can do, so that none of it is lost.
type everything interface {
	http.ResponseWriter
	http.Flusher
	http.Hijacker
	io.ReaderFrom
	io.StringWriter
}

type wrapped struct{ everything }

// Unwrap lets http.ResponseController through to what has no interface.
func (w wrapped) Unwrap() http.ResponseWriter { return w.everything }

// statusLine always has a reason, as the PEP asks.
func statusLine(p *webob.Response) string {
	if http.StatusText(p.Status()) == "" {
		return strconv.Itoa(p.Status()) + " Unknown"
	}
	return p.StatusText()
}

func headersOf(p *webob.Response) Headers {
	headers := make(Headers, 0, p.Header().Len()+1)
	for name, value := range p.Header().All() {
		if !hopByHop(name) {
			headers = append(headers, [2]string{name, value})
		}
	}
	if n, ok := p.ContentLength(); ok && !p.Header().Has("Content-Length") && p.Status() != 204 && p.Status() != 304 {
		headers = append(headers, [2]string{"Content-Length", strconv.FormatInt(n, 10)})
	}
	return headers
}
