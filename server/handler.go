package server

import (
	"context"
	"io"
	"net/http"
)

type serverKey struct{}

// entrance stands before the app. It hands the writer on as it is, so that the app has all
// that net/http gives.
type entrance struct {
	app    http.Handler
	server *Server
	health string
}

func (e *entrance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !e.server.serving.Load() && r.ProtoMajor < 2 {
		// The client shall not send another request on this connection. An HTTP/2
		// client has been told so.
		w.Header().Set("Connection", "close")
	}
	if e.health != "" && r.URL.Path == e.health {
		e.server.Health().ServeHTTP(w, r)
		return
	}
	e.app.ServeHTTP(w, r)
}

// secureEntrance is the entrance behind TLS.
type secureEntrance struct{ entrance }

func (e *secureEntrance) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if c, ok := r.Context().Value(secureKey{}).(*secureConn); ok {
		r.TLS = &c.state
	}
	e.entrance.ServeHTTP(w, r)
}

// Health answers 200 "ok" while the server is Serving, and 503 before it has started and
// while it stops: for a load balancer that is to send no more requests. Options.HealthPath
// mounts it.
func (s *Server) Health() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		status, text := http.StatusOK, "ok\n"
		if !s.Serving() {
			status, text = http.StatusServiceUnavailable, "stopping\n"
		}
		w.WriteHeader(status)
		io.WriteString(w, text)
	})
}

// Stopping gives, for the context of a request, a channel that is closed when its server
// begins to stop (after Options.StopDelay). A stream that watches it can end well: after a last event, with a
// line that says so. In the context of no Server it is nil, which blocks for ever.
func Stopping(ctx context.Context) <-chan struct{} {
	if s, ok := ctx.Value(serverKey{}).(*Server); ok {
		return s.stopping
	}
	return nil
}

// EndOnStop has the context of each request end when the server begins to stop: for apps
// whose answers have no end of their own, such as server-sent events or a long poll. The
// context of other requests ends Options.CancelAfter later, so that they can finish. It is
// a filter:
//
//	mux.Handle("GET /news", server.EndOnStop(news))
//
// context.Cause says ErrStopping then.
func EndOnStop(app http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stopping := Stopping(r.Context())
		if stopping == nil {
			app.ServeHTTP(w, r)
			return
		}
		ctx, cancel := context.WithCancelCause(r.Context())
		ended := make(chan struct{})
		defer close(ended)
		defer cancel(nil)
		go func() {
			select {
			case <-stopping:
				cancel(ErrStopping)
			case <-ended:
			}
		}()
		app.ServeHTTP(w, r.WithContext(ctx))
	})
}
