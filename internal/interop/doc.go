// Package interop plays the core of gowebob together with the muxes, middlewares
// and clients that others use: chi, gorilla/mux, alice, echo and a WebSocket
// library. It holds tests alone, in a module of its own, so that none of these
// becomes a dependency of gowebob.
package interop
