package benchmarks

import (
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/gowebob/gowebob/dec"
	"github.com/gowebob/gowebob/webob"
)

// gowebobPeer is gowebob in its own manner: apps are functions that return a
// value, middlewares see the inner answer as one.
func gowebobPeer() *Peer {
	raw := http.HandlerFunc(rawHello)
	negotiate := dec.Wsgify(gowebobServer, gowebobRenderers())
	signed := newGowebobSigned()
	return &Peer{Name: Ours, AuthCookie: signed.sample(), Apps: map[string]http.Handler{
		Hello:                  dec.Wsgify(gowebobHello),
		HelloResponse:          dec.Wsgify(gowebobResponse),
		JSON:                   dec.Wsgify(gowebobServer),
		NegotiateHTML:          negotiate,
		NegotiateJSON:          negotiate,
		Form:                   dec.Wsgify(gowebobForm),
		Cookies:                dec.Wsgify(gowebobCookies),
		SignedCookie:           dec.Wsgify(signed.answer),
		Etag200:                dec.Wsgify(gowebobEtag),
		Etag304:                dec.Wsgify(gowebobEtag),
		Pipeline8:              pipeline(gowebobMW, dec.Wsgify(gowebobHello)),
		Pipeline8Err:           pipeline(gowebobMW, dec.Wsgify(gowebobBoom)),
		Pipeline8Mux:           gowebobAround(gowebobMux(Pipeline8Mux)),
		Pipeline8ChiInline:     gowebobAround(webob.Inline(gowebobChi(Pipeline8ChiInline), 0)),
		Pipeline8Chi:           gowebobAround(gowebobChi(Pipeline8Chi)),
		Pipeline8ForeignInline: pipeline(gowebobMW, webob.Inline(raw, 0)),
		Pipeline8Foreign:       pipeline(gowebobMW, raw),
	}}
}

func gowebobHello(*webob.Request) (string, error) { return "hello", nil }

func gowebobResponse(*webob.Request) (*webob.Response, error) { return webob.Text("hello"), nil }

func gowebobBoom(*webob.Request) (*webob.Response, error) {
	p := webob.Text("boom")
	p.SetStatus(http.StatusInternalServerError)
	return p, nil
}

func gowebobForm(req *webob.Request) (string, error) {
	var b Boot
	if err := req.Decode(&b); err != nil {
		return "", err
	}
	return b.Text(), nil
}

// gowebobServer gives the record; a pointer, so that nothing is copied.
func gowebobServer(*webob.Request) (*Server, error) { return &TheServer, nil }

// gowebobRenderers are the three types of the negotiate workloads, in the order
// of Offers.
func gowebobRenderers() dec.Option {
	html := dec.HTML(func(w io.Writer, s *Server) error {
		_, err := w.Write(s.HTML())
		return err
	})
	return dec.Renderers(html, dec.JSON, dec.XML)
}

// gowebobMW is the whole of a middleware: ask the inner app, change its answer.
func gowebobMW(i int, next http.Handler) http.Handler {
	in, out := InKey(i), OutKey(i)
	return dec.Middleware(func(req *webob.Request, app http.Handler) (*webob.Response, error) {
		p := req.GetResponse(app)
		p.Header().Add(out, req.Header.Get(in))
		if i == ErrorMW && p.Status() >= 500 {
			p.SetStatus(http.StatusServiceUnavailable)
		}
		return p, nil
	})(next)
}

// gowebobInner is the lower half of a pipeline that has a router half way down.
func gowebobInner() http.Handler {
	return layers(gowebobMW, PipelineDepth/2, PipelineDepth, dec.Wsgify(gowebobHello))
}

// gowebobAround puts the upper half round a router.
func gowebobAround(router http.Handler) http.Handler {
	return layers(gowebobMW, 0, PipelineDepth/2, router)
}

func gowebobMux(work string) http.Handler {
	m := http.NewServeMux()
	m.Handle("GET /"+work, gowebobInner())
	return m
}

func gowebobChi(work string) http.Handler {
	m := chi.NewRouter()
	m.Method(http.MethodGet, "/"+work, gowebobInner())
	return m
}
