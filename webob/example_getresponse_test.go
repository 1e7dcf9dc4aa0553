package webob_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/gowebob/gowebob/webob"
)

// GetResponse gives the answer of any http.Handler as a value, which can be
// looked at and changed before anything is sent.
func ExampleRequest_GetResponse() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "hello "+r.URL.Query().Get("name"))
	})
	resp := webob.Blank("/?name=world").GetResponse(handler)
	text, err := resp.Text()
	if err != nil {
		fmt.Println(err)
	}
	resp.SetText(strings.ToUpper(text))
	fmt.Println(resp.StatusText(), resp.Header().Get("Content-Type"))
	fmt.Println(resp.Text())
	// Output:
	// 200 OK text/plain
	// HELLO WORLD <nil>
}

var errNoRows = errors.New("no rows")

// A mux between filter and app is transparent: the filter sees the app's own
// Response, and with it the error, not its rendering.
func ExampleRequest_GetResponse_mux() {
	mux := http.NewServeMux()
	mux.Handle("GET /items/{id}", webob.Failure(http.StatusNotFound, errNoRows, nil))

	req := webob.Blank("/items/7")
	resp := req.GetResponse(mux)
	fmt.Println(resp.Status(), errors.Is(resp.Err(), errNoRows))
	fmt.Println(req.Pattern, req.PathValue("id"))
	// Output:
	// 404 true
	// GET /items/{id} 7
}

// A body of any size streams: the handler runs while its reader waits, and ends
// when the Response is closed.
func ExampleRequest_GetResponse_streaming() {
	endless := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for i := 1; ; i++ {
			if _, err := fmt.Fprintf(w, "line %d\n", i); err != nil {
				fmt.Println("handler:", err)
				return
			}
		}
	})
	resp := webob.Blank("/").GetResponse(endless)
	first := make([]byte, 7)
	io.ReadFull(resp.Body(), first)
	fmt.Printf("%q\n", first)
	resp.Close()
	// Output:
	// "line 1\n"
	// handler: webob: body closed by its reader
}

// timing is an app of ours that stands round another: a filter.
type timing struct{ next http.Handler }

func (f timing) Respond(req *webob.Request) *webob.Response {
	start := time.Now()
	resp := req.GetResponse(f.next)
	resp.Header().Set("X-Slow", fmt.Sprint(time.Since(start) > time.Minute))
	return resp
}

func (f timing) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(f, w, r) }

// A Responder is an app that answers with a value. Serve makes it an
// http.Handler for any server and any mux. Package dec makes Responders of
// plain functions.
func ExampleResponder() {
	srv := httptest.NewServer(timing{webob.Text("hello")})
	defer srv.Close()
	resp, err := http.Get(srv.URL)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	fmt.Println(string(body), err, resp.Header.Get("X-Slow"))
	// Output:
	// hello <nil> false
}

// A router over apps of ours that answer small can be run on the spot.
func ExampleInline() {
	router := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, strings.Repeat("x", 100))
	})
	small := webob.Blank("/").GetResponse(webob.Inline(router, 1000))
	large := webob.Blank("/").GetResponse(webob.Inline(router, 10))
	fmt.Println(small.Status(), small.Err())
	fmt.Println(large.Status(), large.Err())
	// Output:
	// 200 <nil>
	// 500 webob: answer larger than the limit of Inline
}

// The answer can still become another one when the handler has ended: a commit
// that fails makes a 500 of what would have been a 200.
func ExampleResponse_Wait() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "saved") })
	commit := func() error { return errors.New("serialization failure") }

	resp := webob.Blank("/").GetResponse(handler)
	err := resp.Wait(1 << 20)
	if err == nil && resp.Err() == nil {
		err = commit()
	}
	if err != nil {
		resp.Close()
		resp = webob.Failure(http.StatusInternalServerError, err, nil)
	}
	fmt.Println(resp.Status(), resp.Err())
	// Output:
	// 500 serialization failure
}
