package dec

import (
	"maps"
	"net/http"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// OnHead makes a filter of a function that looks at status and header alone, and
// may change them, when they are final: those of error pages as well. It is the
// cheaper door round foreign handlers. Where no filter of ours is outside, such a
// handler keeps its own stack and writes to a thin wrapper: Flush, Hijack, sendfile
// and deadlines work as if it was not there, and bodies are never touched.
//
//	secure := dec.OnHead(func(_ *webob.Request, h *webob.Head) error {
//		h.Header().Set("X-Content-Type-Options", "nosniff")
//		return nil
//	})
//	http.ListenAndServe(addr, secure(mux))
//
// An error of fn is answered with its page in place of the answer, of which nothing
// is sent. fn runs once for each answer; informational ones (1xx) pass by, and so
// does an answer on a connection that was hijacked. Where a foreign handler writes
// no Content-Type, net/http guesses one after fn.
func OnHead(fn func(*webob.Request, *webob.Head) error) func(http.Handler) http.Handler {
	if fn == nil {
		panic("dec: OnHead of a nil function")
	}
	return func(app http.Handler) http.Handler {
		mustApp(app)
		return &headFilter{fn, app}
	}
}

type headFilter struct {
	fn  func(*webob.Request, *webob.Head) error
	app http.Handler
}

// Respond answers a request of an outer filter.
func (f *headFilter) Respond(req *webob.Request) *webob.Response {
	p := req.GetResponse(f.app)
	if p.Hijacked() {
		return p
	}
	head := webob.NewHead(p.Status(), p.Header(), p.Err())
	if err := f.fn(req, head); err != nil && !isNil(err) {
		p.Close()
		return req.Settle(exc.Page(req, err), exc.Page)
	}
	p.SetStatus(head.Status())
	return p
}

// ServeHTTP answers a request of a server.
func (f *headFilter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d, ok := webob.Enter(w, r)
	if !ok {
		webob.Serve(f, w, r)
		return
	}
	defer d.Leave()
	f.direct(d)
}

func (f *headFilter) direct(d webob.Direct) {
	if _, native := f.app.(webob.Responder); native {
		d.Send(f.Respond(d.Request()))
		return
	}
	w := &headWriter{fn: f.fn, d: d, w: d.Writer(), via: d.Passage()}
	if h := w.w.Header(); len(h) > 0 {
		w.before = maps.Clone(h)
	}
	w.via.Serve(f.app, w)
	w.end()
}
