// Package dec makes apps and filters of plain functions. A function takes a
// request and returns a value or an error; its result type decides, once, how that is
// answered. What comes out is an http.Handler for any mux, and a
// func(http.Handler) http.Handler for any stack of middleware.
//
//	func hello(req *webob.Request) (string, error) {
//		name := req.GET().Get("name")
//		if name == "" {
//			return "", exc.BadRequest.With("Who are you?")
//		}
//		return "Hello " + name, nil
//	}
//
//	func timed(req *webob.Request, app http.Handler) (*webob.Response, error) {
//		start := time.Now()
//		resp := req.GetResponse(app)
//		resp.Header().Set("Server-Timing", fmt.Sprintf("app;dur=%d", time.Since(start).Milliseconds()))
//		return resp, nil
//	}
//
//	func main() {
//		mux := http.NewServeMux()
//		mux.Handle("/hello", dec.Wsgify(hello))
//		http.ListenAndServe("localhost:8080", dec.Middleware(timed)(mux))
//	}
//
// # Results
//
// [Wsgify] takes text, bytes, HTML, a *webob.Response, another handler, a reader, an
// iterator of pieces, and any other value as data. Data is JSON, or what [Renderers]
// offer and the request accepts. An error is answered with its page; filters see
// it, itself, by Err of the Response. The function stays what it was: call it from
// tests, or through Get, Post and Request of the [App].
//
// # The request's own response
//
// req.Response() is a response that a function may touch on its way: a status, header
// fields, cookies. What it returns as text or data is written there. Of a Response
// that it returns instead, only the cookies are taken over, and so for an app and an
// error. Each function has its own, also where one answers within another.
//
// # Input
//
// [Bind] fills a struct from path, query, header and body before the function is
// called, and answers faults by itself. [WsgifyAs] is for a request type of one's own.
//
// # Filters
//
// [Middleware] gives a function the inner app; req.GetResponse(app) is its answer as
// a value, whatever kind of handler it is. [OnHead] is for filters that touch status
// and header alone.
//
// # Cost and limits
//
// Where no filter is outside, text, bytes and data never become a Response: one
// allocation, the request's. With filters, one Response travels through all of them.
// Nobody can tell from the answer which way was taken. What a function returns by
// mistake (a channel, a function) panics when the app is made, not when it is asked.
package dec
