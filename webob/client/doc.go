// Package client makes an app of a server somewhere else: a request goes out over
// the network, and what comes back is a *webob.Response like that of any other app,
// so that filters, routes and tests take it. Bodies stream both ways in bounded
// memory, hop-by-hop fields stay behind, and what goes wrong is an error with a
// status.
//
//	backend, err := client.New("http://10.0.0.7:8080/v1", client.Options{})
//	...
//	mux.Handle("/api/", http.StripPrefix("/api", backend))
//
// # Where a request goes
//
// The target of New is the program's. A request adds the rest of its path and its
// query, as they came, and can neither choose another server nor climb out of the
// target's path: what users send must never decide where a server connects to.
//
// NewSender and Do send a request to the server that it names itself, by SERVER_NAME
// and SERVER_PORT of its environ or else its Host. They are for requests that the
// program has made, webob.Blank for example; behind a server they would be an open
// proxy.
//
// # What is sent, what is taken
//
// Method, path, query, end-to-end fields, body and trailers are passed on;
// Connection and what it names, Keep-Alive, Proxy-*, TE, Trailer, Transfer-Encoding
// and Upgrade are not (RFC 9110 §7.6.1), in either direction. Nothing is added: no
// User-Agent, no Accept-Encoding, and X-Forwarded-For and its like by Options.Forward
// alone. Redirects are not followed, cookies not kept, codings not undone.
// Informational answers such as 103 reach the client as they arrive.
//
// # What goes wrong
//
// No connection, an answer that is no HTTP, one beyond the limits: exc.BadGateway.
// A server that is silent for Options.Timeout: exc.GatewayTimeout. A request that
// cannot be sent: exc.BadRequest with ErrRequest. An upgrade: exc.NotImplemented. Each
// has its cause, for the log alone. A body that breaks off breaks the connection to
// our client off, too: it never looks whole.
//
// WebOb: the module webob.client, SendRequest.
package client
