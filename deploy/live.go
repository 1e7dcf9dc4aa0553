package deploy

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// Live is an app that can be loaded again while it serves. Requests that have begun end in
// the app they began in, later ones go to the new one; none is refused or cut. An app with a
// method Close, as LoadApp gives where something has to be closed, is closed after its last
// request. Live is safe for concurrent use.
type Live struct {
	load func() (http.Handler, error)
	now  atomic.Pointer[generation]

	mu     sync.Mutex // one Reload at a time
	closed bool
}

// generation is an app with the requests it is serving. Only one that is to be closed
// counts them.
type generation struct {
	app    http.Handler
	closer io.Closer
	users  atomic.Int64 // and one for being the current one
}

// NewLive loads the app for the first time. load is called anew by each Reload:
//
//	app, err := deploy.NewLive(func() (http.Handler, error) {
//		return deploy.LoadApp("config:shop.ini", registry)
//	})
func NewLive(load func() (http.Handler, error)) (*Live, error) {
	l := &Live{load: load}
	if err := l.Reload(); err != nil {
		return nil, err
	}
	return l, nil
}

var (
	errClosed = errors.New("deploy: the Live is closed")
	errNoApp  = errors.New("deploy: the load function gave no app and no error")
)

// Reload loads the app again and puts the new one in the place of the old one. If that fails,
// or the load function panics, the old one stays, and the error says why. It does not wait for
// requests of the old one.
func (l *Live) Reload() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return errClosed
	}
	app, err := guarded(l.load)
	if err != nil {
		return err
	}
	if isNil(app) {
		return errNoApp
	}
	g := &generation{app: app, closer: closer(app)}
	g.users.Store(1)
	if old := l.now.Swap(g); old != nil {
		old.release()
	}
	return nil
}

// Close ends the life of the app: it is closed after its last request. New requests are
// answered 503, and Reload is refused.
func (l *Live) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	g := &generation{app: over{}}
	if old := l.now.Swap(g); old != nil {
		old.release()
	}
	return nil
}

// over answers after the end.
type over struct{}

func (over) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(over{}, w, r) }

func (over) Respond(req *webob.Request) *webob.Response { return exc.Page(req, exc.ServiceUnavailable) }

// App gives the current app, to look at.
func (l *Live) App() http.Handler { return l.now.Load().app }

// acquire gives the current app for one request.
func (l *Live) acquire() *generation {
	for {
		g := l.now.Load()
		if g.closer == nil || g.enter() {
			return g
		}
	}
}

// enter counts a request, unless the last one has gone.
func (g *generation) enter() bool {
	for {
		n := g.users.Load()
		if n == 0 {
			return false
		}
		if g.users.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// release ends a request, or the time as the current app.
func (g *generation) release() {
	if g.closer == nil || g.users.Add(-1) > 0 {
		return
	}
	if err := closeAll([]io.Closer{g.closer}); err != nil {
		slog.Error("deploy: closing an app that was replaced", "err", err)
	}
}

// ServeHTTP answers with the current app.
func (l *Live) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g := l.acquire()
	if g.closer != nil && !webob.Outermost(w, r) {
		// A filter of ours may be handed the answer and read its body after this has returned:
		// a Response has to hold the app.
		g.release()
		webob.Serve(l, w, r)
		return
	}
	defer g.release()
	g.app.ServeHTTP(w, r)
}

// Respond answers a filter of ours with the current app, which is in use until the Response is
// closed.
func (l *Live) Respond(req *webob.Request) *webob.Response {
	g := l.acquire()
	if g.closer == nil {
		return req.GetResponse(g.app)
	}
	var once sync.Once
	release := func() { once.Do(g.release) }
	answered := false
	defer func() {
		if !answered { // it panicked
			release()
		}
	}()
	resp := req.GetResponse(g.app)
	resp.OnClose(release)
	answered = true
	return resp
}
