//go:build !unix

package server

import "os"

func presetMode(uintptr, os.FileMode) {}

func closeOnExec(int) {}

func isSocket(int) bool { return false }
