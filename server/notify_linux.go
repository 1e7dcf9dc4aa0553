package server

import (
	"syscall"
	"unsafe"
)

// monotonicMicroseconds is the system's monotonic clock, which the service manager compares with
// its own; Go's time keeps it to itself.
func monotonicMicroseconds() int64 {
	const clockMonotonic = 1
	var ts syscall.Timespec
	if _, _, e := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&ts)), 0); e != 0 {
		return 0
	}
	return ts.Nano() / 1000
}
