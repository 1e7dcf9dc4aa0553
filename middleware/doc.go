// Package middleware has filters for any http.Handler: one error page for any mux, error
// documents, compression, access log, authentication, addresses behind proxies, and more.
// Each is a func(http.Handler) http.Handler made of an options struct whose zero value is
// safe, and each has a name for INI files (package deploy/standard).
//
//	app := http.Handler(mux)
//	for _, filter := range []func(http.Handler) http.Handler{ // from the inside out
//		middleware.ErrorPage(middleware.ErrorPageOptions{}),
//		middleware.Gzip(middleware.GzipOptions{}),
//		middleware.Recover(middleware.RecoverOptions{}),
//		middleware.AccessLog(middleware.AccessLogOptions{}),
//	} {
//		app = filter(app)
//	}
//	http.ListenAndServe("localhost:8080", app)
//
// # What they see
//
// A filter sees the answer of the app inside as a webob.Response: status, header and the
// error behind it, whatever mux stands between. Bodies stream through all of them.
//
// # Order
//
// From the outside in: AccessLog, which has to see what is really sent; Recover; RequestID;
// Forwarded, before anybody asks for the client's address; Gzip; ErrorDocument; ErrorPage;
// BasicAuth; the app. Recursive stands wherever paths are to be counted from.
//
// # Errors
//
// Options that make no sense are faults of the program: the constructors panic, as package
// dec does. Where options come from a file, Validate says so before.
package middleware
