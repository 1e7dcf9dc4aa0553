//go:build unix

package static

import (
	"os"
	"syscall"
)

// openFlags open a named pipe without waiting for its other end.
const openFlags = os.O_RDONLY | syscall.O_NONBLOCK
