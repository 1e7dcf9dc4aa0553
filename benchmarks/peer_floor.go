package benchmarks

import (
	"context"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-chi/chi/v5"
)

// floorPeer is what the rules of gowebob cost at the least, for the cases where
// these rules, and not the code, decide the price. It is a model of a few types that
// does nothing else: a Response has one owner and travels through foreign muxes by
// reference; every foreign handler is given the overlay in a context of its own, so
// that both sides see what the other has stored; it has a header map of its own; where
// it streams it runs on a goroutine that takes turns. Names and values of fields are
// not checked, limits, panics, trailers, Flush, Hijack and late writers are not thought of.
func floorPeer() *Peer {
	raw := http.HandlerFunc(rawHello)
	router := chi.NewRouter()
	router.Method(http.MethodGet, "/"+Pipeline8ChiInline, layers(floorMW, PipelineDepth/2, PipelineDepth, floorHello{}))
	return &Peer{Name: "floor", Apps: map[string]http.Handler{
		HelloResponse:          floorHello{},
		Pipeline8:              pipeline(floorMW, floorHello{}),
		Pipeline8ChiInline:     layers(floorMW, 0, PipelineDepth/2, floorInline{router}),
		Pipeline8ForeignInline: pipeline(floorMW, floorInline{raw}),
		Pipeline8Foreign:       pipeline(floorMW, raw),
	}}
}

// floorRequest is a view of a request.
type floorRequest struct {
	*http.Request
	w http.ResponseWriter
	x *floorOverlay
}

// floorOverlay is what all views of a request share.
type floorOverlay struct {
	mu    sync.Mutex
	root  *http.Request  // whom its Response belongs to
	inner *http.Request  // whose pattern and path values are seen outside
	_     map[string]any // what filters store
}

// floorResponse is an answer as a value. As ours it has room for what is rare.
type floorResponse struct {
	ctype  string
	fields *floorFields
	body   string
	_      *struct{ err error } // what is rare
	owner  atomic.Pointer[http.Request]
	status int
}

// floorFields is an ordered header.
type floorFields struct {
	list []floorField
	room [8]floorField
}

type floorField struct {
	name  string
	value [1]string
}

func (p *floorResponse) add(name, value string) {
	if p.fields == nil {
		p.fields = new(floorFields)
		p.fields.list = p.fields.room[:0]
	}
	p.fields.list = append(p.fields.list, floorField{name, [1]string{value}})
}

func (p *floorResponse) send(w http.ResponseWriter) {
	h := w.Header()
	h["Content-Type"] = floorType(p)
	if p.fields != nil {
		for i := range p.fields.list {
			f := &p.fields.list[i]
			h[f.name] = f.value[:1:1]
		}
	}
	h["Content-Length"] = floorLengths[len(p.body)&7 : len(p.body)&7+1]
	w.WriteHeader(p.status)
	io.WriteString(w, p.body)
}

var (
	floorText    = []string{textType}
	floorLengths = []string{"0", "1", "2", "3", "4", "5", "6", "7"}
)

func floorType(p *floorResponse) []string {
	if p.ctype == textType {
		return floorText[:1:1]
	}
	return []string{p.ctype}
}

// floorApp is an app that answers with a value.
type floorApp interface {
	http.Handler
	respond(*floorRequest) *floorResponse
}

// floorServe is the ServeHTTP of a floorApp.
func floorServe(app floorApp, w http.ResponseWriter, r *http.Request) {
	if c, ok := w.(*floorCall); ok {
		c.take(app.respond(c.view(r)))
		return
	}
	if c, ok := r.Context().Value(floorKey{}).(*floorCall); ok {
		app.respond(c.view(r)).send(w)
		return
	}
	req := &floorRequest{Request: r, w: w}
	req.own(app.respond(req)).send(w)
}

func (r *floorRequest) own(p *floorResponse) *floorResponse {
	root := r.Request
	if r.x != nil {
		root = r.x.root
	}
	if p.owner.Load() != root && !p.owner.CompareAndSwap(nil, root) {
		panic("answers another request")
	}
	return p
}

func (r *floorRequest) get(app http.Handler) *floorResponse {
	switch app := app.(type) {
	case floorApp:
		return r.own(app.respond(r))
	case floorInline:
		run := new(floorCrossing)
		app.Handler.ServeHTTP(run.begin(r), &run.in)
		return r.own(run.call.answer())
	}
	run := new(floorAside)
	run.turn = make(chan struct{})
	run.begin(r)
	go run.work(app)
	<-run.turn
	return r.own(run.call.answer())
}

