package routes

import (
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/gowebob/gowebob/exc"
	"github.com/gowebob/gowebob/webob"
)

// Cascade asks several apps in turn, until one answers with a status that is not
// caught: files first, say, and the application for what is no file. The answer of the
// last app counts whatever it is.
//
// Each app gets the request as it came: path, header and the whole body. A body is read
// once, before the first app, as Request.MakeBodySeekable reads it: in memory up to
// Limits.Memory, above that in a temporary file, and at most Limits.Body bytes. A request
// without a body, and a cascade of one app, are not delayed. Environ keys are shared, as
// everywhere.
//
// An answer passed over is closed: a stream ends, a handler's context is cancelled. So is
// what it has said in the request's own response, cookies for example. An error that is
// no HTTP error is never passed over, even where 500 is caught: it would be lost.
//
// It is safe for concurrent use. Paste: cascade.Cascade.
type Cascade struct {
	apps  []http.Handler
	catch []int
}

// CascadeOptions are settings of NewCascade.
type CascadeOptions struct {
	// Catch are the statuses that are passed over, 400 to 599; nil is 404 alone. A list
	// that is empty but not nil catches nothing.
	Catch []int
}

// ErrCascade is a cascade that cannot be.
var ErrCascade = errors.New("routes: bad cascade")

// NewCascade makes a cascade of apps, in the order in which they are asked. An ErrCascade
// tells that there are none or that one is nil, or of a status to catch that is no error.
func NewCascade(apps []http.Handler, o CascadeOptions) (*Cascade, error) {
	if len(apps) == 0 {
		return nil, fmt.Errorf("%w: no apps", ErrCascade)
	}
	if i := slices.Index(apps, nil); i >= 0 {
		return nil, fmt.Errorf("%w: app %d is nil", ErrCascade, i)
	}
	for _, status := range o.Catch {
		if status < 400 || status > 599 {
			return nil, fmt.Errorf("%w: %d is not a status of 400 to 599", ErrCascade, status)
		}
	}
	c := &Cascade{slices.Clone(apps), slices.Clone(o.Catch)}
	if o.Catch == nil {
		c.catch = []int{http.StatusNotFound}
	}
	return c, nil
}

// ServeHTTP answers a request of a server, a mux or foreign middleware. If it comes to
// the last app, and no filter of ours is outside, that one gets the writer itself.
func (c *Cascade) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d, ok := webob.Enter(w, r)
	if !ok {
		webob.Serve(c, w, r)
		return
	}
	defer d.Leave()
	req := d.Request()
	switch p := c.before(req); {
	case p != nil:
		d.Send(p)
	case d.Plain():
		d.Pass(c.last())
	default:
		d.Send(req.GetResponse(c.last()))
	}
}

// Respond answers a request of a filter of ours.
func (c *Cascade) Respond(req *webob.Request) *webob.Response {
	if p := c.before(req); p != nil {
		return p
	}
	return req.GetResponse(c.last())
}

func (c *Cascade) last() http.Handler { return c.apps[len(c.apps)-1] }

// before asks all apps but the last, and is nil where that is to be asked.
func (c *Cascade) before(req *webob.Request) *webob.Response {
	if len(c.apps) == 1 {
		return nil
	}
	for _, app := range c.apps[:len(c.apps)-1] {
		if err := req.MakeBodySeekable(); err != nil {
			return exc.Page(req, err)
		}
		if p := c.try(req, app); p != nil {
			return p
		}
	}
	if err := req.MakeBodySeekable(); err != nil { // back to its start
		return exc.Page(req, err)
	}
	return nil
}

// try asks one app; nil says that its answer was passed over. The app has a copy of the
// request, and of what filters outside have put into the request's own response.
func (c *Cascade) try(req *webob.Request, app http.Handler) *webob.Response {
	own := req.TakeResponse()
	if own != nil {
		req.SwapResponse(own.Copy())
	}
	in := req.Clone(req.Context())
	p := in.GetResponse(app)
	if !c.passes(p) {
		if in.Pattern != "" {
			req.Pattern = in.Pattern
		}
		return p
	}
	p.Close()
	if left := req.SwapResponse(own); left != nil {
		left.Close()
	}
	return nil
}

// passes says whether an answer is passed over.
func (c *Cascade) passes(p *webob.Response) bool {
	if !slices.Contains(c.catch, p.Status()) {
		return false
	}
	err := p.Err()
	return err == nil || isAnswer(err)
}

// isAnswer tells an HTTP error, which is an answer like any other, from what went wrong.
func isAnswer(err error) bool {
	var app webob.Responder
	return errors.Is(err, exc.ClientError) || errors.Is(err, exc.ServerError) || errors.As(err, &app)
}
