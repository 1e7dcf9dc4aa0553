//go:build !unix

package server

import (
	"net/http"
	"os"
)

// Workers take a listener from their parent, which only Unix lets them.

type workerInfo struct{}

func workerMark() (workerInfo, bool) { return workerInfo{}, false }

func runWorker(app http.Handler, o Options, _ workerInfo) error { return nil }

func runParent(*Server, <-chan os.Signal) error {
	return badOption("workers: this system has none")
}