// floorInline marks a handler to be run on the spot.
type floorInline struct{ http.Handler }

// floorCrossing is a run of a foreign handler, and its context.
type floorCrossing struct {
	call   floorCall
	x      floorOverlay
	parent context.Context
	in     http.Request
}

// floorAside is one on a goroutine of its own.
type floorAside struct {
	floorCrossing
	turn chan struct{}
}

func (a *floorAside) work(h http.Handler) {
	h.ServeHTTP(&a.call, &a.in)
	a.turn <- struct{}{}
}

type floorKey struct{}

// floorContext is a crossing as a context.
type floorContext floorCrossing

func (c *floorContext) Value(key any) any {
	if key == (floorKey{}) {
		return &c.call
	}
	return c.parent.Value(key)
}

func (c *floorContext) Done() <-chan struct{} { return c.parent.Done() }

func (c *floorContext) Err() error { return c.parent.Err() }

// begin needs the copy of the request because nothing else takes the overlay through
// foreign code that wraps the writer.
func (c *floorCrossing) begin(r *floorRequest) *floorCall {
	if r.x == nil {
		c.x.root, r.x = r.Request, &c.x
	}
	c.call.req, c.parent = r, r.Context()
	c.in = *r.WithContext((*floorContext)(c))
	return &c.call
}

// floorCall is the writer of a foreign handler.
type floorCall struct {
	mu    sync.Mutex // the handler may write from goroutines, and outlive its run
	req   *floorRequest
	taken *floorResponse
	ended bool
	room  floorRequest
	wrote *floorWrote // made when the handler writes
}

type floorWrote struct {
	header http.Header
	floorResponse
}

func (c *floorCall) view(r *http.Request) *floorRequest {
	x := c.req.x
	x.mu.Lock()
	defer x.mu.Unlock()
	x.inner = r
	c.room = floorRequest{r, c.req.w, x}
	return &c.room
}

func (c *floorCall) take(p *floorResponse) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.taken = p
}

func (c *floorCall) open() *floorWrote {
	if c.wrote == nil {
		c.wrote = &floorWrote{header: make(http.Header)}
	}
	return c.wrote
}

func (c *floorCall) Header() http.Header { return c.open().header }

func (c *floorCall) WriteHeader(status int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open().status = status
}

func (c *floorCall) Write(b []byte) (int, error) { return c.WriteString(string(b)) }

func (c *floorCall) WriteString(s string) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open().body += s
	return len(s), nil
}

func (c *floorCall) answer() *floorResponse {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	if c.taken != nil {
		return c.taken
	}
	o := c.open()
	left := len(o.header)
	if vals := o.header["Content-Type"]; len(vals) == 1 {
		o.ctype = vals[0]
		left--
	}
	for name, vals := range o.header {
		if left == 0 {
			break
		}
		if name != "Content-Type" {
			o.add(name, vals[0])
		}
	}
	if o.status == 0 {
		o.status = http.StatusOK
	}
	return &o.floorResponse
}

// floorHello is an app.
type floorHello struct{}

func (a floorHello) ServeHTTP(w http.ResponseWriter, r *http.Request) { floorServe(a, w, r) }

func (floorHello) respond(*floorRequest) *floorResponse {
	return &floorResponse{status: http.StatusOK, ctype: textType, body: "hello"}
}

// floorFilter is a middleware round its app.
type floorFilter struct {
	i       int
	in, out string
	app     http.Handler
}

func (f *floorFilter) ServeHTTP(w http.ResponseWriter, r *http.Request) { floorServe(f, w, r) }

func (f *floorFilter) respond(r *floorRequest) *floorResponse {
	p := r.get(f.app)
	p.add(f.out, r.Header.Get(f.in))
	if f.i == ErrorMW && p.status >= 500 {
		p.status = http.StatusServiceUnavailable
	}
	return p
}

func floorMW(i int, next http.Handler) http.Handler {
	return &floorFilter{i, InKey(i), OutKey(i), next}
}

var _ floorApp = (*floorFilter)(nil)

func (c *floorContext) Deadline() (time.Time, bool) { return c.parent.Deadline() }
