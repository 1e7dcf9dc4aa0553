//go:build unix

package server

import (
	"os"
	"syscall"
)

// presetMode gives a socket without a name the mode of the file to be; Linux heeds it.
func presetMode(fd uintptr, mode os.FileMode) { syscall.Fchmod(int(fd), uint32(mode)) }

func closeOnExec(fd int) { syscall.CloseOnExec(fd) }

// isSocket says whether a descriptor is one. The runtime has descriptors of its own,
// which must not be closed by taking them for one of ours.
func isSocket(fd int) bool {
	var st syscall.Stat_t
	return syscall.Fstat(fd, &st) == nil && st.Mode&syscall.S_IFMT == syscall.S_IFSOCK
}
