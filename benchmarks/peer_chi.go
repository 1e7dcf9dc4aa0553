package benchmarks

import (
	"bytes"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/render"
)

// chiPeer is chi with its own companions: render for answers and negotiation,
// middleware.WrapResponseWriter (Tee and Discard, so it buffers) for what comes
// after the answer.
func chiPeer() *Peer {
	r := chi.NewRouter()
	r.Get("/hello", func(w http.ResponseWriter, r *http.Request) { render.PlainText(w, r, "hello") })
	r.Get("/json", func(w http.ResponseWriter, r *http.Request) { render.JSON(w, r, &TheServer) })
	r.Get("/negotiate-html", chiNegotiate)
	r.Get("/negotiate-json", chiNegotiate)
	r.Post("/form", chiForm)
	r.Get("/cookies", rawCookies)
	r.Get("/etag200", rawEtag)
	r.Get("/etag304", rawEtag)
	r.Group(func(r chi.Router) {
		for i := range PipelineDepth {
			r.Use(chiMW(i))
		}
		r.Get("/pipeline8", rawHello)
		r.Get("/pipeline8err", rawBoom)
	})
	return &Peer{
		Name: "chi",
		Apps: serving(r, Hello, JSON, NegotiateHTML, NegotiateJSON, Form, Cookies, Pipeline8, Pipeline8Err, Etag200, Etag304),
		Wrong: map[string]string{
			NegotiateJSON: "chi/render looks at the first media range only and ignores q: gives HTML",
		},
	}
}

func chiNegotiate(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Accept")
	switch render.GetAcceptedContentType(r) {
	case render.ContentTypeHTML:
		render.HTML(w, r, string(TheServer.HTML()))
	case render.ContentTypeXML:
		render.XML(w, r, &TheServer)
	default:
		render.JSON(w, r, &TheServer)
	}
}

func chiForm(w http.ResponseWriter, r *http.Request) {
	var b Boot
	if err := render.DecodeForm(r.Body, &b); err != nil {
		http.Error(w, err.Error(), 400)
		return
	}
	render.PlainText(w, r, b.Text())
}

func chiMW(i int) func(http.Handler) http.Handler {
	in, out := InKey(i), OutKey(i)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			var buf bytes.Buffer
			ww.Tee(&buf)
			ww.Discard()
			next.ServeHTTP(ww, r)
			w.Header().Add(out, r.Header.Get(in))
			code := ww.Status()
			if code == 0 {
				code = 200
			}
			if i == ErrorMW && code >= 500 {
				code = 503
			}
			w.WriteHeader(code)
			w.Write(buf.Bytes())
		})
	}
}
