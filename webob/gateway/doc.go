// Package gateway is for the other ways into a program than net/http's own server,
// and for other programs behind its apps: CGI (RFC 3875), FastCGI and Unix sockets.
//
//	func main() {
//		app := dec.Wsgify(hello)
//		log.Fatal(gateway.ServeCGI(app, nil))
//	}
//
// # In front
//
// ServeCGI answers the one request that a web server has started this process for,
// ServeFastCGI those that come over a listener; both over the standard library's
// net/http/cgi and net/http/fcgi. ListenUnix makes a Unix socket that a server of
// net/http, or ServeFastCGI, listens on. The app sees the same request whatever is
// in front: URL and RequestURI, SCRIPT_NAME and PATH_INFO, REMOTE_USER and the other
// variables of the front in the Environ, a body that is as long as announced or
// ends in an error, a context that ends when the client leaves.
//
// What the answer promises holds as well: HEAD and 204 have no body, 1xx does not
// end the answer, hop-by-hop fields and a field Status stay here, a body that is not
// as long as its Content-Length and a panic abort the answer. A FastCGI connection is closed
// for that, which the front passes on; a CGI process can only end with an exit
// status other than zero, which CGI of this package looks at and others may not.
//
// # Behind
//
// CGI is an app that runs a program for each request, FastCGI one that asks a server
// such as php-fpm. Both are plain handlers: mount them, put filters round them.
//
//	mux.Handle("/legacy/", &gateway.CGI{Path: "/srv/legacy.cgi", Mount: "/legacy"})
//	mux.Handle("/", &gateway.FastCGI{Network: "unix", Address: "/run/php/fpm.sock", Root: "/srv/www"})
//
// The program is given what the Environ says: header fields with an underscore in
// their name and the field Proxy never reach it, REMOTE_USER is what a filter has set,
// never what the client claims. Its answer streams, each piece as it comes. An answer
// that is none is a 502, a server that does not answer in time a 504; what breaks off
// on the way is aborted, so that a cut body never looks whole.
package gateway
