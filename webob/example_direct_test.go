package webob_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/gowebob/gowebob/webob"
)

// greeter is an app of strings. Where no filter of ours is outside it writes its
// answer without making a Response of it.
type greeter func(*webob.Request) string

func (g greeter) Respond(req *webob.Request) *webob.Response {
	return req.Settle(webob.Text(g(req)), nil)
}

var plainText = []string{"text/plain; charset=utf-8"}

func (g greeter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d, ok := webob.Enter(w, r)
	if !ok {
		webob.Serve(g, w, r)
		return
	}
	defer d.Leave()
	if s := g(d.Request()); d.Plain() {
		d.Text(plainText, s)
	} else { // the function has set a cookie, say
		d.Send(d.Request().Settle(webob.Text(s), nil))
	}
}

// Enter is for those who turn functions into apps, as package dec does: the bytes are
// the same with filters outside and without.
func ExampleEnter() {
	app := greeter(func(req *webob.Request) string {
		if req.URL.Path == "/cookie" {
			req.Response().SetCookie(&http.Cookie{Name: "seen", Value: "1"})
		}
		return "hello"
	})
	for _, target := range []string{"/", "/cookie"} {
		rec := httptest.NewRecorder()
		app.ServeHTTP(rec, httptest.NewRequest("GET", target, nil))
		fmt.Println(rec.Code, rec.Header().Get("Content-Length"), rec.Body, rec.Header()["Set-Cookie"])
	}
	resp := webob.Blank("/").GetResponse(app)
	fmt.Println(resp.Text())
	// Output:
	// 200 5 hello []
	// 200 5 hello [seen=1; Path=/]
	// hello <nil>
}

// notingWriter is a wrapper of somebody's that notes the status.
type notingWriter struct {
	http.ResponseWriter
	status int
}

func (w *notingWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *notingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// A Passage leads through foreign code with a wrapper of the writer, and tells which
// error an app of ours behind it is answering, and which pattern a mux has matched.
func ExampleDirect_Passage() {
	mux := http.NewServeMux()
	mux.Handle("GET /items/{id}", webob.Failure(http.StatusNotFound, errors.New("no rows"), nil))

	filter := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d, ok := webob.Enter(w, r)
		if !ok {
			mux.ServeHTTP(w, r)
			return
		}
		defer d.Leave()
		way, noted := d.Passage(), &notingWriter{ResponseWriter: d.Writer()}
		way.Serve(mux, noted)
		fmt.Println(noted.status, way.Sync(), d.Request().Pattern)
	})
	filter.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/items/7", nil))
	// Output:
	// 404 no rows GET /items/{id}
}

// A function's answer and what it has done to req.Response() become one: of a Response
// of its own, the cookies are taken over.
func ExampleRequest_Settle() {
	req := webob.Blank("/")
	own := req.Response()
	own.SetStatus(http.StatusAccepted)
	own.SetCookie(&http.Cookie{Name: "seen", Value: "1"})

	resp := req.Settle(webob.Text("another answer"), nil)
	fmt.Println(resp.StatusText(), resp.Header().Values("Set-Cookie"))

	req.Response().SetStatus(http.StatusAccepted)
	fmt.Println(req.Settle(nil, nil).StatusText())
	// Output:
	// 200 OK [seen=1; Path=/]
	// 202 Accepted
}

// OnFailure says who makes the page of an error that comes up when the app has
// answered already.
func ExampleRequest_OnFailure() {
	app := respondFunc(func(req *webob.Request) *webob.Response {
		req.OnFailure(func(_ *webob.Request, err error) *webob.Response {
			return webob.Failure(http.StatusBadGateway, err, func(p *webob.Response) { p.SetText("Come back later.\n") })
		})
		return webob.Stream("text/csv", func(webob.StreamWriter) error { return errors.New("no database") })
	})
	rec := httptest.NewRecorder()
	app.ServeHTTP(rec, httptest.NewRequest("GET", "/", nil))
	fmt.Print(rec.Code, " ", rec.Body)
	// Output:
	// 502 Come back later.
}

// respondFunc is an app of a function.
type respondFunc func(*webob.Request) *webob.Response

func (f respondFunc) Respond(req *webob.Request) *webob.Response       { return f(req) }
func (f respondFunc) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(f, w, r) }

// A Head shows a filter of any kind what it may change of an answer.
func ExampleNewHead() {
	noSniff := func(h *webob.Head) {
		h.Header().Set("X-Content-Type-Options", "nosniff")
		if errors.Is(h.Err(), errNoRows) {
			h.SetStatus(http.StatusGone)
		}
	}
	resp := webob.Failure(http.StatusNotFound, errNoRows, nil)
	head := webob.NewHead(resp.Status(), resp.Header(), resp.Err())
	noSniff(head)
	resp.SetStatus(head.Status())
	fmt.Println(resp.Status(), resp.Header().Get("X-Content-Type-Options"))
	// Output:
	// 410 nosniff
}
