// Package server runs an http.Handler as a service: it listens, serves, reloads and stops
// without losing an answer, in one process or in several on the same sockets. It needs
// the standard library only, and serves any handler.
//
//	func main() {
//		app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
//			io.WriteString(w, "hello\n")
//		})
//		err := server.Run(app, server.Options{Port: 8000})
//		if err != nil {
//			log.Print(err)
//		}
//		os.Exit(server.ExitCode(err))
//	}
//
// # Life
//
// Run is for a main: it serves until SIGTERM or SIGINT, and reloads on SIGHUP. Where a
// program or a test wants to hold the reins, New makes a Server, Start opens its sockets and
// serves, Addrs tells where, Ready and Serving when, Stop ends it, Wait waits for the end.
//
// # Addresses
//
// Options.Listen takes TCP addresses, Unix sockets and sockets that the service manager has
// opened; the last are taken by themselves where no address is given. A TCP address
// that is in use is tried again for a while. The file of a Unix socket is removed if nobody
// listens on it any more, and at the end. Certificates in files make it TLS, with HTTP/2.
//
// # Time limits
//
// A client has 10 seconds for the head of a request, a connection may rest for 2 minutes,
// and a head may have 64 KiB. There is no limit for a whole request or answer: it would
// cut an upload, a download or a stream that is merely long, and net/http cannot tell a
// slow one from one that stands still. A handler that reads or writes little sets its own
// deadline (http.ResponseController); MaxConns bounds what slow clients can hold.
//
// # The end
//
// Stop closes the listeners once their queues are empty, and lets requests finish. What
// tells clients not to send another is done ahead of closing anything: HTTP/1.1 answers say
// "Connection: close", HTTP/2 connections get a GOAWAY that refuses nothing yet. An idle
// connection is kept for Options.IdleGrace, as its client may be just sending, and is
// looked at once more before it is closed. Then, to keep it bounded: after CancelAfter the
// contexts of requests end, after DrainTimeout the rest is cut off, hijacked connections
// as well, and Stop says how many.
//
// Streams have no end of their own. EndOnStop around their app has their contexts end as
// soon as the server stops; webob.Events then ends between two events, and the browser
// connects again, elsewhere. Stopping gives the same as a channel.
//
// # Reload
//
// An app that is a Reloader, such as deploy.Live, is told on SIGHUP and by Server.Reload; so are
// the certificates. What fails changes nothing and is logged. In one process no connection
// notices.
//
// # Workers
//
// With Options.Workers, Run starts processes of the same program that serve the same sockets;
// it serves nothing itself. That is for memory that is kept apart, for a crash that takes
// only its own requests along, and for a new binary without a pause; it is not needed to
// use all processors. A worker that dies is started again. SIGHUP starts a whole
// new generation: it begins to serve when all of it is ready, and the old one ends as above.
// A configuration that does not load is found out before, by the parent or by the
// new workers, and the old ones stay. What a killed worker had in hand is lost, nothing else: a
// connection that nobody has accepted yet waits in the socket, which the parent holds.
//
// # Limits
//
// A client whose request and the closing of its long idle connection cross on the wire gets no
// answer; HTTP/1.1 knows no remedy, and clients send such a request again if it is safe
// to. Addresses and the number of workers change with a restart only. Worker processes need
// Unix. The service manager is told by systemd's protocol (NOTIFY_SOCKET).
package server
