// Package webob holds HTTP's Request and Response as values: what a filter asks
// an app and what it gets back. An app is any http.Handler; GetResponse runs it and
// gives its answer, whose status, header, body and error can be looked at and
// changed before anything is sent. Nothing is lost by looking: large bodies stream,
// Flush, Hijack, trailers and sendfile work, and a mux in between is not noticed.
//
//	// stamp is a filter: an app that asks another one.
//	type stamp struct{ next http.Handler }
//
//	func (f stamp) Respond(req *webob.Request) *webob.Response {
//		start := time.Now()
//		resp := req.GetResponse(f.next)
//		resp.Header().Set("Server-Timing", fmt.Sprintf("app;dur=%d", time.Since(start).Milliseconds()))
//		if err := resp.Err(); err != nil {
//			slog.Warn("failed", "path", req.URL.Path, "err", err)
//		}
//		return resp
//	}
//
//	func (f stamp) ServeHTTP(w http.ResponseWriter, r *http.Request) { webob.Serve(f, w, r) }
//
//	func main() {
//		mux := http.NewServeMux()
//		mux.Handle("/hello", webob.Text("hello\n"))
//		mux.Handle("/files/", http.FileServer(http.Dir(".")))
//		http.ListenAndServe("localhost:8080", stamp{mux})
//	}
//
// Package dec makes apps and filters like these of plain functions.
//
// # Request
//
// A [Request] is the *http.Request itself with more methods: everything net/http knows
// keeps working. Several Requests over one http.Request, or over the copies that a mux
// makes of it, share one environ. [Request.Environ] shows the request by the keys of
// CGI and WSGI and stores the application's own; a [Key] is a typed slot there. What a
// filter stores is seen by every app inside, and what an app stores is seen by the
// filters outside, whatever mux or middleware stands between. So are the pattern
// and the path values that a mux has matched.
//
// [Request.GET], [Request.POST] and [Request.Params] are ordered [MultiDict] values;
// [Request.Decode] fills a struct from a form, query or JSON body; reading the body
// leaves it readable for whoever comes after. [Blank] makes a request for a test.
//
// # Response
//
// A [Response] has a status, an ordered header and a body, given as text, bytes,
// JSON, a reader, a file, an iterator or a function that writes it while it is
// sent. It is an io.Writer that appends to the body, and an app that answers every
// request with a copy of itself. It has one owner, whoever has received it last: one
// that is kept for several requests is returned as a [Response.Copy].
//
// Content-Length, the rules for HEAD, 204, 205 and 304, and where asked for
// conditions and ranges, are seen to when it is sent, after all filters.
// [Request.Precondition] asks for conditions before the work is done. [Events] sends
// server-sent events; [Response.Peek] looks at the beginning of a body and leaves the rest.
//
// # Failures
//
// A failure is a Response too: [Response.Err] is the error behind it, with its
// identity, through every filter and mux. Its page is rendered only when somebody looks
// at the body or sends it. What a client got wrong is an [InputError]. The
// outermost app logs an error once, to the [Logger] of the request or slog.Default.
// A panic stays a panic: it comes out of GetResponse, or of the read of the body.
//
// # Any handler
//
// [Request.GetResponse] asks a [Responder] directly. It runs any other handler on a
// goroutine of its own, strictly in turn with the reader of the body: up to 32 KiB are
// collected, then the handler waits until more is asked for. Flush hands over at once.
// The handler's context ends with the Response's Close, and all that is still open
// is closed when the outermost ServeHTTP of ours returns; [Request.Release] or the end
// of its context does so for a request made by hand. [Response.Wait] waits for the
// handler's end, for a filter that commits a transaction. [Inline] runs small
// handlers on the spot.
//
// An app of ours that is called through foreign code hands its very Response to the
// filter outside, if nobody between has wrapped the writer; header fields that were set
// on the writer are joined. Through a wrapper (a compressor, a logger) it is
// written as through any writer, and only the error travels beside.
//
// # Limits and errors
//
// A cut body never looks whole: an error before the first byte is answered with its
// page, one after it breaks the connection (HTTP/1.1) or resets the stream (HTTP/2). A
// body that is not as long as its Content-Length is such an error. Once a body could not
// be read to its end, the Response cannot be sent as if it were whole.
//
// A header value that would split the header (CR, LF, NUL) makes the answer a 500, and
// the log says which field. A status outside 200 to 599 is a 500.
//
// Hijack and sendfile are HTTP/1.1's: elsewhere http.ErrNotSupported says so, and so it
// does for a request made by hand, which has no connection. A hijacked answer can
// be seen ([Response.Hijacked]) and is not sent. Trailers of a foreign handler travel
// with its Response, which is sent without a Content-Length then.
//
// Request and Response are not safe for concurrent use; environ keys are, and so
// is a Response used as an app. Neither is pooled: what you keep stays yours.
package webob
