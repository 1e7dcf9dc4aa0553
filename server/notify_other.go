//go:build !linux

package server

// monotonicMicroseconds is for the service manager, which only Linux has.
func monotonicMicroseconds() int64 { return 0 }
