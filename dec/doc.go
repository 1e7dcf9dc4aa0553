// Package dec makes apps and filters of plain functions. A function takes a
// request and returns a value or an error; what it returns decides, once, how it is
// answered. What comes out is an http.Handler for any mux, and
// func(http.Handler) http.Handler for any stack of middleware.
package dec
