// Package server runs an http.Handler as a service.
package server
