// Command events is a board that everybody sees change: server-sent events, a page that
// listens to them by EventSource, and a form.
//
//	go run ./examples/events
//
// Open http://localhost:8080/ in two windows and say something. Without a browser:
//
//	curl -N localhost:8080/events                          # leave it running
//	curl -d text='Hello' localhost:8080/say                # in another terminal
//	curl -N -H 'Last-Event-ID: 1' localhost:8080/events    # what came after message 1
//
// Stop it with Ctrl-C: the streams end between two events, and the pages come back
// when it runs again.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"html/template"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

//go:embed page.html
var page string

// events answers with what is said, from where this browser has left off.
func (b *Board) events(req *webob.Request) (*webob.Response, error) {
	id, err := strconv.Atoi(req.LastEventID())
	if err != nil {
		id = 0 // none yet, or none of ours
	}
	return webob.Events(req, b.Since(req.Context(), id), webob.EventOptions{Retry: retry}), nil
}

const maxText = 4 << 10 // bytes

// message is what the form sends.
type message struct {
	Text string `form:"text"`
}

// say takes a message. 204 leaves the browser on the page it shows.
func (b *Board) say(req *webob.Request, in message) (*webob.Response, error) {
	text := strings.TrimSpace(in.Text)
	switch {
	case text == "":
		return nil, exc.UnprocessableContent.With("Say something.")
	case len(text) > maxText:
		return nil, exc.ContentTooLarge.Withf("A message has at most %d bytes.", maxText)
	}
	b.Say(text)
	return webob.NewResponse(http.StatusNoContent), nil
}

// newApp puts it together. The guard keeps other sites from posting in a visitor's name.
func newApp(b *Board) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", webob.HTML(template.HTML(page)))
	mux.Handle("GET /events", dec.Wsgify(b.events))
	mux.Handle("POST /say", dec.Bind(b.say))
	return http.NewCrossOriginProtection().Handler(mux)
}

// serve answers on l until ctx ends. That ends the context of every request, by which
// its stream ends: Shutdown would wait for streams for ever.
func serve(ctx context.Context, l net.Listener, app http.Handler) error {
	server := &http.Server{
		Handler:           app,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ReadHeaderTimeout: 10 * time.Second,
		WriteTimeout:      30 * time.Second, // of other answers: Events has one for each event
	}
	stopped := make(chan error, 1)
	context.AfterFunc(ctx, func() {
		soon, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		stopped <- server.Shutdown(soon)
	})
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

func main() {
	addr := flag.String("addr", "localhost:8080", "address to listen on")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal("events: ", err)
	}
	log.Printf("listening on http://%s/", l.Addr())
	if err := serve(ctx, l, newApp(NewBoard())); err != nil {
		log.Fatal("events: ", err)
	}
}
