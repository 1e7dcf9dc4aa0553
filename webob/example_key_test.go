package webob_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"

	"github.com/gowebob/gowebob/webob"
)

// userKey is a slot for the name of who asks.
var userKey = webob.NewKey[string]("example.user")

// What a filter stores is seen by any handler inside, and what that stores is
// seen by the filter outside.
func ExampleKey() {
	rows := webob.NewKey[int]("example.rows")
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		req := webob.NewRequest(r)
		rows.Set(req, 3)
		io.WriteString(w, "hello "+userKey.Value(req))
	})
	mux := http.NewServeMux()
	mux.Handle("/", handler)

	req := webob.Blank("/")
	userKey.Set(req, "jo")
	fmt.Println(req.GetResponse(mux).Text())
	fmt.Println(rows.Get(req))
	// Output:
	// hello jo <nil>
	// 3 true
}

// A filter gives the request's log lines what it knows.
func Example_logger() {
	plain := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}
	req := webob.Blank("/")
	webob.Logger.Set(req, slog.New(slog.NewTextHandler(os.Stdout, plain)).With("request", 7))
	logger, _ := webob.Logger.Get(req)
	logger.Info("seen")
	// Output:
	// level=INFO msg=seen request=7
}
