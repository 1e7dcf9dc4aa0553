// Package benchmarks measures request/response toolkits doing the same work, in
// one process and one run: gowebob beside plain net/http, the common routers and
// frameworks, and, where it is installed, Python WebOb. It is a module of its
// own, so that the peers' code never becomes a dependency of gowebob.
//
//	go test ./...                         # does every peer give the right answers?
//	go test -bench 'App/work=hello/' -cpu 1 .
//	./run.sh                              # ratios to raw beside their budgets
//
// # What goes in, what comes out
//
// A [Peer] is a set of [net/http.Handler] values, one for each workload it can
// do. A prebuilt [Request], parsed by net/http from wire text, goes in; a minimal
// reusable [Writer] takes the answer. Nothing of net/http/httptest is in the
// loop, and no header map is made per request, so that the toolkit is measured
// and not the harness. net/http's own server makes that map for everybody
// (about 110 ns): over a socket every ratio lies nearer to 1.
//
// # Right before fast
//
// [Peer.Check] sees to it that a peer gives the status, body and headers that the
// workload asks for, before anything is timed. Where a peer is known to answer
// something else, its Wrong map says why: it is timed all the same and marked,
// and the check fails on the day it is mended.
//
// # Ratios, not nanoseconds
//
// Absolute figures are those of one machine and wander with its load. What counts
// is the ratio to the peer "raw" (plain net/http as a careful programmer writes
// it), taken within each round, as a median over the rounds. [Budgets] holds the
// ratios that gowebob must keep.
package benchmarks
