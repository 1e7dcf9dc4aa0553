// Package wsgi runs applications of PEP 3333's shape: a function that takes an
// environ and a start_response and gives an iterable of chunks. Handler makes such
// a function one of our apps, FromHandler makes any http.Handler such a function,
// and Lint stands between the two and tells who breaks which rule of the PEP.
//
//	func app(env webob.Environ, start wsgi.StartResponse) iter.Seq2[[]byte, error] {
//		return func(yield func([]byte, error) bool) {
//			if _, err := start("200 OK", wsgi.Headers{{"Content-Type", "text/plain"}}, nil); err != nil {
//				yield(nil, err)
//				return
//			}
//			yield([]byte("Hello "+env.String("REMOTE_USER")), nil)
//		}
//	}
//
//	http.Handle("/", wsgi.Handler(app))
//
// It is for porting code that was written against WSGI, and for middleware that
// wants to stand at that boundary. New code is shorter with package dec.
//
// # How the PEP reads in Go
//
// The environ is webob.Environ, a live map; Environ.Request gives the Request
// behind it. An exception that the application raises is an error that it yields
// in the place of a chunk. exc_info is an error given to start. Raising it again,
// as start_response does once the head is out, is returning it: an application
// then stops, mostly by yielding it. The close method of an iterable is what the
// iterator does before it returns (a defer): the server always begins the
// iteration and always ends it, be it early.
//
// # What the server side keeps
//
// The head is sent with the first chunk that is not empty, or at the end. Each
// such chunk is flushed. The status, the header fields and the hop-by-hop rule are
// checked when start is called, while the application can still answer otherwise;
// no more than Content-Length says is sent. An error before the first chunk is
// answered with the page of that error, a 500 for any that is no HTTP error; after
// it the connection is aborted. An error page that the application has made itself
// (start with exc_info) is sent as it is, and Response.Err is that error for the
// filters outside.
//
// What is refused is refused as a *Violation, whose Rule names the section of the PEP.
package wsgi
